/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-firing-policy"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/firing-policy-private.h"
#include "core/wall-time.h"
#include "core/zone.h"

typedef void (*DecideFunc) (const LkFiringPolicy *self, const LkLedgerEntry *entry,
                            const LkLicense *license, GDateTime *now, LkFiringDecision *decision);

static gboolean
has_fired (const LkLedgerEntry *entry)
{
  return entry != NULL && entry->fired_at != 0;
}

static const char *
get_memory (const LkLedgerEntry *entry)
{
  return has_fired (entry) && entry->memory != NULL ? entry->memory : "";
}

static GDateTime *
get_fired_at (const LkLedgerEntry *entry, GDateTime *now)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (entry->fired_at / LK_SECOND);

  return g_date_time_to_timezone (utc, g_date_time_get_timezone (now));
}

static char *
format_fired_at (const LkLedgerEntry *entry, GDateTime *now)
{
  g_autoptr (GDateTime) fired_at = get_fired_at (entry, now);

  return g_date_time_format (fired_at, "%Y-%m-%d %H:%M");
}

static void
decide_every_run (const LkFiringPolicy *self, const LkLedgerEntry *entry, const LkLicense *license,
                  GDateTime *now, LkFiringDecision *decision)
{
  decision->fire = TRUE;
  decision->rule = g_strdup (_ ("every run sends each match"));
}

static void
decide_once (const LkFiringPolicy *self, const LkLedgerEntry *entry, const LkLicense *license,
             GDateTime *now, LkFiringDecision *decision)
{
  g_autofree char *fired_at = NULL;

  decision->fire = !has_fired (entry) || !entry->matching;
  if (!has_fired (entry))
    {
      decision->rule = g_strdup (_ ("matches for the first time"));
      return;
    }

  fired_at = format_fired_at (entry, now);
  decision->rule = g_strdup_printf (decision->fire ? _ ("matches again; last sent on %s")
                                                   : _ ("sent on %s and still the same match"),
                                    fired_at);
}

/* Values are fenced by their lengths, so that no two rows of values read alike. */
static char *
get_fingerprint (const LkFiringPolicy *self, const LkLicense *license)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < self->n_columns; i++)
    {
      const char *value = lk_license_get (license, self->columns[i]);
      g_autofree char *fence =
          g_strdup_printf ("%s=%" G_GSSIZE_FORMAT ":", self->columns[i]->column,
                           value != NULL ? (gssize) strlen (value) : (gssize) -1);

      g_checksum_update (checksum, (const guchar *) fence, -1);
      if (value != NULL)
        g_checksum_update (checksum, (const guchar *) value, -1);
    }

  return g_strdup (g_checksum_get_string (checksum));
}

static void
decide_on_change (const LkFiringPolicy *self, const LkLedgerEntry *entry, const LkLicense *license,
                  GDateTime *now, LkFiringDecision *decision)
{
  g_autofree char *fingerprint = get_fingerprint (self, license);
  g_autofree char *fired_at = has_fired (entry) ? format_fired_at (entry, now) : NULL;

  decision->fire = !g_str_equal (get_memory (entry), fingerprint);
  if (fired_at == NULL)
    decision->rule = g_strdup (_ ("matches for the first time"));
  else
    decision->rule = g_strdup_printf (decision->fire ? _ ("changed since it was sent on %s")
                                                     : _ ("unchanged since it was sent on %s"),
                                      fired_at);
  decision->memory = g_steal_pointer (&fingerprint);
}

static void
decide_every_n_days (const LkFiringPolicy *self, const LkLedgerEntry *entry,
                     const LkLicense *license, GDateTime *now, LkFiringDecision *decision)
{
  g_autoptr (GDateTime) fired_at = NULL;
  g_autoptr (GDateTime) next = NULL;
  g_autofree char *next_text = NULL;

  if (!has_fired (entry))
    {
      decision->fire = TRUE;
      decision->rule = g_strdup (_ ("matches for the first time"));
      return;
    }

  fired_at = get_fired_at (entry, now);
  next = g_date_time_add_days (fired_at, self->days);
  next_text = g_date_time_format (next, "%Y-%m-%d %H:%M");
  decision->fire = g_date_time_compare (now, next) >= 0;
  decision->rule = g_strdup_printf (
      decision->fire ? _ ("due again since %s") : _ ("not due again before %s"), next_text);
}

static const int *
find_newest_milestone (const LkFiringPolicy *self, gint64 days_from_date)
{
  const int *newest = NULL;

  for (guint i = 0; i < self->n_offsets && self->offsets[i] <= days_from_date; i++)
    newest = &self->offsets[i];

  return newest;
}

static gboolean
is_of_date (const char *entry, const char *date)
{
  return g_str_has_prefix (entry, date) && entry[strlen (date)] == ' ';
}

