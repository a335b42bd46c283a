/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"

G_BEGIN_DECLS

#define LK_ZONE_JULIAN_1970 719163 /* 1970-01-01 as g_date_get_julian() counts days */

GTimeZone *lk_zone_load (const char *name, GError **error);
gint64 lk_zone_resolve (GTimeZone *zone, gint64 wall_s);
gint64 lk_zone_get_local_days (GTimeZone *zone, LkInstant when);

G_END_DECLS
