/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/error.h"
#include "store/endpoint-store.h"
#include "store/run-store.h"

#include "fixture.h"

/* What the ledger is for, with the policy “once per match”: a group fires when the ledger does not
 * know it, or knows that a complete run did not find it since. */
static gint64
run_once_policy (Fixture *fixture, gint64 task_id, gint64 epoch, int first, int n, LkRunState end)
{
  g_autoptr (LkRun) run = fixture_start_run (fixture, task_id, epoch);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GHashTable) entries = NULL;
  g_autoptr (GError) error = NULL;
  gint64 n_fired = 0;

  for (int id = first; id < first + n; id++)
    g_ptr_array_add (keys, g_strdup_printf ("%d", id));
  entries = lk_ledger_read (fixture->db, task_id, keys, &error);
  g_assert_no_error (error);

  for (int id = first; id < first + n; id++)
    {
      const LkLedgerEntry *entry =
          g_hash_table_lookup (entries, g_ptr_array_index (keys, id - first));

      if (entry == NULL || !entry->matching)
        n_fired += fixture_add_deliveries (fixture, run, epoch, id, 1);
    }
  IN_TRANSACTION (
      fixture, lk_run_store_add_batch (fixture->db, run, epoch, keys, none, fixture->now, &error));
  run->state = end;
  fixture->now += LK_SECOND;
  IN_TRANSACTION (fixture, lk_run_store_finish (fixture->db, run, epoch, fixture->now, &error));
  g_assert_no_error (error);

  return n_fired;
}

static void
test_rearm (void)
{
  static const struct
  {
    int first, n;
    LkRunState end;
    gint64 fired;
  } runs[] = {
    { 1, 5, LK_RUN_FINISHED, 5 }, { 1, 5, LK_RUN_FINISHED, 0 },
    { 1, 3, LK_RUN_FAILED, 0 }, /* broke before it came to 4 and 5: that re-arms nothing */
    { 1, 5, LK_RUN_FINISHED, 0 }, { 1, 3, LK_RUN_FINISHED, 0 }, /* 4 and 5 left */
    { 1, 4, LK_RUN_FINISHED, 1 },                               /* 4 came back */
    { 1, 5, LK_RUN_FINISHED, 1 }, { 4, 4, LK_RUN_FAILED, 2 },   /* 6 and 7 fired all the same */
    { 4, 4, LK_RUN_FINISHED, 0 }, { 1, 8, LK_RUN_FINISHED, 4 }, /* 1 to 3 came back, 8 is new */
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  gint64 other = fixture_add_task (fixture, "Other");
  gint64 epoch = fixture_take_lease (fixture);

  g_assert_cmpint (run_once_policy (fixture, other, epoch, 1, 8, LK_RUN_FINISHED), ==, 8);
  for (gsize i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      g_test_message ("run %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (run_once_policy (fixture, id, epoch, runs[i].first, runs[i].n, runs[i].end),
                       ==, runs[i].fired);
    }
  g_assert_cmpint (run_once_policy (fixture, other, epoch, 1, 8, LK_RUN_FINISHED), ==, 0);
}

/* A crash anywhere in a run, then the same run again: each license once. */
static void
test_idempotent (void)
{
  for (int crash_at = 0; crash_at <= 5; crash_at++)
    {
      g_autoptr (Fixture) fixture = fixture_new ();
      gint64 id = fixture_add_task (fixture, "Watch");
      gint64 epoch = fixture_take_lease (fixture);
      g_autoptr (LkRun) run = fixture_start_run (fixture, id, epoch);
      gint64 n_added = 0;

      for (int batch = 0; batch < crash_at; batch++)
        n_added += fixture_add_deliveries (fixture, run, epoch, 1 + batch * 4, 4);
      epoch = fixture_take_lease (fixture);
      IN_TRANSACTION (fixture, g_ptr_array_unref (lk_run_store_take_pending (fixture->db, epoch,
                                                                             fixture->now, NULL)));
      for (int batch = 0; batch < 5; batch++)
        n_added += fixture_add_deliveries (fixture, run, epoch, 1 + batch * 4, 4);

      g_assert_cmpint (n_added, ==, 20);
      g_assert_cmpint (fixture_query (fixture, "SELECT count(DISTINCT license_id) FROM delivery"),
                       ==, 20);
      g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM delivery"), ==, 20);
      g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM delivery_body"), ==, 20);
      g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM ledger"), ==, 20);
    }
}

static void
add_match (GPtrArray *matches, int number)
{
  LkRunMatch *match = g_new0 (LkRunMatch, 1);
  LkDelivery *delivery = lk_delivery_new ();
  char *body = g_strdup_printf ("%d", number);

  g_free (delivery->webhook_id);
  delivery->webhook_id = g_strdup_printf ("msg_%d", number);
  g_free (delivery->license_key);
  delivery->license_key = g_strdup_printf ("KEY-%d", number);
  g_free (delivery->url);
  delivery->url = g_strdup (FIXTURE_URL);
  delivery->license_id = number;
  delivery->body = g_bytes_new_take (body, strlen (body));
  match->group_key = g_strdup (body);
  match->memory = g_strconcat ("memory ", body, NULL);
  match->delivery = delivery;
  g_ptr_array_add (matches, match);
}

/* Many are added at once. Each keeps its own body and memory, whichever of them are there already,
 * and a group that is named twice is added once. */
static void
test_many (void)
{
  static const int parts[][2] = { { 5, 9 }, { 16, 18 }, { 33, 33 }, { 1, 40 }, { 1, 40 } };
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = fixture_start_run (fixture, id, epoch);
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  gint64 n_added = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GPtrArray) matches =
          g_ptr_array_new_with_free_func ((GDestroyNotify) lk_run_match_free);
      g_autoptr (GError) error = NULL;

      for (int number = parts[i][0]; number <= parts[i][1]; number++)
        {
          add_match (matches, number);
          if (number % 7 == 0)
            add_match (matches, number);
        }
      IN_TRANSACTION (fixture, n_added += lk_run_store_add_batch (fixture->db, run, epoch, keys,
                                                                  matches, fixture->now, &error));
      g_assert_no_error (error);
    }

  g_assert_cmpint (n_added, ==, 40);
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM delivery"), ==, 40);
  g_assert_cmpint (fixture_query (fixture,
                                  "SELECT count(*) FROM delivery d JOIN delivery_body b ON"
                                  " b.delivery_id = d.id WHERE CAST(b.body AS TEXT) = d.group_key"
                                  " AND d.license_key = 'KEY-' || d.group_key"),
                   ==, 40);
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM ledger WHERE memory = 'memory '"
                                           " || group_key AND license_key = 'KEY-' || group_key"),
                   ==, 40);
  fixture_assert_clean (fixture);
}

