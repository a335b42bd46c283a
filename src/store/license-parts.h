/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/license-server.h"

G_BEGIN_DECLS

/**
 * LkPart:
 *
 * The tables behind the view qryLicenseInfo.
 */
typedef enum
{
  LK_PART_LICENSE,
  LK_PART_CUSTOMER,
  LK_PART_PRODUCT,
  LK_PART_ORGANIZATION,
  LK_PART_AFFILIATE,
  LK_PART_ACTIVATION,
} LkPart;

#define LK_N_PARTS (LK_PART_ACTIVATION + 1)

/**
 * LkLicenseParts:
 * @columns: (element-type utf8): of each table, the columns to set
 * @values: (element-type utf8) (nullable entries): their values, checked and as they are stored
 *
 * One change, sorted by table. Private to the store.
 */
typedef struct
{
  GPtrArray *columns[LK_N_PARTS];
  GPtrArray *values[LK_N_PARTS];
} LkLicenseParts;

LkPart lk_license_part_of_column (const char *column);

LkLicenseParts *lk_license_parts_new (const LkLicenseChange *change, GError **error);
void lk_license_parts_free (LkLicenseParts *self);
gboolean lk_license_parts_has (const LkLicenseParts *self, LkPart part, const char *column);
const char *lk_license_parts_get (const LkLicenseParts *self, LkPart part, const char *column);
void lk_license_parts_set (LkLicenseParts *self, LkPart part, const char *column,
                           const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkLicenseParts, lk_license_parts_free)

G_END_DECLS
