/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"
#include "store/keyring-items.h"
#include "store/workspace.h"

G_BEGIN_DECLS

gboolean lk_keyring_tidy (LkWorkspace *workspace, LkKeyringItems *items, LkInstant now,
                          GCancellable *cancellable, GError **error);

G_END_DECLS
