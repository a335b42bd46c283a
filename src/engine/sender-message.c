/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sender"

#include "config.h"

#include <string.h>

#include "core/signature.h"
#include "engine/body-stream.h"
#include "engine/sender-private.h"

/* Headers that frame or sign the request: a task cannot bend them. */
static const char *const reserved_headers[] = {
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "webhook-id",
  "webhook-signature",
  "webhook-timestamp",
  "x-qlm-signature",
};

static void
add_to_record (GString *record, const char *name, const char *value)
{
  g_string_append (record, name);
  g_string_append (record, value);
}

/* The record leaves out the values of all extra headers: which of them are secret, only their
 * author knows. */
static void
add_extra_header (SoupMessageHeaders *headers, const char *line, GString *record)
{
  const char *colon = strchr (line, ':');
  g_autofree char *name = NULL;
  g_autofree char *value = NULL;

  if (colon == NULL)
    return;

  name = g_strstrip (g_strndup (line, colon - line));
  value = g_strstrip (g_strdup (colon + 1));
  if (*name == '\0' || lk_sender_is_reserved (name))
    return;

  soup_message_headers_replace (headers, name, value);
  g_string_append_printf (record, "%s: (left out)\n", name);
}

static void
add_standard_headers (SoupMessageHeaders *headers, const LkRequest *request, LkReply *reply,
                      GString *record)
{
  char timestamp[24];

  g_snprintf (timestamp, sizeof timestamp, "%" G_GINT64_FORMAT, reply->timestamp_s);
  reply->standard_signature =
      lk_signature_standard (request->body, (const char *const *) request->secrets,
                             request->webhook_id, reply->timestamp_s);

  soup_message_headers_append (headers, "webhook-id", request->webhook_id);
  soup_message_headers_append (headers, "webhook-timestamp", timestamp);
  soup_message_headers_append (headers, "webhook-signature", reply->standard_signature);
  add_to_record (record, "webhook-id: ", request->webhook_id);
  add_to_record (record, "\nwebhook-timestamp: ", timestamp);
  g_string_append (record, "\nwebhook-signature: (left out)\n");
}

static void
add_headers (SoupMessage *message, const LkRequest *request, LkReply *reply)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autoptr (GString) record = g_string_sized_new (256);

  g_string_append_printf (record,
                          "Content-Type: application/json\nContent-Length: %" G_GSIZE_FORMAT
                          "\nUser-Agent: Latchkey/" LK_VERSION "\nX-QLM-Signature: (left out)\n",
                          g_bytes_get_size (request->body));

  reply->qlm_signature = lk_signature_qlm (request->body, request->secrets[0]);
  soup_message_headers_append (headers, "X-QLM-Signature", reply->qlm_signature);

  if (request->standard_webhooks)
    add_standard_headers (headers, request, reply, record);
  else
    reply->standard_signature = g_strdup ("");

  for (char **line = request->headers; line != NULL && *line != NULL; line++)
    add_extra_header (headers, *line, record);

  g_free (reply->attempt->request_headers);
  reply->attempt->request_headers = g_strdup (record->str);
}

/**
 * lk_sender_parse_url:
 * @url: (nullable): an address as typed
 *
 * Returns: (transfer full) (nullable): where to send; %NULL when it is no http:// or https://
 * address
 */
GUri *
lk_sender_parse_url (const char *url)
{
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  if (host == NULL || *host == '\0'
      || !(g_str_equal (scheme, "http") || g_str_equal (scheme, "https")))
    return NULL;

  return g_steal_pointer (&uri);
}

/**
 * lk_sender_is_reserved:
 * @name: a header's name
 *
 * Returns: whether it frames or signs the request, and no task sets it
 */
gboolean
lk_sender_is_reserved (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reserved_headers); i++)
    {
      if (g_ascii_strcasecmp (name, reserved_headers[i]) == 0)
        return TRUE;
    }

  return FALSE;
}

/**
 * lk_sender_message_new:
 * @request: what to send
 * @now: the moment of this attempt
 * @reply: gets the signatures, the timestamp and the record of the headers
 *
 * Returns: (transfer full) (nullable): a signed message; %NULL when the address is not a URL
 */
