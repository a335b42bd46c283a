/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-list"

#include "config.h"

#include "store/delivery-store.h"
#include "ui/delivery-list.h"

/* Shortest time between two readings, in microseconds: four a second. */
#define REFRESH_INTERVAL (G_USEC_PER_SEC / 4)

/* So many lines are added at a time, a frame apart, until the view has all the widgets that it
 * keeps for rows (some 200): making them takes a millisecond a row. */
#define LINES_AT_ONCE    20
#define LINES_WITH_PAUSE 240
#define LINES_PAUSE_MS   15

/* How many of the newest rows a reading brings up to date; older ones stay as they were read. */
#define MAX_REFRESHED 5000

struct _LkDeliveryList
{
  GObject parent_instance;

  LkContext *context;
  GCancellable *cancellable;
  GPtrArray *items;   /* newest first */
  GPtrArray *pending; /* (nullable): what comes behind these, and is told of step by step */
  guint pending_source;
  GError *error;
  LkDeliveryFilter *filter;
  LkDeliverySpan span;
  gint64 limit;
  gboolean loading;
  gboolean stale; /* something changed while it was read */
  gboolean has_more;
  gboolean keeps_lines; /* what a line shows must not become another delivery */
  gint64 read_at;       /* monotonic */
  guint source;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LkDeliveryList, lk_delivery_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum
{
  PROP_0,
  PROP_LOADING,
  PROP_HAS_MORE,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void read_newest (LkDeliveryList *self);

static gint64
get_id (GPtrArray *items, guint position)
{
  return lk_delivery_item_get (g_ptr_array_index (items, position))->id;
}

static GHashTable *
index_items (LkDeliveryList *self)
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
merge (LkDeliveryList *self, GPtrArray *deliveries)
{
  g_autoptr (GHashTable) by_id = index_items (self);
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
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
keep_older (LkDeliveryList *self, GPtrArray *items)
{
  gint64 oldest = items->len > 0 ? get_id (items, items->len - 1) : G_MAXINT64;

  for (guint i = 0; i < self->items->len && items->len < self->limit; i++)
    if (get_id (self->items, i) < oldest)
      g_ptr_array_add (items, g_object_ref (g_ptr_array_index (self->items, i)));
}

static void
drop_pending (LkDeliveryList *self)
{
  g_clear_handle_id (&self->pending_source, g_source_remove);
  g_clear_pointer (&self->pending, g_ptr_array_unref);
}

/* Moves @n lines from what is pending to the end of the list. */
static void
add_pending (LkDeliveryList *self, guint n)
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
  LkDeliveryList *self = user_data;
  gboolean is_last = self->items->len >= LINES_WITH_PAUSE || self->pending->len <= LINES_AT_ONCE;

  add_pending (self, is_last ? self->pending->len : LINES_AT_ONCE);
  if (!is_last)
    return G_SOURCE_CONTINUE;

  self->pending_source = 0;
  drop_pending (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_MORE]);
  return G_SOURCE_REMOVE;
}

/* Keeps the end of @items back where the view would have to make many rows for it at once. */
static void
hold_back (LkDeliveryList *self, GPtrArray *items)
{
  guint n_now = MAX (self->items->len + LINES_AT_ONCE, LK_DELIVERY_LIST_FIRST);

  drop_pending (self);
  if (self->items->len >= LINES_WITH_PAUSE || items->len <= n_now)
    return;

  self->pending = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = n_now; i < items->len; i++)
    g_ptr_array_add (self->pending, g_object_ref (g_ptr_array_index (items, i)));
  g_ptr_array_set_size (items, (int) n_now);
  self->pending_source =
      g_timeout_add_full (G_PRIORITY_LOW, LINES_PAUSE_MS, add_pending_cb, self, NULL);
}

/* Takes the new lines over and tells of the part that differs. */
static void
replace_items (LkDeliveryList *self, GPtrArray *items)
{
  g_autoptr (GPtrArray) old = g_steal_pointer (&self->items);
  guint n_shared = MIN (old->len, items->len);
  guint head = 0;
  guint tail = 0;

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

/* Whether the view would make and destroy widgets for many lines: it does so for each that is
 * another object, which takes it a millisecond and more. */
static gboolean
needs_many_lines (LkDeliveryList *self, GPtrArray *deliveries)
{
  g_autoptr (GHashTable) by_id = index_items (self);
  guint n_looked_at = MIN (MIN (deliveries->len, self->items->len), LINES_WITH_PAUSE);
  guint n_new = 0;

  for (guint i = 0; i < n_looked_at; i++)
    n_new += !g_hash_table_contains (by_id, &((LkDelivery *) deliveries->pdata[i])->id);

  return n_new > LINES_AT_ONCE;
}

/* The lines stay and show other deliveries. */
static void
refill (LkDeliveryList *self, GPtrArray *deliveries)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < deliveries->len; i++)
    {
      const LkDelivery *delivery = g_ptr_array_index (deliveries, i);
      LkDeliveryItem *item = i < self->items->len ? g_ptr_array_index (self->items, i) : NULL;

      if (item != NULL)
        lk_delivery_item_update (item, delivery);
      g_ptr_array_add (items, item != NULL ? g_object_ref (item) : lk_delivery_item_new (delivery));
    }

  hold_back (self, items);
  replace_items (self, items);
}

