/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Scheduled Tasks through its widgets: steps 3 and 4 of the user's way. */

#include "config.h"

#include "core/error.h"
#include "core/firing-policy.h"
#include "engine/receiver.h"
#include "store/task-store.h"
#include "tests/ui/dialog-world.h"
#include "ui/choice.h"
#include "ui/task-dialog.h"
#include "ui/task-preview-window.h"

#define SECRET "a secret of the test"

static gpointer
find_job (LkDb *db, gpointer name, GCancellable *cancellable, GError **error)
{
  LkTask *task = lk_task_store_find (db, name, error);

  if (task == NULL && g_error_matches (*error, LK_ERROR, LK_ERROR_NOT_FOUND))
    g_clear_error (error);
  return task;
}

static void
assert_stored (DialogWorld *world, const char *name)
{
  g_autoptr (LkTask) task = dialog_world_read (world, find_job, name);

  g_assert_nonnull (task);
}

static GtkWidget *
open_dialog (DialogWorld *world)
{
  GtkWidget *dialog = lk_task_dialog_new (NULL, world->context);

  gtk_window_present (GTK_WINDOW (dialog));
  test_until (gtk_widget_is_sensitive (dialog_find (dialog, "add_button"))
                  && g_list_model_get_n_items (
                         gtk_drop_down_get_model (GTK_DROP_DOWN (dialog_find (dialog, "search"))))
                         > 0,
              30);
  return dialog;
}

static LkReceiver *
start_receiver (DialogWorld *world)
{
  LkReceiver *receiver = lk_receiver_new (lk_context_get_clock (world->context));
  g_autoptr (GError) error = NULL;

  lk_receiver_set_secret (receiver, SECRET);
  lk_receiver_listen (receiver, 0, &error);
  g_assert_no_error (error);
  return receiver;
}

static void
count_cb (LkReceiver *receiver, const LkReceived *received, guint *count)
{
  g_assert_true (received->qlm_valid);
  g_assert_true (received->standard_valid);
  *count += 1;
}

/* What step 3 types. */
static void
fill_in (GtkWidget *dialog, const char *name, const char *url)
{
  dialog_click (dialog, "add_button");
  dialog_type (dialog, "name", name);
  dialog_choose (dialog, "server", 0);
  lk_choice_set (GTK_DROP_DOWN (dialog_find (dialog, "search")), 1);
  dialog_check (dialog, "enabled", TRUE);
  dialog_type (dialog, "url", url);
  dialog_type (dialog, "entry", SECRET);
  dialog_type (dialog, "user_data", "from the test");
}

static char *
make_url (LkReceiver *receiver)
{
  return g_strdup_printf ("http://127.0.0.1:%u/webhook", lk_receiver_get_port (receiver));
}

