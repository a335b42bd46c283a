/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/search.h"
#include "ui/task-item.h"

G_BEGIN_DECLS

/* What can be said of a task as it is being edited. */

char *lk_task_advice_new (LkTaskItem *item, const LkSearch *search, LkInstant now);
char *lk_task_advice_format_next_run (LkTaskItem *item, LkInstant now);

G_END_DECLS
