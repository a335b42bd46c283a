/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Why a license was not sent, and when it will be: the same as the preview of all licenses says,
 * and as runs then do. */

#include "config.h"

#include <string.h>

#include "core/error.h"
#include "world.h"

static gpointer
load_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_task_store_get (db, *(const gint64 *) data, error);
}

static LkTask *
load_task (World *world, gint64 id)
{
  g_autoptr (GError) error = NULL;
  LkTask *task =
      lk_db_pool_read_sync (lk_workspace_get_pool (world->workspace), load_job, &id, NULL, &error);

  g_assert_no_error (error);

  return task;
}

static LkTask *
add_task (World *world, const char *send)
{
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");

  g_free (task->send);
  task->send = g_strdup (send);

  return load_task (world, world_add_task (world, task, WORLD_SECRET));
}

static LkLicenseOutlook *
try_look (World *world, const LkTask *task, gint64 license_id, GError **error)
{
  LkPreviewOptions options = { lk_clock_now (world->clock), 30, license_id, FALSE };
  g_autoptr (GAsyncResult) result = NULL;

  lk_context_look_up_license_async (world->context, task, &options, NULL, test_result_cb, &result);
  test_wait (&result);

  return lk_context_look_up_license_finish (world->context, result, error);
}

static LkLicenseOutlook *
look (World *world, const LkTask *task, gint64 license_id)
{
  g_autoptr (GError) error = NULL;
  LkLicenseOutlook *outlook = try_look (world, task, license_id, &error);

  g_assert_no_error (error);

  return outlook;
}

static void
open_context (World *world)
{
  world->context = lk_context_new (world->workspace, world->clock, LK_HOLDER_CONSOLE);
}

/* Lets a run of this moment come to its end. */
static void
run_now (World *world, const LkTask *task)
{
  g_autoptr (LkRun) run = NULL;

  world_start (world, LK_HOLDER_AGENT);
  run = world_run_task (world, task->id);
  g_assert_cmpint (run->state, ==, LK_RUN_FINISHED);
  test_until (lk_context_is_idle (world->context, TRUE), 10);
  world_stop (world);
}

static gboolean
says (const LkLicenseOutlook *outlook, const char *part)
{
  g_autoptr (GPtrArray) sentences = lk_license_outlook_explain (outlook);

  for (guint i = 0; i < sentences->len; i++)
    {
      const char *sentence = g_ptr_array_index (sentences, i);

      if (strstr (sentence, part) != NULL)
        return TRUE;
      g_test_message ("%s", sentence);
    }

  return FALSE;
}

/* Before the first run, after it, and when the license has left the search. */
static void
test_once (void)
{
  g_autoptr (World) world = world_new (3);
  g_autoptr (LkTask) task = add_task (world, "once");
  g_autoptr (LkLicenseOutlook) before = NULL;
  g_autoptr (LkLicenseOutlook) after = NULL;
  g_autoptr (LkLicenseOutlook) gone = NULL;

  open_context (world);
  before = look (world, task, 2);
  world_stop (world);
  g_assert_cmpint (before->answer, ==, LK_OUTLOOK_WOULD_SEND);
  g_assert_cmpstr (before->license_key, ==, "KEY-2");
  g_assert_cmpint (before->ledger.fired_at, ==, 0);
  g_assert_null (before->delivery);
  g_assert_cmpint (before->next_at, ==, WORLD_START + LK_DAY);
  g_assert_true (
      says (before, "It would be sent if the task ran now: matches for the first time."));
  g_assert_true (says (before, "The task has not run yet."));
  g_assert_true (says (before, "at the run of 2026-03-02 12:00"));

  run_now (world, task);
  open_context (world);
  after = look (world, task, 2);
  g_assert_cmpint (after->answer, ==, LK_OUTLOOK_NOT_AGAIN);
  g_assert_cmpint (after->ledger.fired_at, ==, WORLD_START);
  g_assert_cmpint (after->delivery->state, ==, LK_DELIVERY_DELIVERED);
  g_assert_cmpint (after->delivery->license_id, ==, 2);
  g_assert_cmpint (after->next_at, ==, 0);
  g_assert_true (says (after, "is not sent now: sent on 2026-03-01 12:00 and still the same match. "
                              "It is sent again after a complete run in which it does not match."));
  g_assert_true (says (after, "it arrived on 2026-03-01 12:00."));
  g_assert_true (says (after, "At no run of the next 30 days would it be sent."));

  world_execute (world, "UPDATE ledger SET matching = 0");
  world_set_search (world, "LicenseID <> 2");
  gone = look (world, task, 2);
  g_assert_cmpint (gone->answer, ==, LK_OUTLOOK_NO_MATCH);
  g_assert_cmpuint (gone->unmet->len, ==, 0);
  g_assert_true (says (gone, "does not match the search “All” now."));
  g_assert_true (says (gone, "counts as sent on 2026-03-01 12:00, and as gone since"));
  world_stop (world);
}

