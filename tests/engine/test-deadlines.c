/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "engine/deadlines.h"

/* Writes its letter down when it passes, and may do something to another one. */
typedef struct
{
  LkDeadline deadline;
  LkDeadlines *set;
  GString *log;
  char letter;
  LkDeadline *clears;
  LkDeadline *sets;
} Mark;

static void
passed_cb (gpointer user_data)
{
  Mark *mark = user_data;

  g_string_append_c (mark->log, mark->letter);
  if (mark->clears != NULL)
    lk_deadline_clear (mark->clears);
  if (mark->sets != NULL)
    lk_deadlines_set (mark->set, g_steal_pointer (&mark->sets), 1);
}

static void
mark_init (Mark *self, LkDeadlines *set, GString *log, char letter)
{
  self->deadline.func = passed_cb;
  self->deadline.user_data = self;
  self->set = set;
  self->log = log;
  self->letter = letter;
}

static void
let_pass (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

/* In the order of their times, whatever the order in which they were set; only once. */
static void
test_order (void)
{
  g_autoptr (LkDeadlines) set = lk_deadlines_new (G_PRIORITY_DEFAULT);
  g_autoptr (GString) log = g_string_new (NULL);
  Mark a = { 0 }, b = { 0 }, c = { 0 };

  mark_init (&a, set, log, 'a');
  mark_init (&b, set, log, 'b');
  mark_init (&c, set, log, 'c');
  lk_deadlines_set (set, &c.deadline, 3);
  lk_deadlines_set (set, &a.deadline, 1);
  lk_deadlines_set (set, &b.deadline, 2);

  let_pass ();
  g_assert_cmpstr (log->str, ==, "abc");
  lk_deadlines_set (set, &b.deadline, 1);
  let_pass ();
  g_assert_cmpstr (log->str, ==, "abcb");
}

/* Not before its time, also when the source goes off for one that was moved away since. */
static void
test_waits (void)
{
  g_autoptr (LkDeadlines) set = lk_deadlines_new (G_PRIORITY_DEFAULT);
  g_autoptr (GString) log = g_string_new (NULL);
  gint64 now = g_get_monotonic_time ();
  gint64 when = now + 30 * 1000;
  Mark a = { 0 }, b = { 0 };

  mark_init (&a, set, log, 'a');
  mark_init (&b, set, log, 'b');
  lk_deadlines_set (set, &a.deadline, now + 10 * 1000);
  lk_deadlines_set (set, &a.deadline, now + 100 * G_USEC_PER_SEC);
  lk_deadlines_set (set, &b.deadline, when);
  while (log->len == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpint (g_get_monotonic_time (), >=, when);
  g_assert_cmpstr (log->str, ==, "b");
  lk_deadlines_set (set, &a.deadline, 1);
  let_pass ();
  g_assert_cmpstr (log->str, ==, "ba");
}

static void
test_cleared (void)
{
  g_autoptr (LkDeadlines) set = lk_deadlines_new (G_PRIORITY_DEFAULT);
  g_autoptr (GString) log = g_string_new (NULL);
  Mark a = { 0 }, b = { 0 };

  mark_init (&a, set, log, 'a');
  mark_init (&b, set, log, 'b');
  lk_deadlines_set (set, &a.deadline, 1);
  lk_deadlines_set (set, &b.deadline, 2);
  lk_deadline_clear (&a.deadline);
  lk_deadline_clear (&a.deadline);

  let_pass ();
  g_assert_cmpstr (log->str, ==, "b");
}

/* What a function does to the others counts in the same turn. */
static void
test_from_within (void)
{
  g_autoptr (LkDeadlines) set = lk_deadlines_new (G_PRIORITY_DEFAULT);
  g_autoptr (GString) log = g_string_new (NULL);
  Mark a = { 0 }, b = { 0 }, c = { 0 };

  mark_init (&a, set, log, 'a');
  mark_init (&b, set, log, 'b');
  mark_init (&c, set, log, 'c');
  a.clears = &b.deadline;
  a.sets = &c.deadline;
  lk_deadlines_set (set, &a.deadline, 1);
  lk_deadlines_set (set, &b.deadline, 2);

  let_pass ();
  g_assert_cmpstr (log->str, ==, "ac");
}

/* As when a request outlives its sender. */
static void
test_outlives (void)
{
  LkDeadlines *set = lk_deadlines_new (G_PRIORITY_DEFAULT);
  g_autoptr (GString) log = g_string_new (NULL);
  Mark a = { 0 };

  mark_init (&a, set, log, 'a');
  lk_deadlines_set (set, &a.deadline, 1);
  lk_deadlines_free (set);
  g_assert_null (a.deadline.owner);
  lk_deadline_clear (&a.deadline);

  let_pass ();
  g_assert_cmpstr (log->str, ==, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deadlines/order", test_order);
  g_test_add_func ("/deadlines/waits", test_waits);
  g_test_add_func ("/deadlines/cleared", test_cleared);
  g_test_add_func ("/deadlines/from-within", test_from_within);
  g_test_add_func ("/deadlines/outlives", test_outlives);
  return g_test_run ();
}
