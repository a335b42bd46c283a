/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The delivery invariant: whatever happens in whatever order, nothing that was accepted is
 * forgotten. And the check itself: it must see each kind of damage. */

#include "config.h"

#include "store/endpoint-store.h"
#include "store/query.h"
#include "store/run-store.h"
#include "store/task-store.h"

#include "fixture.h"

#define N_STEPS 600
#define N_TASKS 3

/* A process that runs the schedule, and what it has in flight. */
typedef struct
{
  Fixture *fixture;
  GRand *random;
  gint64 epoch;
  gint64 tasks[N_TASKS];
  GPtrArray *claims;
  GHashTable *delivered; /* ids that a receiver has */
  int n_names;
} Walk;

static void
walk_crash (Walk *self)
{
  g_ptr_array_set_size (self->claims, 0);
  self->epoch = fixture_take_lease (self->fixture);
}

static void
walk_run (Walk *self)
{
  gint64 task_id = self->tasks[g_rand_int_range (self->random, 0, N_TASKS)];
  g_autoptr (LkRun) run = NULL;
  g_autoptr (GError) error = NULL;

  self->fixture->now += LK_SECOND;
  run = fixture_start_run (self->fixture, task_id, self->epoch);
  fixture_add_deliveries (self->fixture, run, self->epoch, 1,
                          g_rand_int_range (self->random, 1, 12));
  run->state = g_rand_boolean (self->random) ? LK_RUN_FINISHED : LK_RUN_FAILED;
  IN_TRANSACTION (self->fixture, lk_run_store_finish (self->fixture->db, run, self->epoch,
                                                      self->fixture->now, &error));
  g_assert_no_error (error);
}

static void
walk_claim (Walk *self)
{
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (GError) error = NULL;

  self->fixture->now += g_rand_int_range (self->random, 0, 40) * LK_SECOND;
  IN_TRANSACTION (self->fixture,
                  claims = lk_delivery_store_claim (self->fixture->db, self->epoch,
                                                    self->fixture->now, 6, NULL, NULL, &error));
  g_assert_no_error (error);
  g_ptr_array_extend_and_steal (self->claims, g_steal_pointer (&claims));
}

static void
walk_settle (Walk *self)
{
  static const struct
  {
    LkOutcome outcome;
    LkDeliveryState state;
    const char *hold_reason;
  } ends[] = {
    { LK_OUTCOME_SUCCESS, LK_DELIVERY_DELIVERED, NULL },
    { LK_OUTCOME_SUCCESS, LK_DELIVERY_DELIVERED, NULL },
    { LK_OUTCOME_SUCCESS, LK_DELIVERY_DELIVERED, NULL },
    { LK_OUTCOME_FAILURE, LK_DELIVERY_RETRY_WAIT, NULL },
    { LK_OUTCOME_OFFLINE, LK_DELIVERY_RETRY_WAIT, NULL },
    { LK_OUTCOME_FAILURE, LK_DELIVERY_EXHAUSTED, NULL },
    { LK_OUTCOME_FAILURE, LK_DELIVERY_HELD, "it is gone" },
    { LK_OUTCOME_UNKNOWN, LK_DELIVERY_HELD, "it may have got it" },
  };
  g_autoptr (LkClaim) claim = NULL;
  guint end = (guint) g_rand_int_range (self->random, 0, G_N_ELEMENTS (ends));

  if (self->claims->len == 0)
    return;

  claim = g_ptr_array_steal_index_fast (self->claims, 0);
  fixture_settle (self->fixture, self->epoch, claim, ends[end].outcome, ends[end].state,
                  ends[end].hold_reason);
  if (ends[end].state == LK_DELIVERY_DELIVERED)
    g_hash_table_add (self->delivered, g_memdup2 (&claim->delivery->id, sizeof (gint64)));
}

static void
walk_pause (Walk *self)
{
  g_autoptr (GError) error = NULL;

  IN_TRANSACTION (self->fixture,
                  lk_endpoint_store_pause (self->fixture->db, self->epoch, FIXTURE_URL, "a break",
                                           self->fixture->now, &error));
  g_assert_no_error (error);
}

