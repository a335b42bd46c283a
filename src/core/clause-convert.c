/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/clause-private.h"
#include "core/date-literal.h"

#define DEFAULT_LENGTH 30 /* of varchar in CAST and CONVERT, where none is given */
#define INTEGER_LENGTH 11 /* the longest int as text */
#define NO_STYLE       -1

typedef enum
{
  TARGET_DATE,
  TARGET_DATETIME,
  TARGET_DATETIME2,
  TARGET_INTEGER,
  TARGET_FLAG,
  TARGET_REAL,
  TARGET_DECIMAL,
  TARGET_TEXT,
} TargetKind;

typedef struct
{
  TargetKind kind;
  gint64 length; /* of a text; G_MAXINT32 for "max" */
  gsize start;
  gsize end;
} Target;

static const struct
{
  const char *name;
  TargetKind kind;
} target_names[] = {
  { "date", TARGET_DATE },       { "datetime", TARGET_DATETIME }, { "datetime2", TARGET_DATETIME2 },
  { "int", TARGET_INTEGER },     { "integer", TARGET_INTEGER },   { "bigint", TARGET_INTEGER },
  { "bit", TARGET_FLAG },        { "float", TARGET_REAL },        { "decimal", TARGET_DECIMAL },
  { "numeric", TARGET_DECIMAL }, { "varchar", TARGET_TEXT },      { "nvarchar", TARGET_TEXT },
};

static gboolean
parse_length (LkClauseParser *self, Target *target)
{
  const LkToken *token = lk_clause_take (self);

  if (lk_token_is_word (token, "max"))
    {
      target->length = G_MAXINT32;
      return TRUE;
    }

  target->length = token->kind == LK_TOKEN_INTEGER ? g_ascii_strtoll (token->text, NULL, 10) : 0;
  if (target->length >= 1 && target->length <= 8000)
    return TRUE;

  lk_clause_error (self, token->start, token->end, _ ("a length from 1 to 8000 is needed here"));
  return FALSE;
}

/* `varchar (10)`, `decimal (10, 2)`, `datetime2 (0)` */
static gboolean
parse_size (LkClauseParser *self, Target *target)
{
  if (!lk_clause_take_sign (self, "("))
    return TRUE;

  if (target->kind == TARGET_TEXT)
    return parse_length (self, target) && lk_clause_expect_sign (self, ")");

  do
    {
      if (lk_clause_peek (self)->kind != LK_TOKEN_INTEGER)
        {
          lk_clause_fail_unexpected (self, _ ("a whole number"));
          return FALSE;
        }
      lk_clause_take (self);
    }
  while (lk_clause_take_sign (self, ","));

  return lk_clause_expect_sign (self, ")");
}

static gboolean
parse_target (LkClauseParser *self, Target *target)
{
  const LkToken *token = lk_clause_take (self);

  for (gsize i = 0; i < G_N_ELEMENTS (target_names); i++)
    {
      if (token->kind != LK_TOKEN_WORD && token->kind != LK_TOKEN_BRACKET)
        break;

      if (g_ascii_strcasecmp (token->text, target_names[i].name) == 0)
        {
          *target = (Target){ target_names[i].kind, DEFAULT_LENGTH, token->start, token->end };
          return parse_size (self, target);
        }
    }

  lk_clause_error (self, token->start, token->end,
                   _ ("this type is not supported; use date, datetime, int, bit, float or "
                      "varchar(n)"));
  return FALSE;
}

static LkNode *
refuse (LkClauseParser *self, const LkNode *value, const char *remedy)
{
  lk_clause_error (self, value->start, value->end, _ ("%s cannot be converted so; %s"),
                   lk_type_get_title (value->type), remedy);
  return lk_clause_error_node (self, value->start, value->end);
}

/* The styles under which SQL Server reads a text exactly as lk_date_literal_parse() does. */
static gboolean
is_plain_style (gint64 style)
{
  static const int styles[] = { NO_STYLE, 0, 20, 21, 23, 101, 110, 111, 112, 120, 121, 126 };

  for (gsize i = 0; i < G_N_ELEMENTS (styles); i++)
    {
      if (style == styles[i])
        return TRUE;
    }

  return FALSE;
}

