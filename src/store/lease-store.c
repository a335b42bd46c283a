/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-lease-store"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/word-list.h"
#include "store/lease-store.h"
#include "store/query.h"

#define LEASE_LENGTH (LK_LEASE_SECONDS * LK_SECOND)

static const char *const kind_words[] = {
  [LK_HOLDER_NONE] = "none",
  [LK_HOLDER_CONSOLE] = "console",
  [LK_HOLDER_AGENT] = "agent",
};

/* The row, and with it what is no part of the value. */
typedef struct
{
  LkLease *lease;
  LkInstant wanted_until;
} LeaseRow;

static void
lease_row_free (LeaseRow *self)
{
  if (self == NULL)
    return;

  lk_lease_free (self->lease);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LeaseRow, lease_row_free)

static const char *
kind_to_word (LkHolderKind kind)
{
  return lk_word_list_get (kind_words, G_N_ELEMENTS (kind_words), (int) kind);
}

static LkHolderKind
kind_from_word (const char *word)
{
  int kind = LK_HOLDER_NONE;

  lk_word_list_find (kind_words, G_N_ELEMENTS (kind_words), word, &kind);

  return (LkHolderKind) kind;
}

static gpointer
read_row (LkStatement *row)
{
  LeaseRow *result = g_new0 (LeaseRow, 1);
  LkLease *lease = g_new0 (LkLease, 1);

  lease->kind = kind_from_word (lk_statement_get_text (row, 0));
  lease->owner = lk_row_take_text (row, 1);
  lease->host = lk_row_take_text (row, 2);
  lease->boot_id = lk_row_take_text (row, 3);
  lease->pid = lk_statement_get_int (row, 4);
  lease->pid_started = lk_statement_get_int (row, 5);
  lease->epoch = lk_statement_get_int (row, 6);
  lease->expires_at = lk_statement_get_int (row, 7);
  lease->wanted_by = kind_from_word (lk_statement_get_text (row, 8));
  result->lease = lease;
  result->wanted_until = lk_statement_get_int (row, 9);

  return result;
}

static LeaseRow *
get_row (LkDb *db, GError **error)
{
  gpointer row;

  if (lk_query_one (db,
                    "SELECT kind, owner, host, boot_id, pid, pid_started, epoch, expires_at,"
                    " wanted_by, wanted_until FROM lease WHERE id = 1",
                    NULL, read_row, &row, error)
      && row == NULL)
    g_set_error (error, LK_ERROR, LK_ERROR_CORRUPT,
                 _ ("the workspace has lost its lease record: restore it from a backup"));

  return row;
}

static gboolean
take (LkDb *db, const LkLease *mine, gint64 epoch, LkInstant now, GError **error)
{
  return lk_query_run (
      db,
      "UPDATE lease SET kind = ?1, owner = ?2, host = ?3, boot_id = ?4, pid = ?5, pid_started = ?6,"
      " epoch = ?7, expires_at = ?8, wanted_by = 'none', wanted_until = 0 WHERE id = 1",
      LK_VALUES (LK_TEXT (kind_to_word (mine->kind)), LK_TEXT (mine->owner), LK_TEXT (mine->host),
                 LK_TEXT (mine->boot_id), LK_INT (mine->pid), LK_INT (mine->pid_started),
                 LK_INT (epoch), LK_INT (now + LEASE_LENGTH)),
      error);
}

static gboolean
ask_to_yield (LkDb *db, const LkLease *mine, LkInstant now, GError **error)
{
  return lk_query_run (db, "UPDATE lease SET wanted_by = ?1, wanted_until = ?2 WHERE id = 1",
                       LK_VALUES (LK_TEXT (kind_to_word (mine->kind)), LK_INT (now + LEASE_LENGTH)),
                       error);
}

/* A lease that was given back for an agent is not snatched by the next console. */
static gboolean
is_reserved_for_agent (const LeaseRow *row, const LkLease *mine, LkInstant now)
{
  return mine->kind != LK_HOLDER_AGENT && row->lease->wanted_by == LK_HOLDER_AGENT
         && row->wanted_until > now;
}

/**
 * lk_lease_store_get:
 * @db: a connection
 * @error: return location
 *
 * Reads the lease as it stands; lk_lease_is_alive() says whether it counts.
 *
 * Returns: (transfer full) (nullable): the lease; %NULL on error
 */
LkLease *
lk_lease_store_get (LkDb *db, GError **error)
{
  g_autoptr (LeaseRow) row = get_row (db, error);

  return row != NULL ? g_steal_pointer (&row->lease) : NULL;
}