static void
take_newest (LkDeliveryList *self, GPtrArray *deliveries, gint64 asked)
{
  gboolean is_full = deliveries->len >= asked;
  gboolean has_older = is_full && self->limit > asked;
  GPtrArray *items;

  self->has_more = is_full;
  if (!self->keeps_lines && !has_older && needs_many_lines (self, deliveries))
    {
      refill (self, deliveries);
      return;
    }

  items = merge (self, deliveries);
  if (has_older)
    keep_older (self, items);
  hold_back (self, items);
  replace_items (self, items);
}

/* The rows in sight were quick to come; the others come when these are on the screen. */
static void
read_further (LkDeliveryList *self)
{
  if (self->limit != LK_DELIVERY_LIST_FIRST || !self->has_more)
    return;

  self->limit = LK_DELIVERY_LIST_STEP;
  lk_delivery_list_refresh (self);
}

/* Thread: a pool thread. */
static gpointer
read_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_delivery_store_list (db, data, error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkDeliveryList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) deliveries = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  g_assert (LK_IS_DELIVERY_LIST (self));

  if (self->context == NULL || lk_db_pool_is_outdated (result))
    return;

  self->loading = FALSE;
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&error);
  if (deliveries != NULL)
    take_newest (self, deliveries, MIN (self->limit, MAX_REFRESHED));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_MORE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);

  if (self->stale)
    lk_delivery_list_refresh (self);
  read_further (self);
}

/* How far back is counted from now. */
static LkDeliveryFilter *
make_filter (LkDeliveryList *self)
{
  LkDeliveryFilter *filter = lk_delivery_filter_copy (self->filter);
  LkClock *clock = lk_context_get_clock (self->context);

  filter->since = lk_delivery_span_get_start (self->span, lk_clock_now (clock));

  return filter;
}

static void
read_newest (LkDeliveryList *self)
{
  LkDeliveryFilter *filter = make_filter (self);

  filter->limit = MIN (self->limit, MAX_REFRESHED);

  self->stale = FALSE;
  self->loading = TRUE;
  self->read_at = g_get_monotonic_time ();
  lk_db_pool_read_async (lk_context_get_pool (self->context), read_job, filter,
                         (GDestroyNotify) lk_delivery_filter_free,
                         (GDestroyNotify) g_ptr_array_unref, self->cancellable, read_cb,
                         g_object_ref (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
older_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkDeliveryList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) deliveries = lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  guint position = self->items->len;

  g_assert (LK_IS_DELIVERY_LIST (self));

  if (self->context == NULL || lk_db_pool_is_outdated (result))
    return;

  self->loading = FALSE;
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&error);
  if (deliveries != NULL)
    {
      for (guint i = 0; i < deliveries->len; i++)
        g_ptr_array_add (self->items, lk_delivery_item_new (g_ptr_array_index (deliveries, i)));
      self->has_more = deliveries->len >= LK_DELIVERY_LIST_STEP;
      g_list_model_items_changed (G_LIST_MODEL (self), position, 0, deliveries->len);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_MORE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);

  if (self->stale)
    lk_delivery_list_refresh (self);
}

static gboolean
refresh_cb (gpointer user_data)
{
  LkDeliveryList *self = user_data;

  self->source = 0;
  if (self->loading)
    self->stale = TRUE;
  else
    read_newest (self);

  return G_SOURCE_REMOVE;
}

static void
feed_changed_cb (LkChangeFeed *feed, LkChange changes, LkDeliveryList *self)
{
  g_assert (LK_IS_DELIVERY_LIST (self));

  if (changes & LK_CHANGE_DELIVERIES)
    lk_delivery_list_refresh (self);
}

