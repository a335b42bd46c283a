/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-draft"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/firing-policy.h"
#include "core/signature.h"
#include "core/task-draft-private.h"
#include "core/text-check.h"
#include "core/webhook-check.h"

static const char *
get_text (const LkTaskDraft *self, LkTaskField field)
{
  return self->current.texts[field];
}

static gint64
get_number (const LkTaskDraft *self, LkTaskField field)
{
  return self->current.numbers[field];
}

static void
add_error (GPtrArray *problems, LkTaskField field, const char *message)
{
  lk_draft_problems_add (problems, (int) field, LK_DRAFT_ERROR, message);
}

static void
check_encoding (const LkTaskDraft *self, GPtrArray *problems)
{
  for (int field = 0; field < LK_N_TASK_FIELDS; field++)
    {
      GError *error = NULL;

      if (get_text (self, field) != NULL && !lk_text_check (get_text (self, field), &error))
        lk_draft_problems_take_error (problems, field, error);
    }
}

static void
check_choices (const LkTaskDraft *self, GPtrArray *problems)
{
  if (get_number (self, LK_TASK_FIELD_SERVER) <= 0)
    add_error (problems, LK_TASK_FIELD_SERVER,
               _ ("no license server is chosen: choose the one to search"));
  if (get_number (self, LK_TASK_FIELD_SEARCH) <= 0)
    add_error (problems, LK_TASK_FIELD_SEARCH, _ ("no search is chosen: choose the one to run"));
}

static void
check_interval (const LkTaskDraft *self, GPtrArray *problems)
{
  gint64 every = get_number (self, LK_TASK_FIELD_EVERY);
  gint64 unit = get_number (self, LK_TASK_FIELD_UNIT);

  if (every < 1 || every > LK_RECURRENCE_MAX_EVERY)
    add_error (problems, LK_TASK_FIELD_EVERY,
               _ ("the interval is out of range: give a number from 1 to 1000"));
  if (unit < 0 || unit >= LK_N_RECURRENCE_UNITS)
    add_error (problems, LK_TASK_FIELD_UNIT,
               _ ("no unit is chosen: choose minutes, hours, days, weeks or months"));
}

static void
check_start (const LkTaskDraft *self, GPtrArray *problems)
{
  const char *date = get_text (self, LK_TASK_FIELD_START_DATE);
  g_autofree char *stripped_date = g_strstrip (g_strdup (date));
  g_autofree char *stripped_time =
      g_strstrip (g_strdup (get_text (self, LK_TASK_FIELD_START_TIME)));
  g_autofree char *start = g_strdup_printf ("%s %s", stripped_date, stripped_time);
  LkRecurrence parsed = { 0 };
  GError *error = NULL;

  /* A date that has more behind it would pass for date and time. */
  if (strlen (stripped_date) > strlen ("2026-01-31")
      || !lk_recurrence_parse_start (&parsed, stripped_date, NULL))
    add_error (problems, LK_TASK_FIELD_START_DATE,
               _ ("the start is not a date: give it as in 2026-01-31"));
  else if (stripped_time[0] == '\0' || !lk_recurrence_parse_start (&parsed, start, NULL))
    add_error (problems, LK_TASK_FIELD_START_TIME,
               _ ("the start is not a time of the day: give it as in 08:00"));

  if (!lk_recurrence_parse_zone (&parsed, get_text (self, LK_TASK_FIELD_ZONE), &error))
    lk_draft_problems_take_error (problems, LK_TASK_FIELD_ZONE, error);
}

static void
check_url (const LkTaskDraft *self, GPtrArray *problems)
{
  g_autofree char *url = g_strstrip (g_strdup (get_text (self, LK_TASK_FIELD_URL)));
  GError *error = NULL;

  if (!lk_webhook_check_url (url, &error))
    lk_draft_problems_take_error (problems, LK_TASK_FIELD_URL, error);
  else if (lk_webhook_is_plain_remote (url))
    lk_draft_problems_add (problems, LK_TASK_FIELD_URL, LK_DRAFT_CONFIRM,
                           _ ("plain http:// to another machine lets everybody on the way read the "
                              "licenses: use https://, or confirm that this is meant"));
}

static void
check_secret (const LkTaskDraft *self, GPtrArray *problems)
{
  const char *secret = get_text (self, LK_TASK_FIELD_SECRET);
  GError *error = NULL;

  if (secret == NULL
      && (self->original->has_secret || !get_number (self, LK_TASK_FIELD_WEBHOOK_ENABLED)))
    return;

  if (!lk_secret_check (secret != NULL ? secret : "", &error))
    lk_draft_problems_take_error (problems, LK_TASK_FIELD_SECRET, error);
}

