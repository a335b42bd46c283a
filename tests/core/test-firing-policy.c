/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/firing-policy.h"
#include "core/zone.h"

#define BERLIN "Europe/Berlin"

static GDateTime *
time_in (const char *zone_name, const char *wall)
{
  g_autoptr (GTimeZone) zone = lk_zone_load (zone_name, NULL);

  return g_date_time_new_from_iso8601 (wall, zone);
}

static LkFiringPolicy *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  LkFiringPolicy *policy = lk_firing_policy_parse (text, &error);

  g_assert_no_error (error);

  return policy;
}

static LkLicense *
license_with (const char *expiry, const char *email)
{
  const char *const pairs[] = { "SubscriptionExpiryDate", expiry, email != NULL ? "Email" : NULL,
                                email, NULL };

  return lk_license_new_named (1, pairs);
}

/* What the ledger does with a decision. */
static gboolean
run_once (const LkFiringPolicy *policy, LkLedgerEntry *entry, const LkLicense *license,
          GDateTime *now)
{
  g_auto (LkFiringDecision) decision = { 0 };

  lk_firing_policy_decide (policy, entry, license, now, &decision);
  g_assert_cmpstr (decision.rule, !=, NULL);
  g_assert_cmpstr (decision.rule, !=, "");
  g_assert_nonnull (decision.memory);
  if (decision.fire)
    {
      entry->fired_at = g_date_time_to_unix (now) * LK_SECOND;
      entry->matching = TRUE;
      g_free (entry->memory);
      entry->memory = g_steal_pointer (&decision.memory);
    }

  return decision.fire;
}

typedef struct
{
  const char *policy;
  const char *expiry;
  const char *email;
  const char *fired_at; /* NULL: never */
  gboolean matching;
  const char *memory;
  const char *now;
  gboolean fire;
} Case;