static GType
get_item_type (GListModel *model)
{
  return LK_TYPE_DELIVERY_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return LK_DELIVERY_LIST (model)->items->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  LkDeliveryList *self = LK_DELIVERY_LIST (model);

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
lk_delivery_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LkDeliveryList *self = LK_DELIVERY_LIST (object);

  switch (prop_id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, self->loading);
      break;

    case PROP_HAS_MORE:
      g_value_set_boolean (value, self->has_more);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lk_delivery_list_dispose (GObject *object)
{
  LkDeliveryList *self = LK_DELIVERY_LIST (object);

  g_clear_handle_id (&self->source, g_source_remove);
  drop_pending (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (lk_delivery_list_parent_class)->dispose (object);
}

static void
lk_delivery_list_finalize (GObject *object)
{
  LkDeliveryList *self = LK_DELIVERY_LIST (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->filter, lk_delivery_filter_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (lk_delivery_list_parent_class)->finalize (object);
}

static void
lk_delivery_list_class_init (LkDeliveryListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = lk_delivery_list_get_property;
  object_class->dispose = lk_delivery_list_dispose;
  object_class->finalize = lk_delivery_list_finalize;

  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  properties[PROP_HAS_MORE] = g_param_spec_boolean ("has-more", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
lk_delivery_list_init (LkDeliveryList *self)
{
  self->cancellable = g_cancellable_new ();
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->filter = g_new0 (LkDeliveryFilter, 1);
  self->filter->state = -1;
  self->limit = LK_DELIVERY_LIST_FIRST;
}

/**
 * lk_delivery_list_new:
 * @context: the services over the workspace
 *
 * Returns: (transfer full): the log, being read
 */
LkDeliveryList *
lk_delivery_list_new (LkContext *context)
{
  LkDeliveryList *self = g_object_new (LK_TYPE_DELIVERY_LIST, NULL);

  self->context = g_object_ref (context);
  g_signal_connect_object (lk_context_get_change_feed (context), "changed",
                           G_CALLBACK (feed_changed_cb), self, 0);
  read_newest (self);

  return self;
}

/**
 * lk_delivery_list_set_filter:
 * @self: the log
 * @filter: which deliveries; its members since, before_id and limit do not matter
 * @span: how far back
 *
 * Starts again from the newest deliveries of that kind.
 */
void
lk_delivery_list_set_filter (LkDeliveryList *self, const LkDeliveryFilter *filter,
                             LkDeliverySpan span)
{
  g_return_if_fail (LK_IS_DELIVERY_LIST (self));

  if (span == self->span && lk_delivery_filter_equal (filter, self->filter))
    return;

  lk_delivery_filter_free (self->filter);
  self->filter = lk_delivery_filter_copy (filter);
  self->span = span;
  self->limit = LK_DELIVERY_LIST_FIRST;

  /* An answer to the old filter that is still due must not arrive. */
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  read_newest (self);
}

/**
 * lk_delivery_list_set_keeps_lines:
 * @self: the log
 * @keeps_lines: whether each line shows one delivery as long as it is there; else, where many new
 *   ones come at once, the lines that are there show them
 *
 * Needed while lines are chosen, which are chosen for what they show.
 */
void
lk_delivery_list_set_keeps_lines (LkDeliveryList *self, gboolean keeps_lines)
{
  g_return_if_fail (LK_IS_DELIVERY_LIST (self));

  self->keeps_lines = keeps_lines;
}

/**
 * lk_delivery_list_load_older:
 * @self: the log
 *
 * Reads the next #LK_DELIVERY_LIST_STEP older deliveries, unless a reading is under way.
 */
void
lk_delivery_list_load_older (LkDeliveryList *self)
{
  LkDeliveryFilter *filter;

  g_return_if_fail (LK_IS_DELIVERY_LIST (self));

  if (self->loading || self->items->len == 0)
    return;

  if (self->pending != NULL)
    add_pending (self, self->pending->len);
  drop_pending (self);

  filter = make_filter (self);
  filter->before_id = get_id (self->items, self->items->len - 1);
  filter->limit = LK_DELIVERY_LIST_STEP;

  self->limit = self->items->len + LK_DELIVERY_LIST_STEP;
  self->loading = TRUE;
  lk_db_pool_read_async (lk_context_get_pool (self->context), read_job, filter,
                         (GDestroyNotify) lk_delivery_filter_free,
                         (GDestroyNotify) g_ptr_array_unref, self->cancellable, older_cb,
                         g_object_ref (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

/**
 * lk_delivery_list_refresh:
 * @self: the log
 *
 * Reads the newest deliveries again, at once or as soon as four readings a second allow.
 */
void
lk_delivery_list_refresh (LkDeliveryList *self)
{
  gint64 wait;

  g_return_if_fail (LK_IS_DELIVERY_LIST (self));

  if (self->source != 0)
    return;

  wait = self->read_at + REFRESH_INTERVAL - g_get_monotonic_time ();
  self->source = g_timeout_add (wait > 0 ? (guint) (wait / 1000) + 1 : 0, refresh_cb, self);
}

/**
 * lk_delivery_list_has_more:
 * @self: the log
 *
 * Returns: whether older deliveries exist than those it has
 */
gboolean
lk_delivery_list_has_more (LkDeliveryList *self)
{
  g_return_val_if_fail (LK_IS_DELIVERY_LIST (self), FALSE);

  return self->has_more;
}

/**
 * lk_delivery_list_is_loading:
 * @self: the log
 *
 * Returns: whether a reading is under way
 */
gboolean
lk_delivery_list_is_loading (LkDeliveryList *self)
{
  g_return_val_if_fail (LK_IS_DELIVERY_LIST (self), FALSE);

  return self->loading;
}

/**
 * lk_delivery_list_get_error:
 * @self: the log
 *
 * Returns: (nullable) (transfer none): why the last reading failed
 */
const GError *
lk_delivery_list_get_error (LkDeliveryList *self)
{
  g_return_val_if_fail (LK_IS_DELIVERY_LIST (self), NULL);

  return self->error;
}
