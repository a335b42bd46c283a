/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-lease-keeper"

#include "config.h"

#include <unistd.h>

#include <glib-unix.h>

#include "core/error.h"
#include "engine/alarm.h"
#include "engine/lease-keeper.h"
#include "engine/source.h"
#include "store/delivery-store.h"

#define RETRY_SECONDS 5 /* after a failure; several fit into the life of a lease */

struct _LkLeaseKeeper
{
  GObject parent_instance;

  LkDbPool *pool;
  LkClock *clock;
  LkChangeFeed *feed;
  LkTrouble *trouble;
  LkAlarm *alarm;
  LkLease *mine;  /* this process */
  LkLease *lease; /* as last read */
  gint64 epoch;   /* 0 while it is not ours */
  gboolean started;
  gboolean settled; /* the truth was read at least once */
  gboolean busy;    /* a job is under way */
  gboolean again;   /* look once more after it */
  gboolean releasing;
  gboolean failed; /* the last job did, and that was noted as trouble */
  LkInstant yielded_until;
  GSource *holder_end; /* goes off when the holder, a process of this host, ends */
  int holder_fd;       /* that process; -1 for none */
  gulong feed_handler;
  gulong clock_handler;
};

/* What a job needs to know. */
typedef struct
{
  LkLease *mine;
  gint64 epoch;
  LkInstant now;
} Question;

G_DEFINE_FINAL_TYPE (LkLeaseKeeper, lk_lease_keeper, G_TYPE_OBJECT)

enum
{
  CHANGED,
  WANTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void look (LkLeaseKeeper *self);
static void compete (LkLeaseKeeper *self);

static void
question_free (gpointer data)
{
  Question *question = data;

  lk_lease_free (question->mine);
  g_free (question);
}

static Question *
question_new (LkLeaseKeeper *self)
{
  Question *question = g_new0 (Question, 1);

  question->mine = lk_lease_copy (self->mine);
  question->epoch = self->epoch;
  question->now = lk_clock_now (self->clock);

  return question;
}

static gboolean
is_mine (const LkLease *lease, const LkLease *mine)
{
  return lease->kind != LK_HOLDER_NONE && g_strcmp0 (lease->owner, mine->owner) == 0;
}

static gpointer
read_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_lease_store_get (db, error);
}

/* Takes the lease, or renews it where it is ours already. Its former holder's attempts become
 * unknown in the same transaction. */
static gpointer
acquire_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Question *question = data;
  g_autoptr (LkLease) lease = lk_lease_store_acquire (db, question->mine, question->now, error);

  if (lease == NULL)
    return NULL;

  if (is_mine (lease, question->mine) && lease->epoch != question->epoch
      && lk_delivery_store_recover (db, lease->epoch, question->now, error) < 0)
    return NULL;

  return g_steal_pointer (&lease);
}

static gpointer
release_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Question *question = data;

  return GINT_TO_POINTER (lk_lease_store_release (db, question->epoch, error));
}

/* A console that gave way leaves the agent the time to take over. */
static gboolean
may_compete (LkLeaseKeeper *self, LkInstant now)
{
  if (self->mine->kind == LK_HOLDER_CONSOLE && now < self->yielded_until)
    return FALSE;
  if (!lk_lease_is_alive (self->lease, now))
    return TRUE;

  return self->mine->kind == LK_HOLDER_AGENT && self->lease->kind == LK_HOLDER_CONSOLE
         && self->lease->wanted_by != LK_HOLDER_AGENT;
}

/* Asked for in vain, and its holder has died since: nobody watched that. */
static gboolean
has_just_died (LkLeaseKeeper *self)
{
  return self->epoch == 0 && self->lease->kind != LK_HOLDER_NONE
         && !lk_lease_is_alive (self->lease, lk_clock_now (self->clock))
         && (self->mine->kind == LK_HOLDER_AGENT || self->lease->wanted_by != LK_HOLDER_AGENT);
}

/* Counted from the last renewal, not from the last look; also when the clock was set back since. */
static LkInstant
get_renewal (const LkLease *lease, LkInstant now)
{
  LkInstant renewed_at = lease->expires_at - LK_LEASE_SECONDS * LK_SECOND;

  return MIN (renewed_at, now) + LK_LEASE_RENEW_SECONDS * LK_SECOND;
}

