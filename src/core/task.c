/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task"

#include "config.h"

#include "core/task.h"

/**
 * lk_task_new:
 *
 * Returns: (transfer full): an enabled task without a name, a server or a search, daily at midnight
 *   of the local zone, without a webhook; each match would be sent once, with both signatures.
 *   Every text is ""
 */
LkTask *
lk_task_new (void)
{
  LkTask *self = g_new0 (LkTask, 1);

  self->name = g_strdup ("");
  self->enabled = TRUE;
  self->recurrence = (LkRecurrence){ .every = 1,
                                     .unit = LK_UNIT_DAY,
                                     .year = 2000,
                                     .month = 1,
                                     .day = 1,
                                     .zone = lk_local_zone_name () };
  self->url = g_strdup ("");
  self->user_data = g_strdup ("");
  self->standard_webhooks = TRUE;
  self->send = g_strdup (LK_TASK_DEFAULT_SEND);
  self->headers = g_new0 (char *, 1);
  self->ca_file = g_strdup ("");
  self->client_certificate = g_strdup ("");
  self->concurrency = LK_TASK_DEFAULT_CONCURRENCY;
  self->connect_timeout_s = LK_TASK_DEFAULT_CONNECT_TIMEOUT;
  self->answer_timeout_s = LK_TASK_DEFAULT_ANSWER_TIMEOUT;
  self->proxy = g_strdup ("");
  self->notes = g_strdup ("");

  return self;
}

/**
 * lk_task_copy:
 * @self: a task
 *
 * Returns: (transfer full): a deep copy
 */
LkTask *
lk_task_copy (const LkTask *self)
{
  LkTask *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->name = g_strdup (self->name);
  copy->url = g_strdup (self->url);
  copy->user_data = g_strdup (self->user_data);
  copy->send = g_strdup (self->send);
  copy->headers = g_strdupv (self->headers);
  copy->ca_file = g_strdup (self->ca_file);
  copy->client_certificate = g_strdup (self->client_certificate);
  copy->proxy = g_strdup (self->proxy);
  copy->notes = g_strdup (self->notes);

  return copy;
}

/**
 * lk_task_free:
 * @self: (nullable) (transfer full): a task
 */
void
lk_task_free (LkTask *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->url);
  g_free (self->user_data);
  g_free (self->send);
  g_strfreev (self->headers);
  g_free (self->ca_file);
  g_free (self->client_certificate);
  g_free (self->proxy);
  g_free (self->notes);
  g_free (self);
}

static gboolean
webhooks_are_equal (const LkTask *a, const LkTask *b)
{
  return !a->webhook_enabled == !b->webhook_enabled && g_strcmp0 (a->url, b->url) == 0
         && g_strcmp0 (a->user_data, b->user_data) == 0
         && !a->standard_webhooks == !b->standard_webhooks && g_strcmp0 (a->send, b->send) == 0
         && g_strv_equal ((const char *const *) a->headers, (const char *const *) b->headers)
         && g_strcmp0 (a->ca_file, b->ca_file) == 0
         && g_strcmp0 (a->client_certificate, b->client_certificate) == 0
         && g_strcmp0 (a->proxy, b->proxy) == 0 && a->rate_limit == b->rate_limit
         && a->connect_timeout_s == b->connect_timeout_s
         && a->answer_timeout_s == b->answer_timeout_s && a->concurrency == b->concurrency
         && !a->use_keyring == !b->use_keyring && !a->at_most_once == !b->at_most_once
         && !a->hold_unusual == !b->hold_unusual;
}

/**
 * lk_task_equal:
 * @a: a task
 * @b: another one
 *
 * Compares what a person edits: not the id, the version, the times that the scheduler writes, nor
 * whether a secret is stored and where.
 *
 * Returns: whether both say the same
 */
gboolean
lk_task_equal (const LkTask *a, const LkTask *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return g_strcmp0 (a->name, b->name) == 0 && !a->enabled == !b->enabled
         && a->server_id == b->server_id && a->search_id == b->search_id
         && lk_recurrence_equal (&a->recurrence, &b->recurrence) && webhooks_are_equal (a, b)
         && !a->alert == !b->alert && g_strcmp0 (a->notes, b->notes) == 0;
}
