/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <time.h>

#include "core/clause-dialect.h"
#include "core/clause-task.h"
#include "core/clause.h"

static LkClause *
compile (const char *text)
{
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, 10, 14, 30, 15);
  g_autoptr (GDateTime) last_run = g_date_time_new_utc (2026, 11, 9, 8, 0, 0);
  g_autoptr (LkMacroContext) context = lk_macro_context_new (now, last_run);

  return lk_clause_new (text, -1, context);
}

static void
test_display (void)
{
  const struct
  {
    const char *text;
    const char *display;
  } rows[] = {
    { "SubscriptionExpiryDate > [today_start] And SubscriptionExpiryDate < [today_start+30]",
      "((\"SubscriptionExpiryDate\" > '2026-11-10 00:00:01') AND "
      "(\"SubscriptionExpiryDate\" < '2026-12-10 00:00:01'))" },
    { "orderdate > [Date]", "(\"OrderDate\" > '2026-11-09 08:00:00')" },
    { "subscriptionid = 'O''B'", "(\"ReceiptID\" = 'O''B' COLLATE LK_TEXT)" },
    { "NumLicenses > 1.5", "(\"NumLicenses\" > 1.5)" },
    { "OrderDate > GETDATE()", "(\"OrderDate\" > '2026-11-10 14:30:15')" },
    { "OrderDate = '2026-12-31 23:59:59.999'", "(\"OrderDate\" = '2027-01-01 00:00:00')" },
    { "OrderDate > DATEADD(month, 1, '2026-01-31')", "(\"OrderDate\" > '2026-02-28 00:00:00')" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkClause) clause = compile (rows[i].text);

      g_assert_cmpstr (lk_clause_get_display_sql (clause), ==, rows[i].display);
    }
}

static void
test_parameters (void)
{
  g_autoptr (LkClause) clause = compile ("NumLicenses > 1.5 AND ProductID = 7 AND Notes LIKE 'a%'");
  GPtrArray *parameters = lk_clause_get_parameters (clause);
  const LkParameter *real = parameters->pdata[0];
  const LkParameter *integer = parameters->pdata[1];
  const LkParameter *text = parameters->pdata[2];

  g_assert_cmpstr (lk_clause_get_sql (clause), ==,
                   "(((\"NumLicenses\" > ?1) AND (\"ProductID\" = ?2) AND (\"Notes\" LIKE ?3)))");
  g_assert_cmpuint (parameters->len, ==, 3);
  g_assert_cmpint (real->kind, ==, LK_PARAMETER_REAL);
  g_assert_cmpfloat_with_epsilon (real->real, 1.5, 1e-9);
  g_assert_cmpint (integer->kind, ==, LK_PARAMETER_INTEGER);
  g_assert_cmpint (integer->integer, ==, 7);
  g_assert_cmpint (text->kind, ==, LK_PARAMETER_TEXT);
  g_assert_cmpstr (text->text, ==, "a%");
}

typedef struct
{
  const char *text;
  LkSeverity severity;
  gsize start;
  gsize end;
  guint line;
  guint column;
  const char *contains;
  const char *replacement;
} Expected;

