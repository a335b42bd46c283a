/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/clause-dialect.h"

#define FUNCTION LK_CLAUSE_WORD_FUNCTION
#define KEYWORD  LK_CLAUSE_WORD_KEYWORD

const LkClauseWord lk_clause_words[] = {
  { "AND", KEYWORD, "… AND …", N_ ("Both conditions hold") },
  { "OR", KEYWORD, "… OR …", N_ ("At least one condition holds") },
  { "NOT", KEYWORD, "NOT …", N_ ("The condition does not hold") },
  { "BETWEEN", KEYWORD, "… BETWEEN low AND high", N_ ("From low to high, both included") },
  { "CASE", KEYWORD, "CASE WHEN … THEN … ELSE … END",
    N_ ("The first value whose condition holds") },
  { "EXISTS", KEYWORD, "EXISTS (SELECT * FROM qryLicenseInfo AS q WHERE …)",
    N_ ("There is another license such that …") },
  { "IN", KEYWORD, "… IN (1, 2, 3)", N_ ("One of several values, or of a sub-query's") },
  { "IS NULL", KEYWORD, "… IS NULL", N_ ("There is no value") },
  { "LIKE", KEYWORD, "… LIKE 'a%'",
    /* xgettext:no-c-format */
    N_ ("Matches a pattern: % any text, _ one character, [a-c] one of these") },
  { "ABS", FUNCTION, "ABS (number)", N_ ("The number without its sign") },
  { "AVG", FUNCTION, "(SELECT AVG (column) FROM qryLicenseInfo)",
    N_ ("The average, in a sub-query") },
  { "CAST", FUNCTION, "CAST (value AS date)", N_ ("The value as another type") },
  { "CEILING", FUNCTION, "CEILING (number)", N_ ("The next larger whole number") },
  { "CHARINDEX", FUNCTION, "CHARINDEX (part, text)",
    N_ ("Where a part begins in a text, from 1; 0 if nowhere") },
  { "COALESCE", FUNCTION, "COALESCE (a, b, …)", N_ ("The first value that is not NULL") },
  { "CONCAT", FUNCTION, "CONCAT (a, b, …)", N_ ("The texts one behind the other") },
  { "CONVERT", FUNCTION, "CONVERT (date, value)", N_ ("The value as another type") },
  { "COUNT", FUNCTION, "(SELECT COUNT (*) FROM qryLicenseInfo AS q WHERE …)",
    N_ ("How many, in a sub-query") },
  { "CURRENT_TIMESTAMP", FUNCTION, "CURRENT_TIMESTAMP", N_ ("Now") },
  { "DATE", FUNCTION, "Date()", N_ ("Today at midnight (Access)") },
  { "DATEADD", FUNCTION, "DATEADD (day, number, date)", N_ ("So many days, months, … later") },
  { "DATEDIFF", FUNCTION, "DATEDIFF (day, from, to)",
    N_ ("How many days, months, … lie between two dates") },
  { "DATEFROMPARTS", FUNCTION, "DATEFROMPARTS (year, month, day)",
    N_ ("The date of these numbers") },
  { "DATEPART", FUNCTION, "DATEPART (weekday, date)", N_ ("A part of a date as a number") },
  { "DAY", FUNCTION, "DAY (date)", N_ ("The day of the month") },
  { "EOMONTH", FUNCTION, "EOMONTH (date)", N_ ("The last day of the month") },
  { "FLOOR", FUNCTION, "FLOOR (number)", N_ ("The next smaller whole number") },
  { "GETDATE", FUNCTION, "GETDATE ()", N_ ("Now") },
  { "GETUTCDATE", FUNCTION, "GETUTCDATE ()", N_ ("Now, in UTC") },
  { "HOUR", FUNCTION, "HOUR (date)", N_ ("The hour, 0 to 23") },
  { "IIF", FUNCTION, "IIF (condition, a, b)", N_ ("One of two values") },
  { "ISNULL", FUNCTION, "ISNULL (a, b)", N_ ("b where a is NULL, else a") },
  { "LEFT", FUNCTION, "LEFT (text, n)", N_ ("The first n characters") },
  { "LEN", FUNCTION, "LEN (text)", N_ ("The number of characters, blanks at the end not counted") },
  { "LOWER", FUNCTION, "LOWER (text)", N_ ("In small letters") },
  { "LTRIM", FUNCTION, "LTRIM (text)", N_ ("Without blanks at the start") },
  { "MAX", FUNCTION, "(SELECT MAX (column) FROM qryLicenseInfo)",
    N_ ("The largest, in a sub-query") },
  { "MIN", FUNCTION, "(SELECT MIN (column) FROM qryLicenseInfo)",
    N_ ("The smallest, in a sub-query") },
  { "MINUTE", FUNCTION, "MINUTE (date)", N_ ("The minute, 0 to 59") },
  { "MONTH", FUNCTION, "MONTH (date)", N_ ("The month, 1 to 12") },
  { "NOW", FUNCTION, "Now()", N_ ("Now (Access)") },
  { "NULLIF", FUNCTION, "NULLIF (a, b)", N_ ("NULL where both are equal, else a") },
  { "REPLACE", FUNCTION, "REPLACE (text, part, by)", N_ ("The text with each part replaced") },
  { "RIGHT", FUNCTION, "RIGHT (text, n)", N_ ("The last n characters") },
  { "ROUND", FUNCTION, "ROUND (number, digits)", N_ ("The number with so many digits") },
  { "RTRIM", FUNCTION, "RTRIM (text)", N_ ("Without blanks at the end") },
  { "SECOND", FUNCTION, "SECOND (date)", N_ ("The second, 0 to 59") },
  { "SUBSTRING", FUNCTION, "SUBSTRING (text, start, n)", N_ ("n characters, from start") },
  { "SUM", FUNCTION, "(SELECT SUM (column) FROM qryLicenseInfo)", N_ ("The sum, in a sub-query") },
  { "SYSDATETIME", FUNCTION, "SYSDATETIME ()", N_ ("Now") },
  { "TRIM", FUNCTION, "TRIM (text)", N_ ("Without blanks at both ends") },
  { "UPPER", FUNCTION, "UPPER (text)", N_ ("In capital letters") },
  { "YEAR", FUNCTION, "YEAR (date)", N_ ("The year") },
};

