/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-dispatcher"

#include "config.h"

#include "core/error.h"
#include "engine/alarm.h"
#include "engine/claim-queue.h"
#include "engine/dispatch-job.h"
#include "engine/dispatcher.h"
#include "engine/endpoints.h"
#include "engine/outcome-buffer.h"
#include "engine/source.h"
#include "engine/verdict.h"

struct _LkDispatcher
{
  GObject parent_instance;

  LkDbPool *pool;
  LkClock *clock;
  LkChangeFeed *feed;
  LkSender *sender;
  LkTrouble *trouble;
  LkKeyringItems *keyring;
  LkEndpoints *endpoints;
  GRand *random;
  int priority;

  gint64 epoch;              /* 0 while stopped */
  gint64 job_epoch;          /* of the job that is under way */
  LkInstant claimed_at;      /* the last claim looked for what was due by then */
  GCancellable *cancellable; /* of all requests in flight */
  LkClaimQueue *queue;       /* claims whose request has not begun */
  GPtrArray *withdrawn;      /* of LkAssignment: what the job that is under way gives back */
  guint n_in_flight;         /* requests without a reply */
  guint concurrency;         /* requests in flight at most */
  LkOutcomeBuffer *outcomes; /* not stored yet */
  GPtrArray *settling;       /* of LkSettlement: in the job that is under way */
  gboolean busy;             /* a job is under way */
  gboolean want_claim;       /* something new may be due */
  gboolean backlog;          /* something due had to wait for its turn */
  LkInstant next_due;
  LkAlarm *due;
  LkAlarm *retry;      /* set while the workspace cannot be written */
  gboolean is_failing; /* the last job could not write */
  gboolean was_idle, was_done;

  GTask *stopping;
  GSource *grace;
  gboolean grace_is_over;
  gulong feed_handler, network_handler;
};

/* A request in flight. */
typedef struct
{
  LkDispatcher *dispatcher;
  LkAssignment *assignment;
  gint64 epoch;
} Flight;

G_DEFINE_FINAL_TYPE (LkDispatcher, lk_dispatcher, G_TYPE_OBJECT)

enum
{
  SETTLED,
  LEASE_LOST,
  IDLE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void pump (LkDispatcher *self);

static void
flight_free (Flight *self)
{
  g_clear_pointer (&self->assignment, lk_assignment_free);
  g_clear_object (&self->dispatcher);
  g_free (self);
}

static void
check_idle (LkDispatcher *self)
{
  gboolean idle = lk_dispatcher_is_idle (self, FALSE);
  gboolean done = lk_dispatcher_is_idle (self, TRUE);

  if (idle == self->was_idle && done == self->was_done)
    return;

  self->was_idle = idle;
  self->was_done = done;
  g_signal_emit (self, signals[IDLE_CHANGED], 0);
}

static void
set_due_alarm (LkDispatcher *self, LkInstant now)
{
  LkInstant when = self->next_due;

  if (self->backlog)
    when = lk_endpoints_get_next_gate (self->endpoints, now);

  if (when > 0)
    lk_alarm_set (self->due, when);
  else
    lk_alarm_clear (self->due);
}

static gboolean
has_nothing_under_way (LkDispatcher *self)
{
  return !self->busy && self->n_in_flight == 0 && lk_outcome_buffer_get_length (self->outcomes) == 0
         && lk_claim_queue_get_length (self->queue) == 0;
}

static void
emit_settled (LkDispatcher *self, GPtrArray *settlements)
{
  if (settlements->len > 0)
    g_signal_emit (self, signals[SETTLED], 0, settlements);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Flight *flight = user_data;
  g_autoptr (LkReply) reply = lk_sender_send_finish (LK_SENDER (source), result);
  g_autoptr (LkDispatcher) self = g_object_ref (flight->dispatcher);
  LkAssignment *assignment = flight->assignment;

  /* A former epoch's outcome is the next process's to judge. */
  if (flight->epoch == self->epoch)
    {
      LkInstant now = lk_clock_now (self->clock);

      reply->attempt->delivery_id = assignment->claim->delivery->id;
      lk_endpoints_end (self->endpoints, assignment->request->url, reply->attempt, now);
      lk_outcome_buffer_add (self->outcomes,
                             lk_verdict_settle (assignment->claim, reply, assignment->at_most_once,
                                                now, g_rand_double (self->random)));
      self->n_in_flight--;
      pump (self);
    }

  flight_free (flight);
}

/* @assignment: (transfer full): a request that begins */
static void
send_one (LkDispatcher *self, LkAssignment *assignment)
{
  Flight *flight = g_new0 (Flight, 1);

  flight->dispatcher = g_object_ref (self);
  flight->assignment = assignment;
  flight->epoch = self->epoch;
  self->n_in_flight++;
  lk_sender_send_async (self->sender, assignment->request, self->cancellable, sent_cb, flight);
}

/* Begins what may begin of what is claimed. While the workspace cannot be written nothing does. */
static void
send_waiting (LkDispatcher *self)
{
  LkInstant now = lk_clock_now (self->clock);
  LkAssignment *next;

  while (self->stopping == NULL && !self->is_failing && self->n_in_flight < self->concurrency
         && (next = lk_claim_queue_begin (self->queue, self->endpoints, now)) != NULL)
    send_one (self, next);
}

/* A task may ask for more requests at once than is usual; that holds until nothing is left to do.
 */
static void
adapt_concurrency (LkDispatcher *self, GPtrArray *assignments)
{
  guint wanted = self->n_in_flight == 0 ? LK_DISPATCHER_CONCURRENCY : self->concurrency;

  for (guint i = 0; i < assignments->len; i++)
    {
      const LkAssignment *assignment = g_ptr_array_index (assignments, i);

      wanted = MAX (wanted, (guint) assignment->concurrency);
    }

  self->want_claim |= wanted > self->concurrency;
  self->concurrency = wanted;
}

static void
take_batch (LkDispatcher *self, LkDispatchBatch *batch)
{
  self->next_due = batch->next_due;
  self->backlog = batch->next_due != 0 && batch->next_due <= self->claimed_at;
  adapt_concurrency (self, batch->assignments);
  lk_claim_queue_add (self->queue, batch->assignments, self->endpoints);
  set_due_alarm (self, self->claimed_at);
}

/* The job failed: its outcomes go back to the front, and what it was to give back waits. */
static void
take_back (LkDispatcher *self, GPtrArray *settling, GPtrArray *withdrawn)
{
  lk_outcome_buffer_put_back (self->outcomes, settling);
  lk_claim_queue_add (self->queue, withdrawn, self->endpoints);
}

static void
take_error (LkDispatcher *self, const GError *error)
{
  if (g_error_matches (error, LK_ERROR, LK_ERROR_LEASE_LOST))
    {
      lk_dispatcher_abandon (self);
      g_signal_emit (self, signals[LEASE_LOST], 0);
      return;
    }

  self->is_failing = TRUE;
  lk_alarm_set (self->retry,
                lk_trouble_note_error (self->trouble, error, lk_clock_now (self->clock)));
}

static void
complete_stop (LkDispatcher *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->stopping);

