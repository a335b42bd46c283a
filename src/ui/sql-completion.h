/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

#define LK_TYPE_SQL_COMPLETION (lk_sql_completion_get_type ())
G_DECLARE_FINAL_TYPE (LkSqlCompletion, lk_sql_completion, LK, SQL_COMPLETION, GObject)

/**
 * LkSqlCompletion:
 *
 * Proposes what can stand in a search: columns, macros, functions and the words of a condition.
 */
GtkSourceCompletionProvider *lk_sql_completion_new (void);

G_END_DECLS
