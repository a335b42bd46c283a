/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/sql-editor.h"

G_BEGIN_DECLS

#define LK_TYPE_PROBLEM_LIST (lk_problem_list_get_type ())
G_DECLARE_FINAL_TYPE (LkProblemList, lk_problem_list, LK, PROBLEM_LIST, GtkBox)

/**
 * LkProblemList:
 *
 * What is wrong with a condition and where, a line for each problem. A click selects the place in
 * the editor, and Fix puts the proposed text there.
 */
void lk_problem_list_show (LkProblemList *self, LkSqlEditor *editor, GPtrArray *problems);

G_END_DECLS
