/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/search-draft.h"
#include "ui/draft-item.h"

G_BEGIN_DECLS

#define LK_TYPE_SEARCH_ITEM (lk_search_item_get_type ())
G_DECLARE_FINAL_TYPE (LkSearchItem, lk_search_item, LK, SEARCH_ITEM, LkDraftItem)

extern const LkDraftKind lk_search_kind;

LkSearchItem *lk_search_item_new (const LkSearch *search);
const char *lk_search_item_get_text (LkSearchItem *self, LkSearchField field);
void lk_search_item_set_text (LkSearchItem *self, LkSearchField field, const char *text);
gboolean lk_search_item_get_favourite (LkSearchItem *self);
void lk_search_item_set_favourite (LkSearchItem *self, gboolean favourite);
LkSearchItem *lk_search_item_duplicate (LkSearchItem *self, const char *name);

G_END_DECLS
