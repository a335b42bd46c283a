/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkWallTime:
 *
 * A date and time as a clock on the wall shows it: what licenses carry. Year 1 to 9999, month 1 to
 * 12, day 1 to 31, hour 0 to 23, minute and second 0 to 59.
 */
typedef struct
{
  int year, month, day, hour, minute, second;
} LkWallTime;

gboolean lk_wall_time_parse (LkWallTime *self, const char *text);
gint64 lk_wall_time_get_days (const LkWallTime *self);

G_END_DECLS
