/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person decides about deliveries: to send them now or again, to drop them. A redelivery has
 * the same webhook id and the same bytes; it is one attempt more of the same delivery. It is spread
 * over time by its due times, so that nothing new has to run for it. */

#define G_LOG_DOMAIN "lk-delivery-decision"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "store/delivery-decision.h"
#include "store/delivery-store.h"
#include "store/endpoint-store.h"
#include "store/query.h"

/* Deliveries that can be sent: a task stands behind them, and their bytes are still there. */
#define CAN_BE_SENT                                                                                \
  " d.is_test = 0 AND d.task_id IS NOT NULL AND d.state <> 'sending' AND d.hold_kind <> 'paused'"  \
  " AND EXISTS (SELECT 1 FROM delivery_body b WHERE b.delivery_id = d.id) "

/* ?1 is the time since when, ?2 the task or 0. The states are walked over by their index. */
#define HAS_FAILED                                                                                 \
  CAN_BE_SENT                                                                                      \
  "AND ((d.state = 'exhausted' AND d.finished_at >= ?1) OR (d.state = 'retry_wait' AND EXISTS"     \
  " (SELECT 1 FROM attempt a WHERE a.delivery_id = d.id AND a.outcome = 'failure'"                 \
  " AND a.started_at >= ?1))) AND (?2 = 0 OR d.task_id = ?2) AND NOT EXISTS (SELECT 1"             \
  " FROM attempt a WHERE a.delivery_id = d.id AND a.outcome = 'success') "

/* Old attempts may have been pruned from the log; no more are counted than there are. */
#define ATTEMPTS_KEPT                                                                              \
  "(SELECT CASE WHEN count(*) < delivery.attempts THEN count(*) ELSE delivery.attempts END"        \
  " FROM attempt a WHERE a.delivery_id = delivery.id)"

/* What every delivery becomes that is sent again, but for its due time. Its retry schedule begins
 * anew. */
#define SEND_AGAIN                                                                                 \
  " state = 'queued', finished_at = 0, hold_kind = '', hold_reason = '',"                          \
  " url = coalesce((SELECT nullif(t.url, '') FROM task t WHERE t.id = delivery.task_id), url),"    \
  " attempts = " ATTEMPTS_KEPT ", schedule_from = " ATTEMPTS_KEPT " "

/* A redelivery as long as its turn has not come; ?1 is now. */
#define WAITS_FOR_ITS_TURN                                                                         \
  " FROM redelivery r JOIN delivery d ON d.id = r.delivery_id WHERE r.due_at > ?1"                 \
  " AND d.state = 'queued' AND d.due_at = r.due_at"

#define REMEMBER_COLUMNS                                                                           \
  "INSERT INTO redelivery (delivery_id, from_state, from_due_at, from_hold_kind,"                  \
  " from_hold_reason, from_finished_at, from_schedule, due_at)"                                    \
  " SELECT d.id, d.state, d.due_at, d.hold_kind, d.hold_reason, d.finished_at, d.schedule_from, "

#define REMEMBER_ANEW                                                                              \
  " ON CONFLICT (delivery_id) DO UPDATE SET from_state = excluded.from_state,"                     \
  " from_due_at = excluded.from_due_at, from_hold_kind = excluded.from_hold_kind,"                 \
  " from_hold_reason = excluded.from_hold_reason, from_finished_at = excluded.from_finished_at,"   \
  " from_schedule = excluded.from_schedule, due_at = excluded.due_at"

static gpointer
read_held_run (LkStatement *row)
{
  LkHeldRun *self = g_new0 (LkHeldRun, 1);

  self->run_id = lk_statement_get_int (row, 0);
  self->task_name = lk_row_take_text (row, 1);
  self->reason = lk_row_take_text (row, 2);
  self->n_held = lk_statement_get_int (row, 3);
  lk_hold_kind_from_string (lk_statement_get_text (row, 4), &self->kind);

  return self;
}

static gpointer
read_redelivery (LkStatement *row)
{
  LkRedelivery *self = g_new0 (LkRedelivery, 1);

  self->n_waiting = lk_statement_get_int (row, 0);
  self->last_due_at = lk_statement_get_int (row, 1);

  return self;
}

