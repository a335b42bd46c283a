/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sql-editor"

#include "config.h"

#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

#include "ui/sql-completion.h"
#include "ui/sql-editor.h"

#define MIN_HEIGHT 96 /* pixels: five lines */

struct _LkSqlEditor
{
  GtkBox parent;

  GtkSourceView *view;
  GtkTextBuffer *buffer;
  GtkTextTag *macro_tag;
  GtkTextTag *error_tag;
  GtkTextTag *warning_tag;
  GRegex *macro_pattern;
  char *text;          /* a copy of the buffer's */
  GPtrArray *problems; /* (nullable) (element-type LkProblem): of the text as it was checked last */
};

G_DEFINE_FINAL_TYPE (LkSqlEditor, lk_sql_editor, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Problems count bytes, text buffers count characters. */
static void
iter_at_byte (LkSqlEditor *self, gsize byte, GtkTextIter *iter)
{
  gsize length = strlen (self->text);
  glong offset = g_utf8_pointer_to_offset (self->text, self->text + MIN (byte, length));

  gtk_text_buffer_get_iter_at_offset (self->buffer, iter, (int) offset);
}

static void
tag_range (LkSqlEditor *self, GtkTextTag *tag, gsize start, gsize end)
{
  GtkTextIter from;
  GtkTextIter to;

  iter_at_byte (self, start, &from);
  iter_at_byte (self, end, &to);
  /* A problem without a length, such as a missing word, is shown at the character before it. */
  if (gtk_text_iter_equal (&from, &to) && !gtk_text_iter_forward_char (&to))
    gtk_text_iter_backward_char (&from);
  gtk_text_buffer_apply_tag (self->buffer, tag, &from, &to);
}

static void
untag (LkSqlEditor *self, GtkTextTag *tag)
{
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_remove_tag (self->buffer, tag, &start, &end);
}

static void
tag_macros (LkSqlEditor *self)
{
  g_autoptr (GMatchInfo) match = NULL;

  untag (self, self->macro_tag);
  g_regex_match (self->macro_pattern, self->text, 0, &match);
  while (g_match_info_matches (match))
    {
      int start;
      int end;

      g_match_info_fetch_pos (match, 0, &start, &end);
      tag_range (self, self->macro_tag, (gsize) start, (gsize) end);
      g_match_info_next (match, NULL);
    }
}

static void
buffer_changed_cb (GtkTextBuffer *buffer, LkSqlEditor *self)
{
  GtkTextIter start;
  GtkTextIter end;

  g_assert (LK_IS_SQL_EDITOR (self));

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  g_free (self->text);
  self->text = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  tag_macros (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static const LkProblem *
find_problem (LkSqlEditor *self, const GtkTextIter *iter)
{
  const char *place = g_utf8_offset_to_pointer (self->text, gtk_text_iter_get_offset (iter));
  gsize byte = (gsize) (place - self->text);

  for (guint i = 0; self->problems != NULL && i < self->problems->len; i++)
    {
      const LkProblem *problem = g_ptr_array_index (self->problems, i);

      if (problem->start <= byte && byte < MAX (problem->end, problem->start + 1))
        return problem;
    }

  return NULL;
}

static gboolean
query_tooltip_cb (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                  LkSqlEditor *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (widget);
  const LkProblem *problem;
  GtkTextIter iter;

  g_assert (LK_IS_SQL_EDITOR (self));

  if (keyboard)
    gtk_text_buffer_get_iter_at_mark (self->buffer, &iter,
                                      gtk_text_buffer_get_insert (self->buffer));
  else
    {
      gtk_text_view_window_to_buffer_coords (view, GTK_TEXT_WINDOW_WIDGET, x, y, &x, &y);
      if (!gtk_text_view_get_iter_at_location (view, &iter, x, y))
        return FALSE;
    }

  problem = find_problem (self, &iter);
  if (problem != NULL)
    gtk_tooltip_set_text (tooltip, problem->message);
  return problem != NULL;
}

static gboolean
is_dark (GtkWidget *widget)
{
  GdkRGBA color;

  /* A light text stands on a dark ground; this holds for any theme. */
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  return color.red + color.green + color.blue > 1.5f;
}

static void
style (LkSqlEditor *self)
{
  gboolean dark = is_dark (GTK_WIDGET (self));
  GtkSourceStyleScheme *scheme = gtk_source_style_scheme_manager_get_scheme (
      gtk_source_style_scheme_manager_get_default (), dark ? "Adwaita-dark" : "Adwaita");

  if (scheme != NULL)
    gtk_source_buffer_set_style_scheme (GTK_SOURCE_BUFFER (self->buffer), scheme);
  g_object_set (self->macro_tag, "foreground", dark ? "#c89ee8" : "#7a3aa8", NULL);
}

static void
theme_changed_cb (GObject *settings, GParamSpec *pspec, LkSqlEditor *self)
{
  g_assert (LK_IS_SQL_EDITOR (self));

  style (self);
}

static void
lk_sql_editor_root (GtkWidget *widget)
{
  GtkSettings *settings;

  GTK_WIDGET_CLASS (lk_sql_editor_parent_class)->root (widget);
  settings = gtk_widget_get_settings (widget);
  g_signal_connect_object (settings, "notify::gtk-theme-name", G_CALLBACK (theme_changed_cb),
                           widget, 0);
  g_signal_connect_object (settings, "notify::gtk-application-prefer-dark-theme",
                           G_CALLBACK (theme_changed_cb), widget, 0);
  style (LK_SQL_EDITOR (widget));
}

static void
lk_sql_editor_unroot (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_data (gtk_widget_get_settings (widget), widget);
  GTK_WIDGET_CLASS (lk_sql_editor_parent_class)->unroot (widget);
}

static gboolean
lk_sql_editor_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (LK_SQL_EDITOR (widget)->view));
}

static gboolean
lk_sql_editor_mnemonic_activate (GtkWidget *widget, gboolean group_cycling)
{
  return lk_sql_editor_grab_focus (widget);
}

static void
make_buffer (LkSqlEditor *self)
{
  GtkSourceLanguage *sql =
      gtk_source_language_manager_get_language (gtk_source_language_manager_get_default (), "sql");
  GtkSourceBuffer *buffer =
      sql != NULL ? gtk_source_buffer_new_with_language (sql) : gtk_source_buffer_new (NULL);

  self->buffer = GTK_TEXT_BUFFER (buffer);
  gtk_source_buffer_set_highlight_matching_brackets (buffer, TRUE);
  self->macro_tag =
      gtk_text_buffer_create_tag (self->buffer, NULL, "weight", PANGO_WEIGHT_BOLD, NULL);
  self->warning_tag =
      gtk_text_buffer_create_tag (self->buffer, NULL, "underline", PANGO_UNDERLINE_SINGLE, NULL);
  self->error_tag =
      gtk_text_buffer_create_tag (self->buffer, NULL, "underline", PANGO_UNDERLINE_ERROR, NULL);
  g_object_set (self->warning_tag, "underline-rgba", &(GdkRGBA){ 0.9f, 0.55f, 0.0f, 1.0f }, NULL);
  g_object_set (self->error_tag, "underline-rgba", &(GdkRGBA){ 0.9f, 0.1f, 0.15f, 1.0f }, NULL);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (buffer_changed_cb), self, 0);
}

