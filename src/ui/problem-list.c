/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-problem-list"

#include "config.h"

#include <glib/gi18n.h>

#include "core/text-check.h"
#include "ui/form.h"
#include "ui/problem-list.h"

#define MAX_SHOWN 4 /* more would push the preview off the dialog */

struct _LkProblemList
{
  GtkBox parent;

  LkSqlEditor *editor;
  GPtrArray *problems;
};

G_DEFINE_FINAL_TYPE (LkProblemList, lk_problem_list, GTK_TYPE_BOX)

/* The problems and the text they were found in belong together: the list is made anew with every
 * change of the text. */
static const LkProblem *
problem_of (GtkWidget *button, LkProblemList *self)
{
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "index"));

  return g_ptr_array_index (self->problems, index);
}

static void
place_clicked_cb (GtkButton *button, LkProblemList *self)
{
  const LkProblem *problem = problem_of (GTK_WIDGET (button), self);

  g_assert (LK_IS_PROBLEM_LIST (self));

  lk_sql_editor_select (self->editor, problem->start, problem->end);
}

static void
fix_clicked_cb (GtkButton *button, LkProblemList *self)
{
  const LkProblem *problem = problem_of (GTK_WIDGET (button), self);
  g_autofree char *replacement = g_strdup (problem->replacement);

  g_assert (LK_IS_PROBLEM_LIST (self));

  lk_sql_editor_replace (self->editor, problem->start, problem->end, replacement);
}

static GtkWidget *
new_place_button (LkProblemList *self, const LkProblem *problem)
{
  g_autofree char *sentence = lk_form_make_sentence (problem->message);
  /* translators: a place in a text and what is wrong there */
  g_autofree char *text =
      g_strdup_printf (_ ("Line %u, column %u: %s"), problem->line, problem->column, sentence);
  gboolean is_empty = lk_text_is_blank (lk_sql_editor_get_text (self->editor));
  GtkWidget *label = gtk_label_new (is_empty ? sentence : text);
  GtkWidget *button = gtk_button_new ();

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_button_set_has_frame (GTK_BUTTON (button), FALSE);
  gtk_widget_set_hexpand (button, TRUE);
  gtk_widget_add_css_class (button, "lk-problem");
  gtk_widget_add_css_class (label, problem->severity == LK_SEVERITY_ERROR ? "error" : "warning");
  gtk_widget_set_tooltip_text (button, _ ("Show the place"));
  return button;
}

static GtkWidget *
new_fix_button (const LkProblem *problem)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("Fi_x"));
  g_autofree char *tooltip = g_strdup_printf (_ ("Write “%s” there"), problem->replacement);

  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  return button;
}

static void
connect (LkProblemList *self, GtkWidget *button, guint index, GCallback callback)
{
  g_object_set_data (G_OBJECT (button), "index", GUINT_TO_POINTER (index));
  g_signal_connect (button, "clicked", callback, self);
}

static void
add_problem (LkProblemList *self, guint index)
{
  const LkProblem *problem = g_ptr_array_index (self->problems, index);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *place = new_place_button (self, problem);

  connect (self, place, index, G_CALLBACK (place_clicked_cb));
  gtk_box_append (GTK_BOX (row), place);
  if (problem->replacement != NULL)
    {
      GtkWidget *fix = new_fix_button (problem);

      connect (self, fix, index, G_CALLBACK (fix_clicked_cb));
      gtk_box_append (GTK_BOX (row), fix);
    }
  gtk_box_append (GTK_BOX (self), row);
}

static void
lk_problem_list_finalize (GObject *object)
{
  LkProblemList *self = LK_PROBLEM_LIST (object);

  g_clear_object (&self->editor);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  G_OBJECT_CLASS (lk_problem_list_parent_class)->finalize (object);
}

static void
lk_problem_list_class_init (LkProblemListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_problem_list_finalize;
}

static void
lk_problem_list_init (LkProblemList *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 3);
}

/**
 * lk_problem_list_show:
 * @self: a list
 * @editor: where the text stands
 * @problems: (element-type LkProblem): what is wrong with it
 */
void
lk_problem_list_show (LkProblemList *self, LkSqlEditor *editor, GPtrArray *problems)
{
  GtkWidget *child;

  g_return_if_fail (LK_IS_PROBLEM_LIST (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_box_remove (GTK_BOX (self), child);

  g_set_object (&self->editor, editor);
  g_ptr_array_ref (problems);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  self->problems = problems;
  for (guint i = 0; i < MIN (problems->len, MAX_SHOWN); i++)
    add_problem (self, i);
  gtk_widget_set_visible (GTK_WIDGET (self), problems->len > 0);
}
