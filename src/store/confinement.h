/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/**
 * LkConfinement:
 *
 * What keeps a search that a person typed inside the license view, on a connection that was opened
 * read-only. The check of the text (core/clause.h) comes first; this holds where that one errs.
 *
 * - The authorizer allows SELECT, reading `qryLicenseInfo` and, through it only, the tables under
 *   it, and a list of functions. Everything else (PRAGMA, ATTACH, recursion, schema tables) is
 *   denied when the statement is prepared.
 * - Limits on the length of a statement, its depth, its parts, and patterns.
 *
 * Private to the store. Thread: the connection's.
 */
typedef struct _LkConfinement LkConfinement;

LkConfinement *lk_confinement_new (sqlite3 *handle);
void lk_confinement_free (LkConfinement *self);
void lk_confinement_set_trusted (LkConfinement *self, gboolean trusted);

G_END_DECLS