static void
make_view (LkSqlEditor *self)
{
  g_autoptr (GtkSourceCompletionProvider) provider = lk_sql_completion_new ();
  GtkWidget *view = gtk_source_view_new_with_buffer (GTK_SOURCE_BUFFER (self->buffer));

  self->view = GTK_SOURCE_VIEW (view);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 6);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (view), 6);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 4);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (view), 4);
  gtk_source_view_set_indent_on_tab (self->view, FALSE);
  gtk_source_completion_add_provider (gtk_source_view_get_completion (self->view), provider);
  gtk_widget_set_has_tooltip (view, TRUE);
  g_signal_connect (view, "query-tooltip", G_CALLBACK (query_tooltip_cb), self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("SQL condition"), -1);
}

static void
lk_sql_editor_finalize (GObject *object)
{
  LkSqlEditor *self = LK_SQL_EDITOR (object);

  g_clear_object (&self->buffer);
  g_clear_pointer (&self->macro_pattern, g_regex_unref);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_free (self->text);
  G_OBJECT_CLASS (lk_sql_editor_parent_class)->finalize (object);
}

static void
lk_sql_editor_class_init (LkSqlEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lk_sql_editor_finalize;
  widget_class->root = lk_sql_editor_root;
  widget_class->unroot = lk_sql_editor_unroot;
  widget_class->grab_focus = lk_sql_editor_grab_focus;
  widget_class->mnemonic_activate = lk_sql_editor_mnemonic_activate;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_sql_editor_init (LkSqlEditor *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->text = g_strdup ("");
  self->macro_pattern = g_regex_new ("\\[[^\\[\\]']*\\]", G_REGEX_OPTIMIZE, 0, NULL);
  make_buffer (self);
  make_view (self);
  gtk_scrolled_window_set_has_frame (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), MIN_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->view));
  gtk_widget_set_hexpand (scrolled, TRUE);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (self), scrolled);
}

