/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/delivery-filter.h"
#include "store/query.h"

G_BEGIN_DECLS

/* Private to the store: how the log finds what a filter asks for. */

/**
 * LkDeliveryPart:
 * @from: the tables, among them delivery d
 * @where: the condition, with its parameter as "?1"; "" for none
 * @id: the id, as the walk down the ids needs it
 * @value: (owned) (nullable): the parameter
 *
 * One of the ways in which a text is found. Each is a walk or an index of its own, so that it is
 * quick; what a filter shows is in at least one of them, and may be in several.
 */
typedef struct
{
  const char *from;
  const char *where;
  const char *id;
  char *value;
} LkDeliveryPart;

GPtrArray *lk_delivery_search_list_parts (LkDb *db, const LkDeliveryFilter *filter, GError **error);
GPtrArray *lk_delivery_search_list_sets (const LkDeliveryFilter *filter);

G_END_DECLS
