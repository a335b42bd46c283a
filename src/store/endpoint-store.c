/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-endpoint-store"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "store/endpoint-store.h"
#include "store/lease-store.h"
#include "store/query.h"

#define COLUMNS                                                                                    \
  "url, CASE state WHEN 'paused' THEN 1 ELSE 0 END, reason, since, failing_since, failures,"       \
  " (SELECT count(*) FROM delivery d WHERE d.state = 'held' AND d.hold_kind = 'paused'"            \
  " AND d.url = endpoint.url),"                                                                    \
  " (SELECT count(*) FROM delivery d WHERE d.due_at > 0 AND d.url = endpoint.url)"

/* A receiver that no task has any more, and that is owed nothing, is of no interest. */
#define IS_IN_USE                                                                                  \
  " (url IN (SELECT t.url FROM task t) OR EXISTS (SELECT 1 FROM delivery d"                        \
  " WHERE d.state = 'held' AND d.hold_kind = 'paused' AND d.url = endpoint.url))"

static gpointer
read_endpoint (LkStatement *row)
{
  LkEndpoint *endpoint = g_new0 (LkEndpoint, 1);

  endpoint->url = lk_row_take_text (row, 0);
  endpoint->is_paused = lk_statement_get_int (row, 1) != 0;
  endpoint->reason = lk_row_take_text (row, 2);
  endpoint->since = endpoint->is_paused ? lk_statement_get_int (row, 3) : 0;
  endpoint->failing_since = lk_statement_get_int (row, 4);
  endpoint->n_failures = lk_statement_get_int (row, 5);
  endpoint->n_held = lk_statement_get_int (row, 6);
  endpoint->n_waiting = lk_statement_get_int (row, 7);

  return endpoint;
}

/* @is_news: (out): whether it was not paused before */
static gboolean
set_paused (LkDb *db, const char *url, const char *reason, LkInstant now, gboolean *is_news,
            GError **error)
{
  if (!lk_query_run (db,
                     "INSERT INTO endpoint (url, state, reason, since)"
                     " VALUES (?1, 'paused', ?2, ?3) ON CONFLICT (url) DO UPDATE"
                     " SET state = 'paused', reason = excluded.reason, since = excluded.since"
                     " WHERE endpoint.state <> 'paused'",
                     LK_VALUES (LK_TEXT (url), LK_TEXT (reason), LK_INT (now)), error))
    return FALSE;

  *is_news = lk_db_get_changes (db) > 0;
  return lk_endpoint_store_hold_waiting (db, error);
}

static gboolean
open_endpoint (LkDb *db, const char *url, GError **error)
{
  return lk_query_run (db, "DELETE FROM endpoint WHERE url = ?1 AND state = 'paused'",
                       LK_VALUES (LK_TEXT (url)), error);
}

/* One of those that the pause of @url holds is due again; its retry schedule begins anew, as what
 * was wrong with the receiver is over. */
static gboolean
release (LkDb *db, const char *url, gint64 id, LkInstant now, GError **error)
{
  if (!lk_query_run (db,
                     "UPDATE delivery SET state = 'queued', due_at = ?3, hold_kind = '',"
                     " hold_reason = '', schedule_from = attempts WHERE id = ?1 AND url = ?2"
                     " AND state = 'held' AND hold_kind = 'paused'",
                     LK_VALUES (LK_INT (id), LK_TEXT (url), LK_INT (now)), error))
    return FALSE;

  if (lk_db_get_changes (db) == 1)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("delivery %" PRId64 " is not held for “%s”: nothing was resumed"), id, url);
  return FALSE;
}

/**
 * lk_endpoint_store_check_known:
 * @db: a connection
 * @url: what may be a receiver
 * @error: %LK_ERROR_NOT_FOUND when no task sends there, nothing is owed to it and it is not paused
 *
 * Returns: whether there is such a receiver
 */
gboolean
lk_endpoint_store_check_known (LkDb *db, const char *url, GError **error)
{
  gint64 found;

  if (!lk_query_int (db,
                     "SELECT 1 WHERE EXISTS (SELECT 1 FROM task WHERE url = ?1)"
                     " OR EXISTS (SELECT 1 FROM endpoint WHERE url = ?1)"
                     " OR EXISTS (SELECT 1 FROM delivery WHERE url = ?1 AND due_at > 0)",
                     LK_VALUES (LK_TEXT (url)), &found, error))
    return FALSE;

  if (found == 0)
    g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND,
                 _ ("no task sends to “%s”: take the address as its task has it"), url);

  return found != 0;
}

