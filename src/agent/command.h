/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "agent/call.h"

G_BEGIN_DECLS

/**
 * LkExit:
 * @LK_EXIT_DONE: done
 * @LK_EXIT_FAILED: failed: no workspace, a server that does not open, an answer other than 2xx ...
 * @LK_EXIT_USAGE: the command line is not understood
 * @LK_EXIT_NOT_FOUND: no task, search, server, license or delivery has that name
 * @LK_EXIT_REFUSED: a value was refused: an invalid search, a blank secret, a name that is taken
 *
 * The exit codes of the program; README.md and the man page list them for scripts.
 */
typedef enum
{
  LK_EXIT_DONE = 0,
  LK_EXIT_FAILED = 1,
  LK_EXIT_USAGE = 2,
  LK_EXIT_NOT_FOUND = 3,
  LK_EXIT_REFUSED = 4,
} LkExit;

/**
 * LkCommandFunc:
 * @call: the parsed command line
 * @error: what went wrong; its code decides the exit code
 *
 * Returns: whether the command did what was asked
 */
typedef gboolean (*LkCommandFunc) (LkCall *call, GError **error);

/**
 * LkCommand:
 * @name: the word or two words that name it, such as `task run`
 * @arguments: (nullable): what follows, for the help: `NAME`
 * @summary: translatable: what it does, on one line
 * @min_arguments, @max_arguments: how many arguments there must be beside the options
 * @options: (array zero-terminated=1) (nullable): its options, made by LK_OPTION() and LK_FLAG()
 * @run: does it
 *
 * One command. Help, usage errors and "did you mean" all derive from the tables of these.
 */
typedef struct
{
  const char *name;
  const char *arguments;
  const char *summary;
  guint min_arguments;
  guint max_arguments;
  const GOptionEntry *options;
  LkCommandFunc run;
} LkCommand;

/* The tables, each closed by an entry without a name. */
extern const LkCommand lk_init_commands[];
extern const LkCommand lk_run_commands[];
extern const LkCommand lk_status_commands[];
extern const LkCommand lk_server_commands[];
extern const LkCommand lk_license_commands[];
extern const LkCommand lk_search_commands[];
extern const LkCommand lk_task_commands[];
extern const LkCommand lk_task_edit_commands[];
extern const LkCommand lk_task_run_commands[];
extern const LkCommand lk_task_preview_commands[];
extern const LkCommand lk_task_why_commands[];
extern const LkCommand lk_task_ledger_commands[];
extern const LkCommand lk_delivery_commands[];
extern const LkCommand lk_decision_commands[];
extern const LkCommand lk_listen_commands[];
extern const LkCommand lk_check_commands[];

const LkCommand *lk_command_at (guint position);
const LkCommand *lk_command_find (char **words, guint *n_used, GError **error);
gboolean lk_command_call (const LkCommand *self, LkCall *call, char **words, GError **error);
char *lk_command_get_help (const LkCommand *self);
char *lk_command_get_overview (void);
char *lk_command_get_group_help (const char *word);
LkExit lk_command_get_exit (const GError *error);

G_END_DECLS
