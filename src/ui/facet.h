/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LkFacetValue:
 * @id: stands for the value; "" for all of them
 * @title: what a person reads
 * @n: how many there are; -1 for not known yet
 */
typedef struct
{
  char *id;
  char *title;
  gint64 n;
} LkFacetValue;

LkFacetValue *lk_facet_value_new (const char *id, const char *title, gint64 n);
void lk_facet_value_free (LkFacetValue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkFacetValue, lk_facet_value_free)

#define LK_TYPE_FACET (lk_facet_get_type ())
G_DECLARE_FINAL_TYPE (LkFacet, lk_facet, LK, FACET, GtkWidget)

/**
 * LkFacet:
 *
 * A drop-down that narrows a list to one value of something, and says how many each value has. The
 * first value is that for all. `changed` fires when a person has chosen another one.
 */
void lk_facet_set_title (LkFacet *self, const char *title);
void lk_facet_set_values (LkFacet *self, GPtrArray *values);
const char *lk_facet_get (LkFacet *self);
void lk_facet_set (LkFacet *self, const char *id);

G_END_DECLS
