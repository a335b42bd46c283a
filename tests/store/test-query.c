/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/query.h"

#include "fixture.h"

static void
test_values (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GBytes) bytes = g_bytes_new ("a\0b", 3);
  g_autoptr (GBytes) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkStatement) row = NULL;
  g_autofree char *empty = NULL;

  row = lk_query (fixture->db, "SELECT ?1, ?2, ?3, ?4, ?5, ?6",
                  LK_VALUES (LK_INT (G_MAXINT64), LK_REF (0), LK_REF (7), LK_TEXT ("ä'"),
                             LK_TEXT (NULL), LK_BYTES (bytes)),
                  &error);
  g_assert_no_error (error);
  g_assert_cmpint (lk_statement_step (row, &error), ==, LK_STEP_ROW);
  g_assert_cmpint (lk_statement_get_int (row, 0), ==, G_MAXINT64);
  g_assert_true (lk_statement_is_null (row, 1));
  g_assert_cmpint (lk_statement_get_int (row, 2), ==, 7);
  g_assert_cmpstr (lk_statement_get_text (row, 3), ==, "ä'");
  g_assert_true (lk_statement_is_null (row, 4));
  empty = lk_row_take_text (row, 4);
  g_assert_cmpstr (empty, ==, "");
  read = lk_statement_dup_bytes (row, 5);
  g_assert_true (g_bytes_equal (read, bytes));
}

static void
test_answers (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;
  gpointer one;
  gint64 value = 5;

  g_assert_true (lk_query_int (fixture->db, "SELECT 1 WHERE 1 = 0", NULL, &value, &error));
  g_assert_cmpint (value, ==, 0);
  g_assert_true (lk_query_int (fixture->db, "SELECT NULL", NULL, &value, &error));
  g_assert_cmpint (value, ==, 0);

  g_assert_true (
      lk_query_one (fixture->db, "SELECT 'x' WHERE 1 = 0", NULL, lk_row_dup_text, &one, &error));
  g_assert_null (one);

  list = lk_query_list (fixture->db, "SELECT 'a' UNION ALL SELECT 'b'", NULL, lk_row_dup_text,
                        g_free, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (list, 1), ==, "b");
}

/* A statement that lk_query() returns has copies; the others leave nothing behind of what they
 * borrowed. */
static void
test_lifetimes (void)
{
  const char *sql = "SELECT ?1, ?2";
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LkStatement) copies = NULL;
  g_autoptr (LkStatement) again = NULL;
  char text[] = "text";
  char data[] = "data";
  GBytes *bytes = g_bytes_new_static (data, 4);
  const LkValue *values = LK_VALUES (LK_TEXT (text), LK_BYTES (bytes));
  gpointer one;

  g_assert_true (lk_query_one (fixture->db, sql, values, lk_row_dup_text, &one, &error));
  g_assert_cmpstr (one, ==, "text");
  g_free (one);
  g_assert_true (lk_query_run (fixture->db, sql, values, &error));

  again = lk_query (fixture->db, sql, NULL, &error);
  g_assert_cmpint (lk_statement_step (again, &error), ==, LK_STEP_ROW);
  g_assert_true (lk_statement_is_null (again, 0));
  g_assert_true (lk_statement_is_null (again, 1));

  copies = lk_query (fixture->db, sql, values, &error);
  memset (text, 'x', 4);
  memset (data, 'x', 4);
  g_bytes_unref (bytes);
  g_assert_cmpint (lk_statement_step (copies, &error), ==, LK_STEP_ROW);
  g_assert_cmpstr (lk_statement_get_text (copies, 0), ==, "text");
  g_assert_cmpstr (lk_statement_get_text (copies, 1), ==, "data");
}

static void
test_errors (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  const char *bad = "SELECT nothing FROM nowhere";

  for (int i = 0; i < 4; i++)
    {
      g_autoptr (GError) error = NULL;
      gpointer one;
      gint64 value;

      if (i == 0)
        g_assert_false (lk_query_run (fixture->db, bad, NULL, &error));
      else if (i == 1)
        g_assert_false (lk_query_int (fixture->db, bad, NULL, &value, &error));
      else if (i == 2)
        g_assert_false (lk_query_one (fixture->db, bad, NULL, lk_row_dup_text, &one, &error));
      else
        g_assert_null (lk_query_list (fixture->db, bad, NULL, lk_row_dup_text, g_free, &error));
      g_assert_nonnull (error);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/query/values", test_values);
  g_test_add_func ("/query/answers", test_answers);
  g_test_add_func ("/query/lifetimes", test_lifetimes);
  g_test_add_func ("/query/errors", test_errors);

  return g_test_run ();
}
