/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-row"

#include "config.h"

#include <stdio.h>

#include "core/word-list.h"
#include "store/named-record.h"
#include "store/task-row.h"

/* Of the parameters that an insert and an update share. */
#define N_SHARED_VALUES 28

static const char *const unit_words[] = {
  [LK_UNIT_MINUTE] = "minute", [LK_UNIT_HOUR] = "hour",   [LK_UNIT_DAY] = "day",
  [LK_UNIT_WEEK] = "week",     [LK_UNIT_MONTH] = "month",
};

static void
read_recurrence (LkStatement *row, int column, LkRecurrence *recurrence)
{
  int unit = LK_UNIT_DAY;

  recurrence->every = (int) lk_statement_get_int (row, column);
  lk_word_list_find (unit_words, G_N_ELEMENTS (unit_words), lk_statement_get_text (row, column + 1),
                     &unit);
  recurrence->unit = (LkRecurrenceUnit) unit;
  if (sscanf (lk_statement_get_text (row, column + 2), "%d-%d-%d %d:%d", &recurrence->year,
              &recurrence->month, &recurrence->day, &recurrence->hour, &recurrence->minute)
      != 5)
    g_warning ("the start of task %" G_GINT64_FORMAT " is not a time",
               lk_statement_get_int (row, 0));
  recurrence->zone = g_intern_string (lk_statement_get_text (row, column + 3));
}

static char **
split_lines (const char *text)
{
  return g_strsplit (text, "\n", -1);
}

static void
read_webhook (LkStatement *row, int column, LkTask *task)
{
  task->webhook_enabled = lk_statement_get_int (row, column) != 0;
  task->url = lk_row_take_text (row, column + 1);
  task->user_data = lk_row_take_text (row, column + 2);
  task->standard_webhooks = lk_statement_get_int (row, column + 3) != 0;
  task->send = lk_row_take_text (row, column + 4);
  task->headers = split_lines (lk_statement_get_text (row, column + 5));
  task->ca_file = lk_row_take_text (row, column + 6);
  task->client_certificate = lk_row_take_text (row, column + 7);
  task->concurrency = (int) lk_statement_get_int (row, column + 8);
  task->at_most_once = lk_statement_get_int (row, column + 9) != 0;
  task->hold_unusual = lk_statement_get_int (row, column + 10) != 0;
}

/* How the receiver is spoken to. */
static void
read_way (LkStatement *row, int column, LkTask *task)
{
  task->rate_limit = (int) lk_statement_get_int (row, column);
  task->connect_timeout_s = (int) lk_statement_get_int (row, column + 1);
  task->answer_timeout_s = (int) lk_statement_get_int (row, column + 2);
  task->proxy = lk_row_take_text (row, column + 3);
}

/* Runs an INSERT over the shared parameters and one more, or an UPDATE over them and two more. */
static gboolean
write_row (LkDb *db, const char *sql, const LkTask *task, LkInstant next_due_at,
           const LkValue *more, gint64 *id, GError **error)
{
  const LkRecurrence *recurrence = &task->recurrence;
  const char *unit =
      lk_word_list_get (unit_words, G_N_ELEMENTS (unit_words), (int) recurrence->unit);
  g_autofree char *key = lk_named_record_key (task->name);
  g_autofree char *headers = g_strjoinv ("\n", task->headers);
  g_autofree char *start =
      g_strdup_printf ("%04d-%02d-%02d %02d:%02d", recurrence->year, recurrence->month,
                       recurrence->day, recurrence->hour, recurrence->minute);
  const LkValue values[N_SHARED_VALUES + 3] = {
    LK_TEXT (task->name),
    LK_TEXT (key),
    LK_INT (task->enabled != 0),
    LK_INT (task->server_id),
    LK_INT (task->search_id),
    LK_INT (recurrence->every),
    LK_TEXT (unit),
    LK_TEXT (start),
    LK_TEXT (recurrence->zone),
    LK_INT (next_due_at),
    LK_INT (task->webhook_enabled != 0),
    LK_TEXT (task->url),
    LK_TEXT (task->user_data),
    LK_INT (task->standard_webhooks != 0),
    LK_TEXT (task->send),
    LK_TEXT (headers),
    LK_TEXT (task->ca_file),
    LK_TEXT (task->client_certificate),
    LK_INT (task->concurrency),
    LK_INT (task->at_most_once != 0),
    LK_INT (task->hold_unusual != 0),
    LK_INT (task->alert != 0),
    LK_TEXT (task->notes),
    LK_INT (task->rate_limit),
    LK_INT (task->connect_timeout_s),
    LK_INT (task->answer_timeout_s),
    LK_TEXT (task->proxy),
    LK_INT (task->use_keyring != 0),
    more[0],
    more[1],
    { .kind = LK_VALUE_END },
  };

  return lk_query_int (db, sql, values, id, error);
}

