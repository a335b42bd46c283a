/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkKeyringItems:
 *
 * The secrets of this workspace that the desktop's keyring gave out, by the names of their items. A
 * secret under a name never changes: a new secret is a new item.
 *
 * Thread: any.
 */
typedef struct _LkKeyringItems LkKeyringItems;

LkKeyringItems *lk_keyring_items_new (void);
LkKeyringItems *lk_keyring_items_ref (LkKeyringItems *self);
void lk_keyring_items_unref (LkKeyringItems *self);

void lk_keyring_items_add (LkKeyringItems *self, const char *item, const char *secret);
void lk_keyring_items_add_gone (LkKeyringItems *self, const char *item);
void lk_keyring_items_remove (LkKeyringItems *self, const char *item);
gboolean lk_keyring_items_has (LkKeyringItems *self, const char *item);
gboolean lk_keyring_items_is_gone (LkKeyringItems *self, const char *item);
char *lk_keyring_items_dup (LkKeyringItems *self, const char *item);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkKeyringItems, lk_keyring_items_unref)

G_END_DECLS
