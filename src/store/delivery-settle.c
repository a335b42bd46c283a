/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How claims end: settled by whoever made the request, or, when that process died, by the next. */

#define G_LOG_DOMAIN "lk-delivery-settle"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/cause.h"
#include "store/delivery-row.h"
#include "store/delivery-store.h"
#include "store/endpoint-store.h"
#include "store/lease-store.h"
#include "store/query.h"

/* No request lasts that long, so a test that is older has lost its process. */
#define TEST_LASTS_AT_MOST LK_MINUTE

/* What a delivery becomes, after what its task and its receiver have become meanwhile. */
typedef struct
{
  LkDeliveryState state;
  LkInstant due_at;
  LkHoldKind hold_kind;
  char *hold_reason;
  char *cause;
  char *url; /* (nullable): %NULL keeps it */
} Fate;

static void
fate_clear (Fate *self)
{
  g_clear_pointer (&self->hold_reason, g_free);
  g_clear_pointer (&self->cause, g_free);
  g_clear_pointer (&self->url, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fate, fate_clear)

/* Where a request went, and where the next one would go. */
typedef struct
{
  char *url;
  gboolean has_task;
  char *task_url;
} Target;

static void
target_free (Target *self)
{
  if (self == NULL)
    return;

  g_free (self->url);
  g_free (self->task_url);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Target, target_free)

/* A claim whose process is gone. */
typedef struct
{
  gint64 delivery_id;
  gint64 epoch;
  gint64 attempt_id;
  gboolean is_test;
  gboolean at_most_once;
} Orphan;

static gpointer
read_target (LkStatement *row)
{
  Target *target = g_new0 (Target, 1);

  target->url = lk_row_take_text (row, 0);
  target->has_task = !lk_statement_is_null (row, 1);
  target->task_url = lk_row_take_text (row, 1);

  return target;
}

static gpointer
read_orphan (LkStatement *row)
{
  Orphan *orphan = g_new0 (Orphan, 1);

  orphan->delivery_id = lk_statement_get_int (row, 0);
  orphan->epoch = lk_statement_get_int (row, 1);
  orphan->attempt_id = lk_statement_get_int (row, 2);
  orphan->is_test = lk_statement_get_int (row, 3) != 0;
  orphan->at_most_once = lk_statement_get_int (row, 4) != 0;

  return orphan;
}

static gboolean
is_final (LkDeliveryState state)
{
  return state == LK_DELIVERY_DELIVERED || state == LK_DELIVERY_EXHAUSTED
         || state == LK_DELIVERY_DROPPED;
}

static gboolean
hold_while_paused (LkDb *db, const char *url, Fate *fate, GError **error)
{
  g_autofree char *reason = NULL;
  gboolean is_paused;

  if (!lk_endpoint_store_is_paused (db, url, &is_paused, &reason, error))
    return FALSE;

  if (is_paused)
    {
      fate->state = LK_DELIVERY_HELD;
      fate->due_at = 0;
      fate->hold_kind = LK_HOLD_PAUSED;
      g_free (fate->hold_reason);
      fate->hold_reason = g_steal_pointer (&reason);
    }

  return TRUE;
}

/* A delivery that goes on: with its task gone it cannot, a receiver that wants no more is paused,
 * and after a change of address the new receiver counts, not what the old one said. */
static gboolean
decide_to_go_on (LkDb *db, const LkSettlement *settlement, const Target *target, gint64 epoch,
                 LkInstant now, Fate *fate, GError **error)
{
  gboolean has_moved = *target->task_url != '\0' && !g_str_equal (target->url, target->task_url);

  fate->url = g_strdup (has_moved ? target->task_url : target->url);
  if (settlement->state == LK_DELIVERY_HELD && settlement->attempt->outcome == LK_OUTCOME_UNKNOWN)
    {
      fate->hold_kind = LK_HOLD_UNKNOWN;
      return TRUE;
    }

  if (settlement->state == LK_DELIVERY_HELD
      && !lk_endpoint_store_pause (db, epoch, target->url, settlement->hold_reason, now, error))
    return FALSE;

  if (has_moved)
    {
      fate->state = LK_DELIVERY_QUEUED;
      fate->due_at = now;
      g_clear_pointer (&fate->hold_reason, g_free);
    }

  return hold_while_paused (db, fate->url, fate, error);
}

static gboolean
decide (LkDb *db, const LkSettlement *settlement, gint64 epoch, LkInstant now, Fate *fate,
        GError **error)
{
  g_autoptr (Target) target = NULL;
  gpointer found;

  fate->state = settlement->state;
  fate->due_at = settlement->due_at;
  fate->hold_reason = g_strdup (settlement->hold_reason);
  fate->cause = g_strdup (settlement->attempt->cause);
  if (is_final (fate->state))
    return TRUE;

  if (!lk_query_one (db,
                     "SELECT d.url, t.url FROM delivery d LEFT JOIN task t ON t.id = d.task_id"
                     " WHERE d.id = ?1",
                     LK_VALUES (LK_INT (settlement->attempt->delivery_id)), read_target, &found,
                     error))
    return FALSE;

  target = found;
  if (target != NULL && target->has_task)
    return decide_to_go_on (db, settlement, target, epoch, now, fate, error);

  fate->state = LK_DELIVERY_DROPPED;
  g_free (fate->cause);
  fate->cause = g_strdup (_ ("the task was deleted"));
  return TRUE;
}

static gboolean
write_attempt (LkDb *db, const LkAttempt *attempt, GError **error)
{
  return lk_query_run (
      db,
      "UPDATE attempt SET outcome = ?2, status = ?3, reason = ?4, error_class = ?5, cause = ?6,"
      " location = ?7, retry_after_s = ?8, request_headers = ?9, response_headers = ?10,"
      " response_body = ?11, response_truncated = ?12, latency_ms = ?13,"
      " dns_us = ?14, connect_us = ?15, tls_us = ?16, first_byte_us = ?17"
      " WHERE id = ?1 AND outcome = 'pending'",
      LK_VALUES (
          LK_INT (attempt->id), LK_TEXT (lk_outcome_to_string (attempt->outcome)),
          LK_INT (attempt->status), LK_TEXT (attempt->reason), LK_TEXT (attempt->error_class),
          LK_TEXT (attempt->cause), LK_TEXT (attempt->location), LK_INT (attempt->retry_after_s),
          LK_TEXT (attempt->request_headers), LK_TEXT (attempt->response_headers),
          LK_BYTES (attempt->response_body), LK_INT (attempt->response_truncated != 0),
          LK_INT (attempt->latency_ms), LK_INT (attempt->dns_us), LK_INT (attempt->connect_us),
          LK_INT (attempt->tls_us), LK_INT (attempt->first_byte_us)),
      error);
}

static gboolean
write_fate (LkDb *db, const LkSettlement *settlement, const Fate *fate, gint64 epoch, LkInstant now,
            GError **error)
{
  const LkAttempt *attempt = settlement->attempt;
  gboolean ends = is_final (fate->state);

  return lk_query_run (
      db,
      "UPDATE delivery SET state = ?3, epoch = 0, attempts = attempts + ?4, due_at = ?5,"
      " hold_kind = ?6, hold_reason = ?7, last_status = ?8, last_cause = ?9,"
      " last_latency_ms = ?10, finished_at = ?11, url = coalesce(?12, url),"
      " last_error_class = ?13"
      " WHERE id = ?1 AND epoch = ?2 AND state = 'sending'",
      LK_VALUES (LK_INT (attempt->delivery_id), LK_INT (epoch),
                 LK_TEXT (lk_delivery_state_to_string (fate->state)),
                 LK_INT (settlement->costs_attempt ? 1 : 0), LK_INT (ends ? 0 : fate->due_at),
                 LK_TEXT (lk_hold_kind_to_string (fate->hold_kind)),
                 LK_TEXT (fate->state == LK_DELIVERY_HELD ? fate->hold_reason : ""),
                 LK_INT (attempt->status), LK_TEXT (fate->cause), LK_INT (attempt->latency_ms),
                 LK_INT (ends ? now : 0), LK_TEXT (fate->url), LK_TEXT (attempt->error_class)),
      error);
}

/* @epoch: that of the claim; 0 for a test */
static gboolean
settle_one (LkDb *db, const LkSettlement *settlement, gint64 epoch, LkInstant now, GError **error)
{
  g_auto (Fate) fate = { 0 };

  if (!write_attempt (db, settlement->attempt, error)
      || !decide (db, settlement, epoch, now, &fate, error)
      || !write_fate (db, settlement, &fate, epoch, now, error))
    return FALSE;

  if (lk_db_get_changes (db) == 0)
    g_warning ("delivery %" G_GINT64_FORMAT " was settled without being claimed",
               settlement->attempt->delivery_id);

  return TRUE;
}

/* The state in which a delivery waits that is due now. */
static LkDeliveryState
get_waiting_state (const LkDelivery *delivery)
{
  return delivery->attempts > delivery->schedule_from ? LK_DELIVERY_RETRY_WAIT : LK_DELIVERY_QUEUED;
}

/* What came of the attempts before stays. */
static gboolean
write_way_back (LkDb *db, gint64 delivery_id, const Fate *fate, gint64 epoch, LkInstant now,
                GError **error)
{
  gboolean ends = is_final (fate->state);

  return lk_query_run (
      db,
      "UPDATE delivery SET state = ?3, epoch = 0, due_at = ?4, hold_kind = ?5, hold_reason = ?6,"
      " last_cause = CASE WHEN ?7 > 0 THEN ?8 ELSE last_cause END, finished_at = ?7,"
      " url = coalesce(?9, url) WHERE id = ?1 AND epoch = ?2 AND state = 'sending'",
      LK_VALUES (
          LK_INT (delivery_id), LK_INT (epoch), LK_TEXT (lk_delivery_state_to_string (fate->state)),
          LK_INT (ends ? 0 : fate->due_at), LK_TEXT (lk_hold_kind_to_string (fate->hold_kind)),
          LK_TEXT (fate->state == LK_DELIVERY_HELD ? fate->hold_reason : ""),
          LK_INT (ends ? now : 0), LK_TEXT (fate->cause), LK_TEXT (fate->url)),
      error);
}

static LkSettlement *
new_orphan_settlement (const Orphan *orphan, LkInstant now)
{
  LkSettlement *self = g_new0 (LkSettlement, 1);

  self->attempt = lk_attempt_new ();
  self->attempt->id = orphan->attempt_id;
  self->attempt->delivery_id = orphan->delivery_id;
  self->attempt->outcome = LK_OUTCOME_UNKNOWN;
  g_free (self->attempt->cause);
  self->attempt->cause = lk_cause_describe_unknown ();

  if (orphan->is_test)
    self->state = LK_DELIVERY_EXHAUSTED;
  else if (orphan->at_most_once)
    {
      self->state = LK_DELIVERY_HELD;
      self->hold_reason = g_strdup (_ ("the receiver may have got it, and its task sends at most "
                                       "once: ask there before it is sent again"));
    }
  else
    {
      self->state = LK_DELIVERY_QUEUED;
      self->due_at = now;
    }

  return self;
}

/**
 * lk_settlement_free:
 * @self: (nullable) (transfer full): a settlement
 */
void
lk_settlement_free (LkSettlement *self)
{
  if (self == NULL)
    return;

  lk_attempt_free (self->attempt);
  g_free (self->hold_reason);
  g_free (self->task_name);
  g_free (self);
}

/**
 * lk_delivery_store_settle:
 * @db: a connection in a transaction
 * @epoch: the epoch of the caller's lease, under which all of them were claimed
 * @settlements: (element-type LkSettlement): how claims ended
 * @now: the wall-clock time
 * @error: %LK_ERROR_LEASE_LOST
 *
 * Writes outcomes: attempt, counters, state and next due time together. A delivery that is to go on
 * is dropped when its task was deleted meanwhile, due at once at the new address when that changed,
 * and held when its receiver is paused. One that is to be held pauses its receiver, unless it is
 * held because its outcome is unknown; so does a failure after five days without a success
 * (lk_endpoint_health_note()).
 *
 * Returns: whether they are written
 */
gboolean
lk_delivery_store_settle (LkDb *db, gint64 epoch, GPtrArray *settlements, LkInstant now,
                          GError **error)
{
  g_return_val_if_fail (settlements != NULL, FALSE);

  if (!lk_lease_store_check_epoch (db, epoch, error))
    return FALSE;

  for (guint i = 0; i < settlements->len; i++)
    if (!settle_one (db, g_ptr_array_index (settlements, i), epoch, now, error))
      return FALSE;

  return lk_endpoint_health_note (db, epoch, settlements, now, error);
}

/**
 * lk_delivery_store_give_back:
 * @db: a connection in a transaction
 * @epoch: the epoch of the caller's lease, under which it was claimed
 * @claim: a claim whose request was not begun
 * @now: the wall-clock time
 * @error: %LK_ERROR_LEASE_LOST
 *
 * Undoes a claim: its attempt was none, and the delivery is due now. What became of its task and
 * its receiver meanwhile counts as in lk_delivery_store_settle().
 *
 * Returns: whether it is written
 */
gboolean
lk_delivery_store_give_back (LkDb *db, gint64 epoch, const LkClaim *claim, LkInstant now,
                             GError **error)
{
  g_autoptr (LkSettlement) settlement = g_new0 (LkSettlement, 1);
  g_auto (Fate) fate = { 0 };

  g_return_val_if_fail (claim != NULL, FALSE);

  settlement->attempt = lk_attempt_new ();
  settlement->attempt->delivery_id = claim->delivery->id;
  settlement->state = get_waiting_state (claim->delivery);
  settlement->due_at = now;

  return lk_lease_store_check_epoch (db, epoch, error)
         && lk_query_run (db, "DELETE FROM attempt WHERE id = ?1 AND outcome = 'pending'",
                          LK_VALUES (LK_INT (claim->attempt_id)), error)
         && decide (db, settlement, epoch, now, &fate, error)
         && write_way_back (db, claim->delivery->id, &fate, epoch, now, error);
}

/**
 * lk_delivery_store_settle_test:
 * @db: a connection in a transaction
 * @settlement: how a test ended; one that did not arrive is given up
 * @now: the wall-clock time
 * @error: return location
 *
 * Needs no lease, as nobody else touches a test.
 *
 * Returns: whether it is written
 */
gboolean
lk_delivery_store_settle_test (LkDb *db, const LkSettlement *settlement, LkInstant now,
                               GError **error)
{
  LkSettlement test = *settlement;

  if (test.state != LK_DELIVERY_DELIVERED)
    test.state = LK_DELIVERY_EXHAUSTED;

  return settle_one (db, &test, 0, now, error);
}

/**
 * lk_delivery_store_recover:
 * @db: a connection in a transaction
 * @epoch: the epoch of the caller's lease
 * @now: the wall-clock time
 * @error: %LK_ERROR_LEASE_LOST
 *
 * Settles what a process that died has left in flight. Its attempts become `unknown`: the receiver
 * may have got them. Their deliveries are due at once with the same id and bytes, or held where
 * the task sends at most once. That costs none of the attempts they have: they did not fail, and
 * a machine that crashes often must not use them up. Tests that lost their process are given up.
 *
 * Returns: how many deliveries those were, without tests; -1 on error
 */
gint64
lk_delivery_store_recover (LkDb *db, gint64 epoch, LkInstant now, GError **error)
{
  g_autoptr (GPtrArray) orphans = NULL;
  gint64 n_recovered = 0;

  if (!lk_lease_store_check_epoch (db, epoch, error))
    return -1;

  orphans = lk_query_list (
      db,
      "SELECT d.id, d.epoch, a.id, d.is_test, t.at_most_once FROM delivery d"
      " LEFT JOIN attempt a ON a.delivery_id = d.id AND a.outcome = 'pending'"
      " LEFT JOIN task t ON t.id = d.task_id WHERE d.state = 'sending' AND d.epoch <> ?1"
      " AND (d.is_test = 0 OR d.created_at < ?2) ORDER BY d.id",
      LK_VALUES (LK_INT (epoch), LK_INT (now - TEST_LASTS_AT_MOST)), read_orphan, g_free, error);
  if (orphans == NULL)
    return -1;

  for (guint i = 0; i < orphans->len; i++)
    {
      const Orphan *orphan = g_ptr_array_index (orphans, i);
      LkSettlement *settlement = new_orphan_settlement (orphan, now);
      gboolean ok = settle_one (db, settlement, orphan->epoch, now, error);

      lk_settlement_free (settlement);
      if (!ok)
        return -1;

      n_recovered += !orphan->is_test;
    }

  return n_recovered;
}
