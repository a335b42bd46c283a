/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "agent/output.h"

G_BEGIN_DECLS

/**
 * LkTable:
 *
 * Lines of cells for a person: each column is as wide as its widest cell on a terminal, where a
 * Chinese character takes two places and an accent none. A plain value.
 */
typedef struct _LkTable LkTable;

LkTable *lk_table_new (const char *first_title, ...) G_GNUC_NULL_TERMINATED;
LkTable *lk_table_new_pairs (void);
void lk_table_free (LkTable *self);
void lk_table_add_title (LkTable *self, const char *title);
void lk_table_add (LkTable *self, const char *text);
void lk_table_add_int (LkTable *self, gint64 number);
void lk_table_add_instant (LkTable *self, LkInstant instant);
void lk_table_add_pair (LkTable *self, const char *title, const char *text);
guint lk_table_get_n_rows (LkTable *self);
char *lk_table_to_string (LkTable *self);
void lk_table_print (LkTable *self, LkOutput *output);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkTable, lk_table_free)

G_END_DECLS
