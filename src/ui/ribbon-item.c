/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ribbon-item"

#include "config.h"

#include "ui/ribbon-item.h"
#include "ui/ui-init.h"

#define ICON_SIZE 24
#define GAP       3

struct _LkRibbonItem
{
  GtkWidget parent_instance;

  GtkImage *icon;
  GtkWidget *caption; /* the label and the arrow */
  GtkLabel *label;
  GtkWidget *arrow;
};

G_DEFINE_FINAL_TYPE (LkRibbonItem, lk_ribbon_item, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_ICON_NAME,
  PROP_LABEL,
  PROP_ARROW,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void
lk_ribbon_item_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  LkRibbonItem *self = LK_RIBBON_ITEM (widget);
  int icon_natural;
  int caption_natural;

  gtk_widget_measure (GTK_WIDGET (self->icon), orientation, -1, NULL, &icon_natural, NULL, NULL);
  gtk_widget_measure (self->caption, orientation, -1, NULL, &caption_natural, NULL, NULL);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = icon_natural;
      *natural = MAX (icon_natural, caption_natural);
    }
  else
    *minimum = *natural = icon_natural + GAP + caption_natural;
}

static void
lk_ribbon_item_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LkRibbonItem *self = LK_RIBBON_ITEM (widget);
  int icon_height;
  int caption_width;
  int caption_height;
  gboolean has_room;

  gtk_widget_measure (GTK_WIDGET (self->icon), GTK_ORIENTATION_VERTICAL, -1, NULL, &icon_height,
                      NULL, NULL);
  gtk_widget_measure (self->caption, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &caption_width, NULL,
                      NULL);
  gtk_widget_measure (self->caption, GTK_ORIENTATION_VERTICAL, -1, NULL, &caption_height, NULL,
                      NULL);

  has_room = width >= caption_width;
  gtk_widget_set_child_visible (self->caption, has_room);
  if (!has_room)
    icon_height = height;
  gtk_widget_size_allocate (GTK_WIDGET (self->icon), &(GtkAllocation){ 0, 0, width, icon_height },
                            -1);
  if (has_room)
    gtk_widget_size_allocate (self->caption,
                              &(GtkAllocation){ (width - caption_width) / 2,
                                                height - caption_height, caption_width,
                                                caption_height },
                              -1);
}

static void
lk_ribbon_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LkRibbonItem *self = LK_RIBBON_ITEM (object);

  switch (prop_id)
    {
    case PROP_ICON_NAME:
      g_value_set_string (value, gtk_image_get_icon_name (self->icon));
      break;

    case PROP_LABEL:
      g_value_set_string (value, gtk_label_get_label (self->label));
      break;

    case PROP_ARROW:
      g_value_set_boolean (value, gtk_widget_get_visible (self->arrow));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lk_ribbon_item_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LkRibbonItem *self = LK_RIBBON_ITEM (object);

  switch (prop_id)
    {
    case PROP_ICON_NAME:
      gtk_image_set_from_icon_name (self->icon, g_value_get_string (value));
      break;

    case PROP_LABEL:
      gtk_label_set_label (self->label, g_value_get_string (value));
      break;

    case PROP_ARROW:
      gtk_widget_set_visible (self->arrow, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lk_ribbon_item_dispose (GObject *object)
{
  LkRibbonItem *self = LK_RIBBON_ITEM (object);

  lk_widget_unparent_children (GTK_WIDGET (self));

  G_OBJECT_CLASS (lk_ribbon_item_parent_class)->dispose (object);
}

static void
lk_ribbon_item_class_init (LkRibbonItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lk_ribbon_item_get_property;
  object_class->set_property = lk_ribbon_item_set_property;
  object_class->dispose = lk_ribbon_item_dispose;
  widget_class->measure = lk_ribbon_item_measure;
  widget_class->size_allocate = lk_ribbon_item_size_allocate;

  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LABEL] =
      g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ARROW] =
      g_param_spec_boolean ("arrow", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_css_name (widget_class, "ribbon-item");
}

static void
lk_ribbon_item_init (LkRibbonItem *self)
{
  self->icon = GTK_IMAGE (gtk_image_new ());
  self->caption = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2);
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_use_underline (self->label, TRUE);
  self->arrow = gtk_image_new_from_icon_name ("pan-down-symbolic");

  gtk_image_set_pixel_size (self->icon, ICON_SIZE);
  gtk_widget_set_visible (self->arrow, FALSE);
  gtk_box_append (GTK_BOX (self->caption), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (self->caption), self->arrow);
  gtk_widget_set_parent (GTK_WIDGET (self->icon), GTK_WIDGET (self));
  gtk_widget_set_parent (self->caption, GTK_WIDGET (self));
}
