/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LK_TYPE_ZONE_CHOOSER (lk_zone_chooser_get_type ())
G_DECLARE_FINAL_TYPE (LkZoneChooser, lk_zone_chooser, LK, ZONE_CHOOSER, GtkBox)

/**
 * LkZoneChooser:
 *
 * An entry for an IANA time zone with a list that finds a zone by any part of its name ("york").
 * A GtkDropDown of GTK 4.8 finds names by their beginnings only.
 */
GtkWidget *lk_zone_chooser_get_entry (LkZoneChooser *self);

G_END_DECLS
