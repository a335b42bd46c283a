/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sender"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "engine/sender-private.h"

struct _LkSender
{
  GObject parent_instance;

  LkClock *clock;
  int io_priority;
  LkSenderLimits limits;
  LkDeadlines *deadlines;
  LkIdentity *plain;      /* of the tasks without files and a proxy of their own */
  GHashTable *identities; /* key of these to LkIdentity */
  guint64 outcomes[LK_N_OUTCOMES];
};

G_DEFINE_FINAL_TYPE (LkSender, lk_sender, G_TYPE_OBJECT)

static gboolean
is_blank (const char *text)
{
  return text == NULL || *text == '\0';
}

static void
append_file (GString *key, const char *path)
{
  GStatBuf info;

  if (is_blank (path))
    g_string_append (key, "-\n");
  else if (g_stat (path, &info) == 0)
    g_string_append_printf (key, "%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%ld\n", path,
                            (gint64) info.st_size, (gint64) info.st_mtim.tv_sec,
                            info.st_mtim.tv_nsec);
  else
    g_string_append_printf (key, "%s\n", path);
}

/* Files that were replaced under the same name make another identity. */
static char *
make_key (const LkRequest *request)
{
  GString *key = g_string_new (NULL);

  append_file (key, request->ca_file);
  append_file (key, request->client_certificate);
  g_string_append (key, request->proxy != NULL ? request->proxy : "");

  return g_string_free (key, FALSE);
}

/* Returns: (transfer none) (nullable) */
static LkIdentity *
get_identity (LkSender *self, const LkRequest *request, GError **error)
{
  g_autofree char *key = NULL;
  LkIdentity *identity;

  if (is_blank (request->ca_file) && is_blank (request->client_certificate)
      && is_blank (request->proxy))
    return self->plain;

  key = make_key (request);
  identity = g_hash_table_lookup (self->identities, key);
  if (identity != NULL)
    return identity;

  identity = lk_identity_new (request->ca_file, request->client_certificate, request->proxy, error);
  if (identity != NULL)
    g_hash_table_insert (self->identities, g_steal_pointer (&key), identity);

  return identity;
}

static void
lk_sender_finalize (GObject *object)
{
  LkSender *self = LK_SENDER (object);

  g_clear_object (&self->clock);
  g_clear_pointer (&self->deadlines, lk_deadlines_free);
  g_clear_pointer (&self->plain, lk_identity_unref);
  g_clear_pointer (&self->identities, g_hash_table_unref);

  G_OBJECT_CLASS (lk_sender_parent_class)->finalize (object);
}

static void
lk_sender_class_init (LkSenderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_sender_finalize;
}

static void
lk_sender_init (LkSender *self)
{
  self->limits.connect_ms = LK_SENDER_CONNECT_TIMEOUT_S * 1000;
  self->limits.answer_ms = LK_SENDER_RESPONSE_TIMEOUT_S * 1000;
  self->limits.body_ms = LK_SENDER_BODY_TIMEOUT_S * 1000;
  self->plain = lk_identity_new (NULL, NULL, NULL, NULL);
  self->identities =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) lk_identity_unref);
}

/**
 * lk_sender_new:
 * @clock: the time that is signed
 * @io_priority: the priority of all I/O in the main loop: %G_PRIORITY_DEFAULT, or %G_PRIORITY_LOW
 *   beside a user interface
 *
 * Returns: (transfer full): a sender
 */
LkSender *
lk_sender_new (LkClock *clock, int io_priority)
{
  LkSender *self;

  g_return_val_if_fail (LK_IS_CLOCK (clock), NULL);

  self = g_object_new (LK_TYPE_SENDER, NULL);
  self->clock = g_object_ref (clock);
  self->io_priority = io_priority;
  self->deadlines = lk_deadlines_new (io_priority);

  return self;
}

void
lk_sender_set_limits (LkSender *self, const LkSenderLimits *limits)
{
  g_return_if_fail (LK_IS_SENDER (self));

  self->limits = *limits;
}

/* The task's own times to wait. */
static LkSenderLimits
get_limits (LkSender *self, const LkRequest *request)
{
  LkSenderLimits limits = self->limits;

  if (request->connect_timeout_s > 0)
    limits.connect_ms = (guint) request->connect_timeout_s * 1000;
  if (request->answer_timeout_s > 0)
    limits.answer_ms = (guint) request->answer_timeout_s * 1000;

  return limits;
}

/**
 * lk_sender_send_async:
 * @self: a sender
 * @request: what to send; copied as far as it is needed, but a message that was prepared is taken
 * @cancellable: (nullable): gives up; the receiver may have got the request all the same
 * @callback: called in the main loop
 * @user_data: for @callback
 *
 * Makes one signed request, which takes 45 seconds at most once it is its turn, unless the request
 * says otherwise: more than %LK_SENDER_MAX_CONNECTIONS at once wait for a connection.
 */
void
lk_sender_send_async (LkSender *self, LkRequest *request, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  LkSenderLimits limits;
  LkIdentity *identity;
  GTask *task;

  g_return_if_fail (LK_IS_SENDER (self));
  g_return_if_fail (request != NULL && request->url != NULL && request->body != NULL);
  g_return_if_fail (request->secrets != NULL && !is_blank (request->secrets[0]));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_sender_send_async);
  g_task_set_priority (task, self->io_priority);
  identity = get_identity (self, request, &error);
  limits = get_limits (self, request);
  lk_sender_exchange_start (task, identity, error != NULL ? error->message : NULL, request,
                            self->clock, &limits, self->deadlines);
}

/**
 * lk_sender_send_finish:
 * @self: a sender
 * @result: what the callback got
 *
 * Returns: (transfer full): how it went; never %NULL
 */
LkReply *
lk_sender_send_finish (LkSender *self, GAsyncResult *result)
{
  LkReply *reply;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  reply = g_task_propagate_pointer (G_TASK (result), NULL);
  self->outcomes[reply->attempt->outcome]++;

  return reply;
}

/**
 * lk_sender_get_outcomes:
 * @self: a sender
 * @outcomes: (out caller-allocates) (array fixed-size=5): how many requests it made, by outcome
 */
void
lk_sender_get_outcomes (LkSender *self, guint64 outcomes[LK_N_OUTCOMES])
{
  g_return_if_fail (LK_IS_SENDER (self));

  memcpy (outcomes, self->outcomes, sizeof self->outcomes);
}
