/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-endpoint-store"

#include "config.h"

#include "store/endpoint-store.h"
#include "store/lease-store.h"
#include "store/query.h"

static gpointer
read_endpoint (LkStatement *row)
{
  LkEndpoint *endpoint = g_new0 (LkEndpoint, 1);

  endpoint->url = lk_row_take_text (row, 0);
  endpoint->reason = lk_row_take_text (row, 1);
  endpoint->since = lk_statement_get_int (row, 2);
  endpoint->n_held = lk_statement_get_int (row, 3);

  return endpoint;
}

/**
 * lk_endpoint_free:
 * @self: (nullable) (transfer full): an endpoint
 */
void
lk_endpoint_free (LkEndpoint *self)
{
  if (self == NULL)
    return;

  g_free (self->url);
  g_free (self->reason);
  g_free (self);
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
  g_return_val_if_fail (reason != NULL && *reason != '\0', FALSE);

  return lk_lease_store_check_epoch (db, epoch, error)
         && lk_query_run (db,
                          "INSERT INTO endpoint (url, state, reason, since)"
                          " VALUES (?1, 'paused', ?2, ?3) ON CONFLICT (url) DO UPDATE"
                          " SET state = 'paused', reason = excluded.reason, since = excluded.since"
                          " WHERE endpoint.state <> 'paused'",
                          LK_VALUES (LK_TEXT (url), LK_TEXT (reason), LK_INT (now)), error)
         && lk_query_run (db,
                          "UPDATE delivery SET state = 'held', due_at = 0, hold_kind = 'paused',"
                          " hold_reason = (SELECT reason FROM endpoint WHERE url = ?1)"
                          " WHERE due_at > 0 AND url = ?1",
                          LK_VALUES (LK_TEXT (url)), error);
}

/**
 * lk_endpoint_store_resume:
 * @db: a connection in a transaction
 * @url: the receiver
 * @now: the wall-clock time
 * @error: return location
 *
 * Lets a receiver have what it is owed again: what its pause held is due at once. What is held for
 * another reason stays. Any process may do that.
 *
 * Returns: how many deliveries are due again; -1 on error
 */
gint64
lk_endpoint_store_resume (LkDb *db, const char *url, LkInstant now, GError **error)
{
  if (!lk_query_run (db, "DELETE FROM endpoint WHERE url = ?1", LK_VALUES (LK_TEXT (url)), error)
      || !lk_query_run (db,
                        "UPDATE delivery SET state = 'queued', due_at = ?2, hold_kind = '',"
                        " hold_reason = '' WHERE state = 'held' AND hold_kind = 'paused'"
                        " AND url = ?1",
                        LK_VALUES (LK_TEXT (url), LK_INT (now)), error))
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
  return lk_query_list (db,
                        "SELECT url, reason, since, (SELECT count(*) FROM delivery d"
                        " WHERE d.state = 'held' AND d.hold_kind = 'paused'"
                        " AND d.url = endpoint.url)"
                        " FROM endpoint WHERE state = 'paused' ORDER BY since, url",
                        NULL, read_endpoint, (GDestroyNotify) lk_endpoint_free, error);
}
