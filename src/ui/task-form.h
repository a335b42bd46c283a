/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"
#include "ui/task-item.h"

G_BEGIN_DECLS

#define LK_TYPE_TASK_FORM (lk_task_form_get_type ())
G_DECLARE_FINAL_TYPE (LkTaskForm, lk_task_form, LK, TASK_FORM, GtkBox)

/**
 * LkTaskForm:
 *
 * The right half of Scheduled Tasks: what a task searches, when, and the tabs of what it does.
 */
void lk_task_form_set_up (LkTaskForm *self, LkContext *context);
void lk_task_form_show (LkTaskForm *self, LkTaskItem *item);
void lk_task_form_focus_name (LkTaskForm *self);
void lk_task_form_show_runs (LkTaskForm *self);
void lk_task_form_send_test (LkTaskForm *self);

G_END_DECLS
