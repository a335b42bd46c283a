/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/clause-private.h"
#include "core/error.h"

struct _LkClause
{
  gatomicrefcount ref_count;
  GPtrArray *problems;   /* LkProblem */
  GPtrArray *parameters; /* LkParameter */
  char *sql;             /* NULL where there is an error */
  char *display_sql;
  GArray *windows; /* LkClauseWindow */
  GArray *parts;   /* LkClausePart */
};

static void
init_parser (LkClauseParser *parser, LkScope *scope, const char *text, gsize length,
             const LkMacroContext *context)
{
  *parser = (LkClauseParser){ .text = text, .length = length, .context = context };
  *scope = (LkScope){ .name = LK_CLAUSE_VIEW };

  parser->scope = scope;
  parser->strings = g_string_chunk_new (1024);
  parser->tokens = g_array_new (FALSE, FALSE, sizeof (LkToken));
  parser->nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_node_free);
  parser->problems = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_problem_free);
  parser->models = g_ptr_array_new ();
  parser->windows = g_array_new (FALSE, FALSE, sizeof (LkClauseWindow));
  parser->parts = g_array_new (FALSE, FALSE, sizeof (LkClausePart));
}

static void
clear_parser (LkClauseParser *parser)
{
  g_string_chunk_free (parser->strings);
  g_array_unref (parser->tokens);
  g_ptr_array_unref (parser->nodes);
  g_ptr_array_unref (parser->problems);
  g_ptr_array_unref (parser->models);
  g_array_unref (parser->windows);
  g_array_unref (parser->parts);
}

/* Reads the whole text as one condition; NULL or a problem if it is none. */
static LkNode *
parse (LkClauseParser *parser)
{
  LkNode *node;

  if (!lk_clause_tokenize (parser))
    return NULL;

  if (lk_clause_peek (parser)->kind == LK_TOKEN_END)
    {
      lk_clause_error (parser, 0, parser->length,
                       _ ("the search is empty; type a condition such as "
                          "SubscriptionExpiryDate < [today_start+30]"));
      return NULL;
    }

  node = lk_clause_parse_condition (parser);
  if (node != NULL && lk_clause_peek (parser)->kind != LK_TOKEN_END)
    return lk_clause_fail_unexpected (parser, _ ("AND, OR or the end of the search"));

  return node;
}

static gint
compare_problems (gconstpointer a, gconstpointer b)
{
  const LkProblem *first = *(const LkProblem *const *) a;
  const LkProblem *second = *(const LkProblem *const *) b;

  if (first->severity != second->severity)
    return (int) first->severity - (int) second->severity;

  return (first->start > second->start) - (first->start < second->start);
}

static gboolean
has_error (GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    {
      if (((LkProblem *) problems->pdata[i])->severity == LK_SEVERITY_ERROR)
        return TRUE;
    }

  return FALSE;
}

static void
compile (LkClause *self, LkClauseParser *parser)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (GString) display = g_string_new (NULL);
  LkNode *node = parse (parser);

  if (node == NULL || has_error (parser->problems))
    return;

  lk_clause_warn_models (parser);
  g_string_append_c (sql, '(');
  if (!lk_clause_emit (parser, node, sql, display, self->parameters))
    return;

  g_string_append_c (sql, ')');
  /* The outermost chain is read to its end last; under an OR it is none of the whole. */
  if (g_strcmp0 (node->template, "(%A)") != 0)
    g_array_set_size (parser->parts, 0);
  self->sql = g_string_free (g_steal_pointer (&sql), FALSE);
  self->display_sql = g_string_free (g_steal_pointer (&display), FALSE);
}

