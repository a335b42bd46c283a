/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clause.h"
#include "core/firing-policy.h"
#include "core/recurrence.h"

G_BEGIN_DECLS

GPtrArray *lk_clause_get_task_warnings (const LkClause *clause, const LkRecurrence *recurrence,
                                        LkPolicyKind policy);

G_END_DECLS
