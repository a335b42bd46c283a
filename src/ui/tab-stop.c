/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-tab-stop"

#include "config.h"

#include "ui/tab-stop.h"

/**
 * LkTabStop:
 *
 * A box that is one stop of the Tab key: the arrows move within it, Tab leaves it.
 *
 * The lists of GTK 4.8 take Tab from row to row, so that nobody gets out of a long one with it.
 */
struct _LkTabStop
{
  GtkBox parent_instance;
};

G_DEFINE_FINAL_TYPE (LkTabStop, lk_tab_stop, GTK_TYPE_BOX)

static gboolean
lk_tab_stop_focus (GtkWidget *widget, GtkDirectionType direction)
{
  gboolean is_tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;

  if (is_tab && gtk_widget_get_focus_child (widget) != NULL)
    return FALSE;

  return GTK_WIDGET_CLASS (lk_tab_stop_parent_class)->focus (widget, direction);
}

static void
lk_tab_stop_class_init (LkTabStopClass *klass)
{
  GTK_WIDGET_CLASS (klass)->focus = lk_tab_stop_focus;
}

static void
lk_tab_stop_init (LkTabStop *self)
{
}
