/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-keyring"

#include "config.h"

#include "core/error.h"
#include "core/signature.h"
#include "engine/alarm.h"
#include "engine/keyring-look.h"
#include "engine/keyring-tidy.h"
#include "engine/keyring.h"
#include "engine/secret-service.h"
#include "store/task-secret.h"

/* How soon to look again while a task waits for its secret, and while a secret is not where it
 * belongs: nobody tells of a keyring that is unlocked, or that comes up only later. */
#define LOOK_AGAIN_AFTER (30 * LK_SECOND)
#define TIDY_AGAIN_AFTER (5 * LK_MINUTE)

struct _LkKeyring
{
  GObject parent_instance;

  LkWorkspace *workspace;
  LkChangeFeed *feed;
  LkClock *clock;
  gboolean may_ask;
  LkAlarm *alarm;
  LkKeyringItems *items;
  GCancellable *cancellable; /* of the looks of its own */
  gboolean looking;          /* a look of its own is under way */
  gboolean stale;            /* something changed since it began */
  gboolean tidying;          /* what that found is being done */
  gboolean settled;          /* a look has ended */
  gboolean is_open;          /* as was found out last */
  char *problem;             /* (nullable) */
  gboolean can_unlock;
  gulong feed_handler;
};

G_DEFINE_FINAL_TYPE (LkKeyring, lk_keyring, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
look_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LkKeyring *self = source;
  GError *error = NULL;
  LkKeyringLook *look =
      lk_keyring_look (lk_workspace_get_pool (self->workspace), self->items, 0,
                       lk_clock_now (self->clock), GPOINTER_TO_INT (data), cancellable, &error);

  if (look != NULL)
    g_task_return_pointer (task, look, (GDestroyNotify) lk_keyring_look_free);
  else
    g_task_return_error (task, error);
}

static void
tidy_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LkKeyring *self = source;
  GError *error = NULL;

  if (lk_keyring_tidy (self->workspace, self->items, lk_clock_now (self->clock), cancellable,
                       &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
tidied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LkKeyring *self = LK_KEYRING (source);
  g_autoptr (GError) error = NULL;

  self->tidying = FALSE;
  g_task_propagate_boolean (G_TASK (result), &error);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("secrets could not be moved to where they belong: %s", error->message);
}

/* Apart from a look: the keyring may ask somebody, which nobody has to wait for who only sends. */
static void
tidy (LkKeyring *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->tidying)
    return;

  self->tidying = TRUE;
  task = g_task_new (self, self->cancellable, tidied_cb, NULL);
  g_task_set_source_tag (task, tidy);
  g_task_run_in_thread (task, tidy_thread);
}

static void
take_problem (LkKeyring *self, const char *problem)
{
  if (problem != NULL && g_strcmp0 (problem, self->problem) != 0)
    g_warning ("%s", problem);
  g_free (self->problem);
  self->problem = g_strdup (problem);
}

