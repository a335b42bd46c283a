/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/license-list.h"
#include "ui/text-cell.h"

G_BEGIN_DECLS

#define LK_TYPE_KEY_CELL (lk_key_cell_get_type ())
G_DECLARE_FINAL_TYPE (LkKeyCell, lk_key_cell, LK, KEY_CELL, LkTextCell)

/**
 * LkKeyCell:
 *
 * One value of one license in the grid, which scrolls a million of them and makes some thousands of
 * cells for it. So a cell has no child and no layout of its own: it knows its height from the grid
 * and draws its text when it is on the screen.
 */
GtkWidget *lk_key_cell_new (const LkLicenseField *field);
void lk_key_cell_show (LkKeyCell *self, LkLicenseRow *row, guint position);
void lk_key_cell_clear (LkKeyCell *self);
LkLicenseRow *lk_key_cell_get_row (LkKeyCell *self);
const LkLicenseField *lk_key_cell_get_field (LkKeyCell *self);

G_END_DECLS
