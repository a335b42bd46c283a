/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-message"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/message.h"

static GtkWindow *
find_window (GtkWidget *widget)
{
  GtkRoot *root = widget != NULL ? gtk_widget_get_root (widget) : NULL;

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static GtkWidget *
new_alert (GtkWidget *parent, const char *heading, const char *text)
{
  GtkWidget *dialog =
      gtk_message_dialog_new (find_window (parent), GTK_DIALOG_MODAL | GTK_DIALOG_USE_HEADER_BAR,
                              GTK_MESSAGE_OTHER, GTK_BUTTONS_NONE, "%s", heading);

  if (text != NULL)
    gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog), "%s", text);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  /* It shows none of its own, but a window manager or a screen reader asks for it. */
  gtk_window_set_title (GTK_WINDOW (dialog), heading);

  return dialog;
}

/* A dialog that answers a task. Whichever comes first, the answer, the cancellation or the end of
 * the parent window, completes the task; the others find it gone. */
static void
end_dialog (GtkWidget *dialog, int choice)
{
  GTask *task = g_object_steal_data (G_OBJECT (dialog), "task");

  if (task == NULL)
    return;

  /* The answer may end the parent, of which GTK 4.8 would speak when the dialog's memory is freed.
   */
  gtk_window_set_transient_for (GTK_WINDOW (dialog), NULL);
  gtk_window_destroy (GTK_WINDOW (dialog));
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_int (task, choice);
  g_object_unref (task);
}

static void
choice_response_cb (GtkDialog *dialog, int response, gpointer user_data)
{
  int cancel = GPOINTER_TO_INT (user_data);

  g_assert (GTK_IS_DIALOG (dialog));

  end_dialog (GTK_WIDGET (dialog), response >= 0 ? response : cancel);
}

static void
choice_cancelled_cb (GCancellable *cancellable, GtkWidget *dialog)
{
  g_assert (GTK_IS_DIALOG (dialog));

  end_dialog (dialog, -1);
}

static void
file_response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  g_assert (GTK_IS_FILE_CHOOSER (dialog));

  gtk_native_dialog_hide (dialog);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (response == GTK_RESPONSE_ACCEPT)
    g_task_return_pointer (task, gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)),
                           g_object_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s",
                             _ ("no file was chosen"));
}

