/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is too old to keep. A webhook that arrived loses its body, later its attempts; its row stays
 * in the log. One that did not arrive keeps both until it does, since it may still be sent again; a
 * test that failed will not be. */

#define G_LOG_DOMAIN "lk-retention"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "store/lease-store.h"
#include "store/query.h"
#include "store/retention.h"

/* Of delivery d, at the time ?4. */
#define IS_TOO_OLD                                                                                 \
  "((d.state = 'delivered' OR (d.is_test = 1 AND d.finished_at > 0)) AND d.finished_at < ?4)"

/* Looks at what comes after the record (?1, ?2), up to the delivery ?3. CROSS JOIN says which table
 * leads: the one that shrinks. That of the deliveries only grows. */
static const struct
{
  gint64 days;
  const char *look;
  const char *remove;
} stages[] = {
  [LK_RETENTION_BODIES] = { LK_RETENTION_BODY_DAYS,
                            "SELECT b.delivery_id, 0, " IS_TOO_OLD " FROM delivery_body b"
                            " CROSS JOIN delivery d WHERE d.id = b.delivery_id"
                            " AND b.delivery_id > ?1 AND ?2 = 0 AND b.delivery_id <= ?3"
                            " ORDER BY b.delivery_id LIMIT ?5",
                            "DELETE FROM delivery_body WHERE delivery_id = ?1 AND ?2 = 0" },
  [LK_RETENTION_ATTEMPTS] = { LK_RETENTION_ATTEMPT_DAYS,
                              "SELECT a.delivery_id, a.number, " IS_TOO_OLD " FROM attempt a"
                              " CROSS JOIN delivery d WHERE d.id = a.delivery_id"
                              " AND a.delivery_id >= ?1 AND (a.delivery_id > ?1 OR a.number > ?2)"
                              " AND a.delivery_id <= ?3 ORDER BY a.delivery_id, a.number LIMIT ?5",
                              "DELETE FROM attempt WHERE delivery_id = ?1 AND number = ?2" },
};

/* A record that was looked at. */
typedef struct
{
  gint64 delivery_id;
  gint64 number;
  gboolean is_too_old;
} Record;

static gpointer
read_record (LkStatement *row)
{
  Record *record = g_new0 (Record, 1);

  record->delivery_id = lk_statement_get_int (row, 0);
  record->number = lk_statement_get_int (row, 1);
  record->is_too_old = lk_statement_get_int (row, 2) != 0;

  return record;
}

static void
go_on (LkRetention *pass)
{
  pass->stage++;
  pass->delivery_id = 0;
  pass->number = 0;
}

/* Few tasks have an older secret, so these need no batches. */
static gboolean
prune_secrets (LkDb *db, LkInstant now, LkRetention *pass, GError **error)
{
  if (!lk_query_run (db, "DELETE FROM task_secret WHERE expires_at > 0 AND expires_at <= ?1",
                     LK_VALUES (LK_INT (now)), error))
    return FALSE;

  pass->n_removed += lk_db_get_changes (db);
  go_on (pass);
  return TRUE;
}

static gboolean
remove_record (LkDb *db, const Record *record, LkRetention *pass, GError **error)
{
  if (!lk_query_run (db, stages[pass->stage].remove,
                     LK_VALUES (LK_INT (record->delivery_id), LK_INT (record->number)), error))
    return FALSE;

  pass->n_removed++;
  return TRUE;
}

/* What arrived before that time was made before it. */
static gboolean
find_end (LkDb *db, LkInstant before, gint64 *id, GError **error)
{
  return lk_query_int (db,
                       "SELECT id FROM delivery WHERE created_at < ?1"
                       " ORDER BY created_at DESC, id DESC LIMIT 1",
                       LK_VALUES (LK_INT (before)), id, error);
}

static gboolean
prune_stage (LkDb *db, LkInstant now, gsize limit, LkRetention *pass, GError **error)
{
  LkInstant before = now - stages[pass->stage].days * LK_DAY;
  g_autoptr (GPtrArray) records = NULL;
  gint64 end;

  if (!find_end (db, before, &end, error))
    return FALSE;

  records = lk_query_list (db, stages[pass->stage].look,
                           LK_VALUES (LK_INT (pass->delivery_id), LK_INT (pass->number),
                                      LK_INT (end), LK_INT (before), LK_INT ((gint64) limit)),
                           read_record, g_free, error);
  if (records == NULL)
    return FALSE;

  for (guint i = 0; i < records->len; i++)
    {
      const Record *record = g_ptr_array_index (records, i);

      if (record->is_too_old && !remove_record (db, record, pass, error))
        return FALSE;

      pass->delivery_id = record->delivery_id;
      pass->number = record->number;
    }

  if (records->len < limit)
    go_on (pass);
  return TRUE;
}