static gboolean
check_obstacle (const LkDelivery *delivery, const char *obstacle, GError **error)
{
  if (obstacle == NULL)
    return TRUE;

  /* translators: “delivery 7: it is being sent”. */
  g_set_error (error, LK_ERROR, LK_ERROR_INVALID, _ ("delivery %" PRId64 ": %s"), delivery->id,
               obstacle);
  return FALSE;
}

/* Its row is what a stop puts back. What was queued before has nothing to go back to, and what is
 * due now is not put back. */
static gboolean
remember_one (LkDb *db, const LkDelivery *delivery, LkInstant due_at, LkInstant now, GError **error)
{
  if (delivery->state == LK_DELIVERY_QUEUED || due_at <= now)
    return lk_query_run (db, "DELETE FROM redelivery WHERE delivery_id = ?1",
                         LK_VALUES (LK_INT (delivery->id)), error);

  return lk_query_run (db, REMEMBER_COLUMNS " ?2 FROM delivery d WHERE d.id = ?1" REMEMBER_ANEW,
                       LK_VALUES (LK_INT (delivery->id), LK_INT (due_at)), error);
}

static gboolean
drop (LkDb *db, gint64 id, const char *who, LkInstant now, GError **error)
{
  /* translators: %s is the name of a user */
  g_autofree char *cause = g_strdup_printf (_ ("dropped by %s"), who);

  return lk_query_run (db,
                       "UPDATE delivery SET state = 'dropped', due_at = 0, hold_kind = '',"
                       " hold_reason = '', last_cause = ?2, finished_at = ?3 WHERE id = ?1",
                       LK_VALUES (LK_INT (id), LK_TEXT (cause), LK_INT (now)), error);
}

/**
 * lk_delivery_decision_send:
 * @db: a connection in a transaction
 * @id: the delivery
 * @due_at: when, @now or later
 * @now: the wall-clock time
 * @error: %LK_ERROR_NOT_FOUND when there is no such delivery, %LK_ERROR_INVALID when it cannot be
 *   sent (lk_delivery_get_send_obstacle()); then nothing is changed
 *
 * Has a delivery sent, whatever became of it before: now instead of later, after a look, once more
 * after it was given up, dropped or delivered. It goes to the address that its task has by now.
 * Where that is paused, it is held with the rest.
 *
 * Returns: whether it is on its way
 */
gboolean
lk_delivery_decision_send (LkDb *db, gint64 id, LkInstant due_at, LkInstant now, GError **error)
{
  g_autoptr (LkDelivery) delivery = lk_delivery_store_get (db, id, error);
  const char *obstacle;

  if (delivery == NULL)
    return FALSE;

  obstacle = lk_delivery_get_send_obstacle (delivery);
  if (obstacle == NULL && delivery->body == NULL)
    obstacle = _ ("its body is not kept any more");

  return check_obstacle (delivery, obstacle, error)
         && remember_one (db, delivery, due_at, now, error)
         && lk_query_run (db, "UPDATE delivery SET due_at = ?2," SEND_AGAIN "WHERE id = ?1",
                          LK_VALUES (LK_INT (id), LK_INT (MAX (due_at, now))), error)
         && lk_endpoint_store_hold_waiting (db, error);
}

/**
 * lk_delivery_decision_drop:
 * @db: a connection in a transaction
 * @id: the delivery
 * @who: the person
 * @now: the wall-clock time
 * @error: %LK_ERROR_NOT_FOUND when there is no such delivery, %LK_ERROR_INVALID when nothing of it
 *   is owed or it is being sent
 *
 * Drops what waits or is held; it stays in the log, which says by whom. One that is dropped already
 * stays as it is.
 *
 * Returns: whether it is dropped
 */
gboolean
lk_delivery_decision_drop (LkDb *db, gint64 id, const char *who, LkInstant now, GError **error)
{
  g_autoptr (LkDelivery) delivery = lk_delivery_store_get (db, id, error);

  if (delivery == NULL)
    return FALSE;
  if (delivery->state == LK_DELIVERY_DROPPED)
    return TRUE;

  return check_obstacle (delivery, lk_delivery_get_drop_obstacle (delivery), error)
         && drop (db, id, who, now, error);
}

