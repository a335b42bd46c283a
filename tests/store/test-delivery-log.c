/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/query.h"
#include "store/run-store.h"
#include "store/task-store.h"

#include "fixture.h"

#define EVERYTHING ((LkDeliveryFilter){ .state = -1 })

/* Two tasks, a run each, a second apart: deliveries 1 to 5 and 6 to 8; 1 and 6 have arrived. */
typedef struct
{
  Fixture *fixture;
  gint64 tasks[2];
  gint64 runs[2];
  gint64 epoch;
  LkInstant between;
} Log;

static void
log_clear (Log *self)
{
  g_clear_pointer (&self->fixture, fixture_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Log, log_clear)

static void
deliver (Log *self, gint64 id, LkOutcome outcome, LkDeliveryState state)
{
  g_autofree char *hide = g_strdup_printf ("UPDATE delivery SET due_at = due_at + 1000000000000"
                                           " WHERE due_at > 0 AND id <> %d",
                                           (int) id);
  g_autofree char *show = g_strdup_printf ("UPDATE delivery SET due_at = due_at - 1000000000000"
                                           " WHERE due_at > 0 AND id <> %d",
                                           (int) id);
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (GError) error = NULL;

  lk_db_execute (self->fixture->db, hide, &error);
  IN_TRANSACTION (self->fixture,
                  claims = lk_delivery_store_claim (self->fixture->db, self->epoch,
                                                    self->fixture->now, 1, NULL, NULL, &error));
  lk_db_execute (self->fixture->db, show, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (claims->len, ==, 1);
  fixture_settle (self->fixture, self->epoch, g_ptr_array_index (claims, 0), outcome, state, NULL);
}

static void
log_fill (Log *self)
{
  self->fixture = fixture_new ();
  self->epoch = fixture_take_lease (self->fixture);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (LkRun) run = NULL;

      self->tasks[i] = fixture_add_task (self->fixture, i == 0 ? "One" : "Two");
      run = fixture_start_run (self->fixture, self->tasks[i], self->epoch);
      self->runs[i] = run->id;
      fixture_add_deliveries (self->fixture, run, self->epoch, 1 + i * 5, i == 0 ? 5 : 3);
      self->fixture->now += LK_SECOND;
      if (i == 0)
        self->between = self->fixture->now;
    }
  deliver (self, 1, LK_OUTCOME_SUCCESS, LK_DELIVERY_DELIVERED);
  deliver (self, 6, LK_OUTCOME_SUCCESS, LK_DELIVERY_DELIVERED);
}

/* The ids of a list, as text. */
static char *
list (Log *self, LkDeliveryFilter filter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) deliveries = lk_delivery_store_list (self->fixture->db, &filter, &error);
  GString *ids = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < deliveries->len; i++)
    {
      const LkDelivery *delivery = g_ptr_array_index (deliveries, i);

      g_assert_null (delivery->body);
      g_string_append_printf (ids, "%s%d", i > 0 ? " " : "", (int) delivery->id);
    }

  return g_string_free (ids, FALSE);
}

