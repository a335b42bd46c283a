/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/license-field.h"

G_BEGIN_DECLS

/**
 * LkOperator:
 *
 * How the ad-hoc bar compares a value of a license. Which ones make sense depends on the kind of
 * the value: see lk_operators_for_kind().
 */
typedef enum
{
  LK_OPERATOR_CONTAINS,
  LK_OPERATOR_CONTAINS_NOT,
  LK_OPERATOR_IS,
  LK_OPERATOR_IS_NOT,
  LK_OPERATOR_STARTS_WITH,
  LK_OPERATOR_ENDS_WITH,
  LK_OPERATOR_LESS,
  LK_OPERATOR_AT_MOST,
  LK_OPERATOR_GREATER,
  LK_OPERATOR_AT_LEAST,
  LK_OPERATOR_YES,
  LK_OPERATOR_NO,
  LK_OPERATOR_ON,
  LK_OPERATOR_BEFORE,
  LK_OPERATOR_AFTER,
  LK_OPERATOR_NEXT_DAYS,
  LK_OPERATOR_LAST_DAYS,
  LK_OPERATOR_EMPTY,
  LK_OPERATOR_NOT_EMPTY,
} LkOperator;

/**
 * LkCondition:
 * @field: the value of the license to look at
 * @op: how to compare it
 * @operand: with what; ignored by the operators that need nothing
 * @is_alternative: whether it is joined to what stands before it by "or" instead of "and"
 *
 * One line of the ad-hoc bar. A plain value.
 */
typedef struct
{
  const LkLicenseField *field;
  LkOperator op;
  char *operand;
  gboolean is_alternative;
} LkCondition;

LkCondition *lk_condition_new (const LkLicenseField *field, LkOperator op, const char *operand,
                               gboolean is_alternative);
void lk_condition_free (LkCondition *self);
char *lk_condition_format (const LkCondition *self, GError **error);
char *lk_conditions_format (GPtrArray *conditions, GError **error);
char *lk_condition_format_find (const char *words);
char *lk_condition_join (const char *const *conditions);

const LkOperator *lk_operators_for_kind (LkFieldKind kind, gsize *n_operators);
const char *lk_operator_get_title (LkOperator op);
gboolean lk_operator_needs_operand (LkOperator op);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkCondition, lk_condition_free)

G_END_DECLS
