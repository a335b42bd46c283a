/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/task-draft.h"
#include "ui/draft-item.h"

G_BEGIN_DECLS

#define LK_TYPE_TASK_ITEM (lk_task_item_get_type ())
G_DECLARE_FINAL_TYPE (LkTaskItem, lk_task_item, LK, TASK_ITEM, LkDraftItem)

extern const LkDraftKind lk_task_kind;

LkTaskItem *lk_task_item_new (const LkTask *task);
LkTaskItem *lk_task_item_new_blank (LkInstant now);
LkTaskItem *lk_task_item_duplicate (LkTaskItem *self, const char *name, LkInstant now);
const LkTask *lk_task_item_get_original (LkTaskItem *self);

const char *lk_task_item_get_text (LkTaskItem *self, LkTaskField field);
gint64 lk_task_item_get_number (LkTaskItem *self, LkTaskField field);
gboolean lk_task_item_get_flag (LkTaskItem *self, LkTaskField field);
void lk_task_item_set_text (LkTaskItem *self, LkTaskField field, const char *text);
void lk_task_item_set_number (LkTaskItem *self, LkTaskField field, gint64 number);
void lk_task_item_set_flag (LkTaskItem *self, LkTaskField field, gboolean flag);
LkTask *lk_task_item_make_trial (LkTaskItem *self);
gboolean lk_task_item_can_have_baseline (LkTaskItem *self);
gboolean lk_task_item_get_baseline (LkTaskItem *self);
void lk_task_item_set_baseline (LkTaskItem *self, gboolean baseline);
void lk_task_item_take_marks (LkTaskItem *self, GPtrArray *marks);
gboolean lk_task_item_get_recurrence (LkTaskItem *self, LkRecurrence *recurrence);
LkTask *lk_task_item_to_task (LkTaskItem *self, GError **error);

G_END_DECLS
