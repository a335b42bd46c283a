/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/db.h"

G_BEGIN_DECLS

/**
 * LkDbDriver:
 *
 * The seam between db.c and one kind of database. A driver embeds #LkDb and #LkStatement as the
 * first member of its own structures; db.c owns the statement cache, cancellation and time limits,
 * the driver does the rest. Where SQLite and PostgreSQL differ, the difference is a function here.
 *
 * Private to the store: only db.c and drivers include this.
 */
typedef struct _LkDbDriver LkDbDriver;

/* Whether what is bound outlives the statement's use. */
typedef enum
{
  LK_BINDING_COPY,
  LK_BINDING_BORROW,
} LkBinding;

struct _LkDbDriver
{
  const char *scheme; /* of the URI, without the colon */

  LkDb *(*open) (const char *location, LkDbFlags flags, GError **error);
  void (*close) (LkDb *self);
  gboolean (*execute) (LkDb *self, const char *sql, GError **error);
  gboolean (*begin) (LkDb *self, GError **error);
  gboolean (*commit) (LkDb *self, GError **error);
  void (*rollback) (LkDb *self);
  gboolean (*in_transaction) (LkDb *self);
  gint64 (*get_changes) (LkDb *self);
  gint64 (*get_last_id) (LkDb *self);
  gint64 (*get_data_version) (LkDb *self);
  gboolean (*has_table) (LkDb *self, const char *table);
  gboolean (*is_empty) (LkDb *self);
  gboolean (*back_up) (LkDb *self, const char *path, GError **error);
  gboolean (*check_integrity) (LkDb *self, GError **error);
  void (*set_trusted) (LkDb *self, gboolean trusted);
  void (*interrupt) (LkDb *self); /* any thread */

  LkStatement *(*prepare) (LkDb *self, const char *sql, GError **error);
  void (*finalize) (LkStatement *self);
  void (*reset) (LkStatement *self); /* also clears what was bound */
  void (*rewind) (LkStatement *self);
  void (*bind_null) (LkStatement *self, int index);
  void (*bind_int) (LkStatement *self, int index, gint64 value);
  void (*bind_real) (LkStatement *self, int index, double value);
  void (*bind_text) (LkStatement *self, int index, const char *value, LkBinding binding);
  void (*bind_bytes) (LkStatement *self, int index, GBytes *value, LkBinding binding);
  LkStep (*step) (LkStatement *self, GError **error);
  gboolean (*is_null) (LkStatement *self, int column);
  gint64 (*get_int) (LkStatement *self, int column);
  const char *(*get_text) (LkStatement *self, int column);
  GBytes *(*dup_bytes) (LkStatement *self, int column);
};

/* What every connection has. A driver's open() sets @driver and @name. */
struct _LkDb
{
  const LkDbDriver *driver;
  char *name;                /* what messages call it: the path */
  GHashTable *changed;       /* (element-type utf8): tables changed since they were last taken */
  GHashTable *statements;    /* sql to the LkStatement that is kept for it */
  GQueue idle;               /* of those that are not in use: the one used last comes first */
  GCancellable *cancellable; /* (nullable): of the job that runs */
  gint64 deadline;           /* monotonic microseconds; 0: none */
  int interrupted;           /* atomic */
};

struct _LkStatement
{
  LkDb *db;
  char *sql;
  GList link; /* in LkDb.idle */
  gboolean in_use;
  gboolean is_spare; /* made while the one that is kept was in use */
};

void lk_db_note_change (LkDb *self, const char *table);
gboolean lk_db_is_cancelled (LkDb *self);
gboolean lk_db_should_stop (LkDb *self);
gboolean lk_db_check_stopped (LkDb *self, GError **error);

extern const LkDbDriver lk_sqlite_driver;

G_END_DECLS
