/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-draft"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"
#include "core/task-draft-private.h"

typedef enum
{
  KIND_TEXT,
  KIND_NUMBER,
  KIND_FLAG,
} FieldKind;

static const FieldKind field_kinds[LK_N_TASK_FIELDS] = {
  [LK_TASK_FIELD_ENABLED] = KIND_FLAG,
  [LK_TASK_FIELD_SERVER] = KIND_NUMBER,
  [LK_TASK_FIELD_SEARCH] = KIND_NUMBER,
  [LK_TASK_FIELD_EVERY] = KIND_NUMBER,
  [LK_TASK_FIELD_UNIT] = KIND_NUMBER,
  [LK_TASK_FIELD_WEBHOOK_ENABLED] = KIND_FLAG,
  [LK_TASK_FIELD_STANDARD_WEBHOOKS] = KIND_FLAG,
  [LK_TASK_FIELD_OVERLAP] = KIND_NUMBER,
  [LK_TASK_FIELD_CONCURRENCY] = KIND_NUMBER,
  [LK_TASK_FIELD_RATE_LIMIT] = KIND_NUMBER,
  [LK_TASK_FIELD_CONNECT_TIMEOUT] = KIND_NUMBER,
  [LK_TASK_FIELD_ANSWER_TIMEOUT] = KIND_NUMBER,
  [LK_TASK_FIELD_AT_MOST_ONCE] = KIND_FLAG,
  [LK_TASK_FIELD_USE_KEYRING] = KIND_FLAG,
  [LK_TASK_FIELD_HOLD_UNUSUAL] = KIND_FLAG,
  [LK_TASK_FIELD_ALERT] = KIND_FLAG,
};

static gboolean
has_kind (LkTaskField field, FieldKind kind)
{
  return (guint) field < LK_N_TASK_FIELDS && field_kinds[field] == kind;
}

