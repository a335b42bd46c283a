/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clause.h"
#include "core/license-field.h"
#include "core/sql-function.h"

G_BEGIN_DECLS

/*
 * The pipeline:
 *
 *   text -> tokens -> tree of typed nodes -> SQL + parameters
 *   clause-token      clause-parse*           clause-emit
 *                     clause-name, -type, -value, -predicate, -function, -convert, -query
 *
 * Nothing of the text reaches the SQL except through a parameter: names come from lk_license_fields
 * and the rest from templates in these files.
 *
 * A function that returns a node returns NULL after a mistake in the grammar, where reading on
 * makes no sense, and a node of LK_TYPE_ERROR after any other one, so that several mistakes show
 * at once. Both have added a problem.
 */

#define LK_CLAUSE_MAX_PROBLEMS   20
#define LK_CLAUSE_MAX_PARAMETERS 30000 /* SQLite takes 32,766 */
#define LK_CLAUSE_MAX_CHAIN      100   /* operands of one sum or product */
#define LK_CLAUSE_MAX_QUERIES    8     /* sub-queries in one another */
#define LK_CLAUSE_VIEW           "qryLicenseInfo"

typedef enum
{
  LK_TOKEN_END,
  LK_TOKEN_WORD,          /* a name or keyword, as typed */
  LK_TOKEN_BRACKET,       /* [..]: what stands between */
  LK_TOKEN_DOUBLE_QUOTED, /* ".."; a column if it names one, else text */
  LK_TOKEN_TEXT,
  LK_TOKEN_INTEGER,
  LK_TOKEN_REAL,
  LK_TOKEN_DATE, /* #..#: what stands between */
  LK_TOKEN_SIGN,
} LkTokenKind;

typedef struct
{
  LkTokenKind kind;
  gsize start;
  gsize end;
  const char *text;
} LkToken;

typedef enum
{
  LK_TYPE_ERROR,
  LK_TYPE_NULL,
  LK_TYPE_TEXT,
  LK_TYPE_FLAG,
  LK_TYPE_INTEGER,
  LK_TYPE_REAL,
  LK_TYPE_DATE, /* text of the form lk_sql_time_format() writes */
  LK_TYPE_CONDITION,
} LkType;

typedef enum
{
  LK_ORIGIN_COMPUTED,
  LK_ORIGIN_LITERAL,
  LK_ORIGIN_MACRO_START,
  LK_ORIGIN_MACRO_END,
  LK_ORIGIN_NOW,
  LK_ORIGIN_TRUE, /* the words True and False */
} LkOrigin;

typedef struct _LkScope LkScope;
typedef struct _LkNode LkNode;

/* A table in reach: the view itself or that of a sub-query. */
struct _LkScope
{
  LkScope *outer;
  const char *name;   /* as the search calls it */
  guint number;       /* 0 for the search itself, else the sub-query is called "sN" */
  gboolean in_values; /* aggregates are allowed here */
  gboolean in_aggregate;
  gboolean aggregates; /* there is one */
  GPtrArray
      *plain_columns; /* LkNode: columns outside of aggregates, where aggregates are allowed */
};

/* One side of a comparison of a column with a constant. */
typedef struct
{
  const LkNode *constant; /* NULL: open */
  gboolean inclusive;
} LkBound;

/*
 * A value or a condition. Three kinds: a constant (is_constant), a column (field), or a template
 * with children. In a template, %1 to %9 stand for a child, "%," for the next one in turn, "%*" for
 * all and "%r" for all but the first, with commas, "%&" for all with blanks, "%A" and "%O" for all
 * with AND and OR between them, "%C" for all with ||.
 */
struct _LkNode
{
  LkType type;
  gsize start;
  gsize end;

  gboolean is_constant;
  LkValue value;
  LkOrigin origin;
  gboolean date_only; /* a date literal without a time of day */

  const LkLicenseField *field;
  guint scope_number; /* LkScope.number of the table that the column belongs to */
  gboolean qualified;

  const char *template;
  const char *display; /* NULL: as template */
  GPtrArray *children;

  /* of a comparison of a column with constants, for the warnings */
  const LkLicenseField *bounded;
  LkBound lower;
  LkBound upper;
};

