/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-runs-page"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n.h>

#include "core/error.h"
#include "core/firing-policy.h"
#include "store/change-feed.h"
#include "store/run-store.h"
#include "store/task-store.h"
#include "ui/form.h"
#include "ui/message.h"
#include "ui/outlook-card.h"
#include "ui/runs-page.h"
#include "ui/ui-init.h"

#define LK_TYPE_RUN_LINE (lk_run_line_get_type ())
G_DECLARE_FINAL_TYPE (LkRunLine, lk_run_line, LK, RUN_LINE, GObject)

struct _LkRunLine
{
  GObject parent;

  LkRun *run;
  const char *policy; /* (nullable): the title of the one that the task has now */
};

G_DEFINE_FINAL_TYPE (LkRunLine, lk_run_line, G_TYPE_OBJECT)

struct _LkRunsPage
{
  GtkBox parent;

  LkContext *context;
  gint64 task_id;
  GListStore *lines;
  GCancellable *cancellable;

  GtkStack *stack;
  GtkLabel *empty;
  GtkColumnView *table;
  GtkWidget *why;
  GtkEditable *key;
  GtkWidget *answer_area;
  LkOutlookCard *answer;
};

G_DEFINE_FINAL_TYPE (LkRunsPage, lk_runs_page, GTK_TYPE_BOX)

static void
lk_run_line_finalize (GObject *object)
{
  g_clear_pointer (&LK_RUN_LINE (object)->run, lk_run_free);
  G_OBJECT_CLASS (lk_run_line_parent_class)->finalize (object);
}

static void
lk_run_line_class_init (LkRunLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_run_line_finalize;
}

static void
lk_run_line_init (LkRunLine *self)
{
}

static char *
format_due (const LkRunLine *line)
{
  return lk_form_format_instant (line->run->due_at, NULL);
}

static char *
format_kind (const LkRunLine *line)
{
  return g_strdup (line->run->kind == LK_RUN_MANUAL ? _ ("Run Now") : _ ("Timer"));
}

static char *
format_matched (const LkRunLine *line)
{
  return g_strdup_printf ("%'" G_GINT64_FORMAT, line->run->matched);
}

static char *
format_fired (const LkRunLine *line)
{
  return g_strdup_printf ("%'" G_GINT64_FORMAT, line->run->fired);
}

static char *
format_suppressed (const LkRunLine *line)
{
  return g_strdup_printf ("%'" G_GINT64_FORMAT, line->run->suppressed);
}

/* A run does not keep the policy that it had. */
static void
append_not_sent (GString *text, const LkRun *run, const char *policy)
{
  if (run->state != LK_RUN_FINISHED || run->suppressed == 0)
    return;

  if (policy != NULL)
    /* translators: how many licenses, and a choice of “Send” such as “Once per match” */
    g_string_append_printf (text, _ (" Not sent: %'" PRId64 ". The policy now is “%s”."),
                            run->suppressed, policy);
  else
    g_string_append_printf (text, _ (" Not sent: %'" PRId64 "."), run->suppressed);
}

/**
 * lk_runs_page_explain:
 * @run: a run
 * @policy: (nullable): the title of the policy that its task has now
 *
 * Returns: (transfer full): what happened, in words
 */
char *
lk_runs_page_explain (const LkRun *run, const char *policy)
{
  GString *text = g_string_new (NULL);
  g_autofree char *reason = NULL;

  if (run->state == LK_RUN_REQUESTED)
    g_string_append (text, _ ("Waiting for the program that runs the schedule."));
  else if (run->state == LK_RUN_RUNNING)
    g_string_append (text, _ ("Running now."));
  else if (run->state == LK_RUN_FAILED)
    {
      reason = lk_form_make_sentence (run->error);
      g_string_append_printf (text, _ ("Failed: %s"), reason);
    }
  else if (run->matched == 0)
    g_string_append (text, _ ("No license matched."));
  else if (run->fired == 0)
    g_string_append (text, _ ("No match was to be sent."));
  else
    g_string_append (text, _ ("Complete."));

  append_not_sent (text, run, policy);
  if (run->missed > 0)
    g_string_append_printf (
        text,
        g_dngettext (GETTEXT_PACKAGE, " One late run for %" PRId64 " more that was missed.",
                     " One late run for %" PRId64 " more that were missed.", (gulong) run->missed),
        run->missed);
  if (run->held > 0)
    g_string_append_printf (text, _ (" %" PRId64 " are held for a look."), run->held);
  return g_string_free (text, FALSE);
}