/**
 * lk_endpoint_store_pause:
 * @db: a connection in a transaction
 * @epoch: the epoch of the caller's lease
 * @url: the receiver
 * @reason: why, in words; not ""
 * @now: the wall-clock time
 * @error: %LK_ERROR_LEASE_LOST
 *
 * Pauses a receiver: whatever waits for it is held, and whatever is added or fails later is, too.
 * One that is paused already keeps its reason.
 *
 * Returns: whether it is paused
 */
gboolean
lk_endpoint_store_pause (LkDb *db, gint64 epoch, const char *url, const char *reason, LkInstant now,
                         GError **error)
{
  gboolean is_news;

  g_return_val_if_fail (reason != NULL && *reason != '\0', FALSE);

  if (!lk_lease_store_check_epoch (db, epoch, error)
      || !set_paused (db, url, reason, now, &is_news, error))
    return FALSE;

  if (is_news)
    g_message ("“%s” is paused, what it is owed is held: %s", url, reason);

  return TRUE;
}

/**
 * lk_endpoint_store_pause_by_hand:
 * @db: a connection in a transaction
 * @url: the receiver
 * @who: the person
 * @now: the wall-clock time
 * @error: %LK_ERROR_NOT_FOUND for an address that no task sends to
 *
 * As lk_endpoint_store_pause(), because somebody wants it. A request that is in flight goes on.
 *
 * Returns: whether it is paused
 */
gboolean
lk_endpoint_store_pause_by_hand (LkDb *db, const char *url, const char *who, LkInstant now,
                                 GError **error)
{
  /* translators: %s is the name of a user */
  g_autofree char *reason = g_strdup_printf (_ ("paused by %s"), who);
  gboolean is_news;

  return lk_endpoint_store_check_known (db, url, error)
         && set_paused (db, url, reason, now, &is_news, error);
}

/**
 * lk_endpoint_store_resume:
 * @db: a connection in a transaction
 * @url: the receiver
 * @now: the wall-clock time
 * @error: return location
 *
 * Lets a receiver have what it is owed again: what its pause held is due at once, and its retry
 * schedule begins anew. What is held for another reason stays.
 *
 * Returns: how many deliveries are due again; -1 on error
 */
gint64
lk_endpoint_store_resume (LkDb *db, const char *url, LkInstant now, GError **error)
{
  if (!open_endpoint (db, url, error)
      || !lk_query_run (db,
                        "UPDATE delivery SET state = 'queued', due_at = ?2, hold_kind = '',"
                        " hold_reason = '', schedule_from = attempts WHERE state = 'held'"
                        " AND hold_kind = 'paused' AND url = ?1",
                        LK_VALUES (LK_TEXT (url), LK_INT (now)), error))
    return -1;

  return lk_db_get_changes (db);
}

/**
 * lk_endpoint_store_resume_chosen:
 * @db: a connection in a transaction
 * @url: the receiver
 * @ids: (element-type gint64): which of the deliveries that its pause holds are to be sent; may be
 *   empty
 * @now: the wall-clock time
 * @error: %LK_ERROR_INVALID when one of @ids is not among them
 *
 * Lets a receiver have what is new, and of what its pause held only @ids. The rest stays held, each
 * for a person to send or drop.
 *
 * Returns: how many deliveries are due again; -1 on error
 */
gint64
lk_endpoint_store_resume_chosen (LkDb *db, const char *url, GArray *ids, LkInstant now,
                                 GError **error)
{
  const char *reason = _ ("it was kept back when its receiver was resumed: send or drop it");

  for (guint i = 0; i < ids->len; i++)
    if (!release (db, url, g_array_index (ids, gint64, i), now, error))
      return -1;

  if (!open_endpoint (db, url, error)
      || !lk_query_run (db,
                        "UPDATE delivery SET hold_kind = 'look', hold_reason = ?2"
                        " WHERE state = 'held' AND hold_kind = 'paused' AND url = ?1",
                        LK_VALUES (LK_TEXT (url), LK_TEXT (reason)), error))
    return -1;

  return ids->len;
}

