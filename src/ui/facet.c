/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-facet"

#include "config.h"

#include "ui/facet.h"
#include "ui/ui-init.h"

/* Characters of a value, on the button and in the list. */
#define TITLE_WIDTH     16
#define TITLE_MIN_WIDTH 9
#define LIST_WIDTH      48
#define LIST_MIN_WIDTH  14

#define LK_TYPE_FACET_LINE (lk_facet_line_get_type ())
G_DECLARE_FINAL_TYPE (LkFacetLine, lk_facet_line, LK, FACET_LINE, GObject)

struct _LkFacetLine
{
  GObject parent_instance;

  char *id;
  char *title;
  gint64 n;
};

G_DEFINE_FINAL_TYPE (LkFacetLine, lk_facet_line, G_TYPE_OBJECT)

enum
{
  LINE_PROP_0,
  LINE_PROP_COUNT,
};

struct _LkFacet
{
  GtkWidget parent_instance;

  GtkDropDown *drop_down;
  GListStore *lines;
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (LkFacet, lk_facet, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
lk_facet_line_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LkFacetLine *self = LK_FACET_LINE (object);

  switch (prop_id)
    {
    case LINE_PROP_COUNT:
      g_value_take_string (value, self->n < 0 ? g_strdup ("")
                                              : g_strdup_printf ("%'" G_GINT64_FORMAT, self->n));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lk_facet_line_finalize (GObject *object)
{
  LkFacetLine *self = LK_FACET_LINE (object);

  g_free (self->id);
  g_free (self->title);
  G_OBJECT_CLASS (lk_facet_line_parent_class)->finalize (object);
}

static void
lk_facet_line_class_init (LkFacetLineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lk_facet_line_get_property;
  object_class->finalize = lk_facet_line_finalize;
  g_object_class_install_property (
      object_class, LINE_PROP_COUNT,
      g_param_spec_string ("count", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
lk_facet_line_init (LkFacetLine *self)
{
}

static LkFacetLine *
line_new (const LkFacetValue *value)
{
  LkFacetLine *self = g_object_new (LK_TYPE_FACET_LINE, NULL);

  self->id = g_strdup (value->id);
  self->title = g_strdup (value->title);
  self->n = value->n;

  return self;
}

LkFacetValue *
lk_facet_value_new (const char *id, const char *title, gint64 n)
{
  LkFacetValue *self = g_new0 (LkFacetValue, 1);

  self->id = g_strdup (id);
  self->title = g_strdup (title);
  self->n = n;

  return self;
}

void
lk_facet_value_free (LkFacetValue *self)
{
  g_free (self->id);
  g_free (self->title);
  g_free (self);
}

static LkFacetLine *
get_line (LkFacet *self, guint position)
{
  g_autoptr (LkFacetLine) line = g_list_model_get_item (G_LIST_MODEL (self->lines), position);

  /* The list keeps it. */
  return line;
}

static gboolean
has_same_values (LkFacet *self, GPtrArray *values)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->lines)) != values->len)
    return FALSE;

  for (guint i = 0; i < values->len; i++)
    {
      const LkFacetValue *value = g_ptr_array_index (values, i);
      const LkFacetLine *line = get_line (self, i);

      if (!g_str_equal (line->id, value->id) || !g_str_equal (line->title, value->title))
        return FALSE;
    }

  return TRUE;
}

/* The lines stay, so that an open list stays where it is. */
static void
update_counts (LkFacet *self, GPtrArray *values)
{
  for (guint i = 0; i < values->len; i++)
    {
      LkFacetLine *line = get_line (self, i);
      gint64 n = ((const LkFacetValue *) g_ptr_array_index (values, i))->n;

      if (line->n != n)
        {
          line->n = n;
          g_object_notify (G_OBJECT (line), "count");
        }
    }
}

static void
replace_lines (LkFacet *self, GPtrArray *values)
{
  g_autofree char *chosen = g_strdup (lk_facet_get (self));
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < values->len; i++)
    g_ptr_array_add (lines, line_new (g_ptr_array_index (values, i)));

  self->filling = TRUE;
  g_list_store_splice (self->lines, 0, g_list_model_get_n_items (G_LIST_MODEL (self->lines)),
                       lines->pdata, lines->len);
  lk_facet_set (self, chosen);
  self->filling = FALSE;
}

static GtkWidget *
make_title (int width)
{
  GtkWidget *title = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (title), width);
  gtk_widget_set_hexpand (title, TRUE);

  return title;
}

static void
setup_button_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *title = make_title (TITLE_WIDTH);

  gtk_label_set_width_chars (GTK_LABEL (title), TITLE_MIN_WIDTH);
  gtk_list_item_set_child (item, title);
}

