/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-facets"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/delivery-cell.h"
#include "ui/delivery-facets.h"
#include "ui/facet.h"

#define PAUSE_MS 1000 /* between two countings, at least */
#define PAUSES   10   /* times what the last one took */

struct _LkDeliveryFacets
{
  GObject parent_instance;

  LkContext *context;
  LkCatalog *catalog;
  LkDeliveryFilter *filter;
  LkDeliverySpan span;
  GPtrArray *counts; /* of LkDeliveryCount; NULL: not known yet */
  GCancellable *cancellable;
  gint64 asked_at; /* monotonic, of the counting under way */
  gboolean busy;
  gboolean stale; /* something changed meanwhile */
  guint timer;
};

typedef struct
{
  LkDeliveryFilter *filter;
  LkInstant now;
} Question;

/* The values of a facet as they are found, with what they have. */
typedef struct
{
  GPtrArray *values; /* of LkFacetValue */
  GHashTable *by_id; /* borrows from these */
} Tally;

G_DEFINE_FINAL_TYPE (LkDeliveryFacets, lk_delivery_facets, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void count (LkDeliveryFacets *self);

static void
question_free (gpointer data)
{
  Question *self = data;

  lk_delivery_filter_free (self->filter);
  g_free (self);
}

static gpointer
count_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Question *question = data;

  return lk_delivery_count_list (db, question->filter, question->now, error);
}

static gboolean
pause_over_cb (gpointer user_data)
{
  LkDeliveryFacets *self = user_data;

  self->timer = 0;
  if (self->stale)
    count (self);

  return G_SOURCE_REMOVE;
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkDeliveryFacets) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) counts = lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  guint took_ms = (guint) ((g_get_monotonic_time () - self->asked_at) / 1000);

  if (self->context == NULL || lk_db_pool_is_outdated (result))
    return;

  self->busy = FALSE;
  self->timer = g_timeout_add (MAX (PAUSE_MS, PAUSES * took_ms), pause_over_cb, self);
  if (counts == NULL)
    {
      /* The list beside it says why the log cannot be read. */
      g_debug ("the log could not be counted: %s", error->message);
      return;
    }

  g_clear_pointer (&self->counts, g_ptr_array_unref);
  self->counts = g_steal_pointer (&counts);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
count (LkDeliveryFacets *self)
{
  Question *question = g_new0 (Question, 1);

  question->filter = lk_delivery_filter_copy (self->filter);
  question->now = lk_clock_now (lk_context_get_clock (self->context));
  self->stale = FALSE;
  self->busy = TRUE;
  self->asked_at = g_get_monotonic_time ();
  g_clear_handle_id (&self->timer, g_source_remove);
  lk_db_pool_read_async (lk_context_get_pool (self->context), count_job, question, question_free,
                         (GDestroyNotify) g_ptr_array_unref, self->cancellable, counted_cb,
                         g_object_ref (self));
}

static void
feed_changed_cb (LkChangeFeed *feed, LkChange changes, LkDeliveryFacets *self)
{
  g_assert (LK_IS_DELIVERY_FACETS (self));

  if ((changes & LK_CHANGE_DELIVERIES) == 0)
    return;
  if (self->busy || self->timer != 0)
    self->stale = TRUE;
  else
    count (self);
}

/* Counts what was asked now; an answer to what was asked before must not arrive. */
static void
count_anew (LkDeliveryFacets *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_pointer (&self->counts, g_ptr_array_unref);
  count (self);
}

static void
lk_delivery_facets_dispose (GObject *object)
{
  LkDeliveryFacets *self = LK_DELIVERY_FACETS (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->catalog);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (lk_delivery_facets_parent_class)->dispose (object);
}

static void
lk_delivery_facets_finalize (GObject *object)
{
  LkDeliveryFacets *self = LK_DELIVERY_FACETS (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->counts, g_ptr_array_unref);
  g_clear_pointer (&self->filter, lk_delivery_filter_free);

  G_OBJECT_CLASS (lk_delivery_facets_parent_class)->finalize (object);
}

