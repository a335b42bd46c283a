/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/firing-policy.h"

G_BEGIN_DECLS

/*
 * kind: which rule
 * columns: those that `on-change` compares; the date of `milestones` alone
 * days: of `every:N-days`
 * offsets: of `milestones`, in days from the date, ascending
 */
struct _LkFiringPolicy
{
  LkPolicyKind kind;
  const LkLicenseField *columns[LK_POLICY_MAX_COLUMNS];
  guint n_columns;
  int days;
  int offsets[LK_POLICY_MAX_MILESTONES];
  guint n_offsets;
};

G_END_DECLS
