/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/clause.h"
#include "core/error.h"
#include "ui/condition.h"

static const struct
{
  const char *column;
  LkOperator op;
  const char *operand;
  const char *expected; /* NULL: refused */
} cases[] = {
  { "FullName", LK_OPERATOR_CONTAINS, "smith", "FullName Like '%smith%'" },
  { "FullName", LK_OPERATOR_CONTAINS, "O'Neil", "FullName Like '%O''Neil%'" },
  { "FullName", LK_OPERATOR_CONTAINS, "50%_[a]", "FullName Like '%50[%][_][[]a]%'" },
  { "FullName", LK_OPERATOR_CONTAINS_NOT, "x", "(FullName Not Like '%x%' Or FullName Is Null)" },
  { "Email", LK_OPERATOR_STARTS_WITH, "a@", "Email Like 'a@%'" },
  { "Email", LK_OPERATOR_ENDS_WITH, ".test", "Email Like '%.test'" },
  { "Email", LK_OPERATOR_IS, "' Or 1=1 --", "Email = ''' Or 1=1 --'" },
  { "Email", LK_OPERATOR_IS_NOT, "a", "(Email <> 'a' Or Email Is Null)" },
  { "Email", LK_OPERATOR_EMPTY, "", "(Email Is Null Or Email = '')" },
  { "Email", LK_OPERATOR_NOT_EMPTY, "", "Email <> ''" },
  { "NumLicenses", LK_OPERATOR_AT_LEAST, " 5 ", "NumLicenses >= 5" },
  { "NumLicenses", LK_OPERATOR_IS, "five", NULL },
  { "NumLicenses", LK_OPERATOR_IS, "5; Drop Table licenses", NULL },
  { "Disabled", LK_OPERATOR_YES, "", "Disabled = 1" },
  { "Disabled", LK_OPERATOR_NO, "", "(Disabled = 0 Or Disabled Is Null)" },
  { "OrderDate", LK_OPERATOR_ON, "2026-1-31",
    "(OrderDate >= '2026-01-31 00:00:00' And OrderDate <= '2026-01-31 23:59:59')" },
  { "OrderDate", LK_OPERATOR_BEFORE, "2024-02-29", "OrderDate < '2024-02-29 00:00:00'" },
  { "OrderDate", LK_OPERATOR_AFTER, "2024-02-29", "OrderDate > '2024-02-29 23:59:59'" },
  { "OrderDate", LK_OPERATOR_ON, "2026-02-30", NULL },
  { "OrderDate", LK_OPERATOR_ON, "31.01.2026", NULL },
  { "OrderDate", LK_OPERATOR_NEXT_DAYS, "30",
    "(OrderDate > [yesterday_end] And OrderDate <= [today_end+30])" },
  { "OrderDate", LK_OPERATOR_LAST_DAYS, "7",
    "(OrderDate > [yesterday_end-7] And OrderDate <= [today_end])" },
  { "OrderDate", LK_OPERATOR_NEXT_DAYS, "-1", NULL },
  { "OrderDate", LK_OPERATOR_EMPTY, "", "OrderDate Is Null" },
};

static void
assert_valid (const char *text)
{
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 1, 31, 12, 0, 0);
  g_autoptr (LkMacroContext) context = lk_macro_context_new (now, NULL);
  g_autoptr (LkClause) clause = lk_clause_new (text, -1, context);
  g_autoptr (GError) error = NULL;

  lk_clause_check (clause, &error);
  g_assert_no_error (error);
}

static void
test_format (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LkCondition) condition = lk_condition_new (lk_license_field_find (cases[i].column),
                                                            cases[i].op, cases[i].operand, FALSE);
      g_autoptr (GError) error = NULL;
      g_autofree char *text = lk_condition_format (condition, &error);

      g_assert_cmpstr (text, ==, cases[i].expected);
      if (cases[i].expected != NULL)
        assert_valid (text);
      else
        g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
    }
}

/* What every operator of every kind makes passes the check of searches. */
static void
test_every_operator (void)
{
  const char *const operands[] = { [LK_FIELD_TEXT] = "a",
                                   [LK_FIELD_INTEGER] = "1",
                                   [LK_FIELD_FLAG] = "",
                                   [LK_FIELD_DATE] = "2026-01-31" };

  for (gsize i = 0; i < lk_license_n_fields; i++)
    {
      const LkLicenseField *field = &lk_license_fields[i];
      gsize n_operators;
      const LkOperator *operators = lk_operators_for_kind (field->kind, &n_operators);

      for (gsize k = 0; field->column != NULL && k < n_operators; k++)
        {
          gboolean is_span =
              operators[k] == LK_OPERATOR_NEXT_DAYS || operators[k] == LK_OPERATOR_LAST_DAYS;
          g_autoptr (LkCondition) condition =
              lk_condition_new (field, operators[k], is_span ? "5" : operands[field->kind], FALSE);
          g_autofree char *text = lk_condition_format (condition, NULL);

          assert_valid (text);
        }
    }
}

static void
test_join (void)
{
  const char *const parts[] = { "A = 1 -- note", "", "B = 2", NULL };
  const char *const blank[] = { "", "", NULL };
  g_autofree char *joined = lk_condition_join (parts);
  g_autofree char *nothing = lk_condition_join (blank);

  g_assert_cmpstr (joined, ==, "(A = 1 -- note\n) And (B = 2\n)");
  g_assert_cmpstr (nothing, ==, "");
}

static void
test_list (void)
{
  g_autoptr (GPtrArray) conditions =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lk_condition_free);
  g_autofree char *none = lk_conditions_format (conditions, NULL);
  g_autofree char *text = NULL;

  g_assert_cmpstr (none, ==, "");
  g_ptr_array_add (
      conditions, lk_condition_new (lk_license_field_find ("City"), LK_OPERATOR_IS, "Bern", FALSE));
  g_ptr_array_add (conditions,
                   lk_condition_new (lk_license_field_find ("City"), LK_OPERATOR_IS, "Genf", TRUE));
  g_ptr_array_add (conditions, lk_condition_new (lk_license_field_find ("Disabled"),
                                                 LK_OPERATOR_YES, NULL, FALSE));
  text = lk_conditions_format (conditions, NULL);
  g_assert_cmpstr (text, ==, "City = 'Bern' Or City = 'Genf' And Disabled = 1");
  assert_valid (text);
}

static void
test_find (void)
{
  g_autofree char *nothing = lk_condition_format_find ("  ");
  g_autofree char *text = lk_condition_format_find ("ada  o'neil");

  g_assert_cmpstr (nothing, ==, "");
  g_assert_nonnull (strstr (text, "Email Like '%ada%'"));
  g_assert_nonnull (strstr (text, ") And ("));
  g_assert_nonnull (strstr (text, "Email Like '%o''neil%'"));
  assert_valid (text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/condition/format", test_format);
  g_test_add_func ("/condition/every-operator", test_every_operator);
  g_test_add_func ("/condition/join", test_join);
  g_test_add_func ("/condition/list", test_list);
  g_test_add_func ("/condition/find", test_find);

  return g_test_run ();
}
