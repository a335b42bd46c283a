/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-log-indexer"

#include "config.h"

#include "core/error.h"
#include "engine/alarm.h"
#include "engine/log-indexer.h"
#include "store/delivery-text.h"

/* Deliveries at a time: some milliseconds of the writer's thread. So many that are not in the index
 * are read row by row as quickly. */
#define BATCH 1000

#define PAUSE       (LK_SECOND / 10)
#define LOOK_AFTER  (5 * LK_SECOND) /* the first new delivery */
#define RETRY_AFTER LK_HOUR

struct _LkLogIndexer
{
  GObject parent_instance;

  LkDbPool *pool;
  LkClock *clock;
  LkChangeFeed *feed;
  LkAlarm *alarm;
  gint64 epoch; /* 0 while stopped */
  gboolean busy;
  gulong feed_handler;
};

G_DEFINE_FINAL_TYPE (LkLogIndexer, lk_log_indexer, G_TYPE_OBJECT)

/* How many are missing before and after are the same where there are too few for a batch. */
static gpointer
index_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const gint64 *epoch = data;
  gint64 n_missing = lk_delivery_text_count_missing (db, error);

  if (n_missing < 0)
    return NULL;

  if (n_missing >= BATCH)
    {
      if (!lk_delivery_text_index (db, *epoch, BATCH, error))
        return NULL;
      n_missing -= BATCH;
    }

  return g_memdup2 (&n_missing, sizeof n_missing);
}

static void
look_after (LkLogIndexer *self, LkInstant wait)
{
  lk_alarm_set (self->alarm, lk_clock_now (self->clock) + wait);
}

static void
take_error (LkLogIndexer *self, const GError *error)
{
  /* Whoever has the lease does it by now; that may be this process again, under a new epoch. */
  if (!g_error_matches (error, LK_ERROR, LK_ERROR_LEASE_LOST))
    g_warning ("the texts of the delivery log could not be indexed, so that finding them is "
               "slower: %s",
               error->message);
  look_after (self, RETRY_AFTER);
}

static void
indexed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkLogIndexer) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *n_missing = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  self->busy = FALSE;
  if (self->epoch == 0)
    return;

  if (n_missing == NULL)
    take_error (self, error);
  else if (*n_missing >= BATCH)
    look_after (self, PAUSE);
}

static void
look (gpointer user_data)
{
  LkLogIndexer *self = user_data;

  if (self->busy)
    return;

  lk_alarm_clear (self->alarm);
  self->busy = TRUE;
  lk_db_pool_write_async (self->pool, index_job, g_memdup2 (&self->epoch, sizeof self->epoch),
                          g_free, g_free, NULL, indexed_cb, g_object_ref (self));
}

static void
feed_changed_cb (LkChangeFeed *feed, LkChange changes, LkLogIndexer *self)
{
  g_assert (LK_IS_LOG_INDEXER (self));

  if ((changes & LK_CHANGE_DELIVERIES) != 0 && self->epoch != 0 && !self->busy
      && lk_alarm_get (self->alarm) == 0)
    look_after (self, LOOK_AFTER);
}

static void
lk_log_indexer_dispose (GObject *object)
{
  LkLogIndexer *self = LK_LOG_INDEXER (object);

  if (self->feed != NULL)
    g_clear_signal_handler (&self->feed_handler, self->feed);
  g_clear_pointer (&self->alarm, lk_alarm_free);
  g_clear_object (&self->feed);
  g_clear_object (&self->clock);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (lk_log_indexer_parent_class)->dispose (object);
}

static void
lk_log_indexer_class_init (LkLogIndexerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_log_indexer_dispose;
}

static void
lk_log_indexer_init (LkLogIndexer *self)
{
}

/**
 * lk_log_indexer_new:
 * @pool: the workspace
 * @clock: the time
 * @feed: tells of new deliveries
 *
 * Returns: (transfer full): an indexer that does nothing yet
 */
LkLogIndexer *
lk_log_indexer_new (LkDbPool *pool, LkClock *clock, LkChangeFeed *feed)
{
  LkLogIndexer *self = g_object_new (LK_TYPE_LOG_INDEXER, NULL);

  self->pool = g_object_ref (pool);
  self->clock = g_object_ref (clock);
  self->feed = g_object_ref (feed);
  self->alarm = lk_alarm_new (clock, G_PRIORITY_LOW, look, self);
  self->feed_handler = g_signal_connect (feed, "changed", G_CALLBACK (feed_changed_cb), self);

  return self;
}

/**
 * lk_log_indexer_start:
 * @self: an indexer
 * @epoch: the epoch of the lease that this process holds
 */
void
lk_log_indexer_start (LkLogIndexer *self, gint64 epoch)
{
  g_return_if_fail (LK_IS_LOG_INDEXER (self));
  g_return_if_fail (epoch > 0);

  if (self->epoch == epoch)
    return;

  self->epoch = epoch;
  look (self);
}

/**
 * lk_log_indexer_stop:
 * @self: an indexer
 *
 * A batch that is under way is finished.
 */
void
lk_log_indexer_stop (LkLogIndexer *self)
{
  g_return_if_fail (LK_IS_LOG_INDEXER (self));

  self->epoch = 0;
  lk_alarm_clear (self->alarm);
}
