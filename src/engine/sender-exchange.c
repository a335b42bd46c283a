/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sender"

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <glib/gi18n-lib.h>

#include "engine/sender-private.h"
#include "engine/source.h"

/*
 * One request and its answer:
 *
 *   QUEUED --network event--> CONNECT --starting--> ANSWER --headers, part of the body--> BODY
 *      `-------starting, on a connection that is already open-----^ `---------> DONE <-------´
 *
 * CONNECT, ANSWER and BODY each have a limit of time. When it passes, the exchange is cancelled; in
 * BODY that only ends the reading, since the verdict is the status line's.
 */
typedef enum
{
  PHASE_QUEUED,
  PHASE_CONNECT,
  PHASE_ANSWER,
  PHASE_BODY,
  PHASE_DONE,
} Phase;

#define N_HANDLERS 4

/* The data of the task. Whatever is under way holds a reference on the task. */
typedef struct
{
  GTask *task; /* borrowed */
  LkIdentity *identity;
  guint session; /* of the identity, while there is one */
  SoupMessage *message;
  gulong handlers[N_HANDLERS]; /* of the message; 0 after the last */
  LkClock *clock;
  LkSenderLimits limits;
  LkReply *reply;
  GCancellable *cancellable; /* ends the exchange */
  GCancellable *caller;      /* (nullable): the caller's, which cancels ours */
  gulong caller_cancelled;
  LkDeadlines *deadlines; /* of the sender */
  LkDeadline deadline;
  GSource *readable;
  GInputStream *stream;
  GByteArray *body;
  gsize received;
  char *proxy;  /* (nullable): host and port of the one on the way, as far as it is known */
  gint64 began; /* monotonic, microseconds: when it stopped waiting for a connection */
  Phase phase;
  gboolean timed_out;
  gboolean has_old_tls;
} Exchange;

static void read_body (Exchange *self);

static void
exchange_free (gpointer data)
{
  Exchange *self = data;

  /* By now the task has let go of its own reference on it. */
  g_cancellable_disconnect (self->caller, self->caller_cancelled);
  g_clear_object (&self->caller);
  lk_deadline_clear (&self->deadline);
  lk_source_clear (&self->readable);
  for (gsize i = 0; i < N_HANDLERS; i++)
    g_clear_signal_handler (&self->handlers[i], self->message);
  g_clear_object (&self->stream);
  g_clear_object (&self->message);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->identity, lk_identity_unref);
  g_clear_pointer (&self->reply, lk_reply_free);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_free (self->proxy);
  g_free (self);
}

static void
enter_phase (Exchange *self, Phase phase, guint limit_ms)
{
  gint64 now = g_get_monotonic_time ();

  if (self->phase == PHASE_QUEUED)
    self->began = now;
  self->phase = phase;
  lk_deadlines_set (self->deadlines, &self->deadline, now + (gint64) limit_ms * 1000);
}

/* Microseconds. */
static gint64
get_elapsed (Exchange *self)
{
  return g_get_monotonic_time () - self->began;
}

static void
complete (Exchange *self)
{
  self->phase = PHASE_DONE;
  lk_deadline_clear (&self->deadline);
  lk_source_clear (&self->readable);
  if (self->identity != NULL) /* its connection may serve what the caller begins next */
    lk_identity_end (self->identity, self->session);
  self->reply->attempt->latency_ms = (int) ((get_elapsed (self) + 500) / 1000);

  g_task_return_pointer (self->task, g_steal_pointer (&self->reply),
                         (GDestroyNotify) lk_reply_free);
}

/* No status line came. */
static void
complete_with_fault (Exchange *self, LkWireFault fault, const char *detail)
{
  GTlsCertificate *shown =
      self->message != NULL ? soup_message_get_tls_peer_certificate (self->message) : NULL;

  lk_sender_note_fault (self->reply->attempt, fault, detail, shown, self->proxy);
  complete (self);
}

