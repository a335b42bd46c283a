/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/query.h"
#include "ui-test.h"
#include "ui/attention-bar.h"
#include "ui/delivery-actions.h"
#include "ui/delivery-log.h"
#include "ui/redeliver-dialog.h"

#define URL "http://127.0.0.1:9/hook"

/* Five deliveries of one run: given up, delivered, waiting, a test, held for a look. */
#define FILLING                                                                                    \
  "UPDATE task SET url = '" URL "';"                                                               \
  "INSERT INTO run (id, task_id, task_name, kind, state, due_at, started_at, finished_at)"         \
  " SELECT 7, id, 'Renewals', 'manual', 'finished', 1, 1, 1 FROM task;"                            \
  "INSERT INTO delivery (id, webhook_id, run_id, task_id, task_name, group_key, is_test,"          \
  " license_id, license_key, customer, url, state, due_at, hold_kind, hold_reason, created_at,"    \
  " finished_at) SELECT v.column1, 'msg_' || v.column1, v.column6, t.id, 'Renewals', v.column1,"   \
  " v.column2, v.column1, 'K', 'C', '" URL "', v.column3, v.column4, v.column5,"                   \
  " CASE v.column5 WHEN '' THEN '' ELSE 'the first run' END, 1, v.column7 FROM task t, (VALUES"    \
  " (1, 0, 'exhausted', 0, '', 7, 9), (2, 0, 'delivered', 0, '', 7, 9),"                           \
  " (3, 0, 'retry_wait', 9000000000000000, '', 7, 0), (4, 1, 'delivered', 0, '', NULL, 9),"        \
  " (5, 0, 'held', 0, 'look', 7, 0)) AS v;"                                                        \
  "INSERT INTO delivery_body SELECT id, x'7b7d' FROM delivery;"                                    \
  "INSERT INTO attempt (delivery_id, number, outcome, url, started_at)"                            \
  " VALUES (1, 1, 'failure', '" URL "', 2), (3, 1, 'failure', '" URL "', 2);"

typedef struct
{
  UiTest test;
  LkCatalog *catalog;
  LkAttention *attention;
  LkDeliveryLog *log;
  GtkWindow *window;
} Fixture;

static gpointer
execute_job (LkDb *db, gpointer sql, GCancellable *cancellable, GError **error)
{
  lk_db_execute (db, sql, error);

  return NULL;
}

static gpointer
query_job (LkDb *db, gpointer sql, GCancellable *cancellable, GError **error)
{
  gint64 value = 0;

  lk_query_int (db, sql, NULL, &value, error);

  return g_memdup2 (&value, sizeof value);
}

static gint64
query (Fixture *self, const char *sql)
{
  g_autofree gint64 *value = ui_test_write (&self->test, query_job, (gpointer) sql);

  return *value;
}

static gint64
count (Fixture *self, const char *condition)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT count(*) FROM delivery WHERE is_test = 0 AND %s", condition);

  return query (self, sql);
}

static guint
count_lines (Fixture *self)
{
  GtkWidget *bar = ui_test_find (GTK_WIDGET (self->log), LK_TYPE_ATTENTION_BAR);

  return g_strv_length (lk_attention_bar_get_lines (LK_ATTENTION_BAR (bar)));
}

static gboolean
has_line (Fixture *self, const char *part)
{
  GtkWidget *bar = ui_test_find (GTK_WIDGET (self->log), LK_TYPE_ATTENTION_BAR);
  GStrv lines = lk_attention_bar_get_lines (LK_ATTENTION_BAR (bar));

  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], part) != NULL)
      return TRUE;

  return FALSE;
}

/* Deliveries are listed newest first: id 5 is at position 0. */
static void
select_id (Fixture *self, gint64 id)
{
  lk_delivery_log_select (self->log, (guint) (5 - id));
}

/* Answers the question that is open with its button at @index. */
static void
answer (int index)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (GTK_IS_DIALOG (l->data))
      {
        gtk_dialog_response (GTK_DIALOG (l->data), index);
        return;
      }
  g_assert_not_reached ();
}

static void
activate (Fixture *self, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->log), action, NULL));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  ui_test_set_up (&self->test, GINT_TO_POINTER (20));
  ui_test_write (&self->test, execute_job, (gpointer) FILLING);
  self->catalog = lk_catalog_new (self->test.context);
  self->attention = lk_attention_new (self->test.context);
  self->log = g_object_new (LK_TYPE_DELIVERY_LOG, NULL);
  lk_delivery_log_set_up (self->log, self->test.context, self->catalog, self->attention);
  self->window = ui_test_show (GTK_WIDGET (self->log), 1100, 400);
  test_until (g_list_model_get_n_items (G_LIST_MODEL (lk_delivery_log_get_list (self->log))) == 5,
              30);
  test_until (count_lines (self) == 1, 30);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (self->window);
  g_clear_object (&self->attention);
  g_clear_object (&self->catalog);
  ui_test_tear_down (&self->test, NULL);
}