static void
lk_delivery_facets_class_init (LkDeliveryFacetsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lk_delivery_facets_dispose;
  object_class->finalize = lk_delivery_facets_finalize;
  signals[CHANGED] = g_signal_new ("changed", LK_TYPE_DELIVERY_FACETS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_delivery_facets_init (LkDeliveryFacets *self)
{
  self->cancellable = g_cancellable_new ();
  self->filter = g_new0 (LkDeliveryFilter, 1);
  self->filter->state = -1;
}

static gboolean
is_class (const char *wanted, const char *error_class)
{
  return wanted == NULL || *wanted == '\0' || g_str_equal (wanted, error_class);
}

/* Whether a cell is in what is chosen, but for @facet. */
static gboolean
is_chosen (LkDeliveryFacets *self, const LkDeliveryCount *cell, LkDeliveryFacet facet)
{
  const LkDeliveryFilter *filter = self->filter;

  return (facet == LK_FACET_STATE || filter->state < 0 || filter->state == (int) cell->state)
         && (facet == LK_FACET_TASK || filter->task_id == 0 || filter->task_id == cell->task_id)
         && (facet == LK_FACET_STATUS || filter->status == 0 || filter->status == cell->status)
         && (facet == LK_FACET_ERROR || is_class (filter->error_class, cell->error_class));
}

/* @title: (transfer full) */
static void
tally_add (Tally *self, const char *id, char *title, gint64 n)
{
  LkFacetValue *value = g_hash_table_lookup (self->by_id, id);
  g_autofree char *owned = title;

  if (value == NULL)
    {
      value = lk_facet_value_new (id, owned, 0);
      g_ptr_array_add (self->values, value);
      g_hash_table_insert (self->by_id, value->id, value);
    }
  value->n = n < 0 || value->n < 0 ? -1 : value->n + n;
}

static char *
find_task_name (LkDeliveryFacets *self, gint64 id)
{
  GPtrArray *tasks = lk_catalog_get_tasks (self->catalog);

  for (guint i = 0; i < tasks->len; i++)
    if (((const LkTask *) g_ptr_array_index (tasks, i))->id == id)
      return g_strdup (((const LkTask *) g_ptr_array_index (tasks, i))->name);

  return g_strdup (_ ("Deleted tasks"));
}

static const char *
get_class_title (const char *error_class)
{
  static const struct
  {
    const char *error_class;
    const char *title;
  } classes[] = {
    { "client-error", N_ ("Refused by the receiver (4xx)") },
    { "connect", N_ ("No connection") },
    { "dns", N_ ("Name not found") },
    { "gone", N_ ("Gone (410)") },
    { "local", N_ ("File of this machine") },
    { "offline", N_ ("Offline") },
    { "protocol", N_ ("Not HTTP") },
    { "proxy", N_ ("Proxy") },
    { "redirect", N_ ("Redirect (3xx)") },
    { "reset", N_ ("Connection lost") },
    { "server-error", N_ ("Receiver failed (5xx)") },
    { "throttled", N_ ("Too many requests (429)") },
    { "timeout", N_ ("Timeout") },
    { "tls", N_ ("No secure connection") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_str_equal (classes[i].error_class, error_class))
      return _ (classes[i].title);

  return error_class;
}

/* The value that a cell has of @facet, if it is one to choose. */
static void
tally_cell (LkDeliveryFacets *self, Tally *tally, LkDeliveryFacet facet,
            const LkDeliveryCount *cell)
{
  gint64 n = cell->n[self->span];
  g_autofree char *number = NULL;

  if (facet == LK_FACET_STATE)
    tally_add (tally, lk_delivery_state_to_string (cell->state),
               g_strdup (lk_delivery_state_get_title (cell->state)), n);
  else if (facet == LK_FACET_TASK && cell->task_id != 0)
    {
      number = g_strdup_printf ("%" G_GINT64_FORMAT, cell->task_id);
      tally_add (tally, number, find_task_name (self, cell->task_id), n);
    }
  else if (facet == LK_FACET_STATUS && cell->status != 0)
    {
      number = g_strdup_printf ("%d", cell->status);
      tally_add (tally, number, g_strdup (number), n);
    }
  else if (facet == LK_FACET_ERROR && *cell->error_class != '\0')
    tally_add (tally, cell->error_class, g_strdup (get_class_title (cell->error_class)), n);
}

/* What is always there to choose, whether something has it or not. */
static void
tally_fixed (LkDeliveryFacets *self, Tally *tally, LkDeliveryFacet facet)
{
  GPtrArray *tasks = lk_catalog_get_tasks (self->catalog);
  gint64 n = self->counts != NULL ? 0 : -1;

  if (facet == LK_FACET_STATE)
    for (int state = 0; state < LK_N_DELIVERY_STATES; state++)
      tally_add (tally, lk_delivery_state_to_string ((LkDeliveryState) state),
                 g_strdup (lk_delivery_state_get_title ((LkDeliveryState) state)), n);
  else if (facet == LK_FACET_TASK)
    for (guint i = 0; i < tasks->len; i++)
      {
        const LkTask *task = g_ptr_array_index (tasks, i);
        g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, task->id);

        tally_add (tally, number, g_strdup (task->name), n);
      }
  else if (facet == LK_FACET_STATUS && self->filter->status > 0)
    {
      g_autofree char *number = g_strdup_printf ("%d", self->filter->status);

      tally_add (tally, number, g_strdup (number), n);
    }
  else if (facet == LK_FACET_ERROR && !is_class (self->filter->error_class, ""))
    tally_add (tally, self->filter->error_class,
               g_strdup (get_class_title (self->filter->error_class)), n);
}

static void
tally_spans (LkDeliveryFacets *self, Tally *tally)
{
  static const char *const titles[] = {
    [LK_SPAN_HOUR] = N_ ("Last hour"),
    [LK_SPAN_DAY] = N_ ("Last 24 hours"),
    [LK_SPAN_WEEK] = N_ ("Last 7 days"),
    [LK_SPAN_MONTH] = N_ ("Last 30 days"),
  };

  for (int span = LK_SPAN_ANY + 1; span < LK_N_DELIVERY_SPANS; span++)
    {
      g_autofree char *id = g_strdup_printf ("%d", span);

      tally_add (tally, id, g_strdup (_ (titles[span])), self->counts != NULL ? 0 : -1);
      for (guint i = 0; self->counts != NULL && i < self->counts->len; i++)
        {
          const LkDeliveryCount *cell = g_ptr_array_index (self->counts, i);

          if (is_chosen (self, cell, LK_FACET_SPAN))
            tally_add (tally, id, NULL, cell->n[span]);
        }
    }
}

static gint64
count_under (LkDeliveryFacets *self, LkDeliveryFacet facet)
{
  LkDeliverySpan span = facet == LK_FACET_SPAN ? LK_SPAN_ANY : self->span;
  gint64 n = 0;

  if (self->counts == NULL)
    return -1;

  for (guint i = 0; i < self->counts->len; i++)
    {
      const LkDeliveryCount *cell = g_ptr_array_index (self->counts, i);

      if (is_chosen (self, cell, facet))
        n += cell->n[span];
    }

  return n;
}

/**
 * lk_delivery_facets_new:
 * @context: the services over the workspace
 * @catalog: its tasks
 *
 * Returns: (transfer full): the facets of the whole log, being counted
 */
LkDeliveryFacets *
lk_delivery_facets_new (LkContext *context, LkCatalog *catalog)
{
  LkDeliveryFacets *self = g_object_new (LK_TYPE_DELIVERY_FACETS, NULL);

  self->context = g_object_ref (context);
  self->catalog = g_object_ref (catalog);
  g_signal_connect_object (lk_context_get_change_feed (context), "changed",
                           G_CALLBACK (feed_changed_cb), self, 0);
  count (self);

  return self;
}

/**
 * lk_delivery_facets_set_filter:
 * @self: facets
 * @filter: what is chosen
 * @span: how far back
 *
 * Only another text needs another counting; what is chosen of the facets does not.
 */
void
lk_delivery_facets_set_filter (LkDeliveryFacets *self, const LkDeliveryFilter *filter,
                               LkDeliverySpan span)
{
  g_autoptr (LkDeliveryFilter) old = NULL;

  g_return_if_fail (LK_IS_DELIVERY_FACETS (self));

  old = g_steal_pointer (&self->filter);
  self->filter = lk_delivery_filter_copy (filter);
  self->span = span;
  if (g_strcmp0 (old->text, filter->text) != 0 || old->run_id != filter->run_id)
    count_anew (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * lk_delivery_facets_list:
 * @self: facets
 * @facet: one of them
 *
 * Returns: (transfer full) (element-type LkFacetValue): its values, without the one for all of
 * them, and how many deliveries each has under what is chosen of the other facets
 */
GPtrArray *
lk_delivery_facets_list (LkDeliveryFacets *self, LkDeliveryFacet facet)
{
  GPtrArray *values = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_facet_value_free);
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_str_hash, g_str_equal);
  Tally tally = { values, by_id };

  g_return_val_if_fail (LK_IS_DELIVERY_FACETS (self), values);

  if (facet == LK_FACET_SPAN)
    {
      tally_spans (self, &tally);
      return values;
    }

  tally_fixed (self, &tally, facet);
  for (guint i = 0; self->counts != NULL && i < self->counts->len; i++)
    {
      const LkDeliveryCount *cell = g_ptr_array_index (self->counts, i);

      if (is_chosen (self, cell, facet))
        tally_cell (self, &tally, facet, cell);
    }

  return values;
}

/**
 * lk_delivery_facets_count:
 * @self: facets
 * @facet: the facet whose choice does not count; %LK_N_DELIVERY_FACETS for none
 *
 * Returns: how many deliveries are in what is chosen; -1 for not known yet
 */
gint64
lk_delivery_facets_count (LkDeliveryFacets *self, LkDeliveryFacet facet)
{
  g_return_val_if_fail (LK_IS_DELIVERY_FACETS (self), -1);

  return count_under (self, facet);
}