static char *
format_what (const LkRunLine *line)
{
  return lk_runs_page_explain (line->run, line->policy);
}

typedef char *(*FormatFunc) (const LkRunLine *line);

static void
setup_text_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  lk_form_show_text_as_tooltip (GTK_LABEL (label));
  gtk_list_item_set_child (item, label);
}

static void
setup_number_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  setup_text_cb (factory, item, user_data);
  gtk_label_set_xalign (GTK_LABEL (gtk_list_item_get_child (item)), 1);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  FormatFunc format = (FormatFunc) user_data;
  LkRunLine *line = gtk_list_item_get_item (item);
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *text = format (line);

  gtk_label_set_label (GTK_LABEL (label), text);
}

static void
add_column (LkRunsPage *self, const char *title, FormatFunc format, GCallback setup, int width)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = NULL;

  g_signal_connect (factory, "setup", setup, NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer) format);
  column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  if (width > 0)
    gtk_column_view_column_set_fixed_width (column, width);
  else
    gtk_column_view_column_set_expand (column, TRUE);
  gtk_column_view_append_column (self->table, column);
}

static void
show_runs (LkRunsPage *self, GPtrArray *runs, const char *policy)
{
  g_list_store_remove_all (self->lines);
  for (guint i = 0; i < runs->len; i++)
    {
      g_autoptr (LkRunLine) line = g_object_new (LK_TYPE_RUN_LINE, NULL);

      line->run = lk_run_copy (g_ptr_array_index (runs, i));
      line->policy = policy;
      g_list_store_append (self->lines, line);
    }

  gtk_label_set_label (self->empty, _ ("This task has not run yet."));
  gtk_stack_set_visible_child_name (self->stack, runs->len > 0 ? "table" : "empty");
}

static void
show_failure (LkRunsPage *self, const GError *error)
{
  g_autofree char *sentence = lk_message_format_error (error);

  gtk_label_set_label (self->empty, sentence);
  gtk_stack_set_visible_child_name (self->stack, "empty");
}

/* What the policy of the task is called; NULL where there is no task any more. */
static const char *
get_policy_title (const LkTask *task)
{
  LkPolicyKind kind;
  const char *rest;

  return task != NULL && lk_policy_kind_find (task->send, &kind, &rest)
             ? lk_policy_kind_get_title (kind)
             : NULL;
}

/* The runs, and the task as it is now. */
typedef struct
{
  GPtrArray *runs;
  LkTask *task;
} Listing;

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  g_clear_pointer (&listing->runs, g_ptr_array_unref);
  g_clear_pointer (&listing->task, lk_task_free);
  g_free (listing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listing, listing_free)

static gpointer
list_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  gint64 task_id = *(const gint64 *) data;
  g_autoptr (Listing) listing = g_new0 (Listing, 1);
  g_autoptr (GError) reason = NULL;

  listing->runs = lk_run_store_list (db, task_id, LK_RUNS_PAGE_MAX, error);
  if (listing->runs == NULL)
    return NULL;

  listing->task = lk_task_store_get (db, task_id, &reason);
  if (listing->task != NULL || g_error_matches (reason, LK_ERROR, LK_ERROR_NOT_FOUND))
    return g_steal_pointer (&listing); /* somebody may have deleted it meanwhile */

  g_propagate_error (error, g_steal_pointer (&reason));
  return NULL;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkRunsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Listing) listing = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  if (lk_db_pool_is_outdated (result))
    return;
  if (listing != NULL)
    show_runs (self, listing->runs, get_policy_title (listing->task));
  else
    show_failure (self, error);
}

/* An answer that is still due is to another question. */
static void
reload (LkRunsPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->task_id == 0)
    return;

  self->cancellable = g_cancellable_new ();
  lk_db_pool_read_async (lk_context_get_pool (self->context), list_job,
                         g_memdup2 (&self->task_id, sizeof self->task_id), g_free, listing_free,
                         self->cancellable, listed_cb, g_object_ref (self));
}

static void
feed_changed_cb (LkChangeFeed *feed, guint changes, LkRunsPage *self)
{
  g_assert (LK_IS_RUNS_PAGE (self));

  if ((changes & LK_CHANGE_RUNS) != 0)
    reload (self);
}

/* The log is part of the main window, above which the dialog with this page stands. */
static void
activated_cb (GtkColumnView *table, guint position, LkRunsPage *self)
{
  g_autoptr (LkRunLine) line = g_list_model_get_item (G_LIST_MODEL (self->lines), position);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (root));

  g_assert (LK_IS_RUNS_PAGE (self));

  if (line != NULL && window != NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.show-run", "x", line->run->id);
}

