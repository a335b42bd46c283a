/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "agent/command.h"
#include "core/clause-private.h"
#include "core/error.h"

#define USAGE_WIDTH 28 /* cells of the first column of the overview */

/* In the order of the help. */
static const LkCommand *const tables[] = {
  lk_init_commands,     lk_run_commands,          lk_status_commands,   lk_server_commands,
  lk_license_commands,  lk_search_commands,       lk_task_commands,     lk_task_edit_commands,
  lk_task_run_commands, lk_task_preview_commands, lk_task_why_commands, lk_task_ledger_commands,
  lk_delivery_commands, lk_decision_commands,     lk_listen_commands,   lk_check_commands,
};

/**
 * lk_command_at:
 * @position: counts from 0
 *
 * Returns: (nullable) (transfer none): the command at @position of the help; %NULL after the last
 */
const LkCommand *
lk_command_at (guint position)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const LkCommand *command = tables[i]; command->name != NULL; command++)
      if (position-- == 0)
        return command;

  return NULL;
}

static const LkCommand *
find_exactly (const char *name)
{
  const LkCommand *command;

  for (guint i = 0; (command = lk_command_at (i)) != NULL; i++)
    if (g_str_equal (command->name, name))
      return command;

  return NULL;
}

static const char *
find_similar (const char *name)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const LkCommand *command;

  for (guint i = 0; (command = lk_command_at (i)) != NULL; i++)
    g_ptr_array_add (names, (gpointer) command->name);
  g_ptr_array_add (names, NULL);

  return lk_name_suggest (name, (const char *const *) names->pdata);
}

static gboolean
is_group (const char *word)
{
  g_autofree char *prefix = g_strconcat (word, " ", NULL);
  const LkCommand *command;

  for (guint i = 0; (command = lk_command_at (i)) != NULL; i++)
    if (g_str_has_prefix (command->name, prefix))
      return TRUE;

  return FALSE;
}

static void
set_unknown (GError **error, const char *name)
{
  const char *similar = find_similar (name);

  if (similar != NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                 _ ("there is no command “%s”: did you mean “%s”?"), name, similar);
  else
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                 _ ("there is no command “%s”: “latchkey-agent --help” lists them"), name);
}

/**
 * lk_command_find:
 * @words: (array zero-terminated=1): what follows the common options on the command line
 * @n_used: (out): how many of @words name the command
 * @error: %G_OPTION_ERROR when there is no such command, with a similar one where there is one
 *
 * Returns: (transfer none): the command
 */
const LkCommand *
lk_command_find (char **words, guint *n_used, GError **error)
{
  g_autofree char *pair = NULL;
  const LkCommand *command;

  if (words[0] == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   _ ("a command is missing: “latchkey-agent --help” lists them"));
      return NULL;
    }

  *n_used = is_group (words[0]) && words[1] != NULL ? 2 : 1;
  pair = *n_used == 2 ? g_strjoin (" ", words[0], words[1], NULL) : g_strdup (words[0]);
  command = find_exactly (pair);
  if (command == NULL && g_utf8_validate (pair, -1, NULL))
    set_unknown (error, pair);
  else if (command == NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("the command is not UTF-8"));

  return command;
}

static GOptionContext *
new_context (const LkCommand *self, LkCall *call)
{
  g_autofree char *parameters =
      g_strjoin (" ", self->name, self->arguments != NULL ? _ (self->arguments) : NULL, NULL);
  GOptionContext *context = g_option_context_new (parameters);
  GOptionGroup *group = g_option_group_new ("latchkey", "", "", call, NULL);

  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  if (self->options != NULL)
    g_option_group_add_entries (group, self->options);
  g_option_group_add_entries (group, lk_call_get_common_options ());
  g_option_context_set_main_group (context, group);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_summary (context, _ (self->summary));

  return context;
}

/**
 * lk_command_call:
 * @self: a command
 * @call: the call, which may have options from before the command
 * @words: (array zero-terminated=1): what follows the command's name
 * @error: what went wrong; lk_command_get_exit() makes the exit code of it
 *
 * Reads the rest of the command line and runs the command, or shows its help when that was asked
 * for.
 *
 * Returns: whether it did what was asked
 */
