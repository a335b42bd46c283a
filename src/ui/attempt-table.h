/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "core/delivery.h"

G_BEGIN_DECLS

#define LK_TYPE_ATTEMPT_TABLE (lk_attempt_table_get_type ())
G_DECLARE_FINAL_TYPE (LkAttemptTable, lk_attempt_table, LK, ATTEMPT_TABLE, GtkWidget)

/**
 * LkAttemptTable:
 *
 * The attempts of a delivery side by side, the latest first: what came back, how long each phase
 * took, when, and why. One of them is chosen.
 *
 * Signals: LkAttemptTable::chosen, after another one was.
 */
void lk_attempt_table_show (LkAttemptTable *self, GPtrArray *attempts, int number);
const LkAttempt *lk_attempt_table_get_chosen (LkAttemptTable *self);

G_END_DECLS
