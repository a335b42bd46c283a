/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "raw-server.h"

/* A server on 127.0.0.1 below HTTP: it accepts in the main loop and serves each connection in a
 * thread of its own. */
struct _RawServer
{
  GSocketService *service;
  RawScript script;
  guint16 port;
  gsize sent;  /* atomic */
  int packets; /* atomic */
};

static gboolean
send_text (RawServer *self, GOutputStream *stream, const char *text)
{
  gsize length = strlen (text);
  gsize written = 0;
  gboolean ok = g_output_stream_write_all (stream, text, length, &written, NULL, NULL);

  g_atomic_pointer_add (&self->sent, (gssize) written);

  return ok;
}

/* The requests of the tests end with "}". */
static gboolean
read_request (GInputStream *stream)
{
  g_autoptr (GString) request = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  while ((n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL)) > 0)
    {
      g_string_append_len (request, buffer, n);
      if (g_str_has_suffix (request->str, "}"))
        return TRUE;
    }

  return FALSE;
}

static void
count_packets (RawServer *self, GSocketConnection *connection)
{
  int fd = g_socket_get_fd (g_socket_connection_get_socket (connection));
  struct tcp_info info = { 0 };
  socklen_t length = sizeof info;

  g_assert_cmpint (getsockopt (fd, IPPROTO_TCP, TCP_INFO, &info, &length), ==, 0);
  g_atomic_int_set (&self->packets, (int) info.tcpi_data_segs_in);
}

static void
reset_connection (GSocketConnection *connection)
{
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };
  GSocket *socket = g_socket_connection_get_socket (connection);

  setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  g_socket_close (socket, NULL);
}

static gboolean
run_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source,
        gpointer user_data)
{
  RawServer *self = user_data;
  const RawScript *script = &self->script;
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  gboolean open = read_request (input);

  count_packets (self, connection);
  if (open && script->head != NULL)
    open = send_text (self, output, script->head);

  for (gsize i = 0; open && i < script->n_chunks; i++)
    {
      g_usleep (script->pause_us);
      open = send_text (self, output, script->chunk);
    }

  if (open && script->hang)
    read_request (input);
  if (script->reset)
    reset_connection (connection);

  return TRUE;
}

/* The service goes when the last of its threads has ended, and this with it. */
static void
server_gone_cb (gpointer data, GClosure *closure)
{
  g_free (data);
}

RawServer *
raw_server_new (const RawScript *script)
{
  RawServer *self = g_new0 (RawServer, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->script = *script;
  self->service = g_threaded_socket_service_new (-1);
  g_signal_connect_data (self->service, "run", G_CALLBACK (run_cb), self, server_gone_cb, 0);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), any, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));

  return self;
}

void
raw_server_free (RawServer *self)
{
  g_autoptr (GSocketService) service = self->service;

  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
}

guint16
raw_server_get_port (RawServer *self)
{
  return self->port;
}

gsize
raw_server_get_sent (RawServer *self)
{
  return (gsize) g_atomic_pointer_get (&self->sent);
}

int
raw_server_get_packets (RawServer *self)
{
  return g_atomic_int_get (&self->packets);
}
