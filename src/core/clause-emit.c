/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/clause-private.h"

/* SQLite's parser has a stack of 100 entries. Each parenthesis of ours costs it a few. */
#define MAX_PARENTHESES 24

typedef struct
{
  LkClauseParser *parser;
  GString *sql;
  GString *display; /* NULL while what is written has its own display */
  GPtrArray *parameters;
  guint level;
  gboolean failed;
} Emitter;

static void emit (Emitter *self, const LkNode *node);

static void
parameter_free (gpointer data)
{
  LkParameter *parameter = data;

  g_free (parameter->text);
  g_free (parameter);
}

static void
write_text (Emitter *self, const char *text, gssize length)
{
  if (self->sql != NULL)
    g_string_append_len (self->sql, text, length);
  if (self->display != NULL)
    g_string_append_len (self->display, text, length);
}

/* As a literal of SQL, for reading. */
static char *
format_value (const LkValue *value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  g_auto (GStrv) parts = NULL;
  g_autofree char *doubled = NULL;

  switch (value->kind)
    {
    case LK_VALUE_INTEGER:
      return g_strdup_printf ("%" G_GINT64_FORMAT, value->integer);
    case LK_VALUE_REAL:
      return g_strdup (g_ascii_dtostr (buffer, sizeof buffer, value->real));
    default:
      parts = g_strsplit (value->text, "'", -1);
      doubled = g_strjoinv ("''", parts);
      return g_strdup_printf ("'%s'", doubled);
    }
}

static void
add_parameter (Emitter *self, const LkValue *value)
{
  LkParameter *parameter = g_new0 (LkParameter, 1);

  parameter->kind = value->kind == LK_VALUE_INTEGER ? LK_PARAMETER_INTEGER
                    : value->kind == LK_VALUE_REAL  ? LK_PARAMETER_REAL
                                                    : LK_PARAMETER_TEXT;
  parameter->integer = value->integer;
  parameter->real = value->real;
  parameter->text = value->kind == LK_VALUE_TEXT ? g_strdup (value->text) : NULL;
  g_ptr_array_add (self->parameters, parameter);
  g_string_append_printf (self->sql, "?%u", self->parameters->len);
}

static void
emit_constant (Emitter *self, const LkNode *node)
{
  g_autofree char *shown = NULL;

  if (node->value.kind == LK_VALUE_NULL)
    {
      write_text (self, "NULL", -1);
      return;
    }

  shown = format_value (&node->value);
  if (self->sql != NULL)
    add_parameter (self, &node->value);
  if (self->display != NULL)
    g_string_append (self->display, shown);
}

static void
emit_column (Emitter *self, const LkNode *node)
{
  g_autofree char *name = NULL;

  if (!node->qualified)
    name = g_strdup_printf ("\"%s\"", node->field->column);
  else if (node->scope_number == 0)
    name = g_strdup_printf ("\"%s\".\"%s\"", LK_CLAUSE_VIEW, node->field->column);
  else
    name = g_strdup_printf ("\"s%u\".\"%s\"", node->scope_number, node->field->column);

  write_text (self, name, -1);
}

static void
emit_children (Emitter *self, const LkNode *node, guint first, const char *separator)
{
  for (guint i = first; i < node->children->len; i++)
    {
      if (i > first)
        write_text (self, separator, -1);
      emit (self, node->children->pdata[i]);
    }
}

/* What the character behind a % stands for, see #LkNode. */
static void
emit_placeholder (Emitter *self, const LkNode *node, char placeholder, guint *next)
{
  switch (placeholder)
    {
    case ',':
      emit (self, node->children->pdata[(*next)++]);
      break;
    case '*':
      emit_children (self, node, 0, ", ");
      break;
    case 'r':
      emit_children (self, node, 1, ", ");
      break;
    case '&':
      emit_children (self, node, 0, " ");
      break;
    case 'A':
      emit_children (self, node, 0, " AND ");
      break;
    case 'O':
      emit_children (self, node, 0, " OR ");
      break;
    case 'C':
      emit_children (self, node, 0, " || ");
      break;
    default:
      emit (self, node->children->pdata[placeholder - '1']);
      break;
    }
}

static void
emit_template (Emitter *self, const LkNode *node, const char *template)
{
  guint level = self->level;
  guint next = 0;

  for (const char *cursor = template; *cursor != '\0' && !self->failed; cursor++)
    {
      if (*cursor == '%')
        {
          emit_placeholder (self, node, *++cursor, &next);
          continue;
        }

      if (*cursor == '(')
        self->level++;
      else if (*cursor == ')')
        self->level--;
      write_text (self, cursor, 1);
    }

  self->level = level;
}

static void
refuse_depth (Emitter *self, const LkNode *node)
{
  self->failed = TRUE;
  lk_clause_error (
      self->parser, node->start, node->end,
      _ ("calculations or conditions are nested too deeply here; simplify the search"));
}

static void
emit_both (Emitter *self, const LkNode *node)
{
  GString *sql = self->sql;
  GString *display = self->display;

  self->display = NULL;
  emit_template (self, node, node->template);
  self->display = display;
  if (display == NULL)
    return;

  self->sql = NULL;
  emit_template (self, node, node->display);
  self->sql = sql;
}

static void
emit (Emitter *self, const LkNode *node)
{
  if (self->failed)
    return;

  if (self->level > MAX_PARENTHESES)
    refuse_depth (self, node);
  else if (node->is_constant)
    emit_constant (self, node);
  else if (node->field != NULL)
    emit_column (self, node);
  else if (node->display != NULL && self->sql != NULL)
    emit_both (self, node);
  else
    emit_template (self, node,
                   self->sql == NULL && node->display != NULL ? node->display : node->template);
}

/* Writes a tree without mistakes as SQL with parameters (LkParameter, owned by the array), and as
 * SQL to read. */
gboolean
lk_clause_emit (LkClauseParser *parser, const LkNode *node, GString *sql, GString *display,
                GPtrArray *parameters)
{
  Emitter self = { parser, sql, display, parameters, 0, FALSE };

  g_ptr_array_set_free_func (parameters, parameter_free);
  emit (&self, node);

  if (!self.failed && parameters->len > LK_CLAUSE_MAX_PARAMETERS)
    {
      lk_clause_error (parser, node->start, node->end, _ ("more than %d values; shorten the list"),
                       LK_CLAUSE_MAX_PARAMETERS);
      return FALSE;
    }

  return !self.failed;
}