static gpointer
read_pass (LkStatement *row)
{
  LkRetention *pass = g_new0 (LkRetention, 1);

  pass->stage = (LkRetentionStage) lk_statement_get_int (row, 0);
  pass->delivery_id = lk_statement_get_int (row, 1);
  pass->number = lk_statement_get_int (row, 2);
  pass->n_removed = lk_statement_get_int (row, 3);
  pass->next_at = lk_statement_get_int (row, 4);

  return pass;
}

static LkRetention *
load_pass (LkDb *db, GError **error)
{
  gpointer pass = NULL;

  if (!lk_query_one (db, "SELECT stage, delivery_id, number, n_removed, next_at FROM retention",
                     NULL, read_pass, &pass, error))
    return NULL;

  return pass != NULL ? pass : g_new0 (LkRetention, 1);
}

/* One that has come to its end is followed by a new one. */
static gboolean
store_pass (LkDb *db, const LkRetention *pass, GError **error)
{
  LkRetention next = { .next_at = pass->next_at };

  if (pass->stage != LK_RETENTION_DONE)
    next = *pass;

  return lk_query_run (db,
                       "UPDATE retention SET stage = ?1, delivery_id = ?2, number = ?3,"
                       " n_removed = ?4, next_at = ?5",
                       LK_VALUES (LK_INT (next.stage), LK_INT (next.delivery_id),
                                  LK_INT (next.number), LK_INT (next.n_removed),
                                  LK_INT (next.next_at)),
                       error);
}

/* A moment that came to lie beyond a day, because the clock was set, must not keep it waiting. */
static gboolean
is_due (const LkRetention *pass, LkInstant now)
{
  return pass->next_at <= now || pass->next_at > now + LK_DAY;
}

static gboolean
prune_batch (LkDb *db, LkInstant now, gsize limit, LkRetention *pass, GError **error)
{
  gboolean done = pass->stage == LK_RETENTION_SECRETS ? prune_secrets (db, now, pass, error)
                                                      : prune_stage (db, now, limit, pass, error);

  pass->next_at = pass->stage == LK_RETENTION_DONE ? now + LK_DAY : now;

  return done && store_pass (db, pass, error);
}

/**
 * lk_retention_prune:
 * @db: a connection in a transaction
 * @epoch: the epoch of the caller's lease
 * @now: the wall-clock time
 * @limit: how many records to look at
 * @error: %LK_ERROR_LEASE_LOST
 *
 * Removes a batch of what is too old, where a pass is due or under way: secrets that have expired,
 * bodies of webhooks that arrived %LK_RETENTION_BODY_DAYS ago, attempts of those that arrived
 * %LK_RETENTION_ATTEMPT_DAYS ago. The cost depends on @limit and not on how much there is.
 *
 * Returns: (transfer full) (nullable): how far the pass has come; there is more to do now as long
 * as its stage is not %LK_RETENTION_DONE
 */
LkRetention *
lk_retention_prune (LkDb *db, gint64 epoch, LkInstant now, gsize limit, GError **error)
{
  g_autofree LkRetention *pass = NULL;

  g_return_val_if_fail (limit > 0, NULL);

  if (!lk_lease_store_check_epoch (db, epoch, error))
    return NULL;

  pass = load_pass (db, error);
  if (pass == NULL)
    return NULL;

  if (!is_due (pass, now))
    *pass = (LkRetention){ .stage = LK_RETENTION_DONE, .next_at = pass->next_at };
  else if (!prune_batch (db, now, limit, pass, error))
    return NULL;

  return g_steal_pointer (&pass);
}

static gboolean
is_resolved (const LkDelivery *delivery)
{
  return delivery->state == LK_DELIVERY_DELIVERED
         || (delivery->is_test && delivery->finished_at > 0);
}

/**
 * lk_retention_describe_body:
 * @delivery: a delivery, read with its body
 *
 * Returns: (transfer full) (nullable): why there is no body to show; %NULL when there is one
 */
char *
lk_retention_describe_body (const LkDelivery *delivery)
{
  g_return_val_if_fail (delivery != NULL, NULL);

  if (delivery->body != NULL)
    return NULL;

  if (!is_resolved (delivery))
    return g_strdup (_ ("It is missing: restore the workspace from a backup."));

  return g_strdup_printf (_ ("Not kept any more: it is removed %d days after the webhook arrived, "
                             "which can then not be sent again."),
                          LK_RETENTION_BODY_DAYS);
}

/**
 * lk_retention_describe_attempts:
 * @delivery: a delivery
 * @n_kept: how many of its attempts are in the log
 *
 * Returns: (transfer full) (nullable): why there are no attempts to show; %NULL when there are some
 *   or none was made
 */
char *
lk_retention_describe_attempts (const LkDelivery *delivery, guint n_kept)
{
  g_return_val_if_fail (delivery != NULL, NULL);

  if (n_kept > 0 || delivery->attempts == 0)
    return NULL;

  return g_strdup_printf (_ ("The attempts are not kept any more: they are removed %d days after "
                             "the webhook arrived."),
                          LK_RETENTION_ATTEMPT_DAYS);
}
