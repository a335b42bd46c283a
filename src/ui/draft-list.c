/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-draft-list"

#include "config.h"

#include "core/text-check.h"
#include "ui/draft-list.h"

struct _LkDraftList
{
  GObject parent;

  const LkDraftKind *kind;
  GListStore *items;
  GPtrArray *removed; /* in the order of removal; new items that were removed are among them */
  gboolean settling;  /* names and positions are being brought in line */
};

G_DEFINE_FINAL_TYPE (LkDraftList, lk_draft_list, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static LkDraftItem *
peek (LkDraftList *self, guint i)
{
  g_autoptr (LkDraftItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

  return item; /* the store keeps it alive */
}

static guint
count (LkDraftList *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->items));
}

static gboolean
is_name_taken (LkDraftList *self, const char *name, LkDraftItem *by_other_than)
{
  for (guint i = 0; i < count (self); i++)
    {
      LkDraftItem *other = peek (self, i);

      if (other != by_other_than && lk_text_same_name (lk_draft_item_get_title (other), name))
        return TRUE;
    }

  return FALSE;
}

/* A few dozen items at most, so comparing each with each costs nothing that one could notice. */
static void
settle_names (LkDraftList *self)
{
  for (guint i = 0; i < count (self); i++)
    {
      LkDraftItem *item = peek (self, i);
      const char *name = lk_draft_item_get_title (item);

      lk_draft_item_set_name_taken (item,
                                    !lk_text_is_blank (name) && is_name_taken (self, name, item));
    }
}

static void
settle_positions (LkDraftList *self)
{
  const char *group = NULL;
  int position = 0;

  for (guint i = 0; i < count (self); i++)
    {
      LkDraftItem *item = peek (self, i);
      const char *own = lk_draft_item_get_group (item);

      position = group != NULL && lk_text_same_name (group, own) ? position + 1 : 0;
      group = own;
      lk_draft_item_set_position (item, position);
    }
}

static void
emit_changed (LkDraftList *self)
{
  if (self->settling)
    return;

  self->settling = TRUE;
  settle_names (self);
  self->settling = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
item_changed_cb (LkDraftItem *item, LkDraftList *self)
{
  g_assert (LK_IS_DRAFT_LIST (self));

  emit_changed (self);
}

static void
watch (LkDraftList *self, LkDraftItem *item)
{
  g_signal_connect_object (item, "changed", G_CALLBACK (item_changed_cb), self, 0);
}

static guint
position_of (LkDraftList *self, LkDraftItem *item)
{
  guint position;

  return g_list_store_find (self->items, item, &position) ? position : G_MAXUINT;
}

static int
compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  LkDraftItem *first = LK_DRAFT_ITEM ((gpointer) a);
  LkDraftItem *second = LK_DRAFT_ITEM ((gpointer) b);
  g_autofree char *first_key = g_utf8_casefold (lk_draft_item_get_group (first), -1);
  g_autofree char *second_key = g_utf8_casefold (lk_draft_item_get_group (second), -1);
  int order = g_utf8_collate (first_key, second_key);

  if (order == 0)
    order = lk_draft_item_get_position (first) - lk_draft_item_get_position (second);
  return order;
}

static int
next_position (LkDraftList *self, const char *group)
{
  int next = 0;

  for (guint i = 0; i < count (self); i++)
    if (lk_text_same_name (lk_draft_item_get_group (peek (self, i)), group))
      next = MAX (next, lk_draft_item_get_position (peek (self, i)) + 1);

  return next;
}

static void
append_value (LkDraftList *self, gconstpointer value)
{
  g_autoptr (LkDraftItem) item = self->kind->item_new (value);

  watch (self, item);
  g_list_store_append (self->items, item);
}

static gboolean
has_value (LkDraftList *self, GPtrArray *values, gint64 id)
{
  for (guint i = 0; i < values->len; i++)
    if (self->kind->value_get_id (g_ptr_array_index (values, i)) == id)
      return TRUE;

  return FALSE;
}

/* What another program removed goes, unless it was edited here: then saving says so. */
static void
drop_vanished (LkDraftList *self, GPtrArray *values)
{
  for (guint i = count (self); i > 0; i--)
    {
      LkDraftItem *item = peek (self, i - 1);
      gint64 id = lk_draft_item_get_id (item);

      if (id != 0 && !lk_draft_item_is_dirty (item) && !has_value (self, values, id))
        g_list_store_remove (self->items, i - 1);
    }
}

static gboolean
is_removed (LkDraftList *self, gint64 id)
{
  for (guint i = 0; i < self->removed->len; i++)
    if (lk_draft_item_get_id (g_ptr_array_index (self->removed, i)) == id)
      return TRUE;

  return FALSE;
}

