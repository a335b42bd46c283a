/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/db.h"

G_BEGIN_DECLS

GPtrArray *lk_workspace_check (LkDb *db, GError **error);
gboolean lk_workspace_check_writable (LkDb *db, GError **error);

G_END_DECLS
