/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-server-item"

#include "config.h"

#include <glib/gi18n.h>

#include "core/error.h"
#include "core/text-check.h"
#include "store/server-store.h"
#include "ui/server-item.h"

#define SQLITE_PREFIX "sqlite:"

struct _LkServerItem
{
  LkDraftItem parent;

  LkServerProfile *original;
  LkServerProfile *current;
};

G_DEFINE_FINAL_TYPE (LkServerItem, lk_server_item, LK_TYPE_DRAFT_ITEM)

static gint64
lk_server_item_get_id (LkDraftItem *item)
{
  return LK_SERVER_ITEM (item)->original->id;
}

static const char *
lk_server_item_get_title (LkDraftItem *item)
{
  return LK_SERVER_ITEM (item)->current->name;
}

static const char *
lk_server_item_get_mark (LkDraftItem *item, const char **meaning)
{
  if (!LK_SERVER_ITEM (item)->current->is_default)
    return NULL;

  *meaning = _ ("The default License Server");
  return "lk-state-delivered-symbolic";
}

/* Losing the default is no edit: the store takes it from here when another one gets it. */
static gboolean
lk_server_item_is_dirty (LkDraftItem *item)
{
  LkServerItem *self = LK_SERVER_ITEM (item);
  const LkServerProfile *a = self->original;
  const LkServerProfile *b = self->current;

  return a->id == 0 || !g_str_equal (a->name, b->name) || !g_str_equal (a->uri, b->uri)
         || (b->is_default && !a->is_default);
}

static void
check_name (const LkServerProfile *profile, GPtrArray *problems)
{
  GError *error = NULL;

  if (!lk_text_check_name (profile->name, &error))
    lk_draft_problems_take_error (problems, LK_SERVER_FIELD_NAME, error);
}

/* The name is checked by itself, so what is left is about the address. */
static void
check_uri (const LkServerProfile *profile, GPtrArray *problems)
{
  g_autoptr (LkServerProfile) named = lk_server_profile_copy (profile);
  GError *error = NULL;

  if (lk_text_is_blank (profile->uri))
    {
      lk_draft_problems_take_error (
          problems, LK_SERVER_FIELD_URI,
          g_error_new_literal (LK_ERROR, LK_ERROR_INVALID,
                               _ ("the database file is blank: type its path, or choose Browse or "
                                  "Create New")));
      return;
    }

  g_free (named->name);
  named->name = g_strdup ("name");
  if (!lk_server_profile_check (named, &error))
    lk_draft_problems_take_error (problems, LK_SERVER_FIELD_URI, error);
}

static GPtrArray *
lk_server_item_get_problems (LkDraftItem *item)
{
  GPtrArray *problems = lk_draft_problems_new ();

  check_name (LK_SERVER_ITEM (item)->current, problems);
  check_uri (LK_SERVER_ITEM (item)->current, problems);
  return problems;
}

static gpointer
lk_server_item_to_record (LkDraftItem *item, GError **error)
{
  return lk_server_profile_copy (LK_SERVER_ITEM (item)->current);
}

static void
take_profiles (LkServerItem *self, LkServerProfile *original, LkServerProfile *current)
{
  g_clear_pointer (&self->original, lk_server_profile_free);
  g_clear_pointer (&self->current, lk_server_profile_free);
  self->original = original;
  self->current = current;
}

static void
lk_server_item_set_value (LkDraftItem *item, gconstpointer value)
{
  take_profiles (LK_SERVER_ITEM (item), lk_server_profile_copy (value),
                 lk_server_profile_copy (value));
}

static void
lk_server_item_rebase (LkDraftItem *item, gconstpointer value)
{
  LkServerItem *self = LK_SERVER_ITEM (item);
  LkServerProfile *original =
      value != NULL ? lk_server_profile_copy (value) : lk_server_profile_new ();
  LkServerProfile *current = lk_server_profile_copy (self->current);

  current->id = original->id;
  current->version = original->version;
  take_profiles (self, original, current);
}

static void
lk_server_item_finalize (GObject *object)
{
  take_profiles (LK_SERVER_ITEM (object), NULL, NULL);
  G_OBJECT_CLASS (lk_server_item_parent_class)->finalize (object);
}

