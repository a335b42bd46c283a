/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-license-field"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/license-field.h"

/* In the order of the grid's columns. The webhook's own order is json_order. What has no column
 * stands at the end, so that the index of a field is also its place among the columns. */
const LkLicenseField lk_license_fields[] = {
  { .column = "LicenseID", .kind = LK_FIELD_INTEGER, .title = N_ ("License ID"), .width = 80 },
  { .column = "ActivationKey",
    .json_key = "ActivationKey",
    .json_order = 2,
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Activation Key"),
    .width = 345,
    .shown = TRUE },
  { .column = "FullName",
    .json_key = "FullName",
    .json_order = 3,
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Full Name"),
    .width = 160,
    .editable = TRUE,
    .shown = TRUE },
  { .column = "Company",
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Company"),
    .width = 160,
    .editable = TRUE,
    .shown = TRUE },
  { .column = "Email",
    .json_key = "Email",
    .json_order = 6,
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Email"),
    .width = 200,
    .editable = TRUE,
    .shown = TRUE },
  { .column = "Phone",
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Phone"),
    .width = 120,
    .editable = TRUE },
  { .column = "Address1",
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Address 1"),
    .width = 160,
    .editable = TRUE },
  { .column = "Address2",
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Address 2"),
    .width = 160,
    .editable = TRUE },
  { .column = "City", .kind = LK_FIELD_TEXT, .title = N_ ("City"), .width = 120, .editable = TRUE },
  { .column = "State",
    .kind = LK_FIELD_TEXT,
    .title = N_ ("State"),
    .width = 80,
    .editable = TRUE },
  { .column = "Zip", .kind = LK_FIELD_TEXT, .title = N_ ("Zip"), .width = 80, .editable = TRUE },
  { .column = "Country",
    .json_key = "Country",
    .json_order = 4,
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Country"),
    .width = 90,
    .editable = TRUE,
    .shown = TRUE },
  { .column = "IncludeInMailList",
    .kind = LK_FIELD_FLAG,
    .title = N_ ("Include in Mail List"),
    .width = 130,
    .editable = TRUE },
  { .column = "PrivacyConsent",
    .kind = LK_FIELD_FLAG,
    .title = N_ ("Privacy Consent"),
    .width = 120,
    .editable = TRUE },
  { .column = "ProductID",
    .json_key = "ProductID",
    .json_order = 16,
    .kind = LK_FIELD_INTEGER,
    .title = N_ ("Product ID"),
    .width = 80,
    .editable = TRUE },
  { .column = "ProductName",
    .json_key = "ProductName",
    .json_order = 32,
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Product"),
    .width = 130,
    .shown = TRUE },
  { .column = "MajorVersion",
    .json_key = "MajorVersion",
    .json_order = 17,
    .kind = LK_FIELD_INTEGER,
    .title = N_ ("Major Version"),
    .width = 100,
    .editable = TRUE },
  { .column = "MinorVersion",
    .json_key = "MinorVersion",
    .json_order = 18,
    .kind = LK_FIELD_INTEGER,
    .title = N_ ("Minor Version"),
    .width = 100,
    .editable = TRUE },
  { .column = "LicenseModel",
    .json_key = "LicenseModel",
    .json_order = 15,
    .json_absent = "0",
    .kind = LK_FIELD_TEXT,
    .title = N_ ("License Model"),
    .width = 170,
    .editable = TRUE,
    .shown = TRUE },
  { .column = "LicenseType",
    .kind = LK_FIELD_TEXT,
    .title = N_ ("License Type"),
    .width = 110,
    .editable = TRUE },
  { .column = "GenericLicense",
    .kind = LK_FIELD_FLAG,
    .title = N_ ("Generic License"),
    .width = 110,
    .editable = TRUE },
  { .column = "SubscriptionExpiryDate",
    .alias = "ExpiryDate",
    .json_key = "ExpiryDate",
    .json_order = 8,
    .kind = LK_FIELD_DATE,
    .title = N_ ("Subscription Expiry Date"),
    .width = 160,
    .editable = TRUE,
    .shown = TRUE },
  { .column = "SubscriptionDuration",
    .alias = "Duration",
    .json_key = "Duration",
    .json_order = 7,
    .kind = LK_FIELD_INTEGER,
    .title = N_ ("Subscription Duration"),
    .width = 130,
    .editable = TRUE },
  { .column = "MaintenanceRenewalDate",
    .json_key = "MaintenanceRenewalDate",
    .json_order = 10,
    .kind = LK_FIELD_DATE,
    .title = N_ ("Maintenance Renewal Date"),
    .width = 160,
    .editable = TRUE,
    .shown = TRUE },
  { .column = "OrderID",
    .json_key = "OrderID",
    .json_order = 12,
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Order ID"),
    .width = 120,
    .editable = TRUE,
    .shown = TRUE },
  { .column = "ReceiptID",
    .alias = "SubscriptionID",
    .json_key = "ReceiptID",
    .json_order = 13,
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Receipt ID"),
    .width = 120,
    .editable = TRUE },
  { .column = "OrderDate",
    .json_key = "OrderDate",
    .json_order = 29,
    .kind = LK_FIELD_DATE,
    .title = N_ ("Order Date"),
    .width = 150,
    .editable = TRUE,
    .shown = TRUE },
  { .column = "OrderStatus",
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Order Status"),
    .width = 110,
    .editable = TRUE,
    .shown = TRUE },
  { .column = "NumLicenses",
    .json_key = "NumLicenses",
    .json_order = 19,
    .kind = LK_FIELD_INTEGER,
    .title = N_ ("Licenses"),
    .width = 80,
    .editable = TRUE,
    .shown = TRUE },
  { .column = "AvailableLicenses",
    .json_key = "AvailableLicenses",
    .json_order = 28,
    .kind = LK_FIELD_INTEGER,
    .title = N_ ("Available Licenses"),
    .width = 120 },
  { .column = "FloatingSeats",
    .json_key = "FloatingSeats",
    .json_order = 20,
    .kind = LK_FIELD_INTEGER,
    .title = N_ ("Floating Seats"),
    .width = 100,
    .editable = TRUE },
  { .column = "EnabledFeatures",
    .json_key = "Features",
    .json_order = 11,
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Enabled Features"),
    .width = 140 },
  { .column = "Features",
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Features"),
    .width = 100,
    .editable = TRUE },
  { .column = "Properties",
    .alias = "ProductProperties",
    .json_key = "ProductProperties",
    .json_order = 30,
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Product Properties"),
    .width = 140,
    .editable = TRUE },
  { .column = "UserData1",
    .alias = "UserData",
    .json_key = "UserData",
    .json_order = 21,
    .kind = LK_FIELD_TEXT,
    .title = N_ ("User Data"),
    .width = 140,
    .editable = TRUE },
  { .column = "Comment",
    .json_key = "Comment",
    .json_order = 26,
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Comment"),
    .width = 160,
    .editable = TRUE },
  { .column = "Notes",
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Notes"),
    .width = 160,
    .editable = TRUE },
  { .column = "Disabled",
    .kind = LK_FIELD_FLAG,
    .title = N_ ("Revoked"),
    .width = 80,
    .shown = TRUE },
  { .column = "ActivationDate",
    .kind = LK_FIELD_DATE,
    .title = N_ ("Activation Date"),
    .width = 150,
    .shown = TRUE },
  { .column = "ReleaseDate", .kind = LK_FIELD_DATE, .title = N_ ("Release Date"), .width = 150 },
  { .column = "LastAccessedDate",
    .kind = LK_FIELD_DATE,
    .title = N_ ("Last Accessed Date"),
    .width = 150 },
  { .column = "ActivationCount",
    .kind = LK_FIELD_INTEGER,
    .title = N_ ("Activations"),
    .width = 90 },
  { .column = "ComputerID",
    .json_key = "ComputerID",
    .json_order = 24,
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Computer ID"),
    .width = 160,
    .shown = TRUE },
  { .column = "ComputerName",
    .json_key = "ComputerName",
    .json_order = 25,
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Computer Name"),
    .width = 140 },
  { .column = "ComputerKey", .kind = LK_FIELD_TEXT, .title = N_ ("Computer Key"), .width = 260 },
  { .column = "ComputerType", .kind = LK_FIELD_TEXT, .title = N_ ("Computer Type"), .width = 110 },
  { .column = "IP_Address", .kind = LK_FIELD_TEXT, .title = N_ ("IP Address"), .width = 120 },
  { .column = "ClientVersion",
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Client Version"),
    .width = 110 },
  { .column = "LegacyKey",
    .json_key = "LegacyKey",
    .json_order = 27,
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Legacy Key"),
    .width = 200,
    .editable = TRUE },
  { .column = "BundleID",
    .json_key = "BundleID",
    .json_order = 31,
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Bundle ID"),
    .width = 100,
    .editable = TRUE },
  { .column = "MaxReleaseCount",
    .json_key = "MaxReleaseCount",
    .json_order = 33,
    .json_absent = "-2",
    .kind = LK_FIELD_INTEGER,
    .title = N_ ("Maximum Releases"),
    .width = 120,
    .editable = TRUE },
  { .column = "MaxReleasePeriodInDays",
    .json_key = "MaxReleasePeriodInDays",
    .json_order = 34,
    .json_absent = "-2",
    .kind = LK_FIELD_INTEGER,
    .title = N_ ("Release Period (Days)"),
    .width = 140,
    .editable = TRUE },
  { .column = "OrganizationID",
    .json_key = "OrganizationID",
    .json_order = 35,
    .kind = LK_FIELD_INTEGER,
    .title = N_ ("Organization ID"),
    .width = 110,
    .editable = TRUE },
  { .column = "OrganizationName",
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Organization"),
    .width = 140 },
  { .column = "AffiliateID",
    .json_key = "AffiliateID",
    .json_order = 5,
    .json_absent = "\"None\"",
    .kind = LK_FIELD_TEXT,
    .title = N_ ("Affiliate ID"),
    .width = 100,
    .editable = TRUE },
  { .column = "AffiliateName", .kind = LK_FIELD_TEXT, .title = N_ ("Affiliate"), .width = 120 },
  { .column = "CreationDate", .kind = LK_FIELD_DATE, .title = N_ ("Creation Date"), .width = 150 },
  { .json_key = "LicenseUpdatedOnServer",
    .json_order = 1,
    .json_constant = "false",
    .kind = LK_FIELD_FLAG },
  { .json_key = "UsesAdminEncryption",
    .json_order = 9,
    .json_constant = "false",
    .kind = LK_FIELD_FLAG },
  { .alias = "ReceiptID", .json_key = "SubscriptionID", .json_order = 14, .kind = LK_FIELD_TEXT },
  { .json_key = "NewFeatures", .json_order = 22, .json_constant = "\"\"", .kind = LK_FIELD_TEXT },
  { .json_key = "NewFloatingSeats",
    .json_order = 23,
    .json_constant = "-1",
    .kind = LK_FIELD_INTEGER },
};

