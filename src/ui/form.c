/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-form"

#include "config.h"

#include <glib/gi18n.h>

#include "core/error.h"
#include "ui/form.h"
#include "ui/message.h"

static void
set_class (GtkWidget *widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/**
 * lk_form_make_sentence:
 * @fragment: a lower-case fragment without a full stop
 *
 * Returns: (transfer full): a sentence
 */
char *
lk_form_make_sentence (const char *fragment)
{
  g_autoptr (GError) error = g_error_new_literal (LK_ERROR, LK_ERROR_INVALID, fragment);

  return lk_message_format_error (error);
}

/**
 * lk_form_show_problem:
 * @label: the label under the field
 * @control: the field
 * @problems: (element-type LkDraftProblem): what is wrong with the draft
 * @field: which of them belong to the field
 *
 * Says at the field what is wrong with it, on the screen and to a screen reader.
 */
void
lk_form_show_problem (GtkLabel *label, GtkWidget *control, GPtrArray *problems, int field)
{
  const LkDraftProblem *problem = lk_draft_problems_find (problems, field);
  gboolean error = problem != NULL && problem->severity == LK_DRAFT_ERROR;
  g_autofree char *sentence = problem != NULL ? lk_form_make_sentence (problem->message) : NULL;

  gtk_label_set_label (label, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (label), problem != NULL);
  set_class (GTK_WIDGET (label), "error", error);
  set_class (GTK_WIDGET (label), "warning", problem != NULL && !error);
  set_class (control, "error", error);
  gtk_accessible_update_state (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_STATE_INVALID,
                               error ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

/* Shows a text without moving the cursor of somebody who types that very text. */
void
lk_form_show_text (GtkWidget *editable, const char *text)
{
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (editable)), text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (editable), text != NULL ? text : "");
}

void
lk_form_show_flag (GtkWidget *check, gboolean active)
{
  if (gtk_check_button_get_active (GTK_CHECK_BUTTON (check)) != active)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (check), active);
}

/* Puts a text where it can be pasted from. */
void
lk_form_copy (GtkWidget *widget, const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

/**
 * lk_form_format_instant:
 * @instant: a moment; 0 for never
 * @zone: (nullable): where; %NULL for this computer's zone
 *
 * Returns: (transfer full): date and time for a person, to the second
 */
char *
lk_form_format_instant (LkInstant instant, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (instant == 0)
    return g_strdup (_ ("Never"));

  utc = g_date_time_new_from_unix_utc (instant / LK_SECOND);
  local = zone != NULL ? g_date_time_to_timezone (utc, zone) : g_date_time_to_local (utc);
  return g_date_time_format (local, "%Y-%m-%d %H:%M:%S %Z");
}

static gboolean
query_tooltip_cb (GtkLabel *label, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                  gpointer user_data)
{
  gtk_tooltip_set_text (tooltip, gtk_label_get_label (label));
  return TRUE;
}

/**
 * lk_form_show_text_as_tooltip:
 * @label: a label whose text may be cut off
 *
 * Makes the whole text its tooltip. The text is handed over when it is asked for: in GTK 4.8
 * gtk_widget_set_tooltip_text() asks the X server where the pointer is, which takes too long for
 * what a list binds.
 */
void
lk_form_show_text_as_tooltip (GtkLabel *label)
{
  g_return_if_fail (GTK_IS_LABEL (label));

  gtk_widget_set_has_tooltip (GTK_WIDGET (label), TRUE);
  g_signal_connect (label, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
}

/* For a screen reader: by @label and by nothing else. */
static void
name_instead (GtkAccessible *accessible, GtkWidget *label)
{
  gtk_accessible_reset_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL);
  gtk_accessible_update_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
}

/**
 * lk_form_show_exact_text:
 * @view: a view that nobody edits
 * @text: what went over the wire
 *
 * Shows a text to the letter: a line that is too long is broken without a hyphen, which would look
 * like a part of a key or a signature.
 */
void
lk_form_show_exact_text (GtkTextView *view, const char *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextTag *tag = gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), "exact");
  GtkTextIter start, end;

  if (tag == NULL)
    tag = gtk_text_buffer_create_tag (buffer, "exact", "insert-hyphens", FALSE, NULL);

  gtk_text_buffer_set_text (buffer, text, -1);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_apply_tag (buffer, tag, &start, &end);
}

/**
 * lk_form_wrap_exactly:
 * @label: a label that shows what went over the wire
 *
 * Lets long lines wrap as lk_form_show_exact_text() does.
 */
void
lk_form_wrap_exactly (GtkLabel *label)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (label, attributes);
  gtk_label_set_wrap (label, TRUE);
  gtk_label_set_wrap_mode (label, PANGO_WRAP_WORD_CHAR);
}

/**
 * lk_form_ignore_wheel:
 * @spin_button: a number on a page that scrolls
 *
 * Leaves the wheel to the page: whoever scrolls it does not mean to change the number that comes
 * under the pointer.
 */
void
lk_form_ignore_wheel (GtkWidget *spin_button)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (spin_button);
  guint n_controllers = g_list_model_get_n_items (controllers);

  for (guint i = 0; i < n_controllers; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_NONE);
    }
}

/**
 * lk_form_name_expander:
 * @expander: an expander with a label
 *
 * GTK 4.8 does not name it for a screen reader.
 */
void
lk_form_name_expander (GtkExpander *expander)
{
  name_instead (GTK_ACCESSIBLE (expander), gtk_expander_get_label_widget (expander));
}

/**
 * lk_form_name_pages:
 * @notebook: a notebook with a label for each page
 *
 * GTK 4.8 calls each tab and each page “Tab” for a screen reader, and would say so before the name.
 */
void
lk_form_name_pages (GtkNotebook *notebook)
{
  for (int i = 0; i < gtk_notebook_get_n_pages (notebook); i++)
    {
      GtkWidget *page = gtk_notebook_get_nth_page (notebook, i);
      GtkWidget *label = gtk_notebook_get_tab_label (notebook, page);
      GtkWidget *stack = gtk_widget_get_parent (page);

      name_instead (GTK_ACCESSIBLE (gtk_widget_get_parent (label)), label);
      if (GTK_IS_STACK (stack))
        name_instead (GTK_ACCESSIBLE (gtk_stack_get_page (GTK_STACK (stack), page)), label);
    }
}
