/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-migrator"

#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "store/migrator.h"
#include "data/schema/schema-resources.h"

#define FOLDER "/io/github/latchkey/Latchkey/schema/"

static const char *const workspace_steps[] = {
  FOLDER "workspace/0001-workspace.sql",
  FOLDER "workspace/0002-holds.sql",
  FOLDER "workspace/0003-log.sql",
  FOLDER "workspace/0004-endpoint-settings.sql",
  FOLDER "workspace/0005-keyring.sql",
  FOLDER "workspace/0006-ledger-key.sql",
  FOLDER "workspace/0007-open-attempt.sql",
  FOLDER "workspace/0008-retention.sql",
  NULL,
};

static const char *const license_steps[] = {
  FOLDER "license/0001-licenses.sql",
  NULL,
};

const LkSchema lk_workspace_schema = { "workspace", N_ ("workspace"), workspace_steps };
const LkSchema lk_license_schema = { "license", N_ ("license database"), license_steps };

static GBytes *
load_step (const char *path, GError **error)
{
  return g_resource_lookup_data (lk_schema_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                 error);
}

static gboolean
store_version (LkDb *db, const LkSchema *schema, int version, GError **error)
{
  g_autoptr (LkStatement) statement = NULL;

  if (!lk_db_execute (db, "DELETE FROM latchkey_schema", error))
    return FALSE;

  statement =
      lk_db_prepare (db, "INSERT INTO latchkey_schema (name, version) VALUES (?1, ?2)", error);
  if (statement == NULL)
    return FALSE;

  lk_statement_bind_text (statement, 1, schema->name);
  lk_statement_bind_int (statement, 2, version);
  return lk_statement_run (statement, error);
}

static gboolean
run_step (LkDb *db, const LkSchema *schema, int version, GError **error)
{
  g_autoptr (GBytes) sql = load_step (schema->steps[version - 1], error);
  g_autofree char *text = NULL;

  if (sql == NULL)
    return FALSE;

  if (version == 1
      && !lk_db_execute (db,
                         "CREATE TABLE latchkey_schema (name TEXT NOT NULL,"
                         " version INTEGER NOT NULL)",
                         error))
    return FALSE;

  text = g_strndup (g_bytes_get_data (sql, NULL), g_bytes_get_size (sql));
  return lk_db_execute (db, text, error) && store_version (db, schema, version, error);
}

static gboolean
set_foreign (LkDb *db, const LkSchema *schema, GError **error)
{
  g_set_error (error, LK_ERROR, LK_ERROR_CORRUPT,
               _ ("“%s” is not a %s of Latchkey; choose another file"), lk_db_get_name (db),
               _ (schema->title));
  return FALSE;
}

static gboolean
read_version (LkDb *db, const LkSchema *schema, int *version, GError **error)
{
  g_autoptr (LkStatement) statement =
      lk_db_prepare (db, "SELECT name, version FROM latchkey_schema", error);

  if (statement == NULL)
    return FALSE;

  switch (lk_statement_step (statement, error))
    {
    case LK_STEP_ROW:
      if (g_strcmp0 (lk_statement_get_text (statement, 0), schema->name) != 0)
        return set_foreign (db, schema, error);
      *version = lk_statement_get_int (statement, 1);
      return TRUE;
    case LK_STEP_DONE:
      return set_foreign (db, schema, error);
    case LK_STEP_ERROR:
    default:
      return FALSE;
    }
}

static gboolean
check_not_newer (LkDb *db, const LkSchema *schema, int version, GError **error)
{
  int latest = lk_schema_get_latest (schema);

  if (version <= latest)
    return TRUE;

  g_set_error (
      error, LK_ERROR, LK_ERROR_NEWER_SCHEMA,
      _ ("“%s” was written by a newer Latchkey (its schema is number %d, this program knows "
         "up to %d); install the newer version"),
      lk_db_get_name (db), version, latest);
  return FALSE;
}

static gboolean
back_up (LkDb *db, int version, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s.v%d-backup", lk_db_get_name (db), version);

  /* An upgrade that was interrupted left one: this one is newer and complete. */
  g_unlink (path);
  if (!lk_db_back_up (db, path, error))
    {
      g_prefix_error (error, _ ("the backup before the upgrade failed: "));
      return FALSE;
    }
  return TRUE;
}

/**
 * lk_schema_get_latest:
 * @schema: a schema
 *
 * Returns: the version that this program writes
 */
