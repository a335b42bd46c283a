/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "agent/call.h"
#include "core/license.h"
#include "core/search.h"
#include "core/task.h"

G_BEGIN_DECLS

LkTask *lk_lookup_task (LkCall *call, const char *name, GError **error);
LkSearch *lk_lookup_search (LkCall *call, const char *name, GError **error);
LkServerProfile *lk_lookup_server (LkCall *call, const char *name, GError **error);
LkLicenseServer *lk_lookup_open_server (LkCall *call, const char *name, GError **error);
LkLicense *lk_lookup_license (LkCall *call, const LkTask *task, const char *key, GError **error);

G_END_DECLS
