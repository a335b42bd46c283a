/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What libsoup alone costs: posts a body of 900 bytes with the headers of a webhook, both
 * signatures made for each request, in one thread and over connections that stay open. It keeps
 * nothing and looks at nothing, so that the difference from it is what our own code costs.
 *
 * usage: bench-libsoup URL SECRET REQUESTS IN-FLIGHT
 */

#define G_LOG_DOMAIN "bench-libsoup"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <libsoup/soup.h>

#include "core/signature.h"

#define BODY_SIZE 900

typedef struct
{
  const char *url;
  const char *secret;
  GBytes *body;
  guint n_left; /* to start */
  guint n_open; /* without an answer */
} Bench;

/* One of the requests in flight at a time, on a connection of its own. */
typedef struct
{
  Bench *bench;
  SoupSession *session;
} Lane;

static void send_next (Lane *lane);

static void
sent_cb (GObject *session, GAsyncResult *result, gpointer user_data)
{
  Lane *lane = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) answer =
      soup_session_send_finish (SOUP_SESSION (session), result, &error);
  char buffer[1024];

  if (error != NULL)
    g_error ("%s", error->message);
  while (g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (answer), buffer,
                                                   sizeof buffer, NULL, NULL)
         > 0)
    ;

  lane->bench->n_open--;
  send_next (lane);
}

static void
add_headers (Bench *bench, SoupMessageHeaders *headers)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  const char *secrets[] = { bench->secret, NULL };
  g_autofree char *id = g_strdup_printf ("msg_%026u", bench->n_left);
  g_autofree char *timestamp = g_strdup_printf ("%" G_GINT64_FORMAT, now_s);
  g_autofree char *qlm = lk_signature_qlm (bench->body, bench->secret);
  g_autofree char *standard = lk_signature_standard (bench->body, secrets, id, now_s);

  soup_message_headers_append (headers, "X-QLM-Signature", qlm);
  soup_message_headers_append (headers, "webhook-id", id);
  soup_message_headers_append (headers, "webhook-timestamp", timestamp);
  soup_message_headers_append (headers, "webhook-signature", standard);
}

static void
send_next (Lane *lane)
{
  Bench *bench = lane->bench;
  g_autoptr (SoupMessage) message = NULL;

  if (bench->n_left == 0)
    return;

  message = soup_message_new (SOUP_METHOD_POST, bench->url);
  soup_message_set_flags (message, SOUP_MESSAGE_IDEMPOTENT | SOUP_MESSAGE_NO_REDIRECT);
  soup_message_set_request_body_from_bytes (message, "application/json", bench->body);
  add_headers (bench, soup_message_get_request_headers (message));
  bench->n_left--;
  bench->n_open++;
  soup_session_send_async (lane->session, message, G_PRIORITY_DEFAULT, NULL, sent_cb, lane);
}

int
main (int argc, char *argv[])
{
  Bench bench = { 0 };
  g_autofree char *text = g_strnfill (BODY_SIZE, 'x');
  g_autofree Lane *lanes = NULL;
  guint n_lanes;

  if (argc != 5)
    g_error ("usage: bench-libsoup URL SECRET REQUESTS IN-FLIGHT");
  bench.url = argv[1];
  bench.secret = argv[2];
  bench.body = g_bytes_new (text, BODY_SIZE);
  bench.n_left = (guint) atoi (argv[3]);
  n_lanes = (guint) atoi (argv[4]);
  lanes = g_new0 (Lane, n_lanes);

  for (guint i = 0; i < n_lanes; i++)
    {
      lanes[i].bench = &bench;
      lanes[i].session =
          soup_session_new_with_options ("max-conns", 1, "max-conns-per-host", 1, NULL);
      send_next (&lanes[i]);
    }
  while (bench.n_open > 0)
    g_main_context_iteration (NULL, TRUE);

  for (guint i = 0; i < n_lanes; i++)
    g_object_unref (lanes[i].session);
  g_bytes_unref (bench.body);
  return 0;
}
