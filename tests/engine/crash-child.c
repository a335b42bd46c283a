/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An engine over a workspace, for test-crash to kill: crash-child FOLDER */

#include "config.h"

#include "engine/context.h"
#include "engine/system-clock.h"

int
main (int argc, char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (LkClock) clock = lk_system_clock_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LkWorkspace) workspace = NULL;
  g_autoptr (LkContext) context = NULL;

  workspace = lk_workspace_open (argv[1], &error);
  if (workspace == NULL)
    g_error ("%s", error->message);

  context = lk_context_new (workspace, clock, LK_HOLDER_AGENT);
  lk_context_start (context);
  g_main_loop_run (loop);

  return 0;
}