static LkDelivery *
new_delivery (LkDeliveryState state, const char *url)
{
  LkDelivery *delivery = lk_delivery_new ();

  delivery->state = state;
  delivery->task_id = 1;
  g_free (delivery->url);
  delivery->url = g_strdup (url);

  return delivery;
}

/* What can be done with two deliveries; the second may have another receiver. */
static void
test_judge (Fixture *self, gconstpointer data)
{
  static const struct
  {
    LkDeliveryState states[2];
    const char *second_url;
    gboolean send_now, redeliver, drop, hold;
    guint n_delivered;
  } rows[] = {
    { { LK_DELIVERY_QUEUED, LK_DELIVERY_SENDING }, URL, TRUE, FALSE, TRUE, TRUE, 0 },
    { { LK_DELIVERY_SENDING, LK_DELIVERY_SENDING }, URL, FALSE, FALSE, FALSE, TRUE, 0 },
    { { LK_DELIVERY_HELD, LK_DELIVERY_DELIVERED }, URL, TRUE, TRUE, TRUE, TRUE, 1 },
    { { LK_DELIVERY_EXHAUSTED, LK_DELIVERY_DROPPED }, URL, FALSE, TRUE, FALSE, TRUE, 0 },
    { { LK_DELIVERY_QUEUED, LK_DELIVERY_QUEUED }, "http://other/", TRUE, FALSE, TRUE, FALSE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GPtrArray) deliveries =
          g_ptr_array_new_with_free_func ((GDestroyNotify) lk_delivery_free);
      LkDeliveryChoice choice;

      g_ptr_array_add (deliveries, new_delivery (rows[i].states[0], URL));
      g_ptr_array_add (deliveries, new_delivery (rows[i].states[1], rows[i].second_url));
      lk_delivery_choice_judge (&choice, deliveries, self->attention);
      g_assert_cmpint (choice.can_send_now, ==, rows[i].send_now);
      g_assert_cmpint (choice.can_redeliver, ==, rows[i].redeliver);
      g_assert_cmpint (choice.can_drop, ==, rows[i].drop);
      g_assert_cmpint (choice.can_hold, ==, rows[i].hold);
      g_assert_false (choice.can_resume);
      g_assert_cmpuint (choice.n_delivered, ==, rows[i].n_delivered);
    }
}

static void
test_selection (Fixture *self, gconstpointer data)
{
  select_id (self, 3);
  activate (self, "log.send-now");
  test_until (count (self, "id = 3 AND state = 'queued' AND due_at < 9000000000000000") == 1, 30);

  select_id (self, 1);
  activate (self, "log.redeliver");
  test_until (count (self, "id = 1 AND state = 'queued'") == 1, 30);

  select_id (self, 2);
  activate (self, "log.redeliver"); /* it has arrived: that is asked */
  answer (0);
  select_id (self, 5);
  activate (self, "log.drop");
  answer (1);
  test_until (count (self, "id = 5 AND state = 'dropped' AND last_cause LIKE 'dropped by%'") == 1,
              30);
  test_until (count_lines (self) == 0, 30);
  g_assert_cmpint (count (self, "id = 2 AND state = 'delivered'"), ==, 1);
}

static void
test_hold_and_resume (Fixture *self, gconstpointer data)
{
  select_id (self, 3);
  activate (self, "log.hold-receiver");
  test_until (has_line (self, "has been paused since"), 30);
  g_assert_true (has_line (self, "1 webhook waits"));
  g_assert_cmpint (count (self, "hold_kind = 'paused'"), ==, 1);

  activate (self, "log.resume-receiver");
  answer (2); /* choose */
  test_until (!has_line (self, "has been paused since"), 30);
  g_assert_cmpint (count (self, "hold_kind = 'look'"), ==, 2);
  g_assert_cmpint (query (self, "SELECT count(*) FROM endpoint"), ==, 0);
}

/* A run that waits for a look: the bar says so, and all of it is sent. */
static void
test_decide (Fixture *self, gconstpointer data)
{
  g_assert_true (has_line (self, "1 webhook of “Renewals” is held: the first run."));
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (self->log), "log.decide", "x", (gint64) 7));
  answer (3);
  test_until (count (self, "id = 5 AND state = 'queued'") == 1, 30);
  test_until (count_lines (self) == 0, 30);
}

/* Who stands on a button of the bar stays there while its text changes, and in the log after it. */
static void
test_bar_focus (Fixture *self, gconstpointer data)
{
  GtkWidget *bar = ui_test_find (GTK_WIDGET (self->log), LK_TYPE_ATTENTION_BAR);
  GtkWidget *button = ui_test_find (bar, GTK_TYPE_BUTTON);
  GtkWidget *focus;

  gtk_widget_grab_focus (button);
  ui_test_write (&self->test, execute_job,
                 (gpointer) "UPDATE delivery SET hold_reason = 'a big run' WHERE id = 5");
  test_until (has_line (self, "1 webhook of “Renewals” is held: a big run."), 30);
  g_assert_true (gtk_window_get_focus (self->window) == button);

  ui_test_write (&self->test, execute_job,
                 (gpointer) "UPDATE delivery SET state = 'dropped', hold_kind = '',"
                            " hold_reason = '', due_at = 0, finished_at = 1 WHERE id = 5");
  test_until (count_lines (self) == 0, 30);
  ui_test_settle (GTK_WIDGET (self->log));
  focus = gtk_window_get_focus (self->window);
  g_assert_true (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->log)));
}

