/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/db.h"

G_BEGIN_DECLS

/**
 * LkRecordKind:
 *
 * The records that people name and change, which share some rules: a name is unique without regard
 * to case, and a change names the version that it is based on.
 */
typedef enum
{
  LK_RECORD_SERVER,
  LK_RECORD_SEARCH,
  LK_RECORD_TASK,
} LkRecordKind;

char *lk_named_record_key (const char *name);
gboolean lk_named_record_check_name (LkDb *db, LkRecordKind kind, gint64 id, const char *name,
                                     GError **error);
gboolean lk_named_record_check_updated (LkDb *db, LkRecordKind kind, gint64 id, const char *name,
                                        GError **error);
gboolean lk_named_record_check_unused (LkDb *db, LkRecordKind kind, gint64 id, const char *name,
                                       GError **error);
void lk_named_record_set_id_missing (LkRecordKind kind, gint64 id, GError **error);
void lk_named_record_set_name_missing (LkRecordKind kind, const char *name, GError **error);

G_END_DECLS
