/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"
#include "core/macro.h"

G_BEGIN_DECLS

char *lk_time_format (LkInstant when, LkInstant now);
char *lk_time_format_long (LkInstant when);
char *lk_latency_format (int latency_ms);
char *lk_duration_format (gint64 duration_us);
LkMacroContext *lk_time_new_macro_context (LkClock *clock);

G_END_DECLS
