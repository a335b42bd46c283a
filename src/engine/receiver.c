/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-receiver"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "core/error.h"
#include "core/signature.h"
#include "engine/receiver.h"
#include "store/task-secret.h"
#include "store/task-store.h"

/* RFC 6585; libsoup has no name for it. */
#define TOO_MANY_REQUESTS 429

struct _LkReceiver
{
  GObject parent_instance;

  LkClock *clock;
  SoupServer *server; /* NULL while closed */
  guint16 port;
  char *secret;
  guint answer;
  guint delay_ms;
  GHashTable *delays; /* set of Delay */
  gint64 n_received;
};

/* An answer that is waited with. */
typedef struct
{
  LkReceiver *receiver; /* owns it */
  SoupServerMessage *message;
  GSource *timer;
} Delay;

G_DEFINE_FINAL_TYPE (LkReceiver, lk_receiver, G_TYPE_OBJECT)

enum
{
  RECEIVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
format_headers (SoupMessageHeaders *headers)
{
  g_autoptr (GString) lines = g_string_sized_new (256);
  SoupMessageHeadersIter iter;
  const char *name, *value;

  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    g_string_append_printf (lines, "%s: %s\n", name, value);

  return g_utf8_make_valid (lines->str, lines->len);
}

static char *
dup_header (SoupMessageHeaders *headers, const char *name)
{
  const char *value = soup_message_headers_get_one (headers, name);

  return g_utf8_make_valid (value != NULL ? value : "", -1);
}

static char *
dup_member (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;
  const char *text =
      node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  return g_strdup (text != NULL ? text : "");
}

/* Whatever is in the body, the members are never NULL. */
static void
read_body (LkReceived *received)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonObject *object = NULL, *license = NULL;
  JsonNode *root = NULL, *node = NULL;
  gsize length;
  const char *text = g_bytes_get_data (received->body, &length);

  if (length > 0 && json_parser_load_from_data (parser, text, length, NULL))
    root = json_parser_get_root (parser);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    object = json_node_get_object (root);
  if (object != NULL)
    node = json_object_get_member (object, "LicenseInfo");
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    license = json_node_get_object (node);

  received->task_name = dup_member (object, "Name");
  received->activation_key = dup_member (license, "ActivationKey");
}

static void
judge_qlm (LkReceiver *self, LkReceived *received, SoupMessageHeaders *headers)
{
  const char *signature = soup_message_headers_get_one (headers, "X-QLM-Signature");

  if (signature == NULL)
    received->qlm_verdict = g_strdup (_ ("absent"));
  else if (*self->secret == '\0')
    received->qlm_verdict = g_strdup (_ ("not checked: the receiver has no secret"));
  else if (lk_signature_verify_qlm (received->body, self->secret, signature))
    {
      received->qlm_valid = TRUE;
      received->qlm_verdict = g_strdup (_ ("valid"));
    }
  else
    received->qlm_verdict = g_strdup (_ ("not valid: another secret, or the body was changed"));
}

static void
judge_standard (LkReceiver *self, LkReceived *received, SoupMessageHeaders *headers)
{
  const char *signature = soup_message_headers_get_one (headers, "webhook-signature");
  const char *timestamp = soup_message_headers_get_one (headers, "webhook-timestamp");
  g_autoptr (GError) error = NULL;

  if (signature == NULL || timestamp == NULL || *received->webhook_id == '\0')
    received->standard_verdict = g_strdup (_ ("absent"));
  else if (*self->secret == '\0')
    received->standard_verdict = g_strdup (_ ("not checked: the receiver has no secret"));
  else if (lk_signature_verify_standard (received->body, self->secret, received->webhook_id,
                                         timestamp, signature, received->received_at / LK_SECOND,
                                         &error))
    {
      received->standard_valid = TRUE;
      received->standard_verdict = g_strdup (_ ("valid"));
    }
  else
    received->standard_verdict = g_strdup_printf (_ ("not valid: %s"), error->message);
}

static LkReceived *
take_message (LkReceiver *self, SoupServerMessage *message, const char *path)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  LkReceived *received = g_new0 (LkReceived, 1);

  received->sequence = ++self->n_received;
  received->received_at = lk_clock_now (self->clock);
  received->path = g_utf8_make_valid (path, -1);
  received->webhook_id = dup_header (headers, "webhook-id");
  received->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  received->headers = format_headers (headers);
  received->answer = self->answer;
  read_body (received);
  judge_qlm (self, received, headers);
  judge_standard (self, received, headers);

  return received;
}

