/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-preview-window"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n.h>

#include "store/task-secret.h"
#include "store/task-store.h"
#include "ui/choice.h"
#include "ui/form.h"
#include "ui/ledger-buttons.h"
#include "ui/message.h"
#include "ui/task-preview-table.h"
#include "ui/task-preview-window.h"
#include "ui/test-text.h"
#include "ui/ui-init.h"

#define DELAY_MS 300

struct _LkTaskPreviewWindow
{
  GtkWindow parent;

  LkContext *context;
  LkTask *task; /* (nullable): what is looked at */
  GTimeZone *zone;
  char *secret;                      /* (nullable): not saved yet */
  LkPreview *preview;                /* (nullable) */
  LkPreviewRequest *request;         /* (nullable): of the chosen row */
  guint delay_id;                    /* a person changes the number of days */
  GCancellable *cancellable;         /* (nullable): of the preview */
  GCancellable *request_cancellable; /* (nullable): of the request */
  gboolean is_saved;                 /* whether the task is stored as it is looked at */

  GtkSpinButton *days;
  GtkDropDown *choice;
  GtkSpinner *spinner;
  GtkLabel *summary;
  GtkLabel *remark;
  GtkColumnView *table;
  GtkTextView *request_view;
  GtkCheckButton *pretty;
  LkLedgerButtons *buttons;
};

G_DEFINE_FINAL_TYPE (LkTaskPreviewWindow, lk_task_preview_window, GTK_TYPE_WINDOW)

static LkPreviewChoice
get_choice (LkTaskPreviewWindow *self)
{
  return (LkPreviewChoice) gtk_drop_down_get_selected (self->choice);
}

static char *
describe_run (LkTaskPreviewWindow *self, guint i)
{
  const LkPreviewRun *run = &g_array_index (self->preview->runs, LkPreviewRun, i);
  g_autofree char *when = lk_form_format_instant (run->due_at, self->zone);

  if (run->when == LK_PREVIEW_NOW)
    return g_strdup_printf (_ ("If the task ran now, %'" PRId64 " of %'" PRId64
                               " matches would be sent. %'" PRId64 " were sent before."),
                            run->fired, run->matched, run->known);

  /* translators: date and time, two counts */
  return g_strdup_printf (
      _ ("At the next run, %s, %'" PRId64 " of %'" PRId64 " matches would be sent."), when,
      run->fired, run->matched);
}

static char *
describe_days (LkTaskPreviewWindow *self)
{
  const GArray *runs = self->preview->runs;
  g_autofree char *until =
      lk_form_format_instant (g_array_index (runs, LkPreviewRun, runs->len - 1).due_at, self->zone);
  gint64 fired = 0;

  for (guint i = 1; i < runs->len; i++)
    fired += g_array_index (runs, LkPreviewRun, i).fired;

  /* translators: how many webhooks, how many runs, date and time */
  return g_strdup_printf (
      _ ("%'" PRId64 " webhooks would be sent at %'u runs until %s, if the licenses stay as they "
         "are."),
      fired, runs->len - 1, until);
}

static char *
describe (LkTaskPreviewWindow *self)
{
  switch (get_choice (self))
    {
    case LK_PREVIEW_CHOICE_NOW:
      return describe_run (self, 0);
    case LK_PREVIEW_CHOICE_NEXT:
      return describe_run (self, 1);
    case LK_PREVIEW_CHOICE_DAYS:
    default:
      return describe_days (self);
    }
}

/* What keeps it from being the whole truth. */
static char *
make_remark (LkTaskPreviewWindow *self)
{
  GString *text = g_string_new (NULL);

  if (!self->task->webhook_enabled)
    g_string_append (text, _ ("The webhook is off: nothing is sent before it is on. "));
  if (!self->task->enabled)
    g_string_append (text, _ ("The task is not enabled: the timer does not run it. "));
  if (self->preview->n_left_out > 0)
    g_string_append_printf (text, _ ("Further licenses, which are not listed: %'" PRId64 ". "),
                            self->preview->n_left_out);
  if (self->preview->is_cut)
    g_string_append (text, _ ("Later runs were not looked at, for it would take too long. "));

  return g_strchomp (g_string_free (text, FALSE));
}

static void
show_remark (LkTaskPreviewWindow *self, const char *text)
{
  gtk_label_set_label (self->remark, text);
  gtk_widget_set_visible (GTK_WIDGET (self->remark), *text != '\0');
}

