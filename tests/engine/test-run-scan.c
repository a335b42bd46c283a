/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The firing policies, the ledger and the runs together, at random: whatever matches, whenever the
 * process dies, however the clock jumps and the licenses change, each run fires what a model says
 * that knows nothing of a ledger and looks at the whole history instead. */

#include "config.h"

#include "engine/run-scan.h"
#include "store/lease-store.h"
#include "store/run-store.h"
#include "world.h"

#define N_LICENSES 12
#define N_BATCH    4
#define N_DATES    4

static const int milestones[] = { -30, -14, -7, -1, 0 };

/* What the model keeps: the whole history of one license. */
typedef struct
{
  int date;              /* days since 1970; what the license has now */
  int email;             /* likewise */
  GArray *fired_due;     /* of LkInstant: each firing */
  int fired_email;       /* at the last firing */
  GHashTable *sent;      /* "date offset" of each milestone that was sent */
  GHashTable *best;      /* date to the highest offset sent */
  gboolean missed_since; /* a finished run did not find it after it fired */
  gboolean seen;         /* by this run */
  gboolean fires;        /* in this run */
} Model;

typedef struct
{
  World *world;
  LkPolicyKind kind;
  int days;
  gint64 task_id;
  gint64 epoch;
  LkInstant now;
  Model licenses[N_LICENSES];
} Game;

typedef struct
{
  Game *game;
  LkRun *run;
} Step;

static gpointer
write_now (Game *game, LkDbJobFunc job, gpointer data)
{
  g_autoptr (GError) error = NULL;
  gpointer result = lk_db_pool_write_sync (lk_workspace_get_pool (game->world->workspace), job,
                                           data, NULL, &error);

  g_assert_no_error (error);

  return result;
}

static gpointer
take_lease_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Game *game = data;
  g_autoptr (LkLease) mine = lk_lease_new ();
  g_autoptr (LkLease) lease = NULL;

  mine->kind = LK_HOLDER_AGENT;
  lease = lk_lease_store_acquire (db, mine, lk_clock_now (game->world->clock), error);
  if (lease != NULL)
    game->epoch = lease->epoch;

  return NULL;
}

/* The process that held the lease is gone, and the next one takes it. */
static void
take_lease (Game *game)
{
  lk_test_clock_advance (LK_TEST_CLOCK (game->world->clock), (LK_LEASE_SECONDS + 1) * LK_SECOND);
  write_now (game, take_lease_job, game);
}

static gpointer
request_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Game *game = data;

  lk_run_store_request (db, game->task_id, game->now, error);

  return NULL;
}

static gpointer
take_run_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Game *game = data;
  g_autoptr (GPtrArray) runs =
      lk_run_store_take_pending (db, game->epoch, lk_clock_now (game->world->clock), error);

  return runs != NULL ? lk_run_copy (g_ptr_array_index (runs, 0)) : NULL;
}

static gpointer
finish_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Step *step = data;

  lk_run_store_finish (db, step->run, step->game->epoch, step->run->due_at, error);

  return NULL;
}

static gpointer
get_task_job (LkDb *db, gpointer id, GCancellable *cancellable, GError **error)
{
  return lk_task_store_get (db, *(gint64 *) id, error);
}

static char *
format_day (int day)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_utc ((gint64) day * 86400);

  return g_date_time_format (moment, "%Y-%m-%d");
}

static LkLicense *
make_license (const Game *game, int i)
{
  g_autofree char *date = format_day (game->licenses[i].date);
  g_autofree char *email = g_strdup_printf ("%d@example.com", game->licenses[i].email);
  const char *const pairs[] = { "SubscriptionExpiryDate", date, "Email", email, NULL };

  return lk_license_new_named (i + 1, pairs);
}

/* The rule in words of history. */
static int
find_newest_milestone (const Game *game, const Model *license)
{
  int newest = G_MININT;

  for (gsize i = 0; i < G_N_ELEMENTS (milestones); i++)
    if (license->date + milestones[i] <= game->now / LK_DAY)
      newest = milestones[i];

  return newest;
}

