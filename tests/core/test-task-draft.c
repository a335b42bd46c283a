/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/error.h"
#include "core/task-draft.h"

#define NOW ((LkInstant) 1769844600 * LK_SECOND) /* 2026-01-31 07:30:00 UTC */

static gboolean
can_save (LkTaskDraft *draft)
{
  return lk_draft_problems_check (lk_task_draft_get_problems (draft), NULL);
}

static const char *const taken[] = { "Renewals", NULL };

/* A draft that could be saved as it is. */
static LkTaskDraft *
make_good (void)
{
  LkTaskDraft *draft = lk_task_draft_new_blank (NOW, taken);

  lk_task_draft_set_text (draft, LK_TASK_FIELD_NAME, "Reminders");
  lk_task_draft_set_number (draft, LK_TASK_FIELD_SERVER, 1);
  lk_task_draft_set_number (draft, LK_TASK_FIELD_SEARCH, 2);
  lk_task_draft_set_flag (draft, LK_TASK_FIELD_WEBHOOK_ENABLED, TRUE);
  lk_task_draft_set_text (draft, LK_TASK_FIELD_URL, "https://hooks.example.test/in");
  lk_task_draft_set_text (draft, LK_TASK_FIELD_SECRET, "My Secret");

  return draft;
}

static void
test_blank (void)
{
  g_autoptr (LkTaskDraft) draft = lk_task_draft_new_blank (NOW, taken);

  g_assert_cmpstr (lk_task_draft_get_text (draft, LK_TASK_FIELD_START_DATE), ==, "2026-01-31");
  g_assert_cmpstr (lk_task_draft_get_text (draft, LK_TASK_FIELD_START_TIME), ==, "08:00");
  g_assert_cmpstr (lk_task_draft_get_text (draft, LK_TASK_FIELD_ZONE), ==, "UTC");
  g_assert_null (lk_task_draft_get_text (draft, LK_TASK_FIELD_SECRET));
  g_assert_true (lk_task_draft_get_flag (draft, LK_TASK_FIELD_ENABLED));
  g_assert_false (lk_task_draft_is_dirty (draft));
  g_assert_false (can_save (draft));
}

static void
test_to_task (void)
{
  g_autoptr (LkTaskDraft) draft = make_good ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LkTask) task = NULL;

  lk_task_draft_set_text (draft, LK_TASK_FIELD_NAME, " Reminders ");
  lk_task_draft_set_text (draft, LK_TASK_FIELD_HEADERS, "X-A: 1\n\n X-B: 2 \r\n");
  lk_task_draft_set_text (draft, LK_TASK_FIELD_USER_DATA, " kept as typed ");
  lk_task_draft_set_text (draft, LK_TASK_FIELD_ZONE, "Europe/Berlin");
  g_assert_true (lk_task_draft_set_every (draft, "2 weeks", &error));
  g_assert_true (lk_task_draft_set_start (draft, "2026-03-01T06:15", &error));
  task = lk_task_draft_to_task (draft, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (task->name, ==, "Reminders");
  g_assert_cmpstr (task->user_data, ==, " kept as typed ");
  g_assert_cmpuint (g_strv_length (task->headers), ==, 2);
  g_assert_cmpstr (task->headers[1], ==, "X-B: 2");
  g_assert_cmpint (task->server_id, ==, 1);
  g_assert_cmpint (task->search_id, ==, 2);
  g_assert_cmpint (task->recurrence.every, ==, 2);
  g_assert_cmpint (task->recurrence.unit, ==, LK_UNIT_WEEK);
  g_assert_cmpint (task->recurrence.day, ==, 1);
  g_assert_cmpint (task->recurrence.minute, ==, 15);
  g_assert_cmpstr (task->recurrence.zone, ==, "Europe/Berlin");
  g_assert_true (task->webhook_enabled);
  g_assert_true (task->has_secret);
}