static void
show_buttons (LkTaskPreviewWindow *self)
{
  const LkPreviewRow *row = lk_task_preview_table_get_selected (self->table, self->preview);
  LkLedgerSubject subject = { .task = self->task, .is_sent = TRUE };

  if (!self->is_saved)
    subject.hindrance = _ ("Apply the changes to the task first");
  if (row != NULL)
    {
      subject.license_id = row->license_id;
      subject.license_key = row->license_key;
      subject.distinct_field = self->preview->distinct_field;
    }
  lk_ledger_buttons_show (self->buttons, &subject);
}

static void
show_preview (LkTaskPreviewWindow *self)
{
  g_autofree char *summary = NULL;
  g_autofree char *remark = NULL;

  if (self->preview != NULL)
    {
      summary = describe (self);
      remark = make_remark (self);
      gtk_label_set_label (self->summary, summary);
      show_remark (self, remark);
    }

  lk_task_preview_table_show (self->table, self->preview, get_choice (self), self->zone);
  show_buttons (self);
}

static void
show_request (LkTaskPreviewWindow *self)
{
  g_autofree char *body = NULL;
  g_autofree char *text = NULL;

  if (self->request == NULL)
    return;

  body = lk_test_text_format_body (self->request->body, gtk_check_button_get_active (self->pretty));
  text = g_strdup_printf ("POST %s\n%s\n%s\n", self->request->url, self->request->headers, body);
  lk_form_show_exact_text (self->request_view, text);
}

static void
give_up (GCancellable **cancellable)
{
  g_cancellable_cancel (*cancellable);
  g_clear_object (cancellable);
}

static void
request_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkTaskPreviewWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkPreviewRequest) request =
      lk_context_preview_request_finish (LK_CONTEXT (source), result, &error);
  g_autofree char *sentence = NULL;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;

  g_clear_object (&self->request_cancellable);
  if (request != NULL)
    {
      self->request = g_steal_pointer (&request);
      show_request (self);
      return;
    }

  sentence = lk_message_format_error (error);
  lk_form_show_exact_text (self->request_view, sentence);
}

/* What the chosen row stands for is made anew: keys are held down in lists. */
static void
selected_cb (LkTaskPreviewWindow *self)
{
  const LkPreviewRow *row = lk_task_preview_table_get_selected (self->table, self->preview);

  give_up (&self->request_cancellable);
  g_clear_pointer (&self->request, lk_preview_request_free);
  show_buttons (self);
  if (row == NULL)
    {
      lk_form_show_exact_text (self->request_view, "");
      return;
    }

  self->request_cancellable = g_cancellable_new ();
  lk_context_preview_request_async (self->context, self->task, self->secret, row->license_id,
                                    lk_preview_get_run (self->preview, row)->due_at,
                                    self->request_cancellable, request_made_cb,
                                    g_object_ref (self));
}

static void
previewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkTaskPreviewWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkPreview) preview = lk_context_preview_finish (LK_CONTEXT (source), result, &error);
  g_autofree char *sentence = NULL;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;

  g_clear_object (&self->cancellable);
  gtk_spinner_stop (self->spinner);
  self->preview = g_steal_pointer (&preview);
  if (self->preview == NULL)
    {
      sentence = lk_message_format_error (error);
      gtk_label_set_label (self->summary, sentence);
      show_remark (self, "");
    }
  show_preview (self);
}

static void
look (LkTaskPreviewWindow *self)
{
  LkPreviewOptions options = { .now = lk_clock_now (lk_context_get_clock (self->context)),
                               .days = gtk_spin_button_get_value_as_int (self->days) };

  give_up (&self->cancellable);
  g_clear_pointer (&self->preview, lk_preview_free);
  show_preview (self);
  gtk_label_set_label (self->summary, _ ("Looking ahead…"));
  gtk_spinner_start (self->spinner);
  self->cancellable = g_cancellable_new ();
  lk_context_preview_async (self->context, self->task, &options, self->cancellable, previewed_cb,
                            g_object_ref (self));
}

static gboolean
delay_cb (gpointer user_data)
{
  LkTaskPreviewWindow *self = user_data;

  g_assert (LK_IS_TASK_PREVIEW_WINDOW (self));

  self->delay_id = 0;
  look (self);

  return G_SOURCE_REMOVE;
}

