/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-confinement"

#include "config.h"

#include "core/sql-function.h"
#include "store/confinement.h"

#define VIEW "qryLicenseInfo"

struct _LkConfinement
{
  gboolean trusted; /* while a constant statement of ours is prepared */
};

typedef struct
{
  int category;
  int value;
} Limit;

/* A search has at most 64 KiB (core/clause.h); what the rewrite adds to it is short. */
static const Limit limits[] = {
  { SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024 },
  { SQLITE_LIMIT_SQL_LENGTH, 1024 * 1024 },
  { SQLITE_LIMIT_COLUMN, 200 },
  { SQLITE_LIMIT_EXPR_DEPTH, 1000 },
  { SQLITE_LIMIT_COMPOUND_SELECT, 20 },
  { SQLITE_LIMIT_VDBE_OP, 100000 },
  { SQLITE_LIMIT_FUNCTION_ARG, 32 },
  { SQLITE_LIMIT_ATTACHED, 0 },
  { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 },
  { SQLITE_LIMIT_VARIABLE_NUMBER, 32766 },
  { SQLITE_LIMIT_TRIGGER_DEPTH, 1 },
  { SQLITE_LIMIT_WORKER_THREADS, 0 },
};

/* What our own SQL around a condition calls besides the functions of conditions. */
static const char *const own_functions[] = { "row_number" };

/* The tables that the view joins. */
static const char *const tables[] = {
  "licenses", "customers", "products", "organizations", "activations", "affiliates",
};

static gboolean
contains (const char *const *words, gsize n_words, const char *word)
{
  for (gsize i = 0; i < n_words; i++)
    if (g_ascii_strcasecmp (words[i], word) == 0)
      return TRUE;
  return FALSE;
}

/* Pure and cheap functions only: those that a condition may call (core/sql-function.h) and our own.
 * Not among them, on purpose: zeroblob, randomblob, printf (each makes much memory out of a small
 * number), load_extension, and what tells of the database. */
static gboolean
may_call (const char *function)
{
  if (function == NULL)
    return FALSE;

  for (gsize i = 0; lk_sql_builtins[i] != NULL; i++)
    if (g_ascii_strcasecmp (lk_sql_builtins[i], function) == 0)
      return TRUE;
  for (gsize i = 0; i < lk_n_sql_functions; i++)
    if (g_ascii_strcasecmp (lk_sql_functions[i].name, function) == 0)
      return TRUE;

  return contains (own_functions, G_N_ELEMENTS (own_functions), function);
}

/* @through: the inner-most view or trigger on whose behalf SQLite reads. */
static gboolean
may_read (const char *table, const char *through)
{
  if (table == NULL)
    return FALSE;
  if (g_ascii_strcasecmp (table, VIEW) == 0)
    return TRUE;

  return g_strcmp0 (through, VIEW) == 0 && contains (tables, G_N_ELEMENTS (tables), table);
}

static int
authorize_cb (void *data, int action, const char *first, const char *second, const char *database,
              const char *through)
{
  LkConfinement *self = data;
  gboolean allowed = FALSE;

  if (self->trusted)
    return SQLITE_OK;

  if (action == SQLITE_SELECT)
    allowed = TRUE;
  else if (action == SQLITE_READ)
    allowed = may_read (first, through);
  else if (action == SQLITE_FUNCTION)
    allowed = may_call (second);

  return allowed ? SQLITE_OK : SQLITE_DENY;
}

/**
 * lk_confinement_new:
 * @handle: a connection that was opened read-only
 *
 * Confines a connection for the rest of its life.
 *
 * Returns: (transfer full): what it needs to stay confined; free it after the connection was closed
 */
LkConfinement *
lk_confinement_new (sqlite3 *handle)
{
  LkConfinement *self = g_new0 (LkConfinement, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    sqlite3_limit (handle, limits[i].category, limits[i].value);

  sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_set_authorizer (handle, authorize_cb, self);
  return self;
}

/**
 * lk_confinement_free:
 * @self: (transfer full): the confinement of a connection that is closed
 */
void
lk_confinement_free (LkConfinement *self)
{
  g_free (self);
}

/**
 * lk_confinement_set_trusted:
 * @self: a confinement
 * @trusted: whether the next statements are constants of ours (BEGIN, COMMIT)
 */
void
lk_confinement_set_trusted (LkConfinement *self, gboolean trusted)
{
  self->trusted = trusted;
}