static void
set_next_look (LkLeaseKeeper *self, LkInstant now)
{
  if (!self->started)
    lk_alarm_clear (self->alarm);
  else if (self->epoch != 0)
    lk_alarm_set (self->alarm, get_renewal (self->lease, now));
  else if (lk_lease_is_alive (self->lease, now))
    lk_alarm_set (self->alarm, MAX (self->lease->expires_at, now) + LK_SECOND);
  else
    lk_alarm_set (self->alarm, now + LK_LEASE_YIELD_SECONDS * LK_SECOND);
}

static void
forget_holder (LkLeaseKeeper *self)
{
  lk_source_clear (&self->holder_end);
  if (self->holder_fd >= 0)
    close (self->holder_fd);
  self->holder_fd = -1;
}

static gboolean
holder_end_cb (int fd, GIOCondition condition, gpointer user_data)
{
  LkLeaseKeeper *self = user_data;

  g_assert (LK_IS_LEASE_KEEPER (self));

  forget_holder (self);
  look (self);

  return G_SOURCE_REMOVE;
}

/* A holder that is killed gives nothing back: its end is news. */
static void
watch_holder (LkLeaseKeeper *self)
{
  forget_holder (self);
  if (!self->started || self->epoch != 0)
    return;

  self->holder_fd = lk_lease_open_holder (self->lease);
  if (self->holder_fd < 0)
    return;

  self->holder_end = g_unix_fd_source_new (self->holder_fd, G_IO_IN);
  g_source_set_callback (self->holder_end, G_SOURCE_FUNC (holder_end_cb), self, NULL);
  g_source_attach (self->holder_end, g_main_context_get_thread_default ());
}

static gboolean
equal (const LkLease *a, const LkLease *b)
{
  return a->kind == b->kind && g_strcmp0 (a->owner, b->owner) == 0
         && g_strcmp0 (a->host, b->host) == 0 && a->pid == b->pid && a->epoch == b->epoch;
}

/* @lease: (transfer full) */
static void
take_note (LkLeaseKeeper *self, LkLease *lease)
{
  g_autoptr (LkLease) former = g_steal_pointer (&self->lease);
  gint64 former_epoch = self->epoch;
  gboolean changed;

  self->lease = lease;
  self->epoch = is_mine (lease, self->mine) ? lease->epoch : 0;
  changed = !self->settled || self->epoch != former_epoch || !equal (former, lease);
  self->settled = TRUE;
  if (lease->kind == LK_HOLDER_AGENT)
    self->yielded_until = 0; /* it has taken over */

  /* Before anybody asks whether the holder lives: its end is not to fall in between. */
  if (changed)
    watch_holder (self);
  set_next_look (self, lk_clock_now (self->clock));
  if (changed)
    g_signal_emit (self, signals[CHANGED], 0);

  if (self->epoch != 0 && self->mine->kind == LK_HOLDER_CONSOLE
      && lease->wanted_by == LK_HOLDER_AGENT)
    g_signal_emit (self, signals[WANTED], 0);
}

/* Who cannot take the lease sends nothing and never would: that is told, not only logged. */
static void
note_failure (LkLeaseKeeper *self, const GError *error)
{
  LkInstant now = lk_clock_now (self->clock);

  g_message ("cannot look after the lease: %s", error->message);
  self->failed = TRUE;
  lk_alarm_set (self->alarm, now + RETRY_SECONDS * LK_SECOND);
  lk_trouble_note_error (self->trouble, error, now);
}

/* @lease: (transfer full) */
static void
note_success (LkLeaseKeeper *self, LkLease *lease)
{
  if (self->failed)
    lk_trouble_note_success (self->trouble);

  self->failed = FALSE;
  take_note (self, lease);
}

/* Something was asked for while a job was under way. */
static void
go_on (LkLeaseKeeper *self)
{
  LkInstant now = lk_clock_now (self->clock);

  if (self->epoch != 0 && get_renewal (self->lease, now) <= now)
    compete (self);
  else
    look (self);
}