/* Which part of a search does not hold, told only where AND joins the parts. */
static void
test_unmet (void)
{
  static const struct
  {
    const char *sql;
    const char *unmet; /* with "|" in between */
  } rows[] = {
    { "LicenseID > 0 And (ActivationKey = 'KEY-1')", "(ActivationKey = 'KEY-1')" },
    { "LicenseID > 9 And ActivationKey = 'KEY-2' And Email = [date]|", NULL },
    { "LicenseID > 9 And ActivationKey = 'KEY-2' And ExpiryDate < [today_start]",
      "LicenseID > 9|ExpiryDate < [today_start]" },
    { "Country = 'AT' And Country <> 'AT'", "Country = 'AT'|Country <> 'AT'" },
    { "LicenseID > 9 Or ActivationKey = 'KEY-1'", "" },
  };
  g_autoptr (World) world = world_new (3);
  g_autoptr (LkTask) task = add_task (world, "once");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkLicenseOutlook) outlook = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *unmet = NULL;

      world_set_search (world, rows[i].sql);
      open_context (world);
      outlook = try_look (world, task, 2, &error);
      world_stop (world);
      if (rows[i].unmet == NULL)
        {
          g_assert_error (error, LK_ERROR, LK_ERROR_CLAUSE);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpint (outlook->answer, ==, LK_OUTLOOK_NO_MATCH);
      g_ptr_array_add (outlook->unmet, NULL);
      unmet = g_strjoinv ("|", (char **) outlook->unmet->pdata);
      g_assert_cmpstr (unmet, ==, rows[i].unmet);
    }
}

/* One license of each value: another one is sent, and what it did counts for this one, too. */
static void
test_distinct (void)
{
  g_autoptr (World) world = world_new (3);
  g_autoptr (LkTask) task = add_task (world, "once");
  g_autoptr (LkLicenseOutlook) outlook = NULL;
  g_autoptr (LkLicenseOutlook) sent = NULL;
  g_autoptr (LkLicenseOutlook) gone = NULL;

  world_execute (world, "UPDATE search SET distinct_field = 'ReceiptID'");
  open_context (world);
  outlook = look (world, task, 3);
  world_stop (world);
  g_assert_cmpint (outlook->answer, ==, LK_OUTLOOK_STOOD_FOR);
  g_assert_cmpstr (outlook->other_key, ==, "KEY-2");
  g_assert_cmpstr (outlook->next_key, ==, "KEY-2");
  g_assert_true (says (outlook, "one license of each ReceiptID is sent, and “KEY-2” stands"));
  g_assert_true (says (outlook, "“KEY-2”, which has the same ReceiptID, would be sent"));

  run_now (world, task);
  open_context (world);
  sent = look (world, task, 3);
  g_assert_cmpint (sent->answer, ==, LK_OUTLOOK_STOOD_FOR);
  g_assert_false (sent->fires);
  g_assert_cmpint (sent->ledger.fired_at, ==, WORLD_START);
  g_assert_cmpint (sent->delivery->license_id, ==, 2);
  world_set_search (world, "LicenseID <> 3");
  gone = look (world, task, 3);
  g_assert_cmpint (gone->answer, ==, LK_OUTLOOK_NO_MATCH);
  g_assert_cmpstr (gone->other_key, ==, "KEY-2");
  world_stop (world);
}

