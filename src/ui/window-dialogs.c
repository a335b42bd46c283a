/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-window"

#include "config.h"

#include <glib/gi18n.h>

#include "store/sample-workspace.h"
#include "ui/license-window.h"
#include "ui/message.h"
#include "ui/receiver-window.h"
#include "ui/search-dialog.h"
#include "ui/server-dialog.h"
#include "ui/task-dialog.h"
#include "ui/window-private.h"

/* How many licenses the sample has that the welcome offers. */
#define SAMPLE_LICENSES 2000

/* Each of these windows is there once: a second call brings it to the front. */
static gboolean
present_again (GtkWidget *dialog)
{
  /* One that was closed may live on, hidden, until an answer that it waits for is there. */
  if (dialog == NULL || !gtk_widget_get_visible (dialog))
    return FALSE;

  gtk_window_present (GTK_WINDOW (dialog));

  return TRUE;
}

static void
present_new (GtkWidget **slot, GtkWidget *dialog)
{
  g_set_weak_pointer (slot, dialog);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Edit Searches, with the active one selected. */
void
lk_window_edit_searches (LkWindow *self)
{
  if (!present_again (self->search_dialog))
    present_new (&self->search_dialog,
                 lk_search_dialog_new (GTK_WINDOW (self), self->context,
                                       lk_keys_page_get_search_id (self->keys)));
}

/* Scheduled Tasks. */
void
lk_window_edit_tasks (LkWindow *self)
{
  if (!present_again (self->task_dialog))
    present_new (&self->task_dialog, lk_task_dialog_new (GTK_WINDOW (self), self->context));
}

/* License Servers. */
void
lk_window_edit_servers (LkWindow *self)
{
  if (!present_again (self->server_dialog))
    present_new (&self->server_dialog, lk_server_dialog_new (GTK_WINDOW (self), self->context));
}

/* The Test Receiver, listening at once: that is what it is opened for. */
void
lk_window_show_receiver (LkWindow *self)
{
  if (present_again (self->receiver))
    return;

  present_new (&self->receiver, lk_receiver_window_new (self->context));
  gtk_widget_activate_action (self->receiver, "receiver.start", NULL);
}

/* What is next for a license. */
void
lk_window_show_license (LkWindow *self, const LkLicense *license)
{
  if (!present_again (self->license_window))
    present_new (&self->license_window, lk_license_window_new (GTK_WINDOW (self), self->context));

  lk_license_window_show (LK_LICENSE_WINDOW (self->license_window),
                          lk_keys_page_get_server_id (self->keys), license);
}

/* Closes the windows that belong to this one. Returns whether all are closed: one with unsaved
 * edits asks first. */
gboolean
lk_window_close_dialogs (LkWindow *self)
{
  GtkWidget *dialogs[] = { self->search_dialog, self->task_dialog, self->server_dialog,
                           self->receiver, self->license_window };
  gboolean all_closed = TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (dialogs); i++)
    if (dialogs[i] != NULL && gtk_widget_get_visible (dialogs[i]))
      {
        g_autoptr (GtkWidget) dialog = g_object_ref (dialogs[i]);

        gtk_window_close (GTK_WINDOW (dialog));
        all_closed = all_closed && !gtk_widget_get_visible (dialog);
      }

  return all_closed;
}

/* Lets go of them without asking, for the end of the window. */
void
lk_window_forget_dialogs (LkWindow *self)
{
  g_clear_weak_pointer (&self->search_dialog);
  g_clear_weak_pointer (&self->task_dialog);
  g_clear_weak_pointer (&self->server_dialog);
  g_clear_weak_pointer (&self->receiver);
  g_clear_weak_pointer (&self->license_window);
}

/* Fills an empty workspace. It blocks for a moment: there is nothing else to do in it yet. */
void
lk_window_create_sample (LkWindow *self)
{
  g_autoptr (GError) error = NULL;

  if (!lk_sample_workspace_fill (lk_context_get_workspace (self->context), SAMPLE_LICENSES,
                                 LK_RECEIVER_WINDOW_PORT,
                                 lk_clock_now (lk_context_get_clock (self->context)), &error))
    lk_message_show_error (GTK_WIDGET (self), _ ("The Sample Could Not Be Created"), error);
}