static const Expected expected[] = {
  /* names */
  { "Emial = 'x'", LK_SEVERITY_ERROR, 0, 5, 1, 1, "did you mean Email", "Email" },
  { "1=1\n AND Ciuntry = 'x'", LK_SEVERITY_ERROR, 9, 16, 2, 6, "did you mean Country", "Country" },
  { "FullName = 'é' AND Emial = 'x'", LK_SEVERITY_ERROR, 20, 25, 1, 20, "Email", "Email" },
  { "OrderDate > [today_strat+30]", LK_SEVERITY_ERROR, 12, 28, 1, 13, "today_start",
    "[today_start+30]" },
  { "OrderDate > [today_start+3D]", LK_SEVERITY_ERROR, 12, 28, 1, 13, "not a unit", NULL },
  { "[Enter a date] > OrderDate", LK_SEVERITY_ERROR, 0, 14, 1, 1, "no column or macro", NULL },
  { "Lenn(Email) = 3", LK_SEVERITY_ERROR, 0, 4, 1, 1, "did you mean LEN", "LEN" },
  { "INSTR(Email, '@') > 0", LK_SEVERITY_ERROR, 0, 5, 1, 1, "CHARINDEX", NULL },
  { "TRY_CONVERT(date, Notes) IS NULL", LK_SEVERITY_ERROR, 0, 11, 1, 1, "CONVERT", NULL },
  /* grammar */
  { "WHERE Email = 'x'", LK_SEVERITY_ERROR, 0, 5, 1, 1, "remove WHERE", "" },
  { "Email = 'x';", LK_SEVERITY_ERROR, 11, 12, 1, 12, "semicolon", "" },
  { "Email == 'x'", LK_SEVERITY_ERROR, 6, 8, 1, 7, "write one", "=" },
  { "OrderDate > [today_start] – 3", LK_SEVERITY_ERROR, 26, 29, 1, 27, "minus", "-" },
  { "(1=1", LK_SEVERITY_ERROR, 4, 4, 1, 5, "ends too early", NULL },
  { "LEN(Email, 2) = 1", LK_SEVERITY_ERROR, 0, 13, 1, 1, "takes 1 arguments", NULL },
  /* types */
  { "Zip = 5", LK_SEVERITY_ERROR, 6, 7, 1, 7, "'5'", "'5'" },
  { "ProductID = 'x'", LK_SEVERITY_ERROR, 12, 15, 1, 13, "not a number", NULL },
  { "OrderDate = 'soon'", LK_SEVERITY_ERROR, 12, 18, 1, 13, "not a date", NULL },
  { "OrderDate > '31/12/2026'", LK_SEVERITY_ERROR, 12, 24, 1, 13, "2026-12-31", NULL },
  { "OrderDate > '[today_start]'", LK_SEVERITY_ERROR, 12, 27, 1, 13, "without quotes",
    "[today_start]" },
  { "OrderDate LIKE '2026%'", LK_SEVERITY_ERROR, 0, 9, 1, 1, "YEAR", NULL },
  { "OrderDate - GETDATE() > 3", LK_SEVERITY_ERROR, 10, 11, 1, 11, "DATEDIFF", NULL },
  { "FullName + 5 = 'x'", LK_SEVERITY_ERROR, 9, 10, 1, 10, "CAST", NULL },
  { "Disabled = 2", LK_SEVERITY_ERROR, 11, 12, 1, 12, "1 for yes", NULL },
  { "Disabled = Yes", LK_SEVERITY_ERROR, 11, 14, 1, 12, "True and False", NULL },
  { "Disabled BETWEEN -1 AND 0", LK_SEVERITY_ERROR, 0, 25, 1, 1, "no order", NULL },
  { "Disabled + IncludeInMailList = -2", LK_SEVERITY_ERROR, 0, 8, 1, 1, "CAST", NULL },
  { "NumLicenses * Disabled > 1", LK_SEVERITY_ERROR, 14, 22, 1, 15, "CAST", NULL },
  { "-Disabled = 1", LK_SEVERITY_ERROR, 1, 9, 1, 2, "CAST", NULL },
  { "CASE Disabled WHEN 5 THEN 1 END = 1", LK_SEVERITY_ERROR, 19, 20, 1, 20, "1 for yes", NULL },
  { "NumLicenses = True", LK_SEVERITY_ERROR, 14, 18, 1, 15, "with a number", NULL },
  { "(SELECT MIN(Disabled) FROM qryLicenseInfo) = -1", LK_SEVERITY_ERROR, 12, 20, 1, 13, "CAST",
    NULL },
  { "'1' IN ('x', ProductID)", LK_SEVERITY_ERROR, 8, 11, 1, 9, "not a number", NULL },
  { "DateDiff(\"w\", OrderDate, Now()) = 1", LK_SEVERITY_ERROR, 9, 12, 1, 10, "'ww'", NULL },
  { "TRY_CAST(Zip AS int) = 5", LK_SEVERITY_ERROR, 0, 8, 1, 1, "write CAST", NULL },
  { "OrderDate < CAST('2026-12-31 23:59:59.999' AS date)", LK_SEVERITY_ERROR, 17, 42, 1, 18, ".997",
    NULL },
  { "OrderDate < CAST('2026-12-31 23:59:59.999' AS datetime2)", LK_SEVERITY_ERROR, 17, 42, 1, 18,
    ".997", NULL },
  { "ProductID", LK_SEVERITY_ERROR, 0, 9, 1, 1, "not a condition", NULL },
  { "FullName LIKE '*a?'", LK_SEVERITY_ERROR, 14, 19, 1, 15, "% and _", "'%a_'" },
  { "FullName LIKE '[a'", LK_SEVERITY_ERROR, 14, 18, 1, 15, "[[]", NULL },
  { "Email COLLATE Latin1_General_CS_AS = 'x'", LK_SEVERITY_ERROR, 14, 34, 1, 15, "CI_AS", NULL },
  { "CAST(OrderDate AS varchar(10)) = 'x'", LK_SEVERITY_ERROR, 5, 14, 1, 6, "120", NULL },
  { "CONVERT(varchar(30), OrderDate, 100) = 'x'", LK_SEVERITY_ERROR, 8, 15, 1, 9, "style 100",
    NULL },
  /* warnings */
  { "OrderDate < [today_end]", LK_SEVERITY_WARNING, 10, 11, 1, 11, "23:59:59", "<=" },
  { "[today_end] > OrderDate", LK_SEVERITY_WARNING, 12, 13, 1, 13, "23:59:59", ">=" },
  { "OrderDate > [today_start+5] AND OrderDate < [today_start]", LK_SEVERITY_WARNING, 0, 57, 1, 1,
    "reverse", NULL },
  { "OrderDate BETWEEN '2026-02-01' AND '2026-01-01 10:00'", LK_SEVERITY_WARNING, 0, 53, 1, 1,
    "reverse", NULL },
  { "OrderDate = '2026-11-10'", LK_SEVERITY_WARNING, 0, 24, 1, 1, "BETWEEN",
    "OrderDate BETWEEN '2026-11-10' AND '2026-11-10 23:59:59'" },
  { "OrderDate <= '2026-01-31'", LK_SEVERITY_WARNING, 13, 25, 1, 14, "midnight",
    "'2026-01-31 23:59:59'" },
  { "OrderDate BETWEEN '2026-01-01' AND '2026-01-31'", LK_SEVERITY_WARNING, 35, 47, 1, 36,
    "midnight", "'2026-01-31 23:59:59'" },
  { "OrderDate > '1/2/2026'", LK_SEVERITY_WARNING, 12, 22, 1, 13, "month/day/year",
    "'2026-01-02 00:00:00'" },
  { "LicenseModel = 'subscription'", LK_SEVERITY_WARNING, 15, 29, 1, 16, "subscription_floating",
    NULL },
  { "LicenseModel = 'subscripton'", LK_SEVERITY_WARNING, 15, 28, 1, 16, "did you mean",
    "'subscription'" },
  { "Email = NULL", LK_SEVERITY_WARNING, 6, 12, 1, 7, "IS NULL", "IS NULL" },
  { "Email <> NULL", LK_SEVERITY_WARNING, 6, 13, 1, 7, "IS NOT NULL", "IS NOT NULL" },
  { "ProductID NOT IN (1, NULL)", LK_SEVERITY_WARNING, 21, 25, 1, 22, "nothing at all", NULL },
  { "Email = \"State\"", LK_SEVERITY_WARNING, 8, 15, 1, 9, "column State", "[State]" },
  { "Email IN (SELECT TOP 1 Email FROM qryLicenseInfo)", LK_SEVERITY_WARNING, 9, 49, 1, 10,
    "ORDER BY", NULL },
  { "EXISTS (SELECT 1 FROM qryLicenseInfo q WHERE q.Email = Email)", LK_SEVERITY_WARNING, 45, 60, 1,
    46, "itself", NULL },
  { "OrderDate <= '2026-12-31 23:59:59.999'", LK_SEVERITY_WARNING, 13, 38, 1, 14,
    "2027-01-01 00:00:00", NULL },
  { "NumLicenses / 2 > 7", LK_SEVERITY_WARNING, 0, 15, 1, 1, "without a rest", NULL },
  { "ProductID & MajorVersion = 12", LK_SEVERITY_WARNING, 0, 24, 1, 1, "CONCAT", NULL },
  { "OrderDate > ''", LK_SEVERITY_WARNING, 12, 14, 1, 13, "1900", NULL },
  { "FullName LIKE 'C#%'", LK_SEVERITY_WARNING, 14, 19, 1, 15, "[0-9]", NULL },
};

