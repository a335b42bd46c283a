/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-db"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "store/db-driver.h"

/* Statements that a connection keeps prepared. The workspace has some 130 different ones. */
#define MAX_IDLE_STATEMENTS 256

static const LkDbDriver *const drivers[] = { &lk_sqlite_driver };

static const LkDbDriver *
find_driver (const char *uri, const char **location, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (drivers); i++)
    {
      gsize length = strlen (drivers[i]->scheme);

      if (strncmp (uri, drivers[i]->scheme, length) == 0 && uri[length] == ':')
        {
          *location = uri + length + 1;
          return drivers[i];
        }
    }

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("“%s” names no kind of database that Latchkey knows; write sqlite:PATH"), uri);
  return NULL;
}

/* Statements are long and each is looked up for every row: what is read of them here tells them
 * apart as well as the whole would. */
static guint
hash_sql (gconstpointer sql)
{
  const char *text = sql;
  gsize length = strlen (text);
  gsize step = length / 16 + 1;
  guint hash = (guint) length;

  for (gsize i = length % step; i < length; i += step)
    hash = hash * 33 + (guchar) text[i];

  return hash;
}

/* @statement: one that is idle */
static void
forget_statement (LkStatement *statement)
{
  LkDb *self = statement->db;

  g_hash_table_remove (self->statements, statement->sql);
  g_queue_unlink (&self->idle, &statement->link);
  g_free (statement->sql);
  self->driver->finalize (statement);
}

static void
init_connection (LkDb *self)
{
  self->changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->statements = g_hash_table_new (hash_sql, g_str_equal);
  g_queue_init (&self->idle);
}

static gboolean
run_constant (LkDb *self, const char *sql, GError **error)
{
  g_autoptr (LkStatement) statement = lk_db_prepare (self, sql, error);

  return statement != NULL && self->driver->step (statement, error) == LK_STEP_DONE;
}

/**
 * lk_db_open:
 * @uri: `sqlite:PATH`
 * @flags: how
 * @error: return location
 *
 * Opens a connection. Thread: any; the connection may move between threads as long as one thread
 * at a time uses it.
 *
 * Returns: (transfer full) (nullable): the connection. Fails with %LK_ERROR_INVALID for an unknown
 *   scheme, %LK_ERROR_NOT_FOUND when there is no such file, %LK_ERROR_CORRUPT when it is no
 *   database, %LK_ERROR_BUSY, %LK_ERROR_READ_ONLY, %LK_ERROR_IO
 */
LkDb *
lk_db_open (const char *uri, LkDbFlags flags, GError **error)
{
  const LkDbDriver *driver;
  const char *location;
  LkDb *self;

  g_return_val_if_fail (uri != NULL, NULL);

  driver = find_driver (uri, &location, error);
  if (driver == NULL)
    return NULL;

  self = driver->open (location, flags, error);
  if (self != NULL)
    init_connection (self);
  return self;
}

/**
 * lk_db_close:
 * @self: (transfer full) (nullable): a connection, without statements that are still held
 *
 * Closes a connection; a transaction that is still open is rolled back.
 */
void
lk_db_close (LkDb *self)
{
  if (self == NULL)
    return;

  while (self->idle.head != NULL)
    forget_statement (self->idle.head->data);
  g_clear_pointer (&self->statements, g_hash_table_unref);
  g_clear_pointer (&self->changed, g_hash_table_unref);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->name, g_free);
  self->driver->close (self);
}

/**
 * lk_db_get_name:
 * @self: a connection
 *
 * Returns: what messages call the database: its path
 */
const char *
lk_db_get_name (LkDb *self)
{
  return self->name;
}

/**
 * lk_db_execute:
 * @self: a connection
 * @sql: one or more statements without parameters
 * @error: return location
 *
 * Runs statements whose rows nobody wants.
 *
 * Returns: whether all of them ran
 */
gboolean
lk_db_execute (LkDb *self, const char *sql, GError **error)
{
  return lk_db_check_stopped (self, error) && self->driver->execute (self, sql, error);
}

/**
 * lk_db_begin:
 * @self: a connection outside of a transaction
 * @error: return location
 *
 * Begins a transaction: on a read-only connection a snapshot of the database, on another one the
 * right to write, for which it waits up to 5 seconds.
 *
 * Returns: whether it began; fails with %LK_ERROR_BUSY when another process keeps the right to
 * write
 */
gboolean
lk_db_begin (LkDb *self, GError **error)
{
  return self->driver->begin (self, error);
}

/**
 * lk_db_commit:
 * @self: a connection in a transaction
 * @error: return location
 *
 * Makes the transaction durable. When it fails, the transaction is rolled back.
 *
 * Returns: whether it is durable
 */