/**
 * lk_lease_store_acquire:
 * @db: a connection in a transaction
 * @mine: this process, from lk_lease_new(), with its kind
 * @now: the wall-clock time
 * @error: return location
 *
 * Takes the lease for %LK_LEASE_SECONDS when it is free, expired or its holder dead; that begins a
 * new epoch. When @mine holds it already, it is renewed under its epoch. Otherwise, when @mine is
 * an agent and the holder a console, notes that an agent wants it: the console finds that in
 * #LkLease.wanted_by and releases it, and for %LK_LEASE_SECONDS only an agent can take it.
 *
 * Returns: (transfer full) (nullable): the lease as it now is; it is @mine when the owners are
 *   equal; %NULL on error
 */
LkLease *
lk_lease_store_acquire (LkDb *db, const LkLease *mine, LkInstant now, GError **error)
{
  g_autoptr (LeaseRow) row = NULL;
  gboolean ok = TRUE;

  g_return_val_if_fail (mine != NULL && mine->kind != LK_HOLDER_NONE, NULL);

  row = get_row (db, error);
  if (row == NULL)
    return NULL;

  if (row->lease->kind != LK_HOLDER_NONE && g_str_equal (row->lease->owner, mine->owner))
    ok = lk_lease_store_renew (db, row->lease->epoch, now, error);
  else if (lk_lease_is_alive (row->lease, now))
    {
      if (mine->kind == LK_HOLDER_AGENT && row->lease->kind == LK_HOLDER_CONSOLE)
        ok = ask_to_yield (db, mine, now, error);
    }
  else if (!is_reserved_for_agent (row, mine, now))
    ok = take (db, mine, row->lease->epoch + 1, now, error);

  return ok ? lk_lease_store_get (db, error) : NULL;
}

/**
 * lk_lease_store_renew:
 * @db: a connection in a transaction
 * @epoch: the epoch of the caller's lease
 * @now: the wall-clock time
 * @error: %LK_ERROR_LEASE_LOST when the lease has another epoch or was released
 *
 * Holds on to the lease for another %LK_LEASE_SECONDS. That works after it expired, too, as long as
 * nobody took it. A wish to have it that was not repeated for that long is forgotten.
 *
 * Returns: whether the caller still holds it
 */
gboolean
lk_lease_store_renew (LkDb *db, gint64 epoch, LkInstant now, GError **error)
{
  return lk_lease_store_check_epoch (db, epoch, error)
         && lk_query_run (db,
                          "UPDATE lease SET expires_at = ?1, wanted_by ="
                          " CASE WHEN wanted_until > ?2 THEN wanted_by ELSE 'none' END"
                          " WHERE id = 1",
                          LK_VALUES (LK_INT (now + LEASE_LENGTH), LK_INT (now)), error);
}

/**
 * lk_lease_store_release:
 * @db: a connection in a transaction
 * @epoch: the epoch of the caller's lease
 * @error: %LK_ERROR_LEASE_LOST when the lease has another epoch or was released
 *
 * Gives the lease back. From then on nothing can be written under its epoch, so what is in flight
 * is settled before.
 *
 * Returns: whether it was given back
 */
gboolean
lk_lease_store_release (LkDb *db, gint64 epoch, GError **error)
{
  return lk_lease_store_check_epoch (db, epoch, error)
         && lk_query_run (db,
                          "UPDATE lease SET kind = 'none', owner = '', host = '', boot_id = '',"
                          " pid = 0, pid_started = 0, expires_at = 0 WHERE id = 1",
                          NULL, error);
}

/**
 * lk_lease_store_check_epoch:
 * @db: a connection in a transaction
 * @epoch: the epoch of the caller's lease
 * @error: %LK_ERROR_LEASE_LOST when the lease has another epoch or was released
 *
 * The fence before each write of the engine: a process that slept through its lease changes
 * nothing.
 *
 * Returns: whether the caller may write
 */
gboolean
lk_lease_store_check_epoch (LkDb *db, gint64 epoch, GError **error)
{
  gint64 current;

  if (!lk_query_int (db, "SELECT epoch FROM lease WHERE id = 1 AND kind <> 'none'", NULL, &current,
                     error))
    return FALSE;

  if (current == epoch && epoch > 0)
    return TRUE;

  g_set_error (
      error, LK_ERROR, LK_ERROR_LEASE_LOST,
      _ ("another process runs the schedule of this workspace by now; nothing was changed"));
  return FALSE;
}