/* Not queued but held, when the engine says so or its receiver is paused. */
static void
test_born_held (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = fixture_start_run (fixture, id, epoch);
  g_autoptr (LkDelivery) delivery = NULL;
  g_autoptr (GError) error = NULL;

  IN_TRANSACTION (fixture, lk_endpoint_store_pause (fixture->db, epoch, FIXTURE_URL, "it is gone",
                                                    fixture->now, &error));
  fixture_add_deliveries (fixture, run, epoch, 1, 2);
  delivery = lk_delivery_store_get (fixture->db, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpint (delivery->state, ==, LK_DELIVERY_HELD);
  g_assert_cmpstr (delivery->hold_reason, ==, "it is gone");
  g_assert_cmpint (delivery->due_at, ==, 0);
  fixture_assert_clean (fixture);

  run->state = LK_RUN_FINISHED;
  run->matched = 2;
  IN_TRANSACTION (fixture, lk_run_store_finish (fixture->db, run, epoch, fixture->now, &error));
  g_assert_cmpint (fixture_query (fixture, "SELECT held FROM run"), ==, 2);
}

static void
test_memory (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = fixture_start_run (fixture, id, epoch);
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (GPtrArray) matches =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lk_run_match_free);
  g_autoptr (GHashTable) entries = NULL;
  g_autoptr (GError) error = NULL;
  LkRunMatch *match = g_new0 (LkRunMatch, 1);
  const LkLedgerEntry *entry;

  match->group_key = g_strdup ("R-7 'x'");
  match->memory = g_strdup ("2026-03-01 -7");
  match->delivery = lk_delivery_new ();
  g_free (match->delivery->webhook_id);
  match->delivery->webhook_id = g_strdup ("msg_1");
  g_free (match->delivery->url);
  match->delivery->url = g_strdup (FIXTURE_URL);
  match->delivery->body = g_bytes_new ("{}", 2);
  g_ptr_array_add (keys, match->group_key);
  g_ptr_array_add (keys, (char *) "unknown");
  g_ptr_array_add (matches, match);

  IN_TRANSACTION (fixture, lk_run_store_add_batch (fixture->db, run, epoch, keys, matches,
                                                   fixture->now, &error));
  g_assert_no_error (error);
  entries = lk_ledger_read (fixture->db, id, keys, &error);
  g_assert_cmpuint (g_hash_table_size (entries), ==, 1);
  entry = g_hash_table_lookup (entries, "R-7 'x'");
  g_assert_cmpstr (entry->memory, ==, "2026-03-01 -7");
  g_assert_cmpint (entry->fired_at, ==, run->due_at);
  g_assert_true (entry->matching);
}

