/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LK_TYPE_EMPTY_STATE (lk_empty_state_get_type ())
G_DECLARE_FINAL_TYPE (LkEmptyState, lk_empty_state, LK, EMPTY_STATE, GtkWidget)

/**
 * LkEmptyState:
 *
 * What stands where a list has nothing to show: why, and the commands that change it.
 */
void lk_empty_state_show (LkEmptyState *self, const char *icon_name, const char *title,
                          const char *text);
void lk_empty_state_set_commands (LkEmptyState *self, const char *first_label,
                                  const char *first_action, const char *second_label,
                                  const char *second_action);
const char *lk_empty_state_get_title (LkEmptyState *self);

G_END_DECLS
