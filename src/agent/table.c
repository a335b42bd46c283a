/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-table"

#include "config.h"

#include "agent/table.h"

#define GAP_CELLS 2

typedef struct
{
  char *text;
  gsize width; /* terminal cells */
  gboolean right;
} Cell;

struct _LkTable
{
  GPtrArray *cells; /* row by row; the first row are the titles, where there are any */
  guint n_columns;
  gboolean has_titles;
};

static void
cell_free (gpointer data)
{
  Cell *cell = data;

  g_free (cell->text);
  g_free (cell);
}

static gsize
measure (const char *text)
{
  gsize width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iswide (c))
        width += 2;
      else if (!g_unichar_iszerowidth (c))
        width += 1;
    }

  return width;
}

/* A cell is one line: what would break it becomes a blank. */
static char *
flatten (const char *text)
{
  return g_strdelimit (lk_output_format_visible (text, -1), "\n\t", ' ');
}

static void
add_cell (LkTable *self, const char *text, gboolean right)
{
  Cell *cell = g_new0 (Cell, 1);

  cell->text = flatten (text != NULL ? text : "");
  cell->width = measure (cell->text);
  cell->right = right;
  g_ptr_array_add (self->cells, cell);
}

static LkTable *
new_empty (void)
{
  LkTable *self = g_new0 (LkTable, 1);

  self->cells = g_ptr_array_new_with_free_func (cell_free);

  return self;
}

/**
 * lk_table_new:
 * @first_title: the first column's title
 * @...: the titles of the others, then %NULL
 *
 * Returns: (transfer full): a table without rows
 */
LkTable *
lk_table_new (const char *first_title, ...)
{
  LkTable *self = new_empty ();
  va_list titles;

  va_start (titles, first_title);
  for (const char *title = first_title; title != NULL; title = va_arg (titles, const char *))
    lk_table_add_title (self, title);
  va_end (titles);

  return self;
}

/**
 * lk_table_new_pairs:
 *
 * Returns: (transfer full): a table of two columns without titles, for the values of one thing
 */
LkTable *
lk_table_new_pairs (void)
{
  LkTable *self = new_empty ();

  self->n_columns = 2;

  return self;
}

/**
 * lk_table_free:
 * @self: (nullable) (transfer full): a table
 */
void
lk_table_free (LkTable *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->cells);
  g_free (self);
}

/**
 * lk_table_add_title:
 * @self: a table without rows
 * @title: the title of one more column
 */
void
lk_table_add_title (LkTable *self, const char *title)
{
  g_return_if_fail (self->cells->len == self->n_columns);

  self->has_titles = TRUE;
  self->n_columns++;
  add_cell (self, title, FALSE);
}

/**
 * lk_table_add:
 * @self: a table
 * @text: (nullable): the next cell, from left to right and row by row; line breaks become blanks
 */
void
lk_table_add (LkTable *self, const char *text)
{
  add_cell (self, text, FALSE);
}

/**
 * lk_table_add_int:
 * @self: a table
 * @number: the next cell, which stands at the right of its column
 */
void
lk_table_add_int (LkTable *self, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  add_cell (self, text, TRUE);
}

/**
 * lk_table_add_instant:
 * @self: a table
 * @instant: the next cell; 0 for never
 */
void
lk_table_add_instant (LkTable *self, LkInstant instant)
{
  g_autofree char *text = lk_output_format_instant (instant);

  add_cell (self, text, FALSE);
}

/**
 * lk_table_add_pair:
 * @self: a table of lk_table_new_pairs()
 * @title: what the value is
 * @text: (nullable): the value; a blank one shows as "-"
 */
void
lk_table_add_pair (LkTable *self, const char *title, const char *text)
{
  g_autofree char *label = g_strconcat (title, ":", NULL);

  add_cell (self, label, FALSE);
  add_cell (self, text != NULL && *text != '\0' ? text : "-", FALSE);
}

/**
 * lk_table_get_n_rows:
 * @self: a table
 *
 * Returns: how many rows it has, the titles not counted
 */
guint
lk_table_get_n_rows (LkTable *self)
{
  return self->cells->len / self->n_columns - (self->has_titles ? 1 : 0);
}

static gsize *
measure_columns (LkTable *self)
{
  gsize *widths = g_new0 (gsize, self->n_columns);

  for (guint i = 0; i < self->cells->len; i++)
    {
      const Cell *cell = g_ptr_array_index (self->cells, i);
      guint column = i % self->n_columns;

      widths[column] = MAX (widths[column], cell->width);
    }

  return widths;
}

static void
append_blanks (GString *text, gsize n)
{
  for (gsize i = 0; i < n; i++)
    g_string_append_c (text, ' ');
}

/**
 * lk_table_to_string:
 * @self: a table whose last row is complete
 *
 * Returns: (transfer full): its lines, without blanks at their ends
 */
char *
lk_table_to_string (LkTable *self)
{
  GString *text = g_string_new (NULL);
  g_autofree gsize *widths = measure_columns (self);

  g_return_val_if_fail (self->cells->len % self->n_columns == 0, g_string_free (text, FALSE));

  for (guint i = 0; i < self->cells->len; i++)
    {
      const Cell *cell = g_ptr_array_index (self->cells, i);
      gboolean is_last = i % self->n_columns == self->n_columns - 1;
      gsize blanks = widths[i % self->n_columns] - cell->width;

      if (cell->right)
        append_blanks (text, blanks);
      g_string_append (text, cell->text);
      if (!is_last)
        append_blanks (text, (cell->right ? 0 : blanks) + GAP_CELLS);
      else
        {
          while (text->len > 0 && text->str[text->len - 1] == ' ')
            g_string_truncate (text, text->len - 1);
          g_string_append_c (text, '\n');
        }
    }

  return g_string_free (text, FALSE);
}

/**
 * lk_table_print:
 * @self: a table
 * @output: where to
 */
void
lk_table_print (LkTable *self, LkOutput *output)
{
  g_autofree char *text = lk_table_to_string (self);

  lk_output_text (output, text);
}
