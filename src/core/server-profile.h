/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkServerProfile:
 * @id: the row in the workspace; 0 for one that is not saved yet
 * @version: counts the changes
 * @name: what the user calls it; unique without regard to case
 * @uri: `sqlite:PATH` (absolute, or relative to the workspace's folder) or `postgresql://...`
 * @is_default: whether a new task and the grid start with it; exactly one profile has it
 *
 * A License Server: the named profile of a license database. A plain value.
 */
typedef struct
{
  gint64 id;
  gint64 version;
  char *name;
  char *uri;
  gboolean is_default;
} LkServerProfile;

LkServerProfile *lk_server_profile_new (void);
LkServerProfile *lk_server_profile_copy (const LkServerProfile *self);
void lk_server_profile_free (LkServerProfile *self);
gboolean lk_server_profile_check (const LkServerProfile *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkServerProfile, lk_server_profile_free)

G_END_DECLS