static void
test_table (void)
{
  static const Case cases[] = {
    { "every-run", "2026-06-30", "a", NULL, FALSE, "", "2026-06-01T08:00:00", TRUE },
    { "every-run", "2026-06-30", "a", "2026-06-01T08:00:00", TRUE, "", "2026-06-01T08:00:00",
      TRUE },
    { "once", "2026-06-30", "a", NULL, FALSE, "", "2026-06-01T08:00:00", TRUE },
    { "once", "2026-06-30", "a", "2026-05-31T08:00:00", TRUE, "", "2026-06-01T08:00:00", FALSE },
    { "once", "2026-06-30", "a", "2026-05-31T08:00:00", FALSE, "", "2026-06-01T08:00:00", TRUE },
    { "every:1-day", "2026-06-30", "a", NULL, FALSE, "", "2026-06-01T08:00:00", TRUE },
    { "every:1-day", "2026-06-30", "a", "2026-05-31T08:00:00", TRUE, "", "2026-06-01T08:00:00",
      TRUE },
    { "every:1-day", "2026-06-30", "a", "2026-05-31T08:00:01", TRUE, "", "2026-06-01T08:00:00",
      FALSE },
    { "every:1-day", "2026-06-30", "a", "2026-05-31T08:00:00", FALSE, "", "2026-05-31T23:00:00",
      FALSE },
    /* 23 and 25 hours are a day by the clock on the wall */
    { "every:1-day", "2026-06-30", "a", "2026-03-28T08:00:00", TRUE, "", "2026-03-29T08:00:00",
      TRUE },
    { "every:1-day", "2026-06-30", "a", "2026-10-24T08:00:00", TRUE, "", "2026-10-25T07:59:00",
      FALSE },
    { "every:30-days", "2026-06-30", "a", "2026-05-01T08:00:00", TRUE, "", "2026-05-30T08:00:00",
      FALSE },
    { "every:30-days", "2026-06-30", "a", "2026-05-01T08:00:00", TRUE, "", "2026-05-31T08:00:00",
      TRUE },
    /* milestones */
    { "milestones:ExpiryDate:-30,-7,0", "2026-06-30 23:59:59", "a", NULL, FALSE, "",
      "2026-05-30T23:59:59", FALSE },
    { "milestones:ExpiryDate:-30,-7,0", "2026-06-30 23:59:59", "a", NULL, FALSE, "",
      "2026-05-31T00:00:00", TRUE },
    { "milestones:ExpiryDate:-30,-7,0", "2026-06-30 23:59:59", "a", "2026-05-31T08:00:00", TRUE,
      "2026-06-30 -30", "2026-06-01T08:00:00", FALSE },
    { "milestones:ExpiryDate:-30,-7,0", "2026-06-30 23:59:59", "a", "2026-05-31T08:00:00", TRUE,
      "2026-06-30 -30", "2026-06-29T08:00:00", TRUE },
    { "milestones:ExpiryDate:-30,-7,0", "2026-06-30 23:59:59", "a", "2026-06-23T08:00:00", FALSE,
      "2026-06-30 -7", "2026-06-29T08:00:00", FALSE },
    { "milestones:ExpiryDate:-30,-7,0", "2026-06-30 23:59:59", "a", "2026-06-23T08:00:00", TRUE,
      "2026-06-30 -7", "2026-06-30T00:00:00", TRUE },
    { "milestones:ExpiryDate:-30,-7,0", "2026-07-30 23:59:59", "a", "2026-06-30T08:00:00", TRUE,
      "2026-06-30 0", "2026-06-30T09:00:00", TRUE }, /* renewed by 30 days */
    { "milestones:ExpiryDate:-30,-7,0", "2027-06-30 23:59:59", "a", "2026-06-30T08:00:00", TRUE,
      "2026-06-30 0", "2026-06-30T09:00:00", FALSE },
    { "milestones:ExpiryDate:-30,-7,0", "2026-06-30 23:59:59", "a", "2026-06-23T08:00:00", TRUE,
      "2026-07-01 -7,2026-06-30 -7", "2026-06-24T08:00:00", FALSE }, /* corrected back and forth */
    { "milestones:ExpiryDate:-30,-7,0", "2026-06-30 23:59:59", "a", "2026-06-23T08:00:00", TRUE,
      "2026-07-01 -7,2026-06-30 -30", "2026-06-24T08:00:00", TRUE },
    { "milestones:ExpiryDate:-30,-7,0", "", "a", NULL, FALSE, "", "2026-06-30T09:00:00", FALSE },
    { "milestones:ExpiryDate:-30,-7,0", "soon", "a", NULL, FALSE, "", "2026-06-30T09:00:00",
      FALSE },
    { "milestones:ExpiryDate:7", "2026-06-30", "a", NULL, FALSE, "", "2026-07-06T23:59:59", FALSE },
    { "milestones:ExpiryDate:7", "2026-06-30", "a", NULL, FALSE, "", "2026-07-07T00:00:00", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autoptr (LkFiringPolicy) policy = parse (c->policy);
      g_autoptr (LkLicense) license = license_with (c->expiry, c->email);
      g_autoptr (GDateTime) now = time_in (BERLIN, c->now);
      g_autoptr (GDateTime) fired_at = time_in (BERLIN, c->fired_at != NULL ? c->fired_at : c->now);
      LkLedgerEntry entry = { 0, c->matching, g_strdup (c->memory) };

      if (c->fired_at != NULL)
        entry.fired_at = g_date_time_to_unix (fired_at) * LK_SECOND;
      g_test_message ("%s at %s", c->policy, c->now);
      g_assert_cmpint (run_once (policy, &entry, license, now), ==, c->fire);
      g_free (entry.memory);
    }
}

static void
test_no_entry (void)
{
  static const char *const policies[] = { "every-run", "once", "on-change:Email", "every:3-days",
                                          "milestones:ExpiryDate:-30" };
  g_autoptr (LkLicense) license = license_with ("2026-06-30", "a");
  g_autoptr (GDateTime) now = time_in (BERLIN, "2026-06-15T08:00:00");

  for (gsize i = 0; i < G_N_ELEMENTS (policies); i++)
    {
      g_autoptr (LkFiringPolicy) policy = parse (policies[i]);
      g_auto (LkFiringDecision) decision = { 0 };

      lk_firing_policy_decide (policy, NULL, license, now, &decision);
      g_assert_true (decision.fire);
    }
}

static void
test_on_change (void)
{
  static const struct
  {
    const char *expiry, *email;
    gboolean fire;
  } steps[] = {
    { "2026-06-30", "a@b", TRUE }, { "2026-06-30", "a@b", FALSE }, { "2027-06-30", "a@b", FALSE },
    { "2027-06-30", "c@d", TRUE }, { "2027-06-30", "c@d", FALSE }, { "2027-06-30", "", TRUE },
    { "2027-06-30", NULL, TRUE },  { "2027-06-30", NULL, FALSE },  { "2027-06-30", "a@b", TRUE },
  };
  g_autoptr (LkFiringPolicy) policy = parse ("on-change:Email,FullName");
  g_autoptr (GDateTime) now = time_in (BERLIN, "2026-06-15T08:00:00");
  LkLedgerEntry entry = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (LkLicense) license = license_with (steps[i].expiry, steps[i].email);

      entry.matching = i % 2 == 0; /* makes no difference */
      g_assert_cmpint (run_once (policy, &entry, license, now), ==, steps[i].fire);
    }

  g_free (entry.memory);
}

