/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/word-list.h"

static const char *const words[] = { "zero", "one", "two" };

static void
test_get (void)
{
  for (int i = 0; i < (int) G_N_ELEMENTS (words); i++)
    g_assert_cmpstr (lk_word_list_get (words, G_N_ELEMENTS (words), i), ==, words[i]);
}

static void
test_find (void)
{
  static const struct
  {
    const char *text;
    int value;
  } cases[] = { { "zero", 0 }, { "TWO", 2 }, { "One", 1 },   { "three", -1 },
                { "", -1 },    { NULL, -1 }, { "one ", -1 }, { "on", -1 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      int value = -1;

      g_assert_cmpint (lk_word_list_find (words, G_N_ELEMENTS (words), cases[i].text, &value), ==,
                       cases[i].value >= 0);
      g_assert_cmpint (value, ==, cases[i].value);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/word-list/get", test_get);
  g_test_add_func ("/word-list/find", test_find);

  return g_test_run ();
}
