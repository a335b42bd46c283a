/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkFieldKind:
 * @LK_FIELD_TEXT: text; JSON string, "" when absent
 * @LK_FIELD_INTEGER: whole number; JSON number
 * @LK_FIELD_FLAG: stored as 0 or 1; JSON boolean
 * @LK_FIELD_DATE: wall-clock text `YYYY-MM-DD HH:MM:SS`; JSON string with `T`, null when absent
 */
typedef enum
{
  LK_FIELD_TEXT,
  LK_FIELD_INTEGER,
  LK_FIELD_FLAG,
  LK_FIELD_DATE,
} LkFieldKind;

/**
 * LkLicenseField:
 * @column: the name in `qryLicenseInfo`; %NULL for a value that exists only in the webhook
 * @alias: a second name that a search may use, or %NULL; where @column is %NULL, the name of the
 *   column whose value travels, see lk_license_field_get_source()
 * @json_key: the key in `LicenseInfo`, or %NULL when the value does not travel
 * @json_order: 1 to 35, the place in `LicenseInfo`; 0 when it does not travel
 * @json_constant: the literal JSON for a value without a column, or %NULL
 * @json_absent: the literal JSON when the value is absent, or %NULL for the kind's own
 * @kind: how the value is stored, compared and written
 * @title: (nullable): the column's translatable title; %NULL where there is no column
 * @width: the width of the column in the grid, in pixels; 0 where there is no column
 * @editable: whether a person may change it
 * @shown: whether the grid shows it by default
 *
 * One value of a license. The table lk_license_fields is the only place that names them: the grid,
 * the payload, CSV, completion and the check of a search all derive from it; a test compares the
 * columns of the schema's view with it.
 */
typedef struct
{
  const char *column;
  const char *alias;
  const char *json_key;
  int json_order;
  const char *json_constant;
  const char *json_absent;
  LkFieldKind kind;
  const char *title;
  int width;
  gboolean editable;
  gboolean shown;
} LkLicenseField;

#define LK_LICENSE_N_JSON_KEYS 35

extern const LkLicenseField lk_license_fields[];
extern const gsize lk_license_n_fields;

gsize lk_license_field_index (const LkLicenseField *field);
const LkLicenseField *lk_license_field_find (const char *name);
const LkLicenseField *lk_license_field_find_json (const char *json_key);
const LkLicenseField *lk_license_field_at_json_order (int json_order);
const LkLicenseField *lk_license_field_get_source (const LkLicenseField *field);

G_END_DECLS