/* In a small window the form is scrolled, and the answer would be out of sight: once it has its
 * place, the form goes down to its end, where this page is. */
static gboolean
scroll_to_answer_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  GtkWidget *form = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment =
      form != NULL ? gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (form)) : NULL;

  if (adjustment != NULL)
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));

  return G_SOURCE_REMOVE;
}

/* Shows the answer below the question. */
static void
explain_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkRunsPage *self = LK_RUNS_PAGE (widget);

  lk_outlook_card_find (self->answer, self->task_id, gtk_editable_get_text (self->key));
  gtk_widget_set_visible (self->answer_area, TRUE);
}

static void
answered_cb (LkRunsPage *self)
{
  gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_to_answer_cb, NULL, NULL);
}

static void
key_changed_cb (LkRunsPage *self)
{
  g_autofree char *key = g_strstrip (g_strdup (gtk_editable_get_text (self->key)));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "runs.explain", *key != '\0');
  lk_outlook_card_clear (self->answer);
  gtk_widget_set_visible (self->answer_area, FALSE);
}

static void
key_activated_cb (LkRunsPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "runs.explain", NULL);
}

static void
lk_runs_page_dispose (GObject *object)
{
  LkRunsPage *self = LK_RUNS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_runs_page_parent_class)->dispose (object);
}

static void
lk_runs_page_finalize (GObject *object)
{
  g_clear_object (&LK_RUNS_PAGE (object)->lines);
  G_OBJECT_CLASS (lk_runs_page_parent_class)->finalize (object);
}

static void
lk_runs_page_class_init (LkRunsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_runs_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_runs_page_finalize;
  g_type_ensure (LK_TYPE_OUTLOOK_CARD);
  gtk_widget_class_install_action (widget_class, "runs.explain", NULL, explain_action);
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/runs-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LkRunsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LkRunsPage, empty);
  gtk_widget_class_bind_template_child (widget_class, LkRunsPage, table);
  gtk_widget_class_bind_template_child (widget_class, LkRunsPage, why);
  gtk_widget_class_bind_template_child (widget_class, LkRunsPage, key);
  gtk_widget_class_bind_template_child (widget_class, LkRunsPage, answer_area);
  gtk_widget_class_bind_template_child (widget_class, LkRunsPage, answer);
  gtk_widget_class_bind_template_callback (widget_class, key_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_activated_cb);
}

static void
lk_runs_page_init (LkRunsPage *self)
{
  g_autoptr (GtkSelectionModel) selection = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "runs.explain", FALSE);
  self->lines = g_list_store_new (LK_TYPE_RUN_LINE);
  selection =
      GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->lines))));
  add_column (self, _ ("Due"), format_due, G_CALLBACK (setup_text_cb), 190);
  add_column (self, _ ("Started by"), format_kind, G_CALLBACK (setup_text_cb), 120);
  add_column (self, _ ("Matched"), format_matched, G_CALLBACK (setup_number_cb), 80);
  add_column (self, _ ("Sent"), format_fired, G_CALLBACK (setup_number_cb), 86);
  add_column (self, _ ("Not sent"), format_suppressed, G_CALLBACK (setup_number_cb), 128);
  add_column (self, _ ("What happened"), format_what, G_CALLBACK (setup_text_cb), 0);
  gtk_column_view_set_model (self->table, selection);
}

/**
 * lk_runs_page_set_up:
 * @self: a page
 * @context: the services
 *
 * Called once.
 */
void
lk_runs_page_set_up (LkRunsPage *self, LkContext *context)
{
  g_return_if_fail (self->context == NULL);

  self->context = g_object_ref (context);
  lk_outlook_card_set_up (self->answer, context);
  g_signal_connect_object (self->answer, "answered", G_CALLBACK (answered_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->table, "activate", G_CALLBACK (activated_cb), self, 0);
  g_signal_connect_object (lk_context_get_change_feed (context), "changed",
                           G_CALLBACK (feed_changed_cb), self, 0);
}

/**
 * lk_runs_page_show:
 * @self: a page
 * @task_id: whose runs; 0 for a task that is not saved yet
 */
void
lk_runs_page_show (LkRunsPage *self, gint64 task_id)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  if (self->task_id == task_id && task_id != 0)
    return;

  self->task_id = task_id;
  gtk_editable_set_text (self->key, "");
  gtk_widget_set_visible (self->why, task_id != 0);
  show_runs (self, none, NULL);
  reload (self);
}
