/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/throttle.h"

static void
test_single_failures_do_nothing (void)
{
  LkThrottle throttle = { 0 };

  for (int i = 0; i < 100; i++)
    {
      lk_throttle_note_failure (&throttle, i, 500, -1, LK_DAY);
      lk_throttle_note_success (&throttle, -1);
      g_assert_cmpint (lk_throttle_get_limit (&throttle, 4), ==, 4);
      g_assert_cmpint (lk_throttle_get_not_before (&throttle), ==, 0);
    }
}

static void
test_asked (void)
{
  static const struct
  {
    int status;
    gint64 retry_after_s;
    gboolean throttled;
  } cases[] = {
    { 429, -1, TRUE }, { 503, 10, TRUE }, { 503, 0, TRUE }, { 503, -1, FALSE }, { 0, -1, FALSE }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      LkThrottle throttle = { 0 };

      lk_throttle_note_failure (&throttle, 1, cases[i].status, cases[i].retry_after_s, LK_DAY);
      g_assert_cmpint (lk_throttle_is_throttled (&throttle), ==, cases[i].throttled);
      g_assert_cmpint (lk_throttle_get_limit (&throttle, 4), ==, cases[i].throttled ? 1 : 4);

      lk_throttle_note_success (&throttle, 30);
      g_assert_true (lk_throttle_is_throttled (&throttle));
      lk_throttle_note_success (&throttle, -1);
      g_assert_false (lk_throttle_is_throttled (&throttle));
    }
}

/* Eleven of twenty, with a success often enough to keep the breaker closed. */
static void
test_more_than_half (void)
{
  LkThrottle throttle = { 0 };

  for (int i = 0; i < 10; i++)
    {
      lk_throttle_note_failure (&throttle, i, 500, -1, LK_DAY);
      g_assert_false (lk_throttle_is_throttled (&throttle));
      if (i % 3 == 2)
        lk_throttle_note_success (&throttle, -1);
    }
  lk_throttle_note_failure (&throttle, 10, 500, -1, LK_DAY);
  g_assert_true (lk_throttle_is_throttled (&throttle));
  g_assert_false (lk_throttle_is_open (&throttle));

  for (int i = 0; i < 20; i++)
    lk_throttle_note_success (&throttle, -1);
  g_assert_false (lk_throttle_is_throttled (&throttle));
}

static void
test_breaker (void)
{
  static const gint64 delays_s[] = { 5, 10, 20, 40, 80, 160, 300, 300 };
  LkThrottle throttle = { 0 };

  for (int i = 0; i < 100; i++)
    lk_throttle_note_failure (&throttle, i % 4, 500, -1, LK_DAY);
  g_assert_false (lk_throttle_is_open (&throttle));

  for (gsize i = 0; i < G_N_ELEMENTS (delays_s); i++)
    {
      LkInstant now = (LkInstant) (i + 1) * LK_DAY;

      lk_throttle_note_failure (&throttle, 4, 500, -1, now);
      g_assert_true (lk_throttle_is_open (&throttle));
      g_assert_cmpint (lk_throttle_get_limit (&throttle, 4), ==, 1);
      g_assert_cmpint (lk_throttle_get_not_before (&throttle), ==, now + delays_s[i] * LK_SECOND);
    }

  lk_throttle_note_success (&throttle, -1);
  g_assert_false (lk_throttle_is_open (&throttle));
  g_assert_cmpint (lk_throttle_get_not_before (&throttle), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/throttle/single-failures-do-nothing", test_single_failures_do_nothing);
  g_test_add_func ("/throttle/asked", test_asked);
  g_test_add_func ("/throttle/more-than-half", test_more_than_half);
  g_test_add_func ("/throttle/breaker", test_breaker);

  return g_test_run ();
}
