/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Why a license was not sent, through the widgets that say so: what is next for a license, the
 * question on the Runs tab, and Forget and Mark as Sent there and in the Preview. */

#include "config.h"

#include <string.h>

#include "store/task-store.h"
#include "tests/ui/dialog-world.h"
#include "ui/license-window.h"
#include "ui/runs-page.h"
#include "ui/task-dialog.h"
#include "ui/task-preview-window.h"

#define SAMPLE "Upcoming Renewals"

/* Of the sample task. */
typedef struct
{
  DialogWorld *world;
  LkTask *task;
  LkLicense *match; /* a license that it would send */
  LkLicense *other; /* one that it does not find */
} Sample;

static gpointer
find_job (LkDb *db, gpointer name, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) tasks = lk_task_store_list (db, error);

  return tasks != NULL && tasks->len > 0 ? lk_task_copy (g_ptr_array_index (tasks, 0)) : NULL;
}

static LkPreview *
make_preview (Sample *self)
{
  LkPreviewOptions options = { .now = lk_clock_now (lk_context_get_clock (self->world->context)) };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  LkPreview *preview;

  lk_context_preview_async (self->world->context, self->task, &options, NULL, test_result_cb,
                            &result);
  test_wait (&result);
  preview = lk_context_preview_finish (self->world->context, result, &error);
  g_assert_no_error (error);

  return preview;
}

static LkLicense *
load_license (Sample *self, gint64 id)
{
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (LkLicenseServer) server = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  lk_context_open_server_async (self->world->context, self->task->server_id, NULL, test_result_cb,
                                &opened);
  test_wait (&opened);
  server = lk_context_open_server_finish (self->world->context, opened, NULL);
  lk_license_server_get_rows_async (server, &id, 1, NULL, test_result_cb, &result);
  test_wait (&result);
  rows = lk_license_server_get_rows_finish (server, result, NULL);
  g_assert_cmpuint (rows->len, ==, 1);

  return lk_license_ref (g_ptr_array_index (rows, 0));
}

static gboolean
is_sent (const LkPreview *preview, gint64 id)
{
  for (guint i = 0; i < preview->rows->len; i++)
    if (((const LkPreviewRow *) g_ptr_array_index (preview->rows, i))->license_id == id)
      return TRUE;

  return FALSE;
}

static void
sample_init (Sample *self)
{
  g_autoptr (LkPreview) preview = NULL;
  gint64 other = 1;

  self->world = dialog_world_new (0);
  self->task = dialog_world_read (self->world, find_job, NULL);
  preview = make_preview (self);
  g_assert_cmpuint (preview->rows->len, >, 0);
  self->match =
      load_license (self, ((LkPreviewRow *) g_ptr_array_index (preview->rows, 0))->license_id);
  while (is_sent (preview, other))
    other++;
  self->other = load_license (self, other);
}

static void
sample_clear (Sample *self)
{
  lk_license_unref (self->match);
  lk_license_unref (self->other);
  lk_task_free (self->task);
  dialog_world_free (self->world);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sample, sample_clear)

static gboolean
starts_with (gpointer root, const char *id, const char *text)
{
  return g_str_has_prefix (dialog_get_label (root, id), text);
}

static gboolean
contains (gpointer root, const char *id, const char *part)
{
  return strstr (dialog_get_label (root, id), part) != NULL;
}

/* Clicks a button that opens a question, agrees, and waits for what is said then. */
static void
change (GtkWidget *root, const char *button, const char *headline)
{
  dialog_click (root, button);
  test_until (dialog_is_asking (), 30);
  dialog_answer (1);
  test_until (starts_with (root, "headline", headline), 30);
}

static void
test_window (void)
{
  g_auto (Sample) sample = { 0 };
  GtkWidget *window;

  sample_init (&sample);
  window = lk_license_window_new (NULL, sample.world->context);
  lk_license_window_show (LK_LICENSE_WINDOW (window), sample.task->server_id, sample.match);
  gtk_window_present (GTK_WINDOW (window));
  test_until (dialog_find_label (window, "would be sent if the task ran now") != NULL, 30);
  g_assert_nonnull (dialog_find_label (window, sample.task->name));
  g_assert_nonnull (
      dialog_find_label (window, lk_license_get_named (sample.match, "ActivationKey")));
  g_assert_true (contains (window, "details", "Next it would be sent at the run of "));
  g_assert_false (gtk_widget_is_sensitive (dialog_find (window, "forget")));
  dialog_assert_mnemonics (window);
  dialog_take_picture (window, "license-window");

  change (window, "mark_sent", "It matches, but is not sent now: sent on ");
  g_assert_true (contains (window, "details", "At no run of the next 30 days"));
  dialog_take_picture (window, "license-window-sent");
  change (window, "forget", "It would be sent if the task ran now");

  lk_license_window_show (LK_LICENSE_WINDOW (window), sample.task->server_id, sample.other);
  test_until (dialog_find_label (window, "It does not match the search") != NULL, 30);
  g_assert_true (contains (window, "headline", "This part of the search does not hold: "));
  lk_license_window_show (LK_LICENSE_WINDOW (window), sample.task->server_id + 1, sample.other);
  test_until (dialog_find_label (window, "No scheduled task searches its License Server.") != NULL,
              30);
  gtk_window_destroy (GTK_WINDOW (window));
}

