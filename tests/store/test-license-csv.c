/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/error.h"
#include "license-fixture.h"
#include "store/license-csv.h"

static LkCsvReport *
import_bytes (LicenseFixture *fixture, const char *text, gssize length, GError **error)
{
  g_autofree char *path = test_folder_write (fixture->folder, "in.csv", text, length);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;

  lk_license_csv_import_async (fixture->server, file, NULL, test_result_cb, &result);
  test_wait (&result);
  return lk_license_csv_import_finish (fixture->server, result, error);
}

static char *
export_all (LicenseFixture *fixture)
{
  g_autoptr (LkLicenseQuery) query = license_query (NULL);
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  lk_license_csv_export_async (fixture->server, query, stream, NULL, test_result_cb, &result);
  test_wait (&result);
  g_assert_cmpint (lk_license_csv_export_finish (fixture->server, result, &error), >=, 0);
  g_assert_no_error (error);
  return g_strndup (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                    g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)));
}

static void
test_good (LicenseFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text;
    gint64 n_rows;
    const char *comment; /* of the last license */
  } rows[] = {
    { "ActivationKey,Comment\nA,one\nB,two\n", 2, "two" },
    { "ActivationKey,Comment\r\nA,one\r\nB,\"t,w\"\"o\r\nx\"\r\n", 2, "t,w\"o\r\nx" },
    { "\xef\xbb\xbf"
      "activationkey;COMMENT\nA;\"zwölf; 漢字\"",
      1, "zwölf; 漢字" },
    { "ActivationKey\tComment\nA\tx\n\n\n", 1, "x" },
    { "ActivationKey,Comment,ReceiptID,SubscriptionID,LicenseUpdatedOnServer\rA,x,1,2,false", 1,
      "x" },
    { "ActivationKey,Comment,ExpiryDate,LicenseModel,Duration\nA,y,2021-05-29T23:59:59,2,30\n", 1,
      "y" },
    { "ActivationKey,Comment\n", 0, NULL },
    { "LicenseID,ActivationKey,Comment\n77,A,=1+1\n", 1, "=1+1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LkCsvReport) report = import_bytes (fixture, rows[i].text, -1, &error);
      g_autoptr (LkLicenseQuery) query =
          license_query (rows[i].n_rows == 2 ? "ActivationKey = 'B'" : "ActivationKey = 'A'");

      g_assert_no_error (error);
      g_assert_cmpuint (report->problems->len, ==, 0);
      g_assert_cmpint (report->n_rows, ==, rows[i].n_rows);
      if (rows[i].n_rows > 0)
        {
          g_autofree char *ids = license_ids (fixture, query);
          g_autofree char *comment =
              license_value (fixture, g_ascii_strtoll (ids, NULL, 10), "Comment");

          g_assert_cmpstr (comment, ==, rows[i].comment);
        }
    }
}

static void
test_problems (LicenseFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text;
    guint n_problems;
    const char *words[3];
  } rows[] = {
    { "ActivationKey,NumLicenses\nA,1\nB,x\nC,2\nD,y\n", 2, { "line 3", "NumLicenses", "“x”" } },
    { "ActivationKey,Colour\nA,red\n", 1, { "line 1", "Colour" } },
    { "FullName\nA\n", 1, { "ActivationKey" } },
    { "ActivationKey,Comment\nA\nB,x,y\n", 2, { "line 2", "1 values", "2" } },
    { "ActivationKey,Comment\nA,x\na,y\n", 1, { "line 3", "line 2" } },
    { "ActivationKey,Comment\n,x\n", 1, { "line 2", "blank" } },
    { "ActivationKey,Comment\n  ,x\n", 1, { "line 2", "blank" } },
    { "ActivationKey,OrderDate\nA,0001-01-01\n", 1, { "line 2", "1753" } },
    { "ActivationKey,ExpiryDate\n\"A\n\",2024-02-30\n", 1, { "line 2", "SubscriptionExpiryDate" } },
    { "", 1, { "ActivationKey" } },
  };
  g_autoptr (LkLicenseQuery) query = license_query (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LkCsvReport) report = import_bytes (fixture, rows[i].text, -1, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (report->problems->len, ==, rows[i].n_problems);
      g_assert_cmpint (report->n_rows, ==, 0);
      for (gsize j = 0; j < 3 && rows[i].words[j] != NULL; j++)
        g_assert_nonnull (strstr (report->problems->pdata[0], rows[i].words[j]));
      g_assert_cmpint (license_count (fixture, query, NULL), ==, 0);
    }
}

static void
test_many_problems (LicenseFixture *fixture, gconstpointer data)
{
  GString *text = g_string_new ("ActivationKey,NumLicenses\n");
  g_autoptr (LkCsvReport) report = NULL;

  for (int i = 0; i < 250; i++)
    g_string_append_printf (text, "K%d,x\n", i);
  report = import_bytes (fixture, text->str, text->len, NULL);
  g_assert_cmpuint (report->problems->len, ==, 101);
  g_assert_cmpstr (report->problems->pdata[100], ==, "and 150 more");
  g_string_free (text, TRUE);
}

static void
test_unreadable (LicenseFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text;
    gssize length;
    int code;
    const char *words[3];
  } rows[] = {
    { "ActivationKey,FullName\nA,M\xfcller\n",
      -1,
      LK_ERROR_ENCODING,
      { "line 2", "byte 27", "WINDOWS-1252" } },
    { "A\0c\0", 4, LK_ERROR_ENCODING, { "line 1", "byte 2", "UTF-16" } },
    { "\xff\xfe"
      "A\0c\0",
      6,
      LK_ERROR_ENCODING,
      { "line 1", "byte 1", "UTF-16" } },
    { "ActivationKey,Comment\nA,\"never closed\nB,x\n",
      -1,
      LK_ERROR_INVALID,
      { "line 2", "quote" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (import_bytes (fixture, rows[i].text, rows[i].length, &error));
      g_assert_error (error, LK_ERROR, rows[i].code);
      for (gsize j = 0; j < 3 && rows[i].words[j] != NULL; j++)
        if (strstr (error->message, rows[i].words[j]) == NULL)
          g_error ("“%s” lacks “%s”", error->message, rows[i].words[j]);
    }
}

/* What was exported comes back as it was. */
static void
test_round_trip (LicenseFixture *fixture, gconstpointer data)
{
  LicenseFixture other;
  g_autofree char *text = export_all (fixture);
  g_autofree char *again = NULL;
  g_autoptr (LkCsvReport) report = NULL;
  g_autoptr (GError) error = NULL;

  license_fixture_set_up (&other, NULL);
  report = import_bytes (&other, text, -1, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < report->problems->len; i++)
    g_test_message ("%s", (char *) report->problems->pdata[i]);
  g_assert_cmpint (report->n_rows, ==, 500);
  again = export_all (&other);
  g_assert_cmpstr (again, ==, text);
  license_fixture_tear_down (&other, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, n, func)                                                                         \
  g_test_add (path, LicenseFixture, GSIZE_TO_POINTER (n), license_fixture_set_up, func,            \
              license_fixture_tear_down)
  ADD ("/license-csv/good", 0, test_good);
  ADD ("/license-csv/problems", 0, test_problems);
  ADD ("/license-csv/many-problems", 0, test_many_problems);
  ADD ("/license-csv/unreadable", 0, test_unreadable);
  ADD ("/license-csv/round-trip", 500, test_round_trip);
#undef ADD

  return g_test_run ();
}
