/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/signature.h"
#include "engine/sender-private.h"
#include "raw-server.h"
#include "sender-fixture.h"
#include "support/test-clock.h"
#include "support/test-folder.h"

static char *
dup_remote_port (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  return g_strdup_printf ("%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
}

static void
got_request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                gpointer user_data)
{
  GHashTable *seen = user_data;
  SoupMessageHeadersIter iter;
  const char *name, *value;
  GBytes *body = soup_message_body_flatten (soup_server_message_get_request_body (message));

  soup_message_headers_iter_init (&iter, soup_server_message_get_request_headers (message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    g_hash_table_insert (seen, g_ascii_strdown (name, -1), g_strdup (value));
  g_hash_table_insert (seen, g_strdup ("body"),
                       g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body)));
  g_bytes_unref (body);
  g_hash_table_insert (seen, g_strdup ("port"), dup_remote_port (message));

  soup_server_message_set_status (message, 200, NULL);
}

static GHashTable *
seen_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static SoupServer *
make_server (GHashTable *seen, SoupServerListenOptions options, GTlsCertificate *certificate)
{
  SoupServer *server = soup_server_new ("tls-certificate", certificate, NULL);
  g_autoptr (GError) error = NULL;

  soup_server_add_handler (server, NULL, got_request_cb, seen, NULL);
  soup_server_listen_local (server, 0, options, &error);
  g_assert_no_error (error);

  return server;
}

static char *
get_url (SoupServer *server)
{
  GSList *uris = soup_server_get_uris (server);
  char *url = g_uri_to_string (uris->data);

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return url;
}

