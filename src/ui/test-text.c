/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-test-text"

#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "core/phase.h"
#include "ui/form.h"
#include "ui/test-text.h"

static char *
prettify (const char *json)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  if (!json_parser_load_from_data (parser, json, -1, NULL))
    return NULL;

  return json_to_string (json_parser_get_root (parser), TRUE);
}

/**
 * lk_test_text_format_body:
 * @body: (nullable): bytes
 * @pretty: whether to indent JSON instead of showing the exact bytes
 *
 * Returns: (transfer full): valid UTF-8
 */
char *
lk_test_text_format_body (GBytes *body, gboolean pretty)
{
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;
  g_autofree char *text = g_utf8_make_valid (data != NULL ? data : "", (gssize) length);
  char *indented = pretty ? prettify (text) : NULL;

  return indented != NULL ? indented : g_steal_pointer (&text);
}

/**
 * lk_test_text_format_request:
 * @reply: what came of it
 * @delivery: what was sent
 * @pretty: whether to indent the body
 *
 * Returns: (transfer full): request line, headers with both signatures, and body
 */
char *
lk_test_text_format_request (const LkReply *reply, const LkDelivery *delivery, gboolean pretty)
{
  g_autofree char *body = lk_test_text_format_body (delivery->body, pretty);
  g_autofree char *headers = lk_reply_format_request_headers (reply);

  return g_strdup_printf ("POST %s\n%s\n%s\n", delivery->url, headers, body);
}

/**
 * lk_test_text_format_response:
 * @reply: what came of it
 *
 * Returns: (transfer full): status line, headers and body; why there is none, otherwise
 */
char *
lk_test_text_format_response (const LkReply *reply)
{
  const LkAttempt *attempt = reply->attempt;
  g_autofree char *body = lk_test_text_format_body (attempt->response_body, FALSE);
  GString *text = g_string_new (NULL);

  if (attempt->status == 0)
    g_string_append (text, _ ("No answer came."));
  else
    g_string_append_printf (
        text, "%d %s\n%s\n%s", attempt->status, attempt->reason != NULL ? attempt->reason : "",
        attempt->response_headers != NULL ? attempt->response_headers : "", body);
  if (attempt->response_truncated)
    g_string_append (text, _ ("\n(The rest of the answer was left out.)"));
  return g_string_free (text, FALSE);
}

/**
 * lk_test_text_format_verdict:
 * @reply: what came of it
 *
 * Returns: (transfer full): what it means, in plain language, and the time it took
 */
char *
lk_test_text_format_verdict (const LkReply *reply)
{
  const LkAttempt *attempt = reply->attempt;
  g_autofree char *cause = NULL;
  g_autofree char *phases = lk_attempt_format_phases (attempt);

  if (attempt->outcome == LK_OUTCOME_SUCCESS)
    /* translators: HTTP status, its reason phrase, then the times of the phases */
    return g_strdup_printf (_ ("Delivered: the receiver answered %d %s.\n%s"), attempt->status,
                            attempt->reason != NULL ? attempt->reason : "", phases);

  cause = lk_form_make_sentence (attempt->cause != NULL ? attempt->cause : "");
  if (attempt->latency_ms < 0)
    return g_strdup_printf (_ ("Not delivered. %s"), cause);

  return g_strdup_printf (_ ("Not delivered. %s\n%s"), cause, phases);
}
