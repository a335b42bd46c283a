/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/delivery.h"
#include "core/word-list.h"

static const char *const state_words[] = {
  [LK_DELIVERY_QUEUED] = "queued",         [LK_DELIVERY_SENDING] = "sending",
  [LK_DELIVERY_RETRY_WAIT] = "retry_wait", [LK_DELIVERY_HELD] = "held",
  [LK_DELIVERY_DELIVERED] = "delivered",   [LK_DELIVERY_EXHAUSTED] = "exhausted",
  [LK_DELIVERY_DROPPED] = "dropped",
};

/* translators: the states of a delivery, as a column of the delivery log shows them. */
static const char *const state_titles[] = {
  [LK_DELIVERY_QUEUED] = N_ ("Queued"),         [LK_DELIVERY_SENDING] = N_ ("Sending"),
  [LK_DELIVERY_RETRY_WAIT] = N_ ("Will retry"), [LK_DELIVERY_HELD] = N_ ("Held"),
  [LK_DELIVERY_DELIVERED] = N_ ("Delivered"),   [LK_DELIVERY_EXHAUSTED] = N_ ("Given up"),
  [LK_DELIVERY_DROPPED] = N_ ("Dropped"),
};

G_STATIC_ASSERT (G_N_ELEMENTS (state_words) == LK_N_DELIVERY_STATES);
G_STATIC_ASSERT (G_N_ELEMENTS (state_titles) == LK_N_DELIVERY_STATES);

static const char *const outcome_words[] = {
  [LK_OUTCOME_PENDING] = "pending", [LK_OUTCOME_SUCCESS] = "success",
  [LK_OUTCOME_FAILURE] = "failure", [LK_OUTCOME_UNKNOWN] = "unknown",
  [LK_OUTCOME_OFFLINE] = "offline",
};

static const char *const hold_words[] = {
  [LK_HOLD_NONE] = "",
  [LK_HOLD_LOOK] = "look",
  [LK_HOLD_UNKNOWN] = "unknown",
  [LK_HOLD_PAUSED] = "paused",
};

static GBytes *
ref_bytes (GBytes *bytes)
{
  return bytes != NULL ? g_bytes_ref (bytes) : NULL;
}

/**
 * lk_delivery_new:
 *
 * Returns: (transfer full): a queued delivery without attempts and without a body; every text is ""
 */
LkDelivery *
lk_delivery_new (void)
{
  LkDelivery *self = g_new0 (LkDelivery, 1);

  self->webhook_id = g_strdup ("");
  self->task_name = g_strdup ("");
  self->license_key = g_strdup ("");
  self->customer = g_strdup ("");
  self->url = g_strdup ("");
  self->hold_reason = g_strdup ("");
  self->last_cause = g_strdup ("");
  self->last_latency_ms = -1;

  return self;
}

/**
 * lk_delivery_copy:
 * @self: a delivery
 *
 * Returns: (transfer full): a deep copy; the body, which never changes, is shared
 */
LkDelivery *
lk_delivery_copy (const LkDelivery *self)
{
  LkDelivery *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->webhook_id = g_strdup (self->webhook_id);
  copy->task_name = g_strdup (self->task_name);
  copy->license_key = g_strdup (self->license_key);
  copy->customer = g_strdup (self->customer);
  copy->url = g_strdup (self->url);
  copy->body = ref_bytes (self->body);
  copy->hold_reason = g_strdup (self->hold_reason);
  copy->last_cause = g_strdup (self->last_cause);

  return copy;
}

/**
 * lk_delivery_free:
 * @self: (nullable) (transfer full): a delivery
 */
void
lk_delivery_free (LkDelivery *self)
{
  if (self == NULL)
    return;

  g_free (self->webhook_id);
  g_free (self->task_name);
  g_free (self->license_key);
  g_free (self->customer);
  g_free (self->url);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->hold_reason);
  g_free (self->last_cause);
  g_free (self);
}

/**
 * lk_hold_kind_to_string:
 * @kind: a kind
 *
 * Returns: its word in the database; "" for %LK_HOLD_NONE
 */
const char *
lk_hold_kind_to_string (LkHoldKind kind)
{
  return lk_word_list_get (hold_words, G_N_ELEMENTS (hold_words), (int) kind);
}

/**
 * lk_hold_kind_from_string:
 * @text: (nullable): the word of a kind
 * @kind: (out): the kind; unchanged when there is none of that name
 *
 * Returns: whether there is such a kind
 */
gboolean
lk_hold_kind_from_string (const char *text, LkHoldKind *kind)
{
  int value;

  if (!lk_word_list_find (hold_words, G_N_ELEMENTS (hold_words), text, &value))
    return FALSE;

  *kind = (LkHoldKind) value;
  return TRUE;
}

/**
 * lk_delivery_get_send_obstacle:
 * @self: a delivery
 *
 * A person may have anything sent, now or again, that a task still stands behind.
 *
 * Returns: (nullable): why a person cannot have it sent, translated, with the remedy where there is
 *   one; %NULL when they can
 */
