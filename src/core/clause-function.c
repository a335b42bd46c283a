/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/clause-dialect.h"
#include "core/clause-private.h"
#include "core/date-part.h"

/*
 * The functions of SQL Server and Access, each by the number of its arguments. How they become
 * SQLite's is told by `arguments`, one letter per argument of the target: T a text, I a whole
 * number, N a number, D a date, and P the name of a part of a date are the next argument as typed,
 * 0 and 1 that number, M "to the end", p the part in `part`.
 */
typedef LkNode *(*Build) (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments);

typedef struct
{
  const char *name;
  int min_arguments;
  int max_arguments;
  const char *arguments;
  LkType type;          /* LK_TYPE_NULL: that of the first argument */
  const char *function; /* one of lk_sql_functions, or NULL */
  const char *template; /* else this template, or NULL */
  Build build;          /* else this function */
  const char *part;
} Dialect;

static LkNode *build_case_if (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments);
static LkNode *build_coalesce (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments);
static LkNode *build_concat (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments);
static LkNode *build_isnull (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments);
static LkNode *build_now (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments);
static LkNode *build_nullif (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments);
static LkNode *build_today (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments);
static LkNode *build_utc_now (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments);

static const Dialect dialect[] = {
  { "ABS", 1, 1, "N", LK_TYPE_NULL, NULL, "abs (%1)" },
  { "CDATE", 1, 1, "D", LK_TYPE_DATE, NULL, "%1" },
  { "CEILING", 1, 1, "N", LK_TYPE_NULL, "lk_ceiling" },
  { "CHARINDEX", 2, 2, "TT1", LK_TYPE_INTEGER, "lk_charindex" },
  { "CHARINDEX", 3, 3, "TTI", LK_TYPE_INTEGER, "lk_charindex" },
  { "COALESCE", 2, 30, NULL, LK_TYPE_NULL, NULL, NULL, build_coalesce },
  { "CONCAT", 2, 30, NULL, LK_TYPE_TEXT, NULL, NULL, build_concat },
  { "CURRENT_TIMESTAMP", 0, 0, NULL, LK_TYPE_DATE, NULL, NULL, build_now },
  { "DATE", 0, 0, NULL, LK_TYPE_DATE, NULL, NULL, build_today },
  { "DATEADD", 3, 3, "PID", LK_TYPE_DATE, "lk_dateadd" },
  { "DATEDIFF", 3, 3, "PDD", LK_TYPE_INTEGER, "lk_datediff" },
  { "DATEFROMPARTS", 3, 3, "III", LK_TYPE_DATE, "lk_date_from_parts" },
  { "DATEPART", 2, 2, "PD", LK_TYPE_INTEGER, "lk_datepart" },
  { "DAY", 1, 1, "pD", LK_TYPE_INTEGER, "lk_datepart", NULL, NULL, "day" },
  { "EOMONTH", 1, 1, "D0", LK_TYPE_DATE, "lk_eomonth" },
  { "EOMONTH", 2, 2, "DI", LK_TYPE_DATE, "lk_eomonth" },
  { "FLOOR", 1, 1, "N", LK_TYPE_NULL, "lk_floor" },
  { "GETDATE", 0, 0, NULL, LK_TYPE_DATE, NULL, NULL, build_now },
  { "GETUTCDATE", 0, 0, NULL, LK_TYPE_DATE, NULL, NULL, build_utc_now },
  { "HOUR", 1, 1, "pD", LK_TYPE_INTEGER, "lk_datepart", NULL, NULL, "hour" },
  { "IIF", 3, 3, NULL, LK_TYPE_NULL, NULL, NULL, build_case_if },
  { "ISNULL", 1, 2, NULL, LK_TYPE_NULL, NULL, NULL, build_isnull },
  { "LCASE", 1, 1, "T", LK_TYPE_TEXT, "lk_lower" },
  { "LEFT", 2, 2, "T1I", LK_TYPE_TEXT, "lk_substring" },
  { "LEN", 1, 1, "T", LK_TYPE_INTEGER, NULL, "length (rtrim (%1, ' '))" },
  { "LOWER", 1, 1, "T", LK_TYPE_TEXT, "lk_lower" },
  { "LTRIM", 1, 1, "T", LK_TYPE_TEXT, NULL, "ltrim (%1, ' ')" },
  { "MID", 2, 2, "TIM", LK_TYPE_TEXT, "lk_substring" },
  { "MID", 3, 3, "TII", LK_TYPE_TEXT, "lk_substring" },
  { "MINUTE", 1, 1, "pD", LK_TYPE_INTEGER, "lk_datepart", NULL, NULL, "minute" },
  { "MONTH", 1, 1, "pD", LK_TYPE_INTEGER, "lk_datepart", NULL, NULL, "month" },
  { "NOW", 0, 0, NULL, LK_TYPE_DATE, NULL, NULL, build_now },
  { "NULLIF", 2, 2, NULL, LK_TYPE_NULL, NULL, NULL, build_nullif },
  { "NZ", 2, 2, NULL, LK_TYPE_NULL, NULL, NULL, build_isnull },
  { "REPLACE", 3, 3, "TTT", LK_TYPE_TEXT, "lk_replace" },
  { "RIGHT", 2, 2, "TI", LK_TYPE_TEXT, "lk_right" },
  { "ROUND", 2, 2, "NI", LK_TYPE_NULL, "lk_round" },
  { "RTRIM", 1, 1, "T", LK_TYPE_TEXT, NULL, "rtrim (%1, ' ')" },
  { "SECOND", 1, 1, "pD", LK_TYPE_INTEGER, "lk_datepart", NULL, NULL, "second" },
  { "SUBSTRING", 3, 3, "TII", LK_TYPE_TEXT, "lk_substring" },
  { "SYSDATETIME", 0, 0, NULL, LK_TYPE_DATE, NULL, NULL, build_now },
  { "SYSUTCDATETIME", 0, 0, NULL, LK_TYPE_DATE, NULL, NULL, build_utc_now },
  { "TRIM", 1, 1, "T", LK_TYPE_TEXT, NULL, "trim (%1, ' ')" },
  { "UCASE", 1, 1, "T", LK_TYPE_TEXT, "lk_upper" },
  { "UPPER", 1, 1, "T", LK_TYPE_TEXT, "lk_upper" },
  { "WEEKDAY", 1, 1, "pD", LK_TYPE_INTEGER, "lk_datepart", NULL, NULL, "weekday" },
  { "YEAR", 1, 1, "pD", LK_TYPE_INTEGER, "lk_datepart", NULL, NULL, "year" },
};

