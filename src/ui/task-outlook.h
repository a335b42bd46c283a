/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/search.h"
#include "engine/context.h"
#include "ui/task-item.h"

G_BEGIN_DECLS

#define LK_TYPE_TASK_OUTLOOK (lk_task_outlook_get_type ())
G_DECLARE_FINAL_TYPE (LkTaskOutlook, lk_task_outlook, LK, TASK_OUTLOOK, GObject)

/**
 * LkTaskOutlook:
 *
 * What a task would send if it ran now, as edited, in a sentence: for a new task, and for one whose
 * policy, search or server is being changed. It is looked up while the person goes on, a moment
 * after the last change; what comes too late is dropped.
 *
 * Signals: LkTaskOutlook::changed, when the sentence is another.
 *
 * Thread: the main loop.
 */
LkTaskOutlook *lk_task_outlook_new (LkContext *context);
void lk_task_outlook_show (LkTaskOutlook *self, LkTaskItem *item, const LkSearch *search);
const char *lk_task_outlook_get_text (LkTaskOutlook *self);

G_END_DECLS
