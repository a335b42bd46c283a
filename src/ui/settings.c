/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-settings"

#include "config.h"

#include "ui/settings.h"

/* What a paned whose end child keeps its size needs to know. */
typedef struct
{
  GSettings *settings;
  char *key;
} EndSize;

static void
end_size_free (gpointer data, GObject *paned)
{
  EndSize *self = data;

  g_object_unref (self->settings);
  g_free (self->key);
  g_free (self);
}

static int
get_length (GtkPaned *paned)
{
  if (gtk_orientable_get_orientation (GTK_ORIENTABLE (paned)) == GTK_ORIENTATION_VERTICAL)
    return gtk_widget_get_height (GTK_WIDGET (paned));

  return gtk_widget_get_width (GTK_WIDGET (paned));
}

static void
position_changed_cb (GtkPaned *paned, GParamSpec *pspec, EndSize *self)
{
  GtkWidget *end = gtk_paned_get_end_child (paned);
  int size = get_length (paned) - gtk_paned_get_position (paned);

  if (size > 0 && get_length (paned) > 0 && end != NULL && gtk_widget_get_visible (end))
    g_settings_set_int (self->settings, self->key, MAX (size, 120));
}

static gboolean
restore_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  GtkPaned *paned = GTK_PANED (widget);
  EndSize *self = user_data;
  int length = get_length (paned);
  int size = g_settings_get_int (self->settings, self->key);

  if (length == 0)
    return G_SOURCE_CONTINUE;

  gtk_paned_set_position (paned, MAX (length - size, 0));
  g_signal_connect (paned, "notify::position", G_CALLBACK (position_changed_cb), self);

  return G_SOURCE_REMOVE;
}

/**
 * lk_settings_new:
 *
 * Returns: (transfer full) (nullable): what the console remembers; %NULL, with a warning, where its
 *   schema is not installed: then it works and remembers nothing
 */
GSettings *
lk_settings_new (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, LK_APPLICATION_ID, TRUE);
  if (schema == NULL)
    {
      g_warning ("the settings schema %s is not installed; columns and sizes are not remembered",
                 LK_APPLICATION_ID);
      return NULL;
    }

  return g_settings_new_full (schema, NULL, NULL);
}

/**
 * lk_settings_keep_end_size:
 * @settings: where to keep it
 * @key: an integer, in pixels
 * @paned: a paned whose end child has a size of its own
 *
 * Gives the end child the size it had the last time, and remembers what a person makes of it.
 */
void
lk_settings_keep_end_size (GSettings *settings, const char *key, GtkPaned *paned)
{
  EndSize *self;

  g_return_if_fail (G_IS_SETTINGS (settings) && GTK_IS_PANED (paned));

  self = g_new0 (EndSize, 1);
  self->settings = g_object_ref (settings);
  self->key = g_strdup (key);
  gtk_widget_add_tick_callback (GTK_WIDGET (paned), restore_cb, self, NULL);
  g_object_weak_ref (G_OBJECT (paned), end_size_free, self);
}
