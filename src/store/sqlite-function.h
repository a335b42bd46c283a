/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

int lk_sqlite_function_register_all (sqlite3 *handle);

G_END_DECLS
