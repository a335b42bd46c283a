/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-lease"

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "store/lease-store.h"

/* Fields of /proc/PID/stat, counted from the command's closing bracket, which is the 2nd (man 5
 * proc): the state is the 3rd, the start time the 22nd. */
#define STATE_AFTER_COMMAND      1
#define START_TIME_AFTER_COMMAND 20

/* Which start of which host, and which numbering of processes on it: a sandbox counts its own pids,
 * and a pid of one says nothing about the other. */
static char *
get_boot_id (void)
{
  g_autofree char *boot_id = NULL;
  g_autofree char *namespace = g_file_read_link ("/proc/self/ns/pid", NULL);

  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &boot_id, NULL, NULL))
    return g_strdup ("");

  return g_strconcat (g_strstrip (boot_id), "/", namespace, NULL);
}

/* @started: (out): the kernel's clock ticks from its start to that of the process.
 * Returns FALSE when that cannot be read, be it that there is no such process or no right to. */
static gboolean
read_process (gint64 pid, gint64 *started, gboolean *is_zombie)
{
  g_autofree char *path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/stat", pid);
  g_autofree char *contents = NULL;
  g_auto (GStrv) fields = NULL;
  char *after_command;

  if (!g_file_get_contents (path, &contents, NULL, NULL))
    return FALSE;

  after_command = strrchr (contents, ')');
  if (after_command == NULL)
    return FALSE;

  fields = g_strsplit (after_command, " ", START_TIME_AFTER_COMMAND + 2);
  if (g_strv_length (fields) <= START_TIME_AFTER_COMMAND)
    return FALSE;

  *started = g_ascii_strtoll (fields[START_TIME_AFTER_COMMAND], NULL, 10);
  *is_zombie = strchr ("ZX", fields[STATE_AFTER_COMMAND][0]) != NULL;
  return TRUE;
}

static gboolean
is_on_this_host (const LkLease *self)
{
  g_autofree char *boot_id = get_boot_id ();

  return *boot_id != '\0' && g_str_equal (self->boot_id, boot_id)
         && g_str_equal (self->host, g_get_host_name ());
}

static gboolean
holder_is_dead (const LkLease *self)
{
  gint64 started;
  gboolean is_zombie;

  if (!is_on_this_host (self))
    return FALSE;

  if (read_process (self->pid, &started, &is_zombie))
    return is_zombie || started != self->pid_started;

  return kill ((pid_t) self->pid, 0) != 0 && errno == ESRCH;
}

/**
 * lk_lease_new:
 *
 * Describes this process as a holder: a random owner, the host, which start of it, and the pid with
 * its start time. The caller sets the kind; epoch and expiry come from lk_lease_store_acquire().
 * Each call makes another owner, so a process keeps one for its life.
 *
 * Returns: (transfer full): a lease that is not held
 */
LkLease *
lk_lease_new (void)
{
  LkLease *self = g_new0 (LkLease, 1);
  gboolean is_zombie;

  self->owner = g_uuid_string_random ();
  self->host = g_strdup (g_get_host_name ());
  self->boot_id = get_boot_id ();
  self->pid = getpid ();
  read_process (self->pid, &self->pid_started, &is_zombie);

  return self;
}

/**
 * lk_lease_copy:
 * @self: a lease
 *
 * Returns: (transfer full): a deep copy
 */
LkLease *
lk_lease_copy (const LkLease *self)
{
  LkLease *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->owner = g_strdup (self->owner);
  copy->host = g_strdup (self->host);
  copy->boot_id = g_strdup (self->boot_id);

  return copy;
}

/**
 * lk_lease_free:
 * @self: (nullable) (transfer full): a lease
 */
void
lk_lease_free (LkLease *self)
{
  if (self == NULL)
    return;

  g_free (self->owner);
  g_free (self->host);
  g_free (self->boot_id);
  g_free (self);
}

/**
 * lk_lease_is_alive:
 * @self: a lease
 * @now: the wall-clock time
 *
 * A lease counts until it expires, or until its holder is known to be dead: a process of this start
 * of this host that is gone, or whose pid belongs to a younger process. Of a holder elsewhere only
 * the expiry is known.
 *
 * Thread: any.
 *
 * Returns: whether somebody holds it
 */
gboolean
lk_lease_is_alive (const LkLease *self, LkInstant now)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->kind != LK_HOLDER_NONE && self->expires_at > now && !holder_is_dead (self);
}

/**
 * lk_lease_open_holder:
 * @self: a lease
 *
 * Opens the process that holds it, see pidfd_open(2): the descriptor becomes readable when that
 * process ends, however it does, so that nobody has to wait for the expiry of its lease.
 *
 * Thread: any.
 *
 * Returns: a descriptor that the caller closes; -1 when the holder is not a living process of this
 *   host, or the kernel cannot tell
 */
int
lk_lease_open_holder (const LkLease *self)
{
  int fd = -1;

  g_return_val_if_fail (self != NULL, -1);

  if (self->kind == LK_HOLDER_NONE || !is_on_this_host (self))
    return -1;

#ifdef SYS_pidfd_open
  fd = (int) syscall (SYS_pidfd_open, (pid_t) self->pid, 0);
#endif
  if (fd >= 0 && holder_is_dead (self)) /* the pid may be another's by now */
    {
      close (fd);
      return -1;
    }

  return fd;
}
