/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-receiver"

#include "config.h"

#include "engine/receiver.h"

/**
 * lk_received_copy:
 * @self: what arrived
 *
 * Returns: (transfer full): a copy
 */
LkReceived *
lk_received_copy (const LkReceived *self)
{
  LkReceived *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (LkReceived, 1);
  *copy = *self;
  copy->path = g_strdup (self->path);
  copy->webhook_id = g_strdup (self->webhook_id);
  copy->task_name = g_strdup (self->task_name);
  copy->activation_key = g_strdup (self->activation_key);
  copy->qlm_verdict = g_strdup (self->qlm_verdict);
  copy->standard_verdict = g_strdup (self->standard_verdict);
  copy->body = g_bytes_ref (self->body);
  copy->headers = g_strdup (self->headers);

  return copy;
}

/**
 * lk_received_free:
 * @self: (transfer full): what arrived
 */
void
lk_received_free (LkReceived *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->path);
  g_free (self->webhook_id);
  g_free (self->task_name);
  g_free (self->activation_key);
  g_free (self->qlm_verdict);
  g_free (self->standard_verdict);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->headers);
  g_free (self);
}