static gboolean
model_decides (const Game *game, const Model *license)
{
  gboolean never = license->fired_due->len == 0;
  int newest;

  switch (game->kind)
    {
    case LK_POLICY_ONCE:
      return never || license->missed_since;
    case LK_POLICY_ON_CHANGE:
      return never || license->email != license->fired_email;
    case LK_POLICY_EVERY_N_DAYS:
      return never
             || game->now
                        - g_array_index (license->fired_due, LkInstant, license->fired_due->len - 1)
                    >= game->days * LK_DAY;
    case LK_POLICY_MILESTONES:
      newest = find_newest_milestone (game, license);
      if (newest == G_MININT)
        return FALSE;
      return !g_hash_table_contains (license->best, GINT_TO_POINTER (license->date))
             || GPOINTER_TO_INT (
                    g_hash_table_lookup (license->best, GINT_TO_POINTER (license->date)))
                    < newest;
    case LK_POLICY_EVERY_RUN:
    default:
      return TRUE;
    }
}

static void
model_notes_milestone (const Game *game, Model *license)
{
  int newest = find_newest_milestone (game, license);
  char *sent = g_strdup_printf ("%d %d", license->date, newest);

  /* Once per license, milestone and date value. */
  g_assert_true (g_hash_table_add (license->sent, sent));
  g_hash_table_replace (license->best, GINT_TO_POINTER (license->date), GINT_TO_POINTER (newest));
}

/* The run comes to the license, perhaps for the second time. */
static void
model_meets (Game *game, Model *license)
{
  license->seen = TRUE;
  if (license->fires || !model_decides (game, license))
    return;

  license->fires = TRUE;
  license->missed_since = FALSE;
  license->fired_email = license->email;
  g_array_append_val (license->fired_due, game->now);
  if (game->kind == LK_POLICY_MILESTONES)
    model_notes_milestone (game, license);
}

static void
model_ends_run (Game *game, gboolean finished)
{
  for (int i = 0; i < N_LICENSES; i++)
    {
      Model *license = &game->licenses[i];

      if (finished && !license->seen)
        license->missed_since = TRUE;
      license->seen = FALSE;
      license->fires = FALSE;
    }
}

static gboolean
chance (int one_in)
{
  return g_test_rand_int_range (0, one_in) == 0;
}

/* Licenses are renewed, moved, corrected back: out of a few dates, so that values come again. */
static void
change_licenses (Game *game)
{
  for (int i = 0; i < N_LICENSES; i++)
    {
      if (chance (8))
        game->licenses[i].date =
            (int) (WORLD_START / LK_DAY) + 30 + 40 * g_test_rand_int_range (0, N_DATES);
      if (chance (6))
        game->licenses[i].email = g_test_rand_int_range (0, 3);
    }
}

static gboolean
take_end (LkRunScan *scan)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  gboolean ok = lk_run_scan_take (none, scan, &error);

  g_assert_no_error (error);

  return ok;
}

/* Feeds the scan batch by batch. Returns: whether it came to the end */
static gboolean
scan (Game *game, const LkRun *run, guint matching)
{
  g_autoptr (LkTask) task = write_now (game, get_task_job, &game->task_id);
  g_autoptr (LkSearch) search = lk_search_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LkRunScan) scan =
      lk_run_scan_new (lk_workspace_get_pool (game->world->workspace), game->world->clock, run,
                       game->epoch, task, search, &error);

  g_assert_no_error (error);
  for (int first = 0; first < N_LICENSES; first += N_BATCH)
    {
      g_autoptr (GPtrArray) batch =
          g_ptr_array_new_with_free_func ((GDestroyNotify) lk_license_unref);

      if (chance (10))
        return FALSE;
      for (int i = first; i < first + N_BATCH; i++)
        if ((matching & 1U << i) != 0)
          {
            g_ptr_array_add (batch, make_license (game, i));
            model_meets (game, &game->licenses[i]);
          }
      if (batch->len > 0)
        lk_run_scan_take (batch, scan, &error);
      g_assert_no_error (error);
    }

  return !chance (10) && take_end (scan);
}

