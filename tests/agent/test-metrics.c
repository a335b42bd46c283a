/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "agent/metrics-text.h"
#include "agent/metrics.h"
#include "store/task-standing.h"
#include "tests/engine/world.h"

/* The format as Prometheus documents it: of each metric a HELP and a TYPE line, then its samples,
 * all together; names and labels of a fixed alphabet, a number, a line end. */
typedef struct
{
  GHashTable *samples; /* name and labels to value */
  GHashTable *metrics; /* names that have been typed */
  char *metric;        /* whose samples may follow */
  char *type;
} Parser;

static void
parser_free (Parser *self)
{
  g_hash_table_unref (self->samples);
  g_hash_table_unref (self->metrics);
  g_free (self->metric);
  g_free (self->type);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Parser, parser_free)

static void
parse_type (Parser *self, const char *help, const char *type)
{
  g_auto (GStrv) help_words = g_strsplit (help, " ", 4);
  g_auto (GStrv) type_words = g_strsplit (type, " ", -1);

  g_assert_cmpuint (g_strv_length (help_words), ==, 4);
  g_assert_cmpuint (g_strv_length (type_words), ==, 4);
  g_assert_cmpstr (help_words[1], ==, "HELP");
  g_assert_cmpstr (type_words[0], ==, "#");
  g_assert_cmpstr (type_words[1], ==, "TYPE");
  g_assert_cmpstr (help_words[2], ==, type_words[2]);
  g_assert_true (g_regex_match_simple ("^latchkey_[a-z_]+$", type_words[2], 0, 0));
  g_assert_true (g_str_equal (type_words[3], "gauge") || g_str_equal (type_words[3], "counter"));
  g_assert_cmpint (g_str_has_suffix (type_words[2], "_total"), ==,
                   g_str_equal (type_words[3], "counter"));
  g_assert_true (g_hash_table_add (self->metrics, g_strdup (type_words[2])));
  g_free (self->metric);
  self->metric = g_strdup (type_words[2]);
}

static void
parse_sample (Parser *self, const char *line)
{
  static const char pattern[] = "^([a-zA-Z_:][a-zA-Z0-9_:]*)"
                                "((?:\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|\\\\[\\\\\"n])*\""
                                ",?)*\\})?) (-?[0-9]+(?:\\.[0-9]+)?)$";
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *name = NULL;
  g_autofree char *labels = NULL;

  if (!g_regex_match (regex, line, 0, &match))
    g_error ("no sample: %s", line);

  name = g_match_info_fetch (match, 1);
  labels = g_match_info_fetch (match, 2);
  g_assert_cmpstr (name, ==, self->metric);
  g_assert_true (g_hash_table_insert (self->samples, g_strconcat (name, labels, NULL),
                                      g_match_info_fetch (match, 3)));
}

static Parser *
parse (const char *text)
{
  Parser *self = g_new0 (Parser, 1);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n_lines = g_strv_length (lines);

  self->samples = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->metrics = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (g_str_has_suffix (text, "\n"));
  for (guint i = 0; i + 1 < n_lines; i++)
    if (g_str_has_prefix (lines[i], "#"))
      {
        parse_type (self, lines[i], lines[i + 1]);
        i++;
      }
    else
      parse_sample (self, lines[i]);

  return self;
}

#define assert_sample(parser, name, value)                                                         \
  g_assert_cmpstr (g_hash_table_lookup ((parser)->samples, name), ==, value)

static LkTaskStanding *
new_standing (const char *name)
{
  LkTaskStanding *self = g_new0 (LkTaskStanding, 1);

  self->task = lk_task_new ();
  g_free (self->task->name);
  self->task->name = g_strdup (name);

  return self;
}