static void
days_changed_cb (LkTaskPreviewWindow *self)
{
  if (self->task == NULL)
    return;

  g_clear_handle_id (&self->delay_id, g_source_remove);
  self->delay_id = g_timeout_add (DELAY_MS, delay_cb, self);
}

static void
choice_changed_cb (LkTaskPreviewWindow *self)
{
  if (self->preview != NULL)
    show_preview (self);
}

static void
stop (LkTaskPreviewWindow *self)
{
  g_clear_handle_id (&self->delay_id, g_source_remove);
  give_up (&self->cancellable);
  give_up (&self->request_cancellable);
}

/* The window goes, though what is looked up still holds it. */
static void
lk_task_preview_window_unrealize (GtkWidget *widget)
{
  stop (LK_TASK_PREVIEW_WINDOW (widget));
  GTK_WIDGET_CLASS (lk_task_preview_window_parent_class)->unrealize (widget);
}

static void
lk_task_preview_window_dispose (GObject *object)
{
  LkTaskPreviewWindow *self = LK_TASK_PREVIEW_WINDOW (object);

  stop (self);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_task_preview_window_parent_class)->dispose (object);
}

static void
lk_task_preview_window_finalize (GObject *object)
{
  LkTaskPreviewWindow *self = LK_TASK_PREVIEW_WINDOW (object);

  g_clear_pointer (&self->task, lk_task_free);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->secret, lk_secret_free);
  g_clear_pointer (&self->preview, lk_preview_free);
  g_clear_pointer (&self->request, lk_preview_request_free);
  G_OBJECT_CLASS (lk_task_preview_window_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, LkTaskPreviewWindow, child)

static void
lk_task_preview_window_class_init (LkTaskPreviewWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_task_preview_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_task_preview_window_finalize;
  widget_class->unrealize = lk_task_preview_window_unrealize;

  g_type_ensure (LK_TYPE_LEDGER_BUTTONS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               LK_RESOURCE_BASE "/task-preview-window.ui");
  BIND (days);
  BIND (choice);
  BIND (spinner);
  BIND (summary);
  BIND (remark);
  BIND (table);
  BIND (request_view);
  BIND (pretty);
  BIND (buttons);
  gtk_widget_class_bind_template_callback (widget_class, look);
  gtk_widget_class_bind_template_callback (widget_class, days_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, choice_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_request);
}

static void
lk_task_preview_window_init (LkTaskPreviewWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_ledger_buttons_add_mnemonics (self->buttons);
  g_signal_connect_object (lk_task_preview_table_set_up (self->table), "notify::selected-item",
                           G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  gtk_drop_down_set_selected (self->choice, LK_PREVIEW_CHOICE_DAYS);
}

/**
 * lk_task_preview_window_new:
 * @parent: (nullable): the window it belongs to
 * @context: the services
 *
 * Returns: (transfer none): the window, not yet presented
 */
GtkWidget *
lk_task_preview_window_new (GtkWindow *parent, LkContext *context)
{
  LkTaskPreviewWindow *self = g_object_new (LK_TYPE_TASK_PREVIEW_WINDOW, NULL);

  lk_ui_set_parent (GTK_WINDOW (self), parent);
  self->context = g_object_ref (context);
  lk_ledger_buttons_set_up (self->buttons, context);

  return GTK_WIDGET (self);
}

/**
 * lk_task_preview_window_show:
 * @self: a window
 * @task: the task, saved or not; copied
 * @secret: (nullable): its secret as typed; %NULL takes the stored one
 * @is_saved: whether the task is stored as it is
 *
 * Looks at the task anew.
 */
void
lk_task_preview_window_show (LkTaskPreviewWindow *self, const LkTask *task, const char *secret,
                             gboolean is_saved)
{
  g_autofree char *title = NULL;

  g_return_if_fail (LK_IS_TASK_PREVIEW_WINDOW (self) && task != NULL);

  g_clear_handle_id (&self->delay_id, g_source_remove);
  g_clear_pointer (&self->task, lk_task_free);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->secret, lk_secret_free);
  self->task = lk_task_copy (task);
  self->zone = lk_recurrence_get_zone (&task->recurrence);
  self->secret = g_strdup (secret);
  self->is_saved = is_saved;
  /* translators: the title of a window; a task's name */
  title = g_strdup_printf (_ ("Preview of “%s”"), task->name);
  gtk_window_set_title (GTK_WINDOW (self), title);
  look (self);
}
