/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "busy-time.h"

/* All the time in poll(), in microseconds. The poll function of a main context takes no data. */
static gint64 asleep;

static int
poll_cb (GPollFD *fds, guint n_fds, int timeout)
{
  gint64 before = g_get_monotonic_time ();
  int n_ready = g_poll (fds, n_fds, timeout);

  asleep += g_get_monotonic_time () - before;
  return n_ready;
}

/**
 * busy_time_start:
 *
 * From now on the default main context is watched. Called once, first.
 */
void
busy_time_start (void)
{
  g_main_context_set_poll_func (NULL, poll_cb);
}

/**
 * busy_time_get:
 *
 * Returns: microseconds; only differences mean something
 */
gint64
busy_time_get (void)
{
  return g_get_monotonic_time () - asleep;
}
