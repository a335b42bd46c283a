/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a preview says, and that it comes true: the runs it foretold are then really run. */

#include "config.h"

#include <string.h>

#include "core/error.h"
#include "world.h"

#define WINDOW "SubscriptionExpiryDate > [today_start] And SubscriptionExpiryDate < [today_start+2]"

static LkTask *
add_task (World *world, const char *send)
{
  LkTask *task = world_make_task (world, "Renewals");

  g_free (task->send);
  task->send = g_strdup (send);
  task->id = world_add_task (world, task, WORLD_SECRET);

  return task;
}

static LkPreview *
try_preview (World *world, const LkTask *task, int days, gint64 license_id, GError **error)
{
  LkPreviewOptions options = { lk_clock_now (world->clock), days, license_id };
  g_autoptr (GAsyncResult) result = NULL;

  lk_context_preview_async (world->context, task, &options, NULL, test_result_cb, &result);
  test_wait (&result);

  return lk_context_preview_finish (world->context, result, error);
}

static LkPreview *
preview (World *world, const LkTask *task, int days)
{
  g_autoptr (GError) error = NULL;
  LkPreview *result = try_preview (world, task, days, 0, &error);

  g_assert_no_error (error);

  return result;
}

/* An engine that does not run the schedule: it can be asked all the same. */
static void
open_context (World *world)
{
  world->context = lk_context_new (world->workspace, world->clock, LK_HOLDER_CONSOLE);
}

static void
close_context (World *world)
{
  world_stop (world);
}

static const LkPreviewRun *
get_run (const LkPreview *result, guint i)
{
  g_assert_cmpuint (i, <, result->runs->len);

  return &g_array_index (result->runs, LkPreviewRun, i);
}

static void
assert_run (const LkPreview *result, guint i, LkPreviewWhen when, LkInstant after_start,
            gint64 matched, gint64 fired)
{
  const LkPreviewRun *run = get_run (result, i);

  g_assert_cmpint (run->when, ==, when);
  g_assert_cmpint (run->due_at - WORLD_START, ==, after_start);
  g_assert_cmpint (run->matched, ==, matched);
  g_assert_cmpint (run->fired, ==, fired);
}

static void
test_once (void)
{
  g_autoptr (World) world = world_new (10);
  g_autoptr (LkTask) task = add_task (world, "once");
  g_autoptr (LkPreview) result = NULL;
  const LkPreviewRow *row;

  open_context (world);
  result = preview (world, task, 3);
  g_assert_cmpuint (result->runs->len, ==, 4);
  assert_run (result, 0, LK_PREVIEW_NOW, 0, 10, 10);
  assert_run (result, 1, LK_PREVIEW_NEXT, LK_DAY, 10, 10);
  assert_run (result, 2, LK_PREVIEW_LATER, 2 * LK_DAY, 10, 0);
  g_assert_cmpuint (result->rows->len, ==, 20);
  g_assert_false (result->is_cut);
  row = g_ptr_array_index (result->rows, 19);
  g_assert_cmpstr (row->license_key, ==, "KEY-10");
  g_assert_cmpint (lk_preview_get_run (result, row)->when, ==, LK_PREVIEW_NEXT);
  g_assert_cmpstr (row->rule, ==, "matches for the first time");
  g_assert_cmpint (world_query (world, "SELECT (SELECT count(*) FROM ledger)"
                                       " + (SELECT count(*) FROM run)"
                                       " + (SELECT count(*) FROM delivery)"),
                   ==, 0);
  close_context (world);
}

/* The present and the next run are looked at in any case; nothing else is for zero days. */
static void
test_days (void)
{
  g_autoptr (World) world = world_new (2);
  g_autoptr (LkTask) task = add_task (world, "every-run");
  g_autoptr (LkPreview) now = NULL;
  g_autoptr (LkPreview) next = NULL;

  open_context (world);
  now = preview (world, task, 0);
  g_assert_cmpuint (now->runs->len, ==, 1);
  lk_recurrence_parse (&task->recurrence, "6 months", "2026-03-02 12:00", "UTC", NULL);
  next = preview (world, task, 1);
  g_assert_cmpuint (next->runs->len, ==, 2);
  close_context (world);
}

/* A search with a window: each run is looked at with its own macros. */
static void
test_window (void)
{
  g_autoptr (World) world = world_new (5);
  g_autoptr (LkTask) task = add_task (world, "once");
  g_autoptr (LkPreview) result = NULL;

  open_context (world);
  world_set_search (world, WINDOW);
  result = preview (world, task, 6);
  assert_run (result, 0, LK_PREVIEW_NOW, 0, 0, 0);
  assert_run (result, 1, LK_PREVIEW_NEXT, LK_DAY, 0, 0);
  assert_run (result, 2, LK_PREVIEW_LATER, 2 * LK_DAY, 5, 5);
  assert_run (result, 3, LK_PREVIEW_LATER, 3 * LK_DAY, 5, 0);
  assert_run (result, 4, LK_PREVIEW_LATER, 4 * LK_DAY, 0, 0);
  close_context (world);
}

