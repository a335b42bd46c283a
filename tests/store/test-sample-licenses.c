/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/error.h"
#include "license-fixture.h"
#include "store/sample-licenses.h"

static void
test_counts (LicenseFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *sql;
    gint64 at_least;
    gint64 at_most;
  } rows[] = {
    { NULL, 2000, 2000 },
    { "SubscriptionExpiryDate > [today_start] And SubscriptionExpiryDate < [today_start+30]", 200,
      200 },
    { "SubscriptionExpiryDate Is Null", 100, 1200 },
    { "LicenseModel = 'none'", 10, 500 },
    { "LicenseModel = 'subscription_cloud'", 50, 600 },
    { "LicenseModel = 'permanent_floating'", 10, 500 },
    { "FullName Like '%ü%'", 20, 1000 },
    { "FullName Like '%健太%'", 5, 60 },
    { "FullName Like '%陈%' And FullName Not Like '陈 %'", 0, 0 },
    { "FullName Like '山内 %'", 1, 60 },
    { "FullName Like '%山内%' And FullName Not Like '山内 健太' And FullName Not Like '山内 美咲' "
      "And "
      "FullName Not Like '山内 蓮'",
      0, 0 },
    { "FullName Like '% O''Rourke'", 1, 200 },
    { "Country = 'JP'", 5, 100 },
    { "Country = 'JP' And Email Not Like '%@midori-keisoku.example'", 0, 0 },
    { "Company Is Null", 50, 1000 },
    { "ComputerID Is Null", 500, 1200 },
    { "Email Is Null", 0, 0 },
    { "ProductName Is Null", 0, 0 },
    { "ActivationDate > [today_end]", 0, 0 },
    { "LastAccessedDate < ActivationDate And ActivationDate Is Null", 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkLicenseQuery) query = license_query (rows[i].sql);
      gint64 count = license_count (fixture, query, NULL);

      g_test_message ("%s: %" G_GINT64_FORMAT, rows[i].sql, count);
      g_assert_cmpint (count, >=, rows[i].at_least);
      g_assert_cmpint (count, <=, rows[i].at_most);
    }
}

static void
test_always_the_same (LicenseFixture *fixture, gconstpointer data)
{
  LicenseFixture other;
  gint64 ids[] = { 1, 10, 1999 };
  g_autoptr (GPtrArray) mine = license_rows (fixture, ids, 3);
  g_autoptr (GPtrArray) theirs = NULL;

  license_fixture_set_up (&other, GSIZE_TO_POINTER (2000));
  theirs = license_rows (&other, ids, 3);
  for (guint i = 0; i < 3; i++)
    for (gsize j = 0; j < lk_license_n_fields; j++)
      if (lk_license_fields[j].column != NULL)
        g_assert_cmpstr (lk_license_get (mine->pdata[i], &lk_license_fields[j]), ==,
                         lk_license_get (theirs->pdata[i], &lk_license_fields[j]));
  license_fixture_tear_down (&other, NULL);
}

/* Whatever today is, last month is 28 days or more that ended 1 to 31 days ago. */
static void
test_some_expired_last_month (LicenseFixture *fixture, gconstpointer data)
{
  for (int last = 1; last <= 31; last++)
    {
      g_autofree char *sql = g_strdup_printf ("SubscriptionExpiryDate >= [today_start-%d] And "
                                              "SubscriptionExpiryDate <= [today_end-%d]",
                                              last + 27, last);
      g_autoptr (LkLicenseQuery) query = license_query (sql);

      g_test_message ("%s", sql);
      g_assert_cmpint (license_count (fixture, query, NULL), >, 0);
    }
}

static void
test_keeps_what_is_there (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (lk_sample_licenses_create (fixture->path, 5, LK_SECOND, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_EXISTS);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, n_licenses, func)                                                                \
  g_test_add (path, LicenseFixture, GSIZE_TO_POINTER (n_licenses), license_fixture_set_up, func,   \
              license_fixture_tear_down)
  ADD ("/sample-licenses/counts", 2000, test_counts);
  ADD ("/sample-licenses/always-the-same", 2000, test_always_the_same);
  ADD ("/sample-licenses/some-expired-last-month", 200, test_some_expired_last_month);
  ADD ("/sample-licenses/keeps-what-is-there", 10, test_keeps_what_is_there);
#undef ADD

  return g_test_run ();
}
