/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/macro.h"

G_BEGIN_DECLS

/**
 * LkSeverity:
 * @LK_SEVERITY_ERROR: the text does not run
 * @LK_SEVERITY_WARNING: it runs, but probably does not do what its writer wants
 */
typedef enum
{
  LK_SEVERITY_ERROR,
  LK_SEVERITY_WARNING,
} LkSeverity;

/**
 * LkProblem:
 * @severity: error or warning
 * @start, @end: the place in the text as typed: byte offsets, @end behind the last byte
 * @line, @column: the same place for people: from 1, @column in characters
 * @message: what is wrong and what to do about it, translated
 * @replacement: (nullable): text that, put in the place of start to end, mends it ("did you mean")
 *
 * One thing to say about a search.
 */
typedef struct
{
  LkSeverity severity;
  gsize start;
  gsize end;
  guint line;
  guint column;
  char *message;
  char *replacement;
} LkProblem;

void lk_problem_free (LkProblem *self);

/**
 * LkClauseWindow:
 * @lower: its start in milliseconds on the wall clock since 1970
 * @upper: its end, likewise
 * @start, @end, @line, @column: its place, as in #LkProblem
 *
 * A window of dates that a search looks into: a date column with a constant lower and upper bound.
 */
typedef struct
{
  gint64 lower;
  gint64 upper;
  gsize start;
  gsize end;
  guint line;
  guint column;
} LkClauseWindow;

/**
 * LkClausePart:
 * @start, @end: its place, as in #LkProblem
 *
 * One of the conditions that AND joins to a search.
 */
typedef struct
{
  gsize start;
  gsize end;
} LkClausePart;

/**
 * LkParameterKind:
 *
 * What a parameter of the condition is bound as.
 */
typedef enum
{
  LK_PARAMETER_TEXT,
  LK_PARAMETER_INTEGER,
  LK_PARAMETER_REAL,
} LkParameterKind;

typedef struct
{
  LkParameterKind kind;
  char *text; /* of a LK_PARAMETER_TEXT, else NULL */
  gint64 integer;
  double real;
} LkParameter;

/**
 * LkClause:
 *
 * A condition that went through the whole pipeline: tokenise, expand macros, check names, rewrite
 * the dialect, bind literals. Immutable and reference-counted; any thread.
 */
typedef struct _LkClause LkClause;

#define LK_CLAUSE_MAX_BYTES (64 * 1024) /* a longer text is refused */
#define LK_CLAUSE_MAX_DEPTH 64          /* deeper parentheses are refused */

LkClause *lk_clause_new (const char *text, gssize length, const LkMacroContext *context);
LkClause *lk_clause_new_everything (void);
LkClause *lk_clause_ref (LkClause *self);
void lk_clause_unref (LkClause *self);

gboolean lk_clause_is_valid (const LkClause *self);
gboolean lk_clause_check (const LkClause *self, GError **error);
GPtrArray *lk_clause_get_problems (const LkClause *self);
const char *lk_clause_get_sql (const LkClause *self);
GPtrArray *lk_clause_get_parameters (const LkClause *self);
const char *lk_clause_get_display_sql (const LkClause *self);
const GArray *lk_clause_get_windows (const LkClause *self);
const GArray *lk_clause_get_parts (const LkClause *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkProblem, lk_problem_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkClause, lk_clause_unref)

G_END_DECLS
