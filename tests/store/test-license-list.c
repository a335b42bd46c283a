/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "license-fixture.h"
#include "staged-server.h"
#include "store/license-list.h"

static void
set_query (LicenseFixture *fixture, LkLicenseList *list, const char *sql)
{
  g_autoptr (LkLicenseQuery) query = license_query (sql);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  lk_license_list_set_query_async (list, fixture->server, query, NULL, test_result_cb, &result);
  g_assert_true (lk_license_list_is_loading (list));
  test_wait (&result);
  lk_license_list_set_query_finish (list, result, &error);
  g_assert_no_error (error);
  g_assert_false (lk_license_list_is_loading (list));
}

static void
note_change_cb (GListModel *model, guint position, guint removed, guint added, GString *log)
{
  g_string_append_printf (log, "(%u,%u,%u)", position, removed, added);
}

static void
count_cb (GObject *object, GParamSpec *spec, int *count)
{
  (*count)++;
}

static LkLicenseRow *
get_row (LkLicenseList *list, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (list), position);
}

static void
test_rows (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkLicenseList) list = lk_license_list_new ();
  g_autoptr (LkLicenseRow) first = NULL;
  g_autoptr (LkLicenseRow) same = NULL;
  g_autoptr (LkLicenseRow) last = NULL;
  int n_notified = 0;
  gsize n_ids;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  set_query (fixture, list, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1000);
  g_assert_cmpint (lk_license_list_get_ids (list, &n_ids)[999], ==, 1000);
  g_assert_cmpuint (n_ids, ==, 1000);
  g_assert_cmpint (lk_license_list_get_id_at (list, 1000), ==, 0);
  g_assert_null (get_row (list, 1000));

  first = get_row (list, 0);
  same = get_row (list, 0);
  last = get_row (list, 999);
  g_assert_true (first == same);
  g_assert_null (lk_license_row_get_license (first));
  g_signal_connect (first, "notify::license", G_CALLBACK (count_cb), &n_notified);
  test_until (lk_license_row_get_license (first) && lk_license_row_get_license (last), 10);
  g_assert_cmpint (n_notified, ==, 1);
  g_assert_cmpint (lk_license_get_id (lk_license_row_get_license (last)), ==, 1000);
}

/* What was read is at hand at once, also under a new row object. */
static void
test_pages_stay (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkLicenseList) list = lk_license_list_new ();

  set_query (fixture, list, NULL);
  for (guint page = 0; page < 3; page++)
    {
      g_autoptr (LkLicenseRow) row = get_row (list, page * LK_LICENSE_LIST_PAGE);

      test_until (lk_license_row_get_license (row) != NULL, 10);
    }
  for (guint position = 0; position < 3 * LK_LICENSE_LIST_PAGE; position++)
    {
      g_autoptr (LkLicenseRow) row = get_row (list, position);

      g_assert_nonnull (lk_license_row_get_license (row));
      g_assert_cmpint (lk_license_row_get_license_id (row), ==, position + 1);
    }
}

static void
test_whole_scroll (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkLicenseList) list = lk_license_list_new ();

  set_query (fixture, list, NULL);
  for (guint position = 0; position < 1000; position += 17)
    {
      g_autoptr (LkLicenseRow) row = get_row (list, position);

      test_until (lk_license_row_get_license (row) != NULL, 10);
    }
}

static void
test_announces_only_length (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkLicenseList) list = lk_license_list_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (LkLicenseRow) row = NULL;
  g_autoptr (LkLicenseRow) other = NULL;
  g_autoptr (LkLicenseChange) change = lk_license_change_new (1);
  LkLicense *before;

  g_signal_connect (list, "items-changed", G_CALLBACK (note_change_cb), log);
  set_query (fixture, list, NULL);
  g_assert_cmpstr (log->str, ==, "(0,0,40)(40,0,960)");
  row = get_row (list, 0);
  test_until (lk_license_row_get_license (row) != NULL, 10);
  before = lk_license_ref (lk_license_row_get_license (row));

  license_set (change, "Comment", "changed");
  g_assert_true (license_write (fixture, change, NULL));
  g_string_truncate (log, 0);
  set_query (fixture, list, NULL);
  g_assert_cmpstr (log->str, ==, "");
  g_assert_nonnull (lk_license_row_get_license (row)); /* nothing flickers */
  test_until (lk_license_row_get_license (row) != before, 10);
  g_assert_cmpstr (lk_license_get_named (lk_license_row_get_license (row), "Comment"), ==,
                   "changed");
  lk_license_unref (before);

  set_query (fixture, list, "LicenseID <= 10");
  g_assert_cmpstr (log->str, ==, "(10,990,0)");
  other = get_row (list, 0);
  g_assert_true (other == row); /* the line stays, and what shows it */
  g_string_truncate (log, 0);
  set_query (fixture, list, "LicenseID < 0");
  g_assert_cmpstr (log->str, ==, "(0,10,0)");
}

