/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-secret-service"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "core/error.h"
#include "engine/secret-service.h"

#define NAME  "item"
#define OWNER "workspace"

static const SecretSchema schema = {
  LK_APPLICATION_ID ".Secret",
  SECRET_SCHEMA_NONE,
  {
      { NAME, SECRET_SCHEMA_ATTRIBUTE_STRING },
      { OWNER, SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 },
  },
};

/* Without this an agent would end when the bus of the desktop goes, as by logging out. */
static gboolean
survive_the_bus (GCancellable *cancellable, GError **error)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, cancellable, error);

  if (bus != NULL)
    g_dbus_connection_set_exit_on_close (bus, FALSE);

  return bus != NULL;
}

/* (transfer full) (nullable): whatever goes wrong, there is no keyring to be had from here. Not the
 * one that libsecret shares, which may be of a service that is gone, and is not made for threads.
 */
static SecretService *
connect_to_service (GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) reason = NULL;
  SecretService *service = NULL;

  if (survive_the_bus (cancellable, &reason))
    service = secret_service_open_sync (SECRET_TYPE_SERVICE, NULL, SECRET_SERVICE_OPEN_SESSION,
                                        cancellable, &reason);
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

static gboolean
set_locked (GError **error)
{
  g_set_error_literal (error, LK_ERROR, LK_ERROR_LOCKED,
                       _ ("the keyring of the desktop is locked: unlock it"));

  return FALSE;
}

static gboolean
unlock_keyring (SecretService *service, SecretCollection *keyring, GCancellable *cancellable,
                GError **error)
{
  GList one = { .data = keyring };
  g_autoptr (GError) reason = NULL;

  if (secret_service_unlock_sync (service, &one, cancellable, NULL, &reason) > 0)
    return TRUE;
  if (reason == NULL)
    return set_locked (error);

  set_failure (reason, error);
  return FALSE;
}

/**
 * lk_secret_service_open:
 * @unlock: whether the desktop may ask somebody to unlock it
 * @is_locked: (out) (optional): whether it is there and locked, so that unlocking would help
 * @cancellable: (nullable): interrupts it
 * @error: %LK_ERROR_LOCKED with the reason when it is not open
 *
 * Some services show no items while they are locked, others ask for the password as they are
 * searched: so this comes before lk_secret_service_read() and the others.
 *
 * Returns: (transfer full) (nullable): a connection to it, open by now, for the thread that asked;
 *   %NULL when there is no keyring or it is locked
 */
SecretService *
lk_secret_service_open (gboolean unlock, gboolean *is_locked, GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (SecretService) service = NULL;
  g_autoptr (SecretCollection) keyring = NULL;
  g_autoptr (GError) reason = NULL;
  gboolean locked = FALSE;

  service = connect_to_service (cancellable, error);
  if (service != NULL)
    keyring = secret_collection_for_alias_sync (service, SECRET_COLLECTION_DEFAULT,
                                                SECRET_COLLECTION_NONE, cancellable, &reason);
  if (keyring != NULL)
    locked = secret_collection_get_locked (keyring);
  if (is_locked != NULL)
    *is_locked = locked;

  if (keyring != NULL && locked && unlock)
    locked = !unlock_keyring (service, keyring, cancellable, error);
  else if (keyring != NULL && locked)
    set_locked (error);
  else if (reason != NULL)
    set_failure (reason, error);
  else if (service != NULL && keyring == NULL)
    g_set_error_literal (error, LK_ERROR, LK_ERROR_LOCKED, _ ("the desktop has no keyring yet"));

  return keyring != NULL && !locked ? g_steal_pointer (&service) : NULL;
}

/* (transfer full) (nullable) */
static char *
read_item (SecretItem *item, GError **error)
{
  g_autoptr (SecretValue) value = NULL;
  const char *secret;
  gsize length = 0;

  if (secret_item_get_locked (item))
    {
      set_locked (error);
      return NULL;
    }

  value = secret_item_get_secret (item);
  secret = value != NULL ? secret_value_get (value, &length) : NULL;
  if (secret == NULL || length == 0 || !g_utf8_validate_len (secret, length, NULL))
    g_set_error_literal (error, LK_ERROR, LK_ERROR_CORRUPT,
                         _ ("the keyring of the desktop holds something that is no secret of "
                            "Latchkey: type the secret anew"));
  else
    return g_strndup (secret, length);

  return NULL;
}

/**
 * lk_secret_service_read:
 * @service: a keyring that is open
 * @name: the name of an item
 * @unlock: whether the desktop may ask somebody to unlock the keyring
 * @cancellable: (nullable): interrupts it
 * @error: %LK_ERROR_LOCKED when it cannot be read now, %LK_ERROR_NOT_FOUND when it is gone
 *
 * Returns: (transfer full) (nullable): the secret, to be wiped by lk_secret_free(); %NULL on error
 */
char *
lk_secret_service_read (SecretService *service, const char *name, gboolean unlock,
                        GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) attributes = secret_attributes_build (&schema, NAME, name, NULL);
  g_autoptr (GError) reason = NULL;
  GList *found;
  char *secret = NULL;

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
 * @service: a keyring that is open
 * @name: the name of a new item
 * @owner: the workspace, which alone may remove it again
 * @label: what people see in the keyring's own programs
 * @secret: the secret
 * @cancellable: (nullable): interrupts it
 * @error: %LK_ERROR_LOCKED with the reason
 *
 * Returns: whether it is stored
 */
gboolean
lk_secret_service_store (SecretService *service, const char *name, const char *owner,
                         const char *label, const char *secret, GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GHashTable) attributes =
      secret_attributes_build (&schema, NAME, name, OWNER, owner, NULL);
  g_autoptr (SecretValue) value = secret_value_new (secret, -1, "text/plain");
  g_autoptr (GError) reason = NULL;

  if (secret_service_store_sync (service, &schema, attributes, SECRET_COLLECTION_DEFAULT, label,
                                 value, cancellable, &reason))
    return TRUE;

  set_failure (reason, error);
  return FALSE;
}

/**
 * lk_secret_service_remove:
 * @service: a keyring that is open
 * @name: the name of an item
 * @owner: the workspace that made it; what another one made, as before this one was copied from it,
 *   is left alone
 * @cancellable: (nullable): interrupts it
 * @error: %LK_ERROR_LOCKED with the reason
 *
 * Not by secret_service_clear_sync(), which answers twice where it fails.
 *
 * Returns: whether there is no such item of @owner any more
 */
gboolean
lk_secret_service_remove (SecretService *service, const char *name, const char *owner,
                          GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) attributes =
      secret_attributes_build (&schema, NAME, name, OWNER, owner, NULL);
  g_autoptr (GError) reason = NULL;
  GList *found;

  found = secret_service_search_sync (service, &schema, attributes, SECRET_SEARCH_ALL, cancellable,
                                      &reason);
  for (GList *l = found; l != NULL && reason == NULL; l = l->next)
    secret_item_delete_sync (l->data, cancellable, &reason);
  g_list_free_full (found, g_object_unref);
  if (reason != NULL)
    set_failure (reason, error);

  return reason == NULL;
}
