/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-context"

#include "config.h"

#include "engine/context-private.h"
#include "engine/ledger-change.h"
#include "engine/ledger-marks.h"
#include "engine/license-outlook.h"
#include "engine/run-wait.h"
#include "engine/test-send.h"

static void
server_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  LkLicenseServer *server = lk_servers_open_finish (LK_SERVERS (source), result, &error);

  if (server != NULL)
    g_task_return_pointer (task, server, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * lk_context_open_server_async:
 * @self: a context
 * @server_id: a License Server's profile
 * @cancellable: (nullable): gives up
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Hands out the license server: opened once, shared, and opened anew when its profile changed or
 * another database took the place of its file.
 */
void
lk_context_open_server_async (LkContext *self, gint64 server_id, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (LK_IS_CONTEXT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_context_open_server_async);
  lk_servers_open_async (self->servers, server_id, cancellable, server_opened_cb, task);
}

/**
 * lk_context_open_server_finish:
 * @self: a context
 * @result: what the callback got
 * @error: as of lk_servers_open_finish()
 *
 * Returns: (transfer full) (nullable): the server
 */
LkLicenseServer *
lk_context_open_server_finish (LkContext *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * lk_context_run_task_async:
 * @self: a context
 * @task_id: the task
 * @cancellable: (nullable): stops waiting; the run itself goes on
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Run Now: asks for a run, which the lease holder, this process or another, executes. Completes
 * when it has ended and each of its deliveries had its first attempt.
 */
void
lk_context_run_task_async (LkContext *self, gint64 task_id, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (LK_IS_CONTEXT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_context_run_task_async);
  lk_run_wait_start (task, self->workspace, self->clock, task_id);
}

/**
 * lk_context_run_task_finish:
 * @self: a context
 * @result: what the callback got
 * @error: %LK_ERROR_NOT_FOUND for an unknown task, %LK_ERROR_FAILED when no process runs the
 *   schedule
 *
 * Returns: (transfer full) (nullable): the run as it ended, finished or failed
 */
LkRun *
lk_context_run_task_finish (LkContext *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * lk_context_send_test_async:
 * @self: a context
 * @task: the task's settings, saved or not
 * @secret: (nullable): the secret as typed; %NULL takes the stored one
 * @license: (nullable): what to tell of; %NULL takes a sample
 * @cancellable: (nullable): gives up
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Send Test: one real request through the real path, logged as a test, outside of the ledger and
 * the lease.
 */
void
lk_context_send_test_async (LkContext *self, const LkTask *task, const char *secret,
                            LkLicense *license, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (LkLicense) told = NULL;
  GTask *test;

  g_return_if_fail (LK_IS_CONTEXT (self));
  g_return_if_fail (task != NULL);

  told = license != NULL ? lk_license_ref (license) : lk_license_new_sample ();
  test = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (test, lk_context_send_test_async);
  lk_test_send_start (test, lk_context_get_pool (self), self->clock, self->sender, self->keyring,
                      task, secret, told);
}

/**
 * lk_context_send_test_finish:
 * @self: a context
 * @result: what the callback got
 * @delivery: (out) (optional) (transfer full): its row of the log
 * @error: %LK_ERROR_INVALID for a blank secret or a bad URL; an answer that is not 2xx is no error
 *
 * Returns: (transfer full) (nullable): the request, both signatures, the answer and the time
 */
LkReply *
lk_context_send_test_finish (LkContext *self, GAsyncResult *result, LkDelivery **delivery,
                             GError **error)
{
  g_autoptr (LkTestResult) answer = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  answer = g_task_propagate_pointer (G_TASK (result), error);
  if (answer == NULL)
    return NULL;

  if (delivery != NULL)
    *delivery = g_steal_pointer (&answer->delivery);

  return g_steal_pointer (&answer->reply);
}

/**
 * lk_context_preview_async:
 * @self: a context
 * @settings: the task's settings, saved or not
 * @options: what to look at
 * @cancellable: (nullable): gives up
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Preview: which licenses the task would send, when, and under which rule.
 */
void
lk_context_preview_async (LkContext *self, const LkTask *settings, const LkPreviewOptions *options,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task;

  g_return_if_fail (LK_IS_CONTEXT (self));
  g_return_if_fail (settings != NULL && options != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_context_preview_async);
  lk_task_preview_start (task, self->workspace, self->servers, settings, options);
}

/**
 * lk_context_preview_finish:
 * @self: a context
 * @result: what the callback got
 * @error: %LK_ERROR_NOT_FOUND when the search or the server is gone, %LK_ERROR_CLAUSE for an
 * invalid search, %LK_ERROR_INVALID for a firing policy that is not understood
 *
 * Returns: (transfer full) (nullable): the preview
 */
LkPreview *
lk_context_preview_finish (LkContext *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * lk_context_preview_request_async:
 * @self: a context
 * @settings: the task's settings, saved or not
 * @secret: (nullable): the secret as typed; %NULL takes the stored one
 * @license_id: the license to tell of
 * @due_at: when the request would be made
 * @cancellable: (nullable): gives up
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Makes the request that the task would send, and keeps it.
 */
void
lk_context_preview_request_async (LkContext *self, const LkTask *settings, const char *secret,
                                  gint64 license_id, LkInstant due_at, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (LK_IS_CONTEXT (self));
  g_return_if_fail (settings != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_context_preview_request_async);
  lk_preview_request_start (task, self->keyring, self->servers, settings, secret, license_id,
                            due_at);
}

/**
 * lk_context_preview_request_finish:
 * @self: a context
 * @result: what the callback got
 * @error: %LK_ERROR_NOT_FOUND when the license is gone, %LK_ERROR_INVALID for a blank secret or a
 *   bad URL
 *
 * Returns: (transfer full) (nullable): the request
 */
LkPreviewRequest *
lk_context_preview_request_finish (LkContext *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * lk_context_find_marks_async:
 * @self: a context
 * @settings: the task's settings, saved or not
 * @license_id: a license, whether it matches or not; 0 for all that match now
 * @cancellable: (nullable): gives up
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Finds out how the task's ledger would know licenses if they were sent now. Nothing is written:
 * lk_ledger_mark_sent() and lk_ledger_forget() do that.
 */
void
lk_context_find_marks_async (LkContext *self, const LkTask *settings, gint64 license_id,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task;

  g_return_if_fail (LK_IS_CONTEXT (self));
  g_return_if_fail (settings != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_context_find_marks_async);
  lk_ledger_marks_start (task, self->workspace, self->servers, settings, license_id,
                         lk_clock_now (self->clock));
}

/**
 * lk_context_find_marks_finish:
 * @self: a context
 * @result: what the callback got
 * @error: %LK_ERROR_NOT_FOUND when license, search or server are gone, %LK_ERROR_CLAUSE for an
 *   invalid search, %LK_ERROR_INVALID for a firing policy that does not ask what was sent
 *
 * Returns: (transfer full) (element-type LkLedgerMark) (nullable): the marks
 */
GPtrArray *
lk_context_find_marks_finish (LkContext *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * lk_context_change_ledger_async:
 * @self: a context
 * @settings: the task as it is stored
 * @license_id: a license, whether it matches or not; 0 for all that match now
 * @change: what to do
 * @cancellable: (nullable): gives up, unless it is done already
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Forget and Mark as Sent: changes what the task's ledger knows.
 */
void
lk_context_change_ledger_async (LkContext *self, const LkTask *settings, gint64 license_id,
                                LkLedgerChange change, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (LK_IS_CONTEXT (self));
  g_return_if_fail (settings != NULL && settings->id != 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_context_change_ledger_async);
  lk_ledger_change_start (task, self->workspace, self->servers, settings, license_id, change,
                          lk_clock_now (self->clock));
}

/**
 * lk_context_change_ledger_finish:
 * @self: a context
 * @result: what the callback got
 * @error: as of lk_context_find_marks_finish(), and %LK_ERROR_CONFLICT when the task was changed
 *   meanwhile
 *
 * Returns: how many licenses or groups changed; -1 on error
 */
gint64
lk_context_change_ledger_finish (LkContext *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/**
 * lk_context_look_up_license_async:
 * @self: a context
 * @settings: the task as it is stored
 * @options: the license, the moment, and how many days to look ahead
 * @cancellable: (nullable): gives up
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Why a license was not sent, and when it will be.
 */
void
lk_context_look_up_license_async (LkContext *self, const LkTask *settings,
                                  const LkPreviewOptions *options, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (LK_IS_CONTEXT (self));
  g_return_if_fail (settings != NULL && options != NULL && options->license_id != 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_context_look_up_license_async);
  lk_license_outlook_start (task, self->workspace, self->servers, settings, options);
}

/**
 * lk_context_look_up_license_finish:
 * @self: a context
 * @result: what the callback got
 * @error: %LK_ERROR_NOT_FOUND when license, search or server are gone, %LK_ERROR_CLAUSE for an
 *   invalid search, %LK_ERROR_INVALID for a firing policy that is not understood
 *
 * Returns: (transfer full) (nullable): the outlook
 */
LkLicenseOutlook *
lk_context_look_up_license_finish (LkContext *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
