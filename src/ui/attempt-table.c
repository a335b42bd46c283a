/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-attempt-table"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/attempt-table.h"
#include "ui/delivery-text.h"
#include "ui/phase-bar.h"
#include "ui/time-text.h"
#include "ui/ui-init.h"

/* The body of an answer is read in no time, so that it has no column of its own. */
enum
{
  COLUMN_NUMBER,
  COLUMN_ANSWER,
  COLUMN_DNS,
  COLUMN_CONNECT,
  COLUMN_TLS,
  COLUMN_FIRST_BYTE,
  COLUMN_TOTAL,
  N_COLUMNS,
};

struct _LkAttemptTable
{
  GtkWidget parent_instance;

  GtkListBox *list;
  GtkSizeGroup *widths[N_COLUMNS];
  GPtrArray *attempts; /* (nullable) */
  gboolean is_filling;
};

G_DEFINE_FINAL_TYPE (LkAttemptTable, lk_attempt_table, GTK_TYPE_WIDGET)

enum
{
  CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static GtkWidget *
add_cell (LkAttemptTable *self, GtkWidget *grid, int column, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column <= COLUMN_ANSWER ? 0 : 1);
  if (column == COLUMN_ANSWER)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_widget_set_hexpand (label, TRUE);
    }
  else
    gtk_size_group_add_widget (self->widths[column], label);
  gtk_widget_add_css_class (label, "small");
  gtk_widget_add_css_class (label, "numeric");
  gtk_grid_attach (GTK_GRID (grid), label, column, 0, 1, 1);

  return label;
}

static GtkWidget *
make_grid (void)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 2);

  return grid;
}

/* The heads of the phases have the colours of the bars. */
static void
add_heads (LkAttemptTable *self)
{
  GtkWidget *grid = make_grid ();
  GtkWidget *row = gtk_list_box_row_new ();

  add_cell (self, grid, COLUMN_NUMBER, "");
  add_cell (self, grid, COLUMN_ANSWER, _ ("Answer"));
  for (int phase = LK_PHASE_DNS; phase <= LK_PHASE_FIRST_BYTE; phase++)
    {
      GtkWidget *head = add_cell (self, grid, COLUMN_DNS + phase, lk_phase_get_title (phase));

      gtk_widget_add_css_class (head, "phase-head");
      gtk_widget_add_css_class (head, lk_phase_get_css_class (phase));
    }
  add_cell (self, grid, COLUMN_TOTAL, _ ("Total"));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), grid);
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_append (self->list, row);
}

static void
add_times (LkAttemptTable *self, GtkWidget *grid, const LkAttempt *attempt)
{
  g_autofree char *total = lk_latency_format (attempt->latency_ms);

  for (int phase = LK_PHASE_DNS; phase <= LK_PHASE_FIRST_BYTE; phase++)
    {
      g_autofree char *time = lk_duration_format (lk_attempt_get_phase_us (attempt, phase));
      GtkWidget *cell = add_cell (self, grid, COLUMN_DNS + phase, time);

      if (lk_attempt_broke_off (attempt) && phase == (int) lk_attempt_get_last_phase (attempt))
        gtk_widget_add_css_class (cell, "error");
    }
  add_cell (self, grid, COLUMN_TOTAL, total);
}

static void
add_cause (GtkWidget *grid, const LkAttempt *attempt)
{
  g_autofree char *when = lk_time_format_long (attempt->started_at);
  gboolean has_cause = attempt->cause != NULL && *attempt->cause != '\0';
  g_autofree char *text =
      g_strdup_printf ("%s%s%s", when, has_cause ? "  ·  " : "", has_cause ? attempt->cause : "");
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "small");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_tooltip_text (label, has_cause ? attempt->cause : NULL);
  gtk_grid_attach (GTK_GRID (grid), label, COLUMN_ANSWER, 2, N_COLUMNS - COLUMN_ANSWER, 1);
}

