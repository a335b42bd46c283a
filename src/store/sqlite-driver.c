/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sqlite-driver"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "store/confinement.h"
#include "store/db-driver.h"
#include "store/sqlite-error.h"
#include "store/sqlite-functions.h"

/* How long one waits for a lock, and how long at a time, to notice when it was cancelled. */
#define BUSY_TIMEOUT_US (5 * G_USEC_PER_SEC)
#define BUSY_STEP_US    (5 * 1000)

/* Steps of SQLite's virtual machine between two looks at the cancellable; some 20 microseconds. */
#define PROGRESS_STEPS 2000

/* LkDb over one sqlite3 handle, which is used by one thread at a time (SQLITE_OPEN_NOMUTEX). */
typedef struct
{
  LkDb parent;
  sqlite3 *handle;
  gboolean read_only;
  LkConfinement *confinement; /* (nullable) */
  gint64 busy_since;          /* monotonic microseconds */
} SqliteDb;

typedef struct
{
  LkStatement parent;
  sqlite3_stmt *handle;
  int bind_error; /* the first one; reported by the next step */
} SqliteStatement;

static sqlite3_stmt *
get_handle (LkStatement *statement)
{
  return ((SqliteStatement *) statement)->handle;
}

static void
set_error (SqliteDb *self, int code, GError **error)
{
  if ((code & 0xff) == SQLITE_INTERRUPT && !lk_db_check_stopped (&self->parent, error))
    return;

  lk_sqlite_set_error (error, self->parent.name, code, sqlite3_errmsg (self->handle));
}

static int
progress_cb (void *data)
{
  return lk_db_should_stop (data);
}

static int
busy_cb (void *data, int n_calls)
{
  SqliteDb *self = data;

  if (n_calls == 0)
    self->busy_since = g_get_monotonic_time ();
  if (lk_db_should_stop (&self->parent)
      || g_get_monotonic_time () - self->busy_since > BUSY_TIMEOUT_US)
    return 0;

  g_usleep (BUSY_STEP_US);
  return 1;
}

static void
update_cb (void *data, int operation, const char *database, const char *table, sqlite3_int64 rowid)
{
  lk_db_note_change (data, table);
}

static void
set_trusted (SqliteDb *self, gboolean trusted)
{
  if (self->confinement != NULL)
    lk_confinement_set_trusted (self->confinement, trusted);
}

/* Constant statements of ours, which a confined connection may run, too. */
static gboolean
execute_trusted (SqliteDb *self, const char *sql, GError **error)
{
  int code;

  set_trusted (self, TRUE);
  code = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);
  set_trusted (self, FALSE);

  if (code != SQLITE_OK)
    set_error (self, sqlite3_extended_errcode (self->handle), error);
  return code == SQLITE_OK;
}

/* One integer of a constant statement; -1 on error. */
static gint64
query_int (SqliteDb *self, const char *sql, const char *parameter)
{
  sqlite3_stmt *statement = NULL;
  gint64 value = -1;

  set_trusted (self, TRUE);
  if (sqlite3_prepare_v2 (self->handle, sql, -1, &statement, NULL) == SQLITE_OK)
    {
      if (parameter != NULL)
        sqlite3_bind_text (statement, 1, parameter, -1, SQLITE_STATIC);
      if (sqlite3_step (statement) == SQLITE_ROW)
        value = sqlite3_column_int64 (statement, 0);
    }
  sqlite3_finalize (statement);
  set_trusted (self, FALSE);
  return value;
}

/* Makes the file, so that it never exists with other permissions than 0600; SQLite gives its
 * companions (-wal, -shm) the same. An existing file is left alone: to open and close it here would
 * drop the locks that other connections of this process hold on it. */
static gboolean
create_file (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_READ_ONLY,
                   _ ("the folder “%s” cannot be made (%s); choose another one"), folder,
                   g_strerror (errno));
      return FALSE;
    }

  fd = g_open (path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0 && errno != EEXIST)
    {
      g_set_error (error, LK_ERROR, errno == ENOSPC ? LK_ERROR_FULL : LK_ERROR_READ_ONLY,
                   _ ("“%s” cannot be made (%s); check the permissions of its folder"), path,
                   g_strerror (errno));
      return FALSE;
    }
  if (fd >= 0)
    close (fd);
  return TRUE;
}