gboolean
lk_db_commit (LkDb *self, GError **error)
{
  if (self->driver->commit (self, error))
    return TRUE;

  lk_db_rollback (self);
  return FALSE;
}

/**
 * lk_db_rollback:
 * @self: a connection
 *
 * Undoes the transaction, if there is one.
 */
void
lk_db_rollback (LkDb *self)
{
  if (self->driver->in_transaction (self))
    self->driver->rollback (self);
  g_hash_table_remove_all (self->changed);
}

/**
 * lk_db_in_transaction:
 * @self: a connection
 *
 * Some errors (disk full, an interrupted change) undo the whole transaction by themselves.
 *
 * Returns: whether a transaction is open
 */
gboolean
lk_db_in_transaction (LkDb *self)
{
  return self->driver->in_transaction (self);
}

/**
 * lk_db_savepoint:
 * @self: a connection in a transaction
 * @error: return location
 *
 * Marks the place that lk_db_rollback_savepoint() returns to. Savepoints do not nest.
 *
 * Returns: whether it was set
 */
gboolean
lk_db_savepoint (LkDb *self, GError **error)
{
  return run_constant (self, "SAVEPOINT lk_job", error);
}

/**
 * lk_db_release_savepoint:
 * @self: a connection with a savepoint
 * @error: return location
 *
 * Keeps what was done since the savepoint, as part of the transaction.
 *
 * Returns: whether it was kept
 */
gboolean
lk_db_release_savepoint (LkDb *self, GError **error)
{
  return run_constant (self, "RELEASE SAVEPOINT lk_job", error);
}

/**
 * lk_db_rollback_savepoint:
 * @self: a connection with a savepoint
 * @error: return location
 *
 * Undoes what was done since the savepoint; the transaction goes on.
 *
 * Returns: whether the transaction still stands
 */
gboolean
lk_db_rollback_savepoint (LkDb *self, GError **error)
{
  return run_constant (self, "ROLLBACK TO SAVEPOINT lk_job", error)
         && lk_db_release_savepoint (self, error);
}

/**
 * lk_db_get_changes:
 * @self: a connection
 *
 * Returns: the rows that the last INSERT, UPDATE or DELETE touched
 */
gint64
lk_db_get_changes (LkDb *self)
{
  return self->driver->get_changes (self);
}

/**
 * lk_db_get_last_id:
 * @self: a connection
 *
 * RETURNING tells as well, but SQLite sets up a table in memory for it, which takes longer than the
 * whole insert.
 *
 * Returns: the id that the last INSERT gave to its row, when it added one
 */
gint64
lk_db_get_last_id (LkDb *self)
{
  return self->driver->get_last_id (self);
}

/**
 * lk_db_get_data_version:
 * @self: a connection
 *
 * Returns: a number that differs from an earlier one of the same connection when *another*
 *   connection committed in between; -1 when the database cannot be read
 */
gint64
lk_db_get_data_version (LkDb *self)
{
  return self->driver->get_data_version (self);
}

/**
 * lk_db_has_table:
 * @self: a connection
 * @table: the name of a table or view
 *
 * Returns: whether there is such a table
 */
gboolean
lk_db_has_table (LkDb *self, const char *table)
{
  return self->driver->has_table (self, table);
}

/**
 * lk_db_is_empty:
 * @self: a connection
 *
 * Returns: whether the database holds no tables at all
 */
gboolean
lk_db_is_empty (LkDb *self)
{
  return self->driver->is_empty (self);
}

/**
 * lk_db_back_up:
 * @self: a connection outside of a transaction
 * @path: a file that does not exist yet
 * @error: return location
 *
 * Writes a consistent copy of the database, readable by its owner only.
 *
 * Returns: whether the copy is complete
 */
gboolean
lk_db_back_up (LkDb *self, const char *path, GError **error)
{
  return self->driver->back_up (self, path, error);
}

/**
 * lk_db_check_integrity:
 * @self: a connection
 * @error: return location
 *
 * Reads the whole database and looks for damage.
 *
 * Returns: whether it is sound; otherwise %LK_ERROR_CORRUPT with the first finding
 */
gboolean
lk_db_check_integrity (LkDb *self, GError **error)
{
  return self->driver->check_integrity (self, error);
}

/**
 * lk_db_take_changed_tables:
 * @self: a connection
 *
 * Returns: (transfer full) (element-type utf8): the tables of which rows were changed through this
 *   connection since the last call, each once
 */