/* A value that wanders from one column into the next is a change. */
static void
test_on_change_keeps_columns_apart (void)
{
  static const char *const rows[][5] = { { "Email", "ab", "FullName", "c", NULL },
                                         { "Email", "a", "FullName", "bc", NULL },
                                         { "Email", "abc", NULL },
                                         { "FullName", "abc", NULL } };
  g_autoptr (LkFiringPolicy) policy = parse ("on-change:Email,FullName");
  g_autoptr (GDateTime) now = time_in (BERLIN, "2026-06-15T08:00:00");
  LkLedgerEntry entry = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkLicense) license = lk_license_new_named (1, rows[i]);

      g_assert_true (run_once (policy, &entry, license, now));
    }

  g_free (entry.memory);
}

/* Of the dates that a group had, the last ones are remembered, and the newest comes first. */
static void
test_milestone_memory (void)
{
  g_autoptr (LkFiringPolicy) policy = parse ("milestones:ExpiryDate:0");
  g_autoptr (GDateTime) now = time_in (BERLIN, "2026-12-31T08:00:00");
  LkLedgerEntry entry = { 0 };
  g_auto (GStrv) dates = NULL;

  for (int day = 1; day <= 28; day++)
    {
      g_autofree char *date = g_strdup_printf ("2026-02-%02d", day);
      g_autoptr (LkLicense) license = license_with (date, "a");

      g_assert_true (run_once (policy, &entry, license, now));
      g_assert_false (run_once (policy, &entry, license, now));
    }

  dates = g_strsplit (entry.memory, ",", -1);
  g_assert_cmpuint (g_strv_length (dates), ==, LK_POLICY_MAX_DATES);
  g_assert_cmpstr (dates[0], ==, "2026-02-28 0");
  g_assert_cmpstr (dates[1], ==, "2026-02-27 0");
  g_free (entry.memory);
}

/* Once fires at the first run of each episode of matching, and at no other. */
static void
test_once_at_random (void)
{
  g_autoptr (LkFiringPolicy) policy = parse ("once");
  g_autoptr (LkLicense) license = license_with ("2026-06-30", "a");
  g_autoptr (GDateTime) now = time_in (BERLIN, "2026-06-15T08:00:00");
  LkLedgerEntry entry = { 0 };
  gboolean matched_before = FALSE;

  for (int i = 0; i < 5000; i++)
    {
      gboolean matches = g_test_rand_bit ();

      if (matches)
        g_assert_cmpint (run_once (policy, &entry, license, now), ==, !matched_before);
      else
        entry.matching = FALSE; /* as a complete run does */
      matched_before = matches;
    }

  g_free (entry.memory);
}