  lk_source_clear (&self->grace);
  lk_dispatcher_abandon (self);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
job_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkDispatcher) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkDispatchBatch) batch = lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  g_autoptr (GPtrArray) settling = g_steal_pointer (&self->settling);
  g_autoptr (GPtrArray) withdrawn = g_steal_pointer (&self->withdrawn);

  self->busy = FALSE;
  if (self->epoch != self->job_epoch)
    {
      /* Abandoned meanwhile: the next epoch judges what was claimed. */
      pump (self);
      return;
    }

  if (batch != NULL)
    {
      lk_trouble_note_success (self->trouble);
      self->is_failing = FALSE;
      lk_endpoints_note_stored (self->endpoints, settling);
      take_batch (self, batch);
      emit_settled (self, settling);
      emit_settled (self, batch->unsent);
    }
  else
    {
      self->want_claim = TRUE;
      take_back (self, g_steal_pointer (&settling), withdrawn);
      take_error (self, error);
      if (self->stopping != NULL && self->grace_is_over)
        complete_stop (self, g_steal_pointer (&error));
    }

  pump (self);
}

static void
start_job (LkDispatcher *self, gsize limit)
{
  LkDispatchOrder *order = g_new0 (LkDispatchOrder, 1);
  LkInstant now = lk_clock_now (self->clock);

  self->busy = TRUE;
  self->job_epoch = self->epoch;
  self->settling = lk_outcome_buffer_take (self->outcomes);
  self->withdrawn =
      lk_claim_queue_withdraw (self->queue, self->endpoints, self->stopping != NULL, now);
  if (limit > 0)
    {
      self->want_claim = FALSE;
      self->claimed_at = now;
    }

  order->epoch = self->epoch;
  order->now = now;
  order->settlements = g_ptr_array_ref (self->settling);
  order->withdrawn = g_ptr_array_ref (self->withdrawn);
  order->limit = limit;
  order->keyring = lk_keyring_items_ref (self->keyring);
  order->room = lk_endpoints_take_room (self->endpoints, now);
  lk_db_pool_write_async (
      self->pool, lk_dispatch_job, order, (GDestroyNotify) lk_dispatch_order_free,
      (GDestroyNotify) lk_dispatch_batch_free, NULL, job_done_cb, g_object_ref (self));
}

