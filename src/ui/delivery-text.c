/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-text"

#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "ui/delivery-text.h"
#include "ui/time-text.h"

static void
add_fact (GStrvBuilder *facts, const char *name, const char *value)
{
  if (value != NULL && value[0] != '\0')
    g_strv_builder_add_many (facts, name, value, NULL);
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
 * lk_delivery_get_next_try:
 * @delivery: a delivery
 * @now: the present
 *
 * What is due waits for its turn, for which there is no time to tell.
 *
 * Returns: when it is tried again; 0 for never, or as soon as its turn comes
 */
LkInstant
lk_delivery_get_next_try (const LkDelivery *delivery, LkInstant now)
{
  g_return_val_if_fail (delivery != NULL, 0);

  return delivery->due_at > now ? delivery->due_at : 0;
}

/**
 * lk_delivery_waits_for_turn:
 * @delivery: a delivery
 * @now: the present
 *
 * Returns: whether it is due and not under way: others go first, or its receiver fails
 */
gboolean
lk_delivery_waits_for_turn (const LkDelivery *delivery, LkInstant now)
{
  g_return_val_if_fail (delivery != NULL, FALSE);

  return (delivery->state == LK_DELIVERY_QUEUED || delivery->state == LK_DELIVERY_RETRY_WAIT)
         && delivery->due_at <= now;
}

/* In whole sentences: there is room for them. */
static char *
format_next_try (const LkDelivery *delivery, LkInstant now)
{
  if (lk_delivery_waits_for_turn (delivery, now))
    return g_strdup (
        _ ("Waits for its turn. While a receiver fails, one request at a time tries it."));

  return lk_time_format_long (lk_delivery_get_next_try (delivery, now));
}

/**
 * lk_delivery_list_facts:
 * @delivery: a delivery
 * @now: the present
 *
 * Returns: (transfer full): the name and the value of each thing to know about it, in turn
 */
char **
lk_delivery_list_facts (const LkDelivery *delivery, LkInstant now)
{
  g_autoptr (GStrvBuilder) facts = g_strv_builder_new ();
  g_autofree char *created = NULL;
  g_autofree char *due = NULL;
  g_autofree char *finished = NULL;

  g_return_val_if_fail (delivery != NULL, NULL);

  created = lk_time_format_long (delivery->created_at);
  due = format_next_try (delivery, now);
  finished = lk_time_format_long (delivery->finished_at);
  add_fact (facts, _ ("License"), delivery->license_key);
  add_fact (facts, _ ("Customer"), delivery->customer);
  add_fact (facts, _ ("URL"), delivery->url);
  add_fact (facts, _ ("Webhook ID"), delivery->webhook_id);
  add_fact (facts, _ ("Created"), created);
  add_fact (facts, _ ("Next try"), due);
  add_fact (facts, _ ("Finished"), finished);
  add_fact (facts, _ ("Waits because"), delivery->hold_reason);

  return g_strv_builder_end (facts);
}

/**
 * lk_attempt_format_answer:
 * @attempt: an attempt
 *
 * Returns: (transfer full): HTTP status and reason phrase, or that there is none
 */
char *
lk_attempt_format_answer (const LkAttempt *attempt)
{
  g_return_val_if_fail (attempt != NULL, NULL);

  if (attempt->status != 0)
    return g_strchomp (g_strdup_printf ("%d %s", attempt->status, attempt->reason));

  return g_strdup (attempt->outcome == LK_OUTCOME_PENDING ? _ ("under way") : _ ("no answer"));
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
  answer = lk_attempt_format_answer (attempt);

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
