/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/run.h"
#include "store/workspace.h"

G_BEGIN_DECLS

/* Seconds without a process that runs the schedule after which Run Now gives up, and seconds in
 * which nothing is sent after which it waits no longer for a receiver that is down. */
#define LK_RUN_WAIT_SECONDS  60
#define LK_RUN_STALL_SECONDS 15

void lk_run_wait_start (GTask *task, LkWorkspace *workspace, LkClock *clock, gint64 task_id);

G_END_DECLS
