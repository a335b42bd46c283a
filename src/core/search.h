/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkSearch:
 * @id: the row in the workspace; 0 for one that is not saved yet
 * @version: counts the changes; an update names the version it read
 * @name: what the user calls it; unique without regard to case
 * @tooltip: what it is for; may be ""
 * @group: the heading it stands under; "" for none
 * @favourite: whether it stands first
 * @position: its place among the searches of its group, from 0
 * @sql: the condition as typed, with macros
 * @distinct_field: the column of which each value may match once only (one license per receipt,
 *   say); "" for every license
 * @unique_id_field: the column whose smallest value picks the license that stands for its distinct
 *   value; "" for the lowest LicenseID
 *
 * A saved search. A plain value: whoever holds it owns it.
 */
typedef struct
{
  gint64 id;
  gint64 version;
  char *name;
  char *tooltip;
  char *group;
  gboolean favourite;
  int position;
  char *sql;
  char *distinct_field;
  char *unique_id_field;
} LkSearch;

LkSearch *lk_search_new (void);
LkSearch *lk_search_copy (const LkSearch *self);
void lk_search_free (LkSearch *self);
gboolean lk_search_equal (const LkSearch *a, const LkSearch *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkSearch, lk_search_free)

G_END_DECLS
