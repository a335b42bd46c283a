/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/firing-policy.h"

G_BEGIN_DECLS

/**
 * LkPolicyParts:
 * @kind: which rule
 * @columns: of `on-change`: the names of columns, with commas, as typed
 * @days: of `every:N-days`
 * @date: of `milestones`: the name of the column
 * @offsets: of `milestones`: days from the date, with commas, as typed
 *
 * A firing policy in the pieces that a dialog shows, right or wrong. What belongs to the other
 * kinds stays, so that it is there again when somebody chooses such a kind.
 */
typedef struct
{
  LkPolicyKind kind;
  char *columns;
  int days;
  char *date;
  char *offsets;
} LkPolicyParts;

void lk_policy_parts_init (LkPolicyParts *self);
void lk_policy_parts_clear (LkPolicyParts *self);
gboolean lk_policy_parts_read (LkPolicyParts *self, const char *send);
char *lk_policy_parts_to_string (const LkPolicyParts *self);
gboolean lk_policy_parts_has_column (const LkPolicyParts *self, const LkLicenseField *field);
void lk_policy_parts_set_column (LkPolicyParts *self, const LkLicenseField *field,
                                 gboolean compared);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LkPolicyParts, lk_policy_parts_clear)

G_END_DECLS