/* How many to claim: for each free slot one, since what waits then waits for its own receiver; and
 * besides, for receivers that lk_endpoints_take_room() names, some that wait until others end. */
static gsize
get_limit (LkDispatcher *self)
{
  guint free = self->concurrency - MIN (self->concurrency, self->n_in_flight);
  guint ahead = MIN (2 * lk_outcome_buffer_get_length (self->outcomes), self->concurrency);
  guint claimed = self->n_in_flight + lk_claim_queue_get_length (self->queue);

  if (self->stopping != NULL || !(self->want_claim || self->backlog))
    return 0;

  return MIN (free + ahead, 2 * self->concurrency - MIN (2 * self->concurrency, claimed));
}

/* Claims that nothing in flight makes way for. */
static gboolean
is_stuck (LkDispatcher *self)
{
  return lk_claim_queue_get_length (self->queue) > 0
         && (self->stopping != NULL || self->n_in_flight == 0);
}

/* The one place that decides what to do next. */
static void
pump (LkDispatcher *self)
{
  gsize limit;

  send_waiting (self);
  if (self->epoch != 0 && !self->busy && lk_alarm_get (self->retry) == 0)
    {
      limit = get_limit (self);
      if (lk_outcome_buffer_is_ripe (self->outcomes, self->n_in_flight) || is_stuck (self)
          || (self->want_claim && limit > 0))
        start_job (self, limit);
    }

  if (self->stopping != NULL && has_nothing_under_way (self))
    complete_stop (self, NULL);

  check_idle (self);
}

static void
feed_changed_cb (LkChangeFeed *feed, LkChange changes, gpointer user_data)
{
  if ((changes & (LK_CHANGE_DELIVERIES | LK_CHANGE_TASKS)) != 0)
    lk_dispatcher_wake (user_data);
}

static void
network_changed_cb (GNetworkMonitor *monitor, gboolean available, gpointer user_data)
{
  LkDispatcher *self = user_data;

  if (!available)
    return;

  lk_endpoints_clear_offline (self->endpoints);
  lk_dispatcher_wake (self);
}

static gboolean
grace_over_cb (gpointer user_data)
{
  g_autoptr (LkDispatcher) self = g_object_ref (user_data);

  lk_source_clear (&self->grace);
  self->grace_is_over = TRUE;
  g_cancellable_cancel (self->cancellable);
  lk_alarm_clear (self->retry);
  pump (self);

  return G_SOURCE_REMOVE;
}

static void
lk_dispatcher_dispose (GObject *object)
{
  LkDispatcher *self = LK_DISPATCHER (object);

  if (self->feed != NULL)
    g_clear_signal_handler (&self->feed_handler, self->feed);
  g_clear_signal_handler (&self->network_handler, g_network_monitor_get_default ());
  lk_source_clear (&self->grace);
  g_clear_pointer (&self->due, lk_alarm_free);
  g_clear_pointer (&self->retry, lk_alarm_free);
  g_clear_pointer (&self->outcomes, lk_outcome_buffer_free);
  g_clear_pointer (&self->settling, g_ptr_array_unref);
  g_clear_pointer (&self->withdrawn, g_ptr_array_unref);
  g_clear_pointer (&self->queue, lk_claim_queue_free);
  g_clear_pointer (&self->endpoints, lk_endpoints_free);
  g_clear_pointer (&self->random, g_rand_free);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->sender);
  g_clear_object (&self->trouble);
  g_clear_pointer (&self->keyring, lk_keyring_items_unref);
  g_clear_object (&self->feed);
  g_clear_object (&self->clock);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (lk_dispatcher_parent_class)->dispose (object);
}

