/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sqlite-error"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "store/sqlite-error.h"

/* What a result code of SQLite means here; without one for the extended code, that for the primary
 * one counts. @message has two places: the database, and what SQLite says. */
typedef struct
{
  int code;
  int error;
  const char *message;
} Meaning;

static const Meaning meanings[] = {
  { SQLITE_BUSY, LK_ERROR_BUSY,
    N_ ("“%s” is locked by another program (%s); close that program or try again") },
  { SQLITE_LOCKED, LK_ERROR_BUSY,
    N_ ("“%s” is locked by another program (%s); close that program or try again") },
  { SQLITE_FULL, LK_ERROR_FULL,
    N_ ("“%s” cannot grow because the disk is full (%s); free some space and try again") },
  /* Where its -shm file cannot grow, SQLite does not say why: there is no other reason. */
  { SQLITE_IOERR_SHMSIZE, LK_ERROR_FULL,
    N_ ("“%s” cannot grow because the disk is full (%s); free some space and try again") },
  { SQLITE_IOERR, LK_ERROR_IO,
    N_ ("“%s” could not be read or written (%s); check the disk and its connection") },
  { SQLITE_CORRUPT, LK_ERROR_CORRUPT, N_ ("“%s” is damaged (%s); restore it from a backup") },
  { SQLITE_NOTADB, LK_ERROR_CORRUPT,
    N_ ("“%s” is not a database (%s); choose another file or restore it from a backup") },
  { SQLITE_READONLY, LK_ERROR_READ_ONLY,
    N_ ("“%s” cannot be written (%s); check the permissions of the file and its folder") },
  { SQLITE_PERM, LK_ERROR_READ_ONLY,
    N_ ("“%s” cannot be written (%s); check the permissions of the file and its folder") },
  { SQLITE_CANTOPEN, LK_ERROR_IO,
    N_ ("“%s” cannot be opened (%s); check the path and its permissions") },
  { SQLITE_AUTH, LK_ERROR_CLAUSE,
    N_ ("“%s” refused the search (%s); use only columns of qryLicenseInfo and known functions") },
  { SQLITE_MISMATCH, LK_ERROR_CLAUSE,
    N_ ("the search in “%s” failed on one of the licenses (%s); correct its condition") },
  { SQLITE_TOOBIG, LK_ERROR_LIMIT,
    N_ ("“%s” refused a text that is too long (%s); make it shorter") },
};

static const Meaning *
find_meaning (int code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].code == code || meanings[i].code == (code & 0xff))
      return &meanings[i];

  return NULL;
}

static void
set_constraint_error (GError **error, const char *name, int code, const char *detail)
{
  if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY)
    g_set_error (error, LK_ERROR, LK_ERROR_EXISTS,
                 _ ("“%s” has such a record already (%s); choose another value"), name, detail);
  else if (code == SQLITE_CONSTRAINT_FOREIGNKEY)
    g_set_error (error, LK_ERROR, LK_ERROR_IN_USE,
                 _ ("“%s” refused the change because another record refers to this one, or the one "
                    "it names is gone (%s); look at both"),
                 name, detail);
  else
    g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                 _ ("“%s” refused a value (%s); correct it and try again"), name, detail);
}

/**
 * lk_sqlite_set_error:
 * @error: return location
 * @name: what to call the database
 * @code: SQLite's extended result code
 * @detail: SQLite's own words
 *
 * Turns a failure of SQLite into an error that names the file, the reason and the remedy.
 */
void
lk_sqlite_set_error (GError **error, const char *name, int code, const char *detail)
{
  const Meaning *meaning = find_meaning (code);

  if ((code & 0xff) == SQLITE_CONSTRAINT)
    set_constraint_error (error, name, code, detail);
  else if ((code & 0xff) == SQLITE_INTERRUPT)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("the work on “%s” was cancelled"),
                 name);
  else if (meaning != NULL)
    {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      g_set_error (error, LK_ERROR, meaning->error, _ (meaning->message), name, detail);
#pragma GCC diagnostic pop
    }
  else
    g_set_error (
        error, LK_ERROR, LK_ERROR_FAILED,
        _ ("“%s” refused a statement (%s); this is a defect of Latchkey, please report it"), name,
        detail);
}
