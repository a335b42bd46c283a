/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/attention.h"

G_BEGIN_DECLS

#define LK_TYPE_ATTENTION_BAR (lk_attention_bar_get_type ())
G_DECLARE_FINAL_TYPE (LkAttentionBar, lk_attention_bar, LK, ATTENTION_BAR, GtkWidget)

/**
 * LkAttentionBar:
 *
 * A line for each thing that needs a person, with a button for what can be done: the actions of
 * #LkDeliveryActions. It is gone while there is nothing.
 */
void lk_attention_bar_set_up (LkAttentionBar *self, LkAttention *attention);
GStrv lk_attention_bar_get_lines (LkAttentionBar *self);

G_END_DECLS
