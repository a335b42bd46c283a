/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-list"

#include "config.h"

#include "store/delivery-store.h"
#include "ui/delivery-lines.h"
#include "ui/delivery-list.h"

/* Shortest time between two readings, in microseconds: four a second. */
#define REFRESH_INTERVAL (G_USEC_PER_SEC / 4)

/* How many of the newest rows a reading brings up to date; older ones stay as they were read. */
#define MAX_REFRESHED 5000

struct _LkDeliveryList
{
  GObject parent_instance;

  LkContext *context;
  GCancellable *cancellable;
  LkDeliveryLines *lines;
  GError *error;
  LkDeliveryFilter *filter;
  LkDeliverySpan span;
  gint64 limit;
  gboolean loading;
  gboolean stale; /* something changed while it was read */
  gboolean has_more;
  gint64 read_at; /* monotonic */
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

/* What a reading does not bring up to date stays behind it. */
static void
take_newest (LkDeliveryList *self, GPtrArray *deliveries, gint64 asked)
{
  self->has_more = deliveries->len >= asked;
  lk_delivery_lines_take_newest (self->lines, deliveries,
                                 self->has_more && self->limit > asked ? (guint) self->limit : 0);
}

/* The rows in sight were quick to come; the others come when these are on the screen. */
static void
read_further (LkDeliveryList *self)
{
  if (self->limit != LK_DELIVERY_LINES_FIRST || !self->has_more)
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

  g_assert (LK_IS_DELIVERY_LIST (self));

  if (self->context == NULL || lk_db_pool_is_outdated (result))
    return;

  self->loading = FALSE;
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&error);
  if (deliveries != NULL)
    {
      self->has_more = deliveries->len >= LK_DELIVERY_LIST_STEP;
      lk_delivery_lines_append (self->lines, deliveries);
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

static void
lines_changed_cb (GListModel *lines, guint position, guint removed, guint added,
                  LkDeliveryList *self)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static GType
get_item_type (GListModel *model)
{
  return LK_TYPE_DELIVERY_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (LK_DELIVERY_LIST (model)->lines));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (LK_DELIVERY_LIST (model)->lines), position);
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
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (lk_delivery_list_parent_class)->dispose (object);
}

static void
lk_delivery_list_finalize (GObject *object)
{
  LkDeliveryList *self = LK_DELIVERY_LIST (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->lines);
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
  self->lines = lk_delivery_lines_new ();
  g_signal_connect_object (self->lines, "items-changed", G_CALLBACK (lines_changed_cb), self, 0);
  self->filter = g_new0 (LkDeliveryFilter, 1);
  self->filter->state = -1;
  self->limit = LK_DELIVERY_LINES_FIRST;
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
  self->limit = LK_DELIVERY_LINES_FIRST;

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

  lk_delivery_lines_set_kept (self->lines, keeps_lines);
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
  gint64 last_id;

  g_return_if_fail (LK_IS_DELIVERY_LIST (self));

  if (self->loading)
    return;

  last_id = lk_delivery_lines_get_last_id (self->lines);
  if (last_id == 0)
    return;

  filter = make_filter (self);
  filter->before_id = last_id;
  filter->limit = LK_DELIVERY_LIST_STEP;

  self->limit = get_n_items (G_LIST_MODEL (self)) + LK_DELIVERY_LIST_STEP;
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
