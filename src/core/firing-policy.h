/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"
#include "core/license.h"

G_BEGIN_DECLS

/**
 * LkPolicyKind:
 * @LK_POLICY_EVERY_RUN: `every-run`: each match fires at each run (what QLM does)
 * @LK_POLICY_ONCE: `once`: again only after a complete run in which it did not match
 * @LK_POLICY_ON_CHANGE: `on-change:COL,COL`: when one of the columns differs from what was fired
 * @LK_POLICY_EVERY_N_DAYS: `every:N-days`: not before N days have gone by
 * @LK_POLICY_MILESTONES: `milestones:COL:-30,-14,0`: on the first run at or after each offset in
 *   days from the date in COL; a changed date starts over; several passed at once fire as the
 * newest
 */
typedef enum
{
  LK_POLICY_EVERY_RUN,
  LK_POLICY_ONCE,
  LK_POLICY_ON_CHANGE,
  LK_POLICY_EVERY_N_DAYS,
  LK_POLICY_MILESTONES,
} LkPolicyKind;

#define LK_N_POLICY_KINDS        (LK_POLICY_MILESTONES + 1)
#define LK_POLICY_MAX_DAYS       3660
#define LK_POLICY_MAX_COLUMNS    32
#define LK_POLICY_MAX_MILESTONES 32
#define LK_POLICY_MAX_DATES      16 /* that `milestones` remembers for a group */

/**
 * LkFiringPolicy:
 *
 * Which matches fire. Immutable and reference-counted; any thread.
 */
typedef struct _LkFiringPolicy LkFiringPolicy;

/**
 * LkLedgerEntry:
 * @fired_at: when the group last fired: the due instant of that run; 0 when it never did
 * @matching: whether it has matched in every complete run since it last fired
 * @memory: what the policy wrote down when it fired: for `on-change` the SHA-256 of the columns'
 *   names and values in hexadecimal digits, for `milestones` the last dates, the newest first, each
 *   with the offset in days that fired last, as in `2027-05-29 -30,2026-05-29 -7`; otherwise ""
 * @license_key: the activation key of the license that fired; "" where that was not written down
 *
 * What was already fired for one group of one task.
 */
typedef struct
{
  LkInstant fired_at;
  gboolean matching;
  char *memory;
  char *license_key;
} LkLedgerEntry;

/**
 * LkFiringDecision:
 * @fire: whether a delivery is owed
 * @memory: what to write into the ledger when it fires; ""
 * @rule: why, in words, translated
 */
typedef struct
{
  gboolean fire;
  char *memory;
  char *rule;
} LkFiringDecision;

LkFiringPolicy *lk_firing_policy_parse (const char *text, GError **error);
void lk_firing_policy_free (LkFiringPolicy *self);
LkPolicyKind lk_firing_policy_get_kind (const LkFiringPolicy *self);
const char *lk_policy_kind_get_prefix (LkPolicyKind kind);
const char *lk_policy_kind_get_title (LkPolicyKind kind);
gboolean lk_policy_kind_find (const char *text, LkPolicyKind *kind, const char **rest);
char *lk_firing_policy_to_string (const LkFiringPolicy *self);
char *lk_firing_policy_describe_again (const LkFiringPolicy *self);
void lk_firing_policy_decide (const LkFiringPolicy *self, const LkLedgerEntry *entry,
                              const LkLicense *license, GDateTime *now, LkFiringDecision *decision);
void lk_firing_decision_clear (LkFiringDecision *decision);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkFiringPolicy, lk_firing_policy_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LkFiringDecision, lk_firing_decision_clear)

G_END_DECLS
