/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/delivery.h"
#include "core/firing-policy.h"
#include "engine/task-preview.h"
#include "store/task-standing.h"

G_BEGIN_DECLS

/**
 * LkOutlookAnswer:
 * @LK_OUTLOOK_NO_MATCH: the search does not find the license
 * @LK_OUTLOOK_STOOD_FOR: with a Distinct Field another license stands for it, which decides
 * @LK_OUTLOOK_NOT_AGAIN: it matches, and the policy does not let it fire
 * @LK_OUTLOOK_WOULD_SEND: it would be sent if the task ran now
 *
 * What a run at this moment would make of a license.
 */
typedef enum
{
  LK_OUTLOOK_NO_MATCH,
  LK_OUTLOOK_STOOD_FOR,
  LK_OUTLOOK_NOT_AGAIN,
  LK_OUTLOOK_WOULD_SEND,
} LkOutlookAnswer;

#define LK_N_OUTLOOK_ANSWERS (LK_OUTLOOK_WOULD_SEND + 1)

/**
 * LkLicenseOutlook:
 * @task: the task as it is stored
 * @search_name, @distinct_field: of its search; @distinct_field is "" for none
 * @license_id, @license_key, @customer: the license
 * @now, @days: the moment, and how far it was looked ahead
 * @answer: what a run at @now would make of it
 * @matches: whether the search finds the license itself, whoever stands for it
 * @unmet: (element-type utf8): of the conditions that AND joins to the search those that do not
 *   hold, as they were typed; empty where it matches or cannot be told
 * @other_key: (nullable): the license that stands for it
 * @fires: whether the match, its own or that of @other_key, would fire
 * @rule: (nullable): why it would or not; %NULL where nothing matches
 * @again: (nullable): when a match that was sent is sent again, as the end of a sentence
 * @ledger: what is remembered of it; its @fired_at is 0 for nothing
 * @delivery: (nullable): the newest webhook that the task made for it
 * @last_run: (nullable): the newest run of the task that has begun
 * @is_overdue: whether the task should have run and has not
 * @hold_reason: (nullable): why the receiver is on hold; %NULL while it is not
 * @next_at: the first run in these days that would send it; 0 for none
 * @next_rule: (nullable): under which rule
 * @next_key: (nullable): the license that would stand for it then, where it is another one
 * @is_cut: whether not all runs of these days could be looked at
 *
 * Why a task did not send a license, and when it will: answered by the same decisions that runs
 * make. A plain value.
 */
typedef struct
{
  LkTask *task;
  char *search_name;
  char *distinct_field;
  gint64 license_id;
  char *license_key;
  char *customer;
  LkInstant now;
  int days;
  LkOutlookAnswer answer;
  gboolean matches;
  GPtrArray *unmet;
  char *other_key;
  gboolean fires;
  char *rule;
  char *again;
  LkLedgerEntry ledger;
  LkDelivery *delivery;
  LkRun *last_run;
  gboolean is_overdue;
  char *hold_reason;
  LkInstant next_at;
  char *next_rule;
  char *next_key;
  gboolean is_cut;
} LkLicenseOutlook;

void lk_license_outlook_free (LkLicenseOutlook *self);
const char *lk_outlook_answer_to_string (LkOutlookAnswer answer);

/* license-outlook-text.c: in words, translated */
GPtrArray *lk_license_outlook_list_obstacles (const LkLicenseOutlook *self);
GPtrArray *lk_license_outlook_explain (const LkLicenseOutlook *self);

void lk_license_outlook_start (GTask *task, LkWorkspace *workspace, LkServers *servers,
                               const LkTask *settings, const LkPreviewOptions *options);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkLicenseOutlook, lk_license_outlook_free)

G_END_DECLS
