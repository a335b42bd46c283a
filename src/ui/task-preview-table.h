/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/task-preview.h"

G_BEGIN_DECLS

/**
 * LkPreviewChoice:
 * @LK_PREVIEW_CHOICE_NOW: what fires if the task runs now
 * @LK_PREVIEW_CHOICE_NEXT: what fires at the next run
 * @LK_PREVIEW_CHOICE_DAYS: what fires at the next run and the ones after it
 *
 * Which rows of a preview are shown.
 */
typedef enum
{
  LK_PREVIEW_CHOICE_NOW,
  LK_PREVIEW_CHOICE_NEXT,
  LK_PREVIEW_CHOICE_DAYS,
} LkPreviewChoice;

/* The table of a task's preview: when, license, customer, rule. */

GtkSingleSelection *lk_task_preview_table_set_up (GtkColumnView *view);
void lk_task_preview_table_show (GtkColumnView *view, const LkPreview *preview,
                                 LkPreviewChoice choice, GTimeZone *zone);
const LkPreviewRow *lk_task_preview_table_get_selected (GtkColumnView *view,
                                                        const LkPreview *preview);

G_END_DECLS
