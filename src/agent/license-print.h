/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "agent/call.h"
#include "store/license-server.h"

G_BEGIN_DECLS

gboolean lk_license_print (LkCall *call, LkLicenseServer *server, const LkLicenseQuery *query,
                           gint64 limit, GError **error);
LkLicense *lk_license_find_by_key (LkLicenseServer *server, const char *key, GError **error);

G_END_DECLS