typedef struct
{
  const char *text;
  gsize length;
  const LkMacroContext *context;

  GStringChunk *strings;
  GArray *tokens; /* LkToken, the last one is LK_TOKEN_END */
  guint position;
  GPtrArray *nodes; /* LkNode, owned */
  GPtrArray *problems;
  GPtrArray *models; /* LkNode: constants that LicenseModel is compared with */
  GArray *windows;   /* LkClauseWindow */
  GArray *parts;     /* LkClausePart: what the AND that was read last joins */

  LkScope *scope;
  guint n_scopes;
  guint n_queries;
  guint depth;
  guint negations;
} LkClauseParser;

/* clause-problem.c */
void lk_clause_compute_place (const LkClauseParser *self, gsize offset, guint *line, guint *column);
void lk_clause_add_problem (LkClauseParser *self, LkSeverity severity, gsize start, gsize end,
                            char *message, char *replacement);
#define lk_clause_error(self, start, end, ...)                                                     \
  lk_clause_add_problem ((self), LK_SEVERITY_ERROR, (start), (end), g_strdup_printf (__VA_ARGS__), \
                         NULL)
#define lk_clause_warn(self, start, end, ...)                                                      \
  lk_clause_add_problem ((self), LK_SEVERITY_WARNING, (start), (end),                              \
                         g_strdup_printf (__VA_ARGS__), NULL)
LkNode *lk_clause_error_node (LkClauseParser *self, gsize start, gsize end);
char *lk_clause_copy_text (LkClauseParser *self, gsize start, gsize end);

/* clause-token.c */
gboolean lk_clause_tokenize (LkClauseParser *self);

/* clause-name.c */
const char *lk_name_suggest (const char *word, const char *const *candidates);
const char *lk_clause_suggest_column (const char *word);
const char *lk_clause_suggest_bracket (const char *word);
const char *lk_clause_explain_word (const char *word);
gboolean lk_clause_is_keyword (const char *word);

/* clause-parse.c: moving through the tokens */
const LkToken *lk_clause_peek (const LkClauseParser *self);
const LkToken *lk_clause_peek_ahead (const LkClauseParser *self, guint n);
const LkToken *lk_clause_take (LkClauseParser *self);
gboolean lk_token_is_word (const LkToken *token, const char *word);
gboolean lk_token_is_sign (const LkToken *token, const char *sign);
gboolean lk_clause_take_word (LkClauseParser *self, const char *word);
gboolean lk_clause_take_sign (LkClauseParser *self, const char *sign);
gboolean lk_clause_expect_sign (LkClauseParser *self, const char *sign);
gboolean lk_clause_expect_word (LkClauseParser *self, const char *word);
LkNode *lk_clause_fail_unexpected (LkClauseParser *self, const char *expected);
gboolean lk_clause_enter (LkClauseParser *self);
void lk_clause_leave (LkClauseParser *self);
LkNode *lk_clause_parse_expression (LkClauseParser *self);
LkNode *lk_clause_parse_condition (LkClauseParser *self);
LkNode *lk_clause_parse_value (LkClauseParser *self);

/* clause-parse-value.c */
LkNode *lk_clause_parse_sum (LkClauseParser *self);
LkNode *lk_clause_parse_call (LkClauseParser *self);

LkNode *lk_clause_parse_text (LkClauseParser *self, const LkToken *token);

/* clause-parse-name.c */
gboolean lk_token_is_name (const LkToken *token);
LkNode *lk_clause_new_column (LkClauseParser *self, gsize start, gsize end,
                              const LkLicenseField *field, LkScope *scope);
LkNode *lk_clause_refuse_name (LkClauseParser *self, const LkToken *token);
LkNode *lk_clause_parse_qualified (LkClauseParser *self);
LkNode *lk_clause_parse_bracket (LkClauseParser *self, const LkToken *token);
LkNode *lk_clause_parse_double_quoted (LkClauseParser *self, const LkToken *token);

/* clause-node.c */
LkNode *lk_node_new (LkClauseParser *self, LkType type, gsize start, gsize end,
                     const char *template, ...) G_GNUC_NULL_TERMINATED;
LkNode *lk_node_new_list (LkClauseParser *self, LkType type, gsize start, gsize end,
                          const char *template, GPtrArray *children);