/* A clock reading that every part of one run shares. */
static LkNode *
new_now (LkClauseParser *self, gsize start, gsize end, GDateTime *now, gboolean midnight)
{
  g_autofree char *text = NULL;
  LkSqlTime time;
  LkNode *node;

  lk_sql_time_init_from_date_time (&time, now);
  if (midnight)
    lk_sql_time_init_date (&time, time.year, time.month, time.day);

  /* Kept to the millisecond: at 10:00:00.4 a stamp of 10:00:00 is already past. */
  time.millisecond = MIN (lk_sql_time_round_milliseconds (time.millisecond), 997);
  text = lk_sql_time_format (&time);
  node = lk_node_new_text (self, start, end, LK_TYPE_DATE, text);
  node->origin = LK_ORIGIN_NOW;

  return node;
}

static LkNode *
build_now (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments)
{
  return new_now (self, start, end, self->context->now, FALSE);
}

static LkNode *
build_today (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments)
{
  return new_now (self, start, end, self->context->now, TRUE);
}

static LkNode *
build_utc_now (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments)
{
  g_autoptr (GDateTime) utc = g_date_time_to_utc (self->context->now);

  return new_now (self, start, end, utc, FALSE);
}

static LkNode *
build_coalesce (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments)
{
  LkType type = lk_node_unify_all (self, arguments);

  return lk_node_new_list (self, type, start, end, "coalesce (%*)", g_ptr_array_ref (arguments));
}

