/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/sql-time.h"

G_BEGIN_DECLS

/**
 * LkDatePart:
 *
 * What DATEADD, DATEDIFF and DATEPART count: a year, a month, a day ...
 */
typedef struct _LkDatePart LkDatePart;

const LkDatePart *lk_date_part_find (const char *name);
const LkDatePart *lk_date_part_find_spelling (const char *spelling, gboolean quoted);
const char *lk_date_part_get_name (const LkDatePart *self);
gboolean lk_date_part_can_be_counted (const LkDatePart *self);
gboolean lk_date_part_add (const LkDatePart *self, LkSqlTime *time, gint64 number);
gint64 lk_date_part_count (const LkDatePart *self, const LkSqlTime *time);
gint64 lk_date_part_extract (const LkDatePart *self, const LkSqlTime *time);

G_END_DECLS