LkNode *lk_node_new_integer (LkClauseParser *self, gsize start, gsize end, gint64 integer);
LkNode *lk_node_new_real (LkClauseParser *self, gsize start, gsize end, double real);
LkNode *lk_node_new_text (LkClauseParser *self, gsize start, gsize end, LkType type,
                          const char *text);
LkNode *lk_node_new_null (LkClauseParser *self, gsize start, gsize end);
LkNode *lk_node_new_column (LkClauseParser *self, gsize start, gsize end,
                            const LkLicenseField *field, guint scope_number);
LkNode *lk_node_new_call (LkClauseParser *self, LkType type, gsize start, gsize end,
                          const char *function, GPtrArray *arguments);
LkNode *lk_node_new_call_va (LkClauseParser *self, LkType type, gsize start, gsize end,
                             const char *function, ...) G_GNUC_NULL_TERMINATED;
LkNode *lk_node_new_joined (LkClauseParser *self, gsize start, gsize end, const char *template,
                            GPtrArray *children);
void lk_node_free (LkNode *self);

/* clause-type.c */
gboolean lk_type_is_number (LkType type);
const char *lk_type_get_title (LkType type);
LkNode *lk_node_coerce (LkClauseParser *self, LkNode *node, LkType type);
LkNode *lk_node_coerce_argument (LkClauseParser *self, LkNode *node, LkType type);
LkNode *lk_node_as_condition (LkClauseParser *self, LkNode *node);
LkNode *lk_node_as_value (LkClauseParser *self, LkNode *node);
gboolean lk_node_unify (LkClauseParser *self, LkNode **a, LkNode **b);
LkType lk_node_unify_all (LkClauseParser *self, GPtrArray *nodes);

/* clause-arithmetic.c */
LkNode *lk_clause_build_operation (LkClauseParser *self, const LkToken *sign, LkNode *left,
                                   LkNode *right);
LkNode *lk_clause_build_negative (LkClauseParser *self, LkNode *operand, gsize start);

/* clause-predicate.c */
LkNode *lk_clause_parse_predicate (LkClauseParser *self);

/* clause-compare.c */
LkNode *lk_clause_build_comparison (LkClauseParser *self, const LkToken *sign, LkNode *left,
                                    LkNode *right);
LkNode *lk_clause_build_between (LkClauseParser *self, LkNode *value, LkNode *low, LkNode *high);
LkNode *lk_clause_build_in (LkClauseParser *self, LkNode *value, GPtrArray *list, gsize end,
                            gboolean negated);

/* clause-like.c */
LkNode *lk_clause_build_like (LkClauseParser *self, LkNode *value, LkNode *pattern, LkNode *escape);

/* clause-function.c */
LkNode *lk_clause_build_call (LkClauseParser *self, const LkToken *name, GPtrArray *arguments,
                              gsize end);
LkNode *lk_clause_refuse_function (LkClauseParser *self, const LkToken *name);
gboolean lk_clause_function_takes_part (const char *name);

/* clause-convert.c */
LkNode *lk_clause_parse_cast (LkClauseParser *self);
LkNode *lk_clause_parse_convert (LkClauseParser *self);

/* clause-query.c */
typedef enum
{
  LK_QUERY_EXISTS,
  LK_QUERY_IN,
  LK_QUERY_SCALAR,
} LkQueryUse;

LkNode *lk_clause_parse_query (LkClauseParser *self, LkQueryUse use);

/* clause-aggregate.c */
LkNode *lk_clause_parse_aggregate (LkClauseParser *self);
gboolean lk_clause_is_aggregate (const char *name);

/* clause-warning.c */
void lk_clause_warn_comparison (LkClauseParser *self, const LkToken *sign, LkNode *left,
                                LkNode *right, LkNode *comparison);
void lk_clause_warn_upper_bound (LkClauseParser *self, const LkNode *column,
                                 const LkNode *constant);
void lk_clause_note_model (LkClauseParser *self, const LkNode *column, LkNode *constant);
void lk_clause_warn_windows (LkClauseParser *self, GPtrArray *conditions);
void lk_clause_warn_models (LkClauseParser *self);

/* clause-emit.c */
gboolean lk_clause_emit (LkClauseParser *self, const LkNode *node, GString *sql, GString *display,
                         GPtrArray *parameters);

G_END_DECLS
