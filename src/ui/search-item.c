/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-search-item"

#include "config.h"

#include <glib/gi18n.h>

#include "store/search-store.h"
#include "ui/search-item.h"

struct _LkSearchItem
{
  LkDraftItem parent;

  LkSearchDraft *draft;
  int position;
};

G_DEFINE_FINAL_TYPE (LkSearchItem, lk_search_item, LK_TYPE_DRAFT_ITEM)

/* Macros are checked as of now; a search is valid at one time or at no time. */
static LkMacroContext *
new_macro_context (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return lk_macro_context_new (now, NULL);
}

static const LkSearch *
get_original (LkSearchItem *self)
{
  return lk_search_draft_get_original (self->draft);
}

static void
copy_edits (LkSearchDraft *to, const LkSearchDraft *from)
{
  static const LkSearchField fields[] = {
    LK_SEARCH_FIELD_NAME, LK_SEARCH_FIELD_TOOLTIP,        LK_SEARCH_FIELD_GROUP,
    LK_SEARCH_FIELD_SQL,  LK_SEARCH_FIELD_DISTINCT_FIELD, LK_SEARCH_FIELD_UNIQUE_ID_FIELD,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    lk_search_draft_set_text (to, fields[i], lk_search_draft_get_text (from, fields[i]));
  lk_search_draft_set_favourite (to, lk_search_draft_get_favourite (from));
}

static gint64
lk_search_item_get_id (LkDraftItem *item)
{
  return get_original (LK_SEARCH_ITEM (item))->id;
}

static const char *
lk_search_item_get_title (LkDraftItem *item)
{
  return lk_search_item_get_text (LK_SEARCH_ITEM (item), LK_SEARCH_FIELD_NAME);
}

static const char *
lk_search_item_get_group (LkDraftItem *item)
{
  return lk_search_item_get_text (LK_SEARCH_ITEM (item), LK_SEARCH_FIELD_GROUP);
}

static const char *
lk_search_item_get_mark (LkDraftItem *item, const char **meaning)
{
  if (!lk_search_item_get_favourite (LK_SEARCH_ITEM (item)))
    return NULL;

  *meaning = _ ("Favourite");
  return "lk-star-symbolic";
}

static gboolean
lk_search_item_is_dirty (LkDraftItem *item)
{
  LkSearchItem *self = LK_SEARCH_ITEM (item);
  const LkSearch *original = get_original (self);

  return original->id == 0 || original->position != self->position
         || lk_search_draft_is_dirty (self->draft);
}

static GPtrArray *
lk_search_item_get_problems (LkDraftItem *item)
{
  g_autoptr (LkMacroContext) macros = new_macro_context ();

  return lk_search_draft_get_problems (LK_SEARCH_ITEM (item)->draft, macros);
}

static gpointer
lk_search_item_to_record (LkDraftItem *item, GError **error)
{
  LkSearchItem *self = LK_SEARCH_ITEM (item);
  g_autoptr (LkMacroContext) macros = new_macro_context ();
  LkSearch *search = lk_search_draft_to_search (self->draft, macros, error);

  if (search != NULL)
    search->position = self->position;
  return search;
}

static void
take_draft (LkSearchItem *self, LkSearchDraft *draft)
{
  g_clear_pointer (&self->draft, lk_search_draft_free);
  self->draft = draft;
}

static void
lk_search_item_set_value (LkDraftItem *item, gconstpointer value)
{
  LkSearchItem *self = LK_SEARCH_ITEM (item);
  const LkSearch *search = value;

  take_draft (self, lk_search_draft_new (search, NULL));
  self->position = search->position;
}

static void
lk_search_item_rebase (LkDraftItem *item, gconstpointer value)
{
  LkSearchItem *self = LK_SEARCH_ITEM (item);
  g_autoptr (LkSearch) anew = lk_search_new ();
  LkSearchDraft *draft = lk_search_draft_new (value != NULL ? value : anew, NULL);

  copy_edits (draft, self->draft);
  take_draft (self, draft);
}

static int
lk_search_item_get_position (LkDraftItem *item)
{
  return LK_SEARCH_ITEM (item)->position;
}

static void
lk_search_item_set_position (LkDraftItem *item, int position)
{
  LK_SEARCH_ITEM (item)->position = position;
}

static void
lk_search_item_finalize (GObject *object)
{
  g_clear_pointer (&LK_SEARCH_ITEM (object)->draft, lk_search_draft_free);
  G_OBJECT_CLASS (lk_search_item_parent_class)->finalize (object);
}

static void
lk_search_item_class_init (LkSearchItemClass *klass)
{
  LkDraftItemClass *item_class = LK_DRAFT_ITEM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lk_search_item_finalize;
  item_class->get_id = lk_search_item_get_id;
  item_class->get_title = lk_search_item_get_title;
  item_class->get_group = lk_search_item_get_group;
  item_class->get_mark = lk_search_item_get_mark;
  item_class->is_dirty = lk_search_item_is_dirty;
  item_class->get_problems = lk_search_item_get_problems;
  item_class->to_record = lk_search_item_to_record;
  item_class->set_value = lk_search_item_set_value;
  item_class->rebase = lk_search_item_rebase;
  item_class->get_position = lk_search_item_get_position;
  item_class->set_position = lk_search_item_set_position;
}

static void
lk_search_item_init (LkSearchItem *self)
{
}

static gpointer
get_search (LkDb *db, gint64 id, GError **error)
{
  return lk_search_store_get (db, id, error);
}

static gint64
write_search (LkDb *db, gconstpointer record, LkInstant now, GError **error)
{
  const LkSearch *search = record;

  if (search->id == 0)
    return lk_search_store_insert (db, search, error);

  return lk_search_store_update (db, search, error) ? search->id : 0;
}

static gboolean
remove_search (LkDb *db, gint64 id, LkInstant now, GError **error)
{
  return lk_search_store_remove (db, id, error);
}

static gint64
value_get_id (gconstpointer value)
{
  return ((const LkSearch *) value)->id;
}

static LkDraftItem *
item_new (gconstpointer value)
{
  return LK_DRAFT_ITEM (lk_search_item_new (value));
}

const LkDraftKind lk_search_kind = {
  .list = lk_search_store_list,
  .get = get_search,
  .write = write_search,
  .remove = remove_search,
  .value_get_id = value_get_id,
  .value_free = (GDestroyNotify) lk_search_free,
  .record_free = (GDestroyNotify) lk_search_free,
  .item_new = item_new,
};

/**
 * lk_search_item_new:
 * @search: a stored search, or a new one with id 0
 *
 * Returns: (transfer full): an item without edits
 */
LkSearchItem *
lk_search_item_new (const LkSearch *search)
{
  LkSearchItem *self = g_object_new (LK_TYPE_SEARCH_ITEM, NULL);

  lk_search_item_set_value (LK_DRAFT_ITEM (self), search);
  return self;
}

const char *
lk_search_item_get_text (LkSearchItem *self, LkSearchField field)
{
  return lk_search_draft_get_text (self->draft, field);
}

/**
 * lk_search_item_set_text:
 * @self: an item
 * @field: any field but the favourite
 * @text: what was typed
 */
void
lk_search_item_set_text (LkSearchItem *self, LkSearchField field, const char *text)
{
  if (g_strcmp0 (lk_search_item_get_text (self, field), text) == 0)
    return;

  lk_search_draft_set_text (self->draft, field, text);
  lk_draft_item_emit_changed (LK_DRAFT_ITEM (self));
}

gboolean
lk_search_item_get_favourite (LkSearchItem *self)
{
  return lk_search_draft_get_favourite (self->draft);
}

void
lk_search_item_set_favourite (LkSearchItem *self, gboolean favourite)
{
  if (lk_search_item_get_favourite (self) == favourite)
    return;

  lk_search_draft_set_favourite (self->draft, favourite);
  lk_draft_item_emit_changed (LK_DRAFT_ITEM (self));
}

/**
 * lk_search_item_duplicate:
 * @self: an item
 * @name: the copy's name
 *
 * Returns: (transfer full): a new item with the same contents, as edited
 */
LkSearchItem *
lk_search_item_duplicate (LkSearchItem *self, const char *name)
{
  g_autoptr (LkSearch) anew = lk_search_new ();
  LkSearchItem *copy = lk_search_item_new (anew);

  copy_edits (copy->draft, self->draft);
  lk_search_draft_set_text (copy->draft, LK_SEARCH_FIELD_NAME, name);
  lk_search_draft_set_favourite (copy->draft, FALSE);
  return copy;
}