static void
wipe (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static void
read_numbers (const LkTask *task, LkTaskDraftValues *values)
{
  values->numbers[LK_TASK_FIELD_ENABLED] = !!task->enabled;
  values->numbers[LK_TASK_FIELD_SERVER] = task->server_id;
  values->numbers[LK_TASK_FIELD_SEARCH] = task->search_id;
  values->numbers[LK_TASK_FIELD_EVERY] = task->recurrence.every;
  values->numbers[LK_TASK_FIELD_UNIT] = (gint64) task->recurrence.unit;
  values->numbers[LK_TASK_FIELD_WEBHOOK_ENABLED] = !!task->webhook_enabled;
  values->numbers[LK_TASK_FIELD_STANDARD_WEBHOOKS] = !!task->standard_webhooks;
  values->numbers[LK_TASK_FIELD_CONCURRENCY] = task->concurrency;
  values->numbers[LK_TASK_FIELD_RATE_LIMIT] = task->rate_limit;
  values->numbers[LK_TASK_FIELD_CONNECT_TIMEOUT] = task->connect_timeout_s;
  values->numbers[LK_TASK_FIELD_ANSWER_TIMEOUT] = task->answer_timeout_s;
  values->numbers[LK_TASK_FIELD_AT_MOST_ONCE] = !!task->at_most_once;
  values->numbers[LK_TASK_FIELD_USE_KEYRING] = !!task->use_keyring;
  values->numbers[LK_TASK_FIELD_HOLD_UNUSUAL] = !!task->hold_unusual;
  values->numbers[LK_TASK_FIELD_ALERT] = !!task->alert;
}

static void
read_texts (const LkTask *task, LkTaskDraftValues *values)
{
  g_autofree char *start = lk_recurrence_format_start (&task->recurrence);
  const gsize date_length = strlen ("2026-01-31");

  values->texts[LK_TASK_FIELD_NAME] = g_strdup (task->name);
  values->texts[LK_TASK_FIELD_START_DATE] = g_strndup (start, date_length);
  values->texts[LK_TASK_FIELD_START_TIME] = g_strdup (start + date_length + 1);
  values->texts[LK_TASK_FIELD_ZONE] = g_strdup (task->recurrence.zone);
  values->texts[LK_TASK_FIELD_URL] = g_strdup (task->url);
  values->texts[LK_TASK_FIELD_USER_DATA] = g_strdup (task->user_data);
  values->texts[LK_TASK_FIELD_SEND] = g_strdup (task->send);
  values->texts[LK_TASK_FIELD_HEADERS] = g_strjoinv ("\n", task->headers);
  values->texts[LK_TASK_FIELD_CA_FILE] = g_strdup (task->ca_file);
  values->texts[LK_TASK_FIELD_CLIENT_CERTIFICATE] = g_strdup (task->client_certificate);
  values->texts[LK_TASK_FIELD_PROXY] = g_strdup (task->proxy);
  values->texts[LK_TASK_FIELD_NOTES] = g_strdup (task->notes);
}

static void
clear_values (LkTaskDraftValues *values)
{
  for (guint i = 0; i < LK_N_TASK_FIELDS; i++)
    g_clear_pointer (&values->texts[i], wipe);
}

static char **
split_headers (const char *text)
{
  g_autoptr (GStrvBuilder) headers = g_strv_builder_new ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    if (g_strstrip (lines[i])[0] != '\0')
      g_strv_builder_add (headers, lines[i]);

  return g_strv_builder_end (headers);
}

static void
take_text (char **place, char *text)
{
  g_free (*place);
  *place = text;
}

static char *
get_stripped (const LkTaskDraft *self, LkTaskField field)
{
  return g_strstrip (g_strdup (self->current.texts[field]));
}

static void
write_texts (const LkTaskDraft *self, LkTask *task)
{
  take_text (&task->name, get_stripped (self, LK_TASK_FIELD_NAME));
  take_text (&task->url, get_stripped (self, LK_TASK_FIELD_URL));
  take_text (&task->user_data, g_strdup (self->current.texts[LK_TASK_FIELD_USER_DATA]));
  take_text (&task->send, get_stripped (self, LK_TASK_FIELD_SEND));
  take_text (&task->ca_file, get_stripped (self, LK_TASK_FIELD_CA_FILE));
  take_text (&task->client_certificate, get_stripped (self, LK_TASK_FIELD_CLIENT_CERTIFICATE));
  take_text (&task->proxy, get_stripped (self, LK_TASK_FIELD_PROXY));
  take_text (&task->notes, g_strdup (self->current.texts[LK_TASK_FIELD_NOTES]));
  g_strfreev (task->headers);
  task->headers = split_headers (self->current.texts[LK_TASK_FIELD_HEADERS]);
}

static void
write_numbers (const LkTaskDraft *self, LkTask *task)
{
  const gint64 *numbers = self->current.numbers;

  task->enabled = numbers[LK_TASK_FIELD_ENABLED] != 0;
  task->server_id = numbers[LK_TASK_FIELD_SERVER];
  task->search_id = numbers[LK_TASK_FIELD_SEARCH];
  task->webhook_enabled = numbers[LK_TASK_FIELD_WEBHOOK_ENABLED] != 0;
  task->standard_webhooks = numbers[LK_TASK_FIELD_STANDARD_WEBHOOKS] != 0;
  task->concurrency = (int) numbers[LK_TASK_FIELD_CONCURRENCY];
  task->rate_limit = (int) numbers[LK_TASK_FIELD_RATE_LIMIT];
  task->connect_timeout_s = (int) numbers[LK_TASK_FIELD_CONNECT_TIMEOUT];
  task->answer_timeout_s = (int) numbers[LK_TASK_FIELD_ANSWER_TIMEOUT];
  task->at_most_once = numbers[LK_TASK_FIELD_AT_MOST_ONCE] != 0;
  task->use_keyring = numbers[LK_TASK_FIELD_USE_KEYRING] != 0;
  task->hold_unusual = numbers[LK_TASK_FIELD_HOLD_UNUSUAL] != 0;
  task->alert = numbers[LK_TASK_FIELD_ALERT] != 0;
}

static gboolean
write_recurrence (const LkTaskDraft *self, LkTask *task, GError **error)
{
  g_autofree char *date = get_stripped (self, LK_TASK_FIELD_START_DATE);
  g_autofree char *time = get_stripped (self, LK_TASK_FIELD_START_TIME);
  g_autofree char *start = g_strdup_printf ("%s %s", date, time);

  task->recurrence.every = (int) self->current.numbers[LK_TASK_FIELD_EVERY];
  task->recurrence.unit = (LkRecurrenceUnit) self->current.numbers[LK_TASK_FIELD_UNIT];

  return lk_recurrence_parse_start (&task->recurrence, start, error)
         && lk_recurrence_parse_zone (&task->recurrence, self->current.texts[LK_TASK_FIELD_ZONE],
                                      error);
}

static void
forget_problems (LkTaskDraft *self)
{
  g_clear_pointer (&self->problems, g_ptr_array_unref);
}

/**
 * lk_task_draft_new:
 * @original: the task as it is stored, or lk_task_new() with what a new one starts from
 * @taken_names: (array zero-terminated=1) (nullable): the names of the *other* tasks
 *
 * Returns: (transfer full): a draft that says what @original says
 */
LkTaskDraft *
lk_task_draft_new (const LkTask *original, const char *const *taken_names)
{
  LkTaskDraft *self;

  g_return_val_if_fail (original != NULL, NULL);

  self = g_new0 (LkTaskDraft, 1);
  self->original = lk_task_copy (original);
  self->taken_names = g_strdupv ((char **) taken_names);
  read_texts (original, &self->initial);
  read_numbers (original, &self->initial);
  read_texts (original, &self->current);
  read_numbers (original, &self->current);

  return self;
}

/**
 * lk_task_draft_new_blank:
 * @now: the present
 * @taken_names: (array zero-terminated=1) (nullable): the names of all tasks
 *
 * Returns: (transfer full): a draft of a new task that starts daily at the next full hour of the
 *   local zone
 */
LkTaskDraft *
lk_task_draft_new_blank (LkInstant now, const char *const *taken_names)
{
  g_autoptr (LkTask) task = lk_task_new ();
  g_autoptr (GTimeZone) zone = lk_recurrence_get_zone (&task->recurrence);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc ((now + LK_HOUR) / LK_SECOND);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);

  g_date_time_get_ymd (local, &task->recurrence.year, &task->recurrence.month,
                       &task->recurrence.day);
  task->recurrence.hour = g_date_time_get_hour (local);

  return lk_task_draft_new (task, taken_names);
}

