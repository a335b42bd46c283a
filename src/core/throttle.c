/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-throttle"

#include "config.h"

#include "core/throttle.h"

#define STATUS_TOO_MANY_REQUESTS 429
#define WINDOW_MASK              ((1u << LK_THROTTLE_WINDOW) - 1)

static guint
count_bits (guint32 bits)
{
  guint count = 0;

  for (; bits != 0; bits &= bits - 1)
    count++;

  return count;
}

static void
note_attempt (LkThrottle *self, gboolean failed)
{
  self->failures = ((self->failures << 1) | (failed ? 1u : 0u)) & WINDOW_MASK;
}

static void
note_failed_delivery (LkThrottle *self, gint64 delivery_id)
{
  for (guint i = 0; i < self->n_failed; i++)
    if (self->failed[i] == delivery_id)
      return;

  if (self->n_failed < LK_THROTTLE_BREAKER)
    self->failed[self->n_failed++] = delivery_id;
}

static gint64
get_probe_delay_s (guint n_probes)
{
  gint64 delay_s = LK_THROTTLE_FIRST_PROBE_S;

  for (guint i = 1; i < n_probes && delay_s < LK_THROTTLE_LONGEST_PROBE_S; i++)
    delay_s *= 2;

  return MIN (delay_s, LK_THROTTLE_LONGEST_PROBE_S);
}

/**
 * lk_throttle_note_success:
 * @self: a throttle
 * @retry_after_s: seconds the receiver asked for all the same; -1 for none
 *
 * Takes in a 2xx answer: it closes the breaker, and ends the throttling that an answer asked for
 * unless it asks again.
 */
void
lk_throttle_note_success (LkThrottle *self, gint64 retry_after_s)
{
  g_return_if_fail (self != NULL);

  note_attempt (self, FALSE);
  self->asked = retry_after_s >= 0;
  self->n_failed = 0;
  self->n_probes = 0;
  self->not_before = 0;
}

/**
 * lk_throttle_note_failure:
 * @self: a throttle
 * @delivery_id: whose attempt failed
 * @status: the HTTP status; 0 when no status line came
 * @retry_after_s: seconds the receiver asked for; -1 for none
 * @now: the end of the attempt
 *
 * Takes in a failed attempt. Attempts that never left this machine because it was offline are not
 * the receiver's failures: do not note them.
 */
void
lk_throttle_note_failure (LkThrottle *self, gint64 delivery_id, int status, gint64 retry_after_s,
                          LkInstant now)
{
  g_return_if_fail (self != NULL);

  note_attempt (self, TRUE);
  if (status == STATUS_TOO_MANY_REQUESTS || retry_after_s >= 0)
    self->asked = TRUE;

  note_failed_delivery (self, delivery_id);
  if (lk_throttle_is_open (self))
    {
      self->n_probes++;
      self->not_before = now + get_probe_delay_s (self->n_probes) * LK_SECOND;
    }
}

/**
 * lk_throttle_is_throttled:
 * @self: a throttle
 *
 * Returns: whether the receiver asked for patience, or more than half of its last
 *   %LK_THROTTLE_WINDOW attempts failed
 */
gboolean
lk_throttle_is_throttled (const LkThrottle *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->asked || count_bits (self->failures) > LK_THROTTLE_WINDOW / 2;
}

/**
 * lk_throttle_is_open:
 * @self: a throttle
 *
 * Returns: whether the breaker is open: only probes are sent
 */
gboolean
lk_throttle_is_open (const LkThrottle *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->n_failed >= LK_THROTTLE_BREAKER;
}

/**
 * lk_throttle_get_limit:
 * @self: a throttle
 * @concurrency: how many requests may be in flight when all is well
 *
 * Returns: how many may be in flight now
 */
int
lk_throttle_get_limit (const LkThrottle *self, int concurrency)
{
  g_return_val_if_fail (self != NULL, 1);

  return lk_throttle_is_throttled (self) || lk_throttle_is_open (self) ? 1 : concurrency;
}

/**
 * lk_throttle_get_not_before:
 * @self: a throttle
 *
 * Returns: the moment before which no attempt to this receiver may start; 0 for any moment
 */
LkInstant
lk_throttle_get_not_before (const LkThrottle *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->not_before;
}