const gsize lk_license_n_fields = G_N_ELEMENTS (lk_license_fields);

/**
 * lk_license_field_index:
 * @field: an entry of lk_license_fields
 *
 * Thread: any.
 *
 * Returns: the place of @field in lk_license_fields, from 0
 */
gsize
lk_license_field_index (const LkLicenseField *field)
{
  g_return_val_if_fail (field >= lk_license_fields, 0);
  g_return_val_if_fail (field < lk_license_fields + G_N_ELEMENTS (lk_license_fields), 0);

  return field - lk_license_fields;
}

/**
 * lk_license_field_find:
 * @name: the name of a column, or its second name, as a search may use it; the case is ignored
 *
 * A column's own name comes first: `Features` is the column with the bit masks, although the
 * webhook sends EnabledFeatures under that key. Thread: any.
 *
 * Returns: (nullable): the field, which always has a column
 */
const LkLicenseField *
lk_license_field_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (lk_license_fields); i++)
    {
      const LkLicenseField *field = &lk_license_fields[i];

      if (field->column != NULL && g_ascii_strcasecmp (field->column, name) == 0)
        return field;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (lk_license_fields); i++)
    {
      const LkLicenseField *field = &lk_license_fields[i];

      if (field->column != NULL && field->alias != NULL
          && g_ascii_strcasecmp (field->alias, name) == 0)
        return field;
    }

  return NULL;
}

