/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-preview-request"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/payload.h"
#include "core/signature.h"
#include "engine/preview-request.h"
#include "engine/sender-private.h"
#include "store/task-secret.h"
#include "store/task-store.h"

/* The data of the task. */
typedef struct
{
  LkServers *servers;
  LkTask *settings;
  char **secrets;
  gint64 license_id;
  LkInstant due_at;
} Making;

static void
making_free (gpointer data)
{
  Making *self = data;

  g_clear_object (&self->servers);
  g_clear_pointer (&self->settings, lk_task_free);
  g_clear_pointer (&self->secrets, lk_task_secret_list_free);
  g_free (self);
}

static LkRequest *
make_request (const Making *self, LkLicense *license)
{
  LkRequest *request = lk_request_new ();

  request->url = g_strdup (self->settings->url);
  request->body = lk_payload_new (self->settings->name, self->settings->user_data, license);
  request->webhook_id = lk_webhook_id_new (self->due_at);
  request->secrets = g_strdupv (self->secrets);
  lk_request_take_settings (request, self->settings);

  return request;
}

static LkPreviewRequest *
make_preview (const Making *self, LkLicense *license, GError **error)
{
  g_autoptr (LkRequest) request = make_request (self, license);
  g_autoptr (LkReply) reply = lk_reply_new ();
  g_autoptr (SoupMessage) message = lk_sender_message_new (request, self->due_at, reply);
  LkPreviewRequest *preview;

  if (message == NULL)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("the URL “%s” is not an http:// or https:// address"), request->url);
      return NULL;
    }

  preview = g_new0 (LkPreviewRequest, 1);
  preview->url = g_strdup (request->url);
  preview->headers = lk_sender_message_format (message);
  preview->body = g_bytes_ref (request->body);

  return preview;
}

static void
got_rows_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Making *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows =
      lk_license_server_get_rows_finish (LK_LICENSE_SERVER (source), result, &error);
  LkPreviewRequest *preview = NULL;

  if (rows != NULL && rows->len == 0)
    g_set_error (&error, LK_ERROR, LK_ERROR_NOT_FOUND,
                 _ ("the license %" PRId64 " is gone: it was deleted meanwhile"), self->license_id);
  else if (rows != NULL)
    preview = make_preview (self, g_ptr_array_index (rows, 0), &error);

  if (preview != NULL)
    g_task_return_pointer (task, preview, (GDestroyNotify) lk_preview_request_free);
  else
    g_task_return_error (task, error);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Making *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (LkLicenseServer) server = lk_servers_open_finish (LK_SERVERS (source), result, &error);

  if (server == NULL)
    g_task_return_error (task, error);
  else
    lk_license_server_get_rows_async (server, &self->license_id, 1, g_task_get_cancellable (task),
                                      got_rows_cb, g_object_ref (task));
}

static void
secrets_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Making *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->secrets = lk_keyring_read_secrets_finish (LK_KEYRING (source), result, &error);
  if (self->secrets != NULL)
    lk_servers_open_async (self->servers, self->settings->server_id, g_task_get_cancellable (task),
                           opened_cb, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

/**
 * lk_preview_request_free:
 * @self: (transfer full): a request
 */
void
lk_preview_request_free (LkPreviewRequest *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->url);
  g_free (self->headers);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

/**
 * lk_preview_request_start:
 * @task: (transfer full): returns an #LkPreviewRequest
 * @keyring: where a stored secret may be
 * @servers: opens the license server
 * @settings: a scheduled task, saved or not
 * @secret: (nullable): the secret; %NULL takes the stored one
 * @license_id: the license to tell of
 * @due_at: when the request would be made
 *
 * Makes the same request as a run would, by the same functions, and sends nothing.
 */
void
lk_preview_request_start (GTask *task, LkKeyring *keyring, LkServers *servers,
                          const LkTask *settings, const char *secret, gint64 license_id,
                          LkInstant due_at)
{
  g_autoptr (GTask) owned = task;
  Making *self = g_new0 (Making, 1);

  self->servers = g_object_ref (servers);
  self->settings = lk_task_copy (settings);
  self->license_id = license_id;
  self->due_at = due_at;
  g_task_set_task_data (task, self, making_free);
  lk_keyring_read_secrets_async (keyring, settings->id, secret, g_task_get_cancellable (task),
                                 secrets_read_cb, g_object_ref (task));
}
