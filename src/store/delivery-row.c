/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-row"

#include "config.h"

#include "store/delivery-row.h"

#define N_COLUMNS 15

static void
fill_row (LkValue values[N_COLUMNS], const LkNewDelivery *row, LkInstant now)
{
  const LkDelivery *delivery = row->delivery;
  const LkValue filled[N_COLUMNS] = {
    LK_TEXT (delivery->webhook_id),
    LK_REF (delivery->run_id),
    LK_REF (delivery->task_id),
    LK_TEXT (delivery->task_name),
    LK_TEXT (row->group_key),
    LK_INT (delivery->is_test != 0),
    LK_INT (delivery->license_id),
    LK_TEXT (delivery->license_key),
    LK_TEXT (delivery->customer),
    LK_TEXT (delivery->url),
    LK_TEXT (lk_delivery_state_to_string (delivery->state)),
    LK_INT (delivery->due_at),
    LK_TEXT (lk_hold_kind_to_string (delivery->hold_kind)),
    LK_TEXT (delivery->hold_reason),
    LK_INT (now),
  };

  memcpy (values, filled, sizeof filled);
}

/* Adds the rows, but for those that their run has for their group already. */
static gboolean
insert_rows (LkDb *db, const LkNewDelivery *rows, guint n_rows, LkInstant now, GError **error)
{
  LkValue values[LK_NEW_DELIVERIES_AT_ONCE * N_COLUMNS + 1] = { 0 };

  for (guint i = 0; i < n_rows; i++)
    fill_row (values + (gsize) i * N_COLUMNS, &rows[i], now);

  return lk_query_run_rows (
      db,
      "INSERT INTO delivery (webhook_id, run_id, task_id, task_name, group_key, is_test,"
      " license_id, license_key, customer, url, state, due_at, hold_kind, hold_reason,"
      " created_at) VALUES ",
      "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", n_rows, " ON CONFLICT DO NOTHING", values,
      error);
}

/* The rows that were added after the delivery @last got their ids in their order. */
static gboolean
find_ids (LkDb *db, LkNewDelivery *rows, guint n_rows, gint64 last, GError **error)
{
  g_autoptr (LkStatement) added = NULL;
  LkStep step;
  guint i = 0;

  added = lk_query (db, "SELECT id, group_key FROM delivery WHERE id > ?1 ORDER BY id",
                    LK_VALUES (LK_INT (last)), error);
  if (added == NULL)
    return FALSE;

  while ((step = lk_statement_step (added, error)) == LK_STEP_ROW)
    {
      while (i < n_rows && g_strcmp0 (lk_statement_get_text (added, 1), rows[i].group_key) != 0)
        rows[i++].id = 0;
      if (i < n_rows)
        rows[i++].id = lk_statement_get_int (added, 0);
    }
  while (i < n_rows)
    rows[i++].id = 0;

  return step == LK_STEP_DONE;
}

static gboolean
insert_bodies (LkDb *db, const LkNewDelivery *rows, guint n_rows, GError **error)
{
  LkValue values[LK_NEW_DELIVERIES_AT_ONCE * 2 + 1] = { 0 };
  guint n_added = 0;

  for (guint i = 0; i < n_rows; i++)
    if (rows[i].id != 0)
      {
        values[2 * n_added] = LK_INT (rows[i].id);
        values[2 * n_added + 1] = LK_BYTES (rows[i].delivery->body);
        n_added++;
      }

  return n_added == 0
         || lk_query_run_rows (db, "INSERT INTO delivery_body (delivery_id, body) VALUES ",
                               "(?, ?)", n_added, "", values, error);
}

/**
 * lk_delivery_row_read:
 * @row: a statement that stands on a row of %LK_DELIVERY_ROW_COLUMNS
 *
 * Returns: (transfer full): the #LkDelivery, without its body
 */
