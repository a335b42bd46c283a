/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/draft-problem.h"
#include "core/task.h"

G_BEGIN_DECLS

/**
 * LkTaskField:
 *
 * What can be edited of a task. The comment says which of lk_task_draft_set_text(),
 * lk_task_draft_set_number() and lk_task_draft_set_flag() takes it.
 */
typedef enum
{
  LK_TASK_FIELD_NAME,               /* text */
  LK_TASK_FIELD_ENABLED,            /* flag */
  LK_TASK_FIELD_SERVER,             /* number: the id; 0 for none chosen */
  LK_TASK_FIELD_SEARCH,             /* number: the id; 0 for none chosen */
  LK_TASK_FIELD_EVERY,              /* number: 1 to 1000 */
  LK_TASK_FIELD_UNIT,               /* number: a LkRecurrenceUnit */
  LK_TASK_FIELD_START_DATE,         /* text: `2026-01-31` */
  LK_TASK_FIELD_START_TIME,         /* text: `08:00` */
  LK_TASK_FIELD_ZONE,               /* text: `Europe/Berlin` */
  LK_TASK_FIELD_WEBHOOK_ENABLED,    /* flag */
  LK_TASK_FIELD_URL,                /* text */
  LK_TASK_FIELD_SECRET,             /* text: a new secret; NULL keeps the stored one */
  LK_TASK_FIELD_OVERLAP,            /* number: minutes for which the stored secret signs on */
  LK_TASK_FIELD_USE_KEYRING,        /* flag */
  LK_TASK_FIELD_USER_DATA,          /* text */
  LK_TASK_FIELD_STANDARD_WEBHOOKS,  /* flag */
  LK_TASK_FIELD_SEND,               /* text, see lk_firing_policy_parse() */
  LK_TASK_FIELD_HEADERS,            /* text: one "Name: value" per line */
  LK_TASK_FIELD_CA_FILE,            /* text: absolute path; "" for none */
  LK_TASK_FIELD_CLIENT_CERTIFICATE, /* text: absolute path; "" for none */
  LK_TASK_FIELD_CONCURRENCY,        /* number: 1 to 64 */
  LK_TASK_FIELD_RATE_LIMIT,         /* number: requests a minute; 0 for no limit */
  LK_TASK_FIELD_CONNECT_TIMEOUT,    /* number: seconds */
  LK_TASK_FIELD_ANSWER_TIMEOUT,     /* number: seconds */
  LK_TASK_FIELD_PROXY,              /* text: "" for the system's, none, or an address */
  LK_TASK_FIELD_AT_MOST_ONCE,       /* flag */
  LK_TASK_FIELD_HOLD_UNUSUAL,       /* flag */
  LK_TASK_FIELD_ALERT,              /* flag */
  LK_TASK_FIELD_NOTES,              /* text */
} LkTaskField;

#define LK_N_TASK_FIELDS               (LK_TASK_FIELD_NOTES + 1)
#define LK_TASK_DRAFT_MAX_OVERLAP_DAYS 365

/**
 * LkTaskDraft:
 *
 * A task while a person edits it: the original, what was typed so far (also when it is not valid),
 * and the problems of that. The dialog and the command line set fields, show the problems and save
 * what lk_task_draft_to_task() gives. A plain value without a connection to anything; one thread at
 * a time.
 */
typedef struct _LkTaskDraft LkTaskDraft;

LkTaskDraft *lk_task_draft_new (const LkTask *original, const char *const *taken_names);
LkTaskDraft *lk_task_draft_new_blank (LkInstant now, const char *const *taken_names);
void lk_task_draft_free (LkTaskDraft *self);

void lk_task_draft_set_text (LkTaskDraft *self, LkTaskField field, const char *text);
void lk_task_draft_set_number (LkTaskDraft *self, LkTaskField field, gint64 number);
void lk_task_draft_set_flag (LkTaskDraft *self, LkTaskField field, gboolean flag);
gboolean lk_task_draft_set_every (LkTaskDraft *self, const char *text, GError **error);
gboolean lk_task_draft_set_start (LkTaskDraft *self, const char *text, GError **error);
gboolean lk_task_draft_set_overlap (LkTaskDraft *self, const char *text, GError **error);

const char *lk_task_draft_get_text (const LkTaskDraft *self, LkTaskField field);
gint64 lk_task_draft_get_number (const LkTaskDraft *self, LkTaskField field);
gboolean lk_task_draft_get_flag (const LkTaskDraft *self, LkTaskField field);
LkInstant lk_task_draft_get_overlap (const LkTaskDraft *self);
const LkTask *lk_task_draft_get_original (const LkTaskDraft *self);

GPtrArray *lk_task_draft_get_problems (LkTaskDraft *self);
gboolean lk_task_draft_is_dirty (const LkTaskDraft *self);
LkTask *lk_task_draft_to_task (LkTaskDraft *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkTaskDraft, lk_task_draft_free)

G_END_DECLS