static void
take (LkKeyring *self, const LkKeyringLook *look)
{
  gboolean is_new =
      !self->settled || look->n_read > 0 || g_strcmp0 (look->problem, self->problem) != 0;

  take_problem (self, look->problem);
  self->can_unlock = look->can_unlock;
  self->settled = TRUE;
  if (look->problem != NULL || look->has_work)
    lk_alarm_set (self->alarm, lk_clock_now (self->clock)
                                   + (look->problem != NULL ? LOOK_AGAIN_AFTER : TIDY_AGAIN_AFTER));
  if (look->has_work)
    tidy (self);
  if (is_new)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void look (gpointer user_data);

/* Whoever waits for the keyring goes on without. */
static void
take_error (LkKeyring *self, const GError *error)
{
  g_warning ("the secrets in the keyring could not be looked for: %s", error->message);
  lk_alarm_set (self->alarm, lk_clock_now (self->clock) + LOOK_AGAIN_AFTER);
  if (self->settled)
    return;

  self->settled = TRUE;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LkKeyring *self = LK_KEYRING (source);
  g_autoptr (GError) error = NULL;

  self->looking = FALSE;
  if (self->cancellable == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;

  if (!lk_keyring_look_finish (self, result, &error))
    take_error (self, error);
  if (self->stale)
    look (self);
}

static void
look (gpointer user_data)
{
  LkKeyring *self = user_data;

  self->stale = self->looking;
  if (self->looking)
    return;

  lk_alarm_clear (self->alarm);
  self->looking = TRUE;
  lk_keyring_look_async (self, FALSE, self->cancellable, looked_cb, NULL);
}

static void
feed_changed_cb (LkChangeFeed *feed, LkChange changes, LkKeyring *self)
{
  g_assert (LK_IS_KEYRING (self));

  if ((changes & LK_CHANGE_TASKS) != 0)
    look (self);
}

static void
lk_keyring_dispose (GObject *object)
{
  LkKeyring *self = LK_KEYRING (object);

  lk_keyring_stop (self);
  g_clear_pointer (&self->alarm, lk_alarm_free);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->feed);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (lk_keyring_parent_class)->dispose (object);
}

static void
lk_keyring_finalize (GObject *object)
{
  LkKeyring *self = LK_KEYRING (object);

  g_clear_pointer (&self->items, lk_keyring_items_unref);
  g_clear_object (&self->workspace);
  g_free (self->problem);

  G_OBJECT_CLASS (lk_keyring_parent_class)->finalize (object);
}

static void
lk_keyring_class_init (LkKeyringClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lk_keyring_dispose;
  object_class->finalize = lk_keyring_finalize;

  signals[CHANGED] = g_signal_new ("changed", LK_TYPE_KEYRING, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
lk_keyring_init (LkKeyring *self)
{
  self->items = lk_keyring_items_new ();
  self->cancellable = g_cancellable_new ();
}

/**
 * lk_keyring_new:
 * @workspace: where the tasks are
 * @clock: the time
 * @may_ask: whether the desktop may ask somebody to unlock it where a secret is asked for
 *
 * Returns: (transfer full): a keyring that was not looked at yet
 */
LkKeyring *
lk_keyring_new (LkWorkspace *workspace, LkClock *clock, gboolean may_ask)
{
  LkKeyring *self = g_object_new (LK_TYPE_KEYRING, NULL);

  self->workspace = g_object_ref (workspace);
  self->clock = g_object_ref (clock);
  self->feed = g_object_ref (lk_workspace_get_change_feed (workspace));
  self->may_ask = may_ask;
  self->alarm = lk_alarm_new (clock, G_PRIORITY_DEFAULT, look, self);

  return self;
}

/**
 * lk_keyring_start:
 * @self: a keyring
 *
 * Looks at once and whenever tasks change.
 */
void
lk_keyring_start (LkKeyring *self)
{
  g_return_if_fail (LK_IS_KEYRING (self));

  if (self->feed_handler != 0)
    return;

  self->feed_handler = g_signal_connect (self->feed, "changed", G_CALLBACK (feed_changed_cb), self);
  look (self);
}

/**
 * lk_keyring_stop:
 * @self: a keyring
 *
 * A look that is under way is interrupted.
 */
void
lk_keyring_stop (LkKeyring *self)
{
  g_return_if_fail (LK_IS_KEYRING (self));

  if (self->feed != NULL)
    g_clear_signal_handler (&self->feed_handler, self->feed);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->alarm != NULL)
    lk_alarm_clear (self->alarm);
}

/**
 * lk_keyring_look_async:
 * @self: a keyring
 * @unlock: whether the desktop may ask somebody to unlock it: only where a person waits for it
 * @cancellable: (nullable): interrupts it
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Reads what is in the keyring, and begins to move and remove what is to be. Two looks at a time do
 * no harm.
 */
void
lk_keyring_look_async (LkKeyring *self, gboolean unlock, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (LK_IS_KEYRING (self));

  g_task_set_source_tag (task, lk_keyring_look_async);
  g_task_set_task_data (task, GINT_TO_POINTER (unlock), NULL);
  g_task_run_in_thread (task, look_thread);
}

/**
 * lk_keyring_look_finish:
 * @self: a keyring
 * @result: what the callback got
 * @error: why the workspace could not be read or written; what is wrong with the keyring is in
 *   lk_keyring_get_problem()
 *
 * Returns: whether it was looked at
 */
gboolean
lk_keyring_look_finish (LkKeyring *self, GAsyncResult *result, GError **error)
{
  g_autoptr (LkKeyringLook) found = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  found = g_task_propagate_pointer (G_TASK (result), error);
  if (found != NULL)
    take (self, found);

  return found != NULL;
}

typedef struct
{
  gint64 task_id;
  LkInstant now;
} Question;

static void
read_secrets_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LkKeyring *self = source;
  const Question *question = data;
  GError *error = NULL;
  char **secrets = lk_keyring_look_for_secrets (lk_workspace_get_pool (self->workspace),
                                                self->items, question->task_id, question->now,
                                                self->may_ask, cancellable, &error);

  if (secrets != NULL)
    g_task_return_pointer (task, secrets, (GDestroyNotify) lk_task_secret_list_free);
  else
    g_task_return_error (task, error);
}

/**
 * lk_keyring_read_secrets_async:
 * @self: a keyring
 * @task_id: a task; 0 for one that is not saved
 * @typed: (nullable): a secret that takes the place of the stored ones
 * @cancellable: (nullable): interrupts it
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Finds what a task signs with, wherever that is.
 */
void
lk_keyring_read_secrets_async (LkKeyring *self, gint64 task_id, const char *typed,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  question->task_id = task_id;
  question->now = lk_clock_now (self->clock);
  g_task_set_source_tag (task, lk_keyring_read_secrets_async);
  g_task_set_task_data (task, question, g_free);
  if (typed != NULL)
    g_task_return_pointer (task, g_strdupv ((char *[]){ (char *) typed, NULL }),
                           (GDestroyNotify) lk_task_secret_list_free);
  else
    g_task_run_in_thread (task, read_secrets_thread);
}

/**
 * lk_keyring_read_secrets_finish:
 * @self: a keyring
 * @result: what the callback got
 * @error: %LK_ERROR_INVALID when there is none, or a blank one; %LK_ERROR_LOCKED when the keyring
 *   does not give it out
 *
 * Returns: (transfer full) (array zero-terminated=1) (nullable): newest first, never empty, to be
 *   wiped by lk_task_secret_list_free()
 */
char **
lk_keyring_read_secrets_finish (LkKeyring *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) reason = NULL;
  char **secrets;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  secrets = g_task_propagate_pointer (G_TASK (result), &reason);
  if (reason != NULL && !g_error_matches (reason, LK_ERROR, LK_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&reason));
  else if (!lk_secret_check (secrets != NULL ? secrets[0] : "", error))
    g_clear_pointer (&secrets, lk_task_secret_list_free);

  return secrets;
}

