/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Alerts, file choosers and links. The one file with calls that later versions of GTK replace
 * (GtkAlertDialog, GtkFileDialog, GtkUriLauncher of 4.10). Thread: the main loop. @parent is any
 * widget of the window that asks. */

GtkWindow *lk_message_show (GtkWidget *parent, const char *heading, const char *text);
GtkWindow *lk_message_show_error (GtkWidget *parent, const char *heading, const GError *error);
char *lk_message_format_error (const GError *error);

void lk_message_choose_async (GtkWidget *parent, const char *heading, const char *text,
                              const char *const *buttons, int destructive,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
int lk_message_choose_finish (GAsyncResult *result, GError **error);

void lk_message_open_file_async (GtkWidget *parent, const char *title, const char *kind,
                                 const char *const *suffixes, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
void lk_message_save_file_async (GtkWidget *parent, const char *title, const char *name,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
GFile *lk_message_file_finish (GAsyncResult *result, GError **error);

G_END_DECLS