static void
test_newer_query_wins (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkLicenseList) list = lk_license_list_new ();
  g_autoptr (LkLicenseQuery) old_query = license_query (NULL);
  g_autoptr (LkLicenseQuery) new_query = license_query ("LicenseID = 5");
  g_autoptr (GAsyncResult) old_result = NULL;
  g_autoptr (GAsyncResult) new_result = NULL;
  g_autoptr (GError) error = NULL;

  lk_license_list_set_query_async (list, fixture->server, old_query, NULL, test_result_cb,
                                   &old_result);
  lk_license_list_set_query_async (list, fixture->server, new_query, NULL, test_result_cb,
                                   &new_result);
  test_wait (&old_result);
  test_wait (&new_result);
  g_assert_false (lk_license_list_set_query_finish (list, old_result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (lk_license_list_set_query_finish (list, new_result, NULL));
  g_assert_cmpint (lk_license_list_get_id_at (list, 0), ==, 5);
}

static void
test_rows_outlive_the_list (LicenseFixture *fixture, gconstpointer data)
{
  LkLicenseList *list = lk_license_list_new ();
  g_autoptr (LkLicenseRow) row = NULL;

  set_query (fixture, list, NULL);
  row = get_row (list, 3);
  test_until (lk_license_row_get_license (row) != NULL, 10);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_object_unref (list);
  g_assert_cmpint (lk_license_row_get_license_id (row), ==, 4);
}

/* Where the order is known only with the last license, there is no beginning before the whole. */
static void
test_no_head_without_index (LicenseFixture *fixture, gconstpointer data)
{
  g_autoptr (LkLicenseList) list = lk_license_list_new ();
  g_autoptr (LkLicenseQuery) query = license_query (NULL);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GAsyncResult) result = NULL;

  g_signal_connect (list, "items-changed", G_CALLBACK (note_change_cb), log);
  query->order_by = lk_license_field_find ("FullName");
  lk_license_list_set_query_async (list, fixture->server, query, NULL, test_result_cb, &result);
  test_wait (&result);
  g_assert_true (lk_license_list_set_query_finish (list, result, NULL));
  g_assert_cmpstr (log->str, ==, "(0,0,1000)");
}

/* A list over a staged server, and what it announced. */
typedef struct
{
  StagedServer *server;
  LkLicenseList *list;
  GString *log;
  GPtrArray *results; /* of GAsyncResult (nullable) */
} Stage;

static void
stage_set_up (Stage *self, gconstpointer data)
{
  self->server = staged_server_new ();
  self->list = lk_license_list_new ();
  self->log = g_string_new (NULL);
  self->results = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (self->list, "items-changed", G_CALLBACK (note_change_cb), self->log);
}

static void
stage_tear_down (Stage *self, gconstpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_ptr_array_unref (self->results);
  g_assert_finalize_object (self->list);
  g_assert_finalize_object (self->server);
  g_string_free (self->log, TRUE);
}

static void
stage_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_ptr_array_add (((Stage *) user_data)->results, g_object_ref (result));
}

static void
stage_ask (Stage *self, StagedServer *server)
{
  g_autoptr (LkLicenseQuery) query = license_query (NULL);

  lk_license_list_set_query_async (self->list, LK_LICENSE_SERVER (server), query, NULL,
                                   stage_result_cb, self);
}

/* Iterates until the answers that were sent have arrived. */
static void
stage_wait (Stage *self, guint n_results)
{
  test_until (self->results->len == n_results, 10);
}

static void
stage_check (Stage *self, const char *log, gint64 first, guint n_items, gboolean is_partial)
{
  g_assert_cmpstr (self->log->str, ==, log);
  g_string_truncate (self->log, 0);
  g_assert_cmpint (lk_license_list_get_id_at (self->list, 0), ==, first);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->list)), ==, n_items);
  g_assert_true (lk_license_list_is_partial (self->list) == is_partial);
}

static gint64
shown_id (LkLicenseRow *row)
{
  LkLicense *license = lk_license_row_get_license (row);

  return license != NULL ? lk_license_get_id (license) : 0;
}

/* The rows of the beginning are there while the rest is still being read, and stay the same
 * objects. */
static void
test_head (Stage *self, gconstpointer data)
{
  g_autoptr (LkLicenseRow) row = NULL;
  g_autoptr (LkLicenseRow) same = NULL;

  stage_ask (self, self->server);
  stage_check (self, "", 0, 0, FALSE);
  staged_server_send_head (self->server, 0, 1, 40);
  stage_check (self, "(0,0,40)", 1, 40, TRUE);
  g_assert_true (lk_license_list_is_loading (self->list));
  row = get_row (self->list, 7);
  test_until (shown_id (row) == 8, 10);

  staged_server_answer (self->server, 0, 1, 5000);
  stage_wait (self, 1);
  g_assert_true (lk_license_list_set_query_finish (self->list, self->results->pdata[0], NULL));
  stage_check (self, "(40,0,4960)", 1, 5000, FALSE);
  g_assert_false (lk_license_list_is_loading (self->list));
  same = get_row (self->list, 7);
  g_assert_true (same == row);
  g_assert_cmpint (shown_id (row), ==, 8);
}

