/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"
#include "store/db.h"

G_BEGIN_DECLS

#define LK_LEASE_SECONDS 30

typedef enum
{
  LK_HOLDER_NONE,
  LK_HOLDER_CONSOLE,
  LK_HOLDER_AGENT,
} LkHolderKind;

/**
 * LkLease:
 * @kind: what kind of process holds it; %LK_HOLDER_NONE when nobody does
 * @owner: a random word for the process, so that a reused pid is not taken for it
 * @host: its host name
 * @boot_id: which start of the host; a pid means nothing after the next one
 * @pid: its process id
 * @pid_started: the process's start time as the kernel counts it, against reused pids
 * @epoch: counts the takeovers; what is written names it
 * @expires_at: until when it counts without a renewal
 * @wanted_by: the kind of process that asked the holder to yield
 *
 * Which process runs the schedule.
 */
typedef struct
{
  LkHolderKind kind;
  char *owner;
  char *host;
  char *boot_id;
  gint64 pid;
  gint64 pid_started;
  gint64 epoch;
  LkInstant expires_at;
  LkHolderKind wanted_by;
} LkLease;

LkLease *lk_lease_new (void);
LkLease *lk_lease_copy (const LkLease *self);
void lk_lease_free (LkLease *self);
gboolean lk_lease_is_alive (const LkLease *self, LkInstant now); /* any thread */
int lk_lease_open_holder (const LkLease *self);                  /* any thread */

/* Thread: a pool thread, inside a write job. */
LkLease *lk_lease_store_get (LkDb *db, GError **error);
/* Takes the lease when it is free, expired, its holder dead, or already @mine. Otherwise, when
 * @mine is an agent and the holder a console, asks it to yield. Returns the lease as it now is. */
LkLease *lk_lease_store_acquire (LkDb *db, const LkLease *mine, LkInstant now, GError **error);
gboolean lk_lease_store_renew (LkDb *db, gint64 epoch, LkInstant now, GError **error);
gboolean lk_lease_store_release (LkDb *db, gint64 epoch, GError **error);
gboolean lk_lease_store_check_epoch (LkDb *db, gint64 epoch, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkLease, lk_lease_free)

G_END_DECLS
