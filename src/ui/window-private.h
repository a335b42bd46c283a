/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/catalog.h"
#include "ui/delivery-log.h"
#include "ui/keys-page.h"
#include "ui/ribbon.h"
#include "ui/status-bar.h"
#include "ui/window.h"

G_BEGIN_DECLS

struct _LkWindow
{
  GtkApplicationWindow parent_instance;

  LkRibbon *ribbon;
  GtkMenuButton *search_button;
  GtkMenuButton *columns_button;
  GtkPaned *paned;
  LkKeysPage *keys;
  LkDeliveryLog *log;
  LkStatusBar *status;

  LkContext *context;
  LkCatalog *catalog;
  LkAttention *attention;
  GSettings *settings; /* (nullable): where the schema is not installed */

  GtkWidget *search_dialog; /* weak, like the next four; NULL while there is none */
  GtkWidget *task_dialog;
  GtkWidget *server_dialog;
  GtkWidget *receiver;
  GtkWidget *license_window;

  GCancellable *work; /* of the import, export or deletion under way; NULL for none */
};

/* window-actions.c: the commands that act on the window itself */
void lk_window_add_actions (LkWindow *self);
void lk_window_update_actions (LkWindow *self);
void lk_window_set_action_enabled (LkWindow *self, const char *name, gboolean enabled);
void lk_window_set_action_state (LkWindow *self, const char *name, GVariant *state);

/* window-dialogs.c: the windows beside this one */
void lk_window_edit_searches (LkWindow *self);
void lk_window_edit_tasks (LkWindow *self);
void lk_window_edit_servers (LkWindow *self);
void lk_window_show_receiver (LkWindow *self);
void lk_window_show_license (LkWindow *self, const LkLicense *license);
void lk_window_create_sample (LkWindow *self);
gboolean lk_window_close_dialogs (LkWindow *self);
void lk_window_forget_dialogs (LkWindow *self);

/* window-data.c: the commands that take long: import, export, deletion */
void lk_window_import (LkWindow *self);
void lk_window_export (LkWindow *self, gboolean only_selected);
void lk_window_delete_keys (LkWindow *self);
void lk_window_begin_work (LkWindow *self, const char *text);
void lk_window_end_work (LkWindow *self);

G_END_DECLS