/* The published vector of Standard Webhooks, on the wire. */
static void
test_headers (void)
{
  g_autoptr (GHashTable) seen = seen_new ();
  g_autoptr (SoupServer) server = make_server (seen, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL);
  g_autofree char *url = get_url (server);
  g_autoptr (LkSender) sender = sender_test_new ();
  g_autoptr (LkRequest) request = sender_test_new_request (url);
  g_autoptr (LkReply) reply = NULL;
  g_autofree char *qlm = lk_signature_qlm (request->body, SECRET);
  const char *expected[][2] = {
    { "content-type", "application/json" },
    { "content-length", "20" },
    { "user-agent", "Latchkey/" LK_VERSION },
    { "webhook-id", WEBHOOK_ID },
    { "webhook-timestamp", "1614265330" },
    { "webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" },
    { "x-qlm-signature", qlm },
    { "authorization", "Bearer hush" },
    { "x-team", "a: b" },
    { "body", "{\"test\": 2432232314}" },
  };

  request->headers =
      g_strsplit ("Authorization: Bearer hush|X-Team:  a: b |Content-Length: 3|Host: x", "|", -1);
  reply = sender_test_send (sender, request, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (g_hash_table_lookup (seen, expected[i][0]), ==, expected[i][1]);
  g_assert_null (g_hash_table_lookup (seen, "accept-encoding"));
  g_assert_true (g_str_has_prefix (g_hash_table_lookup (seen, "host"), "127.0.0.1:"));
  g_assert_cmpstr (reply->qlm_signature, ==, qlm);
  g_assert_cmpstr (reply->standard_signature, ==, expected[5][1]);
  g_assert_cmpint (reply->timestamp_s, ==, 1614265330);
}

/* Neither secrets nor signatures, nor what a task adds on its own, get into the record. */
static void
test_record (void)
{
  g_autoptr (GHashTable) seen = seen_new ();
  g_autoptr (SoupServer) server = make_server (seen, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL);
  g_autofree char *url = get_url (server);
  g_autoptr (LkSender) sender = sender_test_new ();
  g_autoptr (LkRequest) request = sender_test_new_request (url);
  g_autoptr (LkReply) reply = NULL;

  request->headers = g_strsplit ("Authorization: Bearer hush", "|", -1);
  reply = sender_test_send (sender, request, NULL);

  g_assert_cmpstr (reply->attempt->request_headers, ==,
                   "Content-Type: application/json\n"
                   "Content-Length: 20\n"
                   "User-Agent: Latchkey/" LK_VERSION "\n"
                   "X-QLM-Signature: (left out)\n"
                   "webhook-id: " WEBHOOK_ID "\n"
                   "webhook-timestamp: 1614265330\n"
                   "webhook-signature: (left out)\n"
                   "Authorization: (left out)\n");
}

/* What was signed ahead goes out as it is; but the signature names the second of the attempt. */
static void
test_prepared (void)
{
  g_autoptr (GHashTable) seen = seen_new ();
  g_autoptr (SoupServer) server = make_server (seen, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL);
  g_autofree char *url = get_url (server);
  g_autoptr (LkSender) sender = sender_test_new ();
  g_autoptr (LkRequest) request = sender_test_new_request (url);
  g_autoptr (LkReply) reply = NULL;
  g_autoptr (LkReply) later = NULL;

  lk_request_prepare (request, NOW);
  g_free (request->webhook_id);
  request->webhook_id = g_strdup ("msg_of_the_second_attempt");
  reply = sender_test_send (sender, request, NULL);
  g_assert_cmpint (reply->attempt->status, ==, 200);
  g_assert_cmpstr (g_hash_table_lookup (seen, "webhook-id"), ==, WEBHOOK_ID);
  g_assert_cmpstr (g_hash_table_lookup (seen, "webhook-timestamp"), ==, "1614265330");

  lk_request_prepare (request, NOW - LK_SECOND);
  later = sender_test_send (sender, request, NULL);
  g_assert_cmpstr (g_hash_table_lookup (seen, "webhook-id"), ==, "msg_of_the_second_attempt");
  g_assert_cmpstr (g_hash_table_lookup (seen, "webhook-timestamp"), ==, "1614265330");
  g_assert_cmpint (later->timestamp_s, ==, 1614265330);
}

static void
test_standard_off (void)
{
  g_autoptr (GHashTable) seen = seen_new ();
  g_autoptr (SoupServer) server = make_server (seen, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL);
  g_autofree char *url = get_url (server);
  g_autoptr (LkSender) sender = sender_test_new ();
  g_autoptr (LkRequest) request = sender_test_new_request (url);
  g_autoptr (LkReply) reply = NULL;

  request->standard_webhooks = FALSE;
  reply = sender_test_send (sender, request, NULL);

  g_assert_null (g_hash_table_lookup (seen, "webhook-signature"));
  g_assert_null (g_hash_table_lookup (seen, "webhook-id"));
  g_assert_nonnull (g_hash_table_lookup (seen, "x-qlm-signature"));
  g_assert_cmpstr (reply->standard_signature, ==, "");
}

static void
test_ipv6 (void)
{
  g_autoptr (GHashTable) seen = seen_new ();
  g_autoptr (SoupServer) server = NULL;
  g_autofree char *url = NULL;
  g_autoptr (LkReply) reply = NULL;
  g_autoptr (GSocket) probe =
      g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

  if (probe == NULL)
    {
      g_test_skip ("this machine has no IPv6");
      return;
    }

  server = make_server (seen, SOUP_SERVER_LISTEN_IPV6_ONLY, NULL);
  url = get_url (server);
  g_assert_true (g_str_has_prefix (url, "http://[::1]:"));
  reply = sender_test_send_quickly (url);
  g_assert_cmpint (reply->attempt->status, ==, 200);
}

static void
test_refused (void)
{
  /* Port 1 of the loopback: nobody listens there. */
  g_autoptr (LkReply) reply = sender_test_send_quickly ("http://127.0.0.1:1/");

  g_assert_cmpint (reply->attempt->outcome, ==, LK_OUTCOME_FAILURE);
  g_assert_cmpstr (reply->attempt->error_class, ==, "connect");
  g_assert_false (reply->was_sent);
}

/* The task's proxy gets the request, also for this machine; "none" goes past the system's. */
static void
test_proxy (void)
{
  RawScript script = { "HTTP/1.1 200 OK\r\n"
                       "Content-Length: 2\r\n\r\nok" };
  g_autoptr (RawServer) proxy = raw_server_new (&script);
  g_autoptr (LkSender) sender = sender_test_new ();
  g_autoptr (LkRequest) request = sender_test_new_request ("http://receiver.test/hook");
  g_autoptr (LkReply) through = NULL;
  g_autoptr (LkReply) past = NULL;

  request->proxy = g_strdup_printf ("http://127.0.0.1:%u", raw_server_get_port (proxy));
  through = sender_test_send (sender, request, NULL);
  g_assert_cmpint (through->attempt->status, ==, 200);

  g_free (request->proxy);
  request->proxy = g_strdup ("none");
  past = sender_test_send (sender, request, NULL);
  g_assert_cmpint (past->attempt->status, ==, 0);
  g_assert_cmpstr (past->attempt->error_class, !=, "proxy");
}

/* A proxy that has no address is not the receiver's fault. */
static void
test_proxy_name (void)
{
  g_autoptr (LkSender) sender = sender_test_new ();
  g_autoptr (LkRequest) request = sender_test_new_request ("http://127.0.0.1:1/hook");
  g_autoptr (LkReply) reply = NULL;

  request->proxy = g_strdup ("http://me:password@proxy.invalid:3128");
  reply = sender_test_send (sender, request, NULL);

  g_assert_cmpstr (reply->attempt->error_class, ==, "proxy");
  g_assert_nonnull (strstr (reply->attempt->cause, "proxy.invalid:3128"));
  g_assert_null (strstr (reply->attempt->cause, "password"));
}

/* A receiver that never answers, and a task that waits longer for it than the sender would. */
static void
test_own_timeout (void)
{
  RawScript script = { .hang = TRUE };
  g_autoptr (RawServer) server = raw_server_new (&script);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/", raw_server_get_port (server));
  g_autoptr (LkSender) sender = sender_test_new ();
  g_autoptr (LkRequest) request = sender_test_new_request (url);
  g_autoptr (LkReply) reply = NULL;

  request->answer_timeout_s = 1;
  reply = sender_test_send (sender, request, NULL);
  g_assert_cmpstr (reply->attempt->error_class, ==, "timeout");
  g_assert_cmpint (reply->attempt->latency_ms, >=, 1000);
}

/* A listener that never accepts, with its queue full: the handshake of TCP does not end. */
static void
test_connect_timeout (void)
{
  g_autoptr (GSocket) listener =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GPtrArray) queue = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *url = NULL;
  g_autoptr (LkReply) reply = NULL;

  g_socket_set_listen_backlog (listener, 0);
  g_assert_true (g_socket_bind (listener, any, FALSE, NULL));
  g_assert_true (g_socket_listen (listener, NULL));
  bound = g_socket_get_local_address (listener, NULL);
  for (int i = 0; i < 4; i++)
    {
      GSocket *client =
          g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

      g_socket_set_blocking (client, FALSE);
      g_socket_connect (client, bound, NULL, NULL);
      g_ptr_array_add (queue, client);
    }

  url = g_strdup_printf ("http://127.0.0.1:%u/",
                         g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  reply = sender_test_send_quickly (url);
  g_assert_cmpstr (reply->attempt->error_class, ==, "timeout");
  g_assert_nonnull (strstr (reply->attempt->cause, "no connection to 127.0.0.1 in time"));
  g_assert_nonnull (strstr (reply->attempt->cause, "given up after"));
  g_assert_cmpint (reply->attempt->dns_us, >=, 0);
  g_assert_cmpint (reply->attempt->connect_us, ==, -1);
  g_assert_false (reply->was_sent);
}

static void
test_bad_url (void)
{
  g_autoptr (LkReply) reply = sender_test_send_quickly ("http://");

  g_assert_cmpint (reply->attempt->outcome, ==, LK_OUTCOME_FAILURE);
  g_assert_cmpstr (reply->attempt->cause, !=, "");
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

static void
test_cancel (void)
{
  const RawScript silence = { .hang = TRUE };
  g_autoptr (RawServer) server = raw_server_new (&silence);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/hook", raw_server_get_port (server));
  g_autoptr (LkSender) sender = sender_test_new ();
  g_autoptr (LkRequest) request = sender_test_new_request (url);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (LkReply) reply = NULL;

  g_timeout_add (50, cancel_cb, cancellable);
  reply = sender_test_send (sender, request, cancellable);
  g_assert_cmpint (reply->attempt->outcome, ==, LK_OUTCOME_UNKNOWN);
  g_assert_cmpstr (reply->attempt->cause, !=, "");
}

/* Headers and body leave together: a receiver wakes up once for each request. */
static void
test_one_packet (void)
{
  const RawScript script = { .head = "HTTP/1.1 204 No Content\r\n\r\n" };
  g_autoptr (RawServer) server = raw_server_new (&script);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/hook", raw_server_get_port (server));
  g_autoptr (LkReply) reply = sender_test_send_quickly (url);

  g_assert_cmpint (reply->attempt->status, ==, 204);
  g_assert_cmpint (raw_server_get_packets (server), ==, 1);
}

/* One connection serves many requests: a POST on a new one each time costs half the speed. */
static void
test_keeps_connections (void)
{
  g_autoptr (GHashTable) seen = seen_new ();
  g_autoptr (SoupServer) server = make_server (seen, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL);
  g_autofree char *url = get_url (server);
  g_autoptr (LkSender) sender = sender_test_new ();
  g_autoptr (LkRequest) request = sender_test_new_request (url);
  g_autoptr (GHashTable) ports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = 0; i < 5; i++)
    {
      g_autoptr (LkReply) reply = sender_test_send (sender, request, NULL);

      g_assert_cmpint (reply->attempt->status, ==, 200);
      g_assert_true (i == 0 ? reply->attempt->connect_us >= 0 : reply->attempt->connect_us == -1);
      g_assert_true (i == 0 ? reply->attempt->dns_us >= 0 : reply->attempt->dns_us == -1);
      g_assert_cmpint (reply->attempt->tls_us, ==, -1);
      g_assert_cmpint (reply->attempt->first_byte_us, >, 0);
      g_hash_table_add (ports, g_strdup (g_hash_table_lookup (seen, "port")));
    }

  g_assert_cmpuint (g_hash_table_size (ports), ==, 1);
}

/* Answers nobody until they are let go. */
typedef struct
{
  GPtrArray *held;
  gboolean lets_go;
} Gate;

static void
hold_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
         gpointer user_data)
{
  Gate *gate = user_data;

  soup_server_message_set_status (message, 200, NULL);
  if (gate->lets_go)
    return;
  soup_server_message_pause (message);
  g_ptr_array_add (gate->held, message);
}

