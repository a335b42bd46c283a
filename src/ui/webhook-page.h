/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"
#include "ui/task-fields.h"

G_BEGIN_DECLS

#define LK_TYPE_WEBHOOK_PAGE (lk_webhook_page_get_type ())
G_DECLARE_FINAL_TYPE (LkWebhookPage, lk_webhook_page, LK, WEBHOOK_PAGE, GtkBox)

/**
 * LkWebhookPage:
 *
 * The Webhooks tab of Scheduled Tasks: where each match goes, signed with what, and how often.
 */
void lk_webhook_page_set_up (LkWebhookPage *self, LkContext *context, LkTaskFields *fields);

G_END_DECLS