/**
 * lk_task_draft_free:
 * @self: (nullable) (transfer full): a draft
 *
 * Frees the draft and overwrites the new secret.
 */
void
lk_task_draft_free (LkTaskDraft *self)
{
  if (self == NULL)
    return;

  lk_task_free (self->original);
  g_strfreev (self->taken_names);
  clear_values (&self->initial);
  clear_values (&self->current);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_free (self);
}

/**
 * lk_task_draft_set_text:
 * @self: a draft
 * @field: a field of text
 * @text: (nullable): what was typed; for %LK_TASK_FIELD_SECRET %NULL or "" keeps the stored one
 */
void
lk_task_draft_set_text (LkTaskDraft *self, LkTaskField field, const char *text)
{
  char *copy;

  g_return_if_fail (self != NULL && has_kind (field, KIND_TEXT));

  if (text == NULL && field != LK_TASK_FIELD_SECRET)
    text = "";
  if (field == LK_TASK_FIELD_SECRET && text != NULL && text[0] == '\0')
    text = NULL;

  copy = g_strdup (text); /* before the old one goes: it may be the same */
  wipe (self->current.texts[field]);
  self->current.texts[field] = copy;
  forget_problems (self);
}

/**
 * lk_task_draft_set_number:
 * @self: a draft
 * @field: a field with a number
 * @number: what was chosen
 */
