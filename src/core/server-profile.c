/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-server-profile"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/error.h"
#include "core/server-profile.h"
#include "core/text-check.h"

#define SQLITE_PREFIX     "sqlite:"
#define POSTGRESQL_PREFIX "postgresql://"

/* Without what stands before the host, which may hold a password. */
static char *
dup_shown (const char *uri)
{
  const char *start = strstr (uri, "://");
  const char *host = strrchr (uri, '@');

  if (start == NULL || host == NULL || host < start)
    return g_strdup (uri);

  return g_strdup_printf ("%.*s://%s", (int) (start - uri), uri, host + 1);
}

static gboolean
check_uri (const char *uri, GError **error)
{
  g_autofree char *shown = dup_shown (uri);

  if (g_str_has_prefix (uri, SQLITE_PREFIX) && uri[strlen (SQLITE_PREFIX)] != '\0')
    return TRUE;
  if (g_str_has_prefix (uri, POSTGRESQL_PREFIX) && uri[strlen (POSTGRESQL_PREFIX)] != '\0')
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               /* translators: “sqlite:PATH” and “postgresql://…” are typed as they stand. */
               _ ("license server address “%s” is neither sqlite:PATH nor postgresql://…: give the "
                  "path of a database file, such as sqlite:/srv/licenses.db"),
               shown);
  return FALSE;
}

/**
 * lk_server_profile_new:
 *
 * Returns: (transfer full): a profile without a name and an address: both are ""
 */
LkServerProfile *
lk_server_profile_new (void)
{
  LkServerProfile *self = g_new0 (LkServerProfile, 1);

  self->name = g_strdup ("");
  self->uri = g_strdup ("");

  return self;
}

/**
 * lk_server_profile_copy:
 * @self: a profile
 *
 * Returns: (transfer full): a deep copy
 */
LkServerProfile *
lk_server_profile_copy (const LkServerProfile *self)
{
  LkServerProfile *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->name = g_strdup (self->name);
  copy->uri = g_strdup (self->uri);

  return copy;
}

/**
 * lk_server_profile_free:
 * @self: (nullable) (transfer full): a profile
 */
void
lk_server_profile_free (LkServerProfile *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->uri);
  g_free (self);
}

/**
 * lk_server_profile_check:
 * @self: a profile as a person typed it
 * @error: %LK_ERROR_INVALID or %LK_ERROR_ENCODING when it cannot be saved
 *
 * Checks the name and the form of the address. Whether the database opens is found out by testing
 * it.
 *
 * Returns: whether the profile can be saved
 */
gboolean
lk_server_profile_check (const LkServerProfile *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return lk_text_check_name (self->name, error) && lk_text_check (self->uri, error)
         && check_uri (self->uri, error);
}
