/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "core/license-field.h"

G_BEGIN_DECLS

#define LK_TYPE_KEY_COLUMNS (lk_key_columns_get_type ())
G_DECLARE_FINAL_TYPE (LkKeyColumns, lk_key_columns, LK, KEY_COLUMNS, GObject)

/**
 * LkKeyColumns:
 *
 * The columns of the license grid, one for each entry of lk_license_fields that has a column: which
 * are shown, how wide, in what order, and which one sorts. What a person changes of it is kept in
 * the settings.
 *
 * Signals: LkKeyColumns::sort-changed, when a person clicked a header.
 *
 * Thread: the main loop.
 */
LkKeyColumns *lk_key_columns_new (GtkColumnView *view, GSettings *settings);
const LkLicenseField *lk_key_columns_get_sort (LkKeyColumns *self, gboolean *descending);
void lk_key_columns_sort (LkKeyColumns *self, const LkLicenseField *field, gboolean descending);
gboolean lk_key_columns_is_shown (LkKeyColumns *self, const LkLicenseField *field);
void lk_key_columns_set_shown (LkKeyColumns *self, const LkLicenseField *field, gboolean shown);
GtkColumnViewColumn *lk_key_columns_get_column (LkKeyColumns *self, const LkLicenseField *field);
GtkWidget *lk_key_columns_new_chooser (LkKeyColumns *self);
void lk_key_columns_reset (LkKeyColumns *self);

G_END_DECLS