/**
 * lk_delivery_decision_send_run:
 * @db: a connection in a transaction
 * @run_id: the run
 * @now: the wall-clock time
 * @error: return location
 *
 * Has everything sent that waits for a look at its run.
 *
 * Returns: how many deliveries those are; -1 on error
 */
gint64
lk_delivery_decision_send_run (LkDb *db, gint64 run_id, LkInstant now, GError **error)
{
  gint64 n_sent;

  if (!lk_query_run (db,
                     "UPDATE delivery SET due_at = ?2," SEND_AGAIN
                     "WHERE run_id = ?1 AND state = 'held' AND hold_kind = 'look'",
                     LK_VALUES (LK_INT (run_id), LK_INT (now)), error))
    return -1;

  n_sent = lk_db_get_changes (db);
  return lk_endpoint_store_hold_waiting (db, error) ? n_sent : -1;
}

/**
 * lk_delivery_decision_drop_run:
 * @db: a connection in a transaction
 * @run_id: the run
 * @who: the person
 * @now: the wall-clock time
 * @error: return location
 *
 * Drops everything that waits for a look at its run.
 *
 * Returns: how many deliveries those are; -1 on error
 */
gint64
lk_delivery_decision_drop_run (LkDb *db, gint64 run_id, const char *who, LkInstant now,
                               GError **error)
{
  /* translators: %s is the name of a user */
  g_autofree char *cause = g_strdup_printf (_ ("dropped by %s"), who);

  if (!lk_query_run (db,
                     "UPDATE delivery SET state = 'dropped', hold_kind = '', hold_reason = '',"
                     " last_cause = ?2, finished_at = ?3"
                     " WHERE run_id = ?1 AND state = 'held' AND hold_kind = 'look'",
                     LK_VALUES (LK_INT (run_id), LK_TEXT (cause), LK_INT (now)), error))
    return -1;

  return lk_db_get_changes (db);
}

/**
 * lk_held_run_free:
 * @self: (nullable) (transfer full): a held run
 */
void
lk_held_run_free (LkHeldRun *self)
{
  if (self == NULL)
    return;

  g_free (self->task_name);
  g_free (self->reason);
  g_free (self);
}

/**
 * lk_delivery_decision_list_held_runs:
 * @db: a connection
 * @error: return location
 *
 * Returns: (transfer full) (element-type LkHeldRun) (nullable): the runs of which deliveries wait
 *   for a person and not for their receiver, the oldest first; %NULL on error
 */
GPtrArray *
lk_delivery_decision_list_held_runs (LkDb *db, GError **error)
{
  return lk_query_list (
      db,
      "SELECT run_id, max(task_name), max(hold_reason), count(*), hold_kind FROM delivery"
      " WHERE state = 'held' AND hold_kind <> 'paused' GROUP BY run_id, hold_kind"
      " ORDER BY run_id, hold_kind",
      NULL, read_held_run, (GDestroyNotify) lk_held_run_free, error);
}

/**
 * lk_delivery_decision_count_failed:
 * @db: a connection
 * @filter: which failures
 * @error: return location
 *
 * Returns: how many deliveries lk_delivery_decision_send_failed() would send; -1 on error
 */
gint64
lk_delivery_decision_count_failed (LkDb *db, const LkFailedFilter *filter, GError **error)
{
  gint64 n;

  return lk_query_int (db,
                       "SELECT count(*) FROM delivery d"
                       " WHERE d.state IN ('exhausted', 'retry_wait') AND" HAS_FAILED,
                       LK_VALUES (LK_INT (filter->since), LK_INT (filter->task_id)), &n, error)
             ? n
             : -1;
}

/**
 * lk_delivery_decision_space:
 * @position: the first one is 0
 * @per_minute: how many a minute at most; 0 for no limit
 * @now: the wall-clock time
 *
 * Returns: when that one of a redelivery is due
 */
