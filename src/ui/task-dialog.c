/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-dialog"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n.h>

#include "store/change-feed.h"
#include "store/server-store.h"
#include "ui/message.h"
#include "ui/runs-page.h"
#include "ui/task-dialog.h"
#include "ui/task-form.h"
#include "ui/task-preview-window.h"

struct _LkTaskDialog
{
  LkDraftDialog parent;

  LkTaskForm *form;
  GtkWidget *run_button;
  GtkWidget *preview;        /* (nullable) (weak): the window that is open */
  GCancellable *cancellable; /* of the run that was asked for; %NULL for none */
  gint64 default_server_id;
};

G_DEFINE_FINAL_TYPE (LkTaskDialog, lk_task_dialog, LK_TYPE_DRAFT_DIALOG)

static LkInstant
get_now (LkTaskDialog *self)
{
  LkContext *context = lk_draft_dialog_get_context (LK_DRAFT_DIALOG (self));

  return lk_clock_now (lk_context_get_clock (context));
}

static LkDraftItem *
lk_task_dialog_create_item (LkDraftDialog *dialog)
{
  LkTaskDialog *self = LK_TASK_DIALOG (dialog);
  g_autofree char *name =
      lk_draft_list_make_name (lk_draft_dialog_get_list (dialog), _ ("New Task"));
  LkTaskItem *item = lk_task_item_new_blank (get_now (self));

  lk_task_item_set_text (item, LK_TASK_FIELD_NAME, name);
  if (lk_task_item_get_number (item, LK_TASK_FIELD_SERVER) == 0)
    lk_task_item_set_number (item, LK_TASK_FIELD_SERVER, self->default_server_id);
  lk_task_item_set_flag (
      item, LK_TASK_FIELD_USE_KEYRING,
      lk_keyring_is_open (lk_context_get_keyring (lk_draft_dialog_get_context (dialog))));
  return LK_DRAFT_ITEM (item);
}

static LkDraftItem *
lk_task_dialog_duplicate_item (LkDraftDialog *dialog, LkDraftItem *item)
{
  /* translators: the name of a search or task that was duplicated */
  g_autofree char *wish = g_strdup_printf (_ ("Copy of %s"), lk_draft_item_get_title (item));
  g_autofree char *name = lk_draft_list_make_name (lk_draft_dialog_get_list (dialog), wish);

  return LK_DRAFT_ITEM (
      lk_task_item_duplicate (LK_TASK_ITEM (item), name, get_now (LK_TASK_DIALOG (dialog))));
}

static void
lk_task_dialog_show_item (LkDraftDialog *dialog, LkDraftItem *item)
{
  lk_task_form_show (LK_TASK_DIALOG (dialog)->form, item != NULL ? LK_TASK_ITEM (item) : NULL);
}

static void
lk_task_dialog_focus_form (LkDraftDialog *dialog)
{
  lk_task_form_focus_name (LK_TASK_DIALOG (dialog)->form);
}

/* The baselines of the tasks that are being saved, one after the other. */
typedef struct
{
  LkTaskDialog *dialog;
  GPtrArray *items;
  guint next;
} Preparation;

static void
preparation_free (Preparation *preparation)
{
  g_object_unref (preparation->dialog);
  g_ptr_array_unref (preparation->items);
  g_free (preparation);
}

static void prepare_next (Preparation *preparation);

static void
found_marks_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Preparation *preparation = user_data;
  LkDraftItem *item = g_ptr_array_index (preparation->items, preparation->next - 1);
  g_autoptr (GError) error = NULL;
  GPtrArray *marks = lk_context_find_marks_finish (LK_CONTEXT (source), result, &error);

  if (marks != NULL)
    {
      lk_task_item_take_marks (LK_TASK_ITEM (item), marks);
      prepare_next (preparation);
      return;
    }

  lk_draft_dialog_finish_preparing (LK_DRAFT_DIALOG (preparation->dialog), item, error);
  preparation_free (preparation);
}

/* @preparation: (transfer full) */
static void
prepare_next (Preparation *preparation)
{
  LkDraftDialog *dialog = LK_DRAFT_DIALOG (preparation->dialog);

  while (preparation->next < preparation->items->len)
    {
      LkTaskItem *item = g_ptr_array_index (preparation->items, preparation->next++);
      g_autoptr (LkTask) task =
          lk_task_item_get_baseline (item) ? lk_task_item_to_task (item, NULL) : NULL;

      if (task == NULL)
        continue;

      lk_context_find_marks_async (lk_draft_dialog_get_context (dialog), task, 0, NULL,
                                   found_marks_cb, preparation);
      return;
    }

  lk_draft_dialog_finish_preparing (dialog, NULL, NULL);
  preparation_free (preparation);
}