static void
add_filters (GtkFileChooser *chooser, const char *kind, const char *const *suffixes)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, kind);
  for (gsize i = 0; suffixes[i] != NULL; i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  gtk_file_filter_set_name (all, _ ("All files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (chooser, filter);
  gtk_file_chooser_add_filter (chooser, all);
}

static void
show_chooser (GtkFileChooserNative *chooser, GTask *task)
{
  /* The task lives as long as the answer is due, and the dialog as long as the task. */
  g_task_set_task_data (task, chooser, g_object_unref);
  g_signal_connect (chooser, "response", G_CALLBACK (file_response_cb), task);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/**
 * lk_message_format_error:
 * @error: an error
 *
 * Makes a sentence of an error's fragment: with a capital and a full stop.
 *
 * Returns: (transfer full): the sentence
 */
char *
lk_message_format_error (const GError *error)
{
  gunichar first;
  g_autofree char *rest = NULL;
  char head[8] = "";
  gboolean ends;

  g_return_val_if_fail (error != NULL, NULL);

  if (error->message[0] == '\0')
    return g_strdup (_ ("Unknown error."));
  first = g_utf8_get_char (error->message);
  head[g_unichar_to_utf8 (g_unichar_toupper (first), head)] = '\0';
  rest = g_strdup (g_utf8_next_char (error->message));

  ends = rest[0] != '\0' && strchr (".?!", rest[strlen (rest) - 1]) != NULL;
  return g_strconcat (head, rest, ends ? "" : ".", NULL);
}

/**
 * lk_message_show:
 * @parent: (nullable): a widget of the window that has something to say
 * @heading: what it is about, in a few words
 * @text: (nullable): the rest
 *
 * Shows a message with a Close button.
 *
 * Returns: (transfer none): the dialog, which goes away by itself
 */
GtkWindow *
lk_message_show (GtkWidget *parent, const char *heading, const char *text)
{
  GtkWidget *dialog;

  g_return_val_if_fail (heading != NULL, NULL);

  dialog = new_alert (parent, heading, text);
  gtk_dialog_add_button (GTK_DIALOG (dialog), _ ("_Close"), GTK_RESPONSE_CLOSE);
  g_signal_connect (dialog, "response", G_CALLBACK (gtk_window_destroy), NULL);
  gtk_window_present (GTK_WINDOW (dialog));

  return GTK_WINDOW (dialog);
}

/**
 * lk_message_show_error:
 * @parent: (nullable): a widget of the window in which something failed
 * @heading: what did not work, e.g. "Could not import licenses"
 * @error: why
 *
 * Shows an error, unless somebody cancelled on purpose: that is no news.
 *
 * Returns: (transfer none) (nullable): the dialog, which goes away by itself; %NULL for a
 *   cancellation
 */
GtkWindow *
lk_message_show_error (GtkWidget *parent, const char *heading, const GError *error)
{
  g_autofree char *sentence = NULL;

  g_return_val_if_fail (heading != NULL && error != NULL, NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;

  sentence = lk_message_format_error (error);

  return lk_message_show (parent, heading, sentence);
}

/**
 * lk_message_choose_async:
 * @parent: (nullable): a widget of the window that asks
 * @heading: the question
 * @text: (nullable): what it means
 * @buttons: (array zero-terminated=1): labels with mnemonics; the first one is what Escape means
 *   (Cancel), the last one what Enter means, unless it destroys something
 * @destructive: index of the button that destroys something, or -1
 * @cancellable: (nullable): closes the question
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks a person to choose.
 */
void
lk_message_choose_async (GtkWidget *parent, const char *heading, const char *text,
                         const char *const *buttons, int destructive, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  GtkWidget *dialog;
  GTask *task;
  int n_buttons;

  g_return_if_fail (heading != NULL && buttons != NULL && buttons[0] != NULL);

  dialog = new_alert (parent, heading, text);
  for (n_buttons = 0; buttons[n_buttons] != NULL; n_buttons++)
    {
      GtkWidget *button =
          gtk_dialog_add_button (GTK_DIALOG (dialog), buttons[n_buttons], n_buttons);

      if (n_buttons == destructive)
        gtk_widget_add_css_class (button, "destructive-action");
    }
  gtk_dialog_set_default_response (GTK_DIALOG (dialog),
                                   destructive == n_buttons - 1 ? 0 : n_buttons - 1);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_message_choose_async);
  g_object_set_data_full (G_OBJECT (dialog), "task", task, g_object_unref);
  g_signal_connect (dialog, "response", G_CALLBACK (choice_response_cb), GINT_TO_POINTER (0));
  if (cancellable != NULL)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (choice_cancelled_cb), dialog, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * lk_message_choose_finish:
 * @result: the result handed to the callback
 * @error: %G_IO_ERROR_CANCELLED
 *
 * Returns: the index of the button; 0 when the question was closed; -1 on error
 */
int
lk_message_choose_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), -1);

  return (int) g_task_propagate_int (G_TASK (result), error);
}

/**
 * lk_message_open_file_async:
 * @parent: (nullable): a widget of the window that asks
 * @title: the title of the chooser
 * @kind: what kind of file, e.g. "CSV files"
 * @suffixes: (array zero-terminated=1): suffixes without the dot
 * @cancellable: (nullable): makes the answer void
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks for a file that exists.
 */
void
lk_message_open_file_async (GtkWidget *parent, const char *title, const char *kind,
                            const char *const *suffixes, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  GtkFileChooserNative *chooser;
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, lk_message_open_file_async);
  chooser = gtk_file_chooser_native_new (title, find_window (parent), GTK_FILE_CHOOSER_ACTION_OPEN,
                                         _ ("_Open"), _ ("_Cancel"));
  add_filters (GTK_FILE_CHOOSER (chooser), kind, suffixes);
  show_chooser (chooser, task);
}

/**
 * lk_message_save_file_async:
 * @parent: (nullable): a widget of the window that asks
 * @title: the title of the chooser
 * @name: the name to suggest
 * @cancellable: (nullable): makes the answer void
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks for a file to write; the chooser asks before it gives one that exists.
 */
void
lk_message_save_file_async (GtkWidget *parent, const char *title, const char *name,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GtkFileChooserNative *chooser;
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, lk_message_save_file_async);
  chooser = gtk_file_chooser_native_new (title, find_window (parent), GTK_FILE_CHOOSER_ACTION_SAVE,
                                         _ ("_Save"), _ ("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  show_chooser (chooser, task);
}

/**
 * lk_message_file_finish:
 * @result: the result handed to the callback
 * @error: %G_IO_ERROR_CANCELLED when no file was chosen
 *
 * Returns: (transfer full): the file; %NULL on error
 */
GFile *
lk_message_file_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