static gboolean
check_file (const char *path, GError **error)
{
  GStatBuf info;

  if (g_stat (path, &info) != 0)
    {
      g_set_error (error, LK_ERROR, errno == ENOENT ? LK_ERROR_NOT_FOUND : LK_ERROR_IO,
                   _ ("“%s” cannot be opened (%s); check the path"), path, g_strerror (errno));
      return FALSE;
    }
  if (!S_ISREG (info.st_mode))
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("“%s” is not a file; choose a database file"), path);
      return FALSE;
    }
  return TRUE;
}

/* A database of another program stays as it is, also when somebody opens it by mistake. */
static gboolean
is_ours (SqliteDb *self, LkDbFlags flags)
{
  if (query_int (self, "SELECT count (*) FROM sqlite_schema", NULL) == 0)
    return (flags & LK_DB_CREATE) != 0;

  return query_int (self, "SELECT count (*) FROM sqlite_schema WHERE name = ?1", "latchkey_schema")
         > 0;
}

static gboolean
set_up (SqliteDb *self, LkDbFlags flags, GError **error)
{
  sqlite3_extended_result_codes (self->handle, 1);
  sqlite3_busy_handler (self->handle, busy_cb, self);
  sqlite3_progress_handler (self->handle, PROGRESS_STEPS, progress_cb, self);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);

  if (!lk_sqlite_functions_register (self->handle))
    {
      set_error (self, sqlite3_extended_errcode (self->handle), error);
      return FALSE;
    }

  /* The first statement that reads is where SQLite finds out that a file is none of its own. */
  if (!execute_trusted (self, "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;", error)
      || !execute_trusted (self, "SELECT count (*) FROM sqlite_schema;", error))
    return FALSE;

  if (!(flags & LK_DB_READ_ONLY))
    {
      sqlite3_update_hook (self->handle, update_cb, self);
      /* Pages that change all the time go from the log into the database once in 16 MB. */
      sqlite3_wal_autocheckpoint (self->handle, 4096);
      /* Closing cuts the log off and keeps it: a full disk has no room for a new one. */
      sqlite3_file_control (self->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &(int){ 1 });
      if (!execute_trusted (self, "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;", error))
        return FALSE;
      if (!sqlite3_db_readonly (self->handle, "main") && is_ours (self, flags)
          && !execute_trusted (self, "PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=67108864",
                               error))
        return FALSE;
    }

  if (flags & LK_DB_CONFINED)
    self->confinement = lk_confinement_new (self->handle);
  return TRUE;
}

static void
sqlite_close (LkDb *db)
{
  SqliteDb *self = (SqliteDb *) db;
  int code = sqlite3_close (self->handle);

  /* A statement that is still held would keep the file open and locked. */
  if (code != SQLITE_OK)
    g_critical ("a connection was closed with statements in use");
  g_clear_pointer (&self->confinement, lk_confinement_free);
  g_free (self);
}

/* SQLite would count each allocation under a lock that all connections of the process share. */
static void
configure_library (void)
{
  static gsize is_configured;

  if (!g_once_init_enter (&is_configured))
    return;

  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  g_once_init_leave (&is_configured, 1);
}

static LkDb *
sqlite_open (const char *path, LkDbFlags flags, GError **error)
{
  int open_flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  SqliteDb *self;
  int code;

  if ((flags & LK_DB_CREATE) && !create_file (path, error))
    return NULL;
  if (!check_file (path, error))
    return NULL;

  configure_library ();
  self = g_new0 (SqliteDb, 1);
  self->parent.driver = &lk_sqlite_driver;
  self->parent.name = g_strdup (path);
  self->read_only = (flags & LK_DB_READ_ONLY) != 0;
  open_flags |= self->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;

  code = sqlite3_open_v2 (path, &self->handle, open_flags, NULL);
  if (code != SQLITE_OK)
    lk_sqlite_set_error (error, path, code,
                         self->handle ? sqlite3_errmsg (self->handle) : sqlite3_errstr (code));
  if (code != SQLITE_OK || !set_up (self, flags, error))
    {
      g_free (self->parent.name);
      sqlite_close (&self->parent);
      return NULL;
    }
  return &self->parent;
}

