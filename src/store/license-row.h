/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/license-list.h"

G_BEGIN_DECLS

/* Private to the list. */
LkLicenseRow *lk_license_row_new (gint64 license_id);
void lk_license_row_fill (LkLicenseRow *self, gint64 license_id, LkLicense *license);

G_END_DECLS