/* For one license it also says why it does not fire. */
static void
test_one_license (void)
{
  g_autoptr (World) world = world_new (5);
  g_autoptr (LkTask) task = add_task (world, "milestones:ExpiryDate:-3,0");
  g_autoptr (LkPreview) result = NULL;
  g_autoptr (GError) error = NULL;
  static const struct
  {
    gboolean fires;
    const char *rule;
  } rows[] = {
    { FALSE, "no milestone before 2026-03-05 is reached yet" },
    { TRUE, "milestone: 3 days before 2026-03-05" },
    { FALSE, "milestone was sent: 3 days before 2026-03-05" },
    { FALSE, "milestone was sent: 3 days before 2026-03-05" },
    { TRUE, "milestone: on the day, 2026-03-05" },
  };

  open_context (world);
  result = try_preview (world, task, 4, 3, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result->rows->len, ==, G_N_ELEMENTS (rows));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const LkPreviewRow *row = g_ptr_array_index (result->rows, i);

      g_assert_cmpstr (row->license_key, ==, "KEY-3");
      g_assert_cmpint (row->fires, ==, rows[i].fires);
      g_assert_cmpstr (row->rule, ==, rows[i].rule);
    }
  close_context (world);
}

/* More than are listed: counted all the same, and those of the next run have a place of their own.
 */
static void
test_left_out (void)
{
  g_autoptr (World) world = world_new (LK_PREVIEW_MAX_ROWS + 5);
  g_autoptr (LkTask) task = add_task (world, "once");
  g_autoptr (LkPreview) result = NULL;

  open_context (world);
  result = preview (world, task, 1);
  assert_run (result, 1, LK_PREVIEW_NEXT, LK_DAY, LK_PREVIEW_MAX_ROWS + 5, LK_PREVIEW_MAX_ROWS + 5);
  g_assert_cmpuint (result->rows->len, ==, 2 * LK_PREVIEW_MAX_ROWS);
  g_assert_cmpint (result->n_left_out, ==, 10);
  close_context (world);
}

/* A task that runs each minute: the preview ends, and says that it is cut. */
static void
test_cut (void)
{
  g_autoptr (World) world = world_new (3);
  g_autoptr (LkTask) task = add_task (world, "once");
  g_autoptr (LkPreview) result = NULL;

  open_context (world);
  lk_recurrence_parse (&task->recurrence, "1 minute", "2026-03-01 12:00", "UTC", NULL);
  result = preview (world, task, 2);
  g_assert_true (result->is_cut);
  g_assert_cmpuint (result->runs->len, ==, LK_PREVIEW_MAX_RUNS);
  close_context (world);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *statement;
    const char *part;
  } rows[] = {
    { "UPDATE search SET sql_text = 'LicenseIDD > 0'", "LicenseIDD" },
    { "UPDATE server SET uri = 'sqlite:/nowhere/licenses.db'", "/nowhere/licenses.db" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (World) world = world_new (1);
      g_autoptr (LkTask) task = add_task (world, "once");
      g_autoptr (GError) error = NULL;

      world_execute (world, rows[i].statement);
      open_context (world);
      g_assert_null (try_preview (world, task, 1, 0, &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, rows[i].part));
      close_context (world);
    }
}

static void
test_cancelled (void)
{
  g_autoptr (World) world = world_new (3);
  g_autoptr (LkTask) task = add_task (world, "once");
  LkPreviewOptions options = { WORLD_START, 366, 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  open_context (world);
  lk_context_preview_async (world->context, task, &options, cancellable, test_result_cb, &result);
  g_cancellable_cancel (cancellable);
  test_wait (&result);
  g_assert_null (lk_context_preview_finish (world->context, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result); /* it holds the context */
  close_context (world);
}

/* Runs the task at noon of each of the days that the preview is about. */
static void
live (World *world, int days)
{
  world_start (world, LK_HOLDER_AGENT);
  test_until (lk_context_is_idle (world->context, TRUE), 5);
  for (int i = 1; i <= days; i++)
    {
      guint n_finished = world->n_finished;

      world_advance (world, LK_DAY);
      test_until (world->n_finished == n_finished + 1, 10);
      test_until (lk_context_is_idle (world->context, TRUE), 10);
    }
  world_stop (world);
}

static void
assert_comes_true (World *world, const LkPreview *foretold)
{
  for (guint i = 1; i < foretold->runs->len; i++)
    {
      const LkPreviewRun *run = get_run (foretold, i);
      g_autofree char *matched =
          g_strdup_printf ("SELECT matched FROM run WHERE due_at = %" G_GINT64_FORMAT, run->due_at);
      g_autofree char *fired =
          g_strdup_printf ("SELECT fired FROM run WHERE due_at = %" G_GINT64_FORMAT, run->due_at);

      g_assert_cmpint (world_query (world, matched), ==, run->matched);
      g_assert_cmpint (world_query (world, fired), ==, run->fired);
    }
}

/* Twice: at first nothing was sent, and then the ledger knows the licenses. */
static void
test_comes_true (gconstpointer send)
{
  g_autoptr (World) world = world_new (6);
  g_autoptr (LkTask) task = add_task (world, send);

  world_execute (world, "UPDATE search SET distinct_field = 'ReceiptID'");
  if (g_str_equal (send, "once"))
    world_set_search (world, WINDOW);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (LkPreview) foretold = NULL;

      open_context (world);
      foretold = preview (world, task, 3);
      g_assert_cmpint (get_run (foretold, 0)->known, ==,
                       world_query (world, "SELECT count(*) FROM ledger WHERE matching = 1"));
      close_context (world);
      g_assert_cmpuint (foretold->runs->len, ==, 4);
      live (world, 3);
      assert_comes_true (world, foretold);
    }
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(char *const *) a, *(char *const *) b);
}

