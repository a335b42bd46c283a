/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-context"

#include "config.h"

#include "engine/context-private.h"

/* Seconds for what is in flight when the lease goes to an agent. */
#define YIELD_GRACE_S 10

G_DEFINE_FINAL_TYPE (LkContext, lk_context, G_TYPE_OBJECT)

enum
{
  PROP_LEASE = 1,
  PROP_TROUBLE,
  PROP_IDLE,
  N_PROPS
};

enum
{
  RUN_FINISHED,
  DELIVERIES_SETTLED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void release_when_at_rest (LkContext *self);

static void
check_idle (LkContext *self)
{
  gboolean idle = lk_context_is_idle (self, FALSE);
  gboolean done = lk_context_is_idle (self, TRUE);

  if (idle == self->was_idle && done == self->was_done)
    return;

  self->was_idle = idle;
  self->was_done = done;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IDLE]);

  /* Whoever waits for what the engine did need not wait until more has gathered. */
  if (done)
    lk_change_feed_flush (lk_workspace_get_change_feed (self->workspace));
}

/* The lease is another's. */
static void
halt (LkContext *self)
{
  lk_caretaker_stop (self->caretaker);
  lk_log_indexer_stop (self->log_indexer);
  lk_scheduler_stop (self->scheduler);
  lk_task_runner_stop (self->runner);
  if (!self->winding_down)
    lk_dispatcher_abandon (self->dispatcher);
}

static void
keyring_changed_cb (LkKeyring *keyring, gpointer user_data)
{
  LkContext *self = user_data;

  g_assert (LK_IS_CONTEXT (self));

  lk_dispatcher_wake (self->dispatcher);
  check_idle (self);
}

static void
lease_changed_cb (LkLeaseKeeper *keeper, gpointer user_data)
{
  LkContext *self = user_data;
  gint64 epoch = lk_lease_keeper_get_epoch (keeper);

  g_assert (LK_IS_CONTEXT (self));

  if (epoch == 0)
    halt (self);
  else if (!self->winding_down)
    {
      /* What was begun under an earlier lease could write nothing; the scheduler finds it again. */
      lk_task_runner_stop (self->runner);
      lk_scheduler_start (self->scheduler, epoch);
      lk_dispatcher_start (self->dispatcher, epoch);
      lk_caretaker_start (self->caretaker, epoch);
      lk_log_indexer_start (self->log_indexer, epoch);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LEASE]);
  check_idle (self);
}

static void
lease_lost_cb (GObject *service, gpointer user_data)
{
  LkContext *self = user_data;

  g_assert (LK_IS_CONTEXT (self));

  halt (self);
  lk_lease_keeper_check (self->keeper);
}

static void
complete_stop (LkContext *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->stopping);

  lk_lease_keeper_stop (self->keeper);
  lk_keyring_stop (self->keyring);
  lk_servers_close (self->servers);
  if (self->stop_error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->stop_error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
released_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkContext) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!lk_lease_keeper_release_finish (LK_LEASE_KEEPER (source), result, &error))
    {
      g_message ("cannot give the lease back, it expires by itself: %s", error->message);
      if (self->stop_error == NULL)
        self->stop_error = g_steal_pointer (&error);
    }

  self->winding_down = self->stopping != NULL;
  if (self->stopping != NULL)
    complete_stop (self);
}

static void
release_when_at_rest (LkContext *self)
{
  if (!self->winding_down || !self->at_rest || !lk_task_runner_is_idle (self->runner))
    return;

  self->at_rest = FALSE;
  lk_lease_keeper_release_async (self->keeper, released_cb, g_object_ref (self));
}

static void
dispatcher_stopped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkContext) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!lk_dispatcher_stop_finish (LK_DISPATCHER (source), result, &error))
    {
      g_warning ("outcomes could not be stored, these deliveries are sent again: %s",
                 error->message);
      g_clear_error (&self->stop_error);
      self->stop_error = g_steal_pointer (&error);
    }

  self->at_rest = TRUE;
  release_when_at_rest (self);
}