const char *
lk_delivery_get_send_obstacle (const LkDelivery *self)
{
  if (self->is_test)
    return _ ("it is a test: use Send Test again");
  if (self->task_id == 0)
    return _ ("its task was deleted, and with it the secret that signs it");
  if (self->state == LK_DELIVERY_SENDING)
    return _ ("it is being sent");
  if (self->hold_kind == LK_HOLD_PAUSED)
    return _ ("its receiver is paused: resume that");

  return NULL;
}

/**
 * lk_delivery_get_drop_obstacle:
 * @self: a delivery
 *
 * Returns: (nullable): why a person cannot drop it, translated; %NULL when they can
 */
const char *
lk_delivery_get_drop_obstacle (const LkDelivery *self)
{
  switch (self->state)
    {
    case LK_DELIVERY_QUEUED:
    case LK_DELIVERY_RETRY_WAIT:
    case LK_DELIVERY_HELD:
      return NULL;

    case LK_DELIVERY_SENDING:
      return _ ("it is being sent");

    case LK_DELIVERY_DELIVERED:
      return _ ("it was delivered");

    case LK_DELIVERY_EXHAUSTED:
      return _ ("it was given up: nothing of it is owed");

    case LK_DELIVERY_DROPPED:
    default:
      return _ ("it is dropped already");
    }
}

/**
 * lk_delivery_state_to_string:
 * @state: a state
 *
 * Returns: its word in the database, on the command line and in JSON
 */
const char *
lk_delivery_state_to_string (LkDeliveryState state)
{
  return lk_word_list_get (state_words, G_N_ELEMENTS (state_words), (int) state);
}

/**
 * lk_delivery_state_from_string:
 * @text: (nullable): the word of a state
 * @state: (out): the state; unchanged when there is none of that name
 *
 * Returns: whether there is such a state
 */
gboolean
lk_delivery_state_from_string (const char *text, LkDeliveryState *state)
{
  int value;

  if (!lk_word_list_find (state_words, G_N_ELEMENTS (state_words), text, &value))
    return FALSE;

  *state = (LkDeliveryState) value;
  return TRUE;
}

/**
 * lk_delivery_state_get_title:
 * @state: a state
 *
 * Returns: what people read, translated
 */
const char *
lk_delivery_state_get_title (LkDeliveryState state)
{
  return _ (lk_word_list_get (state_titles, G_N_ELEMENTS (state_titles), (int) state));
}

/**
 * lk_attempt_new:
 *
 * Returns: (transfer full): a pending attempt that was not asked to wait; every text is ""
 */
LkAttempt *
lk_attempt_new (void)
{
  LkAttempt *self = g_new0 (LkAttempt, 1);

  self->url = g_strdup ("");
  self->reason = g_strdup ("");
  self->error_class = g_strdup ("");
  self->cause = g_strdup ("");
  self->location = g_strdup ("");
  self->retry_after_s = -1;
  self->request_headers = g_strdup ("");
  self->response_headers = g_strdup ("");
  self->latency_ms = -1;
  self->dns_us = -1;
  self->connect_us = -1;
  self->tls_us = -1;
  self->first_byte_us = -1;

  return self;
}

/**
 * lk_attempt_copy:
 * @self: an attempt
 *
 * Returns: (transfer full): a deep copy; the kept part of the answer, which never changes, is
 * shared
 */
LkAttempt *
lk_attempt_copy (const LkAttempt *self)
{
  LkAttempt *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->url = g_strdup (self->url);
  copy->reason = g_strdup (self->reason);
  copy->error_class = g_strdup (self->error_class);
  copy->cause = g_strdup (self->cause);
  copy->location = g_strdup (self->location);
  copy->request_headers = g_strdup (self->request_headers);
  copy->response_headers = g_strdup (self->response_headers);
  copy->response_body = ref_bytes (self->response_body);

  return copy;
}

/**
 * lk_attempt_free:
 * @self: (nullable) (transfer full): an attempt
 */
void
lk_attempt_free (LkAttempt *self)
{
  if (self == NULL)
    return;

  g_free (self->url);
  g_free (self->reason);
  g_free (self->error_class);
  g_free (self->cause);
  g_free (self->location);
  g_free (self->request_headers);
  g_free (self->response_headers);
  g_clear_pointer (&self->response_body, g_bytes_unref);
  g_free (self);
}

/**
 * lk_outcome_to_string:
 * @outcome: an outcome
 *
 * Returns: its word in the database and in JSON
 */
const char *
lk_outcome_to_string (LkOutcome outcome)
{
  return lk_word_list_get (outcome_words, G_N_ELEMENTS (outcome_words), (int) outcome);
}

/**
 * lk_outcome_from_string:
 * @text: (nullable): the word of an outcome
 * @outcome: (out): the outcome; unchanged when there is none of that name
 *
 * Returns: whether there is such an outcome
 */
gboolean
lk_outcome_from_string (const char *text, LkOutcome *outcome)
{
  int value;

  if (!lk_word_list_find (outcome_words, G_N_ELEMENTS (outcome_words), text, &value))
    return FALSE;

  *outcome = (LkOutcome) value;
  return TRUE;
}
