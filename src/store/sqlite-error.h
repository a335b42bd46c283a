/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

void lk_sqlite_set_error (GError **error, const char *name, int code, const char *detail);

G_END_DECLS
