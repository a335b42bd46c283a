/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "core/error.h"
#include "license-fixture.h"
#include "store/db.h"
#include "store/workspace.h"

static void
add_some (LicenseFixture *fixture)
{
  static const char *const licenses[][13] = {
    { "ActivationKey", "K1", "ReceiptID", "r1", "OrderID", "9", "Email", "a@x.example", "FullName",
      "Ärger", NULL },
    { "ActivationKey", "K2", "ReceiptID", "R1", "OrderID", "3", "Email", "A@X.example", NULL },
    { "ActivationKey", "K3", "ReceiptID", "", "OrderID", "1", NULL },
    { "ActivationKey", "K4", "OrderID", "2", NULL },
    { "ActivationKey", "K5", "ReceiptID", "r2", NULL },
    { "ActivationKey", "K6", "ReceiptID", "r2", "OrderID", "7", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (licenses); i++)
    g_assert_cmpint (license_add (fixture, licenses[i]), ==, i + 1);
}

static void
test_fields_match_the_view (LicenseFixture *fixture, gconstpointer data)
{
  g_autofree char *uri = g_strconcat ("sqlite:", fixture->path, NULL);
  g_autoptr (LkDb) db = lk_db_open (uri, LK_DB_READ_ONLY, NULL);
  g_autoptr (LkStatement) statement =
      lk_db_prepare (db, "SELECT name FROM pragma_table_info ('qryLicenseInfo')", NULL);
  gsize n_columns = 0;
  gsize n_fields = 0;

  while (lk_statement_step (statement, NULL) == LK_STEP_ROW)
    {
      const char *name = lk_statement_get_text (statement, 0);
      const LkLicenseField *field = lk_license_field_find (name);

      g_assert_nonnull (field);
      g_assert_cmpstr (field->column, ==, name);
      if (n_columns++ == 0)
        g_assert_cmpstr (name, ==, "LicenseID");
    }
  for (gsize i = 0; i < lk_license_n_fields; i++)
    n_fields += lk_license_fields[i].column != NULL;
  g_assert_cmpuint (n_columns, ==, n_fields);
}

static void
test_distinct (LicenseFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *sql;
    const char *distinct;
    const char *unique;
    const char *order;
    gboolean descending;
    const char *ids;
  } rows[] = {
    { NULL, NULL, NULL, NULL, FALSE, "1 2 3 4 5 6" },
    { NULL, NULL, NULL, NULL, TRUE, "6 5 4 3 2 1" },
    { NULL, NULL, NULL, "OrderID", FALSE, "5 3 4 2 6 1" },
    { NULL, NULL, NULL, "OrderID", TRUE, "1 6 2 4 3 5" },
    { "OrderID > '1'", NULL, NULL, "OrderID", FALSE, "4 2 6 1" },
    { NULL, "ReceiptID", NULL, NULL, FALSE, "1 3 4 5" },
    { NULL, "ReceiptID", "OrderID", NULL, FALSE, "2 3 4 6" },
    { NULL, "ReceiptID", "OrderID", "OrderID", TRUE, "6 2 4 3" },
    { "OrderID <> '3'", "ReceiptID", "OrderID", NULL, FALSE, "1 3 4 6" },
    { "Email = 'a@X.EXAMPLE'", NULL, NULL, NULL, FALSE, "1 2" },
    { "FullName = 'ÄRGER'", NULL, NULL, NULL, FALSE, "1 2" },
  };

  add_some (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkLicenseQuery) query = license_query (rows[i].sql);
      g_autofree char *ids = NULL;
      g_auto (GStrv) words = NULL;

      query->distinct_field = rows[i].distinct ? lk_license_field_find (rows[i].distinct) : NULL;
      query->unique_id_field = rows[i].unique ? lk_license_field_find (rows[i].unique) : NULL;
      query->order_by = rows[i].order ? lk_license_field_find (rows[i].order) : NULL;
      query->descending = rows[i].descending;
      ids = license_ids (fixture, query);
      g_assert_cmpstr (ids, ==, rows[i].ids);
      words = g_strsplit (ids, " ", -1);
      g_assert_cmpint (license_count (fixture, query, NULL), ==, g_strv_length (words));
    }
}

