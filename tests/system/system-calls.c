/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Follows a program and all its threads through their system calls, for the tests of crashes.
 *
 *   system-calls kill N PROGRAM [ARGUMENT...]     SIGKILL as its N-th system call begins; 0: never
 *   system-calls watch IN OUT PROGRAM [ARGUMENT...]
 *
 * "kill" ends with a line on stderr that says how many system calls there were. "watch" stops the
 * calling thread whenever it is about to change a file: it writes "CALL PID DESCRIPTOR" to the
 * descriptor OUT and goes on once it can read a byte from IN.
 */

#define G_LOG_DOMAIN "system-calls"

#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <linux/ptrace.h>

#define OPTIONS                                                                                    \
  (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK          \
   | PTRACE_O_EXITKILL)
#define SYSTEM_CALL_STOP (SIGTRAP | 0x80)
#define CANNOT_TRACE     77 /* what a test that is to be skipped ends with */

/* What changes a file; the first argument of each is a descriptor. */
static const struct
{
  unsigned long number;
  const char *name;
} changes[] = {
  { SYS_pwrite64, "pwrite64" },
  { SYS_ftruncate, "ftruncate" },
  { SYS_fsync, "fsync" },
  { SYS_fdatasync, "fdatasync" },
};

typedef struct
{
  pid_t child;
  guint64 kill_at; /* 0: never */
  int in, out;     /* -1: not watched */
  guint64 n_calls;
} Tracer;

static pid_t
start (char **argv)
{
  pid_t child = fork ();

  if (child != 0)
    return child;

  if (ptrace (PTRACE_TRACEME, 0, NULL, NULL) != 0 || raise (SIGSTOP) != 0)
    _exit (CANNOT_TRACE);
  execvp (argv[0], argv);
  fprintf (stderr, "system-calls: %s: %s\n", argv[0], g_strerror (errno));
  _exit (127);
}

static void
ask (Tracer *self, const char *name, guint64 descriptor)
{
  char byte;

  dprintf (self->out, "%s %d %" PRIu64 "\n", name, (int) self->child, descriptor);
  if (read (self->in, &byte, 1) != 1)
    kill (self->child, SIGKILL);
}

static void
note_call (Tracer *self, pid_t thread)
{
  struct ptrace_syscall_info info = { 0 };

  if (ptrace (PTRACE_GET_SYSCALL_INFO, thread, (void *) sizeof info, &info) <= 0
      || info.op != PTRACE_SYSCALL_INFO_ENTRY)
    return;

  if (++self->n_calls == self->kill_at)
    kill (self->child, SIGKILL);

  for (gsize i = 0; self->out >= 0 && i < G_N_ELEMENTS (changes); i++)
    if (info.entry.nr == changes[i].number)
      ask (self, changes[i].name, info.entry.args[0]);
}

/* Returns: the signal that the thread is to get */
static int
note_stop (Tracer *self, pid_t thread, int status)
{
  int number = WSTOPSIG (status);

  if (number == SYSTEM_CALL_STOP)
    note_call (self, thread);
  else if (number != SIGSTOP && number != SIGTRAP)
    return number;

  return 0;
}

/* Returns: how the program ended */
static int
follow (Tracer *self)
{
  for (;;)
    {
      int status;
      pid_t thread = waitpid (-1, &status, __WALL);

      if (thread < 0)
        return CANNOT_TRACE;
      if (WIFSTOPPED (status))
        ptrace (PTRACE_SYSCALL, thread, NULL, (void *) (gintptr) note_stop (self, thread, status));
      else if (thread == self->child)
        return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
    }
}

int
main (int argc, char *argv[])
{
  Tracer self = { .in = -1, .out = -1 };
  int first, status;

  if (argc > 3 && g_str_equal (argv[1], "kill"))
    {
      self.kill_at = g_ascii_strtoull (argv[2], NULL, 10);
      first = 3;
    }
  else if (argc > 4 && g_str_equal (argv[1], "watch"))
    {
      self.in = atoi (argv[2]);
      self.out = atoi (argv[3]);
      first = 4;
    }
  else
    return 2;

  self.child = start (argv + first);
  if (self.child < 0 || waitpid (self.child, &status, 0) < 0 || !WIFSTOPPED (status)
      || ptrace (PTRACE_SETOPTIONS, self.child, NULL, (void *) OPTIONS) != 0)
    return CANNOT_TRACE;

  ptrace (PTRACE_SYSCALL, self.child, NULL, NULL);
  status = follow (&self);
  fprintf (stderr, "system-calls: %" PRIu64 "\n", self.n_calls);

  return status;
}