static void
wind_down (LkContext *self, guint grace_s)
{
  if (self->winding_down)
    return;

  self->winding_down = TRUE;
  lk_caretaker_stop (self->caretaker);
  lk_log_indexer_stop (self->log_indexer);
  lk_scheduler_stop (self->scheduler);
  lk_task_runner_stop (self->runner);
  lk_dispatcher_stop_async (self->dispatcher, grace_s, dispatcher_stopped_cb, g_object_ref (self));
}

static void
wanted_cb (LkLeaseKeeper *keeper, gpointer user_data)
{
  wind_down (user_data, YIELD_GRACE_S);
}

static void
run_cb (LkScheduler *scheduler, LkRun *run, gpointer user_data)
{
  LkContext *self = user_data;

  g_assert (LK_IS_CONTEXT (self));

  lk_task_runner_run (self->runner, run, lk_lease_keeper_get_epoch (self->keeper));
}

static void
run_finished_cb (LkTaskRunner *runner, LkRun *run, gpointer user_data)
{
  LkContext *self = user_data;

  lk_scheduler_wake (self->scheduler);
  lk_dispatcher_wake (self->dispatcher);
  g_signal_emit (self, signals[RUN_FINISHED], 0, run);
}

static void
runner_idle_changed_cb (LkTaskRunner *runner, gpointer user_data)
{
  LkContext *self = user_data;

  release_when_at_rest (self);
  check_idle (self);
}

static void
deliveries_added_cb (LkTaskRunner *runner, gpointer user_data)
{
  LkContext *self = user_data;

  lk_dispatcher_wake (self->dispatcher);
}

static void
settled_cb (LkDispatcher *dispatcher, GPtrArray *settlements, gpointer user_data)
{
  g_signal_emit (user_data, signals[DELIVERIES_SETTLED], 0, settlements);
}

static void
idle_changed_cb (GObject *service, gpointer user_data)
{
  check_idle (user_data);
}

static void
trouble_changed_cb (LkTrouble *trouble, gpointer user_data)
{
  g_object_notify_by_pspec (user_data, properties[PROP_TROUBLE]);
}

static void
make_services (LkContext *self, LkHolderKind kind)
{
  LkDbPool *pool = lk_workspace_get_pool (self->workspace);
  LkChangeFeed *feed = lk_workspace_get_change_feed (self->workspace);
  int priority = kind == LK_HOLDER_CONSOLE ? G_PRIORITY_LOW : G_PRIORITY_DEFAULT;

  self->trouble = lk_trouble_new ();
  self->servers = lk_servers_new (self->workspace);
  self->sender = lk_sender_new (self->clock, priority);
  self->keyring = lk_keyring_new (self->workspace, self->clock, kind == LK_HOLDER_CONSOLE);
  self->keeper =
      lk_lease_keeper_new (pool, self->clock, feed, self->trouble, kind, G_PRIORITY_DEFAULT);
  self->scheduler = lk_scheduler_new (pool, self->clock, feed, self->trouble, priority);
  self->runner =
      lk_task_runner_new (self->workspace, self->servers, self->clock, self->trouble, priority);
  self->dispatcher = lk_dispatcher_new (pool, self->clock, feed, self->sender, self->trouble,
                                        lk_keyring_get_items (self->keyring), priority);
  self->caretaker = lk_caretaker_new (pool, self->clock);
  self->log_indexer = lk_log_indexer_new (pool, self->clock, feed);
}

static void
connect_services (LkContext *self)
{
  g_signal_connect_object (self->trouble, "changed", G_CALLBACK (trouble_changed_cb), self, 0);
  g_signal_connect_object (self->keyring, "changed", G_CALLBACK (keyring_changed_cb), self, 0);
  g_signal_connect_object (self->keeper, "changed", G_CALLBACK (lease_changed_cb), self, 0);
  g_signal_connect_object (self->keeper, "wanted", G_CALLBACK (wanted_cb), self, 0);
  g_signal_connect_object (self->scheduler, "run", G_CALLBACK (run_cb), self, 0);
  g_signal_connect_object (self->scheduler, "lease-lost", G_CALLBACK (lease_lost_cb), self, 0);
  g_signal_connect_object (self->scheduler, "idle-changed", G_CALLBACK (idle_changed_cb), self, 0);
  g_signal_connect_object (self->runner, "finished", G_CALLBACK (run_finished_cb), self, 0);
  g_signal_connect_object (self->runner, "deliveries-added", G_CALLBACK (deliveries_added_cb), self,
                           0);
  g_signal_connect_object (self->runner, "lease-lost", G_CALLBACK (lease_lost_cb), self, 0);
  g_signal_connect_object (self->runner, "idle-changed", G_CALLBACK (runner_idle_changed_cb), self,
                           0);
  g_signal_connect_object (self->dispatcher, "settled", G_CALLBACK (settled_cb), self, 0);
  g_signal_connect_object (self->dispatcher, "lease-lost", G_CALLBACK (lease_lost_cb), self, 0);
  g_signal_connect_object (self->dispatcher, "idle-changed", G_CALLBACK (idle_changed_cb), self, 0);
}