static void
lk_task_dialog_prepare (LkDraftDialog *dialog, GPtrArray *items)
{
  Preparation *preparation = g_new0 (Preparation, 1);

  preparation->dialog = LK_TASK_DIALOG (g_object_ref (dialog));
  preparation->items = g_ptr_array_ref (items);
  prepare_next (preparation);
}

/* Why the chosen task cannot run now, translated; %NULL when it can. */
static const char *
find_hindrance (LkTaskDialog *self)
{
  LkDraftDialog *dialog = LK_DRAFT_DIALOG (self);
  LkDraftItem *item = lk_draft_dialog_get_selected (dialog);

  if (item == NULL || lk_draft_dialog_is_busy (dialog))
    return _ ("Choose a task first");
  if (self->cancellable != NULL)
    return _ ("A run is under way");
  if (lk_draft_item_is_dirty (item))
    return _ ("Apply the changes first: a run uses what is saved");

  return NULL;
}

static void
lk_task_dialog_update_enabled (LkDraftDialog *dialog)
{
  LkTaskDialog *self = LK_TASK_DIALOG (dialog);
  const char *hindrance = find_hindrance (self);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "task.run-now", hindrance == NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "task.preview",
                                 lk_draft_dialog_get_selected (dialog) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "task.send-test",
                                 lk_draft_dialog_get_selected (dialog) != NULL);
  gtk_widget_set_tooltip_text (self->run_button,
                               hindrance != NULL ? hindrance
                                                 : _ ("Search and send at once, as at a due time"));
}

static void
show_run (LkTaskDialog *self, const LkRun *run)
{
  g_autofree char *what = lk_runs_page_explain (run, NULL);
  g_autofree char *text = g_strdup_printf (
      /* translators: a task's name, what its run came to as a sentence, two counts */
      _ ("“%s” has run. %s Matched: %" PRId64 ", sent: %" PRId64 "."), run->task_name, what,
      run->matched, run->fired);

  lk_draft_dialog_show_note (LK_DRAFT_DIALOG (self), text);
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkTaskDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkRun) run = lk_context_run_task_finish (LK_CONTEXT (source), result, &error);
  g_autofree char *sentence = NULL;

  if (self->cancellable == NULL) /* the window is gone */
    return;

  g_clear_object (&self->cancellable);
  if (run != NULL)
    show_run (self, run);
  else
    {
      sentence = lk_message_format_error (error);
      lk_draft_dialog_show_message (LK_DRAFT_DIALOG (self), sentence);
    }
  lk_task_dialog_update_enabled (LK_DRAFT_DIALOG (self));
}

static void
run_now_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkTaskDialog *self = LK_TASK_DIALOG (widget);
  LkDraftDialog *dialog = LK_DRAFT_DIALOG (self);
  LkDraftItem *item = lk_draft_dialog_get_selected (dialog);
  g_autofree char *text = g_strdup_printf (_ ("Running “%s”…"), lk_draft_item_get_title (item));

  self->cancellable = g_cancellable_new ();
  lk_draft_dialog_show_note (dialog, text);
  lk_task_form_show_runs (self->form);
  lk_context_run_task_async (lk_draft_dialog_get_context (dialog), lk_draft_item_get_id (item),
                             self->cancellable, ran_cb, g_object_ref (self));
  lk_task_dialog_update_enabled (dialog);
}

/* The task as edited; one that lacks only its name or its receiver can be looked at as well. */
static LkTask *
make_task (LkTaskItem *item, GError **error)
{
  LkTask *task = lk_task_item_to_task (item, error);

  if (task != NULL)
    return task;

  task = lk_task_item_make_trial (item);
  if (task != NULL)
    g_clear_error (error);

  return task;
}

static void
preview_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkTaskDialog *self = LK_TASK_DIALOG (widget);
  LkDraftDialog *dialog = LK_DRAFT_DIALOG (self);
  LkTaskItem *item = LK_TASK_ITEM (lk_draft_dialog_get_selected (dialog));
  g_autoptr (GError) error = NULL;
  g_autoptr (LkTask) task = make_task (item, &error);
  g_autofree char *sentence = NULL;

  if (task == NULL)
    {
      sentence = lk_message_format_error (error);
      lk_draft_dialog_show_message (dialog, sentence);
      return;
    }

  if (self->preview == NULL)
    g_set_weak_pointer (
        &self->preview,
        lk_task_preview_window_new (GTK_WINDOW (self), lk_draft_dialog_get_context (dialog)));
  lk_task_preview_window_show (LK_TASK_PREVIEW_WINDOW (self->preview), task,
                               lk_task_item_get_text (item, LK_TASK_FIELD_SECRET),
                               !lk_draft_item_is_dirty (LK_DRAFT_ITEM (item)));
  gtk_window_present (GTK_WINDOW (self->preview));
}

