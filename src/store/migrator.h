/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/db.h"

G_BEGIN_DECLS

/**
 * LkSchema:
 * @name: what the database holds, as it stands in its table latchkey_schema
 * @title: translatable: the same in words, for messages
 * @steps: (array zero-terminated=1): the resource path of each step, in order; the first one makes
 *   version 1
 *
 * One kind of database and the numbered steps that make it.
 */
typedef struct
{
  const char *name;
  const char *title;
  const char *const *steps;
} LkSchema;

extern const LkSchema lk_workspace_schema;
extern const LkSchema lk_license_schema;

int lk_schema_get_latest (const LkSchema *schema);
int lk_migrator_get_version (LkDb *db, const LkSchema *schema, GError **error);
gboolean lk_migrator_check (LkDb *db, const LkSchema *schema, GError **error);
gboolean lk_migrator_run (LkDb *db, const LkSchema *schema, GError **error);
LkDb *lk_migrator_open (const char *uri, const LkSchema *schema, LkDbFlags flags, GError **error);
gboolean lk_migrator_create (const char *uri, const LkSchema *schema, GError **error);

G_END_DECLS
