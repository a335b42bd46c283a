/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-service"

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "agent/service.h"
#include "agent/wait.h"
#include "store/workspace-check.h"

#define STOP_GRACE_S 4 /* seconds for what is in flight: all in all it stops within 5 */

struct _LkService
{
  LkContext *context;
  GCancellable *cancellable;
  guint sigint_id;
  guint sigterm_id;
  gboolean is_stopped;
};

static gboolean
signal_cb (gpointer data)
{
  LkService *self = data;

  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_CONTINUE;
}

static gpointer
check_writable_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (lk_workspace_check_writable (db, error));
}

/**
 * lk_service_new:
 * @call: the call
 * @error: why the workspace does not open, or cannot be written
 *
 * Makes the engine over the call's workspace. It does not compete for the lease before
 * lk_context_start(). All that the engine does it writes down first, so a workspace that can only
 * be read is refused here, in words, instead of in the log again and again.
 *
 * Returns: (transfer full): the engine
 */
LkService *
lk_service_new (LkCall *call, GError **error)
{
  LkWorkspace *workspace = lk_call_open (call, error);
  LkService *self;

  if (workspace == NULL || lk_call_write (call, check_writable_job, NULL, error) == NULL)
    return NULL;

  self = g_new0 (LkService, 1);
  self->context = lk_context_new (workspace, lk_call_get_clock (call), LK_HOLDER_AGENT);
  self->cancellable = g_cancellable_new ();
  self->sigint_id = g_unix_signal_add (SIGINT, signal_cb, self);
  self->sigterm_id = g_unix_signal_add (SIGTERM, signal_cb, self);

  return self;
}

/**
 * lk_service_free:
 * @self: (nullable) (transfer full): the engine; it is stopped first where it was not
 */
void
lk_service_free (LkService *self)
{
  g_autoptr (GError) error = NULL;

  if (self == NULL)
    return;

  if (!lk_service_stop (self, &error))
    g_warning ("%s", error->message);
  g_source_remove (self->sigint_id);
  g_source_remove (self->sigterm_id);
  g_object_unref (self->cancellable);
  g_object_unref (self->context);
  g_free (self);
}

/**
 * lk_service_get_context:
 * @self: the engine
 *
 * Returns: (transfer none): its services
 */
LkContext *
lk_service_get_context (LkService *self)
{
  return self->context;
}

/**
 * lk_service_get_cancellable:
 * @self: the engine
 *
 * Returns: (transfer none): is cancelled by SIGINT and SIGTERM
 */
GCancellable *
lk_service_get_cancellable (LkService *self)
{
  return self->cancellable;
}

/**
 * lk_service_is_interrupted:
 * @self: the engine
 *
 * Returns: whether SIGINT or SIGTERM came
 */
gboolean
lk_service_is_interrupted (LkService *self)
{
  return g_cancellable_is_cancelled (self->cancellable);
}

/**
 * lk_service_stop:
 * @self: the engine
 * @error: why an outcome could not be written
 *
 * Waits a few seconds for what is in flight, writes its outcomes and gives the lease back. Does
 * nothing the second time.
 *
 * Returns: whether all outcomes were written
 */
gboolean
lk_service_stop (LkService *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (self->is_stopped)
    return TRUE;

  self->is_stopped = TRUE;
  lk_context_stop_async (self->context, STOP_GRACE_S, lk_wait_cb, &result);

  return lk_context_stop_finish (self->context, lk_wait_for (&result), error);
}

/**
 * lk_service_notify:
 * @state: such as `READY=1`, see sd_notify(3)
 *
 * Tells systemd how far the service is, where it was systemd that started it. The protocol is one
 * datagram, for which no library is needed.
 */
void
lk_service_notify (const char *state)
{
  const char *path = g_getenv ("NOTIFY_SOCKET");
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  socklen_t length;
  int fd;

  if (path == NULL || (*path != '/' && *path != '@') || strlen (path) >= sizeof address.sun_path)
    return;

  memcpy (address.sun_path, path, strlen (path));
  length = (socklen_t) (G_STRUCT_OFFSET (struct sockaddr_un, sun_path) + strlen (path));
  if (*path == '@')
    address.sun_path[0] = '\0'; /* an abstract socket */

  fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return;

  if (sendto (fd, state, strlen (state), MSG_NOSIGNAL, (struct sockaddr *) &address, length) < 0)
    g_warning (_ ("cannot tell systemd “%s”: %s"), state, g_strerror (errno));
  close (fd);
}
