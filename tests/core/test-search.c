/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/search.h"

static void
set_text (char **place, const char *text)
{
  g_free (*place);
  *place = g_strdup (text);
}

static void
test_new (void)
{
  g_autoptr (LkSearch) search = lk_search_new ();

  g_assert_cmpint (search->id, ==, 0);
  g_assert_cmpstr (search->name, ==, "");
  g_assert_cmpstr (search->tooltip, ==, "");
  g_assert_cmpstr (search->group, ==, "");
  g_assert_cmpstr (search->sql, ==, "");
  g_assert_cmpstr (search->distinct_field, ==, "");
  g_assert_cmpstr (search->unique_id_field, ==, "");
  g_assert_false (search->favourite);
}

static void
test_equal (void)
{
  g_autoptr (LkSearch) a = lk_search_new ();
  char **texts[] = { &a->name, &a->tooltip,        &a->group,
                     &a->sql,  &a->distinct_field, &a->unique_id_field };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (LkSearch) before = lk_search_copy (a);

      set_text (texts[i], "changed");
      g_assert_false (lk_search_equal (a, before));
    }

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (LkSearch) before = lk_search_copy (a);

      if (i == 0)
        a->favourite = TRUE;
      else
        a->position = 3;
      g_assert_false (lk_search_equal (a, before));
    }
}

static void
test_copy_is_deep (void)
{
  g_autoptr (LkSearch) a = lk_search_new ();
  g_autoptr (LkSearch) b = NULL;

  a->id = 7;
  a->version = 3;
  set_text (&a->sql, "FullName = 'x'");
  b = lk_search_copy (a);

  g_assert_true (lk_search_equal (a, b));
  g_assert_cmpint (b->id, ==, 7);
  g_assert_cmpint (b->version, ==, 3);
  g_assert_true (a->sql != b->sql);

  b->version = 4;
  g_assert_true (lk_search_equal (a, b));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/search/new", test_new);
  g_test_add_func ("/search/equal", test_equal);
  g_test_add_func ("/search/copy-is-deep", test_copy_is_deep);

  return g_test_run ();
}
