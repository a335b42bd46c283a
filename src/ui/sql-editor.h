/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "core/clause.h"

G_BEGIN_DECLS

#define LK_TYPE_SQL_EDITOR (lk_sql_editor_get_type ())
G_DECLARE_FINAL_TYPE (LkSqlEditor, lk_sql_editor, LK, SQL_EDITOR, GtkBox)

/**
 * LkSqlEditor:
 *
 * Where the condition of a search is typed: SQL and our macros coloured, columns, macros and
 * functions completed, problems underlined with a tooltip that says what is wrong.
 *
 * Signals: LkSqlEditor::changed, after the text has changed, by a person or by code.
 */
GtkWidget *lk_sql_editor_new (void);
const char *lk_sql_editor_get_text (LkSqlEditor *self);
void lk_sql_editor_set_text (LkSqlEditor *self, const char *text);
void lk_sql_editor_insert (LkSqlEditor *self, const char *text);
void lk_sql_editor_set_problems (LkSqlEditor *self, GPtrArray *problems);
void lk_sql_editor_select (LkSqlEditor *self, gsize start, gsize end);
void lk_sql_editor_replace (LkSqlEditor *self, gsize start, gsize end, const char *text);
GtkWidget *lk_sql_editor_get_view (LkSqlEditor *self);

G_END_DECLS
