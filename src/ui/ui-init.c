/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ui"

#include "config.h"

#include <gtksourceview/gtksource.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "ui/latchkey-resources.h"
#include "ui/tab-stop.h"
#include "ui/ui-init.h"

/* Sorting a million licenses takes arrays of tens of megabytes, which are to go back to the system
 * afterwards. Left to itself glibc learns from the first one that is freed to keep them. */
static void
give_memory_back (void)
{
#ifdef __GLIBC__
  mallopt (M_MMAP_THRESHOLD, 1024 * 1024);
#endif
}

static void
add_style (GdkDisplay *display)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, LK_RESOURCE_BASE "/style.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/**
 * lk_ui_init:
 *
 * Makes the templates, icons and styles of this room known. Called once by the application and by
 * every test that shows a widget, after gtk_init(); a second call does nothing.
 *
 * Thread: the main loop.
 */
void
lk_ui_init (void)
{
  GdkDisplay *display = gdk_display_get_default ();

  g_return_if_fail (display != NULL);

  if (g_resources_get_info (LK_RESOURCE_BASE "/style.css", 0, NULL, NULL, NULL))
    return;

  give_memory_back ();
  latchkey_register_resource ();
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display),
                                    LK_RESOURCE_BASE "/icons");
  add_style (display);
  g_type_ensure (LK_TYPE_TAB_STOP);
  gtk_source_init ();
}

static void
unrealized_cb (GtkWindow *window)
{
  gtk_window_set_transient_for (window, NULL);
}

/**
 * lk_ui_set_parent:
 * @window: a window that is not shown yet
 * @parent: (nullable): the window above which it stands, and with which it goes
 *
 * What a window waits for may hold it for longer than the parent lives, to which GTK 4.8 would talk
 * when the window's memory is freed. So it lets go of the parent when it leaves the screen.
 */
void
lk_ui_set_parent (GtkWindow *window, GtkWindow *parent)
{
  g_return_if_fail (GTK_IS_WINDOW (window));

  gtk_window_set_transient_for (window, parent);
  gtk_window_set_destroy_with_parent (window, TRUE);
  g_signal_connect_after (window, "unrealize", G_CALLBACK (unrealized_cb), NULL);
}

/**
 * lk_widget_unparent_children:
 * @widget: a widget that is being disposed of
 *
 * Lets go of all children, as GTK expects of the dispose of a widget that has some.
 */
void
lk_widget_unparent_children (GtkWidget *widget)
{
  GtkWidget *child;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  while ((child = gtk_widget_get_first_child (widget)) != NULL)
    gtk_widget_unparent (child);
}
