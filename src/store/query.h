/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/db.h"

G_BEGIN_DECLS

/**
 * LkValue:
 *
 * A value for a parameter of a statement, made by %LK_INT, %LK_REF, %LK_TEXT or %LK_BYTES. It
 * borrows what it points to.
 */
typedef struct
{
  enum
  {
    LK_VALUE_END, /* closes a list */
    LK_VALUE_INT,
    LK_VALUE_REF, /* an id of another record; 0 is stored as null */
    LK_VALUE_TEXT,
    LK_VALUE_BYTES,
  } kind;
  gint64 integer;
  const char *text;
  GBytes *bytes;
} LkValue;

#define LK_INT(value)   ((LkValue){ .kind = LK_VALUE_INT, .integer = (value) })
#define LK_REF(value)   ((LkValue){ .kind = LK_VALUE_REF, .integer = (value) })
#define LK_TEXT(value)  ((LkValue){ .kind = LK_VALUE_TEXT, .text = (value) })
#define LK_BYTES(value) ((LkValue){ .kind = LK_VALUE_BYTES, .bytes = (value) })
#define LK_VALUES(...)  ((const LkValue[]){ __VA_ARGS__, { .kind = LK_VALUE_END } })

/**
 * LkRowFunc:
 * @row: a statement that stands on a row
 *
 * Returns: (transfer full): what the row says
 */
typedef gpointer (*LkRowFunc) (LkStatement *row);

LkStatement *lk_query (LkDb *db, const char *sql, const LkValue *values, GError **error);
gboolean lk_query_run (LkDb *db, const char *sql, const LkValue *values, GError **error);
gboolean lk_query_run_rows (LkDb *db, const char *head, const char *row, guint n_rows,
                            const char *tail, const LkValue *values, GError **error);
gboolean lk_query_int (LkDb *db, const char *sql, const LkValue *values, gint64 *value,
                       GError **error);
gboolean lk_query_one (LkDb *db, const char *sql, const LkValue *values, LkRowFunc read_row,
                       gpointer *result, GError **error);
GPtrArray *lk_query_list (LkDb *db, const char *sql, const LkValue *values, LkRowFunc read_row,
                          GDestroyNotify free_row, GError **error);
gpointer lk_row_dup_text (LkStatement *row);
char *lk_row_take_text (LkStatement *row, int column);

G_END_DECLS
