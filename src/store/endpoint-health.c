/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long nothing has got through to a receiver. It is kept in the workspace, because five days
 * are longer than most processes live. */

#define G_LOG_DOMAIN "lk-endpoint-health"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "store/delivery-store.h"
#include "store/endpoint-store.h"
#include "store/query.h"

/* What a batch of outcomes says about one receiver. */
typedef struct
{
  gboolean has_success;
  gint64 n_failures;
  const char *cause; /* of the last failure */
} Tally;

/* What the workspace knows of a receiver that is not paused. */
typedef struct
{
  LkEndpoint *endpoint;
  LkConcern warned;
} Health;

static void
health_free (Health *self)
{
  if (self == NULL)
    return;

  lk_endpoint_free (self->endpoint);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Health, health_free)

static gpointer
read_health (LkStatement *row)
{
  Health *self = g_new0 (Health, 1);

  self->endpoint = lk_endpoint_new (lk_statement_get_text (row, 0));
  self->endpoint->failing_since = lk_statement_get_int (row, 1);
  self->endpoint->n_failures = lk_statement_get_int (row, 2);
  self->warned = (LkConcern) lk_statement_get_int (row, 3);

  return self;
}

/* Of each receiver of the batch how its attempts went; those that say nothing about it (offline,
 * unknown) are left out. */
static GHashTable *
tally (GPtrArray *settlements)
{
  GHashTable *tallies = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  for (guint i = 0; i < settlements->len; i++)
    {
      const LkAttempt *attempt = ((LkSettlement *) g_ptr_array_index (settlements, i))->attempt;
      Tally *found;

      if (attempt->outcome != LK_OUTCOME_SUCCESS && attempt->outcome != LK_OUTCOME_FAILURE)
        continue;

      found = g_hash_table_lookup (tallies, attempt->url);
      if (found == NULL)
        g_hash_table_insert (tallies, attempt->url, found = g_new0 (Tally, 1));

      found->has_success |= attempt->outcome == LK_OUTCOME_SUCCESS;
      found->n_failures += attempt->outcome == LK_OUTCOME_FAILURE;
      if (attempt->outcome == LK_OUTCOME_FAILURE)
        found->cause = attempt->cause;
    }

  return tallies;
}

static gboolean
note_success (LkDb *db, const char *url, GError **error)
{
  return lk_query_run (db, "DELETE FROM endpoint WHERE url = ?1 AND state = 'open'",
                       LK_VALUES (LK_TEXT (url)), error);
}

static gboolean
warn (LkDb *db, const LkEndpoint *endpoint, LkInstant now, GError **error)
{
  LkConcern concern = lk_endpoint_get_concern (endpoint, now);
  g_autofree char *sentence = lk_endpoint_describe (endpoint, now);

  g_message ("“%s”: %s", endpoint->url, sentence);

  return lk_query_run (db, "UPDATE endpoint SET warned = ?2 WHERE url = ?1",
                       LK_VALUES (LK_TEXT (endpoint->url), LK_INT (concern)), error);
}

static gboolean
end_hope (LkDb *db, gint64 epoch, const char *url, const char *cause, LkInstant now, GError **error)
{
  /* translators: the number of days, then why the last attempt failed */
  g_autofree char *reason = g_strdup_printf (_ ("nothing has arrived there for %d days (%s)"),
                                             LK_ENDPOINT_PAUSE_DAYS, cause);

  return lk_endpoint_store_pause (db, epoch, url, reason, now, error);
}

static gboolean
note_failures (LkDb *db, gint64 epoch, const char *url, const Tally *failed, LkInstant now,
               GError **error)
{
  g_autoptr (Health) health = NULL;
  gpointer found;

  if (!lk_query_run (db,
                     "INSERT INTO endpoint (url, state, reason, since, failing_since, failures)"
                     " VALUES (?1, 'open', '', ?2, ?2, ?3) ON CONFLICT (url) DO UPDATE SET"
                     " failures = endpoint.failures + excluded.failures, failing_since ="
                     " CASE WHEN endpoint.failing_since = 0 THEN excluded.failing_since"
                     " ELSE endpoint.failing_since END",
                     LK_VALUES (LK_TEXT (url), LK_INT (now), LK_INT (failed->n_failures)), error)
      || !lk_query_one (db,
                        "SELECT url, failing_since, failures, warned FROM endpoint"
                        " WHERE url = ?1 AND state = 'open'",
                        LK_VALUES (LK_TEXT (url)), read_health, &found, error))
    return FALSE;

  health = found;
  if (health == NULL)
    return TRUE;
  if (lk_endpoint_is_to_be_paused (health->endpoint, now))
    return end_hope (db, epoch, url, failed->cause, now, error);

  return lk_endpoint_get_concern (health->endpoint, now) <= health->warned
         || warn (db, health->endpoint, now, error);
}

/**
 * lk_endpoint_health_note:
 * @db: a connection in a transaction
 * @epoch: the epoch of the caller's lease
 * @settlements: (element-type LkSettlement): how claims ended
 * @now: the wall-clock time
 * @error: %LK_ERROR_LEASE_LOST
 *
 * Notes for each receiver since when nothing gets through, warns in the log when that has lasted
 * for one, three and four days, and pauses it after %LK_ENDPOINT_PAUSE_DAYS. One success, also
 * among failures, begins it anew.
 *
 * Costs one statement for each receiver that works, however many outcomes it has in the batch.
 *
 * Returns: whether it is noted
 */
gboolean
lk_endpoint_health_note (LkDb *db, gint64 epoch, GPtrArray *settlements, LkInstant now,
                         GError **error)
{
  g_autoptr (GHashTable) tallies = tally (settlements);
  GHashTableIter iter;
  gpointer url, value;

  g_hash_table_iter_init (&iter, tallies);
  while (g_hash_table_iter_next (&iter, &url, &value))
    {
      const Tally *result = value;

      if (!(result->has_success ? note_success (db, url, error)
                                : note_failures (db, epoch, url, result, now, error)))
        return FALSE;
    }

  return TRUE;
}
