/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-lines"

#include "config.h"

#include "ui/delivery-lines.h"

/* So many lines are added at a time, a frame apart, until the view has all the widgets that it
 * keeps. */
#define LINES_AT_ONCE    20
#define LINES_WITH_PAUSE 240
#define LINES_PAUSE_MS   15

struct _LkDeliveryLines
{
  GObject parent_instance;

  GPtrArray *items;   /* of LkDeliveryItem */
  GPtrArray *pending; /* (nullable): what comes behind these, and is told of step by step */
  guint pending_source;
  gboolean kept; /* no line becomes that of another delivery */
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LkDeliveryLines, lk_delivery_lines, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GPtrArray *
new_items (void)
{
  return g_ptr_array_new_with_free_func (g_object_unref);
}

static gint64
get_id (GPtrArray *items, guint position)
{
  return lk_delivery_item_get (g_ptr_array_index (items, position))->id;
}

static GHashTable *
index_items (LkDeliveryLines *self)
{
  GHashTable *by_id = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < self->items->len; i++)
    {
      LkDeliveryItem *item = g_ptr_array_index (self->items, i);

      /* The key lives as long as what the item shows. */
      g_hash_table_insert (by_id, (gpointer) &lk_delivery_item_get (item)->id, item);
    }

  return by_id;
}

/* The lines after a reading: the same objects for the same deliveries, brought up to date. */
static GPtrArray *
merge (LkDeliveryLines *self, GPtrArray *deliveries)
{
  g_autoptr (GHashTable) by_id = index_items (self);
  GPtrArray *items = new_items ();
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  for (guint i = 0; i < deliveries->len; i++)
    {
      LkDelivery *delivery = g_ptr_array_index (deliveries, i);
      LkDeliveryItem *item = g_hash_table_lookup (by_id, &delivery->id);

      g_ptr_array_add (items, item != NULL ? g_object_ref (item) : lk_delivery_item_new (delivery));
      g_ptr_array_add (known, item);
    }
  /* The keys of the index live in the items, so these change only now. */
  g_hash_table_remove_all (by_id);
  for (guint i = 0; i < deliveries->len; i++)
    if (g_ptr_array_index (known, i) != NULL)
      lk_delivery_item_update (g_ptr_array_index (known, i), g_ptr_array_index (deliveries, i));

  return items;
}

static void
keep_older (LkDeliveryLines *self, GPtrArray *items, guint n_kept)
{
  gint64 oldest = items->len > 0 ? get_id (items, items->len - 1) : G_MAXINT64;

  for (guint i = 0; i < self->items->len && items->len < n_kept; i++)
    if (get_id (self->items, i) < oldest)
      g_ptr_array_add (items, g_object_ref (g_ptr_array_index (self->items, i)));
}

static void
drop_pending (LkDeliveryLines *self)
{
  g_clear_handle_id (&self->pending_source, g_source_remove);
  g_clear_pointer (&self->pending, g_ptr_array_unref);
}

/* Moves @n lines from what is pending to the end of the list. */
static void
add_pending (LkDeliveryLines *self, guint n)
{
  guint position = self->items->len;

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (self->items, g_object_ref (g_ptr_array_index (self->pending, i)));
  g_ptr_array_remove_range (self->pending, 0, n);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, n);
}

static gboolean
add_pending_cb (gpointer user_data)
{
  LkDeliveryLines *self = user_data;
  gboolean is_last = self->items->len >= LINES_WITH_PAUSE || self->pending->len <= LINES_AT_ONCE;

  if (!is_last)
    {
      add_pending (self, LINES_AT_ONCE);
      return G_SOURCE_CONTINUE;
    }

  self->pending_source = 0;
  add_pending (self, self->pending->len);
  g_clear_pointer (&self->pending, g_ptr_array_unref);
  return G_SOURCE_REMOVE;
}

/* Keeps the end of @items back where the view would have to make many rows for it at once. */
static void
hold_back (LkDeliveryLines *self, GPtrArray *items)
{
  guint n_now = MAX (self->items->len + LINES_AT_ONCE, LK_DELIVERY_LINES_FIRST);

  drop_pending (self);
  if (self->items->len >= LINES_WITH_PAUSE || items->len <= n_now)
    return;

  self->pending = new_items ();
  for (guint i = n_now; i < items->len; i++)
    g_ptr_array_add (self->pending, g_object_ref (g_ptr_array_index (items, i)));
  g_ptr_array_set_size (items, (int) n_now);
  self->pending_source =
      g_timeout_add_full (G_PRIORITY_LOW, LINES_PAUSE_MS, add_pending_cb, self, NULL);
}

/* Takes the new lines over and tells of the part that differs.
 *
 * @items: (transfer full) */