static void
delay_free (gpointer data)
{
  Delay *delay = data;

  g_signal_handlers_disconnect_by_data (delay->message, delay);
  g_source_destroy (delay->timer);
  g_source_unref (delay->timer);
  g_object_unref (delay->message);
  g_free (delay);
}

static gboolean
delay_over_cb (gpointer user_data)
{
  Delay *delay = user_data;
  g_autoptr (SoupServerMessage) message = g_object_ref (delay->message);

  g_hash_table_remove (delay->receiver->delays, delay);
  soup_server_message_unpause (message);

  return G_SOURCE_REMOVE;
}

/* The sender hung up before its answer came. */
static void
gone_cb (SoupServerMessage *message, gpointer user_data)
{
  Delay *delay = user_data;

  g_hash_table_remove (delay->receiver->delays, delay);
}

static void
delay_answer (LkReceiver *self, SoupServerMessage *message)
{
  Delay *delay = g_new0 (Delay, 1);

  delay->receiver = self;
  delay->message = g_object_ref (message);
  g_signal_connect (message, "finished", G_CALLBACK (gone_cb), delay);
  g_signal_connect (message, "disconnected", G_CALLBACK (gone_cb), delay);
  delay->timer = g_timeout_source_new (self->delay_ms);
  g_source_set_callback (delay->timer, delay_over_cb, delay, NULL);
  g_source_attach (delay->timer, g_main_context_get_thread_default ());
  g_hash_table_add (self->delays, delay);
  soup_server_message_pause (message);
}

static void
answer (LkReceiver *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, self->answer, NULL);
  if (SOUP_STATUS_IS_REDIRECTION (self->answer))
    soup_message_headers_replace (headers, "Location", "/elsewhere");
  if (self->answer == TOO_MANY_REQUESTS)
    soup_message_headers_replace (headers, "Retry-After", "10");

  if (self->delay_ms > 0)
    delay_answer (self, message);
}

static void
request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  LkReceiver *self = user_data;
  g_autoptr (LkReceived) received = NULL;

  g_assert (LK_IS_RECEIVER (self));

  if (soup_server_message_get_method (message) != SOUP_METHOD_POST)
    {
      soup_server_message_set_status (message, SOUP_STATUS_METHOD_NOT_ALLOWED, NULL);
      soup_message_headers_replace (soup_server_message_get_response_headers (message), "Allow",
                                    "POST");
      return;
    }

  received = take_message (self, message, path);
  answer (self, message);
  g_signal_emit (self, signals[RECEIVED], 0, received);
}

static void
refuse_body (SoupServerMessage *message)
{
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  soup_server_message_set_status (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, NULL);
}

static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  if (body->length > LK_RECEIVER_MAX_BODY_BYTES)
    refuse_body (message);
}

/* Runs when the headers are there and the body is not. A status set here keeps request_cb() from
 * being called. */
static void
headers_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH)
    g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), NULL);
  else if (soup_message_headers_get_content_length (headers) > LK_RECEIVER_MAX_BODY_BYTES)
    refuse_body (message);
}

static guint16
find_port (SoupServer *server)
{
  GSList *uris = soup_server_get_uris (server);
  guint16 port = uris != NULL ? g_uri_get_port (uris->data) : 0;

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return port;
}

static void
set_listen_error (GError **error, const GError *reason, guint16 port)
{
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    g_set_error (error, LK_ERROR, LK_ERROR_IN_USE,
                 /* translators: %u is the number of a network port */
                 _ ("port %u is taken by another program: close that program or choose another "
                    "port"),
                 port);
  else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                 _ ("port %u is reserved for the system: choose one from 1024 upwards"), port);
  else
    g_set_error (error, LK_ERROR, LK_ERROR_FAILED, _ ("cannot listen on port %u: %s"), port,
                 reason->message);
}

static void
lk_receiver_finalize (GObject *object)
{
  LkReceiver *self = LK_RECEIVER (object);

  lk_receiver_close (self);
  g_clear_pointer (&self->delays, g_hash_table_unref);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->secret, lk_secret_free);

  G_OBJECT_CLASS (lk_receiver_parent_class)->finalize (object);
}

