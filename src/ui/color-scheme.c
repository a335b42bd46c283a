/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-color-scheme"

#include "config.h"

#include "ui/color-scheme.h"

#define PORTAL_NAME      "org.freedesktop.portal.Desktop"
#define PORTAL_PATH      "/org/freedesktop/portal/desktop"
#define PORTAL_INTERFACE "org.freedesktop.portal.Settings"
#define PORTAL_NAMESPACE "org.freedesktop.appearance"
#define PORTAL_KEY       "color-scheme"

#define DESKTOP_SCHEMA "org.gnome.desktop.interface"
#define DESKTOP_KEY    "color-scheme"

/* As the portal numbers them; GNOME's enumeration has the same values. */
enum
{
  NO_PREFERENCE = 0,
  PREFER_DARK = 1,
  PREFER_LIGHT = 2,
};

struct _LkColorScheme
{
  GObject parent_instance;

  GtkSettings *settings;
  gboolean dark_without; /* what the user's GTK settings say where the desktop says nothing */
  GCancellable *cancellable;
  GDBusConnection *bus; /* NULL until it is there */
  guint subscription;
  GSettings *desktop; /* (nullable): only where there is no portal */
};

G_DEFINE_FINAL_TYPE (LkColorScheme, lk_color_scheme, G_TYPE_OBJECT)

static void
apply (LkColorScheme *self, guint scheme)
{
  gboolean dark = scheme == PREFER_DARK || (scheme != PREFER_LIGHT && self->dark_without);

  g_object_set (self->settings, "gtk-application-prefer-dark-theme", dark, NULL);
}

/* The portal's first version wraps the number twice. */
static void
apply_variant (LkColorScheme *self, GVariant *value)
{
  g_autoptr (GVariant) inner = g_variant_ref (value);

  while (g_variant_is_of_type (inner, G_VARIANT_TYPE_VARIANT))
    {
      GVariant *content = g_variant_get_variant (inner);

      g_variant_unref (inner);
      inner = content;
    }
  if (g_variant_is_of_type (inner, G_VARIANT_TYPE_UINT32))
    apply (self, g_variant_get_uint32 (inner));
}

static void
desktop_changed_cb (GSettings *desktop, const char *key, LkColorScheme *self)
{
  g_assert (LK_IS_COLOR_SCHEME (self));

  apply (self, (guint) g_settings_get_enum (desktop, DESKTOP_KEY));
}

static void
follow_desktop_settings (LkColorScheme *self)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, DESKTOP_SCHEMA, TRUE);
  if (schema == NULL || !g_settings_schema_has_key (schema, DESKTOP_KEY))
    return;

  self->desktop = g_settings_new_full (schema, NULL, NULL);
  g_signal_connect_object (self->desktop, "changed::" DESKTOP_KEY, G_CALLBACK (desktop_changed_cb),
                           self, 0);
  desktop_changed_cb (self->desktop, DESKTOP_KEY, self);
}

static void
portal_changed_cb (GDBusConnection *bus, const char *sender, const char *path,
                   const char *interface, const char *signal, GVariant *parameters,
                   gpointer user_data)
{
  const char *name;
  const char *key;
  g_autoptr (GVariant) value = NULL;

  g_assert (LK_IS_COLOR_SCHEME (user_data));

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ssv)")))
    return;

  g_variant_get (parameters, "(&s&sv)", &name, &key, &value);
  if (g_str_equal (name, PORTAL_NAMESPACE) && g_str_equal (key, PORTAL_KEY))
    apply_variant (user_data, value);
}

static void
portal_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LkColorScheme *self = user_data; /* gone if cancelled */
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) value = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply == NULL)
    {
      g_debug ("no settings portal: %s", error->message);
      follow_desktop_settings (self);
      return;
    }

  g_variant_get (reply, "(v)", &value);
  apply_variant (self, value);
}

static void
bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LkColorScheme *self = user_data; /* gone if cancelled */
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (bus == NULL)
    {
      g_debug ("no session bus: %s", error->message);
      follow_desktop_settings (self);
      return;
    }

  self->bus = g_steal_pointer (&bus);
  self->subscription = g_dbus_connection_signal_subscribe (
      self->bus, PORTAL_NAME, PORTAL_INTERFACE, "SettingChanged", PORTAL_PATH, PORTAL_NAMESPACE,
      G_DBUS_SIGNAL_FLAGS_NONE, portal_changed_cb, self, NULL);
  g_dbus_connection_call (self->bus, PORTAL_NAME, PORTAL_PATH, PORTAL_INTERFACE, "Read",
                          g_variant_new ("(ss)", PORTAL_NAMESPACE, PORTAL_KEY),
                          G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable,
                          portal_read_cb, self);
}

static void
lk_color_scheme_dispose (GObject *object)
{
  LkColorScheme *self = LK_COLOR_SCHEME (object);

  g_cancellable_cancel (self->cancellable);
  if (self->bus != NULL && self->subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);
  self->subscription = 0;
  g_clear_object (&self->bus);
  g_clear_object (&self->desktop);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (lk_color_scheme_parent_class)->dispose (object);
}

static void
lk_color_scheme_class_init (LkColorSchemeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_color_scheme_dispose;
}

static void
lk_color_scheme_init (LkColorScheme *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * lk_color_scheme_new:
 * @settings: what is to follow the desktop
 *
 * Asks the desktop and goes on listening to it for as long as the object lives.
 *
 * Returns: (transfer full): it follows once the desktop has answered
 */
LkColorScheme *
lk_color_scheme_new (GtkSettings *settings)
{
  LkColorScheme *self;

  g_return_val_if_fail (GTK_IS_SETTINGS (settings), NULL);

  self = g_object_new (LK_TYPE_COLOR_SCHEME, NULL);
  self->settings = g_object_ref (settings);
  g_object_get (settings, "gtk-application-prefer-dark-theme", &self->dark_without, NULL);
  g_bus_get (G_BUS_TYPE_SESSION, self->cancellable, bus_cb, self);

  return self;
}
