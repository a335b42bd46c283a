/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"

G_BEGIN_DECLS

#define LK_TYPE_OUTLOOK_CARD (lk_outlook_card_get_type ())
G_DECLARE_FINAL_TYPE (LkOutlookCard, lk_outlook_card, LK, OUTLOOK_CARD, GtkBox)

/**
 * LkOutlookCard:
 *
 * What a task makes of a license: why it is not sent, what became of its last webhook, and when it
 * is sent next; with Forget and Mark as Sent. It looks up while the person goes on, follows the
 * workspace, and drops an answer that comes too late.
 *
 * Signals: LkOutlookCard::answered, when the first answer to a question is shown.
 *
 * Thread: the main loop.
 */
GtkWidget *lk_outlook_card_new (LkContext *context);
void lk_outlook_card_set_up (LkOutlookCard *self, LkContext *context);
void lk_outlook_card_show_title (LkOutlookCard *self, const char *title);
void lk_outlook_card_look (LkOutlookCard *self, gint64 task_id, gint64 license_id);
void lk_outlook_card_find (LkOutlookCard *self, gint64 task_id, const char *key);
void lk_outlook_card_clear (LkOutlookCard *self);

G_END_DECLS
