/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/license.h"

static void
test_values_by_field (void)
{
  g_autofree const char **values = g_new0 (const char *, lk_license_n_fields);
  g_autoptr (LkLicense) license = NULL;

  for (gsize i = 0; i < lk_license_n_fields; i++)
    values[i] = i % 3 == 0 ? NULL : lk_license_fields[i].title;
  license = lk_license_new (42, values);

  g_assert_cmpint (lk_license_get_id (license), ==, 42);
  for (gsize i = 0; i < lk_license_n_fields; i++)
    g_assert_cmpstr (lk_license_get (license, &lk_license_fields[i]), ==,
                     lk_license_fields[i].column != NULL ? values[i] : NULL);
}

static void
test_names (void)
{
  static const char *const pairs[] = { "ReceiptID", "R-1", "FullName", "", NULL };
  g_autoptr (LkLicense) license = lk_license_new_named (1, pairs);

  g_assert_cmpstr (lk_license_get_named (license, "ReceiptID"), ==, "R-1");
  g_assert_cmpstr (lk_license_get_named (license, "SubscriptionID"), ==, "R-1");
  g_assert_cmpstr (lk_license_get_named (license, "FullName"), ==, "");
  g_assert_null (lk_license_get_named (license, "Email"));
  g_assert_null (lk_license_get_named (license, "NoSuchColumn"));
}

static void
test_values_are_copied (void)
{
  char name[] = "Ada";
  const char *pairs[] = { "FullName", name, NULL };
  g_autoptr (LkLicense) license = lk_license_new_named (1, pairs);
  g_autoptr (LkLicense) same = lk_license_ref (license);

  name[0] = 'I';
  g_assert_cmpstr (lk_license_get_named (same, "FullName"), ==, "Ada");
}

static void
test_sample (void)
{
  g_autoptr (LkLicense) license = lk_license_new_sample ();

  g_assert_cmpint (lk_license_get_id (license), ==, 0);
  g_assert_cmpstr (lk_license_get_named (license, "FullName"), ==, "John Smith");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/license/values-by-field", test_values_by_field);
  g_test_add_func ("/license/names", test_names);
  g_test_add_func ("/license/values-are-copied", test_values_are_copied);
  g_test_add_func ("/license/sample", test_sample);

  return g_test_run ();
}
