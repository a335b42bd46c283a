/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-retry"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "core/retry.h"

#define MINUTE_S ((gint64) 60)
#define HOUR_S   (60 * MINUTE_S)

/* After the n-th failed attempt: three days in all, close together first. */
static const gint64 delays_s[] = {
  5,           5 * MINUTE_S, 30 * MINUTE_S, 2 * HOUR_S,  5 * HOUR_S,
  10 * HOUR_S, 14 * HOUR_S,  20 * HOUR_S,   24 * HOUR_S,
};

G_STATIC_ASSERT (G_N_ELEMENTS (delays_s) == LK_RETRY_MAX_ATTEMPTS - 1);

static int
find_month (const char *name)
{
  static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

  for (int i = 0; i < 12; i++)
    if (strncmp (names + 3 * i, name, 3) == 0)
      return i + 1;

  return 0;
}

/* RFC 9110, section 5.6.7: a year of two digits that seems to lie more than 50 years ahead is the
 * most recent past one with these digits. */
static int
expand_year (int year, LkInstant now)
{
  g_autoptr (GDateTime) today = g_date_time_new_from_unix_utc (now / LK_SECOND);
  int this_year = g_date_time_get_year (today);
  int expanded = this_year - this_year % 100 + year % 100;

  return expanded > this_year + 50 ? expanded - 100 : expanded;
}

/* RFC 9110, section 5.6.7: the three forms of a date that a recipient must accept. */
static GDateTime *
parse_http_date (const char *text, LkInstant now)
{
  char month[4] = "";
  int year = 0, day = 0, hour = 0, minute = 0, second = 0, end = 0;

  sscanf (text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &day, month, &year, &hour,
          &minute, &second, &end);
  if (end == 0)
    {
      sscanf (text, "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n", &day, month, &year, &hour,
              &minute, &second, &end);
      year = expand_year (year, now);
    }
  if (end == 0)
    sscanf (text, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", month, &day, &hour, &minute,
            &second, &year, &end);
  if (end == 0 || text[end] != '\0')
    return NULL;

  return g_date_time_new_utc (year, find_month (month), day, hour, minute, MIN (second, 59));
}

/**
 * lk_retry_judge:
 * @outcome: how an attempt came out; not pending
 * @status: the HTTP status; 0 when no status line came
 *
 * The status line alone decides; a bad body changes nothing. An unknown outcome is sent again,
 * unless the task says at most once: that is up to the caller.
 *
 * Returns: what it means for the delivery
 */
LkVerdict
lk_retry_judge (LkOutcome outcome, int status)
{
  switch (outcome)
    {
    case LK_OUTCOME_SUCCESS:
      return LK_VERDICT_DELIVERED;
    case LK_OUTCOME_OFFLINE:
      return LK_VERDICT_OFFLINE;
    case LK_OUTCOME_FAILURE:
      return status == 410 ? LK_VERDICT_PAUSE : LK_VERDICT_RETRY;
    case LK_OUTCOME_PENDING:
    case LK_OUTCOME_UNKNOWN:
    default:
      return LK_VERDICT_RETRY;
    }
}

/**
 * lk_retry_base_delay_s:
 * @attempts: how many attempts failed so far; from 1
 *
 * Returns: seconds to wait for the next one, without jitter
 */
gint64
lk_retry_base_delay_s (int attempts)
{
  return delays_s[CLAMP (attempts, 1, (int) G_N_ELEMENTS (delays_s)) - 1];
}

/**
 * lk_retry_due_at:
 * @attempts: how many attempts failed so far, from 1 to %LK_RETRY_MAX_ATTEMPTS - 1: after the last
 *   one the delivery is exhausted
 * @now: the end of the last attempt
 * @retry_after_s: seconds the receiver asked for; -1 for none
 * @random: from 0 to 1, picks the jitter
 *
 * Jitter is only added, up to %LK_RETRY_JITTER_PERCENT, so that deliveries that failed together do
 * not come back together. What the receiver asked for is a floor.
 *
 * Returns: when the next attempt is due
 */
LkInstant
lk_retry_due_at (int attempts, LkInstant now, gint64 retry_after_s, double random)
{
  LkInstant base = lk_retry_base_delay_s (attempts) * LK_SECOND;
  LkInstant jitter =
      (LkInstant) ((double) base * LK_RETRY_JITTER_PERCENT / 100.0 * CLAMP (random, 0.0, 1.0));
  LkInstant floor = CLAMP (retry_after_s, 0, LK_RETRY_AFTER_MAX_S) * LK_SECOND;

  return now + MAX (base + jitter, floor);
}

/**
 * lk_retry_parse_after:
 * @header: (nullable): a Retry-After header: seconds, or a date in one of the three forms of RFC
 *   9110, section 5.6.7
 * @now: the present
 *
 * Returns: seconds to wait, at most %LK_RETRY_AFTER_MAX_S; 0 for a date that has passed; -1 when
 *   the header is absent or neither
 */
gint64
lk_retry_parse_after (const char *header, LkInstant now)
{
  g_autofree char *text = NULL;
  g_autoptr (GDateTime) date = NULL;
  gint64 seconds;

  if (header == NULL)
    return -1;

  text = g_strstrip (g_strdup (header));
  if (text[0] != '\0' && strspn (text, "0123456789") == strlen (text))
    return (gint64) MIN (g_ascii_strtoull (text, NULL, 10), LK_RETRY_AFTER_MAX_S);

  date = parse_http_date (text, now);
  if (date == NULL)
    return -1;

  seconds = g_date_time_to_unix (date) - now / LK_SECOND;
  return CLAMP (seconds, 0, LK_RETRY_AFTER_MAX_S);
}