/* Everything there is, in all its forms. */
static void
test_text (void)
{
  LkMetricsValues values = { .now = 100 * LK_SECOND + 5, .started_at = 7, .holds_lease = TRUE };
  LkTaskStanding *ran = new_standing ("a \"b\" \\ c\nd, ü {}");
  LkTaskStanding *idle = new_standing ("idle");
  g_autofree char *text = NULL;
  g_autoptr (Parser) parser = NULL;

  ran->last_run = lk_run_new ();
  ran->last_run->state = LK_RUN_FAILED;
  ran->last_run->started_at = 90 * LK_SECOND + 250000;
  ran->last_run->matched = 12;
  ran->last_run->fired = 3;
  ran->task->next_due_at = 95 * LK_SECOND;
  ran->is_overdue = TRUE;
  idle->task->enabled = FALSE;
  values.deliveries[LK_DELIVERY_HELD] = G_GINT64_CONSTANT (5000000000);
  values.attempts[LK_OUTCOME_FAILURE] = 4;
  values.next_due_at = 99 * LK_SECOND;
  values.n_paused = 2;
  values.tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_task_standing_free);
  g_ptr_array_add (values.tasks, ran);
  g_ptr_array_add (values.tasks, idle);

  text = lk_metrics_text_format (&values);
  parser = parse (text);
  assert_sample (parser, "latchkey_build_info{version=\"" LK_VERSION "\"}", "1");
  assert_sample (parser, "latchkey_start_timestamp_seconds", "0.000007");
  assert_sample (parser, "latchkey_metrics_timestamp_seconds", "100.000005");
  assert_sample (parser, "latchkey_lease_held", "1");
  assert_sample (parser, "latchkey_deliveries{state=\"held\"}", "5000000000");
  assert_sample (parser, "latchkey_deliveries{state=\"queued\"}", "0");
  assert_sample (parser, "latchkey_delivery_oldest_due_age_seconds", "1.000005");
  assert_sample (parser, "latchkey_attempts_total{outcome=\"failure\"}", "4");
  assert_sample (parser, "latchkey_attempts_total{outcome=\"pending\"}", NULL);
  assert_sample (parser, "latchkey_endpoints_paused", "2");
  assert_sample (parser, "latchkey_tasks_enabled", "1");
#define RAN "task=\"a \\\"b\\\" \\\\ c\\nd, ü {}\""
  assert_sample (parser, "latchkey_task_last_run_timestamp_seconds{" RAN "}", "90.250000");
  assert_sample (parser, "latchkey_task_next_due_timestamp_seconds{" RAN "}", "95.000000");
  assert_sample (parser, "latchkey_task_last_run_matched{" RAN "}", "12");
  assert_sample (parser, "latchkey_task_last_run_fired{" RAN "}", "3");
  assert_sample (parser, "latchkey_task_last_run_state{" RAN ",state=\"failed\"}", "1");
  assert_sample (parser, "latchkey_task_last_run_state{" RAN ",state=\"finished\"}", "0");
  assert_sample (parser, "latchkey_task_overdue{" RAN "}", "1");
  assert_sample (parser, "latchkey_task_overdue{task=\"idle\"}", "0");
  assert_sample (parser, "latchkey_task_last_run_timestamp_seconds{task=\"idle\"}", NULL);
  assert_sample (parser, "latchkey_task_next_due_timestamp_seconds{task=\"idle\"}", NULL);

  /* What is due later has no age. */
  values.next_due_at = 101 * LK_SECOND;
  g_free (text);
  text = lk_metrics_text_format (&values);
  g_assert_nonnull (strstr (text, "\nlatchkey_delivery_oldest_due_age_seconds 0.000000\n"));
  g_ptr_array_unref (values.tasks);
}

static Parser *
read_file (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return parse (text);
}

static gboolean
says (const char *path, const char *name, const char *value)
{
  g_autoptr (Parser) parser = read_file (path);

  return g_strcmp0 (g_hash_table_lookup (parser->samples, name), value) == 0;
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* The file follows what happens, and nothing else lies beside it. That the lease is gone at the end
 * is seen in tests/system/agent-run. */
static void
test_follows (void)
{
  g_autoptr (World) world = world_new (3);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");
  g_autofree char *folder = test_folder_get_path (world->folder, "metrics");
  g_autofree char *path = g_build_filename (folder, "latchkey.prom", NULL);
  g_autoptr (LkMetrics) metrics = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  world_add_task (world, task, WORLD_SECRET);
  world_start (world, LK_HOLDER_AGENT);
  metrics = lk_metrics_new (world->context, path, &error);
  g_assert_no_error (error);
  g_assert_true (says (path, "latchkey_tasks_enabled", "1"));
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 0777, ==, 0644);

  test_until (lk_context_is_idle (world->context, TRUE), 5);
  world_advance (world, 6 * LK_SECOND);
  test_until (says (path, "latchkey_lease_held", "1"), 5);

  world_advance (world, LK_DAY);
  test_until (world->n_finished == 1 && lk_context_is_idle (world->context, TRUE), 5);
  world_advance (world, 6 * LK_SECOND);
  test_until (says (path, "latchkey_deliveries{state=\"delivered\"}", "3"), 5);
  g_assert_true (says (path, "latchkey_attempts_total{outcome=\"success\"}", "3"));
  g_assert_true (says (path, "latchkey_task_last_run_matched{task=\"Renewals\"}", "3"));
  g_assert_true (
      says (path, "latchkey_task_last_run_state{task=\"Renewals\",state=\"finished\"}", "1"));
  g_assert_true (says (path, "latchkey_task_overdue{task=\"Renewals\"}", "0"));

  lk_metrics_stop (metrics);
  g_assert_cmpuint (count_files (folder), ==, 1);
}

/* Changes within a few seconds share one writing; an idle agent has no alarm for it but that of the
 * task which may become overdue. */