void
lk_task_draft_set_number (LkTaskDraft *self, LkTaskField field, gint64 number)
{
  g_return_if_fail (self != NULL && has_kind (field, KIND_NUMBER));

  self->current.numbers[field] = number;
  forget_problems (self);
}

/**
 * lk_task_draft_set_flag:
 * @self: a draft
 * @field: a field that is on or off
 * @flag: what was chosen
 */
void
lk_task_draft_set_flag (LkTaskDraft *self, LkTaskField field, gboolean flag)
{
  g_return_if_fail (self != NULL && has_kind (field, KIND_FLAG));

  self->current.numbers[field] = !!flag;
  forget_problems (self);
}

/**
 * lk_task_draft_set_every:
 * @self: a draft
 * @text: an interval such as `1 day`, as the command line has it
 * @error: %LK_ERROR_INVALID
 *
 * Returns: whether the interval was set
 */
gboolean
lk_task_draft_set_every (LkTaskDraft *self, const char *text, GError **error)
{
  LkRecurrence parsed = { 0 };

  g_return_val_if_fail (self != NULL && text != NULL, FALSE);

  if (!lk_recurrence_parse_every (&parsed, text, error))
    return FALSE;

  lk_task_draft_set_number (self, LK_TASK_FIELD_EVERY, parsed.every);
  lk_task_draft_set_number (self, LK_TASK_FIELD_UNIT, (gint64) parsed.unit);
  return TRUE;
}

/**
 * lk_task_draft_set_start:
 * @self: a draft
 * @text: date and time such as `2026-01-31 08:00`, as the command line has it
 * @error: %LK_ERROR_INVALID
 *
 * Returns: whether both fields of the start were set
 */
gboolean
lk_task_draft_set_start (LkTaskDraft *self, const char *text, GError **error)
{
  LkRecurrence parsed = { 0 };
  g_autofree char *plain = NULL;

  g_return_val_if_fail (self != NULL && text != NULL, FALSE);

  if (!lk_recurrence_parse_start (&parsed, text, error))
    return FALSE;

  plain = lk_recurrence_format_start (&parsed);
  lk_task_draft_set_text (self, LK_TASK_FIELD_START_TIME, plain + strlen ("2026-01-31 "));
  plain[strlen ("2026-01-31")] = '\0';
  lk_task_draft_set_text (self, LK_TASK_FIELD_START_DATE, plain);
  return TRUE;
}

/**
 * lk_task_draft_set_overlap:
 * @self: a draft
 * @text: a time such as `3 days`, as the command line has it
 * @error: %LK_ERROR_INVALID
 *
 * Says for how long the stored secret goes on signing beside a new one.
 *
 * Returns: whether that was set
 */
gboolean
lk_task_draft_set_overlap (LkTaskDraft *self, const char *text, GError **error)
{
  static const gint64 minutes[] = {
    [LK_UNIT_MINUTE] = 1,
    [LK_UNIT_HOUR] = 60,
    [LK_UNIT_DAY] = 24 * 60,
    [LK_UNIT_WEEK] = 7 * 24 * 60,
  };
  const gint64 most = LK_TASK_DRAFT_MAX_OVERLAP_DAYS * minutes[LK_UNIT_DAY];
  LkRecurrence parsed = { 0 };

  g_return_val_if_fail (self != NULL && text != NULL, FALSE);

  if (!lk_recurrence_parse_every (&parsed, text, NULL) || parsed.unit == LK_UNIT_MONTH
      || parsed.every * minutes[parsed.unit] > most)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("“%s” is no time for an old secret: give minutes, hours, days or weeks, up "
                      "to %d days, such as “3 days”"),
                   text, LK_TASK_DRAFT_MAX_OVERLAP_DAYS);
      return FALSE;
    }

  lk_task_draft_set_number (self, LK_TASK_FIELD_OVERLAP, parsed.every * minutes[parsed.unit]);
  return TRUE;
}