static LkClause *
allocate (void)
{
  LkClause *self = g_new0 (LkClause, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->parameters = g_ptr_array_new ();

  return self;
}

/**
 * lk_clause_new:
 * @text: (array length=length): a search as typed, any bytes
 * @length: its bytes; -1 if it ends with NUL
 * @context: what macros and GETDATE () mean
 *
 * Compiles a search. What is wrong with it is found in lk_clause_get_problems(). The same text and
 * context always give the same result. Thread: any.
 *
 * Returns: (transfer full): the clause, valid or not
 */
LkClause *
lk_clause_new (const char *text, gssize length, const LkMacroContext *context)
{
  LkClause *self;
  LkClauseParser parser;
  LkScope scope;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (context != NULL, NULL);

  self = allocate ();
  init_parser (&parser, &scope, text, length < 0 ? strlen (text) : (gsize) length, context);
  compile (self, &parser);
  g_ptr_array_sort (parser.problems, compare_problems);
  self->problems = g_ptr_array_ref (parser.problems);
  self->windows = g_array_ref (parser.windows);
  self->parts = g_array_ref (parser.parts);
  clear_parser (&parser);

  return self;
}

/**
 * lk_clause_new_everything:
 *
 * Thread: any.
 *
 * Returns: (transfer full): a valid clause that every license matches
 */
LkClause *
lk_clause_new_everything (void)
{
  LkClause *self = allocate ();

  self->problems = g_ptr_array_new ();
  self->windows = g_array_new (FALSE, FALSE, sizeof (LkClauseWindow));
  self->parts = g_array_new (FALSE, FALSE, sizeof (LkClausePart));
  self->sql = g_strdup ("1");
  self->display_sql = g_strdup ("1 = 1");

  return self;
}

/**
 * lk_clause_ref:
 * @self: a clause
 *
 * Thread: any.
 *
 * Returns: (transfer full): @self
 */
LkClause *
lk_clause_ref (LkClause *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * lk_clause_unref:
 * @self: (transfer full) (nullable): a clause
 *
 * Thread: any.
 */
void
lk_clause_unref (LkClause *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_ptr_array_unref (self->problems);
  g_ptr_array_unref (self->parameters);
  g_array_unref (self->windows);
  g_array_unref (self->parts);
  g_free (self->sql);
  g_free (self->display_sql);
  g_free (self);
}

/**
 * lk_clause_is_valid:
 * @self: a clause
 *
 * Returns: whether it can run; it may have warnings
 */
gboolean
lk_clause_is_valid (const LkClause *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->sql != NULL;
}

/**
 * lk_clause_check:
 * @self: a clause
 * @error: %LK_ERROR_CLAUSE with the place and the message of the first error
 *
 * Returns: whether it can run
 */
gboolean
lk_clause_check (const LkClause *self, GError **error)
{
  const LkProblem *problem;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->sql != NULL)
    return TRUE;

  problem = self->problems->pdata[0];
  g_set_error (error, LK_ERROR, LK_ERROR_CLAUSE, _ ("the search, line %u, column %u: %s"),
               problem->line, problem->column, problem->message);
  return FALSE;
}

/**
 * lk_clause_get_problems:
 * @self: a clause
 *
 * Returns: (transfer none) (element-type LkProblem): errors first, then warnings, each in the order
 *   of the text
 */
GPtrArray *
lk_clause_get_problems (const LkClause *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->problems;
}

/**
 * lk_clause_get_sql:
 * @self: a valid clause
 *
 * What stands behind `SELECT … FROM qryLicenseInfo WHERE`: one expression between parentheses in
 * which each literal is a parameter `?1`, `?2` … It calls lk_sql_functions and lk_sql_builtins,
 * names the collation %LK_TEXT_COLLATION, and its sub-queries refer to the outer table as
 * `"qryLicenseInfo"`, which must therefore have no other name.
 *
 * Returns: the SQL; "" for a clause that is not valid
 */
const char *
lk_clause_get_sql (const LkClause *self)
{
  g_return_val_if_fail (self != NULL, "");

  return self->sql != NULL ? self->sql : "";
}

/**
 * lk_clause_get_parameters:
 * @self: a clause
 *
 * Returns: (transfer none) (element-type LkParameter): what to bind, the first one as `?1`
 */
GPtrArray *
lk_clause_get_parameters (const LkClause *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->parameters;
}

/**
 * lk_clause_get_display_sql:
 * @self: a clause
 *
 * Returns: the SQL with its literals, for reading: what only serves an index is left out. "" for a
 *   clause that is not valid
 */
const char *
lk_clause_get_display_sql (const LkClause *self)
{
  g_return_val_if_fail (self != NULL, "");

  return self->display_sql != NULL ? self->display_sql : "";
}

/**
 * lk_clause_get_windows:
 * @self: a clause
 *
 * Returns: (transfer none) (element-type LkClauseWindow): the date windows that the search looks
 *   into, for lk_clause_get_task_warnings()
 */
const GArray *
lk_clause_get_windows (const LkClause *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->windows;
}

/**
 * lk_clause_get_parts:
 * @self: a valid clause
 *
 * Returns: (transfer none) (element-type LkClausePart): the conditions that AND joins to the whole
 *   one, in their order; empty where there is no such AND. Each of them is a search by itself
 */
const GArray *
lk_clause_get_parts (const LkClause *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->parts;
}
