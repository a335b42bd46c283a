/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/db.h"
#include "store/license-server.h"

G_BEGIN_DECLS

gboolean lk_license_writer_run (LkDb *db, const LkLicenseSource *source, gpointer data,
                                GError **error);

G_END_DECLS
