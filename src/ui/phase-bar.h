/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "core/phase.h"

G_BEGIN_DECLS

#define LK_TYPE_PHASE_BAR (lk_phase_bar_get_type ())
G_DECLARE_FINAL_TYPE (LkPhaseBar, lk_phase_bar, LK, PHASE_BAR, GtkWidget)

/**
 * LkPhaseBar:
 *
 * A thin bar across its width: which part of an attempt's time each phase took. The style has the
 * colours; what it shows stands in words beside it.
 */
GtkWidget *lk_phase_bar_new (const LkAttempt *attempt);
const char *lk_phase_get_css_class (LkPhase phase);

G_END_DECLS
