/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "core/run.h"
#include "engine/context.h"

G_BEGIN_DECLS

#define LK_TYPE_RUNS_PAGE (lk_runs_page_get_type ())
G_DECLARE_FINAL_TYPE (LkRunsPage, lk_runs_page, LK, RUNS_PAGE, GtkBox)

#define LK_RUNS_PAGE_MAX 200 /* the latest runs of a task */

/**
 * LkRunsPage:
 *
 * The Runs tab of Scheduled Tasks: the latest runs of a task, newest first, each with its counts
 * and what happened in words. It follows the workspace while it is shown.
 */
void lk_runs_page_set_up (LkRunsPage *self, LkContext *context);
void lk_runs_page_show (LkRunsPage *self, gint64 task_id);
char *lk_runs_page_explain (const LkRun *run, const char *policy);

G_END_DECLS
