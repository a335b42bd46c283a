/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-secret-service"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "core/error.h"
#include "engine/secret-service.h"

#define ATTRIBUTE "item"

static const SecretSchema schema = {
  LK_APPLICATION_ID ".Secret",
  SECRET_SCHEMA_NONE,
  { { ATTRIBUTE, SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
};

static GHashTable *
make_attributes (const char *name)
{
  return secret_attributes_build (&schema, ATTRIBUTE, name, NULL);
}

/* Without this an agent would end when the bus of the desktop goes, as by logging out. */
static gboolean
survive_the_bus (GCancellable *cancellable, GError **error)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, cancellable, error);

  if (bus != NULL)
    g_dbus_connection_set_exit_on_close (bus, FALSE);

  return bus != NULL;
}

/* (transfer full) (nullable): whatever goes wrong, there is no keyring to be had from here. */
static SecretService *
connect_to_service (GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) reason = NULL;
  SecretService *service = NULL;

  if (survive_the_bus (cancellable, &reason))
    service = secret_service_get_sync (SECRET_SERVICE_OPEN_SESSION, cancellable, &reason);
  if (service == NULL)
    {
      g_dbus_error_strip_remote_error (reason);
      g_set_error (error, LK_ERROR, LK_ERROR_LOCKED,
                   /* translators: %s: what the system says */
                   _ ("no keyring of a desktop can be reached from here: %s"), reason->message);
    }

  return service;
}

static void
set_failure (GError *reason, GError **error)
{
  g_dbus_error_strip_remote_error (reason);
  g_set_error (error, LK_ERROR, LK_ERROR_LOCKED, _ ("the keyring of the desktop failed: %s"),
               reason->message);
}

/**
 * lk_secret_service_is_open:
 * @cancellable: (nullable): interrupts it
 * @error: %LK_ERROR_LOCKED with the reason when it is not
 *
 * Returns: whether there is a keyring that takes a secret without asking anybody
 */
gboolean
lk_secret_service_is_open (GCancellable *cancellable, GError **error)
{
  g_autoptr (SecretService) service = connect_to_service (cancellable, error);
  g_autoptr (SecretCollection) keyring = NULL;
  g_autoptr (GError) reason = NULL;

  if (service == NULL)
    return FALSE;

  keyring = secret_collection_for_alias_sync (service, SECRET_COLLECTION_DEFAULT,
                                              SECRET_COLLECTION_NONE, cancellable, &reason);
  if (keyring != NULL && !secret_collection_get_locked (keyring))
    return TRUE;

  if (reason != NULL)
    set_failure (reason, error);
  else
    g_set_error_literal (error, LK_ERROR, LK_ERROR_LOCKED,
                         keyring != NULL ? _ ("the keyring of the desktop is locked: unlock it")
                                         : _ ("the desktop has no keyring yet"));

  return FALSE;
}

/* (transfer full) (nullable) */
static char *
read_item (SecretItem *item, GError **error)
{
  g_autoptr (SecretValue) value = NULL;
  const char *secret;

  if (secret_item_get_locked (item))
    {
      g_set_error_literal (error, LK_ERROR, LK_ERROR_LOCKED,
                           _ ("the keyring of the desktop is locked: unlock it"));
      return NULL;
    }

  value = secret_item_get_secret (item);
  secret = value != NULL ? secret_value_get_text (value) : NULL;
  if (secret == NULL)
    g_set_error_literal (error, LK_ERROR, LK_ERROR_CORRUPT,
                         _ ("the keyring of the desktop holds something that is no secret of "
                            "Latchkey: type the secret anew"));

  return g_strdup (secret);
}

/**
 * lk_secret_service_read:
 * @name: the name of an item
 * @unlock: whether the desktop may ask somebody to unlock the keyring
 * @cancellable: (nullable): interrupts it
 * @error: %LK_ERROR_LOCKED when it cannot be read now, %LK_ERROR_NOT_FOUND when it is gone
 *
 * Returns: (transfer full) (nullable): the secret, to be wiped by lk_secret_free(); %NULL on error
 */
char *
lk_secret_service_read (const char *name, gboolean unlock, GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (SecretService) service = connect_to_service (cancellable, error);
  g_autoptr (GHashTable) attributes = make_attributes (name);
  g_autoptr (GError) reason = NULL;
  GList *found;
  char *secret = NULL;

  if (service == NULL)
    return NULL;

  found = secret_service_search_sync (service, &schema, attributes,
                                      SECRET_SEARCH_LOAD_SECRETS
                                          | (unlock ? SECRET_SEARCH_UNLOCK : SECRET_SEARCH_NONE),
                                      cancellable, &reason);
  if (found != NULL)
    secret = read_item (found->data, error);
  else if (reason != NULL)
    set_failure (reason, error);
  else
    g_set_error_literal (error, LK_ERROR, LK_ERROR_NOT_FOUND,
                         _ ("the keyring of the desktop does not hold it any more: type it anew"));
  g_list_free_full (found, g_object_unref);

  return secret;
}

/**
 * lk_secret_service_store:
 * @name: the name of a new item
 * @label: what people see in the keyring's own programs
 * @secret: the secret
 * @cancellable: (nullable): interrupts it
 * @error: %LK_ERROR_LOCKED with the reason
 *
 * Call lk_secret_service_is_open() before, else this may ask somebody to unlock the keyring.
 *
 * Returns: whether it is stored
 */
gboolean
lk_secret_service_store (const char *name, const char *label, const char *secret,
                         GCancellable *cancellable, GError **error)
{
  g_autoptr (SecretService) service = connect_to_service (cancellable, error);
  g_autoptr (GHashTable) attributes = make_attributes (name);
  g_autoptr (SecretValue) value = secret_value_new (secret, -1, "text/plain");
  g_autoptr (GError) reason = NULL;

  if (service == NULL)
    return FALSE;

  if (secret_service_store_sync (service, &schema, attributes, SECRET_COLLECTION_DEFAULT, label,
                                 value, cancellable, &reason))
    return TRUE;

  set_failure (reason, error);
  return FALSE;
}

/**
 * lk_secret_service_remove:
 * @name: the name of an item
 * @cancellable: (nullable): interrupts it
 * @error: %LK_ERROR_LOCKED with the reason
 *
 * Returns: whether there is no such item any more
 */
gboolean
lk_secret_service_remove (const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (SecretService) service = connect_to_service (cancellable, error);
  g_autoptr (GHashTable) attributes = make_attributes (name);
  g_autoptr (GError) reason = NULL;

  if (service == NULL)
    return FALSE;

  secret_service_clear_sync (service, &schema, attributes, cancellable, &reason);
  if (reason != NULL)
    set_failure (reason, error);

  return reason == NULL;
}