static void
test_problems (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const Expected *row = &expected[i];
      g_autoptr (LkClause) clause = compile (row->text);
      GPtrArray *problems = lk_clause_get_problems (clause);
      const LkProblem *problem = problems->len > 0 ? problems->pdata[0] : NULL;

      g_assert_nonnull (problem);
      g_assert_cmpint (lk_clause_is_valid (clause), ==, row->severity == LK_SEVERITY_WARNING);
      g_assert_cmpint (problem->severity, ==, row->severity);
      g_assert_cmpuint (problem->start, ==, row->start);
      g_assert_cmpuint (problem->end, ==, row->end);
      g_assert_cmpuint (problem->line, ==, row->line);
      g_assert_cmpuint (problem->column, ==, row->column);
      g_assert_nonnull (strstr (problem->message, row->contains));
      g_assert_cmpstr (problem->replacement, ==, row->replacement);
    }
}

/* Putting the replacement in its place mends what was wrong. */
static void
test_replacements_mend (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const Expected *row = &expected[i];
      g_autoptr (GString) text = g_string_new (row->text);
      g_autoptr (LkClause) clause = NULL;
      GPtrArray *problems;

      if (row->replacement == NULL)
        continue;
      g_string_erase (text, row->start, row->end - row->start);
      g_string_insert (text, row->start, row->replacement);

      clause = compile (text->str);
      problems = lk_clause_get_problems (clause);
      g_assert_true (lk_clause_is_valid (clause));
      for (guint j = 0; j < problems->len; j++)
        g_assert_null (row->contains != NULL
                           ? strstr (((LkProblem *) problems->pdata[j])->message, row->contains)
                           : NULL);
    }
}

