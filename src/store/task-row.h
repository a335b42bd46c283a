/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/task.h"
#include "store/query.h"

G_BEGIN_DECLS

/* Private to the store: a task as a row of its table. */

/* What lk_task_row_read() expects, in its order. */
#define LK_TASK_ROW_COLUMNS                                                                        \
  "id, version, name, enabled, server_id, search_id, repeat_every, repeat_unit, start_at, zone,"   \
  " created_at, last_ran_at, next_due_at, webhook_enabled, url, user_data, standard_webhooks,"     \
  " send, headers, ca_file, client_certificate, concurrency, at_most_once, hold_unusual, alert,"   \
  " notes, EXISTS (SELECT 1 FROM task_secret s WHERE s.task_id = task.id), rate_limit,"            \
  " connect_timeout_s, answer_timeout_s, proxy, use_keyring,"                                      \
  " (SELECT s.keyring_item <> '' FROM task_secret s WHERE s.task_id = task.id"                     \
  " ORDER BY s.created_at DESC LIMIT 1)"

gpointer lk_task_row_read (LkStatement *row);
gint64 lk_task_row_insert (LkDb *db, const LkTask *task, LkInstant next_due_at, LkInstant now,
                           GError **error);
gboolean lk_task_row_update (LkDb *db, const LkTask *task, LkInstant next_due_at, GError **error);

G_END_DECLS
