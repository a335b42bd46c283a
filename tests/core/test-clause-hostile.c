/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <time.h>

#include "core/clause.h"
#include "core/error.h"

static LkMacroContext *
create_context (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, 10, 14, 30, 15);

  return lk_macro_context_new (now, NULL);
}

/* Refused, with a place inside of the text, and without SQL that somebody could run. */
static void
check_refused (const char *text, gssize length)
{
  g_autoptr (LkMacroContext) context = create_context ();
  g_autoptr (LkClause) clause = lk_clause_new (text, length, context);
  g_autoptr (GError) error = NULL;
  const LkProblem *problem;

  if (lk_clause_is_valid (clause))
    g_error ("accepted: %.200s as %.300s", text, lk_clause_get_sql (clause));

  g_assert_cmpstr (lk_clause_get_sql (clause), ==, "");
  g_assert_cmpstr (lk_clause_get_display_sql (clause), ==, "");
  g_assert_false (lk_clause_check (clause, &error));
  g_assert_error (error, LK_ERROR, LK_ERROR_CLAUSE);

  problem = lk_clause_get_problems (clause)->pdata[0];
  g_assert_cmpint (problem->severity, ==, LK_SEVERITY_ERROR);
  g_assert_cmpuint (problem->start, <=, problem->end);
  g_assert_cmpuint (problem->end, <=, length < 0 ? strlen (text) : (gsize) length);
  g_assert_cmpuint (problem->line, >=, 1);
  g_assert_cmpuint (problem->column, >=, 1);
  g_assert_true (g_utf8_validate (problem->message, -1, NULL));
  g_assert_cmpstr (problem->message, !=, "");
}

