/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/task-draft.h"

G_BEGIN_DECLS

/* A value per field: flags are numbers, too. */
typedef struct
{
  char *texts[LK_N_TASK_FIELDS];
  gint64 numbers[LK_N_TASK_FIELDS];
} LkTaskDraftValues;

struct _LkTaskDraft
{
  LkTask *original;
  char **taken_names;
  LkTaskDraftValues initial;
  LkTaskDraftValues current;
  GPtrArray *problems; /* NULL: not looked for since the last change */
};

GPtrArray *lk_task_draft_find_problems (const LkTaskDraft *self);

G_END_DECLS