/**
 * lk_license_field_find_json:
 * @json_key: a key of `LicenseInfo`; the case counts, as it does in JSON
 *
 * Thread: any.
 *
 * Returns: (nullable): the field that travels under @json_key
 */
const LkLicenseField *
lk_license_field_find_json (const char *json_key)
{
  g_return_val_if_fail (json_key != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (lk_license_fields); i++)
    {
      if (g_strcmp0 (lk_license_fields[i].json_key, json_key) == 0)
        return &lk_license_fields[i];
    }

  return NULL;
}

/* The fields that travel, by their place less one. Every body asks for all of them. */
static const LkLicenseField *const *
get_json_order (void)
{
  static const LkLicenseField *fields[LK_LICENSE_N_JSON_KEYS];
  static gsize is_sorted;

  if (g_once_init_enter (&is_sorted))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (lk_license_fields); i++)
        if (lk_license_fields[i].json_order > 0)
          fields[lk_license_fields[i].json_order - 1] = &lk_license_fields[i];
      g_once_init_leave (&is_sorted, 1);
    }

  return fields;
}

/**
 * lk_license_field_at_json_order:
 * @json_order: 1 to %LK_LICENSE_N_JSON_KEYS, the place in `LicenseInfo`
 *
 * Thread: any.
 *
 * Returns: (nullable): the field at that place; %NULL outside of the range
 */
const LkLicenseField *
lk_license_field_at_json_order (int json_order)
{
  if (json_order < 1 || json_order > LK_LICENSE_N_JSON_KEYS)
    return NULL;

  return get_json_order ()[json_order - 1];
}

/**
 * lk_license_field_get_source:
 * @field: an entry of lk_license_fields
 *
 * Where the value of @field is read: from its own column, or, for a key of the webhook that
 * repeats the value of another column (SubscriptionID that of ReceiptID), from that one.
 * Thread: any.
 *
 * Returns: (nullable): a field with a column; %NULL when the value is constant
 */
const LkLicenseField *
lk_license_field_get_source (const LkLicenseField *field)
{
  g_return_val_if_fail (field != NULL, NULL);

  if (field->column != NULL)
    return field;

  return field->alias != NULL ? lk_license_field_find (field->alias) : NULL;
}