static gpointer
list_fired_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (LkStatement) statement = lk_db_prepare (
      db, "SELECT license_id FROM delivery WHERE run_id = ?1 ORDER BY license_id", error);
  guint *mask = g_new0 (guint, 1);

  lk_statement_bind_int (statement, 1, *(gint64 *) data);
  while (lk_statement_step (statement, error) == LK_STEP_ROW)
    *mask |= 1U << (lk_statement_get_int (statement, 0) - 1);

  return mask;
}

static void
compare (Game *game, const LkRun *run)
{
  gint64 id = run->id;
  g_autofree guint *fired = write_now (game, list_fired_job, &id);
  guint expected = 0;

  for (int i = 0; i < N_LICENSES; i++)
    if (game->licenses[i].fires)
      expected |= 1U << i;

  g_assert_cmphex (*fired, ==, expected);
}

/* One run, with as many crashes as come; after a crash the licenses may be others. */
static void
play_run (Game *game)
{
  guint often = (guint) g_test_rand_int () | (guint) g_test_rand_int ();
  Step step = { game, NULL };

  write_now (game, request_job, game);
  step.run = write_now (game, take_run_job, game);
  while (!scan (game, step.run, often))
    {
      lk_run_free (step.run);
      take_lease (game);
      step.run = write_now (game, take_run_job, game);
      if (chance (2))
        change_licenses (game);
    }
  compare (game, step.run);
  step.run->state = chance (6) ? LK_RUN_FAILED : LK_RUN_FINISHED;
  g_free (step.run->error);
  step.run->error = g_strdup (step.run->state == LK_RUN_FAILED ? "by chance" : "");
  write_now (game, finish_job, &step);
  model_ends_run (game, step.run->state == LK_RUN_FINISHED);
  lk_run_free (step.run);
}

/* Mostly hours go by; now and then the machine sleeps, or somebody sets the clock back. */
static void
move_clock (Game *game)
{
  game->now += g_test_rand_int_range (1, 40) * LK_HOUR;
  if (chance (25))
    game->now += g_test_rand_int_range (1, 30) * LK_DAY;
  if (chance (25))
    game->now -= g_test_rand_int_range (1, 20) * LK_DAY;
  lk_test_clock_advance (LK_TEST_CLOCK (game->world->clock), LK_MINUTE);
}

static void
set_up (Game *game, const char *send)
{
  g_autoptr (LkTask) task = NULL;
  g_autoptr (LkFiringPolicy) policy = lk_firing_policy_parse (send, NULL);

  game->kind = lk_firing_policy_get_kind (policy);
  game->world = world_new (0);
  game->now = WORLD_START;
  task = world_make_task (game->world, "Random");
  g_free (task->send);
  task->send = g_strdup (send);
  game->task_id = world_add_task (game->world, task, WORLD_SECRET);
  take_lease (game);
  for (int i = 0; i < N_LICENSES; i++)
    {
      game->licenses[i].date = (int) (WORLD_START / LK_DAY) + 30;
      game->licenses[i].fired_due = g_array_new (FALSE, FALSE, sizeof (LkInstant));
      game->licenses[i].sent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      game->licenses[i].best = g_hash_table_new (NULL, NULL);
    }
}

static void
tear_down (Game *game)
{
  world_assert_clean (game->world);
  for (int i = 0; i < N_LICENSES; i++)
    {
      g_array_unref (game->licenses[i].fired_due);
      g_hash_table_unref (game->licenses[i].sent);
      g_hash_table_unref (game->licenses[i].best);
    }
  world_free (game->world);
}

static void
play (gconstpointer send)
{
  Game game = { .days = 3 };

  set_up (&game, send);
  for (int i = 0; i < 500; i++)
    {
      play_run (&game);
      move_clock (&game);
      change_licenses (&game);
    }
  tear_down (&game);
}

