/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/sql-time.h"

G_BEGIN_DECLS

/**
 * LkDateLiteral:
 * @time: the time, as precise as SQL Server's datetime is
 * @date_only: there is no time of day in the text; it means midnight
 * @empty: the text is blank, which SQL Server reads as 1900-01-01
 * @rounded_up: the fraction of the last second made it the next one, as in datetime
 * @order_assumed: two numbers could each be the month; the first one was taken
 *
 * A date as people write it in a search.
 */
typedef struct
{
  LkSqlTime time;
  gboolean date_only;
  gboolean empty;
  gboolean rounded_up;
  gboolean order_assumed;
} LkDateLiteral;

gboolean lk_date_literal_parse (LkDateLiteral *self, const char *text, GError **error);

G_END_DECLS