static void
test_no_problem (void)
{
  const char *const texts[] = {
    "SubscriptionExpiryDate > [today_start] And SubscriptionExpiryDate < [today_start+30]",
    "SubscriptionExpiryDate BETWEEN [today_start] AND [today_end]",
    "LicenseModel IN ('subscription', 'subscription_floating', 'subscription_cloud')",
    "LicenseModel = 'trial' AND OrderStatus = 'in progress'",
    "OrderDate >= '2026-01-01' AND OrderDate < '2026-02-01'",
    "Email LIKE '%@example.com'",
    "OrderDate > '12/31/2026'",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (LkClause) clause = compile (texts[i]);

      g_assert_true (lk_clause_is_valid (clause));
      g_assert_cmpuint (lk_clause_get_problems (clause)->len, ==, 0);
    }
}

static void
test_several_errors_show_at_once (void)
{
  g_autoptr (LkClause) clause = compile ("Emial = 'x' AND Zip = 5 AND OrderDate > 'soon'");

  g_assert_cmpuint (lk_clause_get_problems (clause)->len, ==, 3);
}

static void
test_everything (void)
{
  g_autoptr (LkClause) clause = lk_clause_new_everything ();
  g_autoptr (LkClause) again = lk_clause_ref (clause);

  g_assert_true (lk_clause_is_valid (again));
  g_assert_cmpuint (lk_clause_get_parameters (again)->len, ==, 0);
  g_assert_cmpuint (lk_clause_get_windows (again)->len, ==, 0);
}

static void
test_task_warnings (void)
{
  const struct
  {
    const char *text;
    int every;
    LkRecurrenceUnit unit;
    LkPolicyKind policy;
    const char *contains;
  } rows[] = {
    { "ExpiryDate > [today_start] AND ExpiryDate < [today_start+30]", 1, LK_UNIT_DAY,
      LK_POLICY_EVERY_RUN, "30 runs" },
    { "ExpiryDate > [today_start] AND ExpiryDate < [today_start+30]", 1, LK_UNIT_DAY,
      LK_POLICY_ONCE, NULL },
    { "ExpiryDate > [today_start] AND ExpiryDate < [today_start+30]", 1, LK_UNIT_MONTH,
      LK_POLICY_EVERY_RUN, NULL },
    { "ExpiryDate BETWEEN [today_start+7] AND [today_end+7]", 1, LK_UNIT_DAY, LK_POLICY_EVERY_RUN,
      "no wider" },
    { "ExpiryDate BETWEEN [today_start+7] AND [today_end+7]", 1, LK_UNIT_DAY, LK_POLICY_ONCE,
      "no wider" },
    { "ExpiryDate BETWEEN [today_start] AND [today_start+6]", 1, LK_UNIT_WEEK, LK_POLICY_ONCE,
      "no wider" },
    { "[today_start] < ExpiryDate AND [today_start+1h] > ExpiryDate", 10, LK_UNIT_MINUTE,
      LK_POLICY_EVERY_RUN, "6 runs" },
    { "ExpiryDate > [today_start] AND OrderDate < [today_start+30]", 1, LK_UNIT_DAY,
      LK_POLICY_EVERY_RUN, NULL },
    { "Email = 'x'", 1, LK_UNIT_DAY, LK_POLICY_EVERY_RUN, NULL },
    { "NOT (ExpiryDate BETWEEN [today_start] AND [today_end])", 1, LK_UNIT_DAY, LK_POLICY_ONCE,
      NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkClause) clause = compile (rows[i].text);
      LkRecurrence recurrence = { .every = rows[i].every, .unit = rows[i].unit };
      g_autoptr (GPtrArray) warnings =
          lk_clause_get_task_warnings (clause, &recurrence, rows[i].policy);

      g_assert_cmpuint (warnings->len, ==, rows[i].contains != NULL ? 1 : 0);
      if (rows[i].contains != NULL)
        g_assert_nonnull (strstr (((LkProblem *) warnings->pdata[0])->message, rows[i].contains));
    }
}

