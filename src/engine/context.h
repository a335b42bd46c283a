/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/license.h"
#include "core/run.h"
#include "core/task.h"
#include "engine/caretaker.h"
#include "engine/ledger-change.h"
#include "engine/license-outlook.h"
#include "engine/preview-request.h"
#include "engine/sender.h"
#include "engine/task-preview.h"
#include "store/lease-store.h"
#include "store/workspace.h"

G_BEGIN_DECLS

#define LK_TYPE_CONTEXT (lk_context_get_type ())
G_DECLARE_FINAL_TYPE (LkContext, lk_context, LK, CONTEXT, GObject)

/**
 * LkContext:
 *
 * Makes, owns, hands out and closes the services over one workspace: license servers, the lease,
 * the scheduler, the task runner, the dispatcher, the sender, the caretaker and the log's indexer.
 * Both programs make exactly one and pass it on; nothing is global.
 *
 * Thread: the main loop.
 *
 * Properties:
 *  - `lease` (LkLease boxed pointer through lk_context_get_lease(); notify on change)
 *  - `trouble` (string, nullable): why sending has stopped (disk full, I/O error), for the window
 *    and the exit code
 *
 * Signals:
 *  - `run-finished` (LkRun *): a run of this process ended
 *  - `deliveries-settled` (GPtrArray * of LkSettlement): outcomes were written
 */
LkContext *lk_context_new (LkWorkspace *workspace, LkClock *clock, LkHolderKind kind);

/* Starts to compete for the lease; whoever holds it runs due tasks and sends. */
void lk_context_start (LkContext *self);
/* Stops claiming, waits up to @grace_s seconds for what is in flight, settles it, gives the lease
 * back. */
void lk_context_stop_async (LkContext *self, guint grace_s, GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean lk_context_stop_finish (LkContext *self, GAsyncResult *result, GError **error);

LkWorkspace *lk_context_get_workspace (LkContext *self);
LkDbPool *lk_context_get_pool (LkContext *self);
LkChangeFeed *lk_context_get_change_feed (LkContext *self);
LkKeyring *lk_context_get_keyring (LkContext *self);
LkCaretaker *lk_context_get_caretaker (LkContext *self);
LkClock *lk_context_get_clock (LkContext *self);
const LkLease *lk_context_get_lease (LkContext *self); /* as last read; never NULL */
gboolean lk_context_holds_lease (LkContext *self);
const char *lk_context_get_trouble (LkContext *self);
/* Requests of this process since its start, by outcome. */
void lk_context_get_attempts (LkContext *self, guint64 attempts[LK_N_OUTCOMES]);

/* (transfer full): the open server of that profile; opened once, shared, re-opened when the
 * profile's uri changed. */
void lk_context_open_server_async (LkContext *self, gint64 server_id, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
LkLicenseServer *lk_context_open_server_finish (LkContext *self, GAsyncResult *result,
                                                GError **error);

/* Run Now: asks for a run of the task, which the lease holder (this process or another) executes,
 * and completes when the run is finished and each of its deliveries had its first attempt. Fails
 * when nobody holds the lease for 60 seconds. (transfer full): the run as it ended. */
void lk_context_run_task_async (LkContext *self, gint64 task_id, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
LkRun *lk_context_run_task_finish (LkContext *self, GAsyncResult *result, GError **error);

/* Send Test: one real request through the real path, logged as a test, outside the ledger and the
 * lease. @task may be an unsaved draft's value; @secret: (nullable): %NULL takes the stored one;
 * @license: (nullable): %NULL takes the sample license. */
void lk_context_send_test_async (LkContext *self, const LkTask *task, const char *secret,
                                 LkLicense *license, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
LkReply *lk_context_send_test_finish (LkContext *self, GAsyncResult *result, LkDelivery **delivery,
                                      GError **error);

/* What the task would fire now, at its next run and after it, with nothing written. @settings may
 * be an unsaved draft's value. (transfer full): the preview. */
void lk_context_preview_async (LkContext *self, const LkTask *settings,
                               const LkPreviewOptions *options, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
LkPreview *lk_context_preview_finish (LkContext *self, GAsyncResult *result, GError **error);
/* The request that the task would make for a license at @due_at. @secret: (nullable): %NULL takes
 * the stored one. (transfer full): address, headers and exact body. */
void lk_context_preview_request_async (LkContext *self, const LkTask *settings, const char *secret,
                                       gint64 license_id, LkInstant due_at,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
LkPreviewRequest *lk_context_preview_request_finish (LkContext *self, GAsyncResult *result,
                                                     GError **error);

/* How the ledger would know the task's matches of this moment, or one license, whether it matches
 * or not. (transfer full) (element-type LkLedgerMark). */
void lk_context_find_marks_async (LkContext *self, const LkTask *settings, gint64 license_id,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *lk_context_find_marks_finish (LkContext *self, GAsyncResult *result, GError **error);

/* Lets one license, or with 0 all that match, count as sent or as never sent by a saved task: how
 * many of them changed; -1 on error. */
void lk_context_change_ledger_async (LkContext *self, const LkTask *settings, gint64 license_id,
                                     LkLedgerChange change, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
gint64 lk_context_change_ledger_finish (LkContext *self, GAsyncResult *result, GError **error);

/* What a saved task makes of the license of @options: why it was not sent, and when it will be.
 * (transfer full): the outlook. */
void lk_context_look_up_license_async (LkContext *self, const LkTask *settings,
                                       const LkPreviewOptions *options, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
LkLicenseOutlook *lk_context_look_up_license_finish (LkContext *self, GAsyncResult *result,
                                                     GError **error);

/* True once nothing is due, running or in flight; with @with_retries, once nothing waits for a
 * retry either. notify::idle fires on change. */
gboolean lk_context_is_idle (LkContext *self, gboolean with_retries);

G_END_DECLS
