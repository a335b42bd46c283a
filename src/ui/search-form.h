/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "engine/context.h"
#include "ui/draft-list.h"
#include "ui/search-item.h"

G_BEGIN_DECLS

#define LK_TYPE_SEARCH_FORM (lk_search_form_get_type ())
G_DECLARE_FINAL_TYPE (LkSearchForm, lk_search_form, LK, SEARCH_FORM, GtkBox)

/**
 * LkSearchForm:
 *
 * The right half of Edit Searches: what can be edited of one search, and what it finds.
 */
void lk_search_form_set_up (LkSearchForm *self, LkContext *context, LkDraftList *list);
void lk_search_form_show (LkSearchForm *self, LkSearchItem *item);
void lk_search_form_focus_name (LkSearchForm *self);

G_END_DECLS
