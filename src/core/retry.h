/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"
#include "core/delivery.h"

G_BEGIN_DECLS

#define LK_RETRY_MAX_ATTEMPTS   10
#define LK_RETRY_AFTER_MAX_S    (24 * 60 * 60)
#define LK_RETRY_JITTER_PERCENT 20

/**
 * LkVerdict:
 *
 * What an attempt means for its delivery.
 */
typedef enum
{
  LK_VERDICT_DELIVERED,
  LK_VERDICT_RETRY,   /* again at lk_retry_due_at(), or exhausted after the last attempt */
  LK_VERDICT_OFFLINE, /* again later; costs no attempt */
  LK_VERDICT_PAUSE,   /* 410: hold everything for this receiver */
} LkVerdict;

LkVerdict lk_retry_judge (LkOutcome outcome, int status);
gint64 lk_retry_base_delay_s (int attempts);
LkInstant lk_retry_due_at (int attempts, LkInstant now, gint64 retry_after_s, double random);
gint64 lk_retry_parse_after (const char *header, LkInstant now);

G_END_DECLS
