/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/clause-private.h"

/* SQLite's own LIKE goes back at every %, so a pattern with many of them would take for ever; it
 * knows no sets; and it folds ASCII alone. */
#define MAX_PERCENTS      2
#define MAX_SIMPLE_LENGTH 200

static gboolean
is_simple (const char *pattern)
{
  guint n_percents = 0;

  if (strlen (pattern) > MAX_SIMPLE_LENGTH)
    return FALSE;

  for (; *pattern != '\0'; pattern++)
    {
      if ((guchar) *pattern >= 128 || *pattern == '[')
        return FALSE;
      n_percents += *pattern == '%' ? 1 : 0;
    }

  return n_percents <= MAX_PERCENTS;
}

/* [*] is a star in both dialects. */
static char *
convert_wildcards (const char *pattern)
{
  g_autoptr (GString) converted = g_string_new ("'");

  for (; *pattern != '\0'; pattern++)
    {
      if (*pattern == '\'')
        g_string_append_c (converted, '\'');
      g_string_append_c (converted, *pattern == '*' ? '%' : *pattern == '?' ? '_' : *pattern);
    }

  g_string_append_c (converted, '\'');
  return g_string_free (g_steal_pointer (&converted), FALSE);
}

/* Checks what is inside of a set; returns the bracket that ends it, or NULL. */
static const char *
check_set (LkClauseParser *self, const LkNode *node, const char *set)
{
  const char *end = strchr (set, ']');

  if (end == NULL)
    lk_clause_error (self, node->start, node->end,
                     _ ("“[” begins a set in a pattern, and “]” is missing; write [[] for the "
                        "bracket itself"));
  else if (set[0] == '!')
    lk_clause_error (self, node->start, node->end, _ ("write [^…] for “none of these characters”"));
  else
    return end;

  return NULL;
}

/* Access's wildcards mean themselves in SQL Server: which was meant cannot be known. */
static gboolean
check_pattern (LkClauseParser *self, const LkNode *node, gunichar escape)
{
  for (const char *cursor = node->value.text; *cursor != '\0'; cursor = g_utf8_next_char (cursor))
    {
      if (escape != 0 && g_utf8_get_char (cursor) == escape)
        {
          cursor = g_utf8_next_char (cursor);
          if (*cursor == '\0')
            {
              lk_clause_error (self, node->start, node->end,
                               _ ("the pattern ends with its escape character; remove it"));
              return FALSE;
            }
          continue;
        }

      if (*cursor == '[')
        {
          cursor = check_set (self, node, cursor + 1);
          if (cursor == NULL)
            return FALSE;
        }
      else if (*cursor == '*' || *cursor == '?')
        {
          lk_clause_add_problem (self, LK_SEVERITY_ERROR, node->start, node->end,
                                 /* xgettext:no-c-format */
                                 g_strdup (_ ("the wildcards are % and _ (Access: * and ?); write "
                                              "[*] or [?] for the character itself")),
                                 convert_wildcards (node->value.text));
          return FALSE;
        }
      else if (*cursor == '#')
        lk_clause_warn (self, node->start, node->end,
                        _ ("“#” stands for itself; write [0-9] for a digit"));
    }

  return TRUE;
}

/* The escape character: NULL node, or one character. */
static gboolean
read_escape (LkClauseParser *self, const LkNode *node, gunichar *escape)
{
  *escape = 0;
  if (node == NULL)
    return TRUE;

  if (node->is_constant && node->type == LK_TYPE_TEXT && g_utf8_strlen (node->value.text, -1) == 1)
    {
      *escape = g_utf8_get_char (node->value.text);
      return TRUE;
    }

  if (node->type != LK_TYPE_ERROR)
    lk_clause_error (self, node->start, node->end,
                     _ ("ESCAPE takes one character between quotes, such as '\\'"));
  return FALSE;
}

static LkNode *
refuse_date (LkClauseParser *self, const LkNode *value)
{
  lk_clause_error (self, value->start, value->end,
                   _ ("a date is no text, LIKE would compare with “Jan  1 2026 12:00AM”; write "
                      "YEAR (…) = 2026, or BETWEEN with two dates"));
  return lk_clause_error_node (self, value->start, value->end);
}

/* value LIKE pattern ESCAPE escape; escape may be NULL. */
LkNode *
lk_clause_build_like (LkClauseParser *self, LkNode *value, LkNode *pattern, LkNode *escape)
{
  g_autofree char *escape_text = NULL;
  gunichar escape_character;
  gsize end = escape != NULL ? escape->end : pattern->end;

  value = lk_node_as_value (self, value);
  pattern = lk_node_as_value (self, pattern);
  if (!read_escape (self, escape, &escape_character))
    return lk_clause_error_node (self, value->start, end);
  if (value->type == LK_TYPE_DATE || pattern->type == LK_TYPE_DATE)
    return refuse_date (self, value->type == LK_TYPE_DATE ? value : pattern);

  value = lk_node_coerce_argument (self, value, LK_TYPE_TEXT);
  pattern = lk_node_coerce_argument (self, pattern, LK_TYPE_TEXT);
  if (pattern->is_constant && pattern->type == LK_TYPE_TEXT)
    {
      if (!check_pattern (self, pattern, escape_character))
        return lk_clause_error_node (self, value->start, end);
      if (escape == NULL && is_simple (pattern->value.text))
        return lk_node_new (self, LK_TYPE_CONDITION, value->start, end, "(%1 LIKE %2)", value,
                            pattern, NULL);
    }

  escape_text = escape != NULL ? g_strdup (escape->value.text) : g_strdup ("");
  return lk_node_new (self, LK_TYPE_CONDITION, value->start, end, "lk_like (%1, %2, %3)", value,
                      pattern, lk_node_new_text (self, end, end, LK_TYPE_TEXT, escape_text), NULL);
}
