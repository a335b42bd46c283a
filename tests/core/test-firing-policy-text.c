/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/error.h"
#include "core/firing-policy.h"

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    const char *plain; /* NULL: refused */
  } cases[] = {
    { "every-run", "every-run" },
    { " ONCE ", "once" },
    { "on-change:Email", "on-change:Email" },
    { "on-change: email , subscriptionid,ReceiptID", "on-change:Email,ReceiptID" },
    { "every:30-days", "every:30-days" },
    { "every:1-day", "every:1-days" },
    { "milestones:ExpiryDate:0,-30,+7,-30", "milestones:SubscriptionExpiryDate:-30,0,7" },
    { "", NULL },
    { "sometimes", NULL },
    { "once:", NULL },
    { "every-runs", NULL },
    { "on-change", NULL },
    { "on-change:", NULL },
    { "on-change:Nonsense", NULL },
    { "on-change:Email,", NULL },
    { "every:", NULL },
    { "every:0-days", NULL },
    { "every:-3-days", NULL },
    { "every:3661-days", NULL },
    { "every:3-weeks", NULL },
    { "every: 3-days", NULL },
    { "every:99999999999999999999-days", NULL },
    { "milestones:", NULL },
    { "milestones:OrderDate", NULL },
    { "milestones:OrderDate:", NULL },
    { "milestones:OrderDate:-1,", NULL },
    { "milestones:OrderDate:soon", NULL },
    { "milestones:OrderDate:4000", NULL },
    { "milestones:Email:-1", NULL },
    { "milestones:Nonsense:-1", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (LkFiringPolicy) policy = lk_firing_policy_parse (cases[i].text, &error);
      g_autofree char *plain = policy != NULL ? lk_firing_policy_to_string (policy) : NULL;

      g_assert_cmpstr (plain, ==, cases[i].plain);
      if (policy == NULL)
        g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
      else
        g_assert_no_error (error);
    }
}

static void
test_limits (void)
{
  g_autoptr (GString) offsets = g_string_new ("milestones:OrderDate:0");
  g_autoptr (LkFiringPolicy) longest = NULL;

  for (int i = 1; i < LK_POLICY_MAX_MILESTONES; i++)
    g_string_append_printf (offsets, ",%d", i);
  longest = lk_firing_policy_parse (offsets->str, NULL);
  g_assert_nonnull (longest);

  g_string_append (offsets, ",-1");
  g_assert_null (lk_firing_policy_parse (offsets->str, NULL));
}

static void
test_kind (void)
{
  g_autoptr (LkFiringPolicy) policy = lk_firing_policy_parse ("every:2-days", NULL);

  g_assert_cmpint (lk_firing_policy_get_kind (policy), ==, LK_POLICY_EVERY_N_DAYS);
  for (int kind = 0; kind < LK_N_POLICY_KINDS; kind++)
    g_assert_cmpstr (lk_policy_kind_get_title (kind), !=, "");
}

/* When a match is sent again, where the rule of the decision does not say it. */
static void
test_again (void)
{
  static const struct
  {
    const char *policy;
    const char *again;
  } rows[] = {
    { "every-run", NULL },
    { "once", "after a complete run in which it does not match" },
    { "on-change:Email,OrderDate", "when a value changes: Email, OrderDate" },
    { "every:7-days", NULL },
    { "milestones:SubscriptionExpiryDate:-7,0",
      "at the next milestone, and anew when SubscriptionExpiryDate changes" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkFiringPolicy) policy = lk_firing_policy_parse (rows[i].policy, NULL);
      g_autofree char *again = lk_firing_policy_describe_again (policy);

      g_assert_cmpstr (again, ==, rows[i].again);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/firing-policy-text/parse", test_parse);
  g_test_add_func ("/firing-policy-text/limits", test_limits);
  g_test_add_func ("/firing-policy-text/again", test_again);
  g_test_add_func ("/firing-policy-text/kind", test_kind);

  return g_test_run ();
}
