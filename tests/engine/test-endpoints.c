/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "engine/endpoints.h"

#define URL    "http://127.0.0.1:1/"
#define NOW    (1800000000 * LK_SECOND)
#define ROUNDS 40

/* How many requests may start now; a receiver that is not in the table may have all it is
 * configured for. */
static guint
get_room (LkEndpoints *endpoints, LkInstant now)
{
  g_autoptr (GHashTable) room = lk_endpoints_take_room (endpoints, now);
  gpointer n = NULL;

  return g_hash_table_lookup_extended (room, URL, NULL, &n) ? GPOINTER_TO_UINT (n) : 64;
}

/* A request that begins as soon as it is claimed. */
static void
begin (LkEndpoints *endpoints, int rate, LkInstant now)
{
  lk_endpoints_add (endpoints, URL, 64, rate, FALSE);
  lk_endpoints_begin (endpoints, URL, now);
}

static void
succeed (LkEndpoints *endpoints, LkInstant now)
{
  g_autoptr (LkAttempt) attempt = lk_attempt_new ();

  attempt->outcome = LK_OUTCOME_SUCCESS;
  attempt->status = 200;
  attempt->retry_after_s = -1;
  lk_endpoints_end (endpoints, URL, attempt, now);
}

/* Starts what may start, each of which is answered at once. */
static guint
start_all (LkEndpoints *endpoints, int rate, LkInstant now)
{
  guint n = get_room (endpoints, now);

  for (guint i = 0; i < n; i++)
    begin (endpoints, rate, now);
  for (guint i = 0; i < n; i++)
    succeed (endpoints, now);

  return n;
}

/* Random moments: in no minute more starts than the rate and one burst; and who looks again when
 * told to gets all that the rate allows. */
static void
test_rate (void)
{
  static const int rates[] = { 1, 7, 60, 600, 6000, 60000 };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (gsize i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      g_autoptr (LkEndpoints) endpoints = lk_endpoints_new ();
      guint burst = 1 + (guint) (LK_RATE_BURST / (LK_MINUTE / rates[i]));
      LkInstant now = NOW;
      guint64 n = 1;

      begin (endpoints, rates[i], now);
      succeed (endpoints, now);
      while (now < NOW + 3 * LK_MINUTE)
        {
          LkInstant gate = lk_endpoints_get_next_gate (endpoints, now);

          now = MAX (gate, now + g_rand_int_range (random, 1, (int) LK_RATE_BURST));
          n += start_all (endpoints, rates[i], now);
          g_assert_cmpuint (n, <=, burst + (guint64) ((now - NOW) / (LK_MINUTE / rates[i])));
        }
      g_assert_cmpuint (n, >=, (guint64) rates[i] * 2);
    }
}

/* After a rest there is one burst, and not all that was not used. */
static void
test_rest (void)
{
  g_autoptr (LkEndpoints) endpoints = lk_endpoints_new ();

  begin (endpoints, 600, NOW);
  succeed (endpoints, NOW);
  g_assert_cmpuint (get_room (endpoints, NOW), ==, 0);
  g_assert_cmpint (lk_endpoints_get_next_gate (endpoints, NOW), ==, NOW + LK_SECOND / 10);
  g_assert_cmpuint (start_all (endpoints, 600, NOW + LK_HOUR), ==, 2);
  g_assert_cmpuint (get_room (endpoints, NOW + LK_HOUR), ==, 0);
}

static void
fail (LkEndpoints *endpoints, gint64 delivery_id, LkOutcome outcome, LkInstant now)
{
  g_autoptr (LkAttempt) attempt = lk_attempt_new ();

  attempt->delivery_id = delivery_id;
  attempt->outcome = outcome;
  attempt->retry_after_s = -1;
  begin (endpoints, 0, now);
  lk_endpoints_end (endpoints, URL, attempt, now);
}

static void
assert_waits (LkEndpoints *endpoints, LkInstant now, LkInstant wait)
{
  g_assert_cmpuint (get_room (endpoints, now), ==, 0);
  g_assert_cmpint (lk_endpoints_get_next_gate (endpoints, now), ==, now + wait);
  g_assert_cmpuint (get_room (endpoints, now + wait), >, 0);
}

/* A clock that is set back makes nobody wait longer: not for the rate limit, not for the network,
 * not for a receiver that fails. */
static void
test_clock_set_back (void)
{
  g_autoptr (LkEndpoints) limited = lk_endpoints_new ();
  g_autoptr (LkEndpoints) offline = lk_endpoints_new ();
  g_autoptr (LkEndpoints) failing = lk_endpoints_new ();

  begin (limited, 60, NOW);
  succeed (limited, NOW);
  assert_waits (limited, NOW - LK_DAY, LK_SECOND);

  fail (offline, 1, LK_OUTCOME_OFFLINE, NOW);
  assert_waits (offline, NOW - LK_DAY, LK_OFFLINE_RETRY);

  for (int i = 0; i < LK_THROTTLE_BREAKER; i++)
    fail (failing, i, LK_OUTCOME_FAILURE, NOW);
  assert_waits (failing, NOW - LK_DAY, LK_THROTTLE_FIRST_PROBE_S * LK_SECOND);
}

/* The limit goes with the task that had it. */
static void
test_no_longer_limited (void)
{
  g_autoptr (LkEndpoints) endpoints = lk_endpoints_new ();

  begin (endpoints, 1, NOW);
  succeed (endpoints, NOW);
  g_assert_cmpuint (get_room (endpoints, NOW), ==, 0);
  begin (endpoints, 0, NOW);
  succeed (endpoints, NOW);
  g_assert_cmpuint (get_room (endpoints, NOW), ==, 64);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/endpoints/rate", test_rate);
  g_test_add_func ("/endpoints/rest", test_rest);
  g_test_add_func ("/endpoints/clock-set-back", test_clock_set_back);
  g_test_add_func ("/endpoints/no-longer-limited", test_no_longer_limited);

  return g_test_run ();
}