int
lk_schema_get_latest (const LkSchema *schema)
{
  int n_steps = 0;

  while (schema->steps[n_steps] != NULL)
    n_steps++;
  return n_steps;
}

/**
 * lk_migrator_get_version:
 * @db: a connection
 * @schema: what it should hold
 * @error: return location
 *
 * Returns: the version of the schema; 0 for an empty database; -1 on error: %LK_ERROR_CORRUPT when
 *   the database holds something else
 */
int
lk_migrator_get_version (LkDb *db, const LkSchema *schema, GError **error)
{
  int version = 0;

  if (!lk_db_has_table (db, "latchkey_schema"))
    {
      if (lk_db_is_empty (db))
        return 0;
      set_foreign (db, schema, error);
      return -1;
    }
  return read_version (db, schema, &version, error) ? version : -1;
}

/**
 * lk_migrator_check:
 * @db: a connection
 * @schema: what it should hold
 * @error: return location
 *
 * Returns: whether the database has exactly the schema that this program writes; otherwise
 *   %LK_ERROR_CORRUPT (something else, or an older one) or %LK_ERROR_NEWER_SCHEMA
 */
gboolean
lk_migrator_check (LkDb *db, const LkSchema *schema, GError **error)
{
  int version = lk_migrator_get_version (db, schema, error);

  if (version < 0 || !check_not_newer (db, schema, version, error))
    return FALSE;
  if (version < lk_schema_get_latest (schema))
    return set_foreign (db, schema, error);
  return TRUE;
}

/**
 * lk_migrator_run:
 * @db: a connection that may write, outside of a transaction
 * @schema: what it is to hold
 * @error: return location
 *
 * Runs the steps that the database lacks, all in one transaction.
 *
 * Returns: whether it has the newest schema now; fails with %LK_ERROR_NEWER_SCHEMA,
 *   %LK_ERROR_CORRUPT, or as a statement does
 */
gboolean
lk_migrator_run (LkDb *db, const LkSchema *schema, GError **error)
{
  int version;

  if (!lk_db_begin (db, error))
    return FALSE;

  version = lk_migrator_get_version (db, schema, error);
  if (version < 0 || !check_not_newer (db, schema, version, error))
    {
      lk_db_rollback (db);
      return FALSE;
    }

  for (version++; version <= lk_schema_get_latest (schema); version++)
    {
      if (!run_step (db, schema, version, error))
        {
          lk_db_rollback (db);
          return FALSE;
        }
    }
  return lk_db_commit (db, error);
}

/* What the steps changed is no news to whoever opens it. */
static gboolean
forget_changes (LkDb *db)
{
  g_ptr_array_unref (lk_db_take_changed_tables (db));

  return TRUE;
}

static gboolean
upgrade (LkDb *db, const LkSchema *schema, LkDbFlags flags, GError **error)
{
  int version = lk_migrator_get_version (db, schema, error);

  if (version < 0 || !check_not_newer (db, schema, version, error))
    return FALSE;
  if (version == lk_schema_get_latest (schema))
    return TRUE;
  if (version == 0 && !(flags & LK_DB_CREATE))
    return set_foreign (db, schema, error);
  if (version > 0 && !back_up (db, version, error))
    return FALSE;

  return lk_migrator_run (db, schema, error) && forget_changes (db);
}

/**
 * lk_migrator_open:
 * @uri: the database
 * @schema: what it is to hold
 * @flags: %LK_DB_CREATE to make it where there is none
 * @error: return location
 *
 * Opens a database and brings it to the newest schema. A database of an older schema is copied
 * first, to a file beside it whose name ends in `.vN-backup`.
 *
 * Returns: (transfer full) (nullable): a connection to it; fails as lk_db_open() and
 *   lk_migrator_run() do
 */
LkDb *
lk_migrator_open (const char *uri, const LkSchema *schema, LkDbFlags flags, GError **error)
{
  g_autoptr (LkDb) db = lk_db_open (uri, flags, error);

  return db != NULL && upgrade (db, schema, flags, error) ? g_steal_pointer (&db) : NULL;
}

/**
 * lk_migrator_create:
 * @uri: the database
 * @schema: what it is to hold
 * @error: return location
 *
 * Makes a database with the newest schema; one that is there already is upgraded.
 *
 * Returns: whether it can be used now; fails as lk_migrator_open() does
 */
gboolean
lk_migrator_create (const char *uri, const LkSchema *schema, GError **error)
{
  g_autoptr (LkDb) db = lk_migrator_open (uri, schema, LK_DB_CREATE, error);

  return db != NULL;
}
