/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/server-profile.h"
#include "ui/draft-item.h"

G_BEGIN_DECLS

#define LK_TYPE_SERVER_ITEM (lk_server_item_get_type ())
G_DECLARE_FINAL_TYPE (LkServerItem, lk_server_item, LK, SERVER_ITEM, LkDraftItem)

#define LK_SERVER_FIELD_NAME LK_DRAFT_FIELD_NAME
#define LK_SERVER_FIELD_URI  1

extern const LkDraftKind lk_server_kind;

LkServerItem *lk_server_item_new (const LkServerProfile *profile);
const LkServerProfile *lk_server_item_get_profile (LkServerItem *self);
void lk_server_item_set_name (LkServerItem *self, const char *name);
char *lk_server_item_get_database (LkServerItem *self);
void lk_server_item_set_database (LkServerItem *self, const char *database);
void lk_server_item_set_default (LkServerItem *self, gboolean is_default);

G_END_DECLS
