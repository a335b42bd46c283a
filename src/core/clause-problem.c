/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include "core/clause-private.h"

/* Lines and columns are counted from 1; a column is a character, not a byte. */
void
lk_clause_compute_place (const LkClauseParser *self, gsize offset, guint *line, guint *column)
{
  const char *end = self->text + offset;
  const char *line_start = self->text;

  *line = 1;
  for (const char *cursor = self->text; cursor < end; cursor++)
    {
      if (*cursor == '\n')
        {
          (*line)++;
          line_start = cursor + 1;
        }
    }

  *column = 1;
  for (const char *cursor = line_start; cursor < end; cursor++)
    {
      if ((*cursor & 0xC0) != 0x80)
        (*column)++;
    }
}

/**
 * lk_problem_free:
 * @self: (transfer full) (nullable): a problem
 */
void
lk_problem_free (LkProblem *self)
{
  if (self == NULL)
    return;

  g_free (self->message);
  g_free (self->replacement);
  g_free (self);
}

/* Whether one more is shown. When the list is full, an error takes the place of a warning. */
static gboolean
make_room (LkClauseParser *self, LkSeverity severity)
{
  if (self->problems->len < LK_CLAUSE_MAX_PROBLEMS)
    return TRUE;

  for (guint i = 0; i < self->problems->len && severity == LK_SEVERITY_ERROR; i++)
    {
      if (((LkProblem *) self->problems->pdata[i])->severity == LK_SEVERITY_WARNING)
        {
          g_ptr_array_remove_index (self->problems, i);
          return TRUE;
        }
    }

  return FALSE;
}

/* Takes message and replacement. What is beyond LK_CLAUSE_MAX_PROBLEMS is dropped before its place
 * is counted, so that a long text of mistakes takes no time that grows with its square. */
void
lk_clause_add_problem (LkClauseParser *self, LkSeverity severity, gsize start, gsize end,
                       char *message, char *replacement)
{
  LkProblem *problem;

  if (!make_room (self, severity))
    {
      g_free (message);
      g_free (replacement);
      return;
    }

  problem = g_new0 (LkProblem, 1);
  problem->severity = severity;
  problem->start = MIN (start, self->length);
  problem->end = CLAMP (end, problem->start, self->length);
  problem->message = message;
  problem->replacement = replacement;
  lk_clause_compute_place (self, problem->start, &problem->line, &problem->column);
  g_ptr_array_add (self->problems, problem);
}

/* For a mistake that a problem was already added for. */
LkNode *
lk_clause_error_node (LkClauseParser *self, gsize start, gsize end)
{
  return lk_node_new (self, LK_TYPE_ERROR, start, end, "NULL", NULL);
}

/* The text as typed, for messages and replacements. */
char *
lk_clause_copy_text (LkClauseParser *self, gsize start, gsize end)
{
  return g_strndup (self->text + start, end - start);
}
