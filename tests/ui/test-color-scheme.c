/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A settings portal of our own on the session bus of the test, and none at all. */

#include "config.h"

#include "ui-test.h"
#include "ui/color-scheme.h"

#define PORTAL_NAME      "org.freedesktop.portal.Desktop"
#define PORTAL_PATH      "/org/freedesktop/portal/desktop"
#define PORTAL_INTERFACE "org.freedesktop.portal.Settings"

static const char portal_xml[] = "<node><interface name='" PORTAL_INTERFACE "'>"
                                 "<method name='Read'>"
                                 "<arg type='s' direction='in'/><arg type='s' direction='in'/>"
                                 "<arg type='v' direction='out'/>"
                                 "</method>"
                                 "<signal name='SettingChanged'>"
                                 "<arg type='s'/><arg type='s'/><arg type='v'/>"
                                 "</signal>"
                                 "</interface></node>";

typedef struct
{
  GDBusConnection *bus;
  guint object_id;
  guint name_id;
  gboolean is_owner;
  guint n_reads;
} Portal;

static void
read_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
         const char *method, GVariant *parameters, GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  Portal *portal = user_data;

  portal->n_reads++;
  g_dbus_method_invocation_return_value (
      invocation, g_variant_new ("(v)", g_variant_new_variant (g_variant_new_uint32 (1))));
}

static void
name_acquired_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  ((Portal *) user_data)->is_owner = TRUE;
}

static gboolean
portal_open (Portal *self)
{
  static const GDBusInterfaceVTable vtable = { .method_call = read_cb };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (portal_xml, NULL);

  self->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  if (self->bus == NULL)
    return FALSE;

  self->object_id = g_dbus_connection_register_object (self->bus, PORTAL_PATH, node->interfaces[0],
                                                       &vtable, self, NULL, NULL);
  self->name_id = g_bus_own_name_on_connection (
      self->bus, PORTAL_NAME, G_BUS_NAME_OWNER_FLAGS_REPLACE, name_acquired_cb, NULL, self, NULL);
  test_until (self->is_owner, 20);

  return TRUE;
}

static void
portal_close (Portal *self)
{
  g_bus_unown_name (self->name_id);
  g_dbus_connection_unregister_object (self->bus, self->object_id);
  g_clear_object (&self->bus);
}

static void
portal_change (Portal *self, const char *key, guint32 value)
{
  g_dbus_connection_emit_signal (
      self->bus, NULL, PORTAL_PATH, PORTAL_INTERFACE, "SettingChanged",
      g_variant_new ("(ssv)", "org.freedesktop.appearance", key, g_variant_new_uint32 (value)),
      NULL);
}

static gboolean
is_dark (void)
{
  gboolean dark;

  g_object_get (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", &dark, NULL);

  return dark;
}

static void
test_follows (void)
{
  Portal portal = { 0 };
  g_autoptr (LkColorScheme) scheme = NULL;

  if (!portal_open (&portal))
    {
      g_test_skip ("no session bus");
      return;
    }

  g_assert_false (is_dark ());
  scheme = lk_color_scheme_new (gtk_settings_get_default ());
  test_until (is_dark (), 20);
  portal_change (&portal, "color-scheme", 2);
  test_until (!is_dark (), 20);
  portal_change (&portal, "color-scheme", 1);
  test_until (is_dark (), 20);
  portal_change (&portal, "contrast", 0);
  portal_change (&portal, "color-scheme", 0);
  test_until (!is_dark (), 20);
  portal_close (&portal);
}

/* One that goes before the answer is there is not touched by it. */
static void
test_goes_early (void)
{
  Portal portal = { 0 };
  LkColorScheme *scheme;

  if (!portal_open (&portal))
    {
      g_test_skip ("no session bus");
      return;
    }

  scheme = lk_color_scheme_new (gtk_settings_get_default ());
  g_object_unref (scheme);
  scheme = lk_color_scheme_new (gtk_settings_get_default ());
  test_until (portal.n_reads > 0, 20);
  g_object_unref (scheme);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (is_dark ());
  portal_close (&portal);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/color-scheme/follows", test_follows);
  g_test_add_func ("/color-scheme/goes-early", test_goes_early);

  return g_test_run ();
}