/* What a screen reader says of the line. */
static void
name_row (GtkWidget *row, const LkAttempt *attempt)
{
  g_autofree char *title = lk_attempt_format_title (attempt);
  g_autofree char *phases = lk_attempt_format_phases (attempt);
  g_autofree char *name = g_strdup_printf ("%s. %s. %s", title, phases, attempt->cause);

  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GtkWidget *
add_row (LkAttemptTable *self, const LkAttempt *attempt)
{
  GtkWidget *grid = make_grid ();
  GtkWidget *row = gtk_list_box_row_new ();
  g_autofree char *number = g_strdup_printf ("%d", attempt->number);
  g_autofree char *answer = lk_attempt_format_answer (attempt);
  GtkWidget *answer_label;

  add_cell (self, grid, COLUMN_NUMBER, number);
  answer_label = add_cell (self, grid, COLUMN_ANSWER, answer);
  gtk_widget_set_tooltip_text (answer_label, answer);
  add_times (self, grid, attempt);
  gtk_grid_attach (GTK_GRID (grid), lk_phase_bar_new (attempt), COLUMN_ANSWER, 1,
                   N_COLUMNS - COLUMN_ANSWER, 1);
  add_cause (grid, attempt);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), grid);
  name_row (row, attempt);
  g_object_set_data (G_OBJECT (row), "attempt", (gpointer) attempt); /* lives in self->attempts */
  gtk_list_box_append (self->list, row);

  return row;
}

static void
selected_rows_changed_cb (LkAttemptTable *self)
{
  g_assert (LK_IS_ATTEMPT_TABLE (self));

  if (!self->is_filling)
    g_signal_emit (self, signals[CHOSEN], 0);
}

static void
clear (LkAttemptTable *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

static void
lk_attempt_table_dispose (GObject *object)
{
  LkAttemptTable *self = LK_ATTEMPT_TABLE (object);

  self->is_filling = TRUE;
  lk_widget_unparent_children (GTK_WIDGET (self));
  for (int i = 0; i < N_COLUMNS; i++)
    g_clear_object (&self->widths[i]);
  g_clear_pointer (&self->attempts, g_ptr_array_unref);

  G_OBJECT_CLASS (lk_attempt_table_parent_class)->dispose (object);
}

static void
lk_attempt_table_class_init (LkAttemptTableClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_attempt_table_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);

  signals[CHOSEN] = g_signal_new ("chosen", LK_TYPE_ATTEMPT_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
lk_attempt_table_init (LkAttemptTable *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "attempt-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Attempts"), -1);
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_BROWSE);
  gtk_widget_set_parent (GTK_WIDGET (self->list), GTK_WIDGET (self));
  g_signal_connect_swapped (self->list, "selected-rows-changed",
                            G_CALLBACK (selected_rows_changed_cb), self);
  for (int i = 0; i < N_COLUMNS; i++)
    self->widths[i] = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
}

/**
 * lk_attempt_table_show:
 * @self: a table
 * @attempts: (element-type LkAttempt): the attempts of a delivery, the first one first
 * @number: which of them to choose; 0 for the latest
 */
void
lk_attempt_table_show (LkAttemptTable *self, GPtrArray *attempts, int number)
{
  g_return_if_fail (LK_IS_ATTEMPT_TABLE (self));

  self->is_filling = TRUE;
  clear (self);
  g_ptr_array_ref (attempts);
  g_clear_pointer (&self->attempts, g_ptr_array_unref);
  self->attempts = attempts;
  if (attempts->len > 0)
    add_heads (self);
  for (guint i = attempts->len; i > 0; i--)
    {
      const LkAttempt *attempt = g_ptr_array_index (attempts, i - 1);
      GtkWidget *row = add_row (self, attempt);

      if (attempt->number == number || (number == 0 && i == attempts->len))
        gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row));
    }
  self->is_filling = FALSE;
  g_signal_emit (self, signals[CHOSEN], 0);
}

/**
 * lk_attempt_table_get_chosen:
 * @self: a table
 *
 * Returns: (nullable): the attempt that is chosen; %NULL where there is none
 */
const LkAttempt *
lk_attempt_table_get_chosen (LkAttemptTable *self)
{
  GtkListBoxRow *row;

  g_return_val_if_fail (LK_IS_ATTEMPT_TABLE (self), NULL);

  row = gtk_list_box_get_selected_row (self->list);

  return row != NULL ? g_object_get_data (G_OBJECT (row), "attempt") : NULL;
}