/* ISNULL (a) is Access's condition; ISNULL (a, b) is of a's type, whatever b is. */
static LkNode *
build_isnull (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments)
{
  LkNode *value = lk_node_as_value (self, arguments->pdata[0]);
  LkNode *instead;

  if (arguments->len == 1)
    return lk_node_new (self, LK_TYPE_CONDITION, start, end, "(%1 IS NULL)", value, NULL);

  instead = lk_node_as_value (self, arguments->pdata[1]);
  if (value->type == LK_TYPE_FLAG)
    lk_node_unify (self, &value, &instead);
  else
    instead = lk_node_coerce (self, instead, value->type);

  return lk_node_new (self, value->type == LK_TYPE_NULL ? instead->type : value->type, start, end,
                      "coalesce (%1, %2)", value, instead, NULL);
}

static LkNode *
build_nullif (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments)
{
  LkNode *value = arguments->pdata[0];
  LkNode *other = arguments->pdata[1];

  if (!lk_node_unify (self, &value, &other))
    return lk_clause_error_node (self, start, end);

  return lk_node_new (self, value->type, start, end,
                      value->type == LK_TYPE_TEXT ? "nullif (%1 COLLATE LK_TEXT, %2)"
                                                  : "nullif (%1, %2)",
                      value, other, NULL);
}

static LkNode *
build_case_if (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments)
{
  LkNode *condition = lk_node_as_condition (self, arguments->pdata[0]);
  g_autoptr (GPtrArray) results = g_ptr_array_new ();
  LkType type;

  g_ptr_array_add (results, arguments->pdata[1]);
  g_ptr_array_add (results, arguments->pdata[2]);
  type = lk_node_unify_all (self, results);

  return lk_node_new (self, type, start, end, "CASE WHEN %1 THEN %2 ELSE %3 END", condition,
                      results->pdata[0], results->pdata[1], NULL);
}

/* CONCAT takes NULL for "". */
static LkNode *
build_concat (LkClauseParser *self, gsize start, gsize end, GPtrArray *arguments)
{
  GPtrArray *texts = g_ptr_array_new ();

  for (guint i = 0; i < arguments->len; i++)
    {
      LkNode *value = lk_node_as_value (self, arguments->pdata[i]);

      g_ptr_array_add (
          texts, lk_node_new (self, LK_TYPE_TEXT, value->start, value->end, "coalesce (%1, '')",
                              lk_node_coerce_argument (self, value, LK_TYPE_TEXT), NULL));
    }

  return lk_node_new_list (self, LK_TYPE_TEXT, start, end, "(%C)", texts);
}

static gboolean
check_part (LkClauseParser *self, const Dialect *entry, const LkNode *part)
{
  if (g_str_equal (entry->name, "DATEPART")
      || lk_date_part_can_be_counted (lk_date_part_find (part->value.text)))
    return TRUE;

  lk_clause_error (self, part->start, part->end, _ ("%s does not take this part; use week"),
                   entry->name);
  return FALSE;
}