static void
check_send (const LkTaskDraft *self, GPtrArray *problems)
{
  g_autoptr (LkFiringPolicy) policy = NULL;
  GError *error = NULL;

  policy = lk_firing_policy_parse (get_text (self, LK_TASK_FIELD_SEND), &error);
  if (policy == NULL)
    lk_draft_problems_take_error (problems, LK_TASK_FIELD_SEND, error);
}

static void
check_headers (const LkTaskDraft *self, GPtrArray *problems)
{
  g_auto (GStrv) lines = g_strsplit (get_text (self, LK_TASK_FIELD_HEADERS), "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      GError *error = NULL;

      if (g_strstrip (lines[i])[0] != '\0'
          && !lk_webhook_parse_header (lines[i], NULL, NULL, &error))
        lk_draft_problems_take_error (problems, LK_TASK_FIELD_HEADERS, error);
    }
}

static void
check_path (const LkTaskDraft *self, LkTaskField field, GPtrArray *problems)
{
  g_autofree char *path = g_strstrip (g_strdup (get_text (self, field)));

  if (path[0] != '\0' && !g_path_is_absolute (path))
    add_error (problems, field,
               _ ("the path of the file must be absolute, as in /etc/ssl/receiver.pem, because the "
                  "agent runs in another folder"));
}

/* Numbers that a person types and that the database bounds as well. */
static void
check_ranges (const LkTaskDraft *self, GPtrArray *problems)
{
  const struct
  {
    LkTaskField field;
    gint64 min, max;
    const char *message;
  } ranges[] = {
    { LK_TASK_FIELD_CONCURRENCY, 1, LK_TASK_MAX_CONCURRENCY,
      _ ("the number of requests at once is out of range: give a number from 1 to 64") },
    { LK_TASK_FIELD_RATE_LIMIT, 0, LK_TASK_MAX_RATE,
      _ ("the number of requests a minute is out of range: give a number up to 60000, 0 for no "
         "limit") },
    { LK_TASK_FIELD_CONNECT_TIMEOUT, 1, LK_TASK_MAX_CONNECT_TIMEOUT,
      _ ("the time to connect is out of range: give a number of seconds from 1 to 120") },
    { LK_TASK_FIELD_ANSWER_TIMEOUT, 1, LK_TASK_MAX_ANSWER_TIMEOUT,
      _ ("the time to answer is out of range: give a number of seconds from 1 to 300") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      gint64 number = get_number (self, ranges[i].field);

      if (number < ranges[i].min || number > ranges[i].max)
        add_error (problems, ranges[i].field, ranges[i].message);
    }
}

static void
check_proxy (const LkTaskDraft *self, GPtrArray *problems)
{
  g_autofree char *proxy = g_strstrip (g_strdup (get_text (self, LK_TASK_FIELD_PROXY)));
  GError *error = NULL;

  if (!lk_webhook_check_proxy (proxy, &error))
    lk_draft_problems_take_error (problems, LK_TASK_FIELD_PROXY, error);
}

static void
check_receiver (const LkTaskDraft *self, GPtrArray *problems)
{
  check_url (self, problems);
  check_headers (self, problems);
  check_path (self, LK_TASK_FIELD_CA_FILE, problems);
  check_path (self, LK_TASK_FIELD_CLIENT_CERTIFICATE, problems);
  check_proxy (self, problems);
}

static void
check_name (const LkTaskDraft *self, GPtrArray *problems)
{
  const char *name = get_text (self, LK_TASK_FIELD_NAME);
  GError *error = NULL;

  if (!lk_text_check_free_name (name, (const char *const *) self->taken_names, &error))
    lk_draft_problems_take_error (problems, LK_TASK_FIELD_NAME, error);
}

/*
 * What concerns the receiver is looked at while the webhook is enabled only, so that a person can
 * put it off.
 */
GPtrArray *
lk_task_draft_find_problems (const LkTaskDraft *self)
{
  GPtrArray *problems = lk_draft_problems_new ();

  check_encoding (self, problems);
  if (problems->len > 0)
    return problems;

  check_name (self, problems);
  check_choices (self, problems);
  check_interval (self, problems);
  check_start (self, problems);
  check_secret (self, problems);
  check_send (self, problems);
  check_ranges (self, problems);
  if (get_number (self, LK_TASK_FIELD_WEBHOOK_ENABLED))
    check_receiver (self, problems);
  else if (!get_number (self, LK_TASK_FIELD_ALERT))
    lk_draft_problems_add (problems, LK_TASK_FIELD_WEBHOOK_ENABLED, LK_DRAFT_WARNING,
                           _ ("neither a webhook nor an alert is enabled: matches are counted, but "
                              "nobody is told"));

  return problems;
}