static void
test_sleeps (void)
{
  g_autoptr (World) world = world_new (0);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");
  g_autofree char *path = test_folder_get_path (world->folder, "latchkey.prom");
  g_autoptr (LkMetrics) metrics = NULL;
  guint n_alarms;

  world_start (world, LK_HOLDER_AGENT);
  test_until (lk_context_is_idle (world->context, TRUE), 5);
  n_alarms = lk_test_clock_count_alarms (LK_TEST_CLOCK (world->clock));
  metrics = lk_metrics_new (world->context, path, NULL);
  test_until (lk_test_clock_count_alarms (LK_TEST_CLOCK (world->clock)) == n_alarms, 5);

  /* One alarm more for the due task, one for the change that waits. */
  world_add_task (world, task, WORLD_SECRET);
  test_until (lk_test_clock_count_alarms (LK_TEST_CLOCK (world->clock)) == n_alarms + 2, 5);
  g_assert_true (says (path, "latchkey_tasks_enabled", "0"));
  world_advance (world, 6 * LK_SECOND);
  test_until (says (path, "latchkey_tasks_enabled", "1"), 5);
  /* One for the due task, one for its delay. */
  test_until (lk_test_clock_count_alarms (LK_TEST_CLOCK (world->clock)) == n_alarms + 2, 5);
  lk_metrics_stop (metrics);
}

/* Nobody runs the schedule: the alarm goes off by itself. */
static void
test_overdue (void)
{
  g_autoptr (World) world = world_new (0);
  g_autoptr (LkTask) task = world_make_task (world, "Renewals");
  g_autofree char *path = test_folder_get_path (world->folder, "latchkey.prom");
  g_autoptr (LkContext) context = NULL;
  g_autoptr (LkMetrics) metrics = NULL;

  world_add_task (world, task, WORLD_SECRET);
  context = lk_context_new (world->workspace, world->clock, LK_HOLDER_AGENT); /* never started */
  metrics = lk_metrics_new (context, path, NULL);
  test_until (lk_test_clock_count_alarms (LK_TEST_CLOCK (world->clock)) == 1, 5);
  g_assert_true (says (path, "latchkey_task_overdue{task=\"Renewals\"}", "0"));
  world_advance (world, LK_DAY + 14 * LK_MINUTE);
  for (int i = 0; i < 5; i++)
    test_iterate ();
  world_advance (world, 2 * LK_MINUTE);
  test_until (says (path, "latchkey_task_overdue{task=\"Renewals\"}", "1"), 5);
  lk_metrics_stop (metrics);
}

static void
test_refused (void)
{
  static const char *const paths[] = { "absent/latchkey.prom", ".", "" };
  g_autoptr (World) world = world_new (0);

  world_start (world, LK_HOLDER_AGENT);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *path = test_folder_get_path (world->folder, paths[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (lk_metrics_new (world->context, path, &error));
      g_assert_error (error, LK_ERROR, LK_ERROR_FAILED);
      g_assert_nonnull (strstr (error->message, path));
    }
}

/* A folder that goes away later is told of once, and so is its return. */
static void
test_fails_later (void)
{
  g_autoptr (World) world = world_new (0);
  g_autofree char *folder = test_folder_get_path (world->folder, "metrics");
  g_autofree char *path = g_build_filename (folder, "latchkey.prom", NULL);
  g_autoptr (LkMetrics) metrics = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  world_start (world, LK_HOLDER_AGENT);
  metrics = lk_metrics_new (world->context, path, NULL);
  test_until (lk_context_is_idle (world->context, TRUE), 5);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);

  g_test_expect_message ("lk-metrics", G_LOG_LEVEL_WARNING, "*cannot be written to*");
  for (int i = 0; i < 3; i++)
    {
      world_advance (world, 30 * LK_SECOND);
      for (int j = 0; j < 5; j++)
        test_iterate ();
    }
  g_test_assert_expected_messages ();

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  /* The writing before may have been under way when the clock moved on. */
  for (int i = 0; i < 20 && !g_file_test (path, G_FILE_TEST_EXISTS); i++)
    {
      world_advance (world, 30 * LK_SECOND);
      for (int j = 0; j < 5; j++)
        test_iterate ();
    }
  test_until (g_file_test (path, G_FILE_TEST_EXISTS), 5);
  lk_metrics_stop (metrics);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/metrics/text", test_text);
  g_test_add_func ("/metrics/follows", test_follows);
  g_test_add_func ("/metrics/sleeps", test_sleeps);
  g_test_add_func ("/metrics/overdue", test_overdue);
  g_test_add_func ("/metrics/refused", test_refused);
  g_test_add_func ("/metrics/fails-later", test_fails_later);

  return g_test_run ();
}
