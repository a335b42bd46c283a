/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/condition.h"

G_BEGIN_DECLS

#define LK_TYPE_CONDITION_BAR (lk_condition_bar_get_type ())
G_DECLARE_FINAL_TYPE (LkConditionBar, lk_condition_bar, LK, CONDITION_BAR, GtkWidget)

/**
 * LkConditionBar:
 *
 * The ad-hoc bar: lines of and/or, field, operator and value. Adding a line, removing one, or
 * pressing Enter in a value applies them.
 *
 * Signals: LkConditionBar::changed, when the conditions are to be applied.
 */
void lk_condition_bar_add (LkConditionBar *self, const LkCondition *condition);
void lk_condition_bar_clear (LkConditionBar *self);
char *lk_condition_bar_get_text (LkConditionBar *self, GError **error);

G_END_DECLS
