/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/task.h"
#include "engine/servers.h"
#include "store/workspace.h"

G_BEGIN_DECLS

#define LK_PREVIEW_DEFAULT_DAYS 30
#define LK_PREVIEW_MAX_DAYS     366
#define LK_PREVIEW_MAX_RUNS     1000
#define LK_PREVIEW_MAX_ROWS     10000   /* that are listed for now, and for what is due */
#define LK_PREVIEW_MAX_GROUPS   500000  /* that are remembered from run to run */
#define LK_PREVIEW_MAX_MATCHES  2000000 /* of all runs together */

/**
 * LkPreviewWhen:
 * @LK_PREVIEW_NOW: if the task ran at this moment, as by Run Now
 * @LK_PREVIEW_NEXT: at its next due instant
 * @LK_PREVIEW_LATER: at a due instant after that one
 */
typedef enum
{
  LK_PREVIEW_NOW,
  LK_PREVIEW_NEXT,
  LK_PREVIEW_LATER,
} LkPreviewWhen;

/**
 * LkPreviewRun:
 * @when: which run it is
 * @due_at: the instant that it stands for
 * @matched: licenses, or distinct groups, that the search finds
 * @fired: how many of them fire
 * @known: how many of them were sent before, whether they fire again or not; for a policy that does
 *   not ask for that, of the run now alone
 *
 * A run that has not been.
 */
typedef struct
{
  LkPreviewWhen when;
  LkInstant due_at;
  gint64 matched;
  gint64 fired;
  gint64 known;
} LkPreviewRun;

/**
 * LkPreviewRow:
 * @run: which of the runs
 * @fires: whether it fires there; others are listed only for a license that was asked for
 * @license_id: the license
 * @license_key, @customer: what people know it by
 * @rule: why it fires or does not, translated
 *
 * One match of a run.
 */
typedef struct
{
  guint run;
  gboolean fires;
  gint64 license_id;
  char *license_key;
  char *customer;
  char *rule;
} LkPreviewRow;

/**
 * LkPreview:
 * @runs: (element-type LkPreviewRun): the run now, the next one, and those after it, in their order
 * @rows: (element-type LkPreviewRow): the matches that fire, by run
 * @n_left_out: further rows, which are counted in their runs and not listed
 * @distinct_field: of the task's search; "" for none
 * @is_cut: whether there are later runs in the time that was asked for, which were not looked at
 *
 * What a task would fire, if the licenses stay as they are.
 */
typedef struct
{
  GArray *runs;
  GPtrArray *rows;
  gint64 n_left_out;
  char *distinct_field;
  gboolean is_cut;
} LkPreview;

/**
 * LkPreviewOptions:
 * @now: the present
 * @days: how far to look ahead; 0 for the run now alone
 * @license_id: the license whose matches to list, fired or not; 0 for all that fire
 * @alone: whether to look at this license and no other one, which is quick however many there are:
 *   then the counts of the runs are its own, and with a Distinct Field the rows tell of the license
 *   that stands for its value
 */
typedef struct
{
  LkInstant now;
  int days;
  gint64 license_id;
  gboolean alone;
} LkPreviewOptions;

void lk_preview_free (LkPreview *self);
const LkPreviewRun *lk_preview_get_run (const LkPreview *self, const LkPreviewRow *row);

void lk_task_preview_start (GTask *task, LkWorkspace *workspace, LkServers *servers,
                            const LkTask *settings, const LkPreviewOptions *options);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkPreview, lk_preview_free)

G_END_DECLS
