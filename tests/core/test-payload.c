/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "core/payload.h"

static char *
make_text (const char *task_name, const char *user_data, const LkLicense *license)
{
  g_autoptr (GBytes) body = lk_payload_new (task_name, user_data, license);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);

  return g_strndup (data, size);
}

/* The literal JSON that stands behind the key of a license with one value. */
static char *
make_literal (const char *column, const char *value, const char *key)
{
  const char *const pair[] = { column, value, NULL };
  g_autoptr (LkLicense) license = lk_license_new_named (1, pair);
  g_autofree char *text = make_text ("t", "", license);
  g_autofree char *needle = g_strdup_printf ("\"%s\":", key);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) parsed = json_from_string (text, &error);
  const char *start = strstr (text, needle) + strlen (needle);
  const char *end = start;

  g_assert_no_error (error);
  g_assert_nonnull (parsed);
  for (gboolean quoted = FALSE; quoted || (*end != ',' && *end != '}'); end++)
    {
      if (*end == '\\')
        end++;
      else if (*end == '"')
        quoted = !quoted;
    }

  return g_strndup (start, (gsize) (end - start));
}

static void
test_example (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "example-body.json", NULL);
  g_autofree char *expected = NULL;
  g_autofree char *text = NULL;
  g_autoptr (LkLicense) license = lk_license_new_sample ();
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (path, &expected, &length, &error);
  g_assert_no_error (error);
  text = make_text ("stWebHook", "my user data", license);

  g_assert_cmpuint (length, ==, 886);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_absent (void)
{
  g_autoptr (LkLicense) license = lk_license_new (1, NULL);
  g_autofree char *text = make_text ("", "", license);

  g_assert_cmpstr (
      text, ==,
      "{\"Name\":\"\",\"WebHookUserData\":\"\",\"LicenseInfo\":{\"LicenseUpdatedOnServer\":false,"
      "\"ActivationKey\":\"\",\"FullName\":\"\",\"Country\":\"\",\"AffiliateID\":\"None\","
      "\"Email\":\"\",\"Duration\":0,\"ExpiryDate\":null,\"UsesAdminEncryption\":false,"
      "\"MaintenanceRenewalDate\":null,\"Features\":\"\",\"OrderID\":\"\",\"ReceiptID\":\"\","
      "\"SubscriptionID\":\"\",\"LicenseModel\":0,\"ProductID\":0,\"MajorVersion\":0,"
      "\"MinorVersion\":0,\"NumLicenses\":0,\"FloatingSeats\":0,\"UserData\":\"\","
      "\"NewFeatures\":\"\",\"NewFloatingSeats\":-1,\"ComputerID\":\"\",\"ComputerName\":\"\","
      "\"Comment\":\"\",\"LegacyKey\":\"\",\"AvailableLicenses\":0,\"OrderDate\":null,"
      "\"ProductProperties\":\"\",\"BundleID\":\"\",\"ProductName\":\"\",\"MaxReleaseCount\":-2,"
      "\"MaxReleasePeriodInDays\":-2,\"OrganizationID\":0}}");
}

