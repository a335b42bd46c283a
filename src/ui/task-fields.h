/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/task-item.h"

G_BEGIN_DECLS

#define LK_TYPE_TASK_FIELDS (lk_task_fields_get_type ())
G_DECLARE_FINAL_TYPE (LkTaskFields, lk_task_fields, LK, TASK_FIELDS, GObject)

/**
 * LkTaskFields:
 *
 * Ties widgets to the fields of the task that is shown: what is typed goes into its draft, what the
 * draft holds is shown, and its problems stand under the widgets.
 *
 * Signals: LkTaskFields::shown, after another task, or an edited one, was shown.
 */
LkTaskFields *lk_task_fields_new (void);
void lk_task_fields_tie (LkTaskFields *self, GtkWidget *widget, LkTaskField field,
                         GtkLabel *problem);
void lk_task_fields_show (LkTaskFields *self, LkTaskItem *item);
void lk_task_fields_freeze (LkTaskFields *self);
void lk_task_fields_thaw (LkTaskFields *self);
LkTaskItem *lk_task_fields_get_item (LkTaskFields *self);

G_END_DECLS
