/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"

G_BEGIN_DECLS

typedef enum
{
  LK_RUN_SCHEDULED, /* the timer came to a due instant */
  LK_RUN_MANUAL,    /* Run Now, `task run` */
} LkRunKind;

/**
 * LkRunState:
 * @LK_RUN_REQUESTED: somebody asked for it; the lease holder starts it
 * @LK_RUN_RUNNING: matches are being read; a crash leaves it here and the next process runs it
 * again
 * @LK_RUN_FINISHED: the search came to its end and every match is accounted for
 * @LK_RUN_FAILED: the search broke; what it had created stays, nothing is re-armed
 */
typedef enum
{
  LK_RUN_REQUESTED,
  LK_RUN_RUNNING,
  LK_RUN_FINISHED,
  LK_RUN_FAILED,
} LkRunState;

/**
 * LkRun:
 * @id: the row in the workspace
 * @task_id: its task; 0 once that was deleted
 * @task_name: the task's name at the time
 * @kind: who started it
 * @state: how far it is
 * @due_at: the instant it stands for; macros expand at it
 * @started_at, @finished_at: 0 while not yet
 * @missed: how many earlier due instants this late run stands for as well
 * @matched: licenses (or distinct groups) that the search found
 * @fired: deliveries it created
 * @suppressed: matches that the firing policy did not let fire
 * @held: deliveries among @fired that wait for a look
 * @error: why it failed; "" otherwise
 *
 * One execution of a task at one due instant. A plain value.
 */
typedef struct
{
  gint64 id;
  gint64 task_id;
  char *task_name;
  LkRunKind kind;
  LkRunState state;
  LkInstant due_at;
  LkInstant started_at;
  LkInstant finished_at;
  gint64 missed;
  gint64 matched;
  gint64 fired;
  gint64 suppressed;
  gint64 held;
  char *error;
} LkRun;

/* What the usual size of a task's runs is judged by: the finished ones among this many last runs.
 */
#define LK_RUN_USUAL_RUNS 5

LkRun *lk_run_new (void);
LkRun *lk_run_copy (const LkRun *self);
void lk_run_free (LkRun *self);
const char *lk_run_state_to_string (LkRunState state);
const char *lk_run_kind_to_string (LkRunKind kind);
gboolean lk_run_is_unusual (gint64 usual, gint64 matched);
gboolean lk_run_state_from_string (const char *text, LkRunState *state);
gboolean lk_run_kind_from_string (const char *text, LkRunKind *kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkRun, lk_run_free)

G_END_DECLS
