/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/sql-function.h"

G_BEGIN_DECLS

gboolean lk_sql_dateadd (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_datediff (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_datepart (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_day_start (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_eomonth (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_date_from_parts (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_date_from_days (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_date_text (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_to_date (const LkValue *arguments, LkValue *result, GError **error);

gboolean lk_sql_like (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_charindex (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_replace (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_upper (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_lower (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_substring (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_right (const LkValue *arguments, LkValue *result, GError **error);

gboolean lk_sql_to_integer (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_to_real (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_decimal (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_divide (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_modulo (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_round (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_floor (const LkValue *arguments, LkValue *result, GError **error);
gboolean lk_sql_ceiling (const LkValue *arguments, LkValue *result, GError **error);

G_END_DECLS
