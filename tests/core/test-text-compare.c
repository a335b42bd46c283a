/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <time.h>

#include "core/text-compare.h"

static int
compare (const char *a, const char *b)
{
  int order = lk_text_compare (a, strlen (a), b, strlen (b));

  return (order > 0) - (order < 0);
}

static void
test_compare (void)
{
  const struct
  {
    const char *a;
    const char *b;
    int order;
  } rows[] = {
    { "", "", 0 },
    { "a", "A", 0 },
    { "É", "é", 0 },
    { "e", "é", -1 },
    { "éa", "eb", -1 },
    { "f", "é", 1 },
    { "a", "a   ", 0 },
    { "a ", "a b", -1 },
    { "", "  ", 0 },
    { " a", "a", -1 },
    { "1", "a", -1 },
    { "_", "1", -1 },
    { "[", "a", -1 },
    { "a", "aa", -1 },
    { "Ω", "ω", 0 },
    { "z", "ä", 1 },
    { "K", "\342\204\252", 1 * -1 },
    { "a", "a\t", 1 },
    { "ß", "ss", -1 * -1 },
    { "\xff", "\xff", 0 },
    { "a\xc3", "a\xc3", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *a = lk_text_fold (rows[i].a, strlen (rows[i].a));
      g_autofree char *b = lk_text_fold (rows[i].b, strlen (rows[i].b));

      g_assert_cmpint (g_str_equal (a, b), ==, rows[i].order == 0);
      g_assert_true (g_utf8_validate (a, -1, NULL));
      g_assert_cmpint (compare (rows[i].a, rows[i].b), ==, rows[i].order);
      g_assert_cmpint (compare (rows[i].b, rows[i].a), ==, -rows[i].order);
    }
}

/* A collation must be a total order, or SQLite's indexes and sorts go wrong. */
static void
test_total_order (void)
{
  const char *const alphabet[] = { "a", "A", "b", "é", "É", "e", " ", "_", "1", "\t", "ß", "" };
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  char texts[80][16];

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      texts[i][0] = '\0';
      for (int j = 0; j < 4; j++)
        g_strlcat (texts[i], alphabet[g_rand_int_range (random, 0, G_N_ELEMENTS (alphabet))],
                   sizeof texts[i]);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (texts); j++)
      {
        g_assert_cmpint (compare (texts[i], texts[j]), ==, -compare (texts[j], texts[i]));
        for (gsize k = 0; k < G_N_ELEMENTS (texts); k++)
          if (compare (texts[i], texts[j]) <= 0 && compare (texts[j], texts[k]) <= 0)
            g_assert_cmpint (compare (texts[i], texts[k]), <=, 0);
      }
}

static void
test_like (void)
{
  const struct
  {
    const char *text;
    const char *pattern;
    gunichar escape;
    gboolean matches;
  } rows[] = {
    { "abc", "abc", 0, TRUE },
    { "ABC", "abc", 0, TRUE },
    { "abc", "ab", 0, FALSE },
    { "abc", "a%", 0, TRUE },
    { "abc", "%c", 0, TRUE },
    { "abc", "%b%", 0, TRUE },
    { "abc", "a_c", 0, TRUE },
    { "aéc", "a_c", 0, TRUE },
    { "abc", "a__c", 0, FALSE },
    { "", "%", 0, TRUE },
    { "", "", 0, TRUE },
    { "", "_", 0, FALSE },
    { "b", "[a-c]", 0, TRUE },
    { "B", "[a-c]", 0, TRUE },
    { "d", "[a-c]", 0, FALSE },
    { "d", "[^a-c]", 0, TRUE },
    { "á", "[a-c]", 0, TRUE },
    { "-", "[-a]", 0, TRUE },
    { "-", "[a-]", 0, TRUE },
    { "%", "[%]", 0, TRUE },
    { "x", "[%]", 0, FALSE },
    { "[", "[[]", 0, TRUE },
    { "50%", "50!%", '!', TRUE },
    { "50x", "50!%", '!', FALSE },
    { "a", "[a", 0, FALSE },
    { "a!", "a!", '!', FALSE },
    { "É", "é", 0, TRUE },
    { "aaab", "%a%b", 0, TRUE },
    { "mississippi", "%iss%ip%", 0, TRUE },
    { "abc ", "abc", 0, FALSE },
    { "^", "[^]", 0, TRUE },
    { "a]", "a]", 0, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s LIKE %s", rows[i].text, rows[i].pattern);
      g_assert_cmpint (lk_text_like (rows[i].text, strlen (rows[i].text), rows[i].pattern,
                                     strlen (rows[i].pattern), rows[i].escape),
                       ==, rows[i].matches);
    }
}

/* A pattern that makes naive matchers run for ever. */
static void
test_like_is_bounded (void)
{
  g_autofree char *text = g_strnfill (20000, 'a');
  g_autoptr (GString) pattern = g_string_new (NULL);
  clock_t started = clock ();

  for (int i = 0; i < 50; i++)
    g_string_append (pattern, "%a");
  g_string_append (pattern, "%b");

  g_assert_false (lk_text_like (text, 20000, pattern->str, pattern->len, 0));
  g_assert_cmpint (clock () - started, <, CLOCKS_PER_SEC);
}

static void
test_find (void)
{
  gsize length;

  g_assert_cmpint (lk_text_find ("xÉlan", 6, "éL", 3, &length), ==, 1);
  g_assert_cmpuint (length, ==, 3);
  g_assert_cmpint (lk_text_find ("abc", 3, "d", 1, NULL), ==, -1);
  g_assert_cmpint (lk_text_find ("abc", 3, "", 0, NULL), ==, -1);
  g_assert_cmpint (lk_text_find ("", 0, "a", 1, NULL), ==, -1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/text-compare/compare", test_compare);
  g_test_add_func ("/text-compare/total-order", test_total_order);
  g_test_add_func ("/text-compare/like", test_like);
  g_test_add_func ("/text-compare/like-is-bounded", test_like_is_bounded);
  g_test_add_func ("/text-compare/find", test_find);

  return g_test_run ();
}
