/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/lease-store.h"

#define NOW (G_GINT64_CONSTANT (1772366400) * LK_SECOND)

static LkLease *
make_process (LkHolderKind kind)
{
  LkLease *lease = lk_lease_new ();

  lease->kind = kind;
  return lease;
}

static void
test_this_process (void)
{
  g_autoptr (LkLease) one = lk_lease_new ();
  g_autoptr (LkLease) other = lk_lease_new ();

  g_assert_cmpint (one->pid, ==, getpid ());
  g_assert_cmpint (one->pid_started, >, 0);
  g_assert_cmpstr (one->host, ==, g_get_host_name ());
  g_assert_cmpstr (one->boot_id, !=, "");
  g_assert_cmpstr (one->owner, !=, other->owner);
  g_assert_cmpint (one->kind, ==, LK_HOLDER_NONE);
}

/* A holder that is known to be dead is not waited for, and one that is not known to be is. */
static void
test_dead_holder (void)
{
  g_autoptr (LkLease) lease = make_process (LK_HOLDER_AGENT);
  g_autoptr (LkLease) copy = NULL;
  LkInstant now = NOW;
  pid_t child;

  lease->expires_at = now + LK_SECOND;
  g_assert_true (lk_lease_is_alive (lease, now));
  g_assert_false (lk_lease_is_alive (lease, now + LK_SECOND));

  copy = lk_lease_copy (lease);
  copy->pid_started++; /* the pid was used again */
  g_assert_false (lk_lease_is_alive (copy, now));
  g_free (copy->boot_id);
  copy->boot_id = g_strdup ("another start of the host");
  g_assert_true (lk_lease_is_alive (copy, now));
  g_clear_pointer (&copy, lk_lease_free);

  copy = lk_lease_copy (lease);
  copy->pid_started++;
  g_free (copy->host);
  copy->host = g_strdup ("elsewhere");
  g_assert_true (lk_lease_is_alive (copy, now));
  g_clear_pointer (&copy, lk_lease_free);

  copy = lk_lease_copy (lease);
  copy->kind = LK_HOLDER_NONE;
  g_assert_false (lk_lease_is_alive (copy, now));

  child = fork ();
  if (child == 0)
    _exit (0);
  lease->pid = child;
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  g_assert_false (lk_lease_is_alive (lease, now)); /* no such process */
}

/* Killed but not yet waited for by its parent. */
static void
test_zombie (void)
{
  g_autoptr (LkLease) lease = make_process (LK_HOLDER_AGENT);
  siginfo_t info;
  pid_t child = fork ();

  if (child == 0)
    _exit (0);

  g_assert_cmpint (waitid (P_PID, (id_t) child, &info, WEXITED | WNOWAIT), ==, 0);
  lease->pid = child;
  lease->expires_at = NOW + LK_SECOND;
  g_assert_false (lk_lease_is_alive (lease, NOW));
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
}

/* The 22nd field of /proc/PID/stat, see man 5 proc; the command is a word without blanks here. */
static gint64
read_start (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *contents = NULL;
  g_auto (GStrv) fields = NULL;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  fields = g_strsplit (contents, " ", 0);
  return g_ascii_strtoll (fields[21], NULL, 10);
}

static gboolean
is_readable (int fd)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

  return poll (&poll_fd, 1, 0) == 1;
}

/* A holder that is killed: its descriptor tells of that. */
static void
test_open_holder (void)
{
  g_autoptr (LkLease) lease = make_process (LK_HOLDER_AGENT);
  siginfo_t info;
  pid_t child;
  int fd = lk_lease_open_holder (lease);

  if (fd < 0)
    {
      g_test_skip ("this kernel has no pidfd_open");
      return;
    }
  g_assert_false (is_readable (fd));
  close (fd);

  lease->pid_started++; /* the pid was used again */
  g_assert_cmpint (lk_lease_open_holder (lease), ==, -1);
  lease->pid_started--;
  lease->kind = LK_HOLDER_NONE;
  g_assert_cmpint (lk_lease_open_holder (lease), ==, -1);

  child = fork ();
  if (child == 0)
    pause ();
  lease->kind = LK_HOLDER_AGENT;
  lease->pid = child;
  lease->pid_started = read_start (child);
  fd = lk_lease_open_holder (lease);
  g_assert_cmpint (fd, >=, 0);
  g_assert_false (is_readable (fd));
  kill (child, SIGKILL);
  g_assert_cmpint (waitid (P_PID, (id_t) child, &info, WEXITED | WNOWAIT), ==, 0);
  g_assert_true (is_readable (fd));
  close (fd);
  g_assert_cmpint (lk_lease_open_holder (lease), ==, -1);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/lease/this-process", test_this_process);
  g_test_add_func ("/lease/dead-holder", test_dead_holder);
  g_test_add_func ("/lease/zombie", test_zombie);
  g_test_add_func ("/lease/open-holder", test_open_holder);

  return g_test_run ();
}
