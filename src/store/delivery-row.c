/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-row"

#include "config.h"

#include "store/delivery-row.h"

/* Adds the row, unless its run has one for that group already: then nothing changes. */
static gboolean
insert_row (LkDb *db, const LkDelivery *delivery, const char *group_key, LkInstant now,
            GError **error)
{
  return lk_query_run (
      db,
      "INSERT INTO delivery (webhook_id, run_id, task_id, task_name, group_key, is_test,"
      " license_id, license_key, customer, url, state, due_at, hold_kind, hold_reason,"
      " created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
      " ON CONFLICT DO NOTHING",
      LK_VALUES (LK_TEXT (delivery->webhook_id), LK_REF (delivery->run_id),
                 LK_REF (delivery->task_id), LK_TEXT (delivery->task_name), LK_TEXT (group_key),
                 LK_INT (delivery->is_test != 0), LK_INT (delivery->license_id),
                 LK_TEXT (delivery->license_key), LK_TEXT (delivery->customer),
                 LK_TEXT (delivery->url), LK_TEXT (lk_delivery_state_to_string (delivery->state)),
                 LK_INT (delivery->due_at), LK_TEXT (lk_hold_kind_to_string (delivery->hold_kind)),
                 LK_TEXT (delivery->hold_reason), LK_INT (now)),
      error);
}

static gboolean
insert_body (LkDb *db, gint64 delivery_id, GBytes *body, GError **error)
{
  return lk_query_run (db, "INSERT INTO delivery_body (delivery_id, body) VALUES (?1, ?2)",
                       LK_VALUES (LK_INT (delivery_id), LK_BYTES (body)), error);
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
 * @delivery: a new delivery with its body, state, due time, hold kind and reason
 * @group_key: the group of the ledger that it fires for; "" for a test
 * @now: when it is made
 * @error: return location
 *
 * Adds a delivery and its body, unless its run has one for that group already.
 *
 * Returns: its id; 0 when there is one already; -1 on error
 */
gint64
lk_delivery_row_insert (LkDb *db, const LkDelivery *delivery, const char *group_key, LkInstant now,
                        GError **error)
{
  gint64 id;

  if (!insert_row (db, delivery, group_key, now, error))
    return -1;

  if (lk_db_get_changes (db) == 0)
    return 0;

  id = lk_db_get_last_id (db);
  return insert_body (db, id, delivery->body, error) ? id : -1;
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