static void
test_mnemonics (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  GtkNotebook *notebook = GTK_NOTEBOOK (dialog_find (dialog, "notebook"));

  gtk_expander_set_expanded (GTK_EXPANDER (dialog_find (dialog, "advanced")), TRUE);
  for (int i = 0; i < gtk_notebook_get_n_pages (notebook); i++)
    {
      gtk_notebook_set_current_page (notebook, i);
      test_until (gtk_widget_get_mapped (gtk_notebook_get_nth_page (notebook, i)), 30);
      dialog_assert_mnemonics (dialog);
    }
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
test_send_test_and_save (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  g_autoptr (LkReceiver) receiver = start_receiver (world);
  g_autofree char *url = make_url (receiver);
  GtkWidget *dialog = open_dialog (world);
  g_autoptr (LkTask) task = NULL;
  g_autofree char *request = NULL;
  g_autofree char *response = NULL;
  guint count = 0;

  g_signal_connect (receiver, "received", G_CALLBACK (count_cb), &count);
  fill_in (dialog, "Mine", url);
  dialog_take_picture (dialog, "task-dialog");
  gtk_widget_activate_action (dialog, "task.send-test", NULL);
  test_until (g_str_has_prefix (dialog_get_label (dialog, "verdict"), "Delivered"), 20);
  g_assert_cmpuint (count, ==, 1);
  request = dialog_get_view_text (dialog, "request");
  response = dialog_get_view_text (dialog, "response");
  g_assert_nonnull (strstr (request, "X-QLM-Signature: "));
  g_assert_null (strstr (request, "(left out)"));
  g_assert_null (strstr (request, SECRET));
  g_assert_nonnull (strstr (request, "webhook-signature: v1,"));
  g_assert_nonnull (strstr (request, "from the test"));
  g_assert_true (g_str_has_prefix (response, "200"));
  dialog_take_picture (dialog, "task-dialog-send-test");

  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  dialog_click (dialog, "ok_button");
  test_until (dialog == NULL, 30);
  task = dialog_world_read (world, find_job, "Mine");
  g_assert_nonnull (task);
  g_assert_true (task->webhook_enabled);
  g_assert_true (task->has_secret);
  g_assert_cmpstr (task->url, ==, url);
  lk_receiver_close (receiver);
}

static void
test_send_test_fails (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);

  fill_in (dialog, "Mine", "http://127.0.0.1:1/webhook");
  gtk_widget_activate_action (dialog, "task.send-test", NULL);
  test_until (g_str_has_prefix (dialog_get_label (dialog, "verdict"), "Not delivered"), 20);
  dialog_take_picture (dialog, "task-dialog-send-test-fails");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* A key is a text, whatever stands in it: nothing of it is taken for SQL. */
static void
test_send_test_by_key (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);

  fill_in (dialog, "Mine", "http://127.0.0.1:1/webhook");
  dialog_choose (dialog, "which", 2);
  dialog_type (dialog, "key", "x' Or '1' = '1");
  gtk_widget_activate_action (dialog, "task.send-test", NULL);
  test_until (g_str_has_prefix (dialog_get_label (dialog, "verdict"), "No license matches"), 20);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* A table of what is refused, and at which field it says so. */
static void
test_problems (void)
{
  static const struct
  {
    const char *field;
    const char *text;
    const char *problem;
  } rows[] = {
    { "name", "", "name_problem" },
    { "url", "", "url_problem" },
    { "url", "ftp://example.com/", "url_problem" },
    { "entry", "", "secret_problem" },
    { "start_date", "2026-02-30", "start_date_problem" },
    { "start_time", "25:00", "start_time_problem" },
    { "headers", "no colon", "headers_problem" },
  };
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);

  gtk_expander_set_expanded (GTK_EXPANDER (dialog_find (dialog, "advanced")), TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      fill_in (dialog, "Mine", "https://example.com/");
      g_assert_false (gtk_widget_get_visible (dialog_find (dialog, rows[i].problem)));
      dialog_type (dialog, rows[i].field, rows[i].text);
      g_assert_true (gtk_widget_get_visible (dialog_find (dialog, rows[i].problem)));
      if (i == 2)
        dialog_take_picture (dialog, "task-dialog-problem");
      dialog_click (dialog, "remove_button");
    }
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* Each policy is chosen with what it needs, and a mistake is told at its field. */
static void
test_policies (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  g_autoptr (LkTask) task = NULL;

  fill_in (dialog, "Mine", "https://example.com/");
  dialog_choose (dialog, "send", LK_POLICY_ON_CHANGE);
  g_assert_true (gtk_widget_get_mapped (dialog_find (dialog, "columns")));
  dialog_type (dialog, "columns", "Email, Nonsense");
  g_assert_true (gtk_widget_get_visible (dialog_find (dialog, "send_problem")));
  g_assert_true (gtk_widget_has_css_class (dialog_find (dialog, "columns"), "error"));
  dialog_take_picture (dialog, "task-dialog-on-change");
  dialog_choose (dialog, "send", LK_POLICY_EVERY_N_DAYS);
  g_assert_false (gtk_widget_get_visible (dialog_find (dialog, "send_problem")));
  g_assert_false (gtk_widget_has_css_class (dialog_find (dialog, "columns"), "error"));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (dialog_find (dialog, "days")), 14);
  dialog_choose (dialog, "send", LK_POLICY_MILESTONES);
  dialog_type (dialog, "offsets", "-30, soon");
  g_assert_true (gtk_widget_has_css_class (dialog_find (dialog, "offsets"), "error"));
  dialog_choose (dialog, "send", LK_POLICY_EVERY_N_DAYS); /* what was set there is still there */
  g_assert_cmpint (
      gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (dialog_find (dialog, "days"))), ==, 14);
  dialog_choose (dialog, "send", LK_POLICY_MILESTONES);
  dialog_type (dialog, "offsets", "-30, -7,0");
  g_assert_false (gtk_widget_has_css_class (dialog_find (dialog, "offsets"), "error"));
  dialog_click (dialog, "apply_button");
  test_until (!gtk_widget_is_sensitive (dialog_find (dialog, "apply_button"))
                  && gtk_widget_is_sensitive (dialog_find (dialog, "add_button")),
              30);
  task = dialog_world_read (world, find_job, "Mine");
  g_assert_cmpstr (task->send, ==, "milestones:SubscriptionExpiryDate:-30, -7,0");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static gpointer