/* Of a result one license alone, or whichever stands for its distinct value. */
static void
test_only_license (LicenseFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *sql;
    const char *distinct;
    const char *unique;
    gint64 only;
    const char *ids;
  } rows[] = {
    { NULL, NULL, NULL, 2, "2" },
    { NULL, NULL, NULL, 7, "" },
    { "OrderID > '1'", NULL, NULL, 2, "2" },
    { "OrderID > '1' Or OrderID < '9'", NULL, NULL, 2, "2" },
    { "OrderID = 'x'", NULL, NULL, 2, "" },
    { NULL, "ReceiptID", NULL, 2, "1" },
    { NULL, "ReceiptID", "OrderID", 1, "2" },
    { NULL, "ReceiptID", NULL, 3, "3" },
    { NULL, "ReceiptID", NULL, 4, "4" },
    { NULL, "ReceiptID", "OrderID", 5, "6" },
    { "LicenseID <> 1", "ReceiptID", NULL, 1, "2" },
    { "LicenseID = 4", "ReceiptID", NULL, 3, "" },
  };

  add_some (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkLicenseQuery) query = license_query (rows[i].sql);
      g_autofree char *ids = NULL;

      query->distinct_field = rows[i].distinct ? lk_license_field_find (rows[i].distinct) : NULL;
      query->unique_id_field = rows[i].unique ? lk_license_field_find (rows[i].unique) : NULL;
      query->only_license_id = rows[i].only;
      ids = license_ids (fixture, query);
      g_assert_cmpstr (ids, ==, rows[i].ids);
      g_assert_cmpint (license_count (fixture, query, NULL), ==, *ids != '\0' ? 1 : 0);
    }
}

static void
test_values (LicenseFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *column;
    const char *given;
    const char *stored; /* NULL: refused */
  } rows[] = {
    { "SubscriptionExpiryDate", "2024-02-29 23:59:59", "2024-02-29 23:59:59" },
    { "SubscriptionExpiryDate", "2024-02-29T01:02:03", "2024-02-29 01:02:03" },
    { "SubscriptionExpiryDate", "2024-02-29", "2024-02-29 00:00:00" },
    { "SubscriptionExpiryDate", "2023-02-29", NULL },
    { "SubscriptionExpiryDate", "2024-13-01", NULL },
    { "SubscriptionExpiryDate", "2024-1-1", NULL },
    { "SubscriptionExpiryDate", "2024-01-01 24:00:00", NULL },
    { "SubscriptionExpiryDate", "01/02/2024", NULL },
    { "SubscriptionExpiryDate", "2024-01-01 10:00:00 PM", NULL },
    { "NumLicenses", "12", "12" },
    { "NumLicenses", "12.5", NULL },
    { "NumLicenses", "twelve", NULL },
    { "NumLicenses", "99999999999", NULL },
    { "Disabled", "true", "1" },
    { "Disabled", "0", "0" },
    { "Disabled", "2", NULL },
    { "LicenseModel", "Subscription", "subscription" },
    { "LicenseModel", "9", "subscription_cloud" },
    { "LicenseModel", "rented", NULL },
    { "Comment", "漢字 'quoted' \"twice\"", "漢字 'quoted' \"twice\"" },
    { "Comment", "\xff", NULL },
    { "ProductName", "New Product", "New Product" },
    { "OrganizationName", "Org", "Org" },
    { "ComputerName", "PC", "PC" },
    { "FullName", "Somebody", "Somebody" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkLicenseChange) change = lk_license_change_new (0);
      g_autofree char *key = g_strdup_printf ("KEY-%" G_GSIZE_FORMAT, i);
      g_autofree char *value = NULL;
      g_autoptr (GError) error = NULL;

      license_set (change, "ActivationKey", key);
      license_set (change, rows[i].column, rows[i].given);
      if (rows[i].stored == NULL)
        {
          g_assert_false (license_write (fixture, change, &error));
          g_assert_cmpint (error->domain, ==, LK_ERROR);
          g_assert_nonnull (strstr (error->message, rows[i].column));
          continue;
        }
      license_write (fixture, change, &error);
      g_assert_no_error (error);
      value = license_value (fixture, change->license_id, rows[i].column);
      g_assert_cmpstr (value, ==, rows[i].stored);
    }
}