static void
walk_resume (Walk *self)
{
  g_autoptr (GError) error = NULL;

  IN_TRANSACTION (self->fixture, lk_endpoint_store_resume (self->fixture->db, FIXTURE_URL,
                                                           self->fixture->now, &error));
  g_assert_no_error (error);
}

static void
walk_move (Walk *self)
{
  gint64 task_id = self->tasks[g_rand_int_range (self->random, 0, N_TASKS)];
  g_autoptr (GError) error = NULL;
  g_autoptr (LkTask) task = lk_task_store_get (self->fixture->db, task_id, &error);

  g_free (task->url);
  task->url = g_strdup (g_rand_boolean (self->random) ? FIXTURE_URL : "http://127.0.0.1:2/moved");
  IN_TRANSACTION (self->fixture,
                  lk_task_store_update (self->fixture->db, task, NULL, self->fixture->now, &error));
  g_assert_no_error (error);
}

static void
walk_replace_task (Walk *self)
{
  int which = g_rand_int_range (self->random, 0, N_TASKS);
  g_autofree char *name = g_strdup_printf ("Task %d", ++self->n_names);
  g_autoptr (GError) error = NULL;

  IN_TRANSACTION (self->fixture, lk_task_store_remove (self->fixture->db, self->tasks[which],
                                                       self->fixture->now, &error));
  g_assert_no_error (error);
  self->tasks[which] = fixture_add_task (self->fixture, name);
}

static void
walk_step (Walk *self)
{
  static void (*const steps[]) (Walk *) = {
    walk_run,    walk_claim,  walk_claim, walk_claim, walk_settle, walk_settle,       walk_settle,
    walk_settle, walk_settle, walk_crash, walk_pause, walk_resume, walk_replace_task, walk_move,
  };

  steps[g_rand_int_range (self->random, 0, G_N_ELEMENTS (steps))](self);
}

static void
assert_delivered_stay (Walk *self)
{
  g_assert_cmpint (fixture_count (self->fixture, LK_DELIVERY_DELIVERED), ==,
                   g_hash_table_size (self->delivered));
}

static void
test_random_walk (gconstpointer data)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  Walk walk = { .fixture = fixture };

  walk.random = g_rand_new_with_seed (GPOINTER_TO_UINT (data));
  walk.claims = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_claim_free);
  walk.delivered = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (; walk.n_names < N_TASKS; walk.n_names++)
    {
      g_autofree char *name = g_strdup_printf ("Task %d", walk.n_names);

      walk.tasks[walk.n_names] = fixture_add_task (fixture, name);
    }
  walk_crash (&walk);

  for (int i = 0; i < N_STEPS; i++)
    {
      walk_step (&walk);
      fixture_assert_clean (fixture);
      assert_delivered_stay (&walk);
    }

  g_ptr_array_unref (walk.claims);
  g_hash_table_unref (walk.delivered);
  g_rand_free (walk.random);
}