/* A schedule that nobody runs is told of when the grace is over, and no more once it goes on. */
static void
test_overdue (Fixture *self, gconstpointer data)
{
  const char *due = "UPDATE task SET enabled = 1, next_due_at ="
                    " CAST (strftime ('%s', 'now') AS INTEGER) * 1000000 + ";
  g_autofree char *late = g_strdup_printf ("%s -3600000000", due);
  g_autofree char *soon = g_strdup_printf ("%s -60000000", due);

  ui_test_write (&self->test, execute_job, late);
  test_until (has_line (self, "“Upcoming Renewals” was due at"), 30);
  g_assert_cmpuint (lk_attention_count (self->attention), ==, 2);
  ui_test_write (&self->test, execute_job, soon);
  test_until (!has_line (self, "was due at"), 30);
}

static LkRedeliverDialog *
find_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (LK_IS_REDELIVER_DIALOG (l->data))
      return l->data;

  return NULL;
}

static GtkWidget *
get_part (LkRedeliverDialog *dialog, const char *name)
{
  return GTK_WIDGET (
      gtk_widget_get_template_child (GTK_WIDGET (dialog), LK_TYPE_REDELIVER_DIALOG, name));
}

/* What was asked first does not count over what is asked then, and Enter redelivers. */
static void
test_redeliver_dialog (Fixture *self, gconstpointer data)
{
  LkRedeliverDialog *dialog;
  GtkWidget *rate;

  activate (self, "log.redeliver-failed");
  dialog = find_dialog ();
  gtk_drop_down_set_selected (GTK_DROP_DOWN (get_part (dialog, "since")), 5);
  test_until (lk_redeliver_dialog_get_count (dialog) == 2, 30);
  rate = get_part (dialog, "rate");
  gtk_widget_grab_focus (rate);
  g_signal_emit_by_name (gtk_editable_get_delegate (GTK_EDITABLE (rate)), "activate");
  test_until (find_dialog () == NULL, 30);
  g_assert_cmpint (count (self, "state = 'queued'"), ==, 2);
}

/* "Redeliver failed since": counted first, spread over time, stopped. */
static void
test_redeliver_failed (Fixture *self, gconstpointer data)
{
  LkRedeliverDialog *dialog;
  GtkWidget *since, *button;

  activate (self, "log.redeliver-failed");
  dialog = find_dialog ();
  test_until (lk_redeliver_dialog_get_count (dialog) == 0, 30); /* not in the last 7 days */
  since = get_part (dialog, "since");
  button = get_part (dialog, "redeliver");
  g_assert_false (gtk_widget_get_sensitive (button));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (since), 5);
  test_until (lk_redeliver_dialog_get_count (dialog) == 2, 30);
  g_signal_emit_by_name (button, "clicked");
  test_until (find_dialog () == NULL, 30);

  g_assert_cmpint (count (self, "state = 'queued'"), ==, 2);
  test_until (has_line (self, "sent again when its turn comes"), 30);
  activate (self, "log.stop-redelivery");
  test_until (count (self, "id = 3 AND state = 'retry_wait' AND due_at = 9000000000000000") == 1,
              30);
}

/* How many there are is said of what is chosen, not of what was chosen before. */
static void
test_redeliver_counts_anew (Fixture *self, gconstpointer data)
{
  LkRedeliverDialog *dialog;
  GtkDropDown *since;

  activate (self, "log.redeliver-failed");
  dialog = find_dialog ();
  since = GTK_DROP_DOWN (
      gtk_widget_get_template_child (GTK_WIDGET (dialog), LK_TYPE_REDELIVER_DIALOG, "since"));
  test_until (lk_redeliver_dialog_get_count (dialog) == 0, 30);
  gtk_drop_down_set_selected (since, 5);
  ui_test_finish_reading (&self->test);
  gtk_drop_down_set_selected (since, 0);
  test_until (lk_redeliver_dialog_get_count (dialog) >= 0, 30);
  g_assert_cmpint (lk_redeliver_dialog_get_count (dialog), ==, 0);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/delivery-actions/judge", test_judge },
    { "/delivery-actions/selection", test_selection },
    { "/delivery-actions/hold-and-resume", test_hold_and_resume },
    { "/delivery-actions/decide", test_decide },
    { "/delivery-actions/bar-focus", test_bar_focus },
    { "/delivery-actions/overdue", test_overdue },
    { "/delivery-actions/redeliver-dialog", test_redeliver_dialog },
    { "/delivery-actions/redeliver-failed", test_redeliver_failed },
    { "/delivery-actions/redeliver-counts-anew", test_redeliver_counts_anew },
  };

  ui_test_init (&argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);

  return g_test_run ();
}