static LkNode *
make_argument (LkClauseParser *self, const Dialect *entry, char letter, GPtrArray *arguments,
               guint *next, gsize end)
{
  LkNode *node;

  switch (letter)
    {
    case '0':
    case '1':
      return lk_node_new_integer (self, end, end, letter - '0');
    case 'M':
      return lk_node_new_integer (self, end, end, G_MAXINT32);
    case 'p':
      return lk_node_new_text (self, end, end, LK_TYPE_TEXT, entry->part);
    default:
      break;
    }

  node = lk_node_as_value (self, arguments->pdata[(*next)++]);
  switch (letter)
    {
    case 'T':
      return lk_node_coerce_argument (self, node, LK_TYPE_TEXT);
    case 'I':
      return lk_node_coerce_argument (self, node, LK_TYPE_INTEGER);
    case 'D':
      return lk_node_coerce_argument (self, node, LK_TYPE_DATE);
    case 'N':
      return lk_type_is_number (node->type) ? node : lk_node_coerce (self, node, LK_TYPE_REAL);
    default: /* P */
      return check_part (self, entry, node) ? node
                                            : lk_clause_error_node (self, node->start, node->end);
    }
}

static LkNode *
build_entry (LkClauseParser *self, const Dialect *entry, gsize start, gsize end,
             GPtrArray *arguments)
{
  GPtrArray *made;
  LkType type;
  guint next = 0;

  if (entry->build != NULL)
    return entry->build (self, start, end, arguments);

  made = g_ptr_array_new ();
  for (const char *letter = entry->arguments; *letter != '\0'; letter++)
    g_ptr_array_add (made, make_argument (self, entry, *letter, arguments, &next, end));

  type = entry->type != LK_TYPE_NULL ? entry->type : ((LkNode *) made->pdata[0])->type;
  if (type == LK_TYPE_FLAG)
    type = LK_TYPE_INTEGER;
  if (entry->function != NULL)
    return lk_node_new_call (self, type, start, end, entry->function, made);

  return lk_node_new_list (self, type, start, end, entry->template, made);
}

static void
refuse_unknown (LkClauseParser *self, const LkToken *name)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *nearest;

  for (gsize i = 0; i < G_N_ELEMENTS (dialect); i++)
    g_ptr_array_add (names, (gpointer) dialect[i].name);
  g_ptr_array_add (names, NULL);

  nearest = lk_name_suggest (name->text, (const char *const *) names->pdata);
  if (nearest == NULL)
    lk_clause_error (self, name->start, name->end,
                     _ ("there is no function %s; Ctrl+Space lists them"), name->text);
  else
    lk_clause_add_problem (
        self, LK_SEVERITY_ERROR, name->start, name->end,
        g_strdup_printf (_ ("there is no function %s; did you mean %s?"), name->text, nearest),
        g_strdup (nearest));
}

/* A function that exists elsewhere: says what to write instead. Its arguments are not looked at,
 * they may be in a grammar of their own. Returns NULL. */
LkNode *
lk_clause_refuse_function (LkClauseParser *self, const LkToken *name)
{
  lk_clause_error (self, name->start, name->end, _ ("the function %s is not supported; %s"),
                   name->text, lk_dialect_get_remedy (name->text));
  return NULL;
}

/* A call of a function by its name in SQL Server or Access. */
LkNode *
lk_clause_build_call (LkClauseParser *self, const LkToken *name, GPtrArray *arguments, gsize end)
{
  const Dialect *same_name = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (dialect); i++)
    {
      const Dialect *entry = &dialect[i];

      if (!lk_token_is_word (name, entry->name))
        continue;
      if ((int) arguments->len >= entry->min_arguments
          && (int) arguments->len <= entry->max_arguments)
        return build_entry (self, entry, name->start, end, arguments);
      same_name = entry;
    }

  if (same_name == NULL)
    refuse_unknown (self, name);
  else
    lk_clause_error (self, name->start, end, _ ("%s takes %d arguments, and here are %u"),
                     same_name->name, same_name->min_arguments, arguments->len);

  return lk_clause_error_node (self, name->start, end);
}

/* Whether the first argument is the name of a part of a date. */
gboolean
lk_clause_function_takes_part (const char *name)
{
  return g_ascii_strcasecmp (name, "DATEADD") == 0 || g_ascii_strcasecmp (name, "DATEDIFF") == 0
         || g_ascii_strcasecmp (name, "DATEPART") == 0;
}
