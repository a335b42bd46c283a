/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "engine/claim-queue.h"

#define URL         "http://127.0.0.1:1/"
#define OTHER_URL   "http://127.0.0.1:2/"
#define NOW         (1800000000 * LK_SECOND)
#define CONCURRENCY 4

typedef struct
{
  LkEndpoints *endpoints;
  LkClaimQueue *queue;
} Desk;

static void
desk_init (Desk *self)
{
  self->endpoints = lk_endpoints_new ();
  self->queue = lk_claim_queue_new ();
}

static void
desk_clear (Desk *self)
{
  lk_claim_queue_free (self->queue);
  lk_endpoints_free (self->endpoints);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, desk_clear)

static void
add (Desk *desk, const char *url, guint n, gboolean at_most_once)
{
  g_autoptr (GPtrArray) assignments = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    {
      LkAssignment *assignment = g_new0 (LkAssignment, 1);

      assignment->request = lk_request_new ();
      assignment->request->url = g_strdup (url);
      assignment->concurrency = CONCURRENCY;
      assignment->at_most_once = at_most_once;
      g_ptr_array_add (assignments, assignment);
    }

  lk_claim_queue_add (desk->queue, assignments, desk->endpoints);
}

/* Returns how many requests begin. */
static guint
begin_all (Desk *desk, const char *url)
{
  LkAssignment *assignment;
  guint n = 0;

  while ((assignment = lk_claim_queue_begin (desk->queue, desk->endpoints, NOW)) != NULL)
    {
      n += g_str_equal (assignment->request->url, url);
      lk_assignment_free (assignment);
    }

  return n;
}

static void
end (Desk *desk, const char *url, guint n, int status)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (LkAttempt) attempt = lk_attempt_new ();

      attempt->delivery_id = i;
      attempt->outcome = status == 200 ? LK_OUTCOME_SUCCESS : LK_OUTCOME_FAILURE;
      attempt->status = status;
      attempt->retry_after_s = -1;
      lk_endpoints_end (desk->endpoints, url, attempt, NOW);
    }
}

/* How many may be claimed; -1 when that is for the workspace to say. */
static int
take_room (Desk *desk, const char *url)
{
  g_autoptr (GHashTable) room = lk_endpoints_take_room (desk->endpoints, NOW);
  gpointer n;

  return g_hash_table_lookup_extended (room, url, NULL, &n) ? GPOINTER_TO_INT (n) : -1;
}

static guint
withdraw (Desk *desk, gboolean all)
{
  g_autoptr (GPtrArray) withdrawn =
      lk_claim_queue_withdraw (desk->queue, desk->endpoints, all, NOW);

  return withdrawn->len;
}

/* However much is claimed: no receiver gets more at once than its task says, and one that is slow
 * is in nobody's way. */
static void
test_begin (void)
{
  g_auto (Desk) desk = { 0 };

  desk_init (&desk);
  add (&desk, URL, 2 * CONCURRENCY, FALSE);
  add (&desk, OTHER_URL, CONCURRENCY, FALSE);
  g_assert_cmpuint (begin_all (&desk, URL), ==, CONCURRENCY);
  g_assert_cmpuint (lk_claim_queue_get_length (desk.queue), ==, CONCURRENCY);
  end (&desk, OTHER_URL, 2, 200);
  g_assert_cmpuint (begin_all (&desk, URL), ==, 0);
  end (&desk, URL, 3, 200);
  g_assert_cmpuint (begin_all (&desk, URL), ==, 3);
}

/* Claims are made ahead for a receiver whose answers come together, never more than it gets at
 * once, and not for a task that sends at most once. */
static void
test_ahead (void)
{
  for (int at_most_once = 0; at_most_once < 2; at_most_once++)
    {
      g_auto (Desk) desk = { 0 };

      desk_init (&desk);
      add (&desk, URL, CONCURRENCY, at_most_once);
      begin_all (&desk, URL);
      g_assert_cmpint (take_room (&desk, URL), ==, -1);
      end (&desk, URL, 1, 200);
      g_assert_cmpint (take_room (&desk, URL), ==, -1);
      end (&desk, URL, 3, 200);
      g_assert_cmpint (take_room (&desk, URL), ==, at_most_once ? -1 : 2 * CONCURRENCY);
      g_assert_cmpint (take_room (&desk, URL), ==, -1);
    }
}

/* A receiver that gets into trouble gets nothing of what was claimed ahead for it. */
static void
test_trouble (void)
{
  static const int statuses[] = { 429, 410, 500 };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_auto (Desk) desk = { 0 };

      desk_init (&desk);
      add (&desk, URL, 3 * CONCURRENCY, FALSE);
      add (&desk, OTHER_URL, CONCURRENCY, FALSE);
      begin_all (&desk, URL);
      end (&desk, URL, CONCURRENCY, 200);
      begin_all (&desk, URL);
      end (&desk, URL, 3, statuses[i]);
      end (&desk, URL, 1, statuses[i] == 500 ? 429 : statuses[i]);
      g_assert_cmpuint (begin_all (&desk, URL), ==, statuses[i] == 410 ? 0 : 1);
      g_assert_cmpuint (withdraw (&desk, FALSE), ==, statuses[i] == 410 ? 4 : 3);
      g_assert_cmpuint (lk_claim_queue_get_length (desk.queue), ==, 0);
      g_assert_cmpint (take_room (&desk, URL), ==, 0);
      g_assert_cmpint (take_room (&desk, URL), ==,
                       0); /* until it is stored, also when that fails */
    }
}

static void
test_withdraw_all (void)
{
  g_auto (Desk) desk = { 0 };

  desk_init (&desk);
  add (&desk, URL, 2 * CONCURRENCY, FALSE);
  begin_all (&desk, URL);
  g_assert_cmpuint (withdraw (&desk, FALSE), ==, 0);
  g_assert_cmpuint (withdraw (&desk, TRUE), ==, CONCURRENCY);
  end (&desk, URL, CONCURRENCY, 200);
  g_assert_cmpint (take_room (&desk, URL), ==, 2 * CONCURRENCY);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/claim-queue/begin", test_begin);
  g_test_add_func ("/claim-queue/ahead", test_ahead);
  g_test_add_func ("/claim-queue/trouble", test_trouble);
  g_test_add_func ("/claim-queue/withdraw-all", test_withdraw_all);

  return g_test_run ();
}
