/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LK_TYPE_RIBBON_GROUP (lk_ribbon_group_get_type ())
G_DECLARE_FINAL_TYPE (LkRibbonGroup, lk_ribbon_group, LK, RIBBON_GROUP, GtkWidget)

/**
 * LkRibbonGroup:
 *
 * Commands of the ribbon that belong together, with their heading below.
 *
 * Properties: `title` (string).
 */

G_END_DECLS
