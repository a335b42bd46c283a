/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/policy-parts.h"

/* What a dialog reads and writes back says the same, also while it is not valid. */
static void
test_round_trip (void)
{
  static const char *const texts[] = {
    "every-run",
    "once",
    "on-change:Email,OrderDate",
    "on-change:",
    "on-change:Nonsense",
    "every:30-days",
    "every:0-days",
    "milestones:SubscriptionExpiryDate:-30, -7,0",
    "milestones:Nonsense:soon",
    "milestones:OrderDate:",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (LkPolicyParts) parts;
      g_autofree char *text = NULL;

      lk_policy_parts_init (&parts);
      g_assert_true (lk_policy_parts_read (&parts, texts[i]));
      text = lk_policy_parts_to_string (&parts);
      g_assert_cmpstr (text, ==, texts[i]);
    }
}

/* What each kind starts from is a policy. */
static void
test_defaults (void)
{
  g_auto (LkPolicyParts) parts;

  lk_policy_parts_init (&parts);
  for (guint i = 0; i < LK_N_POLICY_KINDS; i++)
    {
      g_autofree char *text = NULL;
      g_autoptr (LkFiringPolicy) policy = NULL;
      g_autoptr (GError) error = NULL;

      parts.kind = (LkPolicyKind) i;
      text = lk_policy_parts_to_string (&parts);
      policy = lk_firing_policy_parse (text, &error);
      g_assert_no_error (error);
      g_assert_cmpint (lk_firing_policy_get_kind (policy), ==, i);
    }
}

static void
test_other_kinds_stay (void)
{
  g_auto (LkPolicyParts) parts;

  lk_policy_parts_init (&parts);
  g_assert_true (lk_policy_parts_read (&parts, " every:12-days"));
  g_assert_true (lk_policy_parts_read (&parts, "milestones:ExpiryDate:-3"));
  g_assert_cmpint (parts.days, ==, 12);
  g_assert_cmpstr (parts.date, ==, "SubscriptionExpiryDate");
  g_assert_false (lk_policy_parts_read (&parts, "sometimes"));
  g_assert_false (lk_policy_parts_read (&parts, NULL));
  g_assert_cmpint (parts.kind, ==, LK_POLICY_MILESTONES);
  g_assert_cmpstr (parts.offsets, ==, "-3");
}

static void
test_columns (void)
{
  const LkLicenseField *receipt = lk_license_field_find ("ReceiptID");
  const LkLicenseField *email = lk_license_field_find ("Email");
  g_auto (LkPolicyParts) parts;

  lk_policy_parts_init (&parts);
  lk_policy_parts_read (&parts, "on-change: subscriptionid,Nonsense");
  g_assert_true (lk_policy_parts_has_column (&parts, receipt));
  g_assert_false (lk_policy_parts_has_column (&parts, email));
  lk_policy_parts_set_column (&parts, email, TRUE);
  g_assert_cmpstr (parts.columns, ==, "subscriptionid, Nonsense, Email");
  lk_policy_parts_set_column (&parts, receipt, FALSE);
  g_assert_cmpstr (parts.columns, ==, "Nonsense, Email");
  lk_policy_parts_set_column (&parts, email, FALSE);
  g_assert_cmpstr (parts.columns, ==, "Nonsense");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/policy-parts/round-trip", test_round_trip);
  g_test_add_func ("/policy-parts/defaults", test_defaults);
  g_test_add_func ("/policy-parts/other-kinds-stay", test_other_kinds_stay);
  g_test_add_func ("/policy-parts/columns", test_columns);

  return g_test_run ();
}
