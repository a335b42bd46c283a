/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-choice"

#include "config.h"

#include "ui/choice.h"

#define LK_TYPE_CHOICE_LINE (lk_choice_line_get_type ())
G_DECLARE_FINAL_TYPE (LkChoiceLine, lk_choice_line, LK, CHOICE_LINE, GObject)

struct _LkChoiceLine
{
  GObject parent;

  gint64 id;
  char *name;
};

G_DEFINE_FINAL_TYPE (LkChoiceLine, lk_choice_line, G_TYPE_OBJECT)

static void
lk_choice_line_finalize (GObject *object)
{
  g_free (LK_CHOICE_LINE (object)->name);
  G_OBJECT_CLASS (lk_choice_line_parent_class)->finalize (object);
}

static void
lk_choice_line_class_init (LkChoiceLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_choice_line_finalize;
}

static void
lk_choice_line_init (LkChoiceLine *self)
{
}

static char *
get_name_cb (LkChoiceLine *line, gpointer user_data)
{
  return g_strdup (line->name);
}

/**
 * lk_choice_set_up:
 * @drop_down: a drop-down
 *
 * Makes it one whose lines have ids; called once.
 */
void
lk_choice_set_up (GtkDropDown *drop_down)
{
  g_autoptr (GListStore) lines = g_list_store_new (LK_TYPE_CHOICE_LINE);
  g_autoptr (GtkExpression) name = gtk_cclosure_expression_new (
      G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (get_name_cb), NULL, NULL);

  gtk_drop_down_set_expression (drop_down, name);
  gtk_drop_down_set_model (drop_down, G_LIST_MODEL (lines));
}

void
lk_choice_clear (GtkDropDown *drop_down)
{
  g_list_store_remove_all (G_LIST_STORE (gtk_drop_down_get_model (drop_down)));
}

void
lk_choice_add (GtkDropDown *drop_down, gint64 id, const char *name)
{
  g_autoptr (LkChoiceLine) line = g_object_new (LK_TYPE_CHOICE_LINE, NULL);

  line->id = id;
  line->name = g_strdup (name);
  g_list_store_append (G_LIST_STORE (gtk_drop_down_get_model (drop_down)), line);
}

/* Returns: the id of the chosen line; 0 when none is chosen */
gint64
lk_choice_get (GtkDropDown *drop_down)
{
  LkChoiceLine *line = gtk_drop_down_get_selected_item (drop_down);

  return line != NULL ? line->id : 0;
}

/**
 * lk_choice_set:
 * @drop_down: a drop-down
 * @id: which line to choose; one that is not there chooses none
 */
void
lk_choice_set (GtkDropDown *drop_down, gint64 id)
{
  GListModel *lines = gtk_drop_down_get_model (drop_down);

  for (guint i = 0; i < g_list_model_get_n_items (lines); i++)
    {
      g_autoptr (LkChoiceLine) line = g_list_model_get_item (lines, i);

      if (line->id == id)
        {
          gtk_drop_down_set_selected (drop_down, i);
          return;
        }
    }

  gtk_drop_down_set_selected (drop_down, GTK_INVALID_LIST_POSITION);
}