count_ledger_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (LkStatement) statement = lk_db_prepare (
      db, "SELECT count(*) FROM ledger JOIN task ON task.id = task_id WHERE name = 'Mine'", error);

  lk_statement_step (statement, error);

  return GINT_TO_POINTER (lk_statement_get_int (statement, 0));
}

static void
apply (GtkWidget *dialog)
{
  dialog_click (dialog, "apply_button");
  test_until (!gtk_widget_is_sensitive (dialog_find (dialog, "apply_button"))
                  && gtk_widget_is_sensitive (dialog_find (dialog, "add_button")),
              30);
}

/* What matches today counts as sent, for a new task and after a change of the policy. */
static void
test_baseline (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);

  g_assert_false (gtk_widget_get_visible (dialog_find (dialog, "baseline"))); /* nothing to fear */
  fill_in (dialog, "Mine", "https://example.com/");
  dialog_choose (dialog, "send", LK_POLICY_EVERY_RUN);
  g_assert_false (gtk_widget_get_visible (dialog_find (dialog, "baseline")));
  dialog_choose (dialog, "send", LK_POLICY_ONCE);
  test_until (strstr (dialog_get_label (dialog, "outlook_text"), "would be sent, 0 were") != NULL,
              30);
  dialog_check (dialog, "baseline", TRUE);
  test_until (strstr (dialog_get_label (dialog, "outlook_text"), "noted as sent") != NULL, 30);
  dialog_take_picture (dialog, "task-dialog-baseline");
  apply (dialog);
  g_assert_cmpint (GPOINTER_TO_INT (dialog_world_read (world, count_ledger_job, NULL)), >, 0);
  g_assert_false (gtk_widget_get_visible (dialog_find (dialog, "baseline")));
  g_assert_cmpstr (dialog_get_label (dialog, "outlook_text"), ==, ""); /* nothing is changed */
  dialog_choose (dialog, "send", LK_POLICY_ON_CHANGE);
  test_until (g_str_has_prefix (dialog_get_label (dialog, "outlook_text"),
                                "20 licenses match now: 20 would be sent, 20 were sent before"),
              30);
  dialog_take_picture (dialog, "task-dialog-outlook");
  g_assert_true (gtk_widget_get_visible (dialog_find (dialog, "baseline")));
  g_assert_false (
      gtk_check_button_get_active (GTK_CHECK_BUTTON (dialog_find (dialog, "baseline"))));
  apply (dialog);
  gtk_window_destroy (GTK_WINDOW (dialog));
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

  return NULL;
}

static gboolean
shows_request (GtkWidget *window)
{
  g_autofree char *text = dialog_get_view_text (window, "request_view");

  return *text != '\0';
}

/* Beside the dialog: what would be sent, and the request of the chosen row. */
static void
test_preview (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  GtkWidget *window;
  g_autofree char *request = NULL;

  fill_in (dialog, "Mine", "https://example.com/hook");
  gtk_widget_activate_action (dialog, "task.preview", NULL);
  window = find_preview ();
  g_assert_false (gtk_window_get_modal (GTK_WINDOW (window)));
  test_until (strstr (dialog_get_label (window, "summary"), "would be sent at") != NULL, 30);
  test_until (shows_request (window), 30);
  request = dialog_get_view_text (window, "request_view");
  g_assert_true (g_str_has_prefix (request, "POST https://example.com/hook\nHost: example.com\n"));
  g_assert_nonnull (strstr (request, "X-QLM-Signature: "));
  g_assert_nonnull (strstr (request, "{\"Name\":\"Mine\",\"WebHookUserData\":\"from the test\""));
  g_assert_null (strstr (request, SECRET));
  dialog_take_picture (window, "task-preview");
  dialog_choose (window, "choice", 0);
  g_assert_cmpstr (dialog_get_label (window, "summary"), ==,
                   "If the task ran now, 20 of 20 matches would be sent. 0 were sent before.");
  dialog_choose (window, "choice", 1);
  g_assert_true (g_str_has_prefix (dialog_get_label (window, "summary"), "At the next run, "));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (dialog_find (window, "days")), 2);
  test_until (gtk_spinner_get_spinning (GTK_SPINNER (dialog_find (window, "spinner"))), 30);
  test_until (g_str_has_prefix (dialog_get_label (window, "summary"), "At the next run, "), 30);
  gtk_window_destroy (GTK_WINDOW (dialog)); /* and with it the preview */
  test_until (find_preview () == NULL, 30);
}