gpointer
lk_delivery_row_read (LkStatement *row)
{
  LkDelivery *delivery = g_new0 (LkDelivery, 1);

  delivery->id = lk_statement_get_int (row, 0);
  delivery->webhook_id = lk_row_take_text (row, 1);
  delivery->run_id = lk_statement_get_int (row, 2);
  delivery->task_id = lk_statement_get_int (row, 3);
  delivery->task_name = lk_row_take_text (row, 4);
  delivery->is_test = lk_statement_get_int (row, 5) != 0;
  delivery->license_id = lk_statement_get_int (row, 6);
  delivery->license_key = lk_row_take_text (row, 7);
  delivery->customer = lk_row_take_text (row, 8);
  delivery->url = lk_row_take_text (row, 9);
  lk_delivery_state_from_string (lk_statement_get_text (row, 10), &delivery->state);
  delivery->attempts = (int) lk_statement_get_int (row, 11);
  delivery->due_at = lk_statement_get_int (row, 12);
  delivery->hold_reason = lk_row_take_text (row, 13);
  delivery->last_status = (int) lk_statement_get_int (row, 14);
  delivery->last_cause = lk_row_take_text (row, 15);
  delivery->last_latency_ms = (int) lk_statement_get_int (row, 16);
  delivery->created_at = lk_statement_get_int (row, 17);
  delivery->finished_at = lk_statement_get_int (row, 18);
  delivery->schedule_from = (int) lk_statement_get_int (row, 19);
  lk_hold_kind_from_string (lk_statement_get_text (row, 20), &delivery->hold_kind);

  return delivery;
}

/**
 * lk_delivery_row_insert:
 * @db: a connection in a transaction
 * @rows: (array length=n_rows): new deliveries
 * @n_rows: how many; %LK_NEW_DELIVERIES_AT_ONCE at most
 * @now: when they are made
 * @error: return location
 *
 * Adds deliveries and their bodies, but for those that their run has for their group already, and
 * sets the ids.
 *
 * Returns: whether they are added
 */
gboolean
lk_delivery_row_insert (LkDb *db, LkNewDelivery *rows, guint n_rows, LkInstant now, GError **error)
{
  gint64 last;

  g_return_val_if_fail (n_rows <= LK_NEW_DELIVERIES_AT_ONCE, FALSE);

  return lk_query_int (db, "SELECT max(id) FROM delivery", NULL, &last, error)
         && insert_rows (db, rows, n_rows, now, error) && find_ids (db, rows, n_rows, last, error)
         && insert_bodies (db, rows, n_rows, error);
}

/**
 * lk_attempt_row_insert:
 * @db: a connection in a transaction
 * @first: the first delivery
 * @last: the last one; all ids between are those of deliveries, too
 * @now: when the attempts begin
 * @error: return location
 *
 * Records for each delivery the intent to make a request to its address. Which attempt it is, is
 * not to be seen from the delivery: not all of them count there.
 *
 * Returns: whether it is recorded
 */
gboolean
lk_attempt_row_insert (LkDb *db, gint64 first, gint64 last, LkInstant now, GError **error)
{
  return lk_query_run (db,
                       "INSERT INTO attempt (delivery_id, number, outcome, url, started_at)"
                       " SELECT d.id, 1 + coalesce((SELECT max(a.number) FROM attempt a"
                       " WHERE a.delivery_id = d.id), 0), 'pending', d.url, ?3"
                       " FROM delivery d WHERE d.id BETWEEN ?1 AND ?2 ORDER BY d.id",
                       LK_VALUES (LK_INT (first), LK_INT (last), LK_INT (now)), error);
}

/**
 * lk_attempt_row_read:
 * @row: a statement that stands on a row of %LK_ATTEMPT_ROW_COLUMNS
 *
 * Returns: (transfer full): the #LkAttempt
 */
gpointer
lk_attempt_row_read (LkStatement *row)
{
  LkAttempt *attempt = g_new0 (LkAttempt, 1);

  attempt->id = lk_statement_get_int (row, 0);
  attempt->delivery_id = lk_statement_get_int (row, 1);
  attempt->number = (int) lk_statement_get_int (row, 2);
  lk_outcome_from_string (lk_statement_get_text (row, 3), &attempt->outcome);
  attempt->url = lk_row_take_text (row, 4);
  attempt->status = (int) lk_statement_get_int (row, 5);
  attempt->reason = lk_row_take_text (row, 6);
  attempt->error_class = lk_row_take_text (row, 7);
  attempt->cause = lk_row_take_text (row, 8);
  attempt->location = lk_row_take_text (row, 9);
  attempt->retry_after_s = lk_statement_get_int (row, 10);
  attempt->request_headers = lk_row_take_text (row, 11);
  attempt->response_headers = lk_row_take_text (row, 12);
  attempt->response_body = lk_statement_dup_bytes (row, 13);
  attempt->response_truncated = lk_statement_get_int (row, 14) != 0;
  attempt->started_at = lk_statement_get_int (row, 15);
  attempt->latency_ms = (int) lk_statement_get_int (row, 16);
  attempt->dns_us = lk_statement_get_int (row, 17);
  attempt->connect_us = lk_statement_get_int (row, 18);
  attempt->tls_us = lk_statement_get_int (row, 19);
  attempt->first_byte_us = lk_statement_get_int (row, 20);

  return attempt;
}