static void
lk_server_item_class_init (LkServerItemClass *klass)
{
  LkDraftItemClass *item_class = LK_DRAFT_ITEM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lk_server_item_finalize;
  item_class->get_id = lk_server_item_get_id;
  item_class->get_title = lk_server_item_get_title;
  item_class->get_mark = lk_server_item_get_mark;
  item_class->is_dirty = lk_server_item_is_dirty;
  item_class->get_problems = lk_server_item_get_problems;
  item_class->to_record = lk_server_item_to_record;
  item_class->set_value = lk_server_item_set_value;
  item_class->rebase = lk_server_item_rebase;
}

static void
lk_server_item_init (LkServerItem *self)
{
}

static gpointer
get_server (LkDb *db, gint64 id, GError **error)
{
  return lk_server_store_get (db, id, error);
}

static gint64
write_server (LkDb *db, gconstpointer record, LkInstant now, GError **error)
{
  const LkServerProfile *profile = record;

  if (profile->id == 0)
    return lk_server_store_insert (db, profile, error);

  return lk_server_store_update (db, profile, error) ? profile->id : 0;
}

static gboolean
remove_server (LkDb *db, gint64 id, LkInstant now, GError **error)
{
  return lk_server_store_remove (db, id, error);
}

static gint64
value_get_id (gconstpointer value)
{
  return ((const LkServerProfile *) value)->id;
}

static LkDraftItem *
item_new (gconstpointer value)
{
  return LK_DRAFT_ITEM (lk_server_item_new (value));
}

const LkDraftKind lk_server_kind = {
  .list = lk_server_store_list,
  .get = get_server,
  .write = write_server,
  .remove = remove_server,
  .value_get_id = value_get_id,
  .value_free = (GDestroyNotify) lk_server_profile_free,
  .record_free = (GDestroyNotify) lk_server_profile_free,
  .item_new = item_new,
};

/**
 * lk_server_item_new:
 * @profile: a stored profile, or a new one with id 0
 *
 * Returns: (transfer full): an item without edits
 */
LkServerItem *
lk_server_item_new (const LkServerProfile *profile)
{
  LkServerItem *self = g_object_new (LK_TYPE_SERVER_ITEM, NULL);

  lk_server_item_set_value (LK_DRAFT_ITEM (self), profile);
  return self;
}

/* Returns: (transfer none): the profile as edited; valid until the next edit */
const LkServerProfile *
lk_server_item_get_profile (LkServerItem *self)
{
  return self->current;
}

void
lk_server_item_set_name (LkServerItem *self, const char *name)
{
  if (g_str_equal (self->current->name, name))
    return;

  g_free (self->current->name);
  self->current->name = g_strdup (name);
  lk_draft_item_emit_changed (LK_DRAFT_ITEM (self));
}

/**
 * lk_server_item_get_database:
 * @self: an item
 *
 * Returns: (transfer full): the file's path, or the whole address of another kind of server
 */
char *
lk_server_item_get_database (LkServerItem *self)
{
  const char *uri = self->current->uri;

  return g_strdup (g_str_has_prefix (uri, SQLITE_PREFIX) ? uri + strlen (SQLITE_PREFIX) : uri);
}

/**
 * lk_server_item_set_database:
 * @self: an item
 * @database: a path, or an address with a scheme
 */
void
lk_server_item_set_database (LkServerItem *self, const char *database)
{
  g_autofree char *scheme = g_uri_parse_scheme (database);
  g_autofree char *uri = scheme != NULL || database[0] == '\0'
                             ? g_strdup (database)
                             : g_strconcat (SQLITE_PREFIX, database, NULL);

  if (g_str_equal (self->current->uri, uri))
    return;

  g_free (self->current->uri);
  self->current->uri = g_steal_pointer (&uri);
  lk_draft_item_emit_changed (LK_DRAFT_ITEM (self));
}

void
lk_server_item_set_default (LkServerItem *self, gboolean is_default)
{
  if (self->current->is_default == is_default)
    return;

  self->current->is_default = is_default;
  lk_draft_item_emit_changed (LK_DRAFT_ITEM (self));
}
