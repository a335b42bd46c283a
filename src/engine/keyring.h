/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"
#include "store/keyring-items.h"
#include "store/workspace.h"

G_BEGIN_DECLS

/**
 * LkKeyring:
 *
 * Keeps secrets where they belong: reads those that are in the keyring of the desktop, moves others
 * in or back into the workspace, and removes what nothing refers to. A workspace of which no secret
 * is in the keyring never asks for one.
 *
 * Signals: `changed` after each look that read another secret or met another problem.
 *
 * Thread: the main loop. The keyring itself is asked in a thread of its own, since it may take its
 * time, or ask a person.
 */
#define LK_TYPE_KEYRING (lk_keyring_get_type ())
G_DECLARE_FINAL_TYPE (LkKeyring, lk_keyring, LK, KEYRING, GObject)

LkKeyring *lk_keyring_new (LkWorkspace *workspace, LkClock *clock, gboolean may_ask);
void lk_keyring_start (LkKeyring *self);
void lk_keyring_stop (LkKeyring *self);

void lk_keyring_look_async (LkKeyring *self, gboolean unlock, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_keyring_look_finish (LkKeyring *self, GAsyncResult *result, GError **error);

void lk_keyring_read_secrets_async (LkKeyring *self, gint64 task_id, const char *typed,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
char **lk_keyring_read_secrets_finish (LkKeyring *self, GAsyncResult *result, GError **error);

void lk_keyring_find_out_async (LkKeyring *self, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean lk_keyring_find_out_finish (LkKeyring *self, GAsyncResult *result, GError **error);

LkKeyringItems *lk_keyring_get_items (LkKeyring *self);
gboolean lk_keyring_can_unlock (LkKeyring *self);
gboolean lk_keyring_is_open (LkKeyring *self);
gboolean lk_keyring_is_settled (LkKeyring *self);
const char *lk_keyring_get_problem (LkKeyring *self);

G_END_DECLS