static char *
sort_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (gsize i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0' && strstr (lines[i], "webhook-id:") == NULL
        && strstr (lines[i], "webhook-signature:") == NULL)
      g_ptr_array_add (kept, lines[i]);
  g_ptr_array_sort (kept, compare_lines);
  g_ptr_array_add (kept, NULL);

  return g_strjoinv ("\n", (char **) kept->pdata);
}

static LkPreviewRequest *
make_request (World *world, const LkTask *task, gint64 license_id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lk_context_preview_request_async (world->context, task, NULL, license_id, WORLD_START, NULL,
                                    test_result_cb, &result);
  test_wait (&result);

  return lk_context_preview_request_finish (world->context, result, error);
}

/* What a run then sends is what was shown, but for the id, which is drawn for each delivery. */
static void
test_request (void)
{
  g_autoptr (World) world = world_new (1);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");
  g_autoptr (LkPreviewRequest) request = NULL;
  g_autoptr (LkRun) run = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *arrived = NULL;
  const LkReceived *received;

  g_strfreev (task->headers);
  task->headers = g_strdupv ((char *[]){ (char *) "X-Tenant: 7", NULL });
  task->id = world_add_task (world, task, WORLD_SECRET);
  world_start (world, LK_HOLDER_AGENT);
  request = make_request (world, task, 1, &error);
  g_assert_no_error (error);
  run = world_run_task (world, task->id);
  g_assert_cmpuint (world->received->len, ==, 1);
  received = g_ptr_array_index (world->received, 0);
  g_assert_true (g_bytes_equal (request->body, received->body));
  g_assert_cmpstr (request->url, ==, task->url);
  shown = sort_lines (request->headers);
  arrived = sort_lines (received->headers);
  g_assert_cmpstr (shown, ==, arrived);
}

static void
test_request_refused (void)
{
  g_autoptr (World) world = world_new (1);
  g_autoptr (LkTask) task = add_task (world, "once");
  g_autoptr (LkTask) blank = world_make_task (world, "No secret");
  g_autoptr (GError) gone = NULL;
  g_autoptr (GError) no_secret = NULL;
  g_autoptr (GError) no_address = NULL;

  open_context (world);
  g_assert_null (make_request (world, task, 77, &gone));
  g_assert_error (gone, LK_ERROR, LK_ERROR_NOT_FOUND);
  g_assert_null (make_request (world, blank, 1, &no_secret));
  g_assert_error (no_secret, LK_ERROR, LK_ERROR_INVALID);
  g_free (task->url);
  task->url = g_strdup ("");
  g_assert_null (make_request (world, task, 1, &no_address));
  g_assert_error (no_address, LK_ERROR, LK_ERROR_INVALID);
  close_context (world);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/task-preview/once", test_once);
  g_test_add_func ("/task-preview/days", test_days);
  g_test_add_func ("/task-preview/window", test_window);
  g_test_add_func ("/task-preview/one-license", test_one_license);
  g_test_add_func ("/task-preview/left-out", test_left_out);
  g_test_add_func ("/task-preview/cut", test_cut);
  g_test_add_func ("/task-preview/refused", test_refused);
  g_test_add_func ("/task-preview/cancelled", test_cancelled);
  g_test_add_data_func ("/task-preview/comes-true/every-run", "every-run", test_comes_true);
  g_test_add_data_func ("/task-preview/comes-true/once", "once", test_comes_true);
  g_test_add_data_func ("/task-preview/comes-true/on-change", "on-change:Email", test_comes_true);
  g_test_add_data_func ("/task-preview/comes-true/every-n-days", "every:2-days", test_comes_true);
  g_test_add_data_func ("/task-preview/comes-true/milestones", "milestones:ExpiryDate:-3,-2,0,1",
                        test_comes_true);
  g_test_add_func ("/task-preview/request", test_request);
  g_test_add_func ("/task-preview/request-refused", test_request_refused);

  return g_test_run ();
}
