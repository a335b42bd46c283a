/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "license-fixture.h"
#include "store/license-sql.h"
#include "store/sqlite-license-order.h"

/* What the sample has not: no customer, gaps, values that differ late, only in case or only beyond
 * ASCII, negative numbers, activations that came in another order than their licenses. */
static const char awkward[] =
    "INSERT INTO customers (CustomerID, FullName, Company, Zip) VALUES"
    " (5000, 'A name of more than sixteen bytes', 'zeta', ''),"
    " (5002, 'a name of more than SIXTEEN bytes and on', 'Zeta', ' '),"
    " (5001, 'a name of more than sixteen bytes', 'ZETA', NULL),"
    " (-7, 'exactly 16 bytes', 'Ägäis', '_'), (9000000, 'Exactly 16 byteS', 'ägäis', 'Z');"
    "INSERT INTO licenses (LicenseID, CustomerID, ActivationKey, MajorVersion, FloatingSeats,"
    " Comment, UserData1, AffiliateID) VALUES"
    " (-3, 5001, 'K1', -1, 9223372036854775807, 'aa', '_', 'aff-2'),"
    " (2001, 5002, 'K2', 0, -9223372036854775808, 'AA', 'a', NULL),"
    " (2002, 5000, 'K3', NULL, 1, '', 'Z', 'AFF-1'),"
    " (2007, NULL, 'K4', 1, NULL, 'aa ', '[', NULL), (2008, -7, 'K5', 2, 3, 'ä', 'z', NULL),"
    " (90000000000, 9000000, 'K6', 2, 3, 'Ä', 'A', NULL);"
    "INSERT INTO activations (LicenseID, Position, ComputerID, ComputerName) VALUES"
    " (2007, 1, 'older', 'older'), (2007, 0, 'b', 'pc'), (2001, 0, 'B', 'PC'), (-3, 0, 'a', '');";

static LkDb *
open_awkward (LicenseFixture *fixture, LkDbFlags flags)
{
  g_autofree char *uri = g_strconcat ("sqlite:", fixture->path, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (LkDb) writer = lk_db_open (uri, LK_DB_DEFAULT, &error);
  LkDb *db;

  g_assert_no_error (error);
  lk_db_execute (writer, awkward, &error);
  g_assert_no_error (error);
  db = lk_db_open (uri, flags, &error);
  g_assert_no_error (error);
  return db;
}

static void
compare (LkDb *db, const LkLicenseField *field, gboolean descending)
{
  g_autoptr (LkLicenseQuery) query = license_query (NULL);
  g_autoptr (GArray) ordered = NULL, expected = NULL;
  g_autoptr (GError) error = NULL;

  query->order_by = field;
  query->descending = descending;
  ordered = lk_sqlite_license_order_read (db, query, &error);
  g_assert_no_error (error);
  expected = lk_license_sql_read_ids (db, query, NULL, NULL, &error);
  g_assert_no_error (error);

  g_assert_cmpuint (expected->len, ==, 306);
  g_assert_cmpuint (ordered->len, ==, expected->len);
  for (guint i = 0; i < expected->len; i++)
    if (g_array_index (ordered, gint64, i) != g_array_index (expected, gint64, i))
      g_error ("by %s %u: place %u has another license than SQLite's own sorter gives it",
               field->column, descending, i);
}

static void
test_same_as_sorter (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkDb) db = open_awkward (fixture, LK_DB_READ_ONLY | LK_DB_CONFINED);

  for (gsize i = 0; i < lk_license_n_fields; i++)
    if (lk_license_fields[i].column != NULL)
      {
        compare (db, &lk_license_fields[i], FALSE);
        compare (db, &lk_license_fields[i], TRUE);
      }
}

/* An index is walked, and a condition is the sorter's. */
static void
test_serves (LicenseFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *condition;
    const char *column;
    gboolean serves;
  } rows[] = {
    { NULL, NULL, FALSE },
    { NULL, "LicenseID", FALSE },
    { NULL, "ActivationKey", FALSE },
    { NULL, "SubscriptionExpiryDate", FALSE },
    { NULL, "Comment", TRUE },
    { NULL, "MajorVersion", TRUE },
    { NULL, "Email", TRUE },
    { NULL, "ActivationDate", TRUE },
    { NULL, "ProductName", TRUE },
    { "MajorVersion = 1", "Comment", FALSE },
  };
  g_autoptr (LkDb) db = open_awkward (fixture, LK_DB_READ_ONLY | LK_DB_CONFINED);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkLicenseQuery) query = license_query (rows[i].condition);

      query->order_by = rows[i].column != NULL ? lk_license_field_find (rows[i].column) : NULL;
      g_assert_cmpint (lk_sqlite_license_order_serves (db, query), ==, rows[i].serves);
    }
}

/* The trust that our own statements need ends with them. */
static void
test_confined_again (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkDb) db = open_awkward (fixture, LK_DB_READ_ONLY | LK_DB_CONFINED);
  g_autoptr (LkLicenseQuery) query = license_query (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = NULL;

  query->order_by = lk_license_field_find ("Email");
  g_assert_true (lk_sqlite_license_order_serves (db, query));
  ids = lk_sqlite_license_order_read (db, query, &error);
  g_assert_no_error (error);
  g_assert_null (lk_db_prepare (db, "SELECT Email FROM customers", &error));
  g_assert_nonnull (error);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/store/sqlite-license-order/" name, LicenseFixture, GSIZE_TO_POINTER (300),         \
              license_fixture_set_up, function, license_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("same-as-sorter", test_same_as_sorter);
  ADD ("serves", test_serves);
  ADD ("confined-again", test_confined_again);
  return g_test_run ();
}