static GPtrArray *
make_marks (const char *const *keys, const char *memory)
{
  GPtrArray *marks = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_ledger_mark_free);

  for (gsize i = 0; keys[i] != NULL; i++)
    {
      LkLedgerMark *mark = g_new0 (LkLedgerMark, 1);

      mark->group_key = g_strdup (keys[i]);
      mark->memory = g_strdup (memory);
      g_ptr_array_add (marks, mark);
    }

  return marks;
}

static void
mark_sent (Fixture *fixture, gint64 task_id, const char *memory)
{
  g_autoptr (GPtrArray) marks = make_marks ((const char *[]){ "1", "2", NULL }, memory);
  g_autoptr (GError) error = NULL;

  IN_TRANSACTION (fixture, g_assert_cmpint (lk_ledger_mark_sent (fixture->db, task_id, 0, marks,
                                                                 fixture->now, &error),
                                            ==, 2));
  g_assert_no_error (error);
}

/* What is marked does not fire, also when the run had passed it by then; forgotten, it does. */
static void
test_mark_and_forget (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  gint64 epoch = fixture_take_lease (fixture);
  g_autoptr (LkRun) run = NULL;
  g_autoptr (GError) error = NULL;

  mark_sent (fixture, id, "");
  g_assert_cmpint (run_once_policy (fixture, id, epoch, 1, 4, LK_RUN_FINISHED), ==, 2);
  g_assert_cmpint (run_once_policy (fixture, id, epoch, 3, 2, LK_RUN_FINISHED), ==, 0);
  run = fixture_start_run (fixture, id, epoch);
  mark_sent (fixture, id, "");
  run->state = LK_RUN_FINISHED;
  IN_TRANSACTION (fixture, lk_run_store_finish (fixture->db, run, epoch, fixture->now, &error));
  g_assert_no_error (error);
  g_assert_cmpint (fixture_query (fixture, "SELECT count(*) FROM ledger WHERE matching = 1"), ==,
                   2);
  IN_TRANSACTION (fixture,
                  g_assert_cmpint (lk_ledger_forget (fixture->db, id, 0, "1", &error), ==, 1));
  IN_TRANSACTION (fixture,
                  g_assert_cmpint (lk_ledger_forget (fixture->db, id, 0, "1", &error), ==, 0));
  fixture->now += LK_SECOND;
  g_assert_cmpint (run_once_policy (fixture, id, epoch, 1, 2, LK_RUN_FINISHED), ==, 1);
}

/* A milestone that is not reached yet leaves what is remembered of others. */
static void
test_mark_keeps_memory (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");

  mark_sent (fixture, id, "2026-03-01 -7");
  mark_sent (fixture, id, "");
  g_assert_cmpint (
      fixture_query (fixture, "SELECT count(*) FROM ledger WHERE memory = '2026-03-01 -7'"), ==, 2);
}

/* Made for a task that was edited meanwhile, or deleted. */
static void
test_mark_conflicts (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 id = fixture_add_task (fixture, "Watch");
  g_autoptr (GPtrArray) marks = make_marks ((const char *[]){ "1", NULL }, "");
  g_autoptr (GError) changed = NULL;
  g_autoptr (GError) gone = NULL;

  fixture_begin (fixture);
  g_assert_cmpint (lk_ledger_mark_sent (fixture->db, id, 77, marks, fixture->now, &changed), ==,
                   -1);
  g_assert_cmpint (lk_ledger_forget (fixture->db, id + 1, 0, "1", &gone), ==, -1);
  fixture_commit (fixture);
  g_assert_error (changed, LK_ERROR, LK_ERROR_CONFLICT);
  g_assert_error (gone, LK_ERROR, LK_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ledger-store/rearm", test_rearm);
  g_test_add_func ("/ledger-store/idempotent", test_idempotent);
  g_test_add_func ("/ledger-store/many", test_many);
  g_test_add_func ("/ledger-store/born-held", test_born_held);
  g_test_add_func ("/ledger-store/memory", test_memory);
  g_test_add_func ("/ledger-store/mark-and-forget", test_mark_and_forget);
  g_test_add_func ("/ledger-store/mark-keeps-memory", test_mark_keeps_memory);
  g_test_add_func ("/ledger-store/mark-conflicts", test_mark_conflicts);

  return g_test_run ();
}