/* Keeps the writer of the workspace busy until @open. */
typedef struct
{
  GMutex lock;
  GCond changed;
  gboolean open;
} Gate;

static gpointer
wait_at_gate_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Gate *gate = data;

  g_mutex_lock (&gate->lock);
  while (!gate->open)
    g_cond_wait (&gate->changed, &gate->lock);
  g_mutex_unlock (&gate->lock);

  return NULL;
}

static void
open_gate (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->open = TRUE;
  g_cond_signal (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

static LkRunScan *
start_scan (Game *game)
{
  g_autoptr (LkTask) task = NULL;
  g_autoptr (LkSearch) search = lk_search_new ();
  g_autoptr (LkRun) run = NULL;
  g_autoptr (GError) error = NULL;
  LkRunScan *scan;

  set_up (game, "every-run");
  task = write_now (game, get_task_job, &game->task_id);
  write_now (game, request_job, game);
  run = write_now (game, take_run_job, game);
  scan = lk_run_scan_new (lk_workspace_get_pool (game->world->workspace), game->world->clock, run,
                          game->epoch, task, search, &error);
  g_assert_no_error (error);

  return scan;
}

static gboolean
take_one (Game *game, LkRunScan *scan, int i, GError **error)
{
  g_autoptr (GPtrArray) batch = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_license_unref);

  g_ptr_array_add (batch, make_license (game, i));

  return lk_run_scan_take (batch, scan, error);
}

/* The scan goes on while its batch is written; without that this waits for ever. */
static void
test_overlap (void)
{
  Game game = { 0 };
  Gate gate = { 0 };
  g_autoptr (LkRunScan) scan = start_scan (&game);
  g_autoptr (GError) error = NULL;
  LkDbJob *blocker = lk_db_pool_write_start (lk_workspace_get_pool (game.world->workspace),
                                             wait_at_gate_job, &gate, NULL);

  g_assert_true (take_one (&game, scan, 0, &error));
  open_gate (&gate);
  g_assert_true (take_one (&game, scan, 1, &error));
  g_assert_true (take_end (scan));
  lk_db_job_wait (blocker, &error);
  g_assert_no_error (error);
  g_assert_cmpint (world_query (game.world, "SELECT count(*) FROM delivery"), ==, 2);
  tear_down (&game);
}

/* What became of a batch is told with the next, and of the last one at the end. */
static void
test_late_failure (void)
{
  Game game = { 0 };
  g_autoptr (LkRunScan) scan = start_scan (&game);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      take_lease (&game);
      g_assert_true (take_one (&game, scan, i, &error));
      g_assert_no_error (error);
      g_assert_false (i == 0 ? take_one (&game, scan, i, &error)
                             : lk_run_scan_take (none, scan, &error));
      g_assert_error (error, LK_ERROR, LK_ERROR_LEASE_LOST);
      g_assert_true (lk_run_scan_has_store_error (scan));
    }

  g_assert_cmpint (world_query (game.world, "SELECT count(*) FROM delivery"), ==, 0);
  tear_down (&game);
}

int
main (int argc, char *argv[])
{
  /* Thousands of commits; what is on the disk after a power cut is not tested here. */
  if (g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR))
    g_setenv ("TMPDIR", "/dev/shm", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/run-scan/at-random/every-run", "every-run", play);
  g_test_add_data_func ("/run-scan/at-random/once", "once", play);
  g_test_add_data_func ("/run-scan/at-random/on-change", "on-change:Email", play);
  g_test_add_data_func ("/run-scan/at-random/every-n-days", "every:3-days", play);
  g_test_add_data_func ("/run-scan/at-random/milestones",
                        "milestones:SubscriptionExpiryDate:-30,-14,-7,-1,0", play);

  g_test_add_func ("/run-scan/overlap", test_overlap);
  g_test_add_func ("/run-scan/late-failure", test_late_failure);

  return g_test_run ();
}
