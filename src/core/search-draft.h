/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/draft-problem.h"
#include "core/macro.h"
#include "core/search.h"

G_BEGIN_DECLS

/**
 * LkSearchField:
 *
 * What can be edited of a search. All are texts, except the favourite flag.
 */
typedef enum
{
  LK_SEARCH_FIELD_NAME,
  LK_SEARCH_FIELD_TOOLTIP,
  LK_SEARCH_FIELD_GROUP,
  LK_SEARCH_FIELD_FAVOURITE,
  LK_SEARCH_FIELD_SQL,
  LK_SEARCH_FIELD_DISTINCT_FIELD,  /* a column's name; "" for none */
  LK_SEARCH_FIELD_UNIQUE_ID_FIELD, /* a column's name; "" for none */
} LkSearchField;

/**
 * LkSearchDraft:
 *
 * A search while a person edits it: the original, what was typed so far, and the problems of that.
 * A plain value without a connection to anything; one thread at a time.
 */
typedef struct _LkSearchDraft LkSearchDraft;

LkSearchDraft *lk_search_draft_new (const LkSearch *original, const char *const *taken_names);
void lk_search_draft_free (LkSearchDraft *self);

void lk_search_draft_set_text (LkSearchDraft *self, LkSearchField field, const char *text);
void lk_search_draft_set_favourite (LkSearchDraft *self, gboolean favourite);
const char *lk_search_draft_get_text (const LkSearchDraft *self, LkSearchField field);
gboolean lk_search_draft_get_favourite (const LkSearchDraft *self);
const LkSearch *lk_search_draft_get_original (const LkSearchDraft *self);

GPtrArray *lk_search_draft_get_problems (const LkSearchDraft *self, const LkMacroContext *context);
gboolean lk_search_draft_is_dirty (const LkSearchDraft *self);
LkSearch *lk_search_draft_to_search (const LkSearchDraft *self, const LkMacroContext *context,
                                     GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkSearchDraft, lk_search_draft_free)

G_END_DECLS