static void
replace_items (LkDeliveryLines *self, GPtrArray *items)
{
  g_autoptr (GPtrArray) old = NULL;
  guint n_shared;
  guint head = 0;
  guint tail = 0;

  hold_back (self, items);
  old = g_steal_pointer (&self->items);
  n_shared = MIN (old->len, items->len);
  while (head < n_shared && g_ptr_array_index (old, head) == g_ptr_array_index (items, head))
    head++;
  while (tail < n_shared - head
         && g_ptr_array_index (old, old->len - 1 - tail)
                == g_ptr_array_index (items, items->len - 1 - tail))
    tail++;

  self->items = items;
  if (old->len != items->len || head < n_shared)
    g_list_model_items_changed (G_LIST_MODEL (self), head, old->len - head - tail,
                                items->len - head - tail);
}

/* Whether many of the lines for which the view has widgets would be other objects. */
static gboolean
needs_many_lines (LkDeliveryLines *self, GPtrArray *deliveries)
{
  g_autoptr (GHashTable) by_id = index_items (self);
  guint n_looked_at = MIN (MIN (deliveries->len, self->items->len), LINES_WITH_PAUSE);
  guint n_new = 0;

  for (guint i = 0; i < n_looked_at; i++)
    n_new += !g_hash_table_contains (by_id, &((LkDelivery *) deliveries->pdata[i])->id);

  return n_new > LINES_AT_ONCE;
}

/* The lines that are there, showing other deliveries, and new ones behind them. */
static GPtrArray *
refill (LkDeliveryLines *self, GPtrArray *deliveries)
{
  GPtrArray *items = new_items ();

  for (guint i = 0; i < deliveries->len; i++)
    {
      const LkDelivery *delivery = g_ptr_array_index (deliveries, i);
      LkDeliveryItem *item = i < self->items->len ? g_ptr_array_index (self->items, i) : NULL;

      if (item != NULL)
        lk_delivery_item_update (item, delivery);
      g_ptr_array_add (items, item != NULL ? g_object_ref (item) : lk_delivery_item_new (delivery));
    }

  return items;
}

static GType
get_item_type (GListModel *model)
{
  return LK_TYPE_DELIVERY_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return LK_DELIVERY_LINES (model)->items->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  LkDeliveryLines *self = LK_DELIVERY_LINES (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position))
                                     : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
lk_delivery_lines_finalize (GObject *object)
{
  LkDeliveryLines *self = LK_DELIVERY_LINES (object);

  drop_pending (self);
  g_ptr_array_unref (self->items);

  G_OBJECT_CLASS (lk_delivery_lines_parent_class)->finalize (object);
}

static void
lk_delivery_lines_class_init (LkDeliveryLinesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_delivery_lines_finalize;
}

static void
lk_delivery_lines_init (LkDeliveryLines *self)
{
  self->items = new_items ();
}

/**
 * lk_delivery_lines_new:
 *
 * Returns: (transfer full): no lines
 */
LkDeliveryLines *
lk_delivery_lines_new (void)
{
  return g_object_new (LK_TYPE_DELIVERY_LINES, NULL);
}

/**
 * lk_delivery_lines_take_newest:
 * @self: the lines
 * @deliveries: (element-type LkDelivery): the newest deliveries
 * @n_kept: up to how many lines the older ones that are there stay behind them; 0 for none
 */
void
lk_delivery_lines_take_newest (LkDeliveryLines *self, GPtrArray *deliveries, guint n_kept)
{
  GPtrArray *items;

  g_return_if_fail (LK_IS_DELIVERY_LINES (self));

  if (!self->kept && n_kept == 0 && needs_many_lines (self, deliveries))
    items = refill (self, deliveries);
  else
    {
      items = merge (self, deliveries);
      keep_older (self, items, n_kept);
    }
  replace_items (self, items);
}

/**
 * lk_delivery_lines_append:
 * @self: the lines
 * @deliveries: (element-type LkDelivery): deliveries that are older than all of them
 */
void
lk_delivery_lines_append (LkDeliveryLines *self, GPtrArray *deliveries)
{
  guint position;

  g_return_if_fail (LK_IS_DELIVERY_LINES (self));

  position = self->items->len;
  for (guint i = 0; i < deliveries->len; i++)
    g_ptr_array_add (self->items, lk_delivery_item_new (g_ptr_array_index (deliveries, i)));
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, deliveries->len);
}

/**
 * lk_delivery_lines_get_last_id:
 * @self: the lines
 *
 * Tells of all lines first, so that the last one is that of the last reading.
 *
 * Returns: the id of the oldest delivery; 0 for none
 */
gint64
lk_delivery_lines_get_last_id (LkDeliveryLines *self)
{
  g_return_val_if_fail (LK_IS_DELIVERY_LINES (self), 0);

  if (self->pending != NULL)
    add_pending (self, self->pending->len);
  drop_pending (self);

  return self->items->len > 0 ? get_id (self->items, self->items->len - 1) : 0;
}

/**
 * lk_delivery_lines_set_kept:
 * @self: the lines
 * @kept: whether no line may become that of another delivery: while some are chosen, since they are
 *   chosen for what they show
 */
void
lk_delivery_lines_set_kept (LkDeliveryLines *self, gboolean kept)
{
  g_return_if_fail (LK_IS_DELIVERY_LINES (self));

  self->kept = kept;
}
