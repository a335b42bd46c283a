/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"

G_BEGIN_DECLS

#define LK_RECURRENCE_MAX_EVERY 1000

typedef enum
{
  LK_UNIT_MINUTE,
  LK_UNIT_HOUR,
  LK_UNIT_DAY,
  LK_UNIT_WEEK,
  LK_UNIT_MONTH,
} LkRecurrenceUnit;

#define LK_N_RECURRENCE_UNITS (LK_UNIT_MONTH + 1)

/**
 * LkRecurrence:
 * @every: how many units lie between two due instants; 1 to 1000
 * @unit: minutes and hours count elapsed time from the anchor; days, weeks and months keep the
 *   anchor's wall-clock time in @zone
 * @year, @month, @day, @hour, @minute: the anchor ("Starting on", "Starting at") as wall-clock time
 *   in @zone; minute 0-59, hour 0-23, day 1-31, month 1-12, year 1970-9999
 * @zone: an IANA zone name such as `Europe/Berlin`; interned
 *
 * When a task is due. The n-th due instant is computed from the anchor, never from the one before,
 * so nothing drifts. A day without that wall-clock time (a gap) is due at the first instant after
 * the gap; a time that occurs twice (a fold) at its first occurrence; a month without that day on
 * its last day. The zone's rules are those of the system, through GTimeZone.
 *
 * A plain value; any thread.
 */
typedef struct
{
  int every;
  LkRecurrenceUnit unit;
  int year, month, day, hour, minute;
  const char *zone;
} LkRecurrence;

gboolean lk_recurrence_parse (LkRecurrence *self, const char *every, const char *start,
                              const char *zone, GError **error);
gboolean lk_recurrence_parse_every (LkRecurrence *self, const char *text, GError **error);
gboolean lk_recurrence_parse_start (LkRecurrence *self, const char *text, GError **error);
gboolean lk_recurrence_parse_zone (LkRecurrence *self, const char *text, GError **error);
gboolean lk_recurrence_check (const LkRecurrence *self, GError **error);
gboolean lk_recurrence_equal (const LkRecurrence *a, const LkRecurrence *b);
LkInstant lk_recurrence_nth (const LkRecurrence *self, gint64 n);
LkInstant lk_recurrence_next_after (const LkRecurrence *self, LkInstant after);
LkInstant lk_recurrence_latest_until (const LkRecurrence *self, LkInstant until);
gint64 lk_recurrence_count_between (const LkRecurrence *self, LkInstant after, LkInstant until);
char *lk_recurrence_format_every (const LkRecurrence *self);
char *lk_recurrence_format_start (const LkRecurrence *self);
GTimeZone *lk_recurrence_get_zone (const LkRecurrence *self);
const char *lk_local_zone_name (void);

G_END_DECLS
