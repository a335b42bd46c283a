/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sender"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "engine/sender-private.h"

/* Seconds after which an idle connection is closed: an idle process holds none. */
#define IDLE_TIMEOUT_S 20

/* The session's own resolver is the system's. */
static void
set_proxy (SoupSession *session, const char *proxy)
{
  g_autoptr (GProxyResolver) resolver = NULL;

  if (proxy == NULL || *proxy == '\0')
    return;

  if (!g_str_equal (proxy, "none"))
    resolver = g_simple_proxy_resolver_new (proxy, NULL);
  soup_session_set_proxy_resolver (session, resolver);
}

static SoupSession *
make_session (const char *proxy)
{
  SoupSession *session = soup_session_new_with_options (
      "max-conns", 1, "max-conns-per-host", 1, "idle-timeout", IDLE_TIMEOUT_S, "timeout", 0,
      "user-agent", "Latchkey/" LK_VERSION, NULL);

  /* Nothing is unpacked: a kilobyte may unpack to a gigabyte. And there is no manager of passwords.
   * It would serve a proxy that asks for one, but libsoup 3.2 then asks the proxy for the proxy's
   * own address, and that twenty times where the password is wrong. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  set_proxy (session, proxy);

  return session;
}

static gboolean
load_files (LkIdentity *self, const char *ca_file, const char *client_certificate, GError **error)
{
  if (ca_file != NULL && *ca_file != '\0')
    {
      self->authorities = g_tls_file_database_new (ca_file, error);
      if (self->authorities == NULL)
        {
          g_prefix_error (error, _ ("cannot read the trusted authorities in “%s”: "), ca_file);
          return FALSE;
        }
    }

  if (client_certificate != NULL && *client_certificate != '\0')
    {
      self->certificate = g_tls_certificate_new_from_file (client_certificate, error);
      if (self->certificate == NULL)
        {
          g_prefix_error (error, _ ("cannot read the client certificate in “%s”: "),
                          client_certificate);
          return FALSE;
        }
    }

  return TRUE;
}

static void
identity_clear (gpointer data)
{
  LkIdentity *self = data;

  for (guint i = 0; i < LK_IDENTITY_SESSIONS; i++)
    {
      g_clear_object (&self->sessions[i]);
      g_clear_object (&self->sockets[i]);
    }
  g_clear_object (&self->authorities);
  g_clear_object (&self->certificate);
}

/**
 * lk_identity_new:
 * @ca_file: (nullable): path of a PEM file with further trusted authorities; "" for none
 * @client_certificate: (nullable): path of a PEM file with certificate and key; "" for none
 * @proxy: (nullable): "" for the system's, "none", or an address
 * @error: return location for a %G_TLS_ERROR or %G_FILE_ERROR
 *
 * Returns: (transfer full) (nullable): the identity; %NULL when a file cannot be read
 */
LkIdentity *
lk_identity_new (const char *ca_file, const char *client_certificate, const char *proxy,
                 GError **error)
{
  g_autoptr (LkIdentity) self = g_atomic_rc_box_new0 (LkIdentity);

  if (!load_files (self, ca_file, client_certificate, error))
    return NULL;

  for (guint i = 0; i < LK_IDENTITY_SESSIONS; i++)
    self->sessions[i] = make_session (proxy);

  return g_steal_pointer (&self);
}

LkIdentity *
lk_identity_ref (LkIdentity *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
lk_identity_unref (LkIdentity *self)
{
  g_atomic_rc_box_release_full (self, identity_clear);
}

/**
 * lk_identity_begin:
 * @self: an identity
 *
 * Chooses the session for a request: the one with the fewest under way, so that none waits for a
 * connection while another session has one to spare; of these the first, so that single requests
 * meet the connection of the one before.
 *
 * Returns: its number; end it with lk_identity_end()
 */
guint
lk_identity_begin (LkIdentity *self)
{
  guint session = 0;

  for (guint i = 1; i < LK_IDENTITY_SESSIONS; i++)
    if (self->n_in_flight[i] < self->n_in_flight[session])
      session = i;

  self->n_in_flight[session]++;

  return session;
}

/**
 * lk_identity_end:
 * @self: an identity
 * @session: of the request that ended
 */
void
lk_identity_end (LkIdentity *self, guint session)
{
  g_return_if_fail (self->n_in_flight[session] > 0);

  self->n_in_flight[session]--;
}

/**
 * lk_identity_accepts:
 * @self: an identity
 * @certificate: what the receiver showed
 * @errors: why the system's authorities do not vouch for it
 * @host: the name or address in the URL
 *
 * Gives the task's own authorities their say. Only "unknown authority" is theirs to overrule: they
 * check name and dates again.
 *
 * Returns: whether the receiver is who it says
 */
gboolean
lk_identity_accepts (const LkIdentity *self, GTlsCertificate *certificate,
                     GTlsCertificateFlags errors, const char *host)
{
  g_autoptr (GSocketConnectable) name = NULL;

  if (self->authorities == NULL || (errors & ~G_TLS_CERTIFICATE_UNKNOWN_CA) != 0)
    return FALSE;

  name = g_network_address_new (host, 443);

  return g_tls_database_verify_chain (self->authorities, certificate,
                                      G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, name, NULL,
                                      G_TLS_DATABASE_VERIFY_NONE, NULL, NULL)
         == 0;
}
