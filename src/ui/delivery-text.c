/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-text"

#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "ui/delivery-text.h"
#include "ui/time-text.h"

static void
append_fact (GString *text, const char *name, const char *value)
{
  if (value == NULL || value[0] == '\0')
    return;

  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append_printf (text, "%s: %s", name, value);
}

static void
append_part (GString *text, const char *title, const char *part)
{
  if (part == NULL || part[0] == '\0')
    return;

  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append_printf (text, "%s\n%s", title, part);
  if (!g_str_has_suffix (part, "\n"))
    g_string_append_c (text, '\n');
}

/**
 * lk_body_to_text:
 * @body: (nullable): bytes from or for the wire
 *
 * Returns: (transfer full): the same as text; what is no UTF-8 is replaced
 */
char *
lk_body_to_text (GBytes *body)
{
  gsize size;
  const char *data;

  if (body == NULL)
    return g_strdup ("");

  data = g_bytes_get_data (body, &size);

  return data != NULL ? g_utf8_make_valid (data, (gssize) size) : g_strdup ("");
}

/**
 * lk_body_format:
 * @body: (nullable): bytes from or for the wire
 *
 * Returns: (transfer full): JSON with a line for each member; anything else as it is
 */
char *
lk_body_format (GBytes *body)
{
  g_autofree char *text = lk_body_to_text (body);
  g_autoptr (JsonNode) node = text[0] != '\0' ? json_from_string (text, NULL) : NULL;

  return node != NULL ? json_to_string (node, TRUE) : g_steal_pointer (&text);
}

/**
 * lk_delivery_format_facts:
 * @delivery: a delivery
 *
 * Returns: (transfer full): a line for each thing to know about it
 */
char *
lk_delivery_format_facts (const LkDelivery *delivery)
{
  GString *text = g_string_new (NULL);
  g_autofree char *created = NULL;
  g_autofree char *due = NULL;
  g_autofree char *finished = NULL;

  g_return_val_if_fail (delivery != NULL, g_string_free (text, FALSE));

  created = lk_time_format_long (delivery->created_at);
  due = lk_time_format_long (delivery->due_at);
  finished = lk_time_format_long (delivery->finished_at);
  append_fact (text, _ ("License"), delivery->license_key);
  append_fact (text, _ ("Customer"), delivery->customer);
  append_fact (text, _ ("URL"), delivery->url);
  append_fact (text, _ ("Webhook ID"), delivery->webhook_id);
  append_fact (text, _ ("Created"), created);
  append_fact (text, _ ("Next try"), due);
  append_fact (text, _ ("Finished"), finished);
  append_fact (text, _ ("Waits because"), delivery->hold_reason);

  return g_string_free (text, FALSE);
}

/**
 * lk_attempt_format_title:
 * @attempt: an attempt
 *
 * Returns: (transfer full): its number, what came back, how long it took, and when
 */
char *
lk_attempt_format_title (const LkAttempt *attempt)
{
  g_autofree char *latency = NULL;
  g_autofree char *when = NULL;
  g_autofree char *answer = NULL;

  g_return_val_if_fail (attempt != NULL, NULL);

  latency = lk_latency_format (attempt->latency_ms);
  when = lk_time_format_long (attempt->started_at);
  if (attempt->status != 0)
    answer = g_strdup_printf ("%d %s", attempt->status, attempt->reason);
  else
    answer = g_strdup (attempt->outcome == LK_OUTCOME_PENDING ? _ ("under way") : _ ("no answer"));
  g_strchomp (answer);

  return g_strdup_printf ("%d.  %s%s%s  ·  %s", attempt->number, answer,
                          latency[0] != '\0' ? "  ·  " : "", latency, when);
}

/**
 * lk_attempt_format_exchange:
 * @attempt: an attempt
 *
 * Returns: (transfer full): what it meant, what was sent and what came back
 */
char *
lk_attempt_format_exchange (const LkAttempt *attempt)
{
  GString *text = g_string_new (NULL);
  g_autofree char *answer = NULL;
  g_autofree char *body = NULL;

  g_return_val_if_fail (attempt != NULL, g_string_free (text, FALSE));

  body = lk_body_format (attempt->response_body);
  if (attempt->status != 0)
    answer = g_strdup_printf (_ ("Response: %d %s"), attempt->status, attempt->reason);

  if (attempt->cause != NULL && attempt->cause[0] != '\0')
    g_string_append_printf (text, "%s\n", attempt->cause);
  append_part (text, _ ("Request headers:"), attempt->request_headers);
  append_part (text, answer != NULL ? answer : _ ("Response:"), attempt->response_headers);
  append_part (text,
               attempt->response_truncated ? _ ("Response body (only its beginning was kept):")
                                           : _ ("Response body:"),
               body);

  return g_string_free (text, FALSE);
}