/* Plain http to another computer is asked about when it is saved. */
static void
test_plain_http (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);

  fill_in (dialog, "Mine", "http://example.com/");
  dialog_click (dialog, "apply_button");
  test_until (dialog_is_asking (), 30);
  dialog_answer (0);
  test_until (!dialog_is_asking (), 30);
  g_assert_null (dialog_world_read (world, find_job, "Mine"));

  dialog_click (dialog, "apply_button");
  test_until (dialog_is_asking (), 30);
  dialog_answer (1);
  test_until (!gtk_widget_is_sensitive (dialog_find (dialog, "apply_button"))
                  && gtk_widget_is_sensitive (dialog_find (dialog, "add_button")),
              30);
  assert_stored (world, "Mine");
  dialog_close (dialog);
}

static void
test_next_run (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  g_autofree char *before = NULL;

  dialog_click (dialog, "add_button");
  dialog_type (dialog, "start_date", "2030-01-31");
  dialog_type (dialog, "start_time", "08:00");
  before = g_strdup (dialog_get_label (dialog, "next_run"));
  g_assert_true (g_str_has_prefix (before, "2030-01-31 08:00"));
  dialog_type (dialog, "start_time", "09:30");
  g_assert_true (g_str_has_prefix (dialog_get_label (dialog, "next_run"), "2030-01-31 09:30"));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* The stored secret is not in the widgets before somebody asks for it, and leaving it alone keeps
 * it. */
static void
test_stored_secret (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  GtkEditable *entry = GTK_EDITABLE (dialog_find (dialog, "entry"));

  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (dialog_find (dialog, "show_button")), TRUE);
  test_until (gtk_editable_get_text (entry)[0] != '\0', 30);
  g_assert_false (gtk_widget_is_sensitive (dialog_find (dialog, "apply_button")));
  dialog_click (dialog, "generate_button");
  g_assert_true (g_str_has_prefix (gtk_editable_get_text (entry), "whsec_"));
  g_assert_true (gtk_widget_is_sensitive (dialog_find (dialog, "apply_button")));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static gpointer
count_secrets_job (LkDb *db, gpointer days, GCancellable *cancellable, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM task_secret WHERE expires_at > 0"
                                          " AND expires_at / 86400000000 = (SELECT max(created_at)"
                                          " FROM task_secret) / 86400000000 + %d",
                                          *(const int *) days);
  g_autoptr (LkStatement) row = lk_db_prepare (db, sql, error);

  lk_statement_step (row, error);
  return GINT_TO_POINTER ((int) lk_statement_get_int (row, 0));
}

/* Where there is a secret, a new one asks how long the old one stays valid. */
static void
test_overlap (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  GtkWidget *overlap_row = dialog_find (dialog, "overlap_row");
  const int days = 7;

  g_assert_false (gtk_widget_get_visible (overlap_row));
  dialog_click (dialog, "generate_button");
  g_assert_true (gtk_widget_get_visible (overlap_row));
  g_assert_cmpint (lk_choice_get (GTK_DROP_DOWN (dialog_find (dialog, "overlap"))), ==, 0);
  dialog_choose (dialog, "overlap", 3);
  dialog_take_picture (dialog, "task-dialog-overlap");
  dialog_click (dialog, "apply_button");
  test_until (!gtk_widget_is_sensitive (dialog_find (dialog, "apply_button")), 30);
  test_until (!gtk_widget_get_visible (overlap_row), 30);
  g_assert_cmpint (GPOINTER_TO_INT (dialog_world_read (world, count_secrets_job, &days)), ==, 1);

  dialog_click (dialog, "add_button");
  dialog_check (dialog, "enabled", TRUE);
  dialog_type (dialog, "entry", "a first secret has no old one");
  g_assert_false (gtk_widget_get_visible (overlap_row));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* Step 4: Run Now sends one request for each match, and the Runs tab says so. */
/* OK once touched widgets of the window that it had just closed. */
static void
test_ok_without_a_change (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);
  guint n_windows = g_list_model_get_n_items (gtk_window_get_toplevels ());

  dialog_click (dialog, "ok_button");
  test_until (g_list_model_get_n_items (gtk_window_get_toplevels ()) < n_windows, 30);
}

