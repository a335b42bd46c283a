/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"

G_BEGIN_DECLS

/* A receiver is paused when nothing has arrived there for this long, counted from the first failure
 * after the last success, and it was tried that often meanwhile: a machine that slept for a week
 * after one failure has not found out anything yet. */
#define LK_ENDPOINT_PAUSE_DAYS     5
#define LK_ENDPOINT_PAUSE_FAILURES 5

/**
 * LkConcern:
 * @LK_CONCERN_NONE: nothing to worry about
 * @LK_CONCERN_DAY: no success for a day
 * @LK_CONCERN_DAYS: no success for three days
 * @LK_CONCERN_LAST_DAY: no success for four days: the next failure after the fifth pauses it
 * @LK_CONCERN_PAUSED: it is paused, and what it is owed is held
 *
 * How much a receiver needs a person. A larger value is worse.
 */
typedef enum
{
  LK_CONCERN_NONE,
  LK_CONCERN_DAY,
  LK_CONCERN_DAYS,
  LK_CONCERN_LAST_DAY,
  LK_CONCERN_PAUSED,
} LkConcern;

/**
 * LkEndpoint:
 * @url: the receiver
 * @is_paused: whether what it is owed is held until a person resumes it
 * @reason: why it is paused, in words; "" while it is not
 * @since: since when it is paused; 0 while it is not
 * @failing_since: the first failure after the last success; 0 for none
 * @n_failures: failed attempts since then
 * @n_held: deliveries that wait because it is paused
 * @n_waiting: deliveries that wait for their time
 *
 * A receiver that is paused, or to which nothing has got through since a failure. A plain value.
 */
typedef struct
{
  char *url;
  gboolean is_paused;
  char *reason;
  LkInstant since;
  LkInstant failing_since;
  gint64 n_failures;
  gint64 n_held;
  gint64 n_waiting;
} LkEndpoint;

LkEndpoint *lk_endpoint_new (const char *url);
void lk_endpoint_free (LkEndpoint *self);
LkConcern lk_endpoint_get_concern (const LkEndpoint *self, LkInstant now);
gboolean lk_endpoint_is_to_be_paused (const LkEndpoint *self, LkInstant now);
char *lk_endpoint_describe (const LkEndpoint *self, LkInstant now);
const char *lk_concern_to_string (LkConcern concern);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkEndpoint, lk_endpoint_free)

G_END_DECLS
