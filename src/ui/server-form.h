/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"
#include "ui/draft-list.h"
#include "ui/server-item.h"

G_BEGIN_DECLS

#define LK_TYPE_SERVER_FORM (lk_server_form_get_type ())
G_DECLARE_FINAL_TYPE (LkServerForm, lk_server_form, LK, SERVER_FORM, GtkBox)

/**
 * LkServerForm:
 *
 * The right half of License Servers: name, database, default, and Test.
 */
void lk_server_form_set_up (LkServerForm *self, LkContext *context, LkDraftList *list);
void lk_server_form_show (LkServerForm *self, LkServerItem *item);
void lk_server_form_focus_name (LkServerForm *self);

G_END_DECLS