static void
test_values (void)
{
  static const struct
  {
    const char *column, *value, *key, *literal;
  } cases[] = {
    /* Text */
    { "FullName", "Müller / Søn ♥ 𝄞", "FullName", "\"Müller / Søn ♥ 𝄞\"" },
    { "FullName", "a\"b\\c", "FullName", "\"a\\\"b\\\\c\"" },
    { "FullName", "\b\f\n\r\t", "FullName", "\"\\b\\f\\n\\r\\t\"" },
    { "FullName", "\x01\x1f\x7f", "FullName", "\"\\u0001\\u001f\x7f\"" },
    { "FullName", "\xc2\x85\xe2\x80\xa8\xe2\x80\xa9", "FullName", "\"\\u0085\\u2028\\u2029\"" },
    { "FullName", "\xc2\x84\xe2\x80\xa7\xe2\x80\xaa", "FullName",
      "\"\xc2\x84\xe2\x80\xa7\xe2\x80\xaa\"" },
    { "FullName", "<a href='x'>&amp;</a>", "FullName", "\"<a href='x'>&amp;</a>\"" },
    { "FullName", "caf\xe9", "FullName", "\"caf\xef\xbf\xbd\"" },
    { "FullName", "\xc2", "FullName", "\"\xef\xbf\xbd\"" },
    { "FullName", "\xed\xa0\x80", "FullName", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
    { "AffiliateID", "", "AffiliateID", "\"None\"" },
    { "AffiliateID", "shop", "AffiliateID", "\"shop\"" },
    { "ReceiptID", "R-1", "ReceiptID", "\"R-1\"" },
    { "ReceiptID", "R-1", "SubscriptionID", "\"R-1\"" },
    { "EnabledFeatures", "PRO,", "Features", "\"PRO,\"" },
    { "UserData1", "u", "UserData", "\"u\"" },
    { "Properties", "p", "ProductProperties", "\"p\"" },
    /* Dates */
    { "OrderDate", "2021-04-29 16:39:49", "OrderDate", "\"2021-04-29T16:39:49\"" },
    { "OrderDate", "2021-04-29T16:39:49", "OrderDate", "\"2021-04-29T16:39:49\"" },
    { "OrderDate", "2021-04-29 16:39:49.997", "OrderDate", "\"2021-04-29T16:39:49\"" },
    { "OrderDate", "2024-02-29", "OrderDate", "\"2024-02-29T00:00:00\"" },
    { "OrderDate", "", "OrderDate", "null" },
    { "OrderDate", "2023-02-29", "OrderDate", "null" },
    { "OrderDate", "2021-04-29 24:00:00", "OrderDate", "null" },
    { "OrderDate", "2021-04-29 16:39", "OrderDate", "null" },
    { "OrderDate", "2021-04-29 16:39:49Z", "OrderDate", "null" },
    { "OrderDate", "2021-04-29 16:39:49.1\"", "OrderDate", "null" },
    { "OrderDate", "29/04/2021", "OrderDate", "null" },
    { "OrderDate", "0000-01-01", "OrderDate", "null" },
    { "OrderDate", "2021-04-2", "OrderDate", "null" },
    { "OrderDate", "2021-04-29 16:39:4", "OrderDate", "null" },
    { "SubscriptionExpiryDate", "2026-01-02 23:59:59", "ExpiryDate", "\"2026-01-02T23:59:59\"" },
    /* Numbers */
    { "SubscriptionDuration", "365", "Duration", "365" },
    { "NumLicenses", "-1", "NumLicenses", "-1" },
    { "NumLicenses", "007", "NumLicenses", "7" },
    { "NumLicenses", "9223372036854775807", "NumLicenses", "9223372036854775807" },
    { "NumLicenses", "9223372036854775808", "NumLicenses", "0" },
    { "NumLicenses", "1.5", "NumLicenses", "0" },
    { "NumLicenses", "many", "NumLicenses", "0" },
    { "MaxReleaseCount", "0", "MaxReleaseCount", "0" },
    { "MaxReleaseCount", "x", "MaxReleaseCount", "-2" },
    /* License models */
    { "LicenseModel", "none", "LicenseModel", "0" },
    { "LicenseModel", "permanent", "LicenseModel", "1" },
    { "LicenseModel", "trial", "LicenseModel", "2" },
    { "LicenseModel", "Subscription", "LicenseModel", "3" },
    { "LicenseModel", "permanent_floating", "LicenseModel", "4" },
    { "LicenseModel", "trial_floating", "LicenseModel", "5" },
    { "LicenseModel", "subscription_floating", "LicenseModel", "6" },
    { "LicenseModel", "permanent_cloud", "LicenseModel", "7" },
    { "LicenseModel", "trial_cloud", "LicenseModel", "8" },
    { "LicenseModel", "subscription_cloud", "LicenseModel", "9" },
    { "LicenseModel", "lease", "LicenseModel", "0" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *literal = make_literal (cases[i].column, cases[i].value, cases[i].key);

      g_assert_cmpstr (literal, ==, cases[i].literal);
    }
}

static void
test_task_texts_are_escaped (void)
{
  g_autoptr (LkLicense) license = lk_license_new_sample ();
  g_autofree char *text = make_text ("a\"b", "c\nd\xff", license);

  g_assert_true (g_str_has_prefix (
      text, "{\"Name\":\"a\\\"b\",\"WebHookUserData\":\"c\\nd\xef\xbf\xbd\",\"LicenseInfo\":{"));
}

/* Whatever bytes the database holds, the body is valid UTF-8 and JSON with the same texts. */
static void
test_random_bytes (void)
{
  for (int i = 0; i < 2000; i++)
    {
      char name[24] = "";
      const char *const pairs[] = { "FullName", name, "OrderDate", name, "ProductID", name, NULL };
      g_autoptr (LkLicense) license = NULL;
      g_autofree char *text = NULL;
      g_autofree char *valid = NULL;
      g_autoptr (JsonNode) node = NULL;
      g_autoptr (GError) error = NULL;
      JsonObject *info;

      for (gsize j = 0; j < sizeof name - 1; j++)
        name[j] = (char) g_test_rand_int_range (1, 256);
      license = lk_license_new_named (1, pairs);
      text = make_text (name, name, license);
      valid = g_utf8_make_valid (name, -1);

      g_assert_true (g_utf8_validate (text, -1, NULL));
      node = json_from_string (text, &error);
      g_assert_no_error (error);
      info = json_object_get_object_member (json_node_get_object (node), "LicenseInfo");
      g_assert_cmpuint (json_object_get_size (info), ==, LK_LICENSE_N_JSON_KEYS);
      g_assert_cmpstr (json_object_get_string_member (info, "FullName"), ==, valid);
    }
}

static void
test_speed (void)
{
  g_autoptr (LkLicense) license = lk_license_new_sample ();
  gint64 started;
  double seconds;

  if (!g_test_perf ())
    {
      g_test_skip ("a measurement: run with -m perf");
      return;
    }

  started = g_get_monotonic_time ();
  for (int i = 0; i < 10000; i++)
    g_bytes_unref (lk_payload_new ("stWebHook", "my user data", license));
  seconds = (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC;
  g_test_minimized_result (seconds, "%.3f seconds for 10,000 payloads", seconds);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/payload/example", test_example);
  g_test_add_func ("/payload/absent", test_absent);
  g_test_add_func ("/payload/values", test_values);
  g_test_add_func ("/payload/task-texts-are-escaped", test_task_texts_are_escaped);
  g_test_add_func ("/payload/random-bytes", test_random_bytes);
  g_test_add_func ("/payload/speed", test_speed);

  return g_test_run ();
}
