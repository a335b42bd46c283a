/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/license-server.h"
#include "support/test-folder.h"

G_BEGIN_DECLS

/* A license database in a folder of its own, and blocking forms of the operations. */
typedef struct
{
  TestFolder *folder;
  char *path;
  LkLicenseServer *server;
} LicenseFixture;

void license_fixture_set_up (LicenseFixture *self, gconstpointer n_sample_licenses);
void license_fixture_tear_down (LicenseFixture *self, gconstpointer data);
LkLicenseQuery *license_query (const char *sql);
gint64 license_count (LicenseFixture *self, const LkLicenseQuery *query, GError **error);
char *license_ids (LicenseFixture *self, const LkLicenseQuery *query);
GPtrArray *license_rows (LicenseFixture *self, const gint64 *ids, gsize n_ids);
gboolean license_write (LicenseFixture *self, LkLicenseChange *change, GError **error);
gint64 license_add (LicenseFixture *self, const char *const *names_and_values);
void license_set (LkLicenseChange *change, const char *column, const char *value);
char *license_value (LicenseFixture *self, gint64 id, const char *column);

G_END_DECLS
