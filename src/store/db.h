/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "core/error.h"

G_BEGIN_DECLS

/**
 * LkDb:
 *
 * One connection to a database. It belongs to one thread at a time, the pool thread that runs a
 * job, and is never kept beyond the job.
 *
 * SQLite is behind it now; another kind of database adds a #LkDbDriver (db-driver.h). The SQL that
 * goes through it keeps to what SQLite and PostgreSQL share, with `?1`, `?2` ... for parameters.
 */
typedef struct _LkDb LkDb;

/**
 * LkStatement:
 *
 * A prepared statement, borrowed from the connection's cache: release it with
 * lk_statement_release(), which resets it and keeps it for the next lk_db_prepare() of the same
 * text.
 */
typedef struct _LkStatement LkStatement;

/**
 * LkDbFlags:
 * @LK_DB_READ_ONLY: nothing can be written through the connection
 * @LK_DB_CREATE: make the file, 0600 in a 0700 folder, where there is none
 * @LK_DB_CONFINED: the connection runs searches that people typed: it may read the license view and
 *   call a list of functions, nothing else, see confinement.h
 *
 * How to open a connection.
 */
typedef enum
{
  LK_DB_DEFAULT = 0,
  LK_DB_READ_ONLY = 1 << 0,
  LK_DB_CREATE = 1 << 1,
  LK_DB_CONFINED = 1 << 2,
} LkDbFlags;

typedef enum
{
  LK_STEP_ERROR,
  LK_STEP_ROW,
  LK_STEP_DONE,
} LkStep;

LkDb *lk_db_open (const char *uri, LkDbFlags flags, GError **error);
void lk_db_close (LkDb *self);
const char *lk_db_get_name (LkDb *self);
gboolean lk_db_execute (LkDb *self, const char *sql, GError **error);
gboolean lk_db_begin (LkDb *self, GError **error);
gboolean lk_db_commit (LkDb *self, GError **error);
void lk_db_rollback (LkDb *self);
gboolean lk_db_in_transaction (LkDb *self);
gboolean lk_db_savepoint (LkDb *self, GError **error);
gboolean lk_db_release_savepoint (LkDb *self, GError **error);
gboolean lk_db_rollback_savepoint (LkDb *self, GError **error);
gint64 lk_db_get_changes (LkDb *self);
gint64 lk_db_get_last_id (LkDb *self);
gint64 lk_db_get_data_version (LkDb *self);
gboolean lk_db_has_table (LkDb *self, const char *table);
gboolean lk_db_is_empty (LkDb *self);
gboolean lk_db_back_up (LkDb *self, const char *path, GError **error);
gboolean lk_db_check_integrity (LkDb *self, GError **error);
GPtrArray *lk_db_take_changed_tables (LkDb *self);
void lk_db_set_cancellable (LkDb *self, GCancellable *cancellable);
void lk_db_set_time_limit (LkDb *self, gint64 microseconds);
void lk_db_set_trusted (LkDb *self, gboolean trusted);
void lk_db_interrupt (LkDb *self);

LkStatement *lk_db_prepare (LkDb *self, const char *sql, GError **error);
void lk_statement_release (LkStatement *self);
void lk_statement_bind_null (LkStatement *self, int index);
void lk_statement_bind_int (LkStatement *self, int index, gint64 value);
void lk_statement_bind_real (LkStatement *self, int index, double value);
void lk_statement_bind_text (LkStatement *self, int index, const char *value);
void lk_statement_bind_bytes (LkStatement *self, int index, GBytes *value);
void lk_statement_borrow_text (LkStatement *self, int index, const char *value);
void lk_statement_borrow_bytes (LkStatement *self, int index, GBytes *value);
LkStep lk_statement_step (LkStatement *self, GError **error);
void lk_statement_reset (LkStatement *self);
gboolean lk_statement_run (LkStatement *self, GError **error);
gboolean lk_statement_is_null (LkStatement *self, int column);
gint64 lk_statement_get_int (LkStatement *self, int column);
const char *lk_statement_get_text (LkStatement *self, int column);
char *lk_statement_dup_text (LkStatement *self, int column);
GBytes *lk_statement_dup_bytes (LkStatement *self, int column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkDb, lk_db_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkStatement, lk_statement_release)

G_END_DECLS