static void
lk_context_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LkContext *self = LK_CONTEXT (object);

  switch (id)
    {
    case PROP_LEASE:
      g_value_set_pointer (value, (gpointer) lk_context_get_lease (self));
      break;
    case PROP_TROUBLE:
      g_value_set_string (value, lk_context_get_trouble (self));
      break;
    case PROP_IDLE:
      g_value_set_boolean (value, lk_context_is_idle (self, FALSE));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lk_context_dispose (GObject *object)
{
  LkContext *self = LK_CONTEXT (object);

  if (self->keeper != NULL)
    lk_lease_keeper_stop (self->keeper);
  if (self->keyring != NULL)
    lk_keyring_stop (self->keyring);
  g_clear_error (&self->stop_error);
  g_clear_object (&self->caretaker);
  g_clear_object (&self->log_indexer);
  g_clear_object (&self->dispatcher);
  g_clear_object (&self->runner);
  g_clear_object (&self->scheduler);
  g_clear_object (&self->keeper);
  g_clear_object (&self->sender);
  g_clear_object (&self->keyring);
  g_clear_object (&self->servers);
  g_clear_object (&self->trouble);
  g_clear_object (&self->clock);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (lk_context_parent_class)->dispose (object);
}

static void
lk_context_class_init (LkContextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lk_context_get_property;
  object_class->dispose = lk_context_dispose;

  properties[PROP_LEASE] =
      g_param_spec_pointer ("lease", NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TROUBLE] =
      g_param_spec_string ("trouble", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_IDLE] =
      g_param_spec_boolean ("idle", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[RUN_FINISHED] = g_signal_new ("run-finished", LK_TYPE_CONTEXT, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[DELIVERIES_SETTLED] =
      g_signal_new ("deliveries-settled", LK_TYPE_CONTEXT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
lk_context_init (LkContext *self)
{
}

/**
 * lk_context_new:
 * @workspace: the open workspace
 * @clock: the time
 * @kind: what this process is; in a console the services' I/O has a low priority, so that the
 *   window comes first
 *
 * Returns: (transfer full): the services, at rest until lk_context_start()
 */
LkContext *
lk_context_new (LkWorkspace *workspace, LkClock *clock, LkHolderKind kind)
{
  LkContext *self;

  g_return_val_if_fail (LK_IS_WORKSPACE (workspace), NULL);
  g_return_val_if_fail (LK_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (kind != LK_HOLDER_NONE, NULL);

  self = g_object_new (LK_TYPE_CONTEXT, NULL);
  self->workspace = g_object_ref (workspace);
  self->clock = g_object_ref (clock);
  make_services (self, kind);
  connect_services (self);

  return self;
}

/**
 * lk_context_start:
 * @self: a context
 *
 * Begins to compete for the lease; whoever holds it runs due tasks and sends.
 */
void
lk_context_start (LkContext *self)
{
  g_return_if_fail (LK_IS_CONTEXT (self));

  lk_keyring_start (self->keyring);
  lk_lease_keeper_start (self->keeper);
}

/**
 * lk_context_stop_async:
 * @self: a context
 * @grace_s: seconds to wait for requests that are in flight
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Begins nothing new, waits for what is in flight, stores its outcomes, gives the lease back and
 * closes the license servers. A run that is under way stays begun and is gone on with by the next
 * process. The context cannot be started again.
 */
void
lk_context_stop_async (LkContext *self, guint grace_s, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_return_if_fail (LK_IS_CONTEXT (self));
  g_return_if_fail (self->stopping == NULL);

  self->stopping = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->stopping, lk_context_stop_async);
  wind_down (self, grace_s);
}

/**
 * lk_context_stop_finish:
 * @self: a context
 * @result: what the callback got
 * @error: why outcomes could not be stored or the lease not be given back
 *
 * Returns: whether everything was put in order
 */
gboolean
lk_context_stop_finish (LkContext *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

LkWorkspace *
lk_context_get_workspace (LkContext *self)
{
  g_return_val_if_fail (LK_IS_CONTEXT (self), NULL);

  return self->workspace;
}

LkDbPool *
lk_context_get_pool (LkContext *self)
{
  g_return_val_if_fail (LK_IS_CONTEXT (self), NULL);

  return lk_workspace_get_pool (self->workspace);
}

LkChangeFeed *
lk_context_get_change_feed (LkContext *self)
{
  g_return_val_if_fail (LK_IS_CONTEXT (self), NULL);

  return lk_workspace_get_change_feed (self->workspace);
}

LkClock *
lk_context_get_clock (LkContext *self)
{
  g_return_val_if_fail (LK_IS_CONTEXT (self), NULL);

  return self->clock;
}

/* Returns: (transfer none): where the secrets are that are not in the workspace */
LkKeyring *
lk_context_get_keyring (LkContext *self)
{
  g_return_val_if_fail (LK_IS_CONTEXT (self), NULL);

  return self->keyring;
}

/* Returns: (transfer none): what removes what is too old to keep */
LkCaretaker *
lk_context_get_caretaker (LkContext *self)
{
  g_return_val_if_fail (LK_IS_CONTEXT (self), NULL);

  return self->caretaker;
}

/**
 * lk_context_get_lease:
 * @self: a context
 *
 * Returns: (transfer none): who runs the schedule, as last read; valid until the next change
 */
const LkLease *
lk_context_get_lease (LkContext *self)
{
  g_return_val_if_fail (LK_IS_CONTEXT (self), NULL);

  return lk_lease_keeper_get_lease (self->keeper);
}

/**
 * lk_context_holds_lease:
 * @self: a context
 *
 * Returns: whether this process runs the schedule
 */
gboolean
lk_context_holds_lease (LkContext *self)
{
  g_return_val_if_fail (LK_IS_CONTEXT (self), FALSE);

  return lk_lease_keeper_get_epoch (self->keeper) != 0;
}

/**
 * lk_context_get_trouble:
 * @self: a context
 *
 * Returns: (nullable): why sending has stopped and what to do; %NULL while all is well
 */
const char *
lk_context_get_trouble (LkContext *self)
{
  g_return_val_if_fail (LK_IS_CONTEXT (self), NULL);

  return lk_trouble_get_message (self->trouble);
}

/**
 * lk_context_get_attempts:
 * @self: a context
 * @attempts: (out caller-allocates) (array fixed-size=5): how many requests this process made since
 *   its start, by their outcome
 */
void
lk_context_get_attempts (LkContext *self, guint64 attempts[LK_N_OUTCOMES])
{
  g_return_if_fail (LK_IS_CONTEXT (self));

  lk_sender_get_outcomes (self->sender, attempts);
}

/**
 * lk_context_is_idle:
 * @self: a context that was started
 * @with_retries: whether deliveries that wait for a later attempt count, too
 *
 * Returns: whether this process has nothing to do: nothing due, running or in flight; also when
 *   another process runs the schedule. `notify::idle` tells of changes to either answer
 */
gboolean
lk_context_is_idle (LkContext *self, gboolean with_retries)
{
  g_return_val_if_fail (LK_IS_CONTEXT (self), FALSE);

  if (!lk_lease_keeper_is_settled (self->keeper) || !lk_keyring_is_settled (self->keyring))
    return FALSE;

  return lk_scheduler_is_idle (self->scheduler) && lk_task_runner_is_idle (self->runner)
         && lk_dispatcher_is_idle (self->dispatcher, with_retries);
}
