/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/lease-store.h"

#include "fixture.h"

#define N_RACERS 6

static LkLease *
make_process (LkHolderKind kind)
{
  LkLease *lease = lk_lease_new ();

  lease->kind = kind;
  return lease;
}

/* Tries to take the lease and says whether it did. */
static gboolean
acquire (Fixture *fixture, const LkLease *mine)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LkLease) lease = NULL;

  IN_TRANSACTION (fixture,
                  lease = lk_lease_store_acquire (fixture->db, mine, fixture->now, &error));
  g_assert_no_error (error);

  return g_str_equal (lease->owner, mine->owner);
}

static LkLease *
get (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  LkLease *lease = lk_lease_store_get (fixture->db, &error);

  g_assert_no_error (error);
  return lease;
}

static gint64
get_epoch (Fixture *fixture)
{
  g_autoptr (LkLease) lease = get (fixture);

  return lease->epoch;
}

static void
release (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  IN_TRANSACTION (fixture, lk_lease_store_release (fixture->db, get_epoch (fixture), &error));
  g_assert_no_error (error);
}

static void
test_one_holder (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkLease) one = make_process (LK_HOLDER_AGENT);
  g_autoptr (LkLease) other = make_process (LK_HOLDER_AGENT);

  g_assert_true (acquire (fixture, one));
  g_assert_cmpint (get_epoch (fixture), ==, 1);
  g_assert_true (acquire (fixture, one)); /* again: the same epoch */
  g_assert_cmpint (get_epoch (fixture), ==, 1);
  g_assert_false (acquire (fixture, other));

  fixture->now += (LK_LEASE_SECONDS - 1) * LK_SECOND;
  g_assert_false (acquire (fixture, other));
  fixture->now += 1 * LK_SECOND;
  g_assert_true (acquire (fixture, other));
  g_assert_cmpint (get_epoch (fixture), ==, 2);
}

