/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/delivery.h"

static void
test_delivery (void)
{
  g_autoptr (LkDelivery) delivery = lk_delivery_new ();
  g_autoptr (LkDelivery) copy = NULL;
  g_autoptr (LkDelivery) list_copy = NULL;

  g_assert_cmpint (delivery->state, ==, LK_DELIVERY_QUEUED);
  g_assert_cmpstr (delivery->hold_reason, ==, "");
  g_assert_cmpstr (delivery->last_cause, ==, "");
  g_assert_cmpint (delivery->last_latency_ms, ==, -1);
  list_copy = lk_delivery_copy (delivery);
  g_assert_null (list_copy->body);

  delivery->body = g_bytes_new ("{}", 2);
  copy = lk_delivery_copy (delivery);
  g_assert_true (g_bytes_equal (copy->body, delivery->body));
  g_assert_true (copy->url != delivery->url);
}

static void
test_attempt (void)
{
  g_autoptr (LkAttempt) attempt = lk_attempt_new ();
  g_autoptr (LkAttempt) copy = NULL;

  g_assert_cmpint (attempt->outcome, ==, LK_OUTCOME_PENDING);
  g_assert_cmpint (attempt->retry_after_s, ==, -1);
  g_assert_cmpint (attempt->latency_ms, ==, -1);
  g_assert_cmpstr (attempt->location, ==, "");

  attempt->status = 503;
  attempt->response_body = g_bytes_new ("busy", 4);
  copy = lk_attempt_copy (attempt);
  g_assert_cmpint (copy->status, ==, 503);
  g_assert_true (g_bytes_equal (copy->response_body, attempt->response_body));
  g_assert_true (copy->cause != attempt->cause);
}

/* The words are in databases: a change of one is a change of the schema. */
static void
test_words (void)
{
  static const char *const states[] = { "queued",    "sending",   "retry_wait", "held",
                                        "delivered", "exhausted", "dropped" };
  static const char *const outcomes[] = { "pending", "success", "failure", "unknown", "offline" };
  LkDeliveryState state;
  LkOutcome outcome;

  for (int i = 0; i < (int) G_N_ELEMENTS (states); i++)
    {
      g_assert_cmpstr (lk_delivery_state_to_string (i), ==, states[i]);
      g_assert_true (lk_delivery_state_from_string (states[i], &state));
      g_assert_cmpint (state, ==, i);
      g_assert_cmpstr (lk_delivery_state_get_title (i), !=, "");
    }
  for (int i = LK_HOLD_NONE; i <= LK_HOLD_PAUSED; i++)
    {
      LkHoldKind kind = LK_HOLD_NONE;

      g_assert_true (lk_hold_kind_from_string (lk_hold_kind_to_string (i), &kind));
      g_assert_cmpint (kind, ==, i);
    }
  for (int i = 0; i < (int) G_N_ELEMENTS (outcomes); i++)
    {
      g_assert_cmpstr (lk_outcome_to_string (i), ==, outcomes[i]);
      g_assert_true (lk_outcome_from_string (outcomes[i], &outcome));
      g_assert_cmpint (outcome, ==, i);
    }

  g_assert_false (lk_delivery_state_from_string ("lost", &state));
  g_assert_false (lk_outcome_from_string ("", &outcome));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/delivery/value", test_delivery);
  g_test_add_func ("/delivery/attempt", test_attempt);
  g_test_add_func ("/delivery/words", test_words);

  return g_test_run ();
}
