/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/macro.h"
#include "tests/ui/dialog-world.h"
#include "ui/sql-completion.h"
#include "ui/sql-editor.h"

static GPtrArray *
find_problems (const char *sql)
{
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 1, 31, 8, 0, 0);
  g_autoptr (LkMacroContext) macros = lk_macro_context_new (now, NULL);
  g_autoptr (LkClause) clause = lk_clause_new (sql, -1, macros);

  return g_ptr_array_ref (lk_clause_get_problems (clause));
}

static GtkTextBuffer *
get_buffer (LkSqlEditor *editor)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (lk_sql_editor_get_view (editor)));
}

static gboolean
has_underline (LkSqlEditor *editor, int offset)
{
  GtkTextIter iter;
  g_autoptr (GSList) tags = NULL;

  gtk_text_buffer_get_iter_at_offset (get_buffer (editor), &iter, offset);
  tags = gtk_text_iter_get_tags (&iter);
  for (GSList *l = tags; l != NULL; l = l->next)
    {
      PangoUnderline underline;

      g_object_get (l->data, "underline", &underline, NULL);
      if (underline != PANGO_UNDERLINE_NONE)
        return TRUE;
    }

  return FALSE;
}

/* Problems count bytes; the text before them has letters of two bytes. */
static void
test_problem_place (void)
{
  g_autoptr (LkSqlEditor) editor = g_object_ref_sink (LK_SQL_EDITOR (lk_sql_editor_new ()));
  const char *sql = "FullName = 'Größl' And Emai = 'x'";
  g_autoptr (GPtrArray) problems = find_problems (sql);
  const LkProblem *problem = g_ptr_array_index (problems, 0);
  int offset = (int) g_utf8_strlen ("FullName = 'Größl' And ", -1);
  GtkTextIter start;
  GtkTextIter end;

  lk_sql_editor_set_text (editor, sql);
  lk_sql_editor_set_problems (editor, problems);
  g_assert_false (has_underline (editor, offset - 1));
  g_assert_true (has_underline (editor, offset));
  g_assert_true (has_underline (editor, offset + 3));
  g_assert_false (has_underline (editor, offset + 4));

  lk_sql_editor_select (editor, problem->start, problem->end);
  g_assert_true (gtk_text_buffer_get_selection_bounds (get_buffer (editor), &start, &end));
  g_assert_cmpint (gtk_text_iter_get_offset (&start), ==, offset);

  lk_sql_editor_replace (editor, problem->start, problem->end, "Email");
  g_assert_cmpstr (lk_sql_editor_get_text (editor), ==, "FullName = 'Größl' And Email = 'x'");
}

static void
test_insert_and_undo (void)
{
  g_autoptr (LkSqlEditor) editor = g_object_ref_sink (LK_SQL_EDITOR (lk_sql_editor_new ()));

  lk_sql_editor_set_text (editor, "CreationDate > ");
  g_assert_false (gtk_text_buffer_get_can_undo (get_buffer (editor)));
  lk_sql_editor_insert (editor, "[today_start]");
  g_assert_cmpstr (lk_sql_editor_get_text (editor), ==, "CreationDate > [today_start]");
  gtk_text_buffer_undo (get_buffer (editor));
  g_assert_cmpstr (lk_sql_editor_get_text (editor), ==, "CreationDate > ");
}

static void
count_cb (LkSqlEditor *editor, guint *count)
{
  *count += 1;
}

static void
test_changed (void)
{
  g_autoptr (LkSqlEditor) editor = g_object_ref_sink (LK_SQL_EDITOR (lk_sql_editor_new ()));
  guint count = 0;

  g_signal_connect (editor, "changed", G_CALLBACK (count_cb), &count);
  lk_sql_editor_insert (editor, "a");
  g_assert_cmpuint (count, ==, 1);
  lk_sql_editor_set_text (editor, "a");
  g_assert_cmpuint (count, ==, 1);
}

/* A bracket begins a macro, so it asks for proposals. */
static void
test_completion (void)
{
  g_autoptr (GtkSourceCompletionProvider) provider = lk_sql_completion_new ();
  g_autofree char *title = gtk_source_completion_provider_get_title (provider);
  GtkTextIter iter;
  g_autoptr (GtkTextBuffer) buffer = gtk_text_buffer_new (NULL);

  gtk_text_buffer_get_start_iter (buffer, &iter);
  g_assert_true (gtk_source_completion_provider_is_trigger (provider, &iter, '['));
  g_assert_false (gtk_source_completion_provider_is_trigger (provider, &iter, ' '));
  g_assert_cmpstr (title, !=, "");
}

static void
add_tests (void)
{
  g_test_add_func ("/sql-editor/problem-place", test_problem_place);
  g_test_add_func ("/sql-editor/insert-and-undo", test_insert_and_undo);
  g_test_add_func ("/sql-editor/changed", test_changed);
  g_test_add_func ("/sql-editor/completion", test_completion);
}

int
main (int argc, char **argv)
{
  return dialog_world_main (argc, argv, add_tests);
}