/* What stands in the way of the whole task. */
static void
test_obstacles (void)
{
  static const struct
  {
    const char *statement;
    const char *says;
  } rows[] = {
    { "UPDATE task SET enabled = 0, next_due_at = 0", "The task is not enabled" },
    { "UPDATE task SET webhook_enabled = 0", "The webhook of the task is off" },
    { "UPDATE task SET next_due_at = next_due_at - 172800000000",
      "The task is overdue: it should have run on 2026-02-28 12:00." },
    { "UPDATE delivery SET state = 'held', due_at = 0, finished_at = 0, hold_kind = 'look',"
      " hold_reason = 'the first run'",
      "it is held: the first run." },
    { "INSERT OR REPLACE INTO endpoint (url, state, reason, since)"
      " SELECT url, 'paused', 'nothing arrives', 1 FROM task",
      "The receiver is on hold: nothing arrives." },
    { "UPDATE run SET state = 'failed', error = 'the disk is full'",
      "The last run of the task failed: the disk is full." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (World) world = world_new (1);
      g_autoptr (LkTask) task = add_task (world, "once");
      g_autoptr (LkTask) changed = NULL;
      g_autoptr (LkLicenseOutlook) outlook = NULL;

      run_now (world, task);
      world_execute (world, rows[i].statement);
      changed = load_task (world, task->id);
      open_context (world);
      outlook = look (world, changed, 1);
      world_stop (world);
      g_assert_true (says (outlook, rows[i].says));
    }
}

static gint64
change (World *world, const LkTask *task, LkLedgerChange what, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  lk_context_change_ledger_async (world->context, task, 2, what, NULL, test_result_cb, &result);
  test_wait (&result);

  return lk_context_change_ledger_finish (world->context, result, error);
}

/* Forget and Mark as Sent, each told of afterwards. */
static void
test_change_ledger (void)
{
  g_autoptr (World) world = world_new (3);
  g_autoptr (LkTask) task = add_task (world, "once");
  g_autoptr (LkLicenseOutlook) marked = NULL;
  g_autoptr (LkLicenseOutlook) forgotten = NULL;
  g_autoptr (GError) error = NULL;

  open_context (world);
  g_assert_cmpint (change (world, task, LK_LEDGER_FORGET, &error), ==, 0);
  g_assert_cmpint (change (world, task, LK_LEDGER_MARK_SENT, &error), ==, 1);
  g_assert_no_error (error);
  g_assert_cmpint (world_query (world, "SELECT count(*) FROM ledger"), ==, 1);
  marked = look (world, task, 2);
  g_assert_cmpint (marked->answer, ==, LK_OUTLOOK_NOT_AGAIN);
  g_assert_null (marked->delivery);
  g_assert_cmpint (change (world, task, LK_LEDGER_FORGET, &error), ==, 1);
  g_assert_no_error (error);
  forgotten = look (world, task, 2);
  g_assert_cmpint (forgotten->answer, ==, LK_OUTLOOK_WOULD_SEND);

  world_execute (world, "UPDATE task SET version = version + 1");
  g_assert_cmpint (change (world, task, LK_LEDGER_MARK_SENT, &error), ==, -1);
  g_assert_error (error, LK_ERROR, LK_ERROR_CONFLICT);
  world_stop (world);
}

static void
test_gone (void)
{
  g_autoptr (World) world = world_new (1);
  g_autoptr (LkTask) task = add_task (world, "once");
  g_autoptr (GError) error = NULL;

  open_context (world);
  g_assert_null (try_look (world, task, 77, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
  world_stop (world);
}

/* The first run of the preview of all licenses that sends this one; 0 for none. */
static LkInstant
find_in_preview (const LkPreview *preview, gint64 license_id)
{
  for (guint i = 0; i < preview->rows->len; i++)
    {
      const LkPreviewRow *row = g_ptr_array_index (preview->rows, i);
      const LkPreviewRun *run = lk_preview_get_run (preview, row);

      if (row->license_id == license_id && run->when != LK_PREVIEW_NOW)
        return run->due_at;
    }

  return 0;
}

static LkPreview *
preview (World *world, const LkTask *task)
{
  LkPreviewOptions options = { lk_clock_now (world->clock), 30, 0, FALSE };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  LkPreview *all;

  lk_context_preview_async (world->context, task, &options, NULL, test_result_cb, &result);
  test_wait (&result);
  all = lk_context_preview_finish (world->context, result, &error);
  g_assert_no_error (error);

  return all;
}

/* Looked at alone, each license fares as it does among all of them. */
static void
test_as_the_preview (gconstpointer send)
{
  g_autoptr (World) world = world_new (5);
  g_autoptr (LkTask) task = add_task (world, send);

  world_set_search (world, "SubscriptionExpiryDate > [today_start-40] And LicenseID <> 4");
  for (int round = 0; round < 2; round++)
    {
      g_autoptr (LkPreview) all = NULL;

      open_context (world);
      all = preview (world, task);
      for (gint64 id = 1; id <= 5; id++)
        {
          g_autoptr (LkLicenseOutlook) outlook = look (world, task, id);

          g_assert_cmpint (outlook->next_at, ==, find_in_preview (all, id));
        }
      world_stop (world);
      run_now (world, task);
    }
}

int
main (int argc, char *argv[])
{
  static const char *const sends[] = {
    "every-run",
    "once",
    "on-change:Email,OrderDate",
    "every:7-days",
    "milestones:SubscriptionExpiryDate:-3,0,5",
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/license-outlook/once", test_once);
  g_test_add_func ("/license-outlook/unmet", test_unmet);
  g_test_add_func ("/license-outlook/distinct", test_distinct);
  g_test_add_func ("/license-outlook/obstacles", test_obstacles);
  g_test_add_func ("/license-outlook/change-ledger", test_change_ledger);
  g_test_add_func ("/license-outlook/gone", test_gone);
  for (gsize i = 0; i < G_N_ELEMENTS (sends); i++)
    {
      g_autofree char *path = g_strconcat ("/license-outlook/as-the-preview/", sends[i], NULL);

      g_test_add_data_func (path, sends[i], test_as_the_preview);
    }

  return g_test_run ();
}
