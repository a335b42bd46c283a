/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/context.h"
#include "store/delivery-count.h"
#include "ui/catalog.h"

G_BEGIN_DECLS

/**
 * LkDeliveryFacet:
 *
 * By what the log can be narrowed.
 */
typedef enum
{
  LK_FACET_STATE,
  LK_FACET_TASK,
  LK_FACET_STATUS,
  LK_FACET_ERROR,
  LK_FACET_SPAN,
  LK_N_DELIVERY_FACETS
} LkDeliveryFacet;

#define LK_TYPE_DELIVERY_FACETS (lk_delivery_facets_get_type ())
G_DECLARE_FINAL_TYPE (LkDeliveryFacets, lk_delivery_facets, LK, DELIVERY_FACETS, GObject)

/**
 * LkDeliveryFacets:
 *
 * How many deliveries each value of a facet has, under what is chosen of the others. `changed`
 * fires when the counts are new. They follow the workspace, at most once a second and never for
 * more than a tenth of the time.
 *
 * Thread: the main loop; the counting happens on a pool thread.
 */
LkDeliveryFacets *lk_delivery_facets_new (LkContext *context, LkCatalog *catalog);
void lk_delivery_facets_set_filter (LkDeliveryFacets *self, const LkDeliveryFilter *filter,
                                    LkDeliverySpan span);
GPtrArray *lk_delivery_facets_list (LkDeliveryFacets *self, LkDeliveryFacet facet);
gint64 lk_delivery_facets_count (LkDeliveryFacets *self, LkDeliveryFacet facet);

G_END_DECLS