/* Only datetime rounds 23:59:59.999 up to the next day. */
static gboolean
is_rounded_up (const LkNode *value, const Target *target)
{
  LkDateLiteral literal;

  return target->kind != TARGET_DATETIME && value->type == LK_TYPE_TEXT && value->is_constant
         && lk_date_literal_parse (&literal, value->value.text, NULL) && literal.rounded_up;
}

static LkNode *
to_date (LkClauseParser *self, LkNode *value, const Target *target, gint64 style)
{
  gsize start = value->start;
  gsize end = value->end;

  if (value->type == LK_TYPE_TEXT && !is_plain_style (style))
    return refuse (self, value, _ ("write the date as '2026-12-31', without a style"));
  if (is_rounded_up (value, target))
    return refuse (self, value, _ ("write .997, the last fraction that datetime knows"));

  if (value->type == LK_TYPE_TEXT && !value->is_constant)
    value = lk_node_new_call_va (self, LK_TYPE_DATE, start, end, "lk_to_date", value, NULL);
  else
    value = lk_node_coerce (self, value, LK_TYPE_DATE);

  if (target->kind != TARGET_DATE || value->type == LK_TYPE_ERROR)
    return value;

  return lk_node_new_call_va (self, LK_TYPE_DATE, start, end, "lk_day_start", value, NULL);
}

static LkNode *
to_integer (LkClauseParser *self, LkNode *value)
{
  switch (value->type)
    {
    case LK_TYPE_TEXT:
      return lk_node_new_call_va (self, LK_TYPE_INTEGER, value->start, value->end, "lk_to_integer",
                                  value, NULL);
    case LK_TYPE_REAL:
    case LK_TYPE_FLAG:
      return lk_node_new (self, LK_TYPE_INTEGER, value->start, value->end, "CAST (%1 AS INTEGER)",
                          value, NULL);
    case LK_TYPE_DATE:
      return refuse (self, value, _ ("write DATEDIFF (day, …, …)"));
    default:
      return value;
    }
}

static LkNode *
to_real (LkClauseParser *self, LkNode *value, const Target *target)
{
  if (value->type == LK_TYPE_DATE)
    return refuse (self, value, _ ("write DATEDIFF (day, …, …)"));
  if (target->kind == TARGET_DECIMAL && value->type != LK_TYPE_INTEGER
      && value->type != LK_TYPE_FLAG)
    return refuse (self, value, _ ("write float, or ROUND (…, 2) for so many digits"));

  if (value->type == LK_TYPE_TEXT)
    return lk_node_new_call_va (self, LK_TYPE_REAL, value->start, value->end, "lk_to_real", value,
                                NULL);

  return lk_node_new (self, LK_TYPE_REAL, value->start, value->end, "CAST (%1 AS REAL)", value,
                      NULL);
}

static LkNode *
to_flag (LkClauseParser *self, LkNode *value)
{
  if (value->is_constant && value->type == LK_TYPE_TEXT)
    return lk_node_coerce (self, value, LK_TYPE_FLAG);
  if (!lk_type_is_number (value->type))
    return refuse (self, value, _ ("compare it with = instead"));

  return lk_node_new (self, LK_TYPE_FLAG, value->start, value->end, "(%1 <> 0)", value, NULL);
}

static LkNode *
cut (LkClauseParser *self, LkNode *text, const Target *target)
{
  if (text->type == LK_TYPE_ERROR || target->length == G_MAXINT32)
    return text;

  return lk_node_new_call_va (self, LK_TYPE_TEXT, text->start, text->end, "lk_substring", text,
                              lk_node_new_integer (self, text->end, text->end, 1),
                              lk_node_new_integer (self, text->end, text->end, target->length),
                              NULL);
}

/* A style that is not known is refused now, not at the first row. */
static gboolean
check_style (LkClauseParser *self, const Target *target, gint64 style)
{
  const LkSqlFunction *function = lk_sql_function_find ("lk_date_text");
  LkValue arguments[] = { { .kind = LK_VALUE_TEXT, .text = "2026-12-31", .length = 10 },
                          { .kind = LK_VALUE_INTEGER, .integer = style } };
  g_auto (LkValue) result = { LK_VALUE_NULL };
  g_autoptr (GError) error = NULL;

  if (lk_sql_function_call (function, arguments, &result, &error))
    return TRUE;

  lk_clause_error (self, target->start, target->end, "%s", error->message);
  return FALSE;
}