/* Through a draft without an edit a task stays what it was. */
static void
test_round_trip (void)
{
  g_autoptr (LkTaskDraft) first = make_good ();
  g_autoptr (LkTask) task = lk_task_draft_to_task (first, NULL);
  g_autoptr (LkTaskDraft) draft = NULL;
  g_autoptr (LkTask) again = NULL;

  task->id = 9;
  task->version = 3;
  task->next_due_at = LK_DAY;
  draft = lk_task_draft_new (task, taken);
  g_assert_false (lk_task_draft_is_dirty (draft));
  again = lk_task_draft_to_task (draft, NULL);

  g_assert_true (lk_task_equal (task, again));
  g_assert_cmpint (again->id, ==, 9);
  g_assert_cmpint (again->version, ==, 3);
  g_assert_cmpint (again->next_due_at, ==, LK_DAY);
  g_assert_true (lk_task_draft_get_original (draft)->has_secret);
}

static void
test_text_problems (void)
{
  static const struct
  {
    LkTaskField field;
    const char *text;
    LkDraftSeverity severity;
  } cases[] = {
    { LK_TASK_FIELD_NAME, "", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_NAME, "renewals", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_NAME, "\xff", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_START_DATE, "", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_START_DATE, "2026-02-30", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_START_DATE, "2026-01-31 08:00", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_START_TIME, "", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_START_TIME, "8:00", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_START_TIME, "24:00", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_ZONE, "Mars/Base", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_URL, "", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_URL, "ftp://host/", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_URL, "http://host.test/", LK_DRAFT_CONFIRM },
    { LK_TASK_FIELD_SECRET, "", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_SECRET, "  ", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_SECRET, NULL, LK_DRAFT_ERROR },
    { LK_TASK_FIELD_SEND, "sometimes", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_HEADERS, "X-A: 1\nHost: evil", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_CA_FILE, "ca.pem", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_CLIENT_CERTIFICATE, "~/cert.pem", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_PROXY, "proxy.example:8080", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_PROXY, "https://proxy.example:8080", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_PROXY, "http://proxy.example", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_PROXY, "http://me:secret@proxy.example:8080", LK_DRAFT_ERROR },
    { LK_TASK_FIELD_NOTES, "\xc3", LK_DRAFT_ERROR },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LkTaskDraft) draft = make_good ();
      g_autoptr (GError) error = NULL;
      g_autoptr (LkTask) task = NULL;
      g_autofree char *shown = g_strescape (cases[i].text != NULL ? cases[i].text : "", NULL);
      const LkDraftProblem *problem;

      g_assert_true (can_save (draft));
      lk_task_draft_set_text (draft, cases[i].field, cases[i].text);
      g_test_message ("%d: %s", (int) cases[i].field, shown);
      problem = lk_draft_problems_find (lk_task_draft_get_problems (draft), (int) cases[i].field);
      g_assert_nonnull (problem);
      g_assert_cmpint (problem->severity, ==, cases[i].severity);
      g_assert_cmpuint (lk_task_draft_get_problems (draft)->len, ==, 1);

      task = lk_task_draft_to_task (draft, &error);
      if (cases[i].severity == LK_DRAFT_ERROR)
        g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
      else
        g_assert_true (
            task != NULL
            && lk_draft_problems_have (lk_task_draft_get_problems (draft), LK_DRAFT_CONFIRM));
    }
}

