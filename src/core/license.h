/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/license-field.h"

G_BEGIN_DECLS

/**
 * LkLicense:
 *
 * One license as it was read: a value per entry of lk_license_fields that has a column. Immutable
 * and reference-counted; any thread.
 */
typedef struct _LkLicense LkLicense;

LkLicense *lk_license_new (gint64 id, const char *const *values);
LkLicense *lk_license_new_named (gint64 id, const char *const *names_and_values);
LkLicense *lk_license_new_sample (void);
LkLicense *lk_license_ref (LkLicense *self);
void lk_license_unref (LkLicense *self);

gint64 lk_license_get_id (const LkLicense *self);
const char *lk_license_get (const LkLicense *self, const LkLicenseField *field);
const char *lk_license_get_named (const LkLicense *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkLicense, lk_license_unref)

G_END_DECLS
