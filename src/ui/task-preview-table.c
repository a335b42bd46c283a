/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-preview-table"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/form.h"
#include "ui/task-preview-table.h"

#define LK_TYPE_TASK_PREVIEW_LINE (lk_task_preview_line_get_type ())
G_DECLARE_FINAL_TYPE (LkTaskPreviewLine, lk_task_preview_line, LK, TASK_PREVIEW_LINE, GObject)

enum
{
  COLUMN_WHEN,
  COLUMN_LICENSE,
  COLUMN_CUSTOMER,
  COLUMN_RULE,
  N_COLUMNS
};

/* A row of the preview, as texts of its own: the preview may be replaced while it is shown. */
struct _LkTaskPreviewLine
{
  GObject parent;

  guint row;
  char *texts[N_COLUMNS];
};

G_DEFINE_FINAL_TYPE (LkTaskPreviewLine, lk_task_preview_line, G_TYPE_OBJECT)

static const struct
{
  const char *title;
  int width; /* pixels; the last one also takes what is left */
} columns[] = {
  [COLUMN_WHEN] = { N_ ("When"), 192 },
  [COLUMN_LICENSE] = { N_ ("License"), 324 },
  [COLUMN_CUSTOMER] = { N_ ("Customer"), 160 },
  [COLUMN_RULE] = { N_ ("Rule"), 200 },
};

G_STATIC_ASSERT (G_N_ELEMENTS (columns) == N_COLUMNS);

static void
lk_task_preview_line_finalize (GObject *object)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    g_free (LK_TASK_PREVIEW_LINE (object)->texts[i]);
  G_OBJECT_CLASS (lk_task_preview_line_parent_class)->finalize (object);
}

static void
lk_task_preview_line_class_init (LkTaskPreviewLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_task_preview_line_finalize;
}

static void
lk_task_preview_line_init (LkTaskPreviewLine *self)
{
}

static LkTaskPreviewLine *
line_new (const LkPreview *preview, guint row, GTimeZone *zone)
{
  LkTaskPreviewLine *line = g_object_new (LK_TYPE_TASK_PREVIEW_LINE, NULL);
  const LkPreviewRow *values = g_ptr_array_index (preview->rows, row);
  const LkPreviewRun *run = lk_preview_get_run (preview, values);

  line->row = row;
  line->texts[COLUMN_WHEN] = run->when == LK_PREVIEW_NOW
                                 ? g_strdup (_ ("Now"))
                                 : lk_form_format_instant (run->due_at, zone);
  line->texts[COLUMN_LICENSE] = g_strdup (values->license_key);
  line->texts[COLUMN_CUSTOMER] = g_strdup (values->customer);
  line->texts[COLUMN_RULE] = g_strdup (values->rule);

  return line;
}

static gboolean
is_chosen (LkPreviewWhen when, LkPreviewChoice choice)
{
  switch (choice)
    {
    case LK_PREVIEW_CHOICE_NOW:
      return when == LK_PREVIEW_NOW;
    case LK_PREVIEW_CHOICE_NEXT:
      return when == LK_PREVIEW_NEXT;
    case LK_PREVIEW_CHOICE_DAYS:
    default:
      return when != LK_PREVIEW_NOW;
    }
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  lk_form_show_text_as_tooltip (GTK_LABEL (label));
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  const LkTaskPreviewLine *line = gtk_list_item_get_item (item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       line->texts[GPOINTER_TO_UINT (user_data)]);
}

static void
add_column (GtkColumnView *view, guint i)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (i));
  column = gtk_column_view_column_new (_ (columns[i].title), factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_fixed_width (column, columns[i].width);
  gtk_column_view_column_set_expand (column, i == N_COLUMNS - 1);
  gtk_column_view_append_column (view, column);
}

static GtkSingleSelection *
get_selection (GtkColumnView *view)
{
  return GTK_SINGLE_SELECTION (gtk_column_view_get_model (view));
}

/**
 * lk_task_preview_table_set_up:
 * @view: an empty view
 *
 * Returns: (transfer none): the selection, to learn of changes
 */
GtkSingleSelection *
lk_task_preview_table_set_up (GtkColumnView *view)
{
  GListStore *lines = g_list_store_new (LK_TYPE_TASK_PREVIEW_LINE);
  g_autoptr (GtkSingleSelection) selection = gtk_single_selection_new (G_LIST_MODEL (lines));

  for (guint i = 0; i < N_COLUMNS; i++)
    add_column (view, i);
  gtk_column_view_set_model (view, GTK_SELECTION_MODEL (selection));

  return selection; /* the view keeps it alive */
}

/**
 * lk_task_preview_table_show:
 * @view: a view that was set up
 * @preview: (nullable): what to show; %NULL for nothing
 * @choice: which rows of it
 * @zone: of the task
 */
void
lk_task_preview_table_show (GtkColumnView *view, const LkPreview *preview, LkPreviewChoice choice,
                            GTimeZone *zone)
{
  GListStore *lines = G_LIST_STORE (gtk_single_selection_get_model (get_selection (view)));
  g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; preview != NULL && i < preview->rows->len; i++)
    if (is_chosen (lk_preview_get_run (preview, g_ptr_array_index (preview->rows, i))->when,
                   choice))
      g_ptr_array_add (added, line_new (preview, i, zone));

  g_list_store_splice (lines, 0, g_list_model_get_n_items (G_LIST_MODEL (lines)), added->pdata,
                       added->len);
}

/**
 * lk_task_preview_table_get_selected:
 * @view: a view that was set up
 * @preview: (nullable): what it shows
 *
 * Returns: (transfer none) (nullable): the chosen row
 */
const LkPreviewRow *
lk_task_preview_table_get_selected (GtkColumnView *view, const LkPreview *preview)
{
  const LkTaskPreviewLine *line = gtk_single_selection_get_selected_item (get_selection (view));

  return preview != NULL && line != NULL && line->row < preview->rows->len
             ? g_ptr_array_index (preview->rows, line->row)
             : NULL;
}
