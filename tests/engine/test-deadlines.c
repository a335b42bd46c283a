/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "engine/deadlines.h"

#define N_MARKS 3

typedef struct _Fixture Fixture;

/* Writes its letter down when it passes, and may do something to another one. */
typedef struct
{
  Fixture *fixture;
  LkDeadline deadline;
  char letter;
  LkDeadline *clears;
  LkDeadline *sets;
} Mark;

struct _Fixture
{
  LkDeadlines *set;
  GString *log;
  Mark marks[N_MARKS];
};

static void
passed_cb (gpointer user_data)
{
  Mark *mark = user_data;

  g_string_append_c (mark->fixture->log, mark->letter);
  if (mark->clears != NULL)
    lk_deadline_clear (mark->clears);
  if (mark->sets != NULL)
    lk_deadlines_set (mark->fixture->set, g_steal_pointer (&mark->sets), 1);
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  fixture->set = lk_deadlines_new (G_PRIORITY_DEFAULT);
  fixture->log = g_string_new (NULL);
  for (int i = 0; i < N_MARKS; i++)
    {
      fixture->marks[i].fixture = fixture;
      fixture->marks[i].deadline.func = passed_cb;
      fixture->marks[i].deadline.user_data = &fixture->marks[i];
      fixture->marks[i].letter = (char) ('a' + i);
    }
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->set, lk_deadlines_free);
  g_string_free (fixture->log, TRUE);
}

static void
set (Fixture *fixture, char letter, gint64 when)
{
  lk_deadlines_set (fixture->set, &fixture->marks[letter - 'a'].deadline, when);
}

static void
let_pass (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

/* In the order of their times, whatever the order in which they were set; only once. */
static void
test_order (Fixture *fixture, gconstpointer data)
{
  set (fixture, 'c', 3);
  set (fixture, 'a', 1);
  set (fixture, 'b', 2);
  let_pass ();
  g_assert_cmpstr (fixture->log->str, ==, "abc");

  set (fixture, 'b', 1);
  let_pass ();
  g_assert_cmpstr (fixture->log->str, ==, "abcb");
}

/* Not before its time, also when the source goes off for one that was moved away since. */
static void
test_waits (Fixture *fixture, gconstpointer data)
{
  gint64 now = g_get_monotonic_time ();
  gint64 when = now + 30 * 1000;

  set (fixture, 'a', now + 10 * 1000);
  set (fixture, 'a', now + 100 * G_USEC_PER_SEC);
  set (fixture, 'b', when);
  while (fixture->log->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_get_monotonic_time (), >=, when);
  g_assert_cmpstr (fixture->log->str, ==, "b");

  set (fixture, 'a', 1);
  let_pass ();
  g_assert_cmpstr (fixture->log->str, ==, "ba");
}

static void
test_cleared (Fixture *fixture, gconstpointer data)
{
  set (fixture, 'a', 1);
  set (fixture, 'b', 2);
  lk_deadline_clear (&fixture->marks[0].deadline);
  lk_deadline_clear (&fixture->marks[0].deadline);
  let_pass ();
  g_assert_cmpstr (fixture->log->str, ==, "b");
}

/* What a function does to the others, or to its own, counts in the same turn. */
static void
test_from_within (Fixture *fixture, gconstpointer data)
{
  fixture->marks[0].clears = &fixture->marks[1].deadline;
  fixture->marks[0].sets = &fixture->marks[2].deadline;
  fixture->marks[2].sets = &fixture->marks[2].deadline;
  set (fixture, 'a', 1);
  set (fixture, 'b', 2);
  let_pass ();
  g_assert_cmpstr (fixture->log->str, ==, "acc");
}

/* As when a request outlives its sender. */
static void
test_outlives (Fixture *fixture, gconstpointer data)
{
  LkDeadline *deadline = &fixture->marks[0].deadline;

  set (fixture, 'a', 1);
  g_clear_pointer (&fixture->set, lk_deadlines_free);
  g_assert_null (deadline->owner);
  lk_deadline_clear (deadline);
  let_pass ();
  g_assert_cmpstr (fixture->log->str, ==, "");
}

static void
add (const char *path, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/deadlines/order", test_order);
  add ("/deadlines/waits", test_waits);
  add ("/deadlines/cleared", test_cleared);
  add ("/deadlines/from-within", test_from_within);
  add ("/deadlines/outlives", test_outlives);
  return g_test_run ();
}
