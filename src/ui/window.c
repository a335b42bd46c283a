/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-window"

#include "config.h"

#include "ui/ui-init.h"
#include "ui/window.h"

struct _LkWindow
{
  GtkApplicationWindow parent_instance;

  LkContext *context;
};

G_DEFINE_FINAL_TYPE (LkWindow, lk_window, GTK_TYPE_APPLICATION_WINDOW)

static void
lk_window_dispose (GObject *object)
{
  LkWindow *self = LK_WINDOW (object);

  g_clear_object (&self->context);

  G_OBJECT_CLASS (lk_window_parent_class)->dispose (object);
}

static void
lk_window_class_init (LkWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lk_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/window.ui");
}

static void
lk_window_init (LkWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lk_window_new:
 * @application: the application it belongs to
 * @context: the services over the workspace
 *
 * Returns: (transfer none): a window, not yet shown
 */
LkWindow *
lk_window_new (GtkApplication *application, LkContext *context)
{
  LkWindow *self = g_object_new (LK_TYPE_WINDOW, "application", application, NULL);

  self->context = g_object_ref (context);

  return self;
}

/**
 * lk_window_get_context:
 * @self: a window
 *
 * Returns: (transfer none): the services it works with
 */
LkContext *
lk_window_get_context (LkWindow *self)
{
  g_return_val_if_fail (LK_IS_WINDOW (self), NULL);

  return self->context;
}