static LkNode *
to_text (LkClauseParser *self, LkNode *value, const Target *target, gint64 style)
{
  if (value->type == LK_TYPE_DATE)
    {
      LkNode *style_node = lk_node_new_integer (self, target->start, target->end, style);

      if (style <= 0)
        return refuse (self, value,
                       _ ("write CONVERT (varchar(10), …, 120) for a text such as "
                          "2026-12-31"));
      if (!check_style (self, target, style))
        return lk_clause_error_node (self, value->start, value->end);
      return cut (self,
                  lk_node_new_call_va (self, LK_TYPE_TEXT, value->start, value->end, "lk_date_text",
                                       value, style_node, NULL),
                  target);
    }

  if (value->type == LK_TYPE_REAL)
    return refuse (self, value, _ ("compare the number itself"));
  if (value->type == LK_TYPE_TEXT)
    return cut (self, value, target);
  if (value->type == LK_TYPE_INTEGER && target->length < INTEGER_LENGTH)
    return refuse (self, value, _ ("use varchar(11) or longer, so that every number fits"));

  return lk_node_coerce_argument (self, value, LK_TYPE_TEXT);
}

static LkNode *
convert (LkClauseParser *self, LkNode *value, const Target *target, gint64 style)
{
  value = lk_node_as_value (self, value);
  if (value->type == LK_TYPE_ERROR || value->type == LK_TYPE_NULL)
    return value;

  switch (target->kind)
    {
    case TARGET_DATE:
    case TARGET_DATETIME:
    case TARGET_DATETIME2:
      return to_date (self, value, target, style);
    case TARGET_INTEGER:
      return to_integer (self, value);
    case TARGET_FLAG:
      return to_flag (self, value);
    case TARGET_REAL:
    case TARGET_DECIMAL:
      return to_real (self, value, target);
    case TARGET_TEXT:
    default:
      return to_text (self, value, target, style);
    }
}

/* The place of a conversion is the whole call, not its argument. */
static LkNode *
place (LkClauseParser *self, LkNode *node, gsize start)
{
  gsize end = g_array_index (self->tokens, LkToken, self->position - 1).end;

  if (node->field != NULL)
    return lk_node_new (self, node->type, start, end, "%1", node, NULL);

  node->start = start;
  node->end = end;
  return node;
}

/* Reads `CAST (value AS type)`. */
LkNode *
lk_clause_parse_cast (LkClauseParser *self)
{
  gsize start = lk_clause_peek (self)->start;
  LkNode *value;
  Target target;

  if (!lk_clause_enter (self))
    return NULL;
  self->position += 2;
  value = lk_clause_parse_value (self);
  lk_clause_leave (self);

  if (value == NULL || !lk_clause_expect_word (self, "AS") || !parse_target (self, &target)
      || !lk_clause_expect_sign (self, ")"))
    return NULL;

  return place (self, convert (self, value, &target, NO_STYLE), start);
}

static gboolean
parse_style (LkClauseParser *self, gint64 *style)
{
  const LkToken *token;

  *style = NO_STYLE;
  if (!lk_clause_take_sign (self, ","))
    return TRUE;

  token = lk_clause_take (self);
  if (token->kind == LK_TOKEN_INTEGER && strlen (token->text) <= 3)
    {
      *style = g_ascii_strtoll (token->text, NULL, 10);
      return TRUE;
    }

  lk_clause_error (self, token->start, token->end,
                   _ ("the style must be a number, such as 120 for 2026-12-31 23:59:59"));
  return FALSE;
}

/* Reads `CONVERT (type, value)` or `CONVERT (type, value, style)`. */
LkNode *
lk_clause_parse_convert (LkClauseParser *self)
{
  gsize start = lk_clause_peek (self)->start;
  LkNode *value = NULL;
  gint64 style;
  Target target;

  self->position += 2;
  if (!parse_target (self, &target) || !lk_clause_expect_sign (self, ","))
    return NULL;

  if (!lk_clause_enter (self))
    return NULL;
  value = lk_clause_parse_value (self);
  lk_clause_leave (self);

  if (value == NULL || !parse_style (self, &style) || !lk_clause_expect_sign (self, ")"))
    return NULL;

  return place (self, convert (self, value, &target, style), start);
}
