/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ribbon"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/ribbon.h"
#include "ui/ui-init.h"

struct _LkRibbon
{
  GtkWidget parent_instance;

  GtkBox *tabs;
  GtkRevealer *revealer;
  GtkStack *stack;
  gboolean was_expanded; /* before the first click of a double click */
};

static GtkBuildableIface *parent_buildable;

static void buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LkRibbon, lk_ribbon, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_init))

enum
{
  PROP_0,
  PROP_EXPANDED,
  PROP_PAGE,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void
tab_toggled_cb (GtkToggleButton *tab, LkRibbon *self)
{
  g_assert (LK_IS_RIBBON (self));

  if (gtk_toggle_button_get_active (tab))
    lk_ribbon_set_page (self, gtk_widget_get_name (GTK_WIDGET (tab)));
}

static void
tab_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, LkRibbon *self)
{
  g_assert (LK_IS_RIBBON (self));

  if (n_press == 1)
    {
      self->was_expanded = lk_ribbon_get_expanded (self);
      lk_ribbon_set_expanded (self, TRUE);
    }
  else if (n_press == 2 && self->was_expanded)
    lk_ribbon_set_expanded (self, FALSE);
}

static GtkWidget *
new_tab (LkRibbon *self, LkRibbonPage *page)
{
  GtkWidget *tab = gtk_toggle_button_new_with_mnemonic (lk_ribbon_page_get_title (page));
  GtkWidget *first = gtk_widget_get_first_child (GTK_WIDGET (self->tabs));
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_set_name (tab, gtk_widget_get_name (GTK_WIDGET (page)));
  gtk_widget_add_css_class (tab, "flat");
  gtk_widget_add_css_class (tab, "ribbon-tab");
  if (first != NULL)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (tab), GTK_TOGGLE_BUTTON (first));
  else
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (tab), TRUE);

  /* Before the button, which keeps the second click for itself. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (tab_pressed_cb), self);
  gtk_widget_add_controller (tab, GTK_EVENT_CONTROLLER (click));
  g_signal_connect (tab, "toggled", G_CALLBACK (tab_toggled_cb), self);

  return tab;
}

static void
add_page (LkRibbon *self, LkRibbonPage *page)
{
  gtk_stack_add_named (self->stack, GTK_WIDGET (page), gtk_widget_get_name (GTK_WIDGET (page)));
  gtk_box_append (self->tabs, new_tab (self, page));
}

static void
add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  LkRibbon *self = LK_RIBBON (buildable);

  if (LK_IS_RIBBON_PAGE (child))
    add_page (self, LK_RIBBON_PAGE (child));
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
page_changed_cb (GtkStack *stack, GParamSpec *pspec, LkRibbon *self)
{
  const char *name = gtk_stack_get_visible_child_name (stack);

  g_assert (LK_IS_RIBBON (self));

  for (GtkWidget *tab = gtk_widget_get_first_child (GTK_WIDGET (self->tabs)); tab != NULL;
       tab = gtk_widget_get_next_sibling (tab))
    if (g_strcmp0 (gtk_widget_get_name (tab), name) == 0)
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (tab), TRUE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAGE]);
}

static void
lk_ribbon_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LkRibbon *self = LK_RIBBON (object);

  switch (prop_id)
    {
    case PROP_EXPANDED:
      g_value_set_boolean (value, lk_ribbon_get_expanded (self));
      break;

    case PROP_PAGE:
      g_value_set_string (value, lk_ribbon_get_page (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lk_ribbon_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LkRibbon *self = LK_RIBBON (object);

  switch (prop_id)
    {
    case PROP_EXPANDED:
      lk_ribbon_set_expanded (self, g_value_get_boolean (value));
      break;

    case PROP_PAGE:
      lk_ribbon_set_page (self, g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lk_ribbon_dispose (GObject *object)
{
  LkRibbon *self = LK_RIBBON (object);

  lk_widget_unparent_children (GTK_WIDGET (self));

  G_OBJECT_CLASS (lk_ribbon_parent_class)->dispose (object);
}

static void
lk_ribbon_class_init (LkRibbonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lk_ribbon_get_property;
  object_class->set_property = lk_ribbon_set_property;
  object_class->dispose = lk_ribbon_dispose;

  properties[PROP_EXPANDED] =
      g_param_spec_boolean ("expanded", NULL, NULL, TRUE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_PAGE] =
      g_param_spec_string ("page", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_css_name (widget_class, "ribbon");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
lk_ribbon_init (LkRibbon *self)
{
  gtk_orientable_set_orientation (
      GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
  /* A child that expands would make the ribbon grow with a tall window. */
  gtk_widget_set_vexpand (GTK_WIDGET (self), FALSE);

  self->tabs = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  gtk_widget_add_css_class (GTK_WIDGET (self->tabs), "ribbon-tabs");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tabs), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Ribbon Tabs"), -1);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_hhomogeneous (self->stack, TRUE);
  gtk_stack_set_vhomogeneous (self->stack, TRUE);
  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  gtk_revealer_set_transition_duration (self->revealer, 120);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  gtk_revealer_set_child (self->revealer, GTK_WIDGET (self->stack));

  gtk_widget_set_parent (GTK_WIDGET (self->tabs), GTK_WIDGET (self));
  gtk_widget_set_parent (GTK_WIDGET (self->revealer), GTK_WIDGET (self));
  g_signal_connect (self->stack, "notify::visible-child-name", G_CALLBACK (page_changed_cb), self);
}

/**
 * lk_ribbon_get_expanded:
 * @self: a ribbon
 *
 * Returns: whether the commands are shown
 */
gboolean
lk_ribbon_get_expanded (LkRibbon *self)
{
  g_return_val_if_fail (LK_IS_RIBBON (self), FALSE);

  return gtk_revealer_get_reveal_child (self->revealer);
}

/**
 * lk_ribbon_set_expanded:
 * @self: a ribbon
 * @expanded: whether to show the commands
 */
void
lk_ribbon_set_expanded (LkRibbon *self, gboolean expanded)
{
  g_return_if_fail (LK_IS_RIBBON (self));

  if (expanded == lk_ribbon_get_expanded (self))
    return;

  gtk_revealer_set_reveal_child (self->revealer, expanded);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EXPANDED]);
}

/**
 * lk_ribbon_get_page:
 * @self: a ribbon
 *
 * Returns: (transfer none) (nullable): the name of the chosen tab
 */
const char *
lk_ribbon_get_page (LkRibbon *self)
{
  g_return_val_if_fail (LK_IS_RIBBON (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}

/**
 * lk_ribbon_set_page:
 * @self: a ribbon
 * @name: the name of a tab
 */
void
lk_ribbon_set_page (LkRibbon *self, const char *name)
{
  g_return_if_fail (LK_IS_RIBBON (self) && name != NULL);

  if (gtk_stack_get_child_by_name (self->stack, name) != NULL)
    gtk_stack_set_visible_child_name (self->stack, name);
}