/* A limit of time passed: in which phase? */
static void
complete_with_timeout (Exchange *self)
{
  const LkAttempt *attempt = self->reply->attempt;
  gboolean was_sent = self->phase == PHASE_ANSWER;
  guint limit_ms = was_sent ? self->limits.answer_ms : self->limits.connect_ms;
  /* translators: a number of seconds */
  g_autofree char *detail = g_strdup_printf (_ ("given up after %g s"), limit_ms / 1000.0);

  if (was_sent)
    complete_with_fault (self, LK_WIRE_TIMEOUT_ANSWER, detail);
  else if (attempt->dns_us < 0)
    complete_with_fault (self, LK_WIRE_TIMEOUT_DNS, detail);
  else if (attempt->connect_us < 0)
    complete_with_fault (self, LK_WIRE_TIMEOUT_CONNECT, detail);
  else
    complete_with_fault (self, LK_WIRE_TIMEOUT_TLS, detail);
}

/* The caller gave up. */
static void
complete_unknown (Exchange *self)
{
  LkAttempt *attempt = self->reply->attempt;

  attempt->outcome = LK_OUTCOME_UNKNOWN;
  g_free (attempt->cause);
  attempt->cause = lk_cause_describe_unknown ();
  complete (self);
}

static void
complete_with_error (Exchange *self, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    complete_with_fault (self,
                         lk_sender_fault_from_error (
                             error, soup_message_get_tls_peer_certificate_errors (self->message)),
                         error->message);
  else if (self->has_old_tls)
    complete_with_fault (self, LK_WIRE_TLS_OLD, NULL);
  else if (!self->timed_out)
    complete_unknown (self);
  else
    complete_with_timeout (self);
}

/* @whole: whether the answer came to its end, so that its connection can serve again. Closing a
 * stream that did not would read on to the end, unless the exchange is cancelled before. */
static void
complete_with_answer (Exchange *self, gboolean whole)
{
  LkAttempt *attempt = self->reply->attempt;

  if (!whole)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->stream);

  attempt->response_truncated = !whole || self->received > self->body->len;
  if (self->body->len > 0)
    attempt->response_body = lk_sender_leave_out_bytes (self->message, self->body);

  complete (self);
}

static void
keep (Exchange *self, const guint8 *bytes, gsize n)
{
  gsize room;

  room = LK_SENDER_BODY_KEPT_BYTES - self->body->len;
  g_byte_array_append (self->body, bytes, MIN (n, room));
  self->received += n;
}

static gboolean
readable_cb (GObject *stream, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  Exchange *self = g_task_get_task_data (task);

  lk_source_clear (&self->readable);
  if (self->phase == PHASE_BODY)
    read_body (self);

  return G_SOURCE_REMOVE;
}

static void
wait_until_readable (Exchange *self)
{
  if (self->phase != PHASE_BODY)
    enter_phase (self, PHASE_BODY, self->limits.body_ms);

  self->readable = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (self->stream),
                                                          self->cancellable);
  g_source_set_priority (self->readable, g_task_get_priority (self->task));
  g_source_set_callback (self->readable, G_SOURCE_FUNC (readable_cb), g_object_ref (self->task),
                         g_object_unref);
  g_source_attach (self->readable, g_task_get_context (self->task));
}

/* Most answers lie whole in libsoup's buffer by now: reading without waiting saves a turn of the
 * main loop each. */
static void
read_body (Exchange *self)
{
  guint8 buffer[8 * 1024];
  gssize n;

  do
    {
      g_autoptr (GError) error = NULL;

      n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (self->stream), buffer,
                                                    sizeof buffer, self->cancellable, &error);
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          wait_until_readable (self);
          return;
        }
      if (n > 0)
        keep (self, buffer, n);
    }
  while (n > 0 && self->received < LK_SENDER_BODY_READ_BYTES);

  complete_with_answer (self, n == 0);
}

