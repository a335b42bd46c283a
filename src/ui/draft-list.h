/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "ui/draft-item.h"

G_BEGIN_DECLS

#define LK_TYPE_DRAFT_LIST (lk_draft_list_get_type ())
G_DECLARE_FINAL_TYPE (LkDraftList, lk_draft_list, LK, DRAFT_LIST, GObject)

/**
 * LkDraftList:
 *
 * All the items of a dialog: what stands in its list, and what was removed from it but is not saved
 * yet. Knows no widget.
 *
 * Signals: LkDraftList::changed, after an item or the list has changed.
 */
LkDraftList *lk_draft_list_new (const LkDraftKind *kind);
const LkDraftKind *lk_draft_list_get_kind (LkDraftList *self);
GListModel *lk_draft_list_get_model (LkDraftList *self);

void lk_draft_list_set_values (LkDraftList *self, GPtrArray *values);
void lk_draft_list_merge_values (LkDraftList *self, GPtrArray *values);
void lk_draft_list_add (LkDraftList *self, LkDraftItem *item);
void lk_draft_list_remove (LkDraftList *self, LkDraftItem *item);
void lk_draft_list_drop (LkDraftList *self, LkDraftItem *item);
LkDraftItem *lk_draft_list_get_last_removed (LkDraftList *self);
void lk_draft_list_restore (LkDraftList *self, LkDraftItem *item);
gboolean lk_draft_list_can_move (LkDraftList *self, LkDraftItem *item, int by);
void lk_draft_list_move (LkDraftList *self, LkDraftItem *item, int by);
void lk_draft_list_regroup (LkDraftList *self);

LkDraftItem *lk_draft_list_find (LkDraftList *self, gint64 id);
gboolean lk_draft_list_is_dirty (LkDraftList *self);
GPtrArray *lk_draft_list_get_dirty (LkDraftList *self);
GPtrArray *lk_draft_list_get_removed (LkDraftList *self);
char *lk_draft_list_make_name (LkDraftList *self, const char *wish);

G_END_DECLS