/* What completion offers is known: a function with wrong arguments is not an unknown one. */
static void
test_words (void)
{
  for (gsize i = 0; i < lk_clause_n_words; i++)
    {
      const LkClauseWord *word = &lk_clause_words[i];
      g_autofree char *text = g_strdup_printf ("%s() = 1", word->name);
      g_autoptr (LkClause) clause = NULL;

      g_assert_cmpstr (word->summary, !=, "");
      if (word->kind != LK_CLAUSE_WORD_FUNCTION)
        continue;
      clause = compile (text);
      for (guint j = 0; j < lk_clause_get_problems (clause)->len; j++)
        {
          const LkProblem *problem = lk_clause_get_problems (clause)->pdata[j];

          g_assert_null (strstr (problem->message, "there is no"));
        }
    }
}

static void
test_speed (void)
{
  clock_t started = clock ();

  for (int i = 0; i < 200; i++)
    {
      g_autoptr (LkClause) clause =
          compile ("SubscriptionExpiryDate > [today_start] AND SubscriptionExpiryDate < "
                   "[today_start+30] AND Email LIKE '%@example.com' AND LicenseModel IN ('trial', "
                   "'permanent') AND DATEDIFF(day, OrderDate, GETDATE()) > 5");

      g_assert_true (lk_clause_is_valid (clause));
    }

  /* A tenth of this on the machine it was written on, sanitizers off. */
  g_assert_cmpint ((clock () - started) / 200, <, CLOCKS_PER_SEC / 200);
}

/* What AND joins to the whole search, with the parentheses around it, and nothing of an AND that
 * stands in something else. */
static void
test_parts (void)
{
  static const struct
  {
    const char *text;
    const char *parts; /* with "|" in between */
  } rows[] = {
    { "NumLicenses > 1", "" },
    { "NumLicenses > 1 And Country = 'AT'", "NumLicenses > 1|Country = 'AT'" },
    { "(NumLicenses > 1 And Country = 'AT')", "NumLicenses > 1|Country = 'AT'" },
    { "((NumLicenses > 1) Or Country = 'AT') And Not (Email = '' And Phone = '')",
      "((NumLicenses > 1) Or Country = 'AT')|Not (Email = '' And Phone = '')" },
    { "NumLicenses > 1 And Country = 'AT' Or Email = ''", "" },
    { "Not (NumLicenses > 1 And Country = 'AT')", "" },
    { "NumLicenses Between 1 And 5", "" },
    { "NumLicenses Between 1 And 5 And ReceiptID In (Select ReceiptID From qryLicenseInfo"
      " Where Email = '' And Phone = '')",
      "NumLicenses Between 1 And 5|ReceiptID In (Select ReceiptID From qryLicenseInfo"
      " Where Email = '' And Phone = '')" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LkClause) clause = compile (rows[i].text);
      const GArray *parts = lk_clause_get_parts (clause);
      g_autoptr (GString) text = g_string_new (NULL);

      g_assert_true (lk_clause_is_valid (clause));
      for (guint j = 0; j < parts->len; j++)
        {
          const LkClausePart *part = &g_array_index (parts, LkClausePart, j);

          g_string_append_printf (text, "%s%.*s", j > 0 ? "|" : "", (int) (part->end - part->start),
                                  rows[i].text + part->start);
        }
      g_assert_cmpstr (text->str, ==, rows[i].parts);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/clause/display", test_display);
  g_test_add_func ("/clause/parameters", test_parameters);
  g_test_add_func ("/clause/problems", test_problems);
  g_test_add_func ("/clause/replacements-mend", test_replacements_mend);
  g_test_add_func ("/clause/no-problem", test_no_problem);
  g_test_add_func ("/clause/several-errors-show-at-once", test_several_errors_show_at_once);
  g_test_add_func ("/clause/everything", test_everything);
  g_test_add_func ("/clause/task-warnings", test_task_warnings);
  g_test_add_func ("/clause/words", test_words);
  g_test_add_func ("/clause/parts", test_parts);
  g_test_add_func ("/clause/speed", test_speed);

  return g_test_run ();
}