static void
bind_button_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  LkFacetLine *line = gtk_list_item_get_item (item);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), line->title);
}

static void
setup_line_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  GtkWidget *title = make_title (LIST_WIDTH);
  GtkWidget *count = gtk_label_new (NULL);
  g_autoptr (GtkExpression) line = gtk_property_expression_new (GTK_TYPE_LIST_ITEM, NULL, "item");
  GtkExpression *n =
      gtk_property_expression_new (LK_TYPE_FACET_LINE, gtk_expression_ref (line), "count");

  gtk_label_set_width_chars (GTK_LABEL (title), LIST_MIN_WIDTH);
  gtk_widget_add_css_class (count, "dim-label");
  gtk_widget_add_css_class (count, "numeric");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), count);
  gtk_expression_bind (n, count, "label", item);
  gtk_list_item_set_child (item, box);
}

static void
bind_line_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  LkFacetLine *line = gtk_list_item_get_item (item);
  GtkWidget *title = gtk_widget_get_first_child (gtk_list_item_get_child (item));

  gtk_label_set_text (GTK_LABEL (title), line->title);
}

static void
selected_cb (GtkDropDown *drop_down, GParamSpec *pspec, LkFacet *self)
{
  g_assert (LK_IS_FACET (self));

  if (!self->filling)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
lk_facet_dispose (GObject *object)
{
  LkFacet *self = LK_FACET (object);

  lk_widget_unparent_children (GTK_WIDGET (self));
  self->drop_down = NULL;
  g_clear_object (&self->lines);

  G_OBJECT_CLASS (lk_facet_parent_class)->dispose (object);
}

static void
lk_facet_class_init (LkFacetClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_facet_dispose;
  signals[CHANGED] = g_signal_new ("changed", LK_TYPE_FACET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static GtkListItemFactory *
make_factory (GCallback setup, GCallback bind)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", setup, NULL);
  g_signal_connect (factory, "bind", bind, NULL);

  return factory;
}

static void
lk_facet_init (LkFacet *self)
{
  g_autoptr (GtkListItemFactory) of_button =
      make_factory (G_CALLBACK (setup_button_cb), G_CALLBACK (bind_button_cb));
  g_autoptr (GtkListItemFactory) of_list =
      make_factory (G_CALLBACK (setup_line_cb), G_CALLBACK (bind_line_cb));

  self->lines = g_list_store_new (LK_TYPE_FACET_LINE);
  self->drop_down =
      GTK_DROP_DOWN (gtk_drop_down_new (g_object_ref (G_LIST_MODEL (self->lines)), NULL));
  gtk_drop_down_set_factory (self->drop_down, of_button);
  gtk_drop_down_set_list_factory (self->drop_down, of_list);
  gtk_widget_set_parent (GTK_WIDGET (self->drop_down), GTK_WIDGET (self));
  g_signal_connect (self->drop_down, "notify::selected", G_CALLBACK (selected_cb), self);
}

/**
 * lk_facet_set_title:
 * @self: a facet
 * @title: what it is about, for a screen reader
 */
void
lk_facet_set_title (LkFacet *self, const char *title)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->drop_down), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title, -1);
}

/**
 * lk_facet_set_values:
 * @self: a facet
 * @values: (element-type LkFacetValue): what there is to choose from, the one for all first; what
 * is chosen should be among them
 *
 * Does not emit `changed`.
 */
void
lk_facet_set_values (LkFacet *self, GPtrArray *values)
{
  g_return_if_fail (LK_IS_FACET (self));

  if (has_same_values (self, values))
    update_counts (self, values);
  else
    replace_lines (self, values);
}

/**
 * lk_facet_get:
 * @self: a facet
 *
 * Returns: (transfer none): the id of what is chosen; "" for all
 */
const char *
lk_facet_get (LkFacet *self)
{
  LkFacetLine *line;

  g_return_val_if_fail (LK_IS_FACET (self), "");

  line = gtk_drop_down_get_selected_item (self->drop_down);

  return line != NULL ? line->id : "";
}

/**
 * lk_facet_set:
 * @self: a facet
 * @id: what to choose; all when there is no such value
 */
void
lk_facet_set (LkFacet *self, const char *id)
{
  guint n_lines = g_list_model_get_n_items (G_LIST_MODEL (self->lines));
  guint chosen = 0;

  g_return_if_fail (LK_IS_FACET (self));

  for (guint i = 0; i < n_lines; i++)
    if (g_str_equal (get_line (self, i)->id, id))
      chosen = i;
  gtk_drop_down_set_selected (self->drop_down, chosen);
}
