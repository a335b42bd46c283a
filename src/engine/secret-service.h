/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsecret/secret.h>

G_BEGIN_DECLS

/* The Secret Service of the desktop (GNOME Keyring, KWallet, KeePassXC ...), of which an item holds
 * one secret under a name. Thread of all functions here: one that may wait, not the main loop's.
 * None but lk_secret_service_open() with @unlock asks a person, where the keyring is open. */

SecretService *lk_secret_service_open (gboolean unlock, gboolean *is_locked,
                                       GCancellable *cancellable, GError **error);
char *lk_secret_service_read (SecretService *service, const char *name, gboolean unlock,
                              GCancellable *cancellable, GError **error);
gboolean lk_secret_service_store (SecretService *service, const char *name, const char *owner,
                                  const char *label, const char *secret, GCancellable *cancellable,
                                  GError **error);
gboolean lk_secret_service_remove (SecretService *service, const char *name, const char *owner,
                                   GCancellable *cancellable, GError **error);

G_END_DECLS