static void
test_run_now (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  g_autoptr (LkReceiver) receiver = start_receiver (world);
  g_autofree char *url = make_url (receiver);
  GtkWidget *dialog;
  guint count = 0;

  g_signal_connect (receiver, "received", G_CALLBACK (count_cb), &count);
  lk_context_start (world->context);
  dialog = open_dialog (world);
  fill_in (dialog, "Mine", url);
  dialog_click (dialog, "apply_button");
  test_until (!gtk_widget_is_sensitive (dialog_find (dialog, "apply_button"))
                  && gtk_widget_is_sensitive (dialog_find (dialog, "add_button")),
              30);
  gtk_widget_activate_action (dialog, "task.run-now", NULL);
  test_until (strstr (dialog_get_label (dialog, "message"), "has run") != NULL, 30);
  g_assert_cmpuint (count, >, 0);
  test_until (dialog_find_label (dialog, "Complete.") != NULL, 30);
  dialog_take_picture (dialog, "task-dialog-runs");
  dialog_close (dialog);
  lk_receiver_close (receiver);
}

/* Turns the wheel over a widget, as far as that listens to it. */
static void
turn_wheel (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      gboolean handled;

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller)
          && gtk_event_controller_get_propagation_phase (controller) != GTK_PHASE_NONE)
        g_signal_emit_by_name (controller, "scroll", 0.0, -1.0, &handled);
    }
}

/* The wheel moves the page and changes no number on it. */
static void
test_wheel (void)
{
  static const char *const numbers[] = { "every",           "days", "concurrency",
                                         "connect_timeout", "rate", "answer_timeout" };
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *dialog = open_dialog (world);

  gtk_expander_set_expanded (GTK_EXPANDER (dialog_find (dialog, "advanced")), TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      GtkWidget *number = dialog_find (dialog, numbers[i]);
      int before = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (number));

      turn_wheel (number);
      g_assert_cmpint (gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (number)), ==, before);
    }
  g_assert_false (gtk_widget_is_sensitive (dialog_find (dialog, "apply_button")));
  dialog_close (dialog);
}

static gpointer
disable_webhook_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  lk_db_execute (db, "UPDATE task SET webhook_enabled = 0", error);

  return NULL;
}

/* A run goes on when the dialog and its parent have gone, and holds the dialog until it ends. */
static void
test_run_outlives_the_windows (void)
{
  g_autoptr (DialogWorld) world = dialog_world_new (0);
  GtkWidget *parent = gtk_window_new ();
  GtkWidget *dialog;

  dialog_world_write (world, disable_webhook_job, NULL);
  dialog = lk_task_dialog_new (GTK_WINDOW (parent), world->context);
  gtk_window_present (GTK_WINDOW (parent));
  gtk_window_present (GTK_WINDOW (dialog));
  test_until (gtk_widget_is_sensitive (dialog_find (dialog, "add_button")), 30);
  gtk_widget_activate_action (dialog, "task.run-now", NULL);
  gtk_window_destroy (GTK_WINDOW (dialog));
  gtk_window_destroy (GTK_WINDOW (parent));
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  lk_context_start (world->context);
  test_until (dialog == NULL, 30);
}

static void
add_tests (void)
{
  g_test_add_func ("/task-dialog/mnemonics", test_mnemonics);
  g_test_add_func ("/task-dialog/send-test-and-save", test_send_test_and_save);
  g_test_add_func ("/task-dialog/send-test-fails", test_send_test_fails);
  g_test_add_func ("/task-dialog/send-test-by-key", test_send_test_by_key);
  g_test_add_func ("/task-dialog/problems", test_problems);
  g_test_add_func ("/task-dialog/policies", test_policies);
  g_test_add_func ("/task-dialog/baseline", test_baseline);
  g_test_add_func ("/task-dialog/preview", test_preview);
  g_test_add_func ("/task-dialog/plain-http", test_plain_http);
  g_test_add_func ("/task-dialog/next-run", test_next_run);
  g_test_add_func ("/task-dialog/stored-secret", test_stored_secret);
  g_test_add_func ("/task-dialog/overlap", test_overlap);
  g_test_add_func ("/task-dialog/ok-without-a-change", test_ok_without_a_change);
  g_test_add_func ("/task-dialog/run-now", test_run_now);
  g_test_add_func ("/task-dialog/wheel", test_wheel);
  g_test_add_func ("/task-dialog/run-outlives-the-windows", test_run_outlives_the_windows);
}

int
main (int argc, char **argv)
{
  return dialog_world_main (argc, argv, add_tests);
}