SoupMessage *
lk_sender_message_new (const LkRequest *request, LkInstant now, LkReply *reply)
{
  g_autoptr (GUri) uri = lk_sender_parse_url (request->url);
  g_autoptr (GInputStream) body = NULL;
  SoupMessage *message;

  if (uri == NULL)
    return NULL;

  body = lk_body_stream_new (request->body);
  message = soup_message_new_from_uri (SOUP_METHOD_POST, uri);

  /* Without "idempotent" libsoup opens a connection for each POST. It never sends one twice on its
   * own: a request that broke off comes back as an error. */
  soup_message_set_flags (message, SOUP_MESSAGE_IDEMPOTENT | SOUP_MESSAGE_NO_REDIRECT);
  soup_message_set_request_body (message, "application/json", body,
                                 (gssize) g_bytes_get_size (request->body));
  reply->timestamp_s = now / LK_SECOND;
  add_headers (message, request, reply);

  return message;
}

/**
 * lk_prepared_free:
 * @self: (transfer full): a message that is not sent
 */
void
lk_prepared_free (LkPrepared *self)
{
  g_clear_object (&self->message);
  g_clear_pointer (&self->reply, lk_reply_free);
  g_free (self);
}

/* Its message is %NULL when the address is not a URL. */
static LkPrepared *
prepare (const LkRequest *request, LkInstant now)
{
  LkPrepared *self = g_new0 (LkPrepared, 1);

  self->reply = lk_reply_new ();
  self->message = lk_sender_message_new (request, now, self->reply);

  return self;
}

/**
 * lk_request_prepare:
 * @self: a request that is complete
 * @now: about when it will begin
 *
 * Signs it and makes its message ahead, so that the main loop need not. Whether that was of use is
 * decided when it begins: a signature names the second of its attempt.
 *
 * Thread: any, as long as no other one uses @self.
 */
void
lk_request_prepare (LkRequest *self, LkInstant now)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->prepared, lk_prepared_free);
  self->prepared = prepare (self, now);
}

/**
 * lk_sender_message_take:
 * @request: a request that begins
 * @now: the moment of this attempt
 *
 * Returns: (transfer full): its message, made ahead or now
 */
LkPrepared *
lk_sender_message_take (LkRequest *request, LkInstant now)
{
  g_autoptr (LkPrepared) prepared = g_steal_pointer (&request->prepared);

  if (prepared != NULL && prepared->reply->timestamp_s == now / LK_SECOND)
    return g_steal_pointer (&prepared);

  return prepare (request, now);
}

/**
 * lk_sender_message_format:
 * @message: a signed message
 *
 * Returns: (transfer full): "Name: value" lines of the headers that go out over HTTP/1.1, in valid
 *   UTF-8: those of @message, and what the session adds
 */
char *
lk_sender_message_format (SoupMessage *message)
{
  GUri *uri = soup_message_get_uri (message);
  const char *host = g_uri_get_host (uri);
  gboolean is_numeric = strchr (host, ':') != NULL;
  int usual = g_str_equal (g_uri_get_scheme (uri), "https") ? 443 : 80;
  g_autofree char *own = lk_sender_format_headers (soup_message_get_request_headers (message));
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "Host: %s%s%s", is_numeric ? "[" : "", host, is_numeric ? "]" : "");
  if (g_uri_get_port (uri) > 0 && g_uri_get_port (uri) != usual)
    g_string_append_printf (text, ":%d", g_uri_get_port (uri));
  g_string_append_printf (text, "\n%sUser-Agent: Latchkey/" LK_VERSION "\nConnection: Keep-Alive\n",
                          own);

  return g_string_free (text, FALSE);
}

/**
 * lk_sender_format_headers:
 * @headers: what the receiver answered
 *
 * Returns: (transfer full): "Name: value" lines in valid UTF-8
 */
char *
lk_sender_format_headers (SoupMessageHeaders *headers)
{
  g_autoptr (GString) lines = g_string_sized_new (128);
  SoupMessageHeadersIter iter;
  const char *name, *value;

  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    {
      g_string_append (lines, name);
      g_string_append (lines, ": ");
      g_string_append (lines, value);
      g_string_append_c (lines, '\n');
    }

  if (!g_utf8_validate (lines->str, lines->len, NULL))
    return g_utf8_make_valid (lines->str, lines->len);

  return g_string_free (g_steal_pointer (&lines), FALSE);
}