static void
test_filters (void)
{
  g_auto (Log) log = { 0 };

  log_fill (&log);
  {
    const struct
    {
      LkDeliveryFilter filter;
      const char *ids;
    } rows[] = {
      { EVERYTHING, "8 7 6 5 4 3 2 1" },
      { { .state = -1, .limit = 3 }, "8 7 6" },
      { { .state = -1, .limit = 3, .before_id = 6 }, "5 4 3" },
      { { .state = -1, .limit = 3, .before_id = 3 }, "2 1" },
      { { .state = LK_DELIVERY_DELIVERED }, "6 1" },
      { { .state = LK_DELIVERY_QUEUED, .limit = 2 }, "8 7" },
      { { .state = LK_DELIVERY_EXHAUSTED }, "" },
      { { .state = -1, .task_id = log.tasks[0] }, "5 4 3 2 1" },
      { { .state = LK_DELIVERY_DELIVERED, .task_id = log.tasks[0] }, "1" },
      { { .state = -1, .run_id = log.runs[1] }, "8 7 6" },
      { { .state = -1, .run_id = log.runs[1], .before_id = 8, .limit = 1 }, "7" },
      { { .state = -1, .task_name = (char *) "Two" }, "8 7 6" },
      { { .state = -1, .task_name = (char *) "Nobody" }, "" },
      { { .state = -1, .since = log.between }, "8 7 6" },
      { { .state = -1, .since = log.between, .task_id = log.tasks[0] }, "" },
      { { .state = -1, .since = log.between + LK_DAY }, "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
      {
        g_autofree char *ids = list (&log, rows[i].filter);

        g_assert_cmpstr (ids, ==, rows[i].ids);
      }
  }
}

/* A deleted task's deliveries are still found by its name. */
static void
test_deleted_task (void)
{
  g_auto (Log) log = { 0 };
  g_autofree char *ids = NULL;
  g_autoptr (GError) error = NULL;

  log_fill (&log);
  IN_TRANSACTION (log.fixture,
                  lk_task_store_remove (log.fixture->db, log.tasks[0], log.fixture->now, &error));
  ids =
      list (&log, (LkDeliveryFilter){ .state = LK_DELIVERY_DROPPED, .task_name = (char *) "One" });
  g_assert_cmpstr (ids, ==, "5 4 3 2");
}

static void
test_counts (void)
{
  g_auto (Log) log = { 0 };
  gint64 counts[LK_N_DELIVERY_STATES];
  g_autoptr (GError) error = NULL;

  log_fill (&log);
  deliver (&log, 2, LK_OUTCOME_FAILURE, LK_DELIVERY_RETRY_WAIT);
  deliver (&log, 3, LK_OUTCOME_FAILURE, LK_DELIVERY_EXHAUSTED);
  g_assert_true (lk_delivery_store_count_by_state (log.fixture->db, counts, &error));
  g_assert_cmpint (counts[LK_DELIVERY_QUEUED], ==, 4);
  g_assert_cmpint (counts[LK_DELIVERY_DELIVERED], ==, 2);
  g_assert_cmpint (counts[LK_DELIVERY_RETRY_WAIT], ==, 1);
  g_assert_cmpint (counts[LK_DELIVERY_EXHAUSTED], ==, 1);
  g_assert_cmpint (counts[LK_DELIVERY_HELD], ==, 0);
}

static gboolean
lacks_first_attempts (Log *log, gint64 run_id, gint64 first)
{
  g_autoptr (GError) error = NULL;
  gboolean is_sending;
  gint64 lacking;

  g_assert_true (lk_delivery_store_find_lacking (log->fixture->db, run_id, first, &lacking,
                                                 &is_sending, &error));
  g_assert_no_error (error);
  g_assert_false (is_sending);
  return lacking != 0;
}

static void
test_first_attempts (void)
{
  g_auto (Log) log = { 0 };
  gint64 first;

  log_fill (&log);
  g_assert_true (lacks_first_attempts (&log, log.runs[0], 0));
  g_assert_false (lacks_first_attempts (&log, 99, 0));
  g_assert_true (lk_delivery_store_find_first (log.fixture->db, log.runs[1], &first, NULL));
  g_assert_cmpint (first, ==, 6);
  g_assert_false (lacks_first_attempts (&log, log.runs[1], 9));

  deliver (&log, 7, LK_OUTCOME_FAILURE, LK_DELIVERY_RETRY_WAIT);
  g_assert_true (lacks_first_attempts (&log, log.runs[1], first));
  deliver (&log, 8, LK_OUTCOME_FAILURE, LK_DELIVERY_EXHAUSTED);
  g_assert_false (lacks_first_attempts (&log, log.runs[1], first));
}

static void
test_last_errors (void)
{
  g_auto (Log) log = { 0 };
  g_autoptr (GPtrArray) errors = NULL;
  g_autoptr (GError) error = NULL;

  log_fill (&log);
  deliver (&log, 5, LK_OUTCOME_FAILURE, LK_DELIVERY_RETRY_WAIT);
  deliver (&log, 3, LK_OUTCOME_FAILURE, LK_DELIVERY_EXHAUSTED);
  deliver (&log, 2, LK_OUTCOME_FAILURE, LK_DELIVERY_RETRY_WAIT);
  log.fixture->now += LK_HOUR;
  deliver (&log, 5, LK_OUTCOME_FAILURE, LK_DELIVERY_RETRY_WAIT);
  deliver (&log, 2, LK_OUTCOME_SUCCESS, LK_DELIVERY_DELIVERED);

  errors = lk_delivery_store_list_last_errors (log.fixture->db, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (errors->len, ==, 2);
  g_assert_cmpint (((LkDelivery *) g_ptr_array_index (errors, 0))->id, ==, 5);
  g_assert_cmpstr (((LkDelivery *) g_ptr_array_index (errors, 0))->last_cause, ==, "it said no");
  g_assert_cmpint (((LkDelivery *) g_ptr_array_index (errors, 1))->id, ==, 3);
}

/* The plan of a query, its steps one after the other. */
static char *
explain (LkDb *db, const char *query)
{
  g_autofree char *sql = g_strconcat ("EXPLAIN QUERY PLAN ", query, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (LkStatement) row = lk_query (db, sql, NULL, &error);
  GString *plan = g_string_new (NULL);

  g_assert_no_error (error);
  while (lk_statement_step (row, &error) == LK_STEP_ROW)
    g_string_append_printf (plan, "%s; ", lk_statement_get_text (row, 3));
  g_assert_no_error (error);

  return g_string_free (plan, FALSE);
}

/* A list of a million rows reads what it shows: no plan sorts, and each uses its index. */
static void
test_plans (void)
{
#define LIST "SELECT d.webhook_id FROM delivery d "
  static const struct
  {
    const char *query;
    const char *uses;
  } rows[] = {
    { LIST "ORDER BY d.id DESC LIMIT 9", "SCAN d" },
    { LIST "WHERE d.state = 'held' AND d.id < 7 ORDER BY d.id DESC", "delivery_state" },
    { LIST "WHERE d.state = 'held' AND +d.task_id = 7 ORDER BY d.id DESC", "delivery_state" },
    { LIST "WHERE d.task_id = 7 AND d.id < 7 ORDER BY d.id DESC", "delivery_task" },
    { LIST "WHERE d.last_error_class <> '' AND d.last_status = 503 ORDER BY d.id DESC",
      "delivery_status" },
    { LIST "WHERE d.last_error_class <> '' AND d.last_error_class = 'tls' ORDER BY d.id DESC",
      "delivery_error" },
    { LIST "WHERE d.last_error_class <> '' AND d.last_cause = 'x' ORDER BY d.id DESC",
      "delivery_cause" },
    { LIST "WHERE d.webhook_id BETWEEN 'msg_A' AND 'msg_A' || '~'", "delivery_webhook" },
    { "SELECT max(l.id) FROM delivery l WHERE l.license_id = 7 AND +l.task_id = 1"
      " AND l.is_test = 0",
      "delivery_license" },
    { "SELECT max(g.id) FROM run r CROSS JOIN delivery g ON g.run_id = r.id"
      " AND g.group_key = 'x' WHERE r.task_id = 1",
      "delivery_run" },
    { "SELECT d.id, d.due_at, d.license_id FROM delivery d WHERE d.url = 'x' AND d.due_at > 0"
      " AND d.due_at <= 9 AND (NULL IS NULL OR coalesce(d.task_id, 0) NOT IN"
      " (SELECT value FROM json_each(NULL))) ORDER BY d.due_at, d.id LIMIT 9",
      "COVERING INDEX delivery_waiting" },
    { "SELECT d.url, d.due_at FROM delivery d WHERE d.due_at > 0 AND d.url > 'x' AND (NULL IS NULL"
      " OR coalesce(d.task_id, 0) NOT IN (SELECT value FROM json_each(NULL)))"
      " ORDER BY d.url, d.due_at LIMIT 1",
      "COVERING INDEX delivery_waiting" },
    { "SELECT d.state, coalesce(d.task_id, 0), d.last_status, d.last_error_class, count(*),"
      " count(CASE WHEN d.created_at >= 5 THEN 1 END) FROM delivery d WHERE d.finished_at > 0"
      " GROUP BY d.state, d.task_id, d.last_status, d.last_error_class",
      "COVERING INDEX delivery_facet" },
  };
#undef LIST
  g_autoptr (Fixture) fixture = fixture_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *plan = explain (fixture->db, rows[i].query);

      g_test_message ("%s: %s", rows[i].query, plan);
      g_assert_null (strstr (plan, "TEMP B-TREE"));
      g_assert_nonnull (strstr (plan, rows[i].uses));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/delivery-log/filters", test_filters);
  g_test_add_func ("/delivery-log/deleted-task", test_deleted_task);
  g_test_add_func ("/delivery-log/counts", test_counts);
  g_test_add_func ("/delivery-log/first-attempts", test_first_attempts);
  g_test_add_func ("/delivery-log/last-errors", test_last_errors);
  g_test_add_func ("/delivery-log/plans", test_plans);

  return g_test_run ();
}
