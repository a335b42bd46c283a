/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The Secret Service of the desktop (GNOME Keyring, KWallet, KeePassXC ...), of which an item holds
 * one secret under a name. Thread of all functions here: one that may wait, not the main loop's. */

gboolean lk_secret_service_is_open (GCancellable *cancellable, GError **error);
char *lk_secret_service_read (const char *name, gboolean unlock, GCancellable *cancellable,
                              GError **error);
gboolean lk_secret_service_store (const char *name, const char *label, const char *secret,
                                  GCancellable *cancellable, GError **error);
gboolean lk_secret_service_remove (const char *name, GCancellable *cancellable, GError **error);

G_END_DECLS
