/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ribbon-page"

#include "config.h"

#include "ui/ribbon-page.h"

struct _LkRibbonPage
{
  GtkWidget parent_instance;

  char *title;
};

static GtkBuildableIface *parent_buildable;

static void buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LkRibbonPage, lk_ribbon_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_init))

enum
{
  PROP_0,
  PROP_TITLE,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void
lk_ribbon_page_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  gboolean is_horizontal = orientation == GTK_ORIENTATION_HORIZONTAL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum;
      int child_natural;

      gtk_widget_measure (child, orientation, -1, &child_minimum, &child_natural, NULL, NULL);
      *minimum = is_horizontal ? *minimum + child_minimum : MAX (*minimum, child_minimum);
      *natural = is_horizontal ? *natural + child_natural : MAX (*natural, child_natural);
    }
}

/* How many groups, counted from the last, must shrink so that all fit into @width pixels. */
static guint
count_shrunk (GtkWidget *widget, int width)
{
  int minimum = 0;
  int needed = 0;
  guint n_shrunk = 0;

  /* Its own measure, without the padding that the theme adds outside of @width. */
  lk_ribbon_page_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &needed, NULL, NULL);
  for (GtkWidget *child = gtk_widget_get_last_child (widget); child != NULL && needed > width;
       child = gtk_widget_get_prev_sibling (child))
    {
      int child_minimum;
      int child_natural;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural,
                          NULL, NULL);
      needed -= child_natural - child_minimum;
      n_shrunk++;
    }

  return n_shrunk;
}

static guint
count_groups (GtkWidget *widget)
{
  guint n_groups = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n_groups++;

  return n_groups;
}

static void
lk_ribbon_page_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  guint n_natural = count_groups (widget) - count_shrunk (widget, width);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int x = is_rtl ? width : 0;
  guint i = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child), i++)
    {
      int child_minimum;
      int child_natural;
      int child_width;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural,
                          NULL, NULL);
      child_width = i < n_natural ? child_natural : child_minimum;
      if (is_rtl)
        x -= child_width;
      gtk_widget_size_allocate (child, &(GtkAllocation){ x, 0, child_width, height }, -1);
      if (!is_rtl)
        x += child_width;
    }
}

static void
add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  if (GTK_IS_WIDGET (child))
    gtk_widget_set_parent (GTK_WIDGET (child), GTK_WIDGET (buildable));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = add_child;
}

static void
lk_ribbon_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, LK_RIBBON_PAGE (object)->title);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lk_ribbon_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LkRibbonPage *self = LK_RIBBON_PAGE (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_free (self->title);
      self->title = g_value_dup_string (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lk_ribbon_page_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (lk_ribbon_page_parent_class)->dispose (object);
}

static void
lk_ribbon_page_finalize (GObject *object)
{
  g_clear_pointer (&LK_RIBBON_PAGE (object)->title, g_free);

  G_OBJECT_CLASS (lk_ribbon_page_parent_class)->finalize (object);
}

static void
lk_ribbon_page_class_init (LkRibbonPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lk_ribbon_page_get_property;
  object_class->set_property = lk_ribbon_page_set_property;
  object_class->dispose = lk_ribbon_page_dispose;
  object_class->finalize = lk_ribbon_page_finalize;
  widget_class->measure = lk_ribbon_page_measure;
  widget_class->size_allocate = lk_ribbon_page_size_allocate;

  properties[PROP_TITLE] =
      g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_css_name (widget_class, "ribbon-page");
}

static void
lk_ribbon_page_init (LkRibbonPage *self)
{
}

/**
 * lk_ribbon_page_get_title:
 * @self: a page
 *
 * Returns: (transfer none): the title of its tab, with mnemonic
 */
const char *
lk_ribbon_page_get_title (LkRibbonPage *self)
{
  g_return_val_if_fail (LK_IS_RIBBON_PAGE (self), NULL);

  return self->title;
}