static void
open_gate (Gate *gate)
{
  gate->lets_go = TRUE;
  for (guint i = 0; i < gate->held->len; i++)
    soup_server_message_unpause (g_ptr_array_index (gate->held, i));
}

/* That a request had to wait for a connection says nothing of the receiver. */
static void
test_waits_for_connection (void)
{
  g_autoptr (GPtrArray) held = g_ptr_array_new ();
  Gate gate = { held, FALSE };
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (LkTestClock) clock = lk_test_clock_new (NOW);
  g_autoptr (LkSender) sender = lk_sender_new (LK_CLOCK (clock), G_PRIORITY_DEFAULT);
  GAsyncResult *results[LK_SENDER_MAX_CONNECTIONS + 1] = { NULL };
  g_autoptr (LkRequest) request = NULL;
  g_autofree char *url = NULL;
  gint64 before, opened;

  soup_server_add_handler (server, NULL, hold_cb, &gate, NULL);
  g_assert_true (soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  url = get_url (server);
  request = sender_test_new_request (url);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      lk_sender_send_async (sender, request, NULL, test_result_cb, &results[i]);
      test_until (held->len == MIN (i + 1, LK_SENDER_MAX_CONNECTIONS), 30);
    }
  before = g_get_monotonic_time ();
  test_until (g_get_monotonic_time () - before > 20 * 1000, 30);
  opened = g_get_monotonic_time ();
  open_gate (&gate);

  for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (LkReply) reply = NULL;

      test_wait (&results[i]);
      reply = lk_sender_send_finish (sender, results[i]);
      g_assert_cmpint (reply->attempt->status, ==, 200);
      if (i == LK_SENDER_MAX_CONNECTIONS)
        g_assert_cmpint (reply->attempt->first_byte_us, <, g_get_monotonic_time () - opened);
      g_object_unref (results[i]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sender/headers", test_headers);
  g_test_add_func ("/sender/record", test_record);
  g_test_add_func ("/sender/prepared", test_prepared);
  g_test_add_func ("/sender/standard-off", test_standard_off);
  g_test_add_func ("/sender/ipv6", test_ipv6);
  g_test_add_func ("/sender/refused", test_refused);
  g_test_add_func ("/sender/connect-timeout", test_connect_timeout);
  g_test_add_func ("/sender/proxy", test_proxy);
  g_test_add_func ("/sender/proxy-name", test_proxy_name);
  g_test_add_func ("/sender/own-timeout", test_own_timeout);
  g_test_add_func ("/sender/bad-url", test_bad_url);
  g_test_add_func ("/sender/cancel", test_cancel);
  g_test_add_func ("/sender/one-packet", test_one_packet);
  g_test_add_func ("/sender/keeps-connections", test_keeps_connections);
  g_test_add_func ("/sender/waits-for-connection", test_waits_for_connection);

  return g_test_run ();
}