gboolean
lk_command_call (const LkCommand *self, LkCall *call, char **words, GError **error)
{
  g_autoptr (GOptionContext) context = new_context (self, call);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) arguments = NULL;

  g_strv_builder_add (builder, "latchkey-agent");
  g_strv_builder_addv (builder, (const char **) words);
  arguments = g_strv_builder_end (builder);
  if (!g_option_context_parse_strv (context, &arguments, error))
    return FALSE;

  if (lk_call_has (call, "help"))
    {
      g_autofree char *help = lk_command_get_help (self);

      lk_output_text (lk_call_get_output (call), help);
      return TRUE;
    }

  if (arguments[1] != NULL && g_str_equal (arguments[1], "--"))
    {
      g_free (arguments[1]);
      memmove (arguments + 1, arguments + 2, (g_strv_length (arguments + 2) + 1) * sizeof (char *));
    }

  return lk_call_take_arguments (call, arguments + 1, self->min_arguments, self->max_arguments,
                                 error)
         && self->run (call, error);
}

/**
 * lk_command_get_help:
 * @self: a command
 *
 * Returns: (transfer full): its usage, summary and options
 */
char *
lk_command_get_help (const LkCommand *self)
{
  g_autoptr (GOptionContext) context = new_context (self, NULL);

  return g_option_context_get_help (context, TRUE, NULL);
}

static void
append_command (GString *text, const LkCommand *command)
{
  g_autofree char *usage = g_strjoin (
      " ", command->name, command->arguments != NULL ? _ (command->arguments) : NULL, NULL);

  int width = (int) g_utf8_strlen (usage, -1);

  if (width <= USAGE_WIDTH)
    g_string_append_printf (text, "  %s%*s  %s\n", usage, USAGE_WIDTH - width, "",
                            _ (command->summary));
  else
    g_string_append_printf (text, "  %s\n  %-*s  %s\n", usage, USAGE_WIDTH, "",
                            _ (command->summary));
}

/**
 * lk_command_get_group_help:
 * @word: the first word of a command
 *
 * Returns: (transfer full) (nullable): the commands that begin with @word; %NULL where none has a
 *   second word
 */
char *
lk_command_get_group_help (const char *word)
{
  g_autofree char *prefix = g_strconcat (word, " ", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  const LkCommand *command;

  for (guint i = 0; (command = lk_command_at (i)) != NULL; i++)
    if (g_str_has_prefix (command->name, prefix))
      append_command (text, command);

  return text->len > 0 ? g_strdup (text->str) : NULL;
}

/**
 * lk_command_get_overview:
 *
 * Returns: (transfer full): the help of the program: all commands, the common options, the exit
 *   codes
 */
char *
lk_command_get_overview (void)
{
  GString *text = g_string_new (_ ("Usage: latchkey-agent [--workspace DIR] COMMAND [OPTION…]\n\n"
                                   "Searches licenses on a schedule and sends a signed webhook "
                                   "for each match.\n\n"
                                   "Commands (“COMMAND --help” shows the options of one):\n"));
  const LkCommand *command;

  for (guint i = 0; (command = lk_command_at (i)) != NULL; i++)
    append_command (text, command);

  g_string_append (text, _ ("\nOptions of every command:\n"
                            "  --workspace DIR  the workspace's folder instead of the console's\n"
                            "  --json           write one JSON document to standard output\n"
                            "  --help           show the help of a command\n"
                            "  --version        show the version\n"
                            "\nExit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 refused\n"));

  return g_string_free (text, FALSE);
}

/**
 * lk_command_get_exit:
 * @error: (nullable): what a command said
 *
 * Returns: the exit code for it
 */
LkExit
lk_command_get_exit (const GError *error)
{
  if (error == NULL)
    return LK_EXIT_DONE;
  if (error->domain == G_OPTION_ERROR)
    return LK_EXIT_USAGE;
  if (error->domain != LK_ERROR)
    return LK_EXIT_FAILED;

  switch ((LkError) error->code)
    {
    case LK_ERROR_NOT_FOUND:
      return LK_EXIT_NOT_FOUND;

    case LK_ERROR_INVALID:
    case LK_ERROR_CLAUSE:
    case LK_ERROR_EXISTS:
    case LK_ERROR_CONFLICT:
    case LK_ERROR_IN_USE:
    case LK_ERROR_ENCODING:
      return LK_EXIT_REFUSED;

    case LK_ERROR_FAILED:
    case LK_ERROR_BUSY:
    case LK_ERROR_READ_ONLY:
    case LK_ERROR_CORRUPT:
    case LK_ERROR_NEWER_SCHEMA:
    case LK_ERROR_FULL:
    case LK_ERROR_IO:
    case LK_ERROR_LIMIT:
    case LK_ERROR_LEASE_LOST:
    default:
      return LK_EXIT_FAILED;
    }
}