const gsize lk_clause_n_words = G_N_ELEMENTS (lk_clause_words);

/* Functions that exist elsewhere and are refused, with what to write instead. */
static const struct
{
  const char *name;
  const char *remedy;
} remedies[] = {
  { "CHAR", N_ ("write the character itself") },
  { "CHR", N_ ("write the character itself") },
  { "CINT", N_ ("write CAST (… AS int)") },
  { "CLNG", N_ ("write CAST (… AS int)") },
  { "CSTR", N_ ("write CAST (… AS varchar(20))") },
  { "DATENAME", N_ ("write DATEPART, which gives a number whatever the language") },
  { "DATESERIAL", N_ ("write DATEFROMPARTS (year, month, day)") },
  { "DATEVALUE", N_ ("write CAST (… AS date)") },
  { "DATETIME", N_ ("write CAST (… AS datetime)") },
  { "STRFTIME", N_ ("write DATEPART, or CONVERT (varchar(10), …, 120)") },
  { "FORMAT", N_ ("write CONVERT (varchar(10), …, 120) for a date") },
  { "INSTR", N_ ("write CHARINDEX (part, text)") },
  { "LENGTH", N_ ("write LEN") },
  { "SUBSTR", N_ ("write SUBSTRING (text, start, n)") },
  { "PARSE", N_ ("write CAST") },
  { "PATINDEX", N_ ("write LIKE, or CHARINDEX for a fixed part") },
  { "STR", N_ ("write CAST (… AS varchar(20))") },
  { "TRY_CAST", N_ ("it hides what cannot be converted; write CAST") },
  { "TRY_CONVERT", N_ ("it hides what cannot be converted; write CONVERT") },
  { "TRY_PARSE", N_ ("it hides what cannot be converted; write CAST") },
  { "VAL", N_ ("write CAST (… AS int)") },
};

/* Translated, or NULL. */
const char *
lk_dialect_get_remedy (const char *function)
{
  for (gsize i = 0; i < G_N_ELEMENTS (remedies); i++)
    {
      if (g_ascii_strcasecmp (remedies[i].name, function) == 0)
        return _ (remedies[i].remedy);
    }

  return NULL;
}