/**
 * lk_task_row_read:
 * @row: a statement that stands on a row of %LK_TASK_ROW_COLUMNS
 *
 * Returns: (transfer full): the #LkTask
 */
gpointer
lk_task_row_read (LkStatement *row)
{
  LkTask *task = g_new0 (LkTask, 1);

  task->id = lk_statement_get_int (row, 0);
  task->version = lk_statement_get_int (row, 1);
  task->name = lk_row_take_text (row, 2);
  task->enabled = lk_statement_get_int (row, 3) != 0;
  task->server_id = lk_statement_get_int (row, 4);
  task->search_id = lk_statement_get_int (row, 5);
  read_recurrence (row, 6, &task->recurrence);
  task->created_at = lk_statement_get_int (row, 10);
  task->last_ran_at = lk_statement_get_int (row, 11);
  task->next_due_at = lk_statement_get_int (row, 12);
  read_webhook (row, 13, task);
  task->alert = lk_statement_get_int (row, 24) != 0;
  task->notes = lk_row_take_text (row, 25);
  task->has_secret = lk_statement_get_int (row, 26) != 0;
  read_way (row, 27, task);
  task->use_keyring = lk_statement_get_int (row, 31) != 0;
  task->secret_in_keyring = lk_statement_get_int (row, 32) != 0;

  return task;
}

/**
 * lk_task_row_insert:
 * @db: a connection in a transaction
 * @task: a new task that was checked
 * @next_due_at: its cursor
 * @now: when it is made
 * @error: return location
 *
 * Returns: its id; 0 on error
 */
gint64
lk_task_row_insert (LkDb *db, const LkTask *task, LkInstant next_due_at, LkInstant now,
                    GError **error)
{
  gint64 id;

  if (!write_row (db,
                  "INSERT INTO task (name, name_key, enabled, server_id, search_id, repeat_every,"
                  " repeat_unit, start_at, zone, next_due_at, webhook_enabled, url, user_data,"
                  " standard_webhooks, send, headers, ca_file, client_certificate, concurrency,"
                  " at_most_once, hold_unusual, alert, notes, rate_limit, connect_timeout_s,"
                  " answer_timeout_s, proxy, use_keyring, created_at)"
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
                  " ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29) RETURNING id",
                  task, next_due_at, LK_VALUES (LK_INT (now)), &id, error))
    return 0;

  return id;
}

/**
 * lk_task_row_update:
 * @db: a connection in a transaction
 * @task: a task that was checked, with the id and version that were read
 * @next_due_at: its cursor
 * @error: return location
 *
 * Changes nothing when the task has another version by now; lk_named_record_check_updated() tells.
 *
 * Returns: whether the statement ran
 */
gboolean
lk_task_row_update (LkDb *db, const LkTask *task, LkInstant next_due_at, GError **error)
{
  gint64 ignored;

  return write_row (db,
                    "UPDATE task SET version = version + 1, name = ?1, name_key = ?2, enabled = ?3,"
                    " server_id = ?4, search_id = ?5, repeat_every = ?6, repeat_unit = ?7,"
                    " start_at = ?8, zone = ?9, next_due_at = ?10, webhook_enabled = ?11,"
                    " url = ?12, user_data = ?13, standard_webhooks = ?14, send = ?15,"
                    " headers = ?16, ca_file = ?17, client_certificate = ?18, concurrency = ?19,"
                    " at_most_once = ?20, hold_unusual = ?21, alert = ?22, notes = ?23,"
                    " rate_limit = ?24, connect_timeout_s = ?25, answer_timeout_s = ?26,"
                    " proxy = ?27, use_keyring = ?28 WHERE id = ?29 AND version = ?30",
                    task, next_due_at, LK_VALUES (LK_INT (task->id), LK_INT (task->version)),
                    &ignored, error);
}