static void
test_every_n_days_at_random (void)
{
  for (int days = 1; days <= 31; days += 5)
    {
      g_autofree char *text = g_strdup_printf ("every:%d-days", days);
      g_autoptr (LkFiringPolicy) policy = parse (text);
      g_autoptr (LkLicense) license = license_with ("2026-06-30", "a");
      g_autoptr (GDateTime) now = time_in ("UTC", "2026-01-01T08:00:00");
      gint64 fired_s = 0;
      LkLedgerEntry entry = { 0 };

      for (int i = 0; i < 2000; i++)
        {
          g_autoptr (GDateTime) next =
              g_date_time_add_minutes (now, g_test_rand_int_range (1, 2 * 24 * 60));
          gint64 next_s = g_date_time_to_unix (next);
          gboolean expected = fired_s == 0 || next_s - fired_s >= days * 24 * 60 * 60;

          g_assert_cmpint (run_once (policy, &entry, license, next), ==, expected);
          if (expected)
            fired_s = next_s;
          g_date_time_unref (now);
          now = g_steal_pointer (&next);
        }
      g_free (entry.memory);
    }
}

/* Whenever the runs are, each milestone of each date fires once at most, only after it is reached,
 * and the newest one that is reached has always fired. */
static void
test_milestones_at_random (void)
{
  static const int offsets[] = { -30, -14, -7, -1, 0, 10 };
  g_autoptr (LkFiringPolicy) policy = parse ("milestones:ExpiryDate:-30,-14,-7,-1,0,10");
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GDateTime) expiry = g_date_time_new (zone, 2026, 3, 1, 23, 59, 59);
  g_autoptr (GDateTime) now = g_date_time_new (zone, 2026, 1, 1, 8, 0, 0);
  LkLedgerEntry entry = { 0 };
  int fired = G_MININT;

  for (int i = 0; i < 3000; i++)
    {
      g_autofree char *text = g_date_time_format (expiry, "%Y-%m-%d %H:%M:%S");
      g_autoptr (LkLicense) license = license_with (text, "a");
      g_autoptr (GDateTime) next = NULL;
      /* Both are whole days of UTC: what is left of the expiry's day counts as reached. */
      gint64 days = g_date_time_to_unix (now) / 86400 - g_date_time_to_unix (expiry) / 86400;
      int newest = G_MININT;

      for (gsize j = 0; j < G_N_ELEMENTS (offsets); j++)
        if (offsets[j] <= days)
          newest = offsets[j];
      g_assert_cmpint (run_once (policy, &entry, license, now), ==, newest > fired);
      fired = newest;

      next = g_date_time_add_hours (now, g_test_rand_int_range (1, 15 * 24));
      g_date_time_unref (now);
      now = g_steal_pointer (&next);
      if (g_date_time_compare (now, expiry) > 0 && g_test_rand_bit ())
        {
          g_date_time_unref (expiry);
          expiry = g_date_time_add_days (now, g_test_rand_int_range (1, 400));
          fired = G_MININT;
        }
    }

  g_free (entry.memory);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/firing-policy/table", test_table);
  g_test_add_func ("/firing-policy/no-entry", test_no_entry);
  g_test_add_func ("/firing-policy/on-change", test_on_change);
  g_test_add_func ("/firing-policy/on-change-keeps-columns-apart",
                   test_on_change_keeps_columns_apart);
  g_test_add_func ("/firing-policy/milestone-memory", test_milestone_memory);
  g_test_add_func ("/firing-policy/once-at-random", test_once_at_random);
  g_test_add_func ("/firing-policy/every-n-days-at-random", test_every_n_days_at_random);
  g_test_add_func ("/firing-policy/milestones-at-random", test_milestones_at_random);

  return g_test_run ();
}
