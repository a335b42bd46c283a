/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"
#include "ui/task-item.h"

G_BEGIN_DECLS

#define LK_TYPE_SEND_TEST (lk_send_test_get_type ())
G_DECLARE_FINAL_TYPE (LkSendTest, lk_send_test, LK, SEND_TEST, GtkBox)

/**
 * LkSendTest:
 *
 * Fires one real request for a chosen license with the settings of a task as edited, and shows in
 * place what went out, both signatures, what came back, how long it took and what that means.
 */
void lk_send_test_set_up (LkSendTest *self, LkContext *context);
void lk_send_test_show (LkSendTest *self, LkTaskItem *item);
void lk_send_test_send (LkSendTest *self);

G_END_DECLS