static void
find_out_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr (SecretService) service = lk_secret_service_open (FALSE, NULL, cancellable, &error);

  if (service != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * lk_keyring_find_out_async:
 * @self: a keyring
 * @cancellable: (nullable): interrupts it
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Finds out whether a secret can be put into the keyring now, without asking anybody.
 */
void
lk_keyring_find_out_async (LkKeyring *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, lk_keyring_find_out_async);
  g_task_run_in_thread (task, find_out_thread);
}

/**
 * lk_keyring_find_out_finish:
 * @self: a keyring
 * @result: what the callback got
 * @error: %LK_ERROR_LOCKED with the reason when it cannot
 *
 * Returns: whether it can
 */
gboolean
lk_keyring_find_out_finish (LkKeyring *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  self->is_open = g_task_propagate_boolean (G_TASK (result), error);

  return self->is_open;
}

/* Returns: what lk_keyring_find_out_finish() said last */
gboolean
lk_keyring_is_open (LkKeyring *self)
{
  g_return_val_if_fail (LK_IS_KEYRING (self), FALSE);

  return self->is_open;
}

/* Returns: (transfer none): what the keyring gave out so far; may be used in any thread */
LkKeyringItems *
lk_keyring_get_items (LkKeyring *self)
{
  g_return_val_if_fail (LK_IS_KEYRING (self), NULL);

  return self->items;
}

/* Returns: whether what lk_keyring_get_problem() says would be mended by unlocking it */
gboolean
lk_keyring_can_unlock (LkKeyring *self)
{
  g_return_val_if_fail (LK_IS_KEYRING (self), FALSE);

  return self->problem != NULL && self->can_unlock;
}

/* Returns: whether it was looked at, so that what is not in its items cannot be read for now */
gboolean
lk_keyring_is_settled (LkKeyring *self)
{
  g_return_val_if_fail (LK_IS_KEYRING (self), FALSE);

  return self->settled;
}

/* Returns: (transfer none) (nullable): which task waits for its secret and why; %NULL for none */
const char *
lk_keyring_get_problem (LkKeyring *self)
{
  g_return_val_if_fail (LK_IS_KEYRING (self), NULL);

  return self->problem;
}
