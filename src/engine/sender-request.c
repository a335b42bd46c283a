/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sender"

#include "config.h"

#include "engine/sender-private.h"

static void
wipe (char *secret)
{
  explicit_bzero (secret, strlen (secret));
}

/**
 * lk_request_new:
 *
 * Returns: (transfer full): a request without an address; the caller fills in its members
 */
LkRequest *
lk_request_new (void)
{
  return g_new0 (LkRequest, 1);
}

/**
 * lk_request_free:
 * @self: (transfer full): a request
 *
 * Frees it and wipes its secrets from memory.
 */
void
lk_request_free (LkRequest *self)
{
  g_return_if_fail (self != NULL);

  for (char **secret = self->secrets; secret != NULL && *secret != NULL; secret++)
    wipe (*secret);

  g_free (self->url);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->webhook_id);
  g_strfreev (self->secrets);
  g_strfreev (self->headers);
  g_free (self->ca_file);
  g_free (self->client_certificate);
  g_free (self->proxy);
  g_clear_pointer (&self->prepared, lk_prepared_free);
  g_free (self);
}

/**
 * lk_request_take_settings:
 * @self: a new request
 * @task: whose settings apply
 *
 * Copies how the task speaks to its receiver: all but what it says and the secrets.
 */
void
lk_request_take_settings (LkRequest *self, const LkTask *task)
{
  g_return_if_fail (self != NULL && task != NULL);

  self->standard_webhooks = task->standard_webhooks;
  self->headers = g_strdupv (task->headers);
  self->ca_file = g_strdup (task->ca_file);
  self->client_certificate = g_strdup (task->client_certificate);
  self->proxy = g_strdup (task->proxy);
  self->connect_timeout_s = task->connect_timeout_s;
  self->answer_timeout_s = task->answer_timeout_s;
}

/**
 * lk_request_new_for:
 * @delivery: what is owed, with its body
 * @secrets: (array zero-terminated=1): what signs it, the newest first; copied
 * @task: how it is sent
 *
 * Returns: (transfer full): the request
 */
LkRequest *
lk_request_new_for (const LkDelivery *delivery, char **secrets, const LkTask *task)
{
  LkRequest *self = lk_request_new ();

  self->url = g_strdup (delivery->url);
  self->body = g_bytes_ref (delivery->body);
  self->webhook_id = g_strdup (delivery->webhook_id);
  self->secrets = g_strdupv (secrets);
  lk_request_take_settings (self, task);

  return self;
}

/**
 * lk_reply_new:
 *
 * Returns: (transfer full): a reply with an empty attempt
 */
LkReply *
lk_reply_new (void)
{
  LkReply *self = g_new0 (LkReply, 1);

  self->attempt = lk_attempt_new ();

  return self;
}

static void
append_header (GString *text, const LkReply *reply, const char *line)
{
  if (g_str_has_prefix (line, "X-QLM-Signature:"))
    g_string_append_printf (text, "X-QLM-Signature: %s\n", reply->qlm_signature);
  else if (g_str_has_prefix (line, "webhook-signature:"))
    g_string_append_printf (text, "webhook-signature: %s\n", reply->standard_signature);
  else
    g_string_append_printf (text, "%s\n", line);
}

/**
 * lk_reply_format_request_headers:
 * @self: what came of a request
 *
 * The attempt's record leaves signatures out, for it is stored. Here they are what one wants to
 * see.
 *
 * Returns: (transfer full): the lines of the headers that went out, with both signatures; never to
 *   be stored
 */
char *
lk_reply_format_request_headers (const LkReply *self)
{
  GString *text = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (self->attempt->request_headers, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0')
      append_header (text, self, lines[i]);

  return g_string_free (text, FALSE);
}

/**
 * lk_reply_free:
 * @self: (transfer full): a reply
 */
void
lk_reply_free (LkReply *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->attempt, lk_attempt_free);
  g_free (self->qlm_signature);
  g_free (self->standard_signature);
  g_free (self);
}