static void
lk_dispatcher_class_init (LkDispatcherClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_dispatcher_dispose;

  signals[SETTLED] = g_signal_new ("settled", LK_TYPE_DISPATCHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[LEASE_LOST] = g_signal_new ("lease-lost", LK_TYPE_DISPATCHER, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
  signals[IDLE_CHANGED] = g_signal_new ("idle-changed", LK_TYPE_DISPATCHER, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_dispatcher_init (LkDispatcher *self)
{
  self->concurrency = LK_DISPATCHER_CONCURRENCY;
  self->endpoints = lk_endpoints_new ();
  self->queue = lk_claim_queue_new ();
  self->random = g_rand_new ();
  self->cancellable = g_cancellable_new ();
}

/**
 * lk_dispatcher_new:
 * @pool: the workspace
 * @clock: the time
 * @feed: tells of new deliveries
 * @sender: makes the requests
 * @trouble: is told when the workspace cannot be written
 * @keyring: what the keyring gave out; wake the dispatcher when that is more
 * @priority: of its sources in the main loop
 *
 * Returns: (transfer full): a dispatcher that does nothing yet
 */
LkDispatcher *
lk_dispatcher_new (LkDbPool *pool, LkClock *clock, LkChangeFeed *feed, LkSender *sender,
                   LkTrouble *trouble, LkKeyringItems *keyring, int priority)
{
  LkDispatcher *self = g_object_new (LK_TYPE_DISPATCHER, NULL);

  self->pool = g_object_ref (pool);
  self->clock = g_object_ref (clock);
  self->feed = g_object_ref (feed);
  self->sender = g_object_ref (sender);
  self->trouble = g_object_ref (trouble);
  self->keyring = lk_keyring_items_ref (keyring);
  self->priority = priority;
  self->outcomes = lk_outcome_buffer_new (priority, (LkOutcomeBufferFunc) pump, self);
  self->due = lk_alarm_new (clock, priority, (LkAlarmFunc) lk_dispatcher_wake, self);
  self->retry = lk_alarm_new (clock, priority, (LkAlarmFunc) lk_dispatcher_wake, self);
  self->feed_handler = g_signal_connect (feed, "changed", G_CALLBACK (feed_changed_cb), self);
  self->network_handler = g_signal_connect (g_network_monitor_get_default (), "network-changed",
                                            G_CALLBACK (network_changed_cb), self);

  return self;
}

/**
 * lk_dispatcher_start:
 * @self: a dispatcher that is stopped
 * @epoch: the epoch of the lease that this process holds
 *
 * Begins to send what is due.
 */
void
lk_dispatcher_start (LkDispatcher *self, gint64 epoch)
{
  g_return_if_fail (LK_IS_DISPATCHER (self));
  g_return_if_fail (epoch > 0);

  if (self->epoch == epoch)
    return;

  lk_dispatcher_abandon (self);
  self->epoch = epoch;
  lk_dispatcher_wake (self);
}

/**
 * lk_dispatcher_abandon:
 * @self: a dispatcher
 *
 * Stops at once: the lease is another's. What is in flight is that process's to judge.
 */
void
lk_dispatcher_abandon (LkDispatcher *self)
{
  g_return_if_fail (LK_IS_DISPATCHER (self));

  self->epoch = 0;
  self->n_in_flight = 0;
  self->next_due = 0;
  self->backlog = FALSE;
  self->grace_is_over = FALSE;
  self->is_failing = FALSE;
  lk_alarm_clear (self->due);
  lk_alarm_clear (self->retry);
  lk_outcome_buffer_clear (self->outcomes);
  g_clear_pointer (&self->queue, lk_claim_queue_free);
  self->queue = lk_claim_queue_new ();
  g_clear_pointer (&self->endpoints, lk_endpoints_free);
  self->endpoints = lk_endpoints_new ();

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();

  if (self->stopping != NULL)
    complete_stop (self, NULL);
  check_idle (self);
}

/**
 * lk_dispatcher_wake:
 * @self: a dispatcher
 *
 * Looks for what is due: there may be something new.
 */
void
lk_dispatcher_wake (LkDispatcher *self)
{
  g_return_if_fail (LK_IS_DISPATCHER (self));

  self->want_claim = TRUE;
  pump (self);
}

/**
 * lk_dispatcher_stop_async:
 * @self: a dispatcher
 * @grace_s: seconds to wait for what is in flight
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Claims nothing more, waits for what is in flight and stores it. What is not answered within
 * @grace_s is given up as unknown.
 */
void
lk_dispatcher_stop_async (LkDispatcher *self, guint grace_s, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (LK_IS_DISPATCHER (self));
  g_return_if_fail (self->stopping == NULL);

  self->stopping = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->stopping, lk_dispatcher_stop_async);
  self->grace = g_timeout_source_new_seconds (grace_s);
  g_source_set_callback (self->grace, grace_over_cb, self, NULL);
  g_source_attach (self->grace, g_main_context_get_thread_default ());
  pump (self);
}

/**
 * lk_dispatcher_stop_finish:
 * @self: a dispatcher
 * @result: what the callback got
 * @error: why outcomes could not be stored; their attempts become unknown
 *
 * Returns: whether all outcomes are stored
 */
gboolean
lk_dispatcher_stop_finish (LkDispatcher *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * lk_dispatcher_is_idle:
 * @self: a dispatcher
 * @with_retries: whether what waits for a later time counts, too
 *
 * Returns: whether there is nothing to do now; with @with_retries, whether nothing is left to do
 */
gboolean
lk_dispatcher_is_idle (LkDispatcher *self, gboolean with_retries)
{
  g_return_val_if_fail (LK_IS_DISPATCHER (self), FALSE);

  if (!has_nothing_under_way (self) || (self->epoch != 0 && self->want_claim))
    return FALSE;

  return !with_retries || self->next_due == 0;
}