/* Returns whether the lease is known and no other job has begun. */
static gboolean
end_job (LkLeaseKeeper *self, GObject *source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LkLease) lease = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  self->busy = FALSE;
  if (!self->started)
    return FALSE;

  if (lease == NULL)
    note_failure (self, error);
  else
    note_success (self, g_steal_pointer (&lease));

  if (self->again)
    go_on (self);

  return error == NULL && !self->busy;
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkLeaseKeeper) self = user_data;

  if (end_job (self, source, result) && self->epoch == 0
      && may_compete (self, lk_clock_now (self->clock)))
    compete (self);
}

static void
competed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkLeaseKeeper) self = user_data;

  if (end_job (self, source, result) && has_just_died (self))
    compete (self);
}

/* Reads the truth: another process may have changed it. */
static void
look (LkLeaseKeeper *self)
{
  self->again = self->busy;
  if (self->busy || !self->started || self->releasing)
    return;

  self->busy = TRUE;
  lk_db_pool_read_async (self->pool, read_job, NULL, NULL, (GDestroyNotify) lk_lease_free, NULL,
                         looked_cb, g_object_ref (self));
}

static void
compete (LkLeaseKeeper *self)
{
  self->again = self->busy;
  if (self->busy || !self->started || self->releasing)
    return;

  self->busy = TRUE;
  lk_db_pool_write_async (self->pool, acquire_job, question_new (self), question_free,
                          (GDestroyNotify) lk_lease_free, NULL, competed_cb, g_object_ref (self));
}

static void
alarm_cb (gpointer user_data)
{
  LkLeaseKeeper *self = user_data;

  (self->epoch != 0 ? compete : look) (self);
}

static void
feed_changed_cb (LkChangeFeed *feed, LkChange changes, gpointer user_data)
{
  LkLeaseKeeper *self = user_data;

  g_assert (LK_IS_LEASE_KEEPER (self));

  if ((changes & LK_CHANGE_LEASE) != 0)
    look (self);
}

static void
released_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LkLeaseKeeper *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  LkLease *none;

  self->releasing = FALSE;
  lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  if (error != NULL && !g_error_matches (error, LK_ERROR, LK_ERROR_LEASE_LOST))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  none = lk_lease_copy (self->lease);
  none->kind = LK_HOLDER_NONE;
  take_note (self, none);
  g_task_return_boolean (task, TRUE);
}

static void
lk_lease_keeper_dispose (GObject *object)
{
  LkLeaseKeeper *self = LK_LEASE_KEEPER (object);

  lk_lease_keeper_stop (self);
  g_clear_pointer (&self->alarm, lk_alarm_free);
  g_clear_pointer (&self->mine, lk_lease_free);
  g_clear_pointer (&self->lease, lk_lease_free);
  g_clear_object (&self->pool);
  g_clear_object (&self->clock);
  g_clear_object (&self->feed);
  g_clear_object (&self->trouble);

  G_OBJECT_CLASS (lk_lease_keeper_parent_class)->dispose (object);
}