static void
test_number_problems (void)
{
  static const struct
  {
    LkTaskField field;
    gint64 number;
    gboolean valid;
  } cases[] = {
    { LK_TASK_FIELD_SERVER, 0, FALSE },
    { LK_TASK_FIELD_SEARCH, 0, FALSE },
    { LK_TASK_FIELD_EVERY, 0, FALSE },
    { LK_TASK_FIELD_EVERY, 1000, TRUE },
    { LK_TASK_FIELD_EVERY, 1001, FALSE },
    { LK_TASK_FIELD_UNIT, 5, FALSE },
    { LK_TASK_FIELD_UNIT, -1, FALSE },
    { LK_TASK_FIELD_RATE_LIMIT, -1, FALSE },
    { LK_TASK_FIELD_RATE_LIMIT, 60000, TRUE },
    { LK_TASK_FIELD_RATE_LIMIT, 60001, FALSE },
    { LK_TASK_FIELD_CONNECT_TIMEOUT, 0, FALSE },
    { LK_TASK_FIELD_CONNECT_TIMEOUT, 120, TRUE },
    { LK_TASK_FIELD_CONNECT_TIMEOUT, 121, FALSE },
    { LK_TASK_FIELD_ANSWER_TIMEOUT, 0, FALSE },
    { LK_TASK_FIELD_ANSWER_TIMEOUT, 300, TRUE },
    { LK_TASK_FIELD_ANSWER_TIMEOUT, 301, FALSE },
    { LK_TASK_FIELD_CONCURRENCY, 0, FALSE },
    { LK_TASK_FIELD_CONCURRENCY, 64, TRUE },
    { LK_TASK_FIELD_CONCURRENCY, 65, FALSE },
    { LK_TASK_FIELD_CONCURRENCY, G_MAXINT64, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LkTaskDraft) draft = make_good ();

      lk_task_draft_set_number (draft, cases[i].field, cases[i].number);
      g_assert_cmpint (can_save (draft), ==, cases[i].valid);
      g_assert_cmpint (
          lk_draft_problems_find (lk_task_draft_get_problems (draft), (int) cases[i].field) == NULL,
          ==, cases[i].valid);
    }
}

static void
test_without_webhook (void)
{
  g_autoptr (LkTaskDraft) draft = make_good ();
  const LkDraftProblem *problem;

  lk_task_draft_set_flag (draft, LK_TASK_FIELD_WEBHOOK_ENABLED, FALSE);
  lk_task_draft_set_text (draft, LK_TASK_FIELD_URL, "");
  lk_task_draft_set_text (draft, LK_TASK_FIELD_SECRET, "");
  g_assert_true (can_save (draft));
  problem =
      lk_draft_problems_find (lk_task_draft_get_problems (draft), LK_TASK_FIELD_WEBHOOK_ENABLED);
  g_assert_cmpint (problem->severity, ==, LK_DRAFT_WARNING);

  lk_task_draft_set_flag (draft, LK_TASK_FIELD_ALERT, TRUE);
  g_assert_cmpuint (lk_task_draft_get_problems (draft)->len, ==, 0);
}

static void
test_stored_secret_is_kept (void)
{
  g_autoptr (LkTaskDraft) first = make_good ();
  g_autoptr (LkTask) task = lk_task_draft_to_task (first, NULL);
  g_autoptr (LkTaskDraft) draft = lk_task_draft_new (task, taken);

  g_assert_null (lk_task_draft_get_text (draft, LK_TASK_FIELD_SECRET));
  g_assert_true (can_save (draft));

  lk_task_draft_set_text (draft, LK_TASK_FIELD_SECRET, "new");
  g_assert_cmpstr (lk_task_draft_get_text (draft, LK_TASK_FIELD_SECRET), ==, "new");
  g_assert_true (lk_task_draft_is_dirty (draft));

  lk_task_draft_set_text (draft, LK_TASK_FIELD_SECRET, "");
  g_assert_false (lk_task_draft_is_dirty (draft));
  g_assert_true (can_save (draft));
}

