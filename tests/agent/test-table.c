/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "agent/table.h"

static void
test_widths (void)
{
  g_autoptr (LkTable) table = lk_table_new ("NAME", "N", "LAST", NULL);
  g_autofree char *text = NULL;

  lk_table_add (table, "漢字"); /* four cells */
  lk_table_add_int (table, 7);
  lk_table_add (table, "x");
  lk_table_add (table, "e\xcc\x81t\xcc\x81"); /* two letters with combining accents: two cells */
  lk_table_add_int (table, 1234);
  lk_table_add (table, "");
  lk_table_add (table, "straight");
  lk_table_add_int (table, -1);
  lk_table_add (table, NULL);

  text = lk_table_to_string (table);
  g_assert_cmpstr (text, ==,
                   "NAME      N     LAST\n"
                   "漢字         7  x\n"
                   "e\xcc\x81t\xcc\x81        1234\n"
                   "straight    -1\n");
  g_assert_cmpuint (lk_table_get_n_rows (table), ==, 3);
}

static void
test_one_line (void)
{
  g_autoptr (LkTable) table = lk_table_new ("A", "B", NULL);
  g_autofree char *text = NULL;

  lk_table_add (table, "two\nlines\tand\x1b[31mred");
  lk_table_add (table, "b");

  text = lk_table_to_string (table);
  g_assert_cmpstr (text, ==, "A                      B\ntwo lines and\xef\xbf\xbd[31mred  b\n");
}

static void
test_pairs (void)
{
  g_autoptr (LkTable) table = lk_table_new_pairs ();
  g_autofree char *text = NULL;

  lk_table_add_pair (table, "Name", "x");
  lk_table_add_pair (table, "Long title", "");
  lk_table_add_pair (table, "Next", NULL);

  text = lk_table_to_string (table);
  g_assert_cmpstr (text, ==, "Name:        x\nLong title:  -\nNext:        -\n");
}

static void
test_titles_only (void)
{
  g_autoptr (LkTable) table = lk_table_new ("A", "B", NULL);
  g_autofree char *text = lk_table_to_string (table);

  g_assert_cmpstr (text, ==, "A  B\n");
  g_assert_cmpuint (lk_table_get_n_rows (table), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent/table/widths", test_widths);
  g_test_add_func ("/agent/table/one-line", test_one_line);
  g_test_add_func ("/agent/table/pairs", test_pairs);
  g_test_add_func ("/agent/table/titles-only", test_titles_only);

  return g_test_run ();
}