static gpointer
execute_job (LkDb *db, gpointer sql, GCancellable *cancellable, GError **error)
{
  lk_db_execute (db, sql, error);

  return NULL;
}

/* What changes while it looks is looked at when that is done. */
static void
test_window_follows (void)
{
  g_auto (Sample) sample = { 0 };
  g_autofree char *mark = NULL;
  GtkWidget *window;
  gint64 until;

  sample_init (&sample);
  mark = g_strdup_printf ("INSERT INTO ledger (task_id, group_key, fired_at, seen_run_id, matching,"
                          " memory) SELECT id, '%" G_GINT64_FORMAT "', 1, 0, 1, '' FROM task",
                          lk_license_get_id (sample.match));
  window = lk_license_window_new (NULL, sample.world->context);
  lk_license_window_show (LK_LICENSE_WINDOW (window), sample.task->server_id, sample.match);
  gtk_window_present (GTK_WINDOW (window));
  test_until (dialog_find_label (window, "would be sent if the task ran now") != NULL, 30);

  /* To look at the runs of 30 days takes a while now. */
  dialog_world_write (sample.world, execute_job,
                      "UPDATE task SET repeat_every = 1, repeat_unit = 'minute'");
  until = g_get_monotonic_time () + G_TIME_SPAN_SECOND / 10;
  while (g_get_monotonic_time () < until)
    test_iterate ();
  dialog_world_write (sample.world, execute_job, mark);
  test_until (starts_with (window, "headline", "It matches, but is not sent now"), 30);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* It may go while it looks, and while it asks. */
static void
test_window_goes (void)
{
  g_auto (Sample) sample = { 0 };

  sample_init (&sample);
  for (int i = 0; i < 2; i++)
    {
      GtkWidget *window = lk_license_window_new (NULL, sample.world->context);

      g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
      lk_license_window_show (LK_LICENSE_WINDOW (window), sample.task->server_id, sample.match);
      gtk_window_present (GTK_WINDOW (window));
      if (i > 0)
        {
          test_until (dialog_find_label (window, "would be sent if the task ran now") != NULL, 30);
          dialog_click (window, "mark_sent");
          test_until (dialog_is_asking (), 30);
        }
      gtk_window_destroy (GTK_WINDOW (window));
      test_until (window == NULL, 30);
    }
  g_assert_false (dialog_is_asking ());
}

static GtkWidget *
open_dialog (Sample *sample)
{
  GtkWidget *dialog = lk_task_dialog_new (NULL, sample->world->context);

  gtk_window_present (GTK_WINDOW (dialog));
  test_until (gtk_widget_is_sensitive (dialog_find (dialog, "add_button"))
                  && gtk_widget_get_visible (dialog_find (dialog, "why")),
              30);

  return dialog;
}

static void
show_runs (GtkWidget *dialog)
{
  GtkNotebook *notebook = GTK_NOTEBOOK (dialog_find (dialog, "notebook"));
  GtkWidget *key = dialog_find (dialog, "key");

  for (int i = 0; i < gtk_notebook_get_n_pages (notebook); i++)
    if (gtk_widget_is_ancestor (key, gtk_notebook_get_nth_page (notebook, i)))
      gtk_notebook_set_current_page (notebook, i);
  test_until (gtk_widget_get_mapped (key), 30);
}

static void
test_runs (void)
{
  g_auto (Sample) sample = { 0 };
  GtkWidget *dialog;
  GtkWidget *answer;

  sample_init (&sample);
  dialog = open_dialog (&sample);
  show_runs (dialog);
  answer = dialog_find (dialog, "answer");
  g_assert_false (gtk_widget_is_sensitive (dialog_find (dialog, "explain")));
  dialog_type (dialog, "key", lk_license_get_named (sample.other, "ActivationKey"));
  dialog_click (dialog, "explain");
  test_until (starts_with (answer, "headline", "It does not match the search"), 30);
  dialog_assert_mnemonics (dialog);
  dialog_take_picture (dialog, "task-dialog-why");

  dialog_type (dialog, "key", "NO-SUCH-KEY");
  g_assert_false (gtk_widget_get_visible (dialog_find (dialog, "answer_area")));
  dialog_click (dialog, "explain");
  test_until (contains (answer, "headline", "has the activation key “NO-SUCH-KEY”"), 30);
  g_assert_false (gtk_widget_get_visible (dialog_find (answer, "buttons")));

  dialog_type (dialog, "key", lk_license_get_named (sample.match, "ActivationKey"));
  dialog_click (dialog, "explain");
  test_until (starts_with (answer, "headline", "It would be sent"), 30);
  change (answer, "mark_sent", "It matches, but is not sent now");
  dialog_take_picture (dialog, "task-dialog-why-sent");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* What is read of one task is not shown for the next, which is not saved and has no runs. */
static void
test_runs_of_another (void)
{
  g_auto (Sample) sample = { 0 };
  LkRunsPage *page = g_object_ref_sink (g_object_new (LK_TYPE_RUNS_PAGE, NULL));
  GtkStack *stack;

  sample_init (&sample);
  dialog_world_write (sample.world, execute_job,
                      "INSERT INTO run (task_id, task_name, kind, state, due_at, started_at,"
                      " finished_at) SELECT id, name, 'manual', 'finished', 1, 1, 1 FROM task");
  lk_runs_page_set_up (page, sample.world->context);
  stack = GTK_STACK (dialog_find (page, "stack"));
  lk_runs_page_show (page, sample.task->id);
  test_until (g_str_equal (gtk_stack_get_visible_child_name (stack), "table"), 30);

  lk_runs_page_show (page, 0);
  lk_runs_page_show (page, sample.task->id);
  lk_runs_page_show (page, 0);
  test_until (G_OBJECT (page)->ref_count == 1, 30); /* nothing is being read any more */
  g_assert_cmpstr (gtk_stack_get_visible_child_name (stack), ==, "empty");
  g_object_unref (page);
}

static GtkWidget *
find_preview (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (LK_IS_TASK_PREVIEW_WINDOW (window))
        return window;
    }

  g_assert_not_reached ();
}

/* What is marked there is not sent any more; a task with changes has to be saved before. */
static void
test_preview (void)
{
  g_auto (Sample) sample = { 0 };
  g_autoptr (LkPreview) before = NULL;
  g_autoptr (LkPreview) after = NULL;
  GtkWidget *dialog;
  GtkWidget *window;

  sample_init (&sample);
  before = make_preview (&sample);
  dialog = open_dialog (&sample);
  gtk_widget_activate_action (dialog, "task.preview", NULL);
  window = find_preview ();
  g_assert_false (gtk_widget_is_sensitive (dialog_find (window, "mark_sent")));
  test_until (contains (window, "summary", "webhooks would be sent at"), 30);
  dialog_assert_mnemonics (window);
  dialog_take_picture (window, "task-preview-marks");
  dialog_click (window, "mark_sent");
  test_until (dialog_is_asking (), 30);
  dialog_answer (1);
  test_until (gtk_spinner_get_spinning (GTK_SPINNER (dialog_find (window, "spinner"))), 30);
  test_until (contains (window, "summary", "webhooks would be sent at"), 30);
  after = make_preview (&sample);
  g_assert_cmpuint (after->rows->len + 1, ==, before->rows->len);

  dialog_type (dialog, "user_data", "changed");
  gtk_widget_activate_action (dialog, "task.preview", NULL);
  test_until (contains (window, "summary", "webhooks would be sent at"), 30);
  g_assert_false (gtk_widget_is_sensitive (dialog_find (window, "forget")));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* What became of the matches of a run. */
static void
test_explanation (void)
{
  static const struct
  {
    LkRunState state;
    gint64 matched;
    gint64 fired;
    const char *policy;
    const char *text;
  } rows[] = {
    { LK_RUN_FINISHED, 0, 0, "Once per match", "No license matched." },
    { LK_RUN_FINISHED, 3, 3, "Once per match", "Complete." },
    { LK_RUN_FINISHED, 15, 3, "Once per match",
      "Complete. Not sent: 12. The policy now is “Once per match”." },
    { LK_RUN_FINISHED, 2, 0, "Milestones",
      "No match was to be sent. Not sent: 2. The policy now is “Milestones”." },
    { LK_RUN_FINISHED, 2, 0, NULL, "No match was to be sent. Not sent: 2." },
    { LK_RUN_FAILED, 2, 0, "Milestones", "Failed: The disk is full." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkRun) run = lk_run_new ();
      g_autofree char *text = NULL;

      g_free (run->error);
      run->error = g_strdup ("the disk is full");
      run->state = rows[i].state;
      run->matched = rows[i].matched;
      run->fired = rows[i].fired;
      run->suppressed = rows[i].matched - rows[i].fired;
      text = lk_runs_page_explain (run, rows[i].policy);
      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
add_tests (void)
{
  g_test_add_func ("/license-window/window", test_window);
  g_test_add_func ("/license-window/window-follows", test_window_follows);
  g_test_add_func ("/license-window/window-goes", test_window_goes);
  g_test_add_func ("/license-window/runs", test_runs);
  g_test_add_func ("/license-window/runs-of-another", test_runs_of_another);
  g_test_add_func ("/license-window/preview", test_preview);
  g_test_add_func ("/license-window/explanation", test_explanation);
}

int
main (int argc, char **argv)
{
  return dialog_world_main (argc, argv, add_tests);
}