/* Each damage, made past the schema's own checks, is seen. */
static void
test_damage (void)
{
  static const struct
  {
    const char *damage;
    const char *sentence;
  } rows[] = {
    { "UPDATE delivery SET due_at = 0 WHERE id = 2", "delivery 2: it waits without a due time" },
    { "UPDATE delivery SET state = 'held', due_at = 0 WHERE id = 2", "held without a reason" },
    { "UPDATE lease SET epoch = epoch + 1", "delivery 1: it is being sent under a lease" },
    { "DELETE FROM attempt", "delivery 1: it is being sent without an attempt" },
    { "INSERT INTO attempt (delivery_id, number, outcome, url, started_at)"
      " VALUES (1, 2, 'pending', 'u', 1)",
      "delivery 1: it is being sent with more than one attempt" },
    { "UPDATE delivery SET state = 'queued', due_at = 1, epoch = 0 WHERE id = 1",
      "delivery 1: it is not being sent but has an attempt" },
    { "UPDATE delivery SET state = 'lost', due_at = 0 WHERE id = 3",
      "a state that does not exist" },
    { "UPDATE delivery SET task_id = NULL WHERE id = 3", "although its task was deleted" },
    { "DELETE FROM delivery_body WHERE delivery_id = 2", "delivery 2: it is owed but its body" },
    { "INSERT INTO endpoint (url, state, reason, since) VALUES ('" FIXTURE_URL
      "', 'paused', 'r', 1)",
      "paused, and is not held" },
    { "UPDATE delivery SET state = 'held', due_at = 0, hold_kind = 'paused', hold_reason = 'r'"
      " WHERE id = 2",
      "delivery 2: it is held for a receiver that is not paused" },
    { "UPDATE delivery SET attempts = 3 WHERE id = 2", "counts more attempts than were made" },
    { "UPDATE delivery SET state = 'dropped', due_at = 0 WHERE id = 2", "ended without a time" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Fixture) fixture = fixture_new ();
      gint64 task_id = fixture_add_task (fixture, "Watch");
      gint64 epoch = fixture_take_lease (fixture);
      g_autoptr (LkRun) run = fixture_start_run (fixture, task_id, epoch);
      g_autoptr (GPtrArray) claims = NULL;
      g_autoptr (GPtrArray) violations = NULL;
      g_autoptr (GError) error = NULL;

      fixture_add_deliveries (fixture, run, epoch, 1, 3);
      IN_TRANSACTION (fixture, claims = lk_delivery_store_claim (fixture->db, epoch, fixture->now,
                                                                 1, NULL, NULL, &error));
      fixture_assert_clean (fixture);

      lk_db_execute (fixture->db, "PRAGMA ignore_check_constraints = ON", &error);
      lk_db_execute (fixture->db, rows[i].damage, &error);
      g_assert_no_error (error);
      violations = lk_delivery_store_check (fixture->db, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (violations->len, >=, 1);
      for (guint j = 0; j < violations->len; j++)
        if (strstr (g_ptr_array_index (violations, j), rows[i].sentence) != NULL)
          goto seen;
      g_error ("“%s” is not among the violations", rows[i].sentence);

    seen:;
    }
}

/* The schema refuses the same damage. */
static void
test_schema (void)
{
  static const char *const refused[] = {
    "UPDATE delivery SET due_at = 0 WHERE id = 1",
    "UPDATE delivery SET state = 'held', due_at = 0 WHERE id = 1",
    "UPDATE delivery SET state = 'held', due_at = 0, hold_reason = 'r' WHERE id = 1",
    "UPDATE delivery SET state = 'sending', due_at = 0 WHERE id = 1",
    "UPDATE delivery SET state = 'lost' WHERE id = 1",
    "UPDATE delivery SET state = 'dropped', due_at = 0 WHERE id = 1",
    "UPDATE delivery SET is_test = 1 WHERE id = 1",
    "UPDATE task SET enabled = 0",
    "UPDATE run SET epoch = 0",
    "INSERT INTO lease SELECT 2, kind, owner, host, boot_id, pid, pid_started, epoch, expires_at,"
    " wanted_by, wanted_until FROM lease",
    "INSERT INTO run (task_id, task_name, kind, state, due_at, epoch)"
    " SELECT task_id, task_name, kind, state, due_at + 1, epoch FROM run",
    "DELETE FROM search",
    "DELETE FROM server",
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 task_id = fixture_add_task (fixture, "Watch");
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = fixture_start_run (fixture, task_id, epoch);

  fixture_add_deliveries (fixture, run, epoch, 1, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (lk_db_execute (fixture->db, refused[i], &error));
      g_assert_nonnull (error);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/delivery-check/random-walk/1", GUINT_TO_POINTER (1), test_random_walk);
  g_test_add_data_func ("/delivery-check/random-walk/2", GUINT_TO_POINTER (2), test_random_walk);
  g_test_add_data_func ("/delivery-check/random-walk/3", GUINT_TO_POINTER (3), test_random_walk);
  g_test_add_func ("/delivery-check/damage", test_damage);
  g_test_add_func ("/delivery-check/schema", test_schema);

  return g_test_run ();
}
