/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-verdict"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/retry.h"
#include "engine/verdict.h"

static void
replace (char **place, const char *text)
{
  g_free (*place);
  *place = g_strdup (text);
}

static void
hold (LkSettlement *self, const char *reason)
{
  self->state = LK_DELIVERY_HELD;
  replace (&self->hold_reason, reason);
}

static void
retry (LkSettlement *self, const LkClaim *claim, LkInstant now, double random)
{
  int attempts = claim->delivery->attempts - claim->delivery->schedule_from + 1;

  if (attempts >= LK_RETRY_MAX_ATTEMPTS)
    {
      self->state = LK_DELIVERY_EXHAUSTED;
      return;
    }

  self->state = LK_DELIVERY_RETRY_WAIT;
  self->due_at = lk_retry_due_at (attempts, now, self->attempt->retry_after_s, random);
}

/* Costs no attempt; whether the receiver can be reached is the dispatcher's care. */
static void
postpone (LkSettlement *self, LkInstant now)
{
  self->state = LK_DELIVERY_RETRY_WAIT;
  self->due_at = now;
  self->costs_attempt = FALSE;
}

/* A request that left and brought no status line may have arrived. */
static gboolean
may_have_arrived (const LkReply *reply, const LkAttempt *attempt)
{
  return attempt->outcome == LK_OUTCOME_UNKNOWN
         || (attempt->outcome == LK_OUTCOME_FAILURE && attempt->status == 0 && reply->was_sent);
}

/**
 * lk_verdict_settle:
 * @claim: what was to be sent
 * @reply: how it went; its attempt is taken out
 * @at_most_once: whether a delivery that may have arrived waits for a person
 * @now: the end of the attempt
 * @random: from 0 to 1, for the jitter of the retry
 *
 * Decides what becomes of a delivery after an attempt.
 *
 * Returns: (transfer full): what is to be stored
 */
LkSettlement *
lk_verdict_settle (const LkClaim *claim, LkReply *reply, gboolean at_most_once, LkInstant now,
                   double random)
{
  LkSettlement *self = g_new0 (LkSettlement, 1);
  LkAttempt *attempt = g_steal_pointer (&reply->attempt);

  attempt->id = claim->attempt_id;
  attempt->delivery_id = claim->delivery->id;
  attempt->number = claim->attempt_number;
  self->attempt = attempt;
  self->task_name = g_strdup (claim->delivery->task_name);
  self->costs_attempt = TRUE;

  if (at_most_once && may_have_arrived (reply, attempt))
    {
      attempt->outcome = LK_OUTCOME_UNKNOWN;
      hold (self, _ ("the receiver may have got it, and its task sends at most once: look there, "
                     "then decide whether it is sent again"));
      return self;
    }

  switch (lk_retry_judge (attempt->outcome, attempt->status))
    {
    case LK_VERDICT_DELIVERED:
      self->state = LK_DELIVERY_DELIVERED;
      break;
    case LK_VERDICT_PAUSE:
      hold (self, attempt->cause);
      break;
    case LK_VERDICT_OFFLINE:
      postpone (self, now);
      break;
    case LK_VERDICT_RETRY:
    default:
      if (attempt->outcome == LK_OUTCOME_UNKNOWN)
        postpone (self, now);
      else
        retry (self, claim, now, random);
      break;
    }

  return self;
}

/**
 * lk_verdict_hold_unsent:
 * @claim: what was to be sent
 * @reason: why it cannot be, and what to do
 *
 * Settles a claim for which no request can be made. The outcome is "unknown", which holds this
 * delivery alone and does not pause its receiver.
 *
 * Returns: (transfer full): what is to be stored
 */
LkSettlement *
lk_verdict_hold_unsent (const LkClaim *claim, const char *reason)
{
  LkSettlement *self = g_new0 (LkSettlement, 1);

  self->attempt = lk_attempt_new ();
  self->attempt->id = claim->attempt_id;
  self->attempt->delivery_id = claim->delivery->id;
  self->attempt->number = claim->attempt_number;
  self->attempt->outcome = LK_OUTCOME_UNKNOWN;
  self->attempt->latency_ms = -1;
  self->attempt->retry_after_s = -1;
  self->task_name = g_strdup (claim->delivery->task_name);
  replace (&self->attempt->url, claim->delivery->url);
  replace (&self->attempt->cause, reason);
  hold (self, reason);

  return self;
}
