/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/sql-function.h"

/* Arguments as text; a number is one that begins with a digit or a minus and has no other dash. */
typedef struct
{
  const char *function;
  const char *arguments[3];
  const char *expected; /* "NULL", or NULL for a failure */
} Row;

/* What SQL Server answers, from its documentation. */
static const Row rows[] = {
  { "lk_dateadd", { "month", "1", "2026-01-31 10:00:00" }, "2026-02-28 10:00:00" },
  { "lk_dateadd", { "month", "-1", "2024-03-31 10:00:00" }, "2024-02-29 10:00:00" },
  { "lk_dateadd", { "year", "1", "2024-02-29 00:00:00" }, "2025-02-28 00:00:00" },
  { "lk_dateadd", { "quarter", "1", "2026-11-30 00:00:00" }, "2027-02-28 00:00:00" },
  { "lk_dateadd", { "week", "-1", "2026-01-01 00:00:00" }, "2025-12-25 00:00:00" },
  { "lk_dateadd", { "hour", "25", "2026-12-31 00:00:00" }, "2027-01-01 01:00:00" },
  { "lk_dateadd", { "millisecond", "-3", "2026-01-01 00:00:00" }, "2025-12-31 23:59:59.997" },
  { "lk_dateadd", { "millisecond", "-1", "2026-01-01 00:00:00" }, "2026-01-01 00:00:00" },
  { "lk_dateadd", { "day", "NULL", "2026-01-01 00:00:00" }, "NULL" },
  { "lk_dateadd", { "day", "99999999", "2026-01-01 00:00:00" }, NULL },
  { "lk_dateadd", { "day", "1", "soon" }, NULL },
  { "lk_datediff", { "day", "2026-01-01 23:59:59", "2026-01-02 00:00:00" }, "1" },
  { "lk_datediff", { "year", "2025-12-31 23:59:59", "2026-01-01 00:00:00" }, "1" },
  { "lk_datediff", { "month", "2026-03-31 00:00:00", "2026-02-01 00:00:00" }, "-1" },
  { "lk_datediff", { "week", "2026-11-07 00:00:00", "2026-11-08 00:00:00" }, "1" },
  { "lk_datediff", { "week", "2026-11-08 00:00:00", "2026-11-14 23:59:59" }, "0" },
  { "lk_datediff", { "hour", "2026-01-01 00:59:59", "2026-01-01 01:00:00" }, "1" },
  { "lk_datediff", { "quarter", "2026-03-31 00:00:00", "2026-04-01 00:00:00" }, "1" },
  { "lk_datepart", { "weekday", "2026-11-08 00:00:00" }, "1" },
  { "lk_datepart", { "week", "2026-01-01 00:00:00" }, "1" },
  { "lk_datepart", { "week", "2026-01-04 00:00:00" }, "2" },
  { "lk_datepart", { "iso_week", "2027-01-01 00:00:00" }, "53" },
  { "lk_datepart", { "dayofyear", "2024-12-31 00:00:00" }, "366" },
  { "lk_datepart", { "quarter", "2026-12-31 00:00:00" }, "4" },
  { "lk_day_start", { "2026-12-31 23:59:59" }, "2026-12-31 00:00:00" },
  { "lk_eomonth", { "2024-01-31 10:00:00", "1" }, "2024-02-29 00:00:00" },
  { "lk_date_from_parts", { "2026", "2", "28" }, "2026-02-28 00:00:00" },
  { "lk_date_from_parts", { "2026", "2", "29" }, NULL },
  { "lk_date_from_days", { "0" }, "1900-01-01 00:00:00" },
  { "lk_date_from_days", { "46334" }, "2026-11-10 00:00:00" },
  { "lk_date_text", { "2026-01-02 03:04:05", "120" }, "2026-01-02 03:04:05" },
  { "lk_date_text", { "2026-01-02 03:04:05", "101" }, "01/02/2026" },
  { "lk_date_text", { "2026-01-02 03:04:05", "103" }, "02/01/2026" },
  { "lk_date_text", { "2026-01-02 03:04:05", "104" }, "02.01.2026" },
  { "lk_date_text", { "2026-01-02 03:04:05", "112" }, "20260102" },
  { "lk_date_text", { "2026-01-02 03:04:05", "126" }, "2026-01-02T03:04:05" },
  { "lk_date_text", { "2026-01-02 03:04:05", "121" }, "2026-01-02 03:04:05.000" },
  { "lk_date_text", { "2026-01-02 03:04:05", "100" }, NULL },
  { "lk_to_date", { "Jan 5, 2026" }, "2026-01-05 00:00:00" },
  { "lk_to_date", { "soon" }, NULL },
  { "lk_charindex", { "B", "aéb", "1" }, "3" },
  { "lk_charindex", { "b", "abab", "3" }, "4" },
  { "lk_charindex", { "x", "abab", "9" }, "0" },
  { "lk_replace", { "ABAB", "b", "xy" }, "AxyAxy" },
  { "lk_replace", { "abc", "", "x" }, "abc" },
  { "lk_upper", { "éa" }, "ÉA" },
  { "lk_lower", { "ÉA" }, "éa" },
  { "lk_substring", { "héllo", "2", "3" }, "éll" },
  { "lk_substring", { "hello", "0", "3" }, "he" },
  { "lk_substring", { "hello", "-5", "3" }, "" },
  { "lk_substring", { "hello", "9", "3" }, "" },
  { "lk_substring", { "hello", "2", "-1" }, NULL },
  { "lk_right", { "héllo", "4" }, "éllo" },
  { "lk_right", { "héllo", "40" }, "héllo" },
  { "lk_right", { "héllo", "-4" }, NULL },
  { "lk_to_integer", { " +12 x" }, NULL },
  { "lk_to_integer", { " +12 " }, "12" },
  { "lk_to_integer", { "" }, "0" },
  { "lk_to_integer", { "12.5x" }, NULL },
  { "lk_to_integer", { "99999999999999999999x" }, NULL },
  { "lk_divide", { "7", "2" }, "3" },
  { "lk_divide", { "-7", "2" }, "-3" },
  { "lk_divide", { "7", "0" }, NULL },
  { "lk_divide", { "NULL", "0" }, "NULL" },
  { "lk_modulo", { "-7", "2" }, "-1" },
  { "lk_modulo", { "7", "-1" }, "0" },
  { "lk_modulo", { "7", "0" }, NULL },
  { "lk_round", { "15", "-1" }, "20" },
  { "lk_round", { "-15", "-1" }, "-20" },
  { "lk_round", { "14", "-1" }, "10" },
  { "lk_round", { "14", "2" }, "14" },
  { "lk_round", { "9223372036854775807", "-18" }, "9000000000000000000" },
  { "lk_floor", { "3" }, "3" },
  { "lk_decimal", { "9007199254740993" }, "9007199254740993" },
  { "lk_ceiling", { "-3" }, "-3" },
};