static void
sent_cb (GObject *session, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Exchange *self = g_task_get_task_data (task);

  self->stream = soup_session_send_finish (SOUP_SESSION (session), result, &error);
  if (error != NULL)
    {
      complete_with_error (self, error);
      return;
    }

  self->reply->attempt->first_byte_us = get_elapsed (self);
  lk_sender_note_answer (self->reply->attempt, self->message, lk_clock_now (self->clock));
  read_body (self);
}

static void
deadline_cb (gpointer user_data)
{
  Exchange *self = user_data;

  self->timed_out = TRUE;
  g_cancellable_cancel (self->cancellable);
}

static void
caller_cancelled_cb (GCancellable *caller, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* While it connects, a connection knows whereto. */
static void
note_proxy (Exchange *self, GSocketConnection *connection)
{
  g_autoptr (GSocketAddress) address = g_socket_connection_get_remote_address (connection, NULL);

  if (G_IS_PROXY_ADDRESS (address))
    {
      g_free (self->proxy);
      self->proxy = lk_sender_name_proxy (G_PROXY_ADDRESS (address));
    }
}

static void
note_connection (Exchange *self, GSocketConnection *connection)
{
  self->reply->attempt->connect_us = get_elapsed (self);
  g_set_object (&self->identity->sockets[self->session],
                g_socket_connection_get_socket (connection));
}

/* libsoup writes headers and body apart. What is written while the socket is corked leaves in one
 * packet, and the receiver wakes up once. */
static void
set_corked (Exchange *self, gboolean corked)
{
  GSocket *socket = self->identity->sockets[self->session];

  if (socket != NULL)
    g_socket_set_option (socket, IPPROTO_TCP, TCP_CORK, corked, NULL);
}

/* Only for a new connection. A name may have several addresses that are tried one after the other.
 */
static void
network_event_cb (SoupMessage *message, GSocketClientEvent event, GIOStream *connection,
                  gpointer user_data)
{
  Exchange *self = user_data;
  LkAttempt *attempt = self->reply->attempt;

  if (self->phase == PHASE_QUEUED)
    enter_phase (self, PHASE_CONNECT, self->limits.connect_ms);

  if (event == G_SOCKET_CLIENT_RESOLVED)
    attempt->dns_us = get_elapsed (self);
  else if (event == G_SOCKET_CLIENT_CONNECTING)
    note_proxy (self, G_SOCKET_CONNECTION (connection));
  else if (event == G_SOCKET_CLIENT_CONNECTED)
    note_connection (self, G_SOCKET_CONNECTION (connection));
  else if (event == G_SOCKET_CLIENT_TLS_HANDSHAKED)
    attempt->tls_us = get_elapsed (self);
}

static gboolean
has_old_tls (SoupMessage *message)
{
  GTlsProtocolVersion version = soup_message_get_tls_protocol_version (message);

  return version != G_TLS_PROTOCOL_VERSION_UNKNOWN && version < G_TLS_PROTOCOL_VERSION_TLS_1_2;
}

/* The connection stands and nothing of the request has left. GnuTLS would still speak TLS 1.0. */
static void
starting_cb (SoupMessage *message, gpointer user_data)
{
  Exchange *self = user_data;

  if (has_old_tls (message))
    {
      self->has_old_tls = TRUE;
      g_cancellable_cancel (self->cancellable);
      return;
    }

  self->reply->was_sent = TRUE;
  set_corked (self, TRUE);
  enter_phase (self, PHASE_ANSWER, self->limits.answer_ms);
}

static void
wrote_body_cb (SoupMessage *message, gpointer user_data)
{
  set_corked (user_data, FALSE);
}

static gboolean
accept_certificate_cb (SoupMessage *message, GTlsCertificate *certificate,
                       GTlsCertificateFlags errors, gpointer user_data)
{
  Exchange *self = user_data;

  return lk_identity_accepts (self->identity, certificate, errors,
                              g_uri_get_host (soup_message_get_uri (message)));
}

static void
watch_message (Exchange *self)
{
  gulong *handlers = self->handlers;

  *handlers++ =
      g_signal_connect (self->message, "network-event", G_CALLBACK (network_event_cb), self);
  *handlers++ = g_signal_connect (self->message, "starting", G_CALLBACK (starting_cb), self);
  *handlers++ = g_signal_connect (self->message, "wrote-body", G_CALLBACK (wrote_body_cb), self);
  if (self->identity->authorities != NULL)
    *handlers++ = g_signal_connect (self->message, "accept-certificate",
                                    G_CALLBACK (accept_certificate_cb), self);
  if (self->identity->certificate != NULL)
    soup_message_set_tls_client_certificate (self->message, self->identity->certificate);
}

/* @reply: (transfer full) */
static void
take_reply (Exchange *self, LkReply *reply, const char *url, LkInstant now)
{
  self->reply = reply;
  reply->attempt->started_at = now;
  reply->attempt->retry_after_s = -1;
  g_free (reply->attempt->url);
  reply->attempt->url = g_strdup (url);
}

static void
take_message (Exchange *self, LkRequest *request)
{
  LkInstant now = lk_clock_now (self->clock);
  g_autoptr (LkPrepared) prepared = lk_sender_message_take (request, now);

  self->message = g_steal_pointer (&prepared->message);
  take_reply (self, g_steal_pointer (&prepared->reply), request->url, now);
}

static Exchange *
exchange_new (GTask *task, LkClock *clock, const LkSenderLimits *limits, LkDeadlines *deadlines)
{
  Exchange *self = g_new0 (Exchange, 1);

  self->task = task;
  self->clock = g_object_ref (clock);
  self->limits = *limits;
  self->deadlines = deadlines;
  self->deadline.func = deadline_cb;
  self->deadline.user_data = self;
  self->cancellable = g_cancellable_new ();
  self->body = g_byte_array_new ();
  self->began = g_get_monotonic_time ();

  return self;
}

/**
 * lk_sender_exchange_start:
 * @task: (transfer full): returns the #LkReply, and never an error
 * @identity: (nullable): as whom to speak; %NULL when its files cannot be read
 * @reason: (nullable): why there is no @identity
 * @request: what to send
 * @clock: the time
 * @limits: how long it may take
 * @deadlines: where that is watched; of the task's source object
 *
 * Makes one request. The task's priority is that of all its I/O.
 */
void
lk_sender_exchange_start (GTask *task, LkIdentity *identity, const char *reason, LkRequest *request,
                          LkClock *clock, const LkSenderLimits *limits, LkDeadlines *deadlines)
{
  g_autoptr (GTask) owned = task;
  Exchange *self = exchange_new (task, clock, limits, deadlines);

  g_task_set_task_data (task, self, exchange_free);
  g_task_set_check_cancellable (task, FALSE);

  if (identity == NULL)
    {
      take_reply (self, lk_reply_new (), request->url, lk_clock_now (clock));
      complete_with_fault (self, LK_WIRE_LOCAL_FILE, reason);
      return;
    }

  take_message (self, request);
  if (self->message == NULL)
    {
      complete_with_fault (self, LK_WIRE_OTHER, _ ("the address is not a valid URL"));
      return;
    }

  self->proxy = lk_sender_name_own_proxy (request->proxy);
  self->identity = lk_identity_ref (identity);
  self->session = lk_identity_begin (identity);
  watch_message (self);
  if (g_set_object (&self->caller, g_task_get_cancellable (task)))
    self->caller_cancelled = g_cancellable_connect (self->caller, G_CALLBACK (caller_cancelled_cb),
                                                    self->cancellable, NULL);
  soup_session_send_async (identity->sessions[self->session], self->message,
                           g_task_get_priority (task), self->cancellable, sent_cb,
                           g_object_ref (task));
}