static void
test_epoch_fences (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkLease) one = make_process (LK_HOLDER_AGENT);
  g_autoptr (LkLease) other = make_process (LK_HOLDER_AGENT);
  g_autoptr (GError) error = NULL;

  g_assert_false (lk_lease_store_check_epoch (fixture->db, 0, &error)); /* nobody holds it */
  g_assert_error (error, LK_ERROR, LK_ERROR_LEASE_LOST);
  g_clear_error (&error);

  g_assert_true (acquire (fixture, one));
  g_assert_true (lk_lease_store_check_epoch (fixture->db, 1, &error));
  fixture->now += 2 * LK_LEASE_SECONDS * LK_SECOND;
  g_assert_true (lk_lease_store_renew (fixture->db, 1, fixture->now, &error)); /* nobody came */
  fixture->now += 2 * LK_LEASE_SECONDS * LK_SECOND;
  g_assert_true (acquire (fixture, other));

  g_assert_false (lk_lease_store_check_epoch (fixture->db, 1, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_LEASE_LOST);
  g_clear_error (&error);
  g_assert_false (lk_lease_store_renew (fixture->db, 1, fixture->now, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_LEASE_LOST);
  g_clear_error (&error);
  g_assert_false (lk_lease_store_release (fixture->db, 1, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_LEASE_LOST);
  g_clear_error (&error);

  release (fixture);
  g_assert_false (lk_lease_store_check_epoch (fixture->db, 2, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_LEASE_LOST);
  g_clear_error (&error);
  g_assert_true (acquire (fixture, other)); /* the same process again, but what it left is old */
  g_assert_cmpint (get_epoch (fixture), ==, 3);
}

static void
test_agent_is_preferred (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkLease) console = make_process (LK_HOLDER_CONSOLE);
  g_autoptr (LkLease) second_console = make_process (LK_HOLDER_CONSOLE);
  g_autoptr (LkLease) agent = make_process (LK_HOLDER_AGENT);
  g_autoptr (LkLease) lease = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (acquire (fixture, console));
  g_assert_false (acquire (fixture, second_console));
  lease = get (fixture);
  g_assert_cmpint (lease->wanted_by, ==, LK_HOLDER_NONE); /* a console asks nobody to yield */
  g_clear_pointer (&lease, lk_lease_free);

  g_assert_false (acquire (fixture, agent));
  lease = get (fixture);
  g_assert_cmpint (lease->wanted_by, ==, LK_HOLDER_AGENT);

  release (fixture);
  g_assert_false (acquire (fixture, console)); /* it is the agent's turn */
  g_assert_false (acquire (fixture, second_console));
  g_assert_true (acquire (fixture, agent));
  g_clear_pointer (&lease, lk_lease_free);
  lease = get (fixture);
  g_assert_cmpint (lease->wanted_by, ==, LK_HOLDER_NONE);
  g_assert_cmpint (lease->kind, ==, LK_HOLDER_AGENT);
}

static void
test_wish_expires (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkLease) console = make_process (LK_HOLDER_CONSOLE);
  g_autoptr (LkLease) agent = make_process (LK_HOLDER_AGENT);
  g_autoptr (LkLease) lease = NULL;

  /* The agent asks and dies; the console has yielded. */
  g_assert_true (acquire (fixture, console));
  g_assert_false (acquire (fixture, agent));
  release (fixture);
  fixture->now += LK_LEASE_SECONDS * LK_SECOND;
  g_assert_true (acquire (fixture, console));

  /* The agent asks and dies; the console has not yet looked. */
  g_assert_false (acquire (fixture, agent));
  fixture->now += LK_LEASE_SECONDS * LK_SECOND;
  g_assert_true (acquire (fixture, console));
  lease = get (fixture);
  g_assert_cmpint (lease->wanted_by, ==, LK_HOLDER_NONE);
}

/* Takeover at once, through the database. */
static void
test_takeover (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (LkLease) dead = make_process (LK_HOLDER_AGENT);
  g_autoptr (LkLease) console = make_process (LK_HOLDER_CONSOLE);

  dead->pid_started++;
  g_assert_true (acquire (fixture, dead));
  g_assert_true (acquire (fixture, console));
  g_assert_cmpint (get_epoch (fixture), ==, 2);
}

typedef struct
{
  Fixture *fixture;
  LkInstant now;
  gint won;   /* atomic */
  gint ready; /* atomic */
} Race;

static gpointer
race_thread (gpointer data)
{
  Race *race = data;
  g_autofree char *uri = test_folder_get_uri (race->fixture->folder, "workspace.db");
  g_autoptr (LkLease) mine = make_process (LK_HOLDER_AGENT);
  g_autoptr (LkLease) lease = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkDb) db = lk_db_open (uri, LK_DB_DEFAULT, &error);

  g_assert_no_error (error);
  g_atomic_int_inc (&race->ready);
  while (g_atomic_int_get (&race->ready) < N_RACERS)
    g_thread_yield ();

  lk_db_begin (db, &error);
  g_assert_no_error (error);
  lease = lk_lease_store_acquire (db, mine, race->now, &error);
  g_assert_no_error (error);
  if (g_str_equal (lease->owner, mine->owner))
    g_atomic_int_inc (&race->won);
  lk_db_commit (db, &error);
  g_assert_no_error (error);

  return NULL;
}

/* Several processes find the lease free at the same moment. */
static void
test_race (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  for (int round = 1; round <= 5; round++)
    {
      Race race = { .fixture = fixture, .now = fixture->now + round * LK_HOUR };
      GThread *threads[N_RACERS];

      for (int i = 0; i < N_RACERS; i++)
        threads[i] = g_thread_new ("racer", race_thread, &race);
      for (int i = 0; i < N_RACERS; i++)
        g_thread_join (threads[i]);

      g_assert_cmpint (race.won, ==, 1);
      g_assert_cmpint (get_epoch (fixture), ==, round);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/lease-store/one-holder", test_one_holder);
  g_test_add_func ("/lease-store/epoch-fences", test_epoch_fences);
  g_test_add_func ("/lease-store/agent-is-preferred", test_agent_is_preferred);
  g_test_add_func ("/lease-store/wish-expires", test_wish_expires);
  g_test_add_func ("/lease-store/takeover", test_takeover);
  g_test_add_func ("/lease-store/race", test_race);

  return g_test_run ();
}