/**
 * lk_sql_editor_new:
 *
 * Returns: (transfer floating): an empty editor
 */
GtkWidget *
lk_sql_editor_new (void)
{
  return g_object_new (LK_TYPE_SQL_EDITOR, NULL);
}

/**
 * lk_sql_editor_get_text:
 * @self: an editor
 *
 * Returns: (transfer none): what stands in it; valid until the next change
 */
const char *
lk_sql_editor_get_text (LkSqlEditor *self)
{
  g_return_val_if_fail (LK_IS_SQL_EDITOR (self), NULL);

  return self->text;
}

/**
 * lk_sql_editor_set_text:
 * @self: an editor
 * @text: valid UTF-8
 *
 * Shows another text. It begins a new history of undo, so that Undo never brings back the text of
 * another search.
 */
void
lk_sql_editor_set_text (LkSqlEditor *self, const char *text)
{
  g_return_if_fail (LK_IS_SQL_EDITOR (self));

  if (g_str_equal (self->text, text))
    return;

  lk_sql_editor_set_problems (self, NULL);
  gtk_text_buffer_begin_irreversible_action (self->buffer);
  gtk_text_buffer_set_text (self->buffer, text, -1);
  gtk_text_buffer_end_irreversible_action (self->buffer);
}

/**
 * lk_sql_editor_insert:
 * @self: an editor
 * @text: what to type at the cursor, in the place of the selection
 */
void
lk_sql_editor_insert (LkSqlEditor *self, const char *text)
{
  gtk_text_buffer_begin_user_action (self->buffer);
  gtk_text_buffer_delete_selection (self->buffer, TRUE, TRUE);
  gtk_text_buffer_insert_at_cursor (self->buffer, text, -1);
  gtk_text_buffer_end_user_action (self->buffer);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/**
 * lk_sql_editor_set_problems:
 * @self: an editor
 * @problems: (nullable) (element-type LkProblem): what is wrong with the present text
 *
 * Underlines the places.
 */
void
lk_sql_editor_set_problems (LkSqlEditor *self, GPtrArray *problems)
{
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  self->problems = problems != NULL ? g_ptr_array_ref (problems) : NULL;
  untag (self, self->error_tag);
  untag (self, self->warning_tag);

  for (guint i = 0; problems != NULL && i < problems->len; i++)
    {
      const LkProblem *problem = g_ptr_array_index (problems, i);
      gboolean error = problem->severity == LK_SEVERITY_ERROR;

      tag_range (self, error ? self->error_tag : self->warning_tag, problem->start, problem->end);
    }
}

/**
 * lk_sql_editor_select:
 * @self: an editor
 * @start: byte offset
 * @end: byte offset behind the last byte
 *
 * Selects a place, shows it and takes the focus there.
 */
void
lk_sql_editor_select (LkSqlEditor *self, gsize start, gsize end)
{
  GtkTextIter from;
  GtkTextIter to;

  iter_at_byte (self, start, &from);
  iter_at_byte (self, end, &to);
  gtk_text_buffer_select_range (self->buffer, &from, &to);
  gtk_text_view_scroll_mark_onscreen (GTK_TEXT_VIEW (self->view),
                                      gtk_text_buffer_get_insert (self->buffer));
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/**
 * lk_sql_editor_replace:
 * @self: an editor
 * @start: byte offset
 * @end: byte offset behind the last byte
 * @text: what to put there; it can be undone
 */
void
lk_sql_editor_replace (LkSqlEditor *self, gsize start, gsize end, const char *text)
{
  GtkTextIter from;
  GtkTextIter to;

  iter_at_byte (self, start, &from);
  iter_at_byte (self, end, &to);
  gtk_text_buffer_begin_user_action (self->buffer);
  gtk_text_buffer_delete (self->buffer, &from, &to);
  gtk_text_buffer_insert (self->buffer, &from, text, -1);
  gtk_text_buffer_end_user_action (self->buffer);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* Returns: (transfer none): the text view, for labels and tests */
GtkWidget *
lk_sql_editor_get_view (LkSqlEditor *self)
{
  return GTK_WIDGET (self->view);
}