static void
test_customers (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkLicenseChange) rename = lk_license_change_new (2);
  g_autoptr (LkLicenseChange) move = lk_license_change_new (2);
  g_autofree char *shared = NULL;
  g_autofree char *moved = NULL;
  g_autofree char *stayed = NULL;

  add_some (fixture);
  license_set (rename, "FullName", "Both");
  g_assert_true (license_write (fixture, rename, NULL));
  shared = license_value (fixture, 1, "FullName");
  g_assert_cmpstr (shared, ==, "Both");

  license_set (move, "Email", "new@x.example");
  g_assert_true (license_write (fixture, move, NULL));
  moved = license_value (fixture, 2, "FullName");
  g_assert_cmpstr (moved, ==, "Both");
  stayed = license_value (fixture, 1, "Email");
  g_assert_cmpstr (stayed, ==, "A@X.example"); /* as it was written last */
}

static void
test_refused_changes (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkLicenseChange) taken = lk_license_change_new (2);
  g_autoptr (LkLicenseChange) blank = lk_license_change_new (0);
  g_autoptr (LkLicenseChange) stale = lk_license_change_new (1);
  g_autoptr (LkLicenseChange) gone = lk_license_change_new (99);
  g_autoptr (LkLicenseChange) removal = lk_license_change_new (1);
  g_autoptr (LkLicenseQuery) query = license_query (NULL);
  g_autoptr (GError) error = NULL;

  add_some (fixture);
  license_set (taken, "ActivationKey", "k1");
  g_assert_false (license_write (fixture, taken, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (license_write (fixture, blank, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
  g_clear_error (&error);
  stale->expected_version = 7;
  license_set (stale, "Comment", "x");
  g_assert_false (license_write (fixture, stale, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_CONFLICT);
  g_clear_error (&error);
  license_set (gone, "Comment", "x");
  g_assert_false (license_write (fixture, gone, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_NOT_FOUND);
  g_clear_error (&error);

  removal->is_delete = TRUE;
  g_assert_true (license_write (fixture, removal, &error));
  g_assert_cmpint (license_count (fixture, query, NULL), ==, 5);
}

static gboolean
count_batch (GPtrArray *licenses, gpointer user_data, GError **error)
{
  gint64 *seen = user_data;

  *seen = *seen * 10 + licenses->len;
  return TRUE;
}

/* Counts the batches, and fails each. */
static gboolean
fail_batch (GPtrArray *licenses, gpointer user_data, GError **error)
{
  count_batch (licenses, user_data, error);
  g_set_error (error, LK_ERROR, licenses->len == 0 ? LK_ERROR_LEASE_LOST : LK_ERROR_FULL,
               "no room");
  return FALSE;
}

static void
test_scan (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkLicenseQuery) query = license_query (NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) failed = NULL;
  g_autoptr (GError) error = NULL;
  gint64 seen = 0;

  add_some (fixture);
  lk_license_server_scan_async (fixture->server, query, 4, count_batch, &seen, NULL, test_result_cb,
                                &result);
  test_wait (&result);
  g_assert_cmpint (lk_license_server_scan_finish (fixture->server, result, &error), ==, 6);
  g_assert_cmpint (seen, ==, 420); /* the last one is empty */

  seen = 0;
  lk_license_server_scan_async (fixture->server, query, 4, fail_batch, &seen, NULL, test_result_cb,
                                &failed);
  test_wait (&failed);
  g_assert_cmpint (lk_license_server_scan_finish (fixture->server, failed, &error), ==, -1);
  g_assert_error (error, LK_ERROR, LK_ERROR_LEASE_LOST);
  g_assert_cmpint (seen, ==, 40); /* also when the one before failed; its own failure counts */
}

static void
count_cb (LkLicenseServer *server, gpointer user_data)
{
  (*(int *) user_data)++;
}

static void
test_tells_of_changes (LicenseFixture *fixture, gconstpointer data)
{
  g_autofree char *uri = g_strconcat ("sqlite:", fixture->path, NULL);
  g_autoptr (LkDb) other = NULL;
  int n_changes = 0;

  g_signal_connect (fixture->server, "changed", G_CALLBACK (count_cb), &n_changes);
  lk_license_server_watch (fixture->server);
  add_some (fixture);
  test_until (n_changes > 0, 10);
  for (int i = 0; i < 5; i++)
    test_iterate ();
  n_changes = 0;
  other = lk_db_open (uri, LK_DB_DEFAULT, NULL);
  g_assert_true (lk_db_execute (other, "UPDATE licenses SET Comment = 'theirs'", NULL));
  test_until (n_changes > 0, 10);
}

static void
test_check (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  lk_license_server_check_async (fixture->server, NULL, test_result_cb, &result);
  test_wait (&result);
  g_assert_true (lk_license_server_check_finish (fixture->server, result, &error));
  g_assert_no_error (error);
}

/* Another file took the place of the one that is open: nothing is written into what is gone. */
static void
test_replaced (LicenseFixture *fixture, gconstpointer data)
{
  g_autofree char *away = g_strconcat (fixture->path, ".away", NULL);
  g_autoptr (LkLicenseChange) change = lk_license_change_new (1);
  g_autoptr (GError) error = NULL;

  add_some (fixture);
  license_set (change, "Comment", "new");
  g_assert_false (lk_license_server_is_replaced (fixture->server));
  g_assert_cmpint (g_rename (fixture->path, away), ==, 0);
  g_assert_true (lk_license_server_is_replaced (fixture->server));
  g_assert_false (license_write (fixture, change, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_CONFLICT);
  g_clear_error (&error);

  g_assert_cmpint (g_rename (away, fixture->path), ==, 0);
  g_assert_true (license_write (fixture, change, &error));
  g_assert_no_error (error);
}

static void
test_unopenable (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *base = test_folder_get_path (folder, ".");
  static const struct
  {
    const char *uri;
    int code;
    const char *word;
  } rows[] = {
    { "postgresql://host/db", LK_ERROR_INVALID, "PostgreSQL" },
    { "sqlite:", LK_ERROR_INVALID, "sqlite:PATH" },
    { "mysql:x", LK_ERROR_INVALID, "sqlite:PATH" },
    { "sqlite:absent.db", LK_ERROR_NOT_FOUND, "absent.db" },
    { "sqlite:.", LK_ERROR_INVALID, "not a file" },
    { "sqlite:text.db", LK_ERROR_CORRUPT, "text.db" },
    { "sqlite:workspace.db", LK_ERROR_CORRUPT, "workspace.db" },
  };

  g_free (test_folder_write (folder, "text.db", "hello, this is not a database at all", -1));
  g_assert_true (lk_workspace_create (base, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (lk_license_server_open (rows[i].uri, base, &error));
      g_assert_error (error, LK_ERROR, rows[i].code);
      g_assert_nonnull (strstr (error->message, rows[i].word));
    }
}

/* What was told before the whole answer. */
typedef struct
{
  GAsyncResult *result; /* (nullable): of the whole */
  GArray *head;         /* (nullable) */
} Answer;

static void
head_cb (LkLicenseServer *server, GArray *ids, gpointer user_data)
{
  Answer *answer = user_data;

  g_assert_null (answer->result);
  g_assert_null (answer->head);
  answer->head = g_array_ref (ids);
}

static void
answer_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Answer *) user_data)->result = g_object_ref (result);
}

static void
answer_clear (Answer *self)
{
  g_clear_object (&self->result);
  g_clear_pointer (&self->head, g_array_unref);
}

static void
check_head (LicenseFixture *fixture, const char *sql, const char *order_by, guint length)
{
  g_autoptr (LkLicenseQuery) query = license_query (sql);
  g_autoptr (GArray) ids = NULL;
  g_autoptr (GError) error = NULL;
  Answer answer = { NULL, NULL };

  query->order_by = order_by != NULL ? lk_license_field_find (order_by) : NULL;
  lk_license_server_list_ids_async (fixture->server, query, head_cb, NULL, answer_cb, &answer);
  test_wait (&answer.result);
  ids = lk_license_server_list_ids_finish (fixture->server, answer.result, &error);
  g_assert_no_error (error);

  g_assert_cmpuint (answer.head != NULL ? answer.head->len : 0, ==, length);
  for (guint i = 0; i < length; i++)
    g_assert_cmpint (g_array_index (answer.head, gint64, i), ==, g_array_index (ids, gint64, i));
  answer_clear (&answer);
}

/* By an index the beginning comes before the whole; else there is none. */
static void
test_head (LicenseFixture *fixture, gconstpointer data)
{
  check_head (fixture, NULL, NULL, LK_LICENSE_HEAD);
  check_head (fixture, NULL, "SubscriptionExpiryDate", LK_LICENSE_HEAD);
  check_head (fixture, NULL, "FullName", 0);
  check_head (fixture, "LicenseID < 40", NULL, 0);
}

/* More than one statement reads, in another order than that of the numbers. */
static void
test_rows (LicenseFixture *fixture, gconstpointer data)
{
  gint64 ids[100];
  g_autoptr (GPtrArray) rows = NULL;
  guint at = 0;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = (i * 37) % G_N_ELEMENTS (ids) + 1;
  ids[10] = 12345;
  ids[21] = ids[20]; /* side by side, and far from each other */
  ids[99] = ids[0];
  rows = license_rows (fixture, ids, G_N_ELEMENTS (ids));
  g_assert_cmpuint (rows->len, ==, G_N_ELEMENTS (ids) - 1);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    if (i != 10)
      g_assert_cmpint (lk_license_get_id (rows->pdata[at++]), ==, ids[i]);
}

static void
test_head_is_cancelled (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkLicenseQuery) query = license_query (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answer answer = { NULL, NULL };

  lk_license_server_list_ids_async (fixture->server, query, head_cb, cancellable, answer_cb,
                                    &answer);
  while (!g_main_context_pending (NULL)) /* until it is on its way here */
    g_thread_yield ();
  g_cancellable_cancel (cancellable);
  test_wait (&answer.result);
  g_assert_null (answer.head);
  answer_clear (&answer);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add (path, LicenseFixture, NULL, license_fixture_set_up, func, license_fixture_tear_down)
  ADD ("/license-server/fields-match-the-view", test_fields_match_the_view);
  ADD ("/license-server/distinct", test_distinct);
  ADD ("/license-server/only-license", test_only_license);
  ADD ("/license-server/values", test_values);
  ADD ("/license-server/customers", test_customers);
  ADD ("/license-server/refused-changes", test_refused_changes);
  ADD ("/license-server/scan", test_scan);
  ADD ("/license-server/tells-of-changes", test_tells_of_changes);
  ADD ("/license-server/check", test_check);
  ADD ("/license-server/replaced", test_replaced);
#undef ADD
#define ADD(path, func)                                                                            \
  g_test_add (path, LicenseFixture, GSIZE_TO_POINTER (300), license_fixture_set_up, func,          \
              license_fixture_tear_down)
  ADD ("/license-server/head", test_head);
  ADD ("/license-server/rows", test_rows);
  ADD ("/license-server/head-is-cancelled", test_head_is_cancelled);
#undef ADD
  g_test_add_func ("/license-server/unopenable", test_unopenable);

  return g_test_run ();
}