static gboolean
is_number (const char *text)
{
  gsize sign = *text == '-' ? 1 : 0;

  return text[sign] != '\0' && text[sign + strspn (text + sign, "0123456789")] == '\0';
}

static LkValue
to_value (const char *text)
{
  LkValue value = { LK_VALUE_NULL };

  if (text == NULL || g_str_equal (text, "NULL"))
    return value;
  if (is_number (text))
    lk_value_set_integer (&value, g_ascii_strtoll (text, NULL, 10));
  else
    {
      value.kind = LK_VALUE_TEXT;
      value.text = text;
      value.length = strlen (text);
    }

  return value;
}

static void
test_functions (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const LkSqlFunction *function = lk_sql_function_find (rows[i].function);
      LkValue arguments[3];
      g_auto (LkValue) result = { LK_VALUE_NULL };
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      g_test_message ("%s (%s, ...) = %s", rows[i].function, rows[i].arguments[0],
                      rows[i].expected);
      g_assert_nonnull (function);
      for (int j = 0; j < 3; j++)
        arguments[j] = to_value (rows[i].arguments[j]);

      if (!lk_sql_function_call (function, arguments, &result, &error))
        {
          g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
          g_assert_null (rows[i].expected);
          continue;
        }

      text = result.kind == LK_VALUE_INTEGER ? g_strdup_printf ("%" G_GINT64_FORMAT, result.integer)
             : result.kind == LK_VALUE_TEXT  ? g_strdup (result.text)
                                             : g_strdup ("NULL");
      g_assert_cmpstr (text, ==, rows[i].expected);
    }
}

/* The very same bits, not only nearly: `=` compares them. */
static void
test_decimal (void)
{
  const double numbers[][2] = {
    { 3 * 0.1, 0.3 }, { 7 * 0.07, 0.49 }, { 3 - 2.9, 0.1 }, { 0.1 + 0.2, 0.3 }, { 1e300, 1e300 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      LkValue argument = { LK_VALUE_NULL };
      LkValue result = { LK_VALUE_NULL };

      lk_value_set_real (&argument, numbers[i][0]);
      g_assert_true (
          lk_sql_function_call (lk_sql_function_find ("lk_decimal"), &argument, &result, NULL));
      g_assert_cmpint (memcmp (&result.real, &numbers[i][1], sizeof result.real), ==, 0);
    }
}

/* Text that another program wrote in another encoding. */
static void
test_invalid_text (void)
{
  const char bytes[] = "a\xff\xc3";
  LkValue arguments[] = { { .kind = LK_VALUE_TEXT, .text = bytes, .length = 3 } };
  g_auto (LkValue) result = { LK_VALUE_NULL };

  g_assert_true (
      lk_sql_function_call (lk_sql_function_find ("lk_upper"), arguments, &result, NULL));
  g_assert_true (g_utf8_validate (result.text, -1, NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sql-function/functions", test_functions);
  g_test_add_func ("/sql-function/decimal", test_decimal);
  g_test_add_func ("/sql-function/invalid-text", test_invalid_text);

  return g_test_run ();
}