LkInstant
lk_delivery_decision_space (guint position, gint64 per_minute, LkInstant now)
{
  return per_minute > 0 ? now + position * (LK_MINUTE / per_minute) : now;
}

/**
 * lk_delivery_decision_send_failed:
 * @db: a connection in a transaction
 * @filter: which failures
 * @per_minute: how many a minute at most; 0 for no limit
 * @now: the wall-clock time
 * @error: return location
 *
 * Has everything sent again that never succeeded since a time, oldest first. It is queued then and
 * no failure any more: to repeat this does nothing.
 *
 * Returns: how many deliveries those are; -1 on error
 */
gint64
lk_delivery_decision_send_failed (LkDb *db, const LkFailedFilter *filter, gint64 per_minute,
                                  LkInstant now, GError **error)
{
  LkInstant interval = lk_delivery_decision_space (1, per_minute, now) - now;
  gint64 n_sent;

  if (!lk_query_run (db, "DELETE FROM redelivery WHERE due_at <= ?1", LK_VALUES (LK_INT (now)),
                     error)
      || !lk_query_run (
          db,
          REMEMBER_COLUMNS
          "?3 + ?4 * (row_number() OVER (ORDER BY d.id) - 1)"
          " FROM delivery d"
          " WHERE d.state IN ('exhausted', 'retry_wait') AND" HAS_FAILED REMEMBER_ANEW,
          LK_VALUES (LK_INT (filter->since), LK_INT (filter->task_id), LK_INT (now),
                     LK_INT (interval)),
          error)
      || !lk_query_run (
          db,
          "UPDATE delivery SET due_at = (SELECT r.due_at FROM redelivery r"
          " WHERE r.delivery_id = delivery.id)," SEND_AGAIN "WHERE id IN (SELECT d.id"
          " FROM delivery d WHERE d.state IN ('exhausted', 'retry_wait') AND" HAS_FAILED ")",
          LK_VALUES (LK_INT (filter->since), LK_INT (filter->task_id)), error))
    return -1;

  n_sent = lk_db_get_changes (db);
  return lk_endpoint_store_hold_waiting (db, error) ? n_sent : -1;
}

/**
 * lk_delivery_decision_get_redelivery:
 * @db: a connection
 * @now: the wall-clock time
 * @redelivery: (out caller-allocates): how much of what was sent again waits for its turn
 * @error: return location
 *
 * Returns: whether it could be found out
 */
gboolean
lk_delivery_decision_get_redelivery (LkDb *db, LkInstant now, LkRedelivery *redelivery,
                                     GError **error)
{
  g_autofree LkRedelivery *found = NULL;
  gpointer row;

  if (!lk_query_one (db, "SELECT count(*), max(r.due_at)" WAITS_FOR_ITS_TURN,
                     LK_VALUES (LK_INT (now)), read_redelivery, &row, error))
    return FALSE;

  found = row;
  *redelivery = *found;
  return TRUE;
}

/**
 * lk_delivery_decision_stop_redelivery:
 * @db: a connection in a transaction
 * @now: the wall-clock time
 * @error: return location
 *
 * Makes everything that was sent again and whose turn has not come what it was before. What is due
 * or sent by now goes on.
 *
 * Returns: how many deliveries were put back; -1 on error
 */
gint64
lk_delivery_decision_stop_redelivery (LkDb *db, LkInstant now, GError **error)
{
  gint64 n_put_back;

  if (!lk_query_run (
          db,
          "UPDATE delivery SET (state, due_at, hold_kind, hold_reason, finished_at,"
          " schedule_from) = (SELECT r.from_state, r.from_due_at, r.from_hold_kind,"
          " r.from_hold_reason, r.from_finished_at, r.from_schedule FROM redelivery r"
          " WHERE r.delivery_id = delivery.id) WHERE id IN (SELECT d.id" WAITS_FOR_ITS_TURN ")",
          LK_VALUES (LK_INT (now)), error))
    return -1;

  n_put_back = lk_db_get_changes (db);
  return lk_query_run (db, "DELETE FROM redelivery", NULL, error)
                 && lk_endpoint_store_hold_waiting (db, error)
             ? n_put_back
             : -1;
}