static void
send_test_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_task_form_send_test (LK_TASK_DIALOG (widget)->form);
}

static gpointer
default_server_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_server_store_get_default (db, error);
}

/* Without a default a new task starts without a server, and says so at the field. */
static void
default_server_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkTaskDialog) self = user_data;
  g_autoptr (LkServerProfile) profile = lk_db_pool_finish (LK_DB_POOL (source), result, NULL);

  if (profile != NULL)
    self->default_server_id = profile->id;
}

/* Closing the window does not stop a run: it goes on, and the delivery log shows it. */
static void
lk_task_dialog_dispose (GObject *object)
{
  g_clear_weak_pointer (&LK_TASK_DIALOG (object)->preview);
  g_clear_object (&LK_TASK_DIALOG (object)->cancellable);
  G_OBJECT_CLASS (lk_task_dialog_parent_class)->dispose (object);
}

static void
lk_task_dialog_class_init (LkTaskDialogClass *klass)
{
  LkDraftDialogClass *dialog_class = LK_DRAFT_DIALOG_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_task_dialog_dispose;
  dialog_class->create_item = lk_task_dialog_create_item;
  dialog_class->duplicate_item = lk_task_dialog_duplicate_item;
  dialog_class->show_item = lk_task_dialog_show_item;
  dialog_class->prepare = lk_task_dialog_prepare;
  dialog_class->focus_form = lk_task_dialog_focus_form;
  dialog_class->update_enabled = lk_task_dialog_update_enabled;
  gtk_widget_class_install_action (widget_class, "task.run-now", NULL, run_now_action);
  gtk_widget_class_install_action (widget_class, "task.preview", NULL, preview_action);
  gtk_widget_class_install_action (widget_class, "task.send-test", NULL, send_test_action);
}

static GtkWidget *
add_button (LkTaskDialog *self, const char *label, const char *action)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  lk_draft_dialog_add_button (LK_DRAFT_DIALOG (self), button);
  return button;
}

static void
lk_task_dialog_init (LkTaskDialog *self)
{
  LkDraftDialog *dialog = LK_DRAFT_DIALOG (self);
  GtkWidget *preview_button, *test_button;

  gtk_window_set_title (GTK_WINDOW (self), _ ("Scheduled Tasks"));
  gtk_window_set_default_size (GTK_WINDOW (self), 1000, 760);
  self->form = g_object_new (LK_TYPE_TASK_FORM, NULL);
  lk_draft_dialog_set_form (dialog, GTK_WIDGET (self->form));
  lk_draft_dialog_set_ordered (dialog, FALSE);
  lk_draft_dialog_set_words (dialog, _ ("Scheduled Tasks"),
                             _ ("There is no task yet. Add one to send what a search finds."),
                             _ ("Remove"));
  self->run_button = add_button (self, _ ("Run No_w"), "task.run-now");
  preview_button = add_button (self, _ ("_Preview"), "task.preview");
  gtk_widget_set_tooltip_text (preview_button,
                               _ ("What it would send now and at its next runs; nothing is sent"));
  test_button = add_button (self, _ ("Send _Test"), "task.send-test");
  gtk_widget_set_tooltip_text (test_button, _ ("Send one license now, and see what comes back"));
}

/**
 * lk_task_dialog_new:
 * @parent: (nullable): the window it belongs to
 * @context: the services
 *
 * Returns: (transfer none): Scheduled Tasks, not yet presented
 */
GtkWidget *
lk_task_dialog_new (GtkWindow *parent, LkContext *context)
{
  LkTaskDialog *self = g_object_new (LK_TYPE_TASK_DIALOG, NULL);

  lk_task_form_set_up (self->form, context);
  lk_draft_dialog_set_up (LK_DRAFT_DIALOG (self), parent, context, &lk_task_kind, LK_CHANGE_TASKS,
                          0);
  lk_db_pool_read_async (lk_context_get_pool (context), default_server_job, NULL, NULL,
                         (GDestroyNotify) lk_server_profile_free, NULL, default_server_cb,
                         g_object_ref (self));
  return GTK_WIDGET (self);
}