static void
lk_receiver_class_init (LkReceiverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_receiver_finalize;

  /**
   * LkReceiver::received:
   * @self: the receiver
   * @received: what arrived, an #LkReceived that lives as long as the signal
   */
  signals[RECEIVED] = g_signal_new ("received", LK_TYPE_RECEIVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
lk_receiver_init (LkReceiver *self)
{
  self->secret = g_strdup ("");
  self->delays = g_hash_table_new_full (NULL, NULL, delay_free, NULL);
  self->answer = SOUP_STATUS_OK;
}

/**
 * lk_receiver_new:
 * @clock: the time that timestamps are compared with
 *
 * Returns: (transfer full): a receiver that does not listen yet and answers 200
 */
LkReceiver *
lk_receiver_new (LkClock *clock)
{
  LkReceiver *self;

  g_return_val_if_fail (LK_IS_CLOCK (clock), NULL);

  self = g_object_new (LK_TYPE_RECEIVER, NULL);
  self->clock = g_object_ref (clock);

  return self;
}

/**
 * lk_receiver_listen:
 * @self: a receiver that is closed
 * @port: where to listen; 0 takes any free one
 * @error: return location for %LK_ERROR_IN_USE, %LK_ERROR_INVALID (a reserved port) or
 *   %LK_ERROR_FAILED
 *
 * Listens on 127.0.0.1 and, where the machine has it, on [::1].
 *
 * Returns: whether it does
 */
gboolean
lk_receiver_listen (LkReceiver *self, guint16 port, GError **error)
{
  g_autoptr (SoupServer) server = NULL;
  g_autoptr (GError) reason = NULL;

  g_return_val_if_fail (LK_IS_RECEIVER (self), FALSE);
  g_return_val_if_fail (self->server == NULL, FALSE);

  server = soup_server_new ("server-header", "Latchkey/" LK_VERSION, NULL);
  soup_server_add_early_handler (server, NULL, headers_cb, self, NULL);
  soup_server_add_handler (server, NULL, request_cb, self, NULL);
  if (!soup_server_listen_local (server, port, 0, &reason))
    {
      set_listen_error (error, reason, port);
      return FALSE;
    }

  self->port = find_port (server);
  self->server = g_steal_pointer (&server);

  return TRUE;
}

/**
 * lk_receiver_close:
 * @self: a receiver
 *
 * Stops listening and drops the open connections. It may listen again afterwards.
 */
void
lk_receiver_close (LkReceiver *self)
{
  g_return_if_fail (LK_IS_RECEIVER (self));

  g_hash_table_remove_all (self->delays);
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  self->port = 0;
}

/**
 * lk_receiver_get_port:
 * @self: a receiver
 *
 * Returns: the port it listens on; 0 while closed
 */
guint16
lk_receiver_get_port (LkReceiver *self)
{
  g_return_val_if_fail (LK_IS_RECEIVER (self), 0);

  return self->port;
}

/**
 * lk_receiver_set_secret:
 * @self: a receiver
 * @secret: what the signatures are checked with; "" checks nothing
 */
void
lk_receiver_set_secret (LkReceiver *self, const char *secret)
{
  g_return_if_fail (LK_IS_RECEIVER (self));
  g_return_if_fail (secret != NULL);

  lk_secret_free (self->secret);
  self->secret = g_strdup (secret);
}

/**
 * lk_receiver_set_answer:
 * @self: a receiver
 * @status: the HTTP status to answer: 200 to 599
 * @delay_ms: milliseconds to wait before the answer: 0 to %LK_RECEIVER_MAX_DELAY_MS
 *
 * Says how requests are answered from now on. A redirect points to `/elsewhere`; 429 asks for 10
 * seconds of patience.
 */
void
lk_receiver_set_answer (LkReceiver *self, guint status, guint delay_ms)
{
  g_return_if_fail (LK_IS_RECEIVER (self));
  g_return_if_fail (status >= 200 && status <= 599);
  g_return_if_fail (delay_ms <= LK_RECEIVER_MAX_DELAY_MS);

  self->answer = status;
  self->delay_ms = delay_ms;
}
