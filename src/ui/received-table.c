/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-received-table"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/form.h"
#include "ui/received-table.h"

#define LK_TYPE_RECEIVED_LINE (lk_received_line_get_type ())
G_DECLARE_FINAL_TYPE (LkReceivedLine, lk_received_line, LK, RECEIVED_LINE, GObject)

struct _LkReceivedLine
{
  GObject parent;

  LkReceived *received;
};

G_DEFINE_FINAL_TYPE (LkReceivedLine, lk_received_line, G_TYPE_OBJECT)

typedef char *(*FormatFunc) (const LkReceived *received);
typedef gboolean (*ValidFunc) (const LkReceived *received);

/* What a column shows. */
typedef struct
{
  const char *title;
  FormatFunc format;
  ValidFunc valid; /* (nullable): colours the text by a verdict */
  int width;       /* pixels; 0 takes what is left */
} Column;

static void
lk_received_line_finalize (GObject *object)
{
  g_clear_pointer (&LK_RECEIVED_LINE (object)->received, lk_received_free);
  G_OBJECT_CLASS (lk_received_line_parent_class)->finalize (object);
}

static void
lk_received_line_class_init (LkReceivedLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_received_line_finalize;
}

static void
lk_received_line_init (LkReceivedLine *self)
{
}

static char *
format_number (const LkReceived *received)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, received->sequence);
}

static char *
format_time (const LkReceived *received)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (received->received_at / LK_SECOND);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);

  return g_date_time_format (local, "%H:%M:%S");
}

static char *
format_task (const LkReceived *received)
{
  return g_strdup (received->task_name);
}

static char *
format_key (const LkReceived *received)
{
  return g_strdup (received->activation_key);
}

static char *
format_qlm (const LkReceived *received)
{
  return g_strdup (received->qlm_verdict);
}

static char *
format_standard (const LkReceived *received)
{
  return g_strdup (received->standard_verdict);
}

static char *
format_answer (const LkReceived *received)
{
  return g_strdup_printf ("%u", received->answer);
}

static gboolean
is_qlm_valid (const LkReceived *received)
{
  return received->qlm_valid;
}

static gboolean
is_standard_valid (const LkReceived *received)
{
  return received->standard_valid;
}

static const Column columns[] = {
  { "#", format_number, NULL, 56 },
  { N_ ("Time"), format_time, NULL, 84 },
  { N_ ("Task"), format_task, NULL, 170 },
  { N_ ("Activation key"), format_key, NULL, 200 },
  { N_ ("X-QLM-Signature"), format_qlm, is_qlm_valid, 140 },
  { N_ ("Standard Webhooks"), format_standard, is_standard_valid, 0 },
  { N_ ("Answered"), format_answer, NULL, 112 },
};

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  const Column *column = user_data;
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (column->valid != NULL)
    lk_form_show_text_as_tooltip (GTK_LABEL (label));
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  const Column *column = user_data;
  LkReceivedLine *line = gtk_list_item_get_item (item);
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *text = column->format (line->received);
  const char *css_class = NULL;

  if (column->valid != NULL)
    css_class = column->valid (line->received) ? "success" : "error";
  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_widget_set_css_classes (label, (const char *[]){ css_class, NULL });
}

static void
add_column (GtkColumnView *view, const Column *description)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) description);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer) description);
  column = gtk_column_view_column_new (_ (description->title), factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  if (description->width > 0)
    gtk_column_view_column_set_fixed_width (column, description->width);
  else
    gtk_column_view_column_set_expand (column, TRUE);
  gtk_column_view_append_column (view, column);
}

static GListStore *
get_lines (GtkColumnView *view)
{
  GtkSingleSelection *selection = GTK_SINGLE_SELECTION (gtk_column_view_get_model (view));

  return G_LIST_STORE (gtk_single_selection_get_model (selection));
}

/**
 * lk_received_table_set_up:
 * @view: an empty view
 *
 * Returns: (transfer none): the selection, to learn of changes
 */
GtkSingleSelection *
lk_received_table_set_up (GtkColumnView *view)
{
  GListStore *lines = g_list_store_new (LK_TYPE_RECEIVED_LINE);
  g_autoptr (GtkSingleSelection) selection = gtk_single_selection_new (G_LIST_MODEL (lines));

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    add_column (view, &columns[i]);
  gtk_column_view_set_model (view, GTK_SELECTION_MODEL (selection));
  return selection; /* the view keeps it alive */
}

/**
 * lk_received_table_add:
 * @view: a view that was set up
 * @arrived: (element-type LkReceived): what arrived, oldest first; copied
 * @max: how many lines to keep
 */
void
lk_received_table_add (GtkColumnView *view, GPtrArray *arrived, guint max)
{
  GListStore *lines = get_lines (view);
  g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_lines;

  for (guint i = arrived->len; i > 0 && added->len < max; i--)
    {
      LkReceivedLine *line = g_object_new (LK_TYPE_RECEIVED_LINE, NULL);

      line->received = lk_received_copy (arrived->pdata[i - 1]);
      g_ptr_array_add (added, line);
    }
  g_list_store_splice (lines, 0, 0, added->pdata, added->len);
  n_lines = lk_received_table_count (view);
  if (n_lines > max)
    g_list_store_splice (lines, max, n_lines - max, NULL, 0);
}

void
lk_received_table_clear (GtkColumnView *view)
{
  g_list_store_remove_all (get_lines (view));
}

guint
lk_received_table_count (GtkColumnView *view)
{
  return g_list_model_get_n_items (G_LIST_MODEL (get_lines (view)));
}

/* Returns: (transfer none) (nullable): the chosen request */
const LkReceived *
lk_received_table_get_selected (GtkColumnView *view)
{
  GtkSingleSelection *selection = GTK_SINGLE_SELECTION (gtk_column_view_get_model (view));
  LkReceivedLine *line = gtk_single_selection_get_selected_item (selection);

  return line != NULL ? line->received : NULL;
}
