/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sender"

#include "config.h"

#include "engine/sender.h"

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