static void
merge_value (LkDraftList *self, gconstpointer value)
{
  gint64 id = self->kind->value_get_id (value);
  LkDraftItem *item = lk_draft_list_find (self, id);

  if (item == NULL && !is_removed (self, id))
    append_value (self, value);
  else if (item != NULL && !lk_draft_item_is_dirty (item))
    lk_draft_item_set_value (item, value);
}

static void
lk_draft_list_finalize (GObject *object)
{
  LkDraftList *self = LK_DRAFT_LIST (object);

  g_clear_object (&self->items);
  g_clear_pointer (&self->removed, g_ptr_array_unref);
  G_OBJECT_CLASS (lk_draft_list_parent_class)->finalize (object);
}

static void
lk_draft_list_class_init (LkDraftListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_draft_list_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_draft_list_init (LkDraftList *self)
{
  self->items = g_list_store_new (LK_TYPE_DRAFT_ITEM);
  self->removed = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * lk_draft_list_new:
 * @kind: what the items are; static
 *
 * Returns: (transfer full): an empty list
 */
LkDraftList *
lk_draft_list_new (const LkDraftKind *kind)
{
  LkDraftList *self = g_object_new (LK_TYPE_DRAFT_LIST, NULL);

  self->kind = kind;
  return self;
}

const LkDraftKind *
lk_draft_list_get_kind (LkDraftList *self)
{
  return self->kind;
}

/**
 * lk_draft_list_get_model:
 * @self: a list
 *
 * Returns: (transfer none): the items that were not removed
 */
GListModel *
lk_draft_list_get_model (LkDraftList *self)
{
  g_return_val_if_fail (LK_IS_DRAFT_LIST (self), NULL);

  return G_LIST_MODEL (self->items);
}

/**
 * lk_draft_list_set_values:
 * @self: a list
 * @values: what is stored
 *
 * Starts afresh from what is stored; all edits are forgotten.
 */
void
lk_draft_list_set_values (LkDraftList *self, GPtrArray *values)
{
  g_return_if_fail (LK_IS_DRAFT_LIST (self));

  self->settling = TRUE;
  g_list_store_remove_all (self->items);
  g_ptr_array_set_size (self->removed, 0);
  for (guint i = 0; i < values->len; i++)
    append_value (self, g_ptr_array_index (values, i));
  g_list_store_sort (self->items, compare, NULL);
  self->settling = FALSE;
  emit_changed (self);
}

/**
 * lk_draft_list_merge_values:
 * @self: a list
 * @values: what is stored now
 *
 * Shows what others have changed in the meantime; items with edits stay as they are, and a
 * conflict is found when they are saved.
 */
void
lk_draft_list_merge_values (LkDraftList *self, GPtrArray *values)
{
  g_return_if_fail (LK_IS_DRAFT_LIST (self));

  self->settling = TRUE;
  drop_vanished (self, values);
  for (guint i = 0; i < values->len; i++)
    merge_value (self, g_ptr_array_index (values, i));
  self->settling = FALSE;
  emit_changed (self);
}

/**
 * lk_draft_list_add:
 * @self: a list
 * @item: (transfer none): a new item; it goes to the end of its group
 */
void
lk_draft_list_add (LkDraftList *self, LkDraftItem *item)
{
  g_return_if_fail (LK_IS_DRAFT_ITEM (item));

  watch (self, item);
  lk_draft_item_set_position (item, next_position (self, lk_draft_item_get_group (item)));
  g_list_store_insert_sorted (self->items, item, compare, NULL);
  emit_changed (self);
}

/**
 * lk_draft_list_remove:
 * @self: a list
 * @item: an item of it
 *
 * Takes it off the list; saving removes it from the workspace, and until then it can come back.
 */
void
lk_draft_list_remove (LkDraftList *self, LkDraftItem *item)
{
  guint position = position_of (self, item);

  g_return_if_fail (position != G_MAXUINT);

  g_ptr_array_add (self->removed, g_object_ref (item));
  g_list_store_remove (self->items, position);
  emit_changed (self);
}

/**
 * lk_draft_list_drop:
 * @self: a list
 * @item: an item that is not stored any more
 *
 * Takes it off the list for good.
 */
void
lk_draft_list_drop (LkDraftList *self, LkDraftItem *item)
{
  guint position = position_of (self, item);

  g_return_if_fail (position != G_MAXUINT);

  g_list_store_remove (self->items, position);
  emit_changed (self);
}

/**
 * lk_draft_list_get_last_removed:
 * @self: a list
 *
 * Returns: (transfer none) (nullable): what Undo would bring back
 */
LkDraftItem *
lk_draft_list_get_last_removed (LkDraftList *self)
{
  guint n = self->removed->len;

  return n > 0 ? g_ptr_array_index (self->removed, n - 1) : NULL;
}

/**
 * lk_draft_list_restore:
 * @self: a list
 * @item: an item that was removed from it
 *
 * Brings it back to the list.
 */
void
lk_draft_list_restore (LkDraftList *self, LkDraftItem *item)
{
  g_autoptr (LkDraftItem) kept = g_object_ref (item);

  if (!g_ptr_array_remove (self->removed, item))
    return;

  g_list_store_insert_sorted (self->items, item, compare, NULL);
  emit_changed (self);
}

/**
 * lk_draft_list_can_move:
 * @self: a list
 * @item: an item of it
 * @by: -1 or 1
 *
 * Returns: whether there is a neighbour of the same group to change places with
 */
gboolean
lk_draft_list_can_move (LkDraftList *self, LkDraftItem *item, int by)
{
  gint64 target = (gint64) position_of (self, item) + by;

  return target >= 0 && target < count (self)
         && lk_text_same_name (lk_draft_item_get_group (item),
                               lk_draft_item_get_group (peek (self, (guint) target)));
}

void
lk_draft_list_move (LkDraftList *self, LkDraftItem *item, int by)
{
  g_autoptr (LkDraftItem) kept = g_object_ref (item);
  guint position = position_of (self, item);

  if (!lk_draft_list_can_move (self, item, by))
    return;

  g_list_store_remove (self->items, position);
  g_list_store_insert (self->items, (guint) ((int) position + by), item);
  settle_positions (self);
  emit_changed (self);
}

/**
 * lk_draft_list_regroup:
 * @self: a list
 *
 * Brings the items under their headings again after a group was edited.
 */
void
lk_draft_list_regroup (LkDraftList *self)
{
  for (guint i = 1; i < count (self); i++)
    if (compare (peek (self, i - 1), peek (self, i), NULL) > 0)
      {
        g_list_store_sort (self->items, compare, NULL);
        settle_positions (self);
        emit_changed (self);
        return;
      }
}

/**
 * lk_draft_list_find:
 * @self: a list
 * @id: the row in the workspace
 *
 * Returns: (transfer none) (nullable): its item
 */
LkDraftItem *
lk_draft_list_find (LkDraftList *self, gint64 id)
{
  for (guint i = 0; i < count (self); i++)
    if (lk_draft_item_get_id (peek (self, i)) == id)
      return peek (self, i);

  return NULL;
}

/**
 * lk_draft_list_is_dirty:
 * @self: a list
 *
 * Returns: whether there is anything to save
 */
gboolean
lk_draft_list_is_dirty (LkDraftList *self)
{
  g_autoptr (GPtrArray) dirty = lk_draft_list_get_dirty (self);
  g_autoptr (GPtrArray) removed = lk_draft_list_get_removed (self);

  return dirty->len > 0 || removed->len > 0;
}

/**
 * lk_draft_list_get_dirty:
 * @self: a list
 *
 * Returns: (transfer container) (element-type LkDraftItem): new and edited items
 */
GPtrArray *
lk_draft_list_get_dirty (LkDraftList *self)
{
  GPtrArray *dirty = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < count (self); i++)
    if (lk_draft_item_is_dirty (peek (self, i)))
      g_ptr_array_add (dirty, g_object_ref (peek (self, i)));

  return dirty;
}

/**
 * lk_draft_list_get_removed:
 * @self: a list
 *
 * Returns: (transfer container) (element-type LkDraftItem): items that are stored and were removed
 */
GPtrArray *
lk_draft_list_get_removed (LkDraftList *self)
{
  GPtrArray *stored = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->removed->len; i++)
    {
      LkDraftItem *item = g_ptr_array_index (self->removed, i);

      if (lk_draft_item_get_id (item) != 0)
        g_ptr_array_add (stored, g_object_ref (item));
    }

  return stored;
}

/**
 * lk_draft_list_make_name:
 * @self: a list
 * @wish: a name
 *
 * Returns: (transfer full): @wish, or @wish with a number behind it, so that no item has it
 */
char *
lk_draft_list_make_name (LkDraftList *self, const char *wish)
{
  g_autofree char *name = g_strdup (wish);

  for (guint number = 2; is_name_taken (self, name, NULL); number++)
    {
      g_free (name);
      name = g_strdup_printf ("%s %u", wish, number);
    }

  return g_steal_pointer (&name);
}