/**
 * lk_task_draft_get_overlap:
 * @self: a draft
 *
 * Returns: for how long the stored secret goes on signing, in microseconds; 0 when there is none or
 *   no new one
 */
LkInstant
lk_task_draft_get_overlap (const LkTaskDraft *self)
{
  g_return_val_if_fail (self != NULL, 0);

  if (!self->original->has_secret || self->current.texts[LK_TASK_FIELD_SECRET] == NULL)
    return 0;

  return self->current.numbers[LK_TASK_FIELD_OVERLAP] * LK_MINUTE;
}

/**
 * lk_task_draft_get_text:
 * @self: a draft
 * @field: a field of text
 *
 * Returns: (nullable): the text as typed; %NULL for a secret that is kept
 */
const char *
lk_task_draft_get_text (const LkTaskDraft *self, LkTaskField field)
{
  g_return_val_if_fail (self != NULL && has_kind (field, KIND_TEXT), NULL);

  return self->current.texts[field];
}

/**
 * lk_task_draft_get_number:
 * @self: a draft
 * @field: a field with a number
 *
 * Returns: the number
 */
gint64
lk_task_draft_get_number (const LkTaskDraft *self, LkTaskField field)
{
  g_return_val_if_fail (self != NULL && has_kind (field, KIND_NUMBER), 0);

  return self->current.numbers[field];
}

/**
 * lk_task_draft_get_flag:
 * @self: a draft
 * @field: a field that is on or off
 *
 * Returns: whether it is on
 */
gboolean
lk_task_draft_get_flag (const LkTaskDraft *self, LkTaskField field)
{
  g_return_val_if_fail (self != NULL && has_kind (field, KIND_FLAG), FALSE);

  return self->current.numbers[field] != 0;
}

/**
 * lk_task_draft_get_original:
 * @self: a draft
 *
 * Returns: (transfer none): the task that it started from
 */
const LkTask *
lk_task_draft_get_original (const LkTaskDraft *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->original;
}

/**
 * lk_task_draft_get_problems:
 * @self: a draft
 *
 * Returns: (transfer none) (element-type LkDraftProblem): what there is to say about the draft, in
 *   the order of the fields; valid until the draft is changed
 */
GPtrArray *
lk_task_draft_get_problems (LkTaskDraft *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->problems == NULL)
    self->problems = lk_task_draft_find_problems (self);

  return self->problems;
}

/**
 * lk_task_draft_is_dirty:
 * @self: a draft
 *
 * Returns: whether closing the dialog would lose something
 */
gboolean
lk_task_draft_is_dirty (const LkTaskDraft *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < LK_N_TASK_FIELDS; i++)
    if (i == LK_TASK_FIELD_OVERLAP)
      continue; /* means nothing without a new secret */
    else if (self->current.numbers[i] != self->initial.numbers[i]
             || g_strcmp0 (self->current.texts[i], self->initial.texts[i]) != 0)
      return TRUE;

  return FALSE;
}

/**
 * lk_task_draft_to_task:
 * @self: a draft
 * @error: %LK_ERROR_INVALID with the first problem that keeps it from being saved
 *
 * The new secret does not travel in the task: ask lk_task_draft_get_text() for it and hand it to
 * the store beside the task.
 *
 * Returns: (transfer full): the task to save, with the original's id, version and cursor
 */
LkTask *
lk_task_draft_to_task (LkTaskDraft *self, GError **error)
{
  g_autoptr (LkTask) task = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (!lk_draft_problems_check (lk_task_draft_get_problems (self), error))
    return NULL;

  task = lk_task_copy (self->original);
  write_texts (self, task);
  write_numbers (self, task);
  task->has_secret |= self->current.texts[LK_TASK_FIELD_SECRET] != NULL;
  if (!write_recurrence (self, task, error))
    return NULL;

  return g_steal_pointer (&task);
}