/* Only beside a new secret is there an old one. */
static void
test_overlap (void)
{
  static const struct
  {
    const char *text;
    LkInstant overlap; /* 0: refused */
  } rows[] = {
    { "3 days", 3 * LK_DAY },
    { "1 week", 7 * LK_DAY },
    { "90 minutes", 90 * LK_MINUTE },
    { "12 hours", 12 * LK_HOUR },
    { "365 days", 365 * LK_DAY },
    { "366 days", 0 },
    { "1 month", 0 },
    { "0 days", 0 },
    { "soon", 0 },
  };
  g_autoptr (LkTaskDraft) first = make_good ();
  g_autoptr (LkTask) task = lk_task_draft_to_task (first, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkTaskDraft) draft = lk_task_draft_new (task, taken);
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (lk_task_draft_set_overlap (draft, rows[i].text, &error), ==,
                       rows[i].overlap > 0);
      g_assert_cmpint (error == NULL, ==, rows[i].overlap > 0);
      g_assert_cmpint (lk_task_draft_get_overlap (draft), ==, 0);
      g_assert_false (lk_task_draft_is_dirty (draft));
      lk_task_draft_set_text (draft, LK_TASK_FIELD_SECRET, "new");
      g_assert_cmpint (lk_task_draft_get_overlap (draft), ==, rows[i].overlap);
    }

  lk_task_draft_set_overlap (first, "3 days", NULL);
  g_assert_cmpint (lk_task_draft_get_overlap (first), ==, 0);
}

static void
test_every_field_makes_dirty (void)
{
  for (int field = 0; field < LK_N_TASK_FIELDS; field++)
    {
      g_autoptr (LkTaskDraft) draft = lk_task_draft_new_blank (NOW, NULL);

      switch (field)
        {
        case LK_TASK_FIELD_ENABLED:
        case LK_TASK_FIELD_WEBHOOK_ENABLED:
        case LK_TASK_FIELD_STANDARD_WEBHOOKS:
        case LK_TASK_FIELD_USE_KEYRING:
        case LK_TASK_FIELD_AT_MOST_ONCE:
        case LK_TASK_FIELD_HOLD_UNUSUAL:
        case LK_TASK_FIELD_ALERT:
          lk_task_draft_set_flag (draft, field, !lk_task_draft_get_flag (draft, field));
          break;
        case LK_TASK_FIELD_SERVER:
        case LK_TASK_FIELD_SEARCH:
        case LK_TASK_FIELD_EVERY:
        case LK_TASK_FIELD_UNIT:
        case LK_TASK_FIELD_CONCURRENCY:
        case LK_TASK_FIELD_RATE_LIMIT:
        case LK_TASK_FIELD_CONNECT_TIMEOUT:
        case LK_TASK_FIELD_ANSWER_TIMEOUT:
          lk_task_draft_set_number (draft, field, lk_task_draft_get_number (draft, field) + 1);
          break;
        case LK_TASK_FIELD_OVERLAP: /* alone it means nothing */
          continue;
        default:
          lk_task_draft_set_text (draft, field, "edited");
          break;
        }
      g_assert_true (lk_task_draft_is_dirty (draft));
    }
}

static void
test_bad_every_and_start_change_nothing (void)
{
  g_autoptr (LkTaskDraft) draft = lk_task_draft_new_blank (NOW, NULL);
  g_autoptr (GError) every_error = NULL;
  g_autoptr (GError) start_error = NULL;

  g_assert_false (lk_task_draft_set_every (draft, "often", &every_error));
  g_assert_error (every_error, LK_ERROR, LK_ERROR_INVALID);
  g_assert_false (lk_task_draft_set_start (draft, "tomorrow", &start_error));
  g_assert_error (start_error, LK_ERROR, LK_ERROR_INVALID);
  g_assert_false (lk_task_draft_is_dirty (draft));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("TZ", "UTC", TRUE);

  g_test_add_func ("/task-draft/blank", test_blank);
  g_test_add_func ("/task-draft/to-task", test_to_task);
  g_test_add_func ("/task-draft/round-trip", test_round_trip);
  g_test_add_func ("/task-draft/text-problems", test_text_problems);
  g_test_add_func ("/task-draft/number-problems", test_number_problems);
  g_test_add_func ("/task-draft/without-webhook", test_without_webhook);
  g_test_add_func ("/task-draft/stored-secret-is-kept", test_stored_secret_is_kept);
  g_test_add_func ("/task-draft/overlap", test_overlap);
  g_test_add_func ("/task-draft/every-field-makes-dirty", test_every_field_makes_dirty);
  g_test_add_func ("/task-draft/bad-every-and-start-change-nothing",
                   test_bad_every_and_start_change_nothing);

  return g_test_run ();
}