GPtrArray *
lk_db_take_changed_tables (LkDb *self)
{
  GPtrArray *tables = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer table;

  g_hash_table_iter_init (&iter, self->changed);
  while (g_hash_table_iter_next (&iter, &table, NULL))
    {
      g_ptr_array_add (tables, table);
      g_hash_table_iter_steal (&iter);
    }
  return tables;
}

/**
 * lk_db_set_cancellable:
 * @self: a connection
 * @cancellable: (nullable): what stops a running statement; %NULL for nothing
 */
void
lk_db_set_cancellable (LkDb *self, GCancellable *cancellable)
{
  g_set_object (&self->cancellable, cancellable);
}

/**
 * lk_db_set_time_limit:
 * @self: a connection
 * @microseconds: from now; 0 for no limit
 *
 * Statements that run beyond it fail with %LK_ERROR_LIMIT.
 */
void
lk_db_set_time_limit (LkDb *self, gint64 microseconds)
{
  self->deadline = microseconds > 0 ? g_get_monotonic_time () + microseconds : 0;
}

/**
 * lk_db_set_trusted:
 * @self: a connection
 * @trusted: whether what is prepared and run from now on is the program's own
 *
 * Lifts %LK_DB_CONFINED for statements that hold nothing that a person typed. Set it back right
 * after them.
 */
void
lk_db_set_trusted (LkDb *self, gboolean trusted)
{
  self->driver->set_trusted (self, trusted);
}

/**
 * lk_db_interrupt:
 * @self: a connection
 *
 * Makes what runs on the connection now and later fail with %G_IO_ERROR_CANCELLED. Thread: any,
 * while the connection is open.
 */
void
lk_db_interrupt (LkDb *self)
{
  g_atomic_int_set (&self->interrupted, 1);
  self->driver->interrupt (self);
}

/* For drivers: a row of @table was changed. */
void
lk_db_note_change (LkDb *self, const char *table)
{
  if (!g_hash_table_contains (self->changed, table))
    g_hash_table_add (self->changed, g_strdup (table));
}

/* Whether somebody asked to stop; cheap enough to look at for each row. */
gboolean
lk_db_is_cancelled (LkDb *self)
{
  return g_atomic_int_get (&self->interrupted)
         || (self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable));
}

/* For drivers: whether the statement that runs is to stop. */
gboolean
lk_db_should_stop (LkDb *self)
{
  return lk_db_is_cancelled (self)
         || (self->deadline != 0 && g_get_monotonic_time () > self->deadline);
}

/* For drivers: returns TRUE when nothing asked to stop, else sets the error that says what did. */
gboolean
lk_db_check_stopped (LkDb *self, GError **error)
{
  if (!lk_db_should_stop (self))
    return TRUE;

  if (g_atomic_int_get (&self->interrupted))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("“%s” is being closed"), self->name);
  else if (!g_cancellable_set_error_if_cancelled (self->cancellable, error))
    g_set_error (error, LK_ERROR, LK_ERROR_LIMIT,
                 _ ("the search in “%s” took longer than it may; make its condition narrower"),
                 self->name);
  return FALSE;
}

/**
 * lk_db_prepare:
 * @self: a connection
 * @sql: one statement
 * @error: return location
 *
 * Takes a statement from the cache or prepares it.
 *
 * Returns: (transfer full) (nullable): the statement, nothing bound; give it back with
 *   lk_statement_release()
 */
LkStatement *
lk_db_prepare (LkDb *self, const char *sql, GError **error)
{
  LkStatement *kept = g_hash_table_lookup (self->statements, sql);
  LkStatement *statement;

  if (kept != NULL && !kept->in_use)
    {
      g_queue_unlink (&self->idle, &kept->link);
      kept->in_use = TRUE;
      return kept;
    }

  statement = self->driver->prepare (self, sql, error);
  if (statement == NULL)
    return NULL;

  statement->db = self;
  statement->sql = g_strdup (sql);
  statement->link.data = statement;
  statement->in_use = TRUE;
  statement->is_spare = kept != NULL;
  if (!statement->is_spare)
    g_hash_table_insert (self->statements, statement->sql, statement);
  return statement;
}

/**
 * lk_statement_release:
 * @self: (transfer full) (nullable): a statement
 *
 * Gives a statement back to its connection.
 */
void
lk_statement_release (LkStatement *self)
{
  LkDb *db;

  if (self == NULL)
    return;

  db = self->db;
  if (self->is_spare)
    {
      g_free (self->sql);
      db->driver->finalize (self);
      return;
    }

  db->driver->reset (self);
  self->in_use = FALSE;
  g_queue_push_head_link (&db->idle, &self->link);
  if (db->idle.length > MAX_IDLE_STATEMENTS)
    forget_statement (db->idle.tail->data);
}