/* Another kind of server may read twice, and licenses may change in between. */
static void
test_head_was_wrong (Stage *self, gconstpointer data)
{
  g_autoptr (LkLicenseRow) first = NULL;
  g_autoptr (LkLicenseRow) waiting = NULL;

  stage_ask (self, self->server);
  staged_server_send_head (self->server, 0, 1, 40);
  first = get_row (self->list, 0);
  test_until (shown_id (first) == 1, 10);

  waiting = get_row (self->list, 39);
  staged_server_answer (self->server, 0, 101, 5100);
  stage_wait (self, 1);
  stage_check (self, "(0,0,40)(40,0,4960)", 101, 5000, FALSE);
  test_until (shown_id (first) == 101 && shown_id (waiting) == 140, 10);
}

static void
test_head_was_too_long (Stage *self, gconstpointer data)
{
  stage_ask (self, self->server);
  staged_server_send_head (self->server, 0, 1, 40);
  staged_server_answer (self->server, 0, 1, 3);
  stage_wait (self, 1);
  stage_check (self, "(0,0,40)(3,37,0)", 1, 3, FALSE);
}

/* Of a search that failed nothing stays. */
static void
test_head_then_failure (Stage *self, gconstpointer data)
{
  stage_ask (self, self->server);
  staged_server_send_head (self->server, 0, 1, 40);
  staged_server_fail (self->server, 0);
  stage_wait (self, 1);
  g_assert_false (lk_license_list_set_query_finish (self->list, self->results->pdata[0], NULL));
  stage_check (self, "(0,0,40)(0,40,0)", 0, 0, FALSE);
  g_assert_false (lk_license_list_is_loading (self->list));
}

/* A newer query takes over from a beginning as it does from nothing; what comes of the older one
 * changes nothing any more. */
static void
test_head_then_newer_query (Stage *self, gconstpointer data)
{
  stage_ask (self, self->server);
  staged_server_send_head (self->server, 0, 1, 40);
  stage_ask (self, self->server);
  stage_check (self, "(0,0,40)", 1, 40, TRUE);
  staged_server_send_head (self->server, 0, 11, 50);
  staged_server_answer (self->server, 0, 1, 5000);
  stage_wait (self, 1);
  stage_check (self, "", 1, 40, TRUE);

  staged_server_send_head (self->server, 1, 201, 230);
  stage_check (self, "(30,10,0)", 201, 30, TRUE);
  g_assert_true (lk_license_list_is_loading (self->list));
  staged_server_fail (self->server, 1);
  stage_wait (self, 2);
  stage_check (self, "(0,30,0)", 0, 0, FALSE);
}

/* A whole result stays until the next whole one: never two orders at once. */
static void
test_head_of_next_query (Stage *self, gconstpointer data)
{
  stage_ask (self, self->server);
  staged_server_answer (self->server, 0, 1, 5000);
  stage_wait (self, 1);
  stage_check (self, "(0,0,5000)", 1, 5000, FALSE);

  stage_ask (self, self->server);
  staged_server_send_head (self->server, 1, 201, 240);
  stage_check (self, "", 1, 5000, FALSE);
  staged_server_fail (self->server, 1);
  stage_wait (self, 2);
  stage_check (self, "", 1, 5000, FALSE);
}

/* A LicenseID of one server says nothing about another. */
static void
test_other_server (Stage *self, gconstpointer data)
{
  g_autoptr (StagedServer) other = staged_server_new ();

  stage_ask (self, self->server);
  staged_server_answer (self->server, 0, 1, 5000);
  stage_wait (self, 1);
  stage_ask (self, other);
  stage_check (self, "(0,0,5000)(0,5000,0)", 0, 0, FALSE);
  staged_server_send_head (other, 0, 301, 340);
  stage_check (self, "(0,0,40)", 301, 40, TRUE);
  staged_server_answer (other, 0, 301, 1300);
  stage_wait (self, 2);
  stage_check (self, "(40,0,960)", 301, 1000, FALSE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add (path, LicenseFixture, GSIZE_TO_POINTER (1000), license_fixture_set_up, func,         \
              license_fixture_tear_down)
  ADD ("/license-list/rows", test_rows);
  ADD ("/license-list/pages-stay", test_pages_stay);
  ADD ("/license-list/whole-scroll", test_whole_scroll);
  ADD ("/license-list/announces-only-length", test_announces_only_length);
  ADD ("/license-list/newer-query-wins", test_newer_query_wins);
  ADD ("/license-list/rows-outlive-the-list", test_rows_outlive_the_list);
  ADD ("/license-list/no-head-without-index", test_no_head_without_index);
#undef ADD

#define ADD(path, func) g_test_add (path, Stage, NULL, stage_set_up, func, stage_tear_down)
  ADD ("/license-list/head", test_head);
  ADD ("/license-list/head-was-wrong", test_head_was_wrong);
  ADD ("/license-list/head-was-too-long", test_head_was_too_long);
  ADD ("/license-list/head-then-failure", test_head_then_failure);
  ADD ("/license-list/head-then-newer-query", test_head_then_newer_query);
  ADD ("/license-list/head-of-next-query", test_head_of_next_query);
  ADD ("/license-list/other-server", test_other_server);
#undef ADD

  return g_test_run ();
}