static void
lk_lease_keeper_class_init (LkLeaseKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_lease_keeper_dispose;

  signals[CHANGED] = g_signal_new ("changed", LK_TYPE_LEASE_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[WANTED] = g_signal_new ("wanted", LK_TYPE_LEASE_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
lk_lease_keeper_init (LkLeaseKeeper *self)
{
  self->mine = lk_lease_new ();
  self->lease = lk_lease_new ();
  self->lease->kind = LK_HOLDER_NONE;
  self->holder_fd = -1;
}

/**
 * lk_lease_keeper_new:
 * @pool: the workspace
 * @clock: the time
 * @feed: tells of what other processes do to the lease
 * @trouble: is told when the lease cannot be read or written
 * @kind: what this process is
 * @priority: of its sources in the main loop
 *
 * Returns: (transfer full): a keeper that does not compete yet
 */
LkLeaseKeeper *
lk_lease_keeper_new (LkDbPool *pool, LkClock *clock, LkChangeFeed *feed, LkTrouble *trouble,
                     LkHolderKind kind, int priority)
{
  LkLeaseKeeper *self;

  g_return_val_if_fail (kind != LK_HOLDER_NONE, NULL);

  self = g_object_new (LK_TYPE_LEASE_KEEPER, NULL);
  self->pool = g_object_ref (pool);
  self->clock = g_object_ref (clock);
  self->feed = g_object_ref (feed);
  self->trouble = g_object_ref (trouble);
  self->mine->kind = kind;
  self->alarm = lk_alarm_new (clock, priority, alarm_cb, self);

  return self;
}

/**
 * lk_lease_keeper_start:
 * @self: a keeper
 *
 * Begins to compete, and goes on until lk_lease_keeper_stop().
 */
void
lk_lease_keeper_start (LkLeaseKeeper *self)
{
  g_return_if_fail (LK_IS_LEASE_KEEPER (self));

  if (self->started)
    return;

  self->started = TRUE;
  self->feed_handler = g_signal_connect (self->feed, "changed", G_CALLBACK (feed_changed_cb), self);
  self->clock_handler =
      g_signal_connect_swapped (self->clock, "jumped", G_CALLBACK (alarm_cb), self);
  compete (self);
}

/**
 * lk_lease_keeper_stop:
 * @self: a keeper
 *
 * Stops competing and renewing. Does not give a held lease back: see
 * lk_lease_keeper_release_async().
 */
void
lk_lease_keeper_stop (LkLeaseKeeper *self)
{
  g_return_if_fail (LK_IS_LEASE_KEEPER (self));

  if (!self->started)
    return;

  self->started = FALSE;
  g_clear_signal_handler (&self->feed_handler, self->feed);
  g_clear_signal_handler (&self->clock_handler, self->clock);
  forget_holder (self);
  lk_alarm_clear (self->alarm);
}

/**
 * lk_lease_keeper_check:
 * @self: a keeper
 *
 * Reads the truth: something was refused because the lease is another's.
 */
void
lk_lease_keeper_check (LkLeaseKeeper *self)
{
  g_return_if_fail (LK_IS_LEASE_KEEPER (self));

  look (self);
}

/**
 * lk_lease_keeper_get_lease:
 * @self: a keeper
 *
 * Returns: (transfer none): the lease as last read; of kind %LK_HOLDER_NONE when nobody has it
 */
const LkLease *
lk_lease_keeper_get_lease (LkLeaseKeeper *self)
{
  g_return_val_if_fail (LK_IS_LEASE_KEEPER (self), NULL);

  return self->lease;
}

/**
 * lk_lease_keeper_get_epoch:
 * @self: a keeper
 *
 * Returns: the epoch under which this process may write; 0 when it does not hold the lease
 */
gint64
lk_lease_keeper_get_epoch (LkLeaseKeeper *self)
{
  g_return_val_if_fail (LK_IS_LEASE_KEEPER (self), 0);

  return self->epoch;
}

/**
 * lk_lease_keeper_is_settled:
 * @self: a keeper
 *
 * Returns: whether it is known who holds the lease, and this process does not wait to get it from a
 *   console
 */
gboolean
lk_lease_keeper_is_settled (LkLeaseKeeper *self)
{
  g_return_val_if_fail (LK_IS_LEASE_KEEPER (self), FALSE);

  if (!self->settled || self->epoch != 0)
    return self->settled;

  return lk_lease_is_alive (self->lease, lk_clock_now (self->clock))
         && (self->mine->kind == LK_HOLDER_CONSOLE || self->lease->kind == LK_HOLDER_AGENT);
}

/**
 * lk_lease_keeper_release_async:
 * @self: a keeper
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Gives the lease back, where it is ours: settle what is in flight before, since nothing can be
 * written under its epoch afterwards. A console that is still competing lets an agent go first.
 */
void
lk_lease_keeper_release_async (LkLeaseKeeper *self, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (LK_IS_LEASE_KEEPER (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, lk_lease_keeper_release_async);
  if (self->epoch == 0 || self->releasing)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  self->releasing = TRUE;
  self->yielded_until = lk_clock_now (self->clock) + LK_LEASE_YIELD_SECONDS * LK_SECOND;
  lk_db_pool_write_async (self->pool, release_job, question_new (self), question_free, NULL, NULL,
                          released_cb, g_steal_pointer (&task));
}

/**
 * lk_lease_keeper_release_finish:
 * @self: a keeper
 * @result: what the callback got
 * @error: why the workspace could not be written; the lease then expires by itself
 *
 * Returns: whether this process does not hold the lease any more
 */
gboolean
lk_lease_keeper_release_finish (LkLeaseKeeper *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
