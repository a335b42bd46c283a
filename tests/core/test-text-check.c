/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/error.h"
#include "core/text-check.h"

static void
test_name (void)
{
  g_autofree char *longest = g_strnfill (LK_NAME_MAX_CHARACTERS, 'n');
  g_autofree char *too_long = g_strnfill (LK_NAME_MAX_CHARACTERS + 1, 'n');
  const struct
  {
    const char *name;
    int code;
  } cases[] = {
    { "Upcoming Renewals", -1 },  { "Über 30 Tage ♥", -1 },       { longest, -1 },
    { "", LK_ERROR_INVALID },     { " \t", LK_ERROR_INVALID },    { "\xc2\xa0", LK_ERROR_INVALID },
    { "a\nb", LK_ERROR_INVALID }, { too_long, LK_ERROR_INVALID }, { "a\xc3", LK_ERROR_ENCODING },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (lk_text_check_name (cases[i].name, &error), ==, cases[i].code < 0);
      if (cases[i].code >= 0)
        g_assert_error (error, LK_ERROR, cases[i].code);
    }
}

static void
test_same_name (void)
{
  g_assert_true (lk_text_same_name ("Renewals", "renewals"));
  g_assert_true (lk_text_same_name (" Renewals", "Renewals "));
  g_assert_true (lk_text_same_name ("ÜBER", "über"));
  g_assert_false (lk_text_same_name ("Renewal", "Renewals"));
}

static void
test_free_name (void)
{
  static const char *const taken[] = { "Renewals", "Expired", NULL };
  g_autoptr (GError) taken_error = NULL;
  g_autoptr (GError) blank_error = NULL;

  g_assert_true (lk_text_check_free_name ("Renewal", taken, NULL));
  g_assert_true (lk_text_check_free_name ("Renewals", NULL, NULL));
  g_assert_false (lk_text_check_free_name (" EXPIRED", taken, &taken_error));
  g_assert_error (taken_error, LK_ERROR, LK_ERROR_EXISTS);
  g_assert_false (lk_text_check_free_name ("", taken, &blank_error));
  g_assert_error (blank_error, LK_ERROR, LK_ERROR_INVALID);
}

static void
test_blank (void)
{
  g_assert_true (lk_text_is_blank (NULL));
  g_assert_true (lk_text_is_blank (""));
  g_assert_true (lk_text_is_blank (" \r\n\xe2\x80\x83"));
  g_assert_false (lk_text_is_blank (" x "));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/text-check/name", test_name);
  g_test_add_func ("/text-check/same-name", test_same_name);
  g_test_add_func ("/text-check/free-name", test_free_name);
  g_test_add_func ("/text-check/blank", test_blank);

  return g_test_run ();
}