static gboolean
sqlite_execute (LkDb *db, const char *sql, GError **error)
{
  SqliteDb *self = (SqliteDb *) db;

  if (sqlite3_exec (self->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  set_error (self, sqlite3_extended_errcode (self->handle), error);
  return FALSE;
}

static gboolean
sqlite_begin (LkDb *db, GError **error)
{
  SqliteDb *self = (SqliteDb *) db;

  return execute_trusted (self, self->read_only ? "BEGIN" : "BEGIN IMMEDIATE", error);
}

static gboolean
sqlite_commit (LkDb *db, GError **error)
{
  return execute_trusted ((SqliteDb *) db, "COMMIT", error);
}

static void
sqlite_rollback (LkDb *db)
{
  g_autoptr (GError) error = NULL;

  if (!execute_trusted ((SqliteDb *) db, "ROLLBACK", &error))
    g_warning ("%s", error->message);
}

static gboolean
sqlite_in_transaction (LkDb *db)
{
  return !sqlite3_get_autocommit (((SqliteDb *) db)->handle);
}

static gint64
sqlite_get_changes (LkDb *db)
{
  return sqlite3_changes64 (((SqliteDb *) db)->handle);
}

static gint64
sqlite_get_last_id (LkDb *db)
{
  return sqlite3_last_insert_rowid (((SqliteDb *) db)->handle);
}

static gint64
sqlite_get_data_version (LkDb *db)
{
  return query_int ((SqliteDb *) db, "PRAGMA data_version", NULL);
}

static gboolean
sqlite_has_table (LkDb *db, const char *table)
{
  return query_int ((SqliteDb *) db, "SELECT count (*) FROM sqlite_schema WHERE name = ?1", table)
         > 0;
}

static gboolean
sqlite_is_empty (LkDb *db)
{
  return query_int ((SqliteDb *) db, "SELECT count (*) FROM sqlite_schema", NULL) == 0;
}

static gboolean
sqlite_back_up (LkDb *db, const char *path, GError **error)
{
  g_autofree char *sql = NULL;
  char *quoted;

  if (!create_file (path, error))
    return FALSE;

  quoted = sqlite3_mprintf ("VACUUM INTO %Q", path);
  sql = g_strdup (quoted);
  sqlite3_free (quoted);
  return sqlite_execute (db, sql, error);
}

static gboolean
sqlite_check_integrity (LkDb *db, GError **error)
{
  SqliteDb *self = (SqliteDb *) db;
  sqlite3_stmt *statement = NULL;
  gboolean sound = FALSE;
  int code = sqlite3_prepare_v2 (self->handle, "PRAGMA integrity_check(1)", -1, &statement, NULL);

  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  if (code != SQLITE_ROW)
    set_error (self, sqlite3_extended_errcode (self->handle), error);
  else if (g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0)
    sound = TRUE;
  else
    lk_sqlite_set_error (error, db->name, SQLITE_CORRUPT,
                         (const char *) sqlite3_column_text (statement, 0));

  sqlite3_finalize (statement);
  return sound;
}

static void
sqlite_set_trusted (LkDb *db, gboolean trusted)
{
  set_trusted ((SqliteDb *) db, trusted);
}

static void
sqlite_interrupt (LkDb *db)
{
  sqlite3_interrupt (((SqliteDb *) db)->handle);
}

static gboolean
is_blank (const char *text)
{
  while (g_ascii_isspace (*text) || *text == ';')
    text++;
  return *text == '\0';
}

static LkStatement *
sqlite_prepare (LkDb *db, const char *sql, GError **error)
{
  SqliteDb *self = (SqliteDb *) db;
  sqlite3_stmt *handle = NULL;
  SqliteStatement *statement;
  const char *tail = NULL;
  int code = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, &tail);

  if (code != SQLITE_OK)
    {
      set_error (self, sqlite3_extended_errcode (self->handle), error);
      return NULL;
    }
  if (handle == NULL || !is_blank (tail))
    {
      sqlite3_finalize (handle);
      g_set_error (error, LK_ERROR, LK_ERROR_CLAUSE,
                   _ ("“%s” takes exactly one statement at a time; remove what follows the first"),
                   db->name);
      return NULL;
    }

  statement = g_new0 (SqliteStatement, 1);
  statement->handle = handle;
  return &statement->parent;
}

static void
sqlite_finalize (LkStatement *statement)
{
  sqlite3_finalize (get_handle (statement));
  g_free (statement);
}

static void
sqlite_rewind (LkStatement *statement)
{
  sqlite3_reset (get_handle (statement));
}

static void
sqlite_reset (LkStatement *statement)
{
  sqlite3_reset (get_handle (statement));
  sqlite3_clear_bindings (get_handle (statement));
  ((SqliteStatement *) statement)->bind_error = SQLITE_OK;
}

static void
note_bind (LkStatement *statement, int code)
{
  SqliteStatement *self = (SqliteStatement *) statement;

  if (self->bind_error == SQLITE_OK)
    self->bind_error = code;
}

static void
sqlite_bind_null (LkStatement *statement, int index)
{
  note_bind (statement, sqlite3_bind_null (get_handle (statement), index));
}

static void
sqlite_bind_int (LkStatement *statement, int index, gint64 value)
{
  note_bind (statement, sqlite3_bind_int64 (get_handle (statement), index, value));
}

static void
sqlite_bind_real (LkStatement *statement, int index, double value)
{
  note_bind (statement, sqlite3_bind_double (get_handle (statement), index, value));
}

static sqlite3_destructor_type
get_destructor (LkBinding binding)
{
  return binding == LK_BINDING_BORROW ? SQLITE_STATIC : SQLITE_TRANSIENT;
}

static void
sqlite_bind_text (LkStatement *statement, int index, const char *value, LkBinding binding)
{
  note_bind (statement, sqlite3_bind_text (get_handle (statement), index, value, -1,
                                           get_destructor (binding)));
}

static void
sqlite_bind_bytes (LkStatement *statement, int index, GBytes *value, LkBinding binding)
{
  gsize size;
  const void *bytes = g_bytes_get_data (value, &size);

  /* A null pointer would bind null, and empty bytes are not absent ones. */
  note_bind (statement,
             sqlite3_bind_blob64 (get_handle (statement), index, bytes != NULL ? bytes : "", size,
                                  get_destructor (binding)));
}

static LkStep
sqlite_step (LkStatement *statement, GError **error)
{
  SqliteStatement *self = (SqliteStatement *) statement;
  int code = self->bind_error;

  if (code == SQLITE_OK)
    code = sqlite3_step (self->handle);
  if (code == SQLITE_ROW)
    return LK_STEP_ROW;
  if (code == SQLITE_DONE)
    return LK_STEP_DONE;

  if (self->bind_error != SQLITE_OK)
    lk_sqlite_set_error (error, statement->db->name, code, sqlite3_errstr (code));
  else
    set_error ((SqliteDb *) statement->db, code, error);
  return LK_STEP_ERROR;
}

static gboolean
sqlite_is_null (LkStatement *statement, int column)
{
  return sqlite3_column_type (get_handle (statement), column) == SQLITE_NULL;
}

static gint64
sqlite_get_int (LkStatement *statement, int column)
{
  return sqlite3_column_int64 (get_handle (statement), column);
}

static const char *
sqlite_get_text (LkStatement *statement, int column)
{
  return (const char *) sqlite3_column_text (get_handle (statement), column);
}

static GBytes *
sqlite_dup_bytes (LkStatement *statement, int column)
{
  sqlite3_stmt *handle = get_handle (statement);
  const void *bytes;

  if (sqlite3_column_type (handle, column) == SQLITE_NULL)
    return NULL;

  bytes = sqlite3_column_blob (handle, column);
  return g_bytes_new (bytes, sqlite3_column_bytes (handle, column));
}

const LkDbDriver lk_sqlite_driver = {
  .scheme = "sqlite",
  .open = sqlite_open,
  .close = sqlite_close,
  .execute = sqlite_execute,
  .begin = sqlite_begin,
  .commit = sqlite_commit,
  .rollback = sqlite_rollback,
  .in_transaction = sqlite_in_transaction,
  .get_changes = sqlite_get_changes,
  .get_last_id = sqlite_get_last_id,
  .get_data_version = sqlite_get_data_version,
  .has_table = sqlite_has_table,
  .is_empty = sqlite_is_empty,
  .back_up = sqlite_back_up,
  .check_integrity = sqlite_check_integrity,
  .set_trusted = sqlite_set_trusted,
  .interrupt = sqlite_interrupt,
  .prepare = sqlite_prepare,
  .finalize = sqlite_finalize,
  .reset = sqlite_reset,
  .rewind = sqlite_rewind,
  .bind_null = sqlite_bind_null,
  .bind_int = sqlite_bind_int,
  .bind_real = sqlite_bind_real,
  .bind_text = sqlite_bind_text,
  .bind_bytes = sqlite_bind_bytes,
  .step = sqlite_step,
  .is_null = sqlite_is_null,
  .get_int = sqlite_get_int,
  .get_text = sqlite_get_text,
  .dup_bytes = sqlite_dup_bytes,
};
