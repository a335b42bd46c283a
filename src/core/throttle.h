/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"

G_BEGIN_DECLS

#define LK_THROTTLE_WINDOW          20 /* attempts that are looked back on */
#define LK_THROTTLE_BREAKER         5  /* different deliveries failing in a row */
#define LK_THROTTLE_FIRST_PROBE_S   5
#define LK_THROTTLE_LONGEST_PROBE_S (5 * 60)

/**
 * LkThrottle:
 * @failures: a bit per attempt of the last %LK_THROTTLE_WINDOW, the newest lowest; set for a
 * failure
 * @asked: whether the receiver asked for patience and has not given a good answer since
 * @failed: the deliveries that failed since the last good answer, each once
 * @n_failed: how many those are; %LK_THROTTLE_BREAKER opens the breaker
 * @n_probes: how many probes failed since the breaker opened
 * @not_before: the breaker lets no attempt start before this moment; 0 while it is closed
 *
 * How one receiver is doing, and so how gently to treat it. A plain value that starts as all zero:
 *
 * ```
 *            429, Retry-After, more than half of the last 20 failed
 *   normal <--------------------------------------------------------> throttled: one in flight
 *     ^         good answers
 *     | a good answer                 five different deliveries failed in a row
 *   open: one probe at a time, 5 s after the failure and then twice as long up to 5 minutes  <---
 * ```
 */
typedef struct
{
  guint32 failures;
  gboolean asked;
  gint64 failed[LK_THROTTLE_BREAKER];
  guint n_failed;
  guint n_probes;
  LkInstant not_before;
} LkThrottle;

void lk_throttle_note_success (LkThrottle *self, gint64 retry_after_s);
void lk_throttle_note_failure (LkThrottle *self, gint64 delivery_id, int status,
                               gint64 retry_after_s, LkInstant now);
gboolean lk_throttle_is_throttled (const LkThrottle *self);
gboolean lk_throttle_is_open (const LkThrottle *self);
int lk_throttle_get_limit (const LkThrottle *self, int concurrency);
LkInstant lk_throttle_get_not_before (const LkThrottle *self);

G_END_DECLS
