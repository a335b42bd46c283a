/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "latchkey-agent"

#include "config.h"

#include <signal.h>

#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/log.h"
#include "core/language.h"

/* The options before the command. Those behind it belong to the command, which takes these, too. */
static gboolean
parse_common (LkCall *call, char ***words, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  GOptionGroup *group = g_option_group_new ("latchkey", "", "", call, NULL);
  static const GOptionEntry version[] = {
    LK_FLAG ("version", N_ ("show the version")),
    LK_OPTIONS_END,
  };

  g_option_group_add_entries (group, lk_call_get_common_options ());
  g_option_group_add_entries (group, version);
  g_option_context_set_main_group (context, group);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_strict_posix (context, TRUE);

  return g_option_context_parse_strv (context, words, error);
}

static void
show_overview (LkCall *call)
{
  g_autofree char *overview = lk_command_get_overview ();

  lk_output_text (lk_call_get_output (call), overview);
}

/* "task --help" */
static gboolean
show_group (LkCall *call, char **words)
{
  gboolean is_asked = words[0] != NULL && g_strcmp0 (words[1], "--help") == 0;
  g_autofree char *help = is_asked ? lk_command_get_group_help (words[0]) : NULL;

  if (help != NULL)
    lk_output_text (lk_call_get_output (call), help);

  return help != NULL;
}

static gboolean
run (LkCall *call, char ***words, GError **error)
{
  const LkCommand *command;
  guint n_used = 0;

  if (!parse_common (call, words, error))
    return FALSE;

  if (lk_call_has (call, "version"))
    {
      lk_output_text (lk_call_get_output (call), "latchkey-agent " LK_VERSION "\n");
      return TRUE;
    }

  if ((*words)[1] == NULL && lk_call_has (call, "help"))
    {
      show_overview (call);
      return TRUE;
    }

  if (show_group (call, *words + 1))
    return TRUE;

  command = lk_command_find (*words + 1, &n_used, error);

  return command != NULL && lk_command_call (command, call, *words + 1 + n_used, error);
}

static const char *
get_message (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return _ ("stopped by a signal before the end: “status” and “delivery list” show how far it "
              "came, and whoever runs the schedule goes on from there");

  return error->message;
}

int
main (int argc, char *argv[])
{
  g_autoptr (LkCall) call = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = g_strdupv (argv);
  LkExit code;

  lk_language_init ();
  signal (SIGPIPE, SIG_IGN); /* the output notices a reader that went away by itself */
  lk_log_init ();

  call = lk_call_new ();
  if (run (call, &words, &error))
    lk_output_finish (lk_call_get_output (call), &error);
  else
    lk_output_flush (lk_call_get_output (call));

  code = lk_command_get_exit (error);
  if (error != NULL)
    lk_message ("%s", get_message (error));
  if (code == LK_EXIT_USAGE)
    lk_message (_ ("“latchkey-agent --help” shows how it is used"));

  return (int) code;
}