static void
test_statements (void)
{
  const char *const texts[] = {
    "",
    "   \n\t ",
    "1=1; DROP TABLE licenses",
    "1=1;",
    ";",
    "1=1) OR (1=1",
    "1=1)",
    "(1=1",
    "((1=1)",
    ")",
    "1=1 -- and more",
    "1=1 /* and more",
    "1=1 /* and */ AND 2=2",
    "*/ 1=1",
    "DROP TABLE licenses",
    "DELETE FROM licenses",
    "UPDATE licenses SET Disabled = 0",
    "INSERT INTO licenses VALUES (1)",
    "PRAGMA table_info(licenses)",
    "ATTACH DATABASE '/etc/passwd' AS x",
    "VACUUM INTO '/tmp/x'",
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT x FROM c",
    "SELECT * FROM qryLicenseInfo",
    "WHERE Email = 'x'",
    "Email = 'x' UNION SELECT 1",
    "Email = 'x' UNION ALL SELECT sql FROM sqlite_master",
    "Email = 'x' INTERSECT SELECT 1",
    "Email = 'x' ORDER BY Email",
    "Email = 'x' GROUP BY Email",
    "Email = 'x' LIMIT 1",
    "Email IN (WITH RECURSIVE c AS (SELECT 1) SELECT 1 FROM c)",
    "Email IN (SELECT sql FROM sqlite_master)",
    "Email IN (SELECT name FROM sqlite_schema)",
    "Email IN (SELECT name FROM pragma_table_info('licenses'))",
    "Email IN (SELECT Email FROM customers)",
    "Email IN (SELECT Email FROM main.qryLicenseInfo)",
    "Email IN (SELECT Email FROM qryLicenseInfo, qryLicenseInfo)",
    "Email IN (SELECT Email FROM qryLicenseInfo q JOIN qryLicenseInfo r ON 1=1)",
    "Email IN (SELECT Email FROM qryLicenseInfo UNION SELECT Email FROM qryLicenseInfo)",
    "Email IN (SELECT Email FROM (SELECT Email FROM qryLicenseInfo))",
    "Email IN (SELECT Email, FullName FROM qryLicenseInfo)",
    "Email IN (SELECT * FROM qryLicenseInfo)",
    "Email = (SELECT Email FROM qryLicenseInfo)",
    "Email = (SELECT Email FROM qryLicenseInfo GROUP BY Email)",
    "Email IN (SELECT Email FROM qryLicenseInfo ORDER BY Email)",
    "Email IN (SELECT MAX(Email), FullName FROM qryLicenseInfo)",
    "Email IN (SELECT FullName FROM qryLicenseInfo GROUP BY Email)",
    "Email IN (SELECT TOP 10 PERCENT Email FROM qryLicenseInfo)",
    "COUNT(*) > 1",
    "MAX(OrderDate) = OrderDate",
    "EXISTS (DELETE FROM qryLicenseInfo)",
    "load_extension('x.so') = 1",
    "randomblob(1000000000) = 1",
    "zeroblob(1000000000) = 1",
    "printf('%999999999d', 1) = 'x'",
    "readfile('/etc/passwd') = 'x'",
    "writefile('x', 'y') = 1",
    "sqlite_version() = 'x'",
    "lk_like('a', 'b', '') = 1",
    "OPENROWSET('x', 'y', 'z') = 1",
    "xp_cmdshell('dir') = 1",
    "Email = ?",
    "Email = ?1",
    "Email = :email",
    "Email = @email",
    "Email = $email",
    "Email = `x`",
    "Email GLOB 'x*'",
    "Email REGEXP 'x'",
    "Email MATCH 'x'",
    "Email == 'x'",
    "Email = 'x",
    "Email = \"x",
    "[Email = 'x'",
    "Email] = 'x'",
    "Email = ‘x'",
    "Email = 'x' 'y'",
    "Email = x'41'",
    "Email = {fn NOW()}",
    "Email || 'x' = 'y'",
    "rowid = 1",
    "oid = 1",
    "_rowid_ = 1",
    "main.qryLicenseInfo.Email = 'x'",
    "sqlite_master.sql = 'x'",
    "q.Email = 'x'",
    "Email = 'x' AND",
    "AND Email = 'x'",
    "Email",
    "Email =",
    "= 'x'",
    "Email = = 'x'",
    "Email = 'x' = 1",
    "(Email, FullName) = ('a', 'b')",
    "Email = ANY (SELECT Email FROM qryLicenseInfo)",
    "Email IN ()",
    "Email IN 'x'",
    "Email BETWEEN 'a'",
    "CASE WHEN 1=1 THEN 1",
    "CASE END = 1",
    "CAST(Email AS blob) = 1",
    "CAST(Email) = 1",
    "CAST(1 AS decimal(10",
    "0x1F = 1",
    "1e999 = 1",
    "99999999999999999999 = ProductID",
    "9223372036854775807 + 1 = ProductID",
    "ProductID = 1 / 0",
    "ProductID % 0 = 1",
    "DATEADD(year, 999999999, GETDATE()) > OrderDate",
    "OrderDate > [today_start+99999999999]",
    "OrderDate > [today_start; DROP TABLE x]",
    "OrderDate > '2026-02-30'",
    "OrderDate = '31/31/2026'",
    "Email \\ 2 = 1",
    "Email = 'x' ; -- ",
    "\xEF\xBC\x9B",
    "Email = N",
    "NOT",
    "NOT NOT",
    "ROW_NUMBER() OVER (ORDER BY Email) = 1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    check_refused (texts[i], -1);
}

static void
test_bytes (void)
{
  const struct
  {
    const char *text;
    gssize length;
  } rows[] = {
    { "Email = '\xff'", -1 },
    { "Email = '\xc3", -1 },
    { "\xc0\x80", -1 },
    { "Email = '\xed\xa0\x80'", -1 },
    { "Email = 'x'\0 OR 1=1", 19 },
    { "\0", 1 },
    { "1=1\0", 4 },
    { "Email = '\0'", 11 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    check_refused (rows[i].text, rows[i].length);
}

/* Refused, and soon: no time grows with the square of the text. */
static void
test_bombs (void)
{
  const struct
  {
    const char *repeated;
    const char *end;
  } rows[] = {
    { "(", "1=1" },
    { ")", "" },
    { "NOT ", "1=1" },
    { "- ", "1 = 1" },
    { "+ ", "1 = 1" },
    { "'", "" },
    { "''", "'" },
    { "\"", "" },
    { "[", "" },
    { "]", "" },
    { "#", "" },
    { "CASE ", "" },
    { "CASE WHEN ", "" },
    { "LEN(", "" },
    { "ISNULL(Email,", "" },
    { "(SELECT ", "" },
    { "EXISTS (SELECT 1 FROM qryLicenseInfo WHERE ", "" },
    { "EXISTS (SELECT (", "" },
    { "a.", "" },
    { "dbo.", "" },
    { "aaaaaaaa", "" },
    { "[today_start+", "" },
    { "9", "" },
    { "1+", "1 = 1" },
    { "1*", "1 = 1" },
    { "x=1 AND ", "x=1" },
    { "x(1)=1 OR ", "x(1)=1" },
    { "‘", "" },
    { "é", "" },
    { "\n", "" },
    { "OrderDate < 'x' AND ", "1=1" },
    { "CAST(", "" },
    { "COUNT(", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      clock_t started = clock (); /* of the processor: other tests run, too */

      while (text->len + strlen (rows[i].repeated) + strlen (rows[i].end) < LK_CLAUSE_MAX_BYTES)
        g_string_append (text, rows[i].repeated);
      g_string_append (text, rows[i].end);
      check_refused (text->str, text->len);
      g_assert_cmpint (clock () - started, <, 2 * CLOCKS_PER_SEC);
    }
}

static void
test_megabytes (void)
{
  g_autofree char *text = g_malloc (8 * 1024 * 1024);

  memset (text, 'x', 8 * 1024 * 1024);
  check_refused (text, 8 * 1024 * 1024);
  check_refused (text, LK_CLAUSE_MAX_BYTES + 1);
}

/* Random bytes: no crash, and always a verdict. */
static void
test_random_bytes (void)
{
  static const char bytes[] = "ae1'\"[]()=<>%_-+*/;,.# \n\\@\xc3\xa9\xe2\x80\x98\xff\0NOTINAD";
  g_autoptr (LkMacroContext) context = create_context ();
  g_autoptr (GRand) random = g_rand_new_with_seed (42);

  for (int i = 0; i < 20000; i++)
    {
      char text[40];
      int length = g_rand_int_range (random, 0, sizeof text);
      g_autoptr (LkClause) clause = NULL;

      for (int j = 0; j < length; j++)
        text[j] = bytes[g_rand_int_range (random, 0, sizeof bytes)];

      clause = lk_clause_new (text, length, context);
      g_assert_true (lk_clause_is_valid (clause) || lk_clause_get_problems (clause)->len > 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/clause-hostile/statements", test_statements);
  g_test_add_func ("/clause-hostile/bytes", test_bytes);
  g_test_add_func ("/clause-hostile/bombs", test_bombs);
  g_test_add_func ("/clause-hostile/megabytes", test_megabytes);
  g_test_add_func ("/clause-hostile/random-bytes", test_random_bytes);

  return g_test_run ();
}