/**
 * lk_endpoint_store_resume_dropping:
 * @db: a connection in a transaction
 * @url: the receiver
 * @who: the person
 * @now: the wall-clock time
 * @error: return location
 *
 * Lets a receiver have what is new; what its pause held is dropped, and says by whom.
 *
 * Returns: how many deliveries were dropped; -1 on error
 */
gint64
lk_endpoint_store_resume_dropping (LkDb *db, const char *url, const char *who, LkInstant now,
                                   GError **error)
{
  /* translators: %s is the name of a user */
  g_autofree char *cause = g_strdup_printf (_ ("dropped by %s"), who);

  if (!open_endpoint (db, url, error)
      || !lk_query_run (db,
                        "UPDATE delivery SET state = 'dropped', hold_kind = '', hold_reason = '',"
                        " last_cause = ?2, finished_at = ?3 WHERE state = 'held'"
                        " AND hold_kind = 'paused' AND url = ?1",
                        LK_VALUES (LK_TEXT (url), LK_TEXT (cause), LK_INT (now)), error))
    return -1;

  return lk_db_get_changes (db);
}

/**
 * lk_endpoint_store_is_paused:
 * @db: a connection
 * @url: the receiver
 * @is_paused: (out): whether it is
 * @reason: (out) (optional) (nullable) (transfer full): why; %NULL when it is not
 * @error: return location
 *
 * Returns: whether it could be found out
 */
gboolean
lk_endpoint_store_is_paused (LkDb *db, const char *url, gboolean *is_paused, char **reason,
                             GError **error)
{
  g_autofree char *found = NULL;
  gpointer text;

  if (!lk_query_one (db, "SELECT reason FROM endpoint WHERE url = ?1 AND state = 'paused'",
                     LK_VALUES (LK_TEXT (url)), lk_row_dup_text, &text, error))
    return FALSE;

  found = text;
  *is_paused = found != NULL;
  if (reason != NULL)
    *reason = g_steal_pointer (&found);

  return TRUE;
}

/**
 * lk_endpoint_store_list_paused:
 * @db: a connection
 * @error: return location
 *
 * Returns: (transfer full) (element-type LkEndpoint) (nullable): the paused receivers, the one
 *   paused first at the top; %NULL on error
 */
GPtrArray *
lk_endpoint_store_list_paused (LkDb *db, GError **error)
{
  return lk_query_list (
      db, "SELECT " COLUMNS " FROM endpoint WHERE state = 'paused' ORDER BY since, url", NULL,
      read_endpoint, (GDestroyNotify) lk_endpoint_free, error);
}

/**
 * lk_endpoint_store_list_concerns:
 * @db: a connection
 * @now: the wall-clock time
 * @error: return location
 *
 * Returns: (transfer full) (element-type LkEndpoint) (nullable): the receivers that need a person:
 *   paused, or without a success for a day at least; the longest first; %NULL on error
 */
GPtrArray *
lk_endpoint_store_list_concerns (LkDb *db, LkInstant now, GError **error)
{
  return lk_query_list (db,
                        "SELECT " COLUMNS " FROM endpoint WHERE (state = 'paused'"
                        " OR (failing_since > 0 AND failing_since <= ?1)) AND" IS_IN_USE
                        " ORDER BY state DESC, since, url",
                        LK_VALUES (LK_INT (now - LK_DAY)), read_endpoint,
                        (GDestroyNotify) lk_endpoint_free, error);
}

/**
 * lk_endpoint_store_hold_waiting:
 * @db: a connection in a transaction
 * @error: return location
 *
 * Keeps the rule that what is owed to a paused receiver is held, after something became due.
 *
 * Returns: whether that was done
 */
gboolean
lk_endpoint_store_hold_waiting (LkDb *db, GError **error)
{
  return lk_query_run (db,
                       "UPDATE delivery SET state = 'held', due_at = 0, hold_kind = 'paused',"
                       " hold_reason = (SELECT e.reason FROM endpoint e WHERE e.url = delivery.url)"
                       " WHERE due_at > 0 AND url IN (SELECT e.url FROM endpoint e"
                       " WHERE e.state = 'paused')",
                       NULL, error);
}
