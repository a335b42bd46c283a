/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sql-function"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/sql-function-private.h"

static char *
change_case (const char *text, gunichar (*change) (gunichar c))
{
  g_autoptr (GString) changed = g_string_sized_new (strlen (text));

  for (const char *cursor = text; *cursor != '\0'; cursor = g_utf8_next_char (cursor))
    g_string_append_unichar (changed, change (g_utf8_get_char (cursor)));

  return g_string_free (g_steal_pointer (&changed), FALSE);
}

/* A whole number, kept small enough to calculate with. */
static gint64
whole (const LkValue *value)
{
  if (value->kind == LK_VALUE_REAL)
    return CLAMP (value->real, -1e12, 1e12);

  return CLAMP (value->integer, -G_GINT64_CONSTANT (1000000000000),
                G_GINT64_CONSTANT (1000000000000));
}

static gboolean
refuse_negative_length (GError **error)
{
  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("the length of a part of a text must not be negative"));
  return FALSE;
}

/**
 * lk_sql_like:
 * @arguments: text, pattern, escape character or ""
 * @result: 1 or 0
 * @error: unused
 */
gboolean
lk_sql_like (const LkValue *arguments, LkValue *result, GError **error)
{
  gunichar escape = arguments[2].length > 0 ? g_utf8_get_char (arguments[2].text) : 0;

  lk_value_set_integer (result, lk_text_like (arguments[0].text, arguments[0].length,
                                              arguments[1].text, arguments[1].length, escape));
  return TRUE;
}

/**
 * lk_sql_charindex:
 * @arguments: part, text, character to start at
 * @result: the character at which the part begins, from 1; 0 when it does not occur
 * @error: unused
 *
 * SQL Server's CHARINDEX; case is ignored, as its collation does.
 */
gboolean
lk_sql_charindex (const LkValue *arguments, LkValue *result, GError **error)
{
  const LkValue *text = &arguments[1];
  gint64 start = MAX (whole (&arguments[2]), 1);
  gint64 n_characters = g_utf8_strlen (text->text, text->length);
  const char *from;
  gssize found;

  lk_value_set_integer (result, 0);
  if (start > n_characters)
    return TRUE;

  from = g_utf8_offset_to_pointer (text->text, start - 1);
  found = lk_text_find (from, text->text + text->length - from, arguments[0].text,
                        arguments[0].length, NULL);
  if (found >= 0)
    result->integer = start + g_utf8_strlen (from, found);

  return TRUE;
}

/**
 * lk_sql_replace:
 * @arguments: text, part, replacement
 * @result: the text with each part replaced; case is ignored
 * @error: unused
 */
gboolean
lk_sql_replace (const LkValue *arguments, LkValue *result, GError **error)
{
  const char *cursor = arguments[0].text;
  const char *end = cursor + arguments[0].length;
  g_autoptr (GString) replaced = g_string_new (NULL);
  gssize found;
  gsize length;

  while (
      (found = lk_text_find (cursor, end - cursor, arguments[1].text, arguments[1].length, &length))
      >= 0)
    {
      g_string_append_len (replaced, cursor, found);
      g_string_append (replaced, arguments[2].text);
      cursor += found + length;
    }

  g_string_append (replaced, cursor);
  lk_value_take_text (result, g_string_free (g_steal_pointer (&replaced), FALSE));
  return TRUE;
}

/**
 * lk_sql_upper:
 * @arguments: text
 * @result: in capital letters
 * @error: unused
 */
gboolean
lk_sql_upper (const LkValue *arguments, LkValue *result, GError **error)
{
  lk_value_take_text (result, change_case (arguments[0].text, g_unichar_toupper));
  return TRUE;
}

/**
 * lk_sql_lower:
 * @arguments: text
 * @result: in small letters
 * @error: unused
 */
gboolean
lk_sql_lower (const LkValue *arguments, LkValue *result, GError **error)
{
  lk_value_take_text (result, change_case (arguments[0].text, g_unichar_tolower));
  return TRUE;
}

/**
 * lk_sql_substring:
 * @arguments: text, character to start at from 1, number of characters
 * @result: the part; a start before the text shortens it, as in SQL Server
 * @error: a negative number of characters
 */
gboolean
lk_sql_substring (const LkValue *arguments, LkValue *result, GError **error)
{
  gint64 n_characters = g_utf8_strlen (arguments[0].text, -1);
  gint64 start = whole (&arguments[1]);
  gint64 length = whole (&arguments[2]);
  gint64 from, to;

  if (length < 0)
    return refuse_negative_length (error);

  from = CLAMP (start - 1, 0, n_characters);
  to = CLAMP (start - 1 + length, from, n_characters);
  lk_value_take_text (result, g_utf8_substring (arguments[0].text, from, to));
  return TRUE;
}

/**
 * lk_sql_right:
 * @arguments: text, number of characters
 * @result: the last characters
 * @error: a negative number of characters
 */
gboolean
lk_sql_right (const LkValue *arguments, LkValue *result, GError **error)
{
  gint64 n_characters = g_utf8_strlen (arguments[0].text, -1);
  gint64 length = whole (&arguments[1]);

  if (length < 0)
    return refuse_negative_length (error);

  lk_value_take_text (
      result, g_utf8_substring (arguments[0].text, MAX (n_characters - length, 0), n_characters));
  return TRUE;
}