static gboolean
is_milestone_new (const char *memory, const char *date, int offset)
{
  g_auto (GStrv) entries = g_strsplit (memory, ",", -1);

  for (gsize i = 0; entries[i] != NULL; i++)
    if (is_of_date (entries[i], date))
      return g_ascii_strtoll (entries[i] + strlen (date), NULL, 10) < offset;

  return TRUE;
}

/* The dates before this one stay, so that a date that is corrected back and forth, or a group whose
 * licenses take turns, does not start over. */
static char *
remember_milestone (const char *memory, const char *date, int offset)
{
  g_auto (GStrv) entries = g_strsplit (memory, ",", -1);
  GString *text = g_string_new (NULL);
  guint n_dates = 1;

  g_string_printf (text, "%s %d", date, offset);
  for (gsize i = 0; entries[i] != NULL && n_dates < LK_POLICY_MAX_DATES; i++)
    if (!is_of_date (entries[i], date))
      {
        g_string_append_printf (text, ",%s", entries[i]);
        n_dates++;
      }

  return g_string_free (text, FALSE);
}

static char *
describe_milestone (int offset, const char *date)
{
  if (offset == 0)
    /* translators: a date */
    return g_strdup_printf (_ ("on the day, %s"), date);
  if (offset < 0)
    /* translators: a number of days and a date */
    return g_strdup_printf (ngettext ("%d day before %s", "%d days before %s", (gulong) -offset),
                            -offset, date);

  /* translators: a number of days and a date */
  return g_strdup_printf (ngettext ("%d day after %s", "%d days after %s", (gulong) offset), offset,
                          date);
}

static void
decide_milestones (const LkFiringPolicy *self, const LkLedgerEntry *entry, const LkLicense *license,
                   GDateTime *now, LkFiringDecision *decision)
{
  LkWallTime time;
  g_autofree char *date = NULL;
  g_autofree char *milestone = NULL;
  gint64 today;
  const int *newest;

  if (!lk_wall_time_parse (&time, lk_license_get (license, self->columns[0])))
    {
      decision->rule = g_strdup_printf (_ ("%s is not a date"), self->columns[0]->column);
      return;
    }

  date = g_strdup_printf ("%04d-%02d-%02d", time.year, time.month, time.day);
  today = lk_zone_get_local_days (g_date_time_get_timezone (now),
                                  g_date_time_to_unix (now) * LK_SECOND);
  newest = find_newest_milestone (self, today - lk_wall_time_get_days (&time));
  if (newest == NULL)
    {
      decision->rule = g_strdup_printf (_ ("no milestone before %s is reached yet"), date);
      return;
    }

  decision->fire = is_milestone_new (get_memory (entry), date, *newest);
  decision->memory = remember_milestone (get_memory (entry), date, *newest);
  milestone = describe_milestone (*newest, date);
  /* translators: a milestone, such as "7 days before 2026-12-04" */
  decision->rule = g_strdup_printf (
      decision->fire ? _ ("milestone: %s") : _ ("milestone was sent: %s"), milestone);
}

static const DecideFunc decide_funcs[] = {
  [LK_POLICY_EVERY_RUN] = decide_every_run,   [LK_POLICY_ONCE] = decide_once,
  [LK_POLICY_ON_CHANGE] = decide_on_change,   [LK_POLICY_EVERY_N_DAYS] = decide_every_n_days,
  [LK_POLICY_MILESTONES] = decide_milestones,
};

G_STATIC_ASSERT (G_N_ELEMENTS (decide_funcs) == LK_N_POLICY_KINDS);

/**
 * lk_firing_policy_decide:
 * @self: a policy
 * @entry: (nullable): what the ledger has on the license's group; %NULL for nothing
 * @license: the license that matched
 * @now: the due instant of the run, in the task's zone
 * @decision: (out caller-allocates): to be cleared with lk_firing_decision_clear(); what it held
 *   before is not freed
 *
 * Decides whether a match fires. The same arguments always decide alike.
 *
 * `every:N-days` counts days of the wall clock from the due instant of the run that fired, so that
 * a daily task keeps its hour over a change of the clocks and never fires early. Milestones compare
 * calendar dates in the task's zone: offset 0 is the whole day of the date, whatever its time.
 */
void
lk_firing_policy_decide (const LkFiringPolicy *self, const LkLedgerEntry *entry,
                         const LkLicense *license, GDateTime *now, LkFiringDecision *decision)
{
  g_return_if_fail (decision != NULL);

  *decision = (LkFiringDecision){ 0 };
  g_return_if_fail (self != NULL && license != NULL && now != NULL);

  decide_funcs[self->kind](self, entry, license, now, decision);
  if (decision->memory == NULL)
    decision->memory = g_strdup ("");
}

/**
 * lk_firing_decision_clear:
 * @decision: a decision
 *
 * Frees what @decision holds.
 */
void
lk_firing_decision_clear (LkFiringDecision *decision)
{
  g_return_if_fail (decision != NULL);

  g_clear_pointer (&decision->memory, g_free);
  g_clear_pointer (&decision->rule, g_free);
}
