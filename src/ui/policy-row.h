/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/task-item.h"

G_BEGIN_DECLS

#define LK_TYPE_POLICY_ROW (lk_policy_row_get_type ())
G_DECLARE_FINAL_TYPE (LkPolicyRow, lk_policy_row, LK, POLICY_ROW, GtkBox)

/**
 * LkPolicyRow:
 *
 * Which matches a task sends: the kind of its firing policy, and what that kind needs. What was set
 * for another kind stays while the same task is shown.
 */
void lk_policy_row_show (LkPolicyRow *self, LkTaskItem *item);

G_END_DECLS
