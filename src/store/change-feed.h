/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/db-pool.h"

G_BEGIN_DECLS

/**
 * LkChange:
 *
 * Which part of the workspace changed. %LK_CHANGE_ANY when another process made the change, which
 * SQLite tells of without saying where.
 */
typedef enum
{
  LK_CHANGE_SERVERS = 1 << 0,
  LK_CHANGE_SEARCHES = 1 << 1,
  LK_CHANGE_TASKS = 1 << 2,
  LK_CHANGE_RUNS = 1 << 3,
  LK_CHANGE_DELIVERIES = 1 << 4,
  LK_CHANGE_LEASE = 1 << 5,
  LK_CHANGE_ANY = 0xff,
} LkChange;

#define LK_TYPE_CHANGE_FEED (lk_change_feed_get_type ())
G_DECLARE_FINAL_TYPE (LkChangeFeed, lk_change_feed, LK, CHANGE_FEED, GObject)

/**
 * LkChangeFeed:
 *
 * Tells of committed changes: of this process by the table they touched, of other processes by
 * watching the database's files (inotify) and comparing `PRAGMA data_version`. Nothing polls, so an
 * idle workspace causes no wake-up. The first change is told at once, those of the next 50 ms come
 * as one. A table that the workspace does not have counts as %LK_CHANGE_ANY, so that a feed serves
 * a license database, too. Tables must have a rowid: SQLite does not tell of changes to others.
 *
 * Signals: LkChangeFeed::changed (LkChange changes), in the main loop.
 */
LkChangeFeed *lk_change_feed_new (LkDbPool *pool, const char *database_path);
void lk_change_feed_flush (LkChangeFeed *self);
void lk_change_feed_close (LkChangeFeed *self);

G_END_DECLS
