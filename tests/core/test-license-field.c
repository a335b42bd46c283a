/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/license-field.h"

/* As QLM's example body has them, see tests/data. */
static const char *const json_keys[] = {
  "LicenseUpdatedOnServer",
  "ActivationKey",
  "FullName",
  "Country",
  "AffiliateID",
  "Email",
  "Duration",
  "ExpiryDate",
  "UsesAdminEncryption",
  "MaintenanceRenewalDate",
  "Features",
  "OrderID",
  "ReceiptID",
  "SubscriptionID",
  "LicenseModel",
  "ProductID",
  "MajorVersion",
  "MinorVersion",
  "NumLicenses",
  "FloatingSeats",
  "UserData",
  "NewFeatures",
  "NewFloatingSeats",
  "ComputerID",
  "ComputerName",
  "Comment",
  "LegacyKey",
  "AvailableLicenses",
  "OrderDate",
  "ProductProperties",
  "BundleID",
  "ProductName",
  "MaxReleaseCount",
  "MaxReleasePeriodInDays",
  "OrganizationID",
};

static void
test_json_order (void)
{
  g_assert_cmpuint (G_N_ELEMENTS (json_keys), ==, LK_LICENSE_N_JSON_KEYS);

  for (int i = 0; i < LK_LICENSE_N_JSON_KEYS; i++)
    {
      const LkLicenseField *field = lk_license_field_at_json_order (i + 1);

      g_assert_nonnull (field);
      g_assert_cmpstr (field->json_key, ==, json_keys[i]);
      g_assert_true (lk_license_field_find_json (json_keys[i]) == field);
      g_assert_true (field->json_constant != NULL || lk_license_field_get_source (field) != NULL);
    }

  g_assert_null (lk_license_field_at_json_order (0));
  g_assert_null (lk_license_field_at_json_order (-1));
  g_assert_null (lk_license_field_at_json_order (LK_LICENSE_N_JSON_KEYS + 1));
  g_assert_null (lk_license_field_find_json ("fullname"));
}

static void
test_find (void)
{
  const struct
  {
    const char *name;
    const char *column;
  } rows[] = {
    { "ReceiptID", "ReceiptID" },
    { "SubscriptionID", "ReceiptID" },
    { "subscriptionid", "ReceiptID" },
    { "ExpiryDate", "SubscriptionExpiryDate" },
    { "SUBSCRIPTIONEXPIRYDATE", "SubscriptionExpiryDate" },
    { "Duration", "SubscriptionDuration" },
    { "UserData", "UserData1" },
    { "ProductProperties", "Properties" },
    { "Features", "Features" },
    { "EnabledFeatures", "EnabledFeatures" },
    { "NewFeatures", NULL },
    { "", NULL },
    { "Emai", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const LkLicenseField *field = lk_license_field_find (rows[i].name);

      g_assert_cmpstr (field != NULL ? field->column : NULL, ==, rows[i].column);
    }
}

static void
test_table_is_consistent (void)
{
  gboolean columns_ended = FALSE;

  for (gsize i = 0; i < lk_license_n_fields; i++)
    {
      const LkLicenseField *field = &lk_license_fields[i];

      g_assert_cmpuint (lk_license_field_index (field), ==, i);
      g_assert_cmpint (field->column != NULL, ==, field->title != NULL);
      g_assert_cmpint (field->column != NULL, ==, field->width > 0);
      g_assert_cmpint (field->json_key != NULL, ==, field->json_order > 0);
      columns_ended |= field->column == NULL;
      g_assert_true (columns_ended == (field->column == NULL));

      if (field->column != NULL)
        g_assert_true (lk_license_field_find (field->column) == field);
      if (field->column != NULL && field->alias != NULL)
        g_assert_true (lk_license_field_find (field->alias) == field);
    }
}

static void
test_source (void)
{
  const LkLicenseField *subscription = lk_license_field_find_json ("SubscriptionID");
  const LkLicenseField *constant = lk_license_field_find_json ("NewFloatingSeats");

  g_assert_cmpstr (lk_license_field_get_source (subscription)->column, ==, "ReceiptID");
  g_assert_null (lk_license_field_get_source (constant));
  g_assert_cmpstr (constant->json_constant, ==, "-1");
  g_assert_cmpstr (lk_license_field_find ("AffiliateID")->json_absent, ==, "\"None\"");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/license-field/json-order", test_json_order);
  g_test_add_func ("/license-field/find", test_find);
  g_test_add_func ("/license-field/table-is-consistent", test_table_is_consistent);
  g_test_add_func ("/license-field/source", test_source);

  return g_test_run ();
}
