/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-call"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <inttypes.h>
#include <glib/gi18n.h>

#include "agent/call.h"
#include "core/error.h"
#include "core/text-check.h"
#include "engine/system-clock.h"

#define DATE_LENGTH   10 /* 2026-01-31 */
#define MINUTE_LENGTH 16 /* 2026-01-31 08:00 */

struct _LkCall
{
  GHashTable *options; /* name to GPtrArray of texts, NULL-terminated once complete */
  char **arguments;
  LkOutput *output;
  LkClock *clock;
  LkWorkspace *workspace;
};

/**
 * lk_call_new:
 *
 * Returns: (transfer full): a call without options and arguments, which writes to stdout
 */
LkCall *
lk_call_new (void)
{
  LkCall *self = g_new0 (LkCall, 1);

  self->options =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->output = lk_output_new (STDOUT_FILENO);

  return self;
}

/**
 * lk_call_free:
 * @self: (nullable) (transfer full): a call; its workspace is closed
 */
void
lk_call_free (LkCall *self)
{
  if (self == NULL)
    return;

  if (self->workspace != NULL)
    lk_workspace_close (self->workspace);
  g_clear_object (&self->workspace);
  g_clear_object (&self->clock);
  g_hash_table_unref (self->options);
  g_strfreev (self->arguments);
  lk_output_free (self->output);
  g_free (self);
}

static void
add_value (LkCall *self, const char *option, const char *value)
{
  GPtrArray *values = g_hash_table_lookup (self->options, option);

  if (values == NULL)
    {
      values = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (self->options, g_strdup (option), values);
    }
  else
    g_ptr_array_set_size (values, (int) values->len - 1); /* the closing NULL */

  g_ptr_array_add (values, g_strdup (value));
  g_ptr_array_add (values, NULL);
}

/**
 * lk_call_note_option:
 * @name: the option as it was typed: `--sql`
 * @value: (nullable): its value
 * @call: (type LkCall): the call
 * @error: %G_OPTION_ERROR_BAD_VALUE for a value that is not UTF-8
 *
 * The #GOptionArgFunc of every option of every command.
 *
 * Returns: whether the option was understood
 */
gboolean
lk_call_note_option (const char *name, const char *value, gpointer call, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (value != NULL && !lk_text_check (value, &reason))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: %s", name,
                   reason->message);
      return FALSE;
    }

  add_value (call, name + strspn (name, "-"), value != NULL ? value : "");
  return TRUE;
}

/**
 * lk_call_get_common_options:
 *
 * Returns: (transfer none): the options that every command takes
 */
const GOptionEntry *
lk_call_get_common_options (void)
{
  static const GOptionEntry entries[] = {
    LK_OPTION ("workspace", N_ ("DIR"), N_ ("the workspace's folder instead of the console's")),
    LK_FLAG ("json", N_ ("write one JSON document to standard output")),
    LK_FLAG ("help", N_ ("show this help")),
    LK_OPTIONS_END,
  };

  return entries;
}

/**
 * lk_call_take_arguments:
 * @self: a call
 * @arguments: (array zero-terminated=1): what is left beside the options
 * @min: how many there must be
 * @max: how many there may be
 * @error: %G_OPTION_ERROR when there are more, fewer or unreadable ones
 *
 * Returns: whether the number of arguments is right
 */
gboolean
lk_call_take_arguments (LkCall *self, char **arguments, guint min, guint max, GError **error)
{
  g_autoptr (GError) reason = NULL;
  guint n = g_strv_length (arguments);

  if (n < min)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("an argument is missing"));
  else if (n > max)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                 _ ("“%s” is one argument too many: put quotes around a name with blanks"),
                 arguments[max]);

  if (n < min || n > max)
    return FALSE;

  for (guint i = 0; i < n; i++)
    if (!lk_text_check (arguments[i], &reason))
      {
        g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, reason->message);
        return FALSE;
      }

  self->arguments = g_strdupv (arguments);
  return TRUE;
}

/**
 * lk_call_has:
 * @self: a call
 * @option: an option's name without dashes
 *
 * Returns: whether it was given
 */
gboolean
lk_call_has (LkCall *self, const char *option)
{
  return g_hash_table_contains (self->options, option);
}

/**
 * lk_call_get_all:
 * @self: a call
 * @option: an option's name without dashes
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): its values in order
 */
const char *const *
lk_call_get_all (LkCall *self, const char *option)
{
  GPtrArray *values = g_hash_table_lookup (self->options, option);

  return values != NULL ? (const char *const *) values->pdata : NULL;
}

/**
 * lk_call_get:
 * @self: a call
 * @option: an option's name without dashes
 *
 * Returns: (transfer none) (nullable): its value; the last one when it was given several times
 */
const char *
lk_call_get (LkCall *self, const char *option)
{
  GPtrArray *values = g_hash_table_lookup (self->options, option);

  return values != NULL ? g_ptr_array_index (values, values->len - 2) : NULL;
}

/**
 * lk_call_get_number:
 * @self: a call
 * @option: an option's name without dashes
 * @min: the smallest number that is allowed
 * @max: the largest one
 * @number: (inout): the number; unchanged when the option was not given
 * @error: %G_OPTION_ERROR_BAD_VALUE when it is no number from @min to @max
 *
 * Returns: whether there is a usable number
 */
gboolean
lk_call_get_number (LkCall *self, const char *option, gint64 min, gint64 max, gint64 *number,
                    GError **error)
{
  const char *text = lk_call_get (self, option);

  if (text == NULL || g_ascii_string_to_signed (text, 10, min, max, number, NULL))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("--%s “%s” is not a whole number from %" PRId64 " to %" PRId64), option, text,
               min, max);
  return FALSE;
}

/**
 * lk_call_get_switch:
 * @self: a call
 * @option: an option's name without dashes
 * @on: (inout): whether it was switched on; unchanged when the option was not given
 * @error: %G_OPTION_ERROR_BAD_VALUE when its value is neither `on` nor `off`
 *
 * Returns: whether there is a usable value
 */
gboolean
lk_call_get_switch (LkCall *self, const char *option, gboolean *on, GError **error)
{
  const char *text = lk_call_get (self, option);

  if (text == NULL)
    return TRUE;

  if (!g_str_equal (text, "on") && !g_str_equal (text, "off"))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("--%s “%s” is neither “on” nor “off”"), option, text);
      return FALSE;
    }

  *on = g_str_equal (text, "on");
  return TRUE;
}

/**
 * lk_call_get_instant:
 * @self: a call
 * @option: an option's name without dashes
 * @instant: (inout): the moment; unchanged when the option was not given
 * @error: %G_OPTION_ERROR_BAD_VALUE when it is no date
 *
 * Reads `2026-01-31`, `2026-01-31 08:00:00` (local time) or the same with a `T` and a zone.
 *
 * Returns: whether there is a usable moment
 */
gboolean
lk_call_get_instant (LkCall *self, const char *option, LkInstant *instant, GError **error)
{
  const char *text = lk_call_get (self, option);
  g_autofree char *full = NULL;
  g_autoptr (GTimeZone) local = g_time_zone_new_local ();
  g_autoptr (GDateTime) moment = NULL;

  if (text == NULL)
    return TRUE;

  full = g_strconcat (text,
                      strlen (text) == DATE_LENGTH     ? "T00:00:00"
                      : strlen (text) == MINUTE_LENGTH ? ":00"
                                                       : "",
                      NULL);
  moment = g_date_time_new_from_iso8601 (full, local);
  if (moment == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("--%s “%s” is not a moment: write it as 2026-01-31 08:00:00"), option, text);
      return FALSE;
    }

  *instant = g_date_time_to_unix (moment) * LK_SECOND;
  return TRUE;
}

/**
 * lk_call_get_argument:
 * @self: a call
 * @position: counts from 0
 *
 * Returns: (transfer none) (nullable): the argument at @position; %NULL when there are fewer
 */
const char *
lk_call_get_argument (LkCall *self, guint position)
{
  return position < g_strv_length (self->arguments) ? self->arguments[position] : NULL;
}

/**
 * lk_call_wants_json:
 * @self: a call
 *
 * Returns: whether to write one JSON document instead of text for a person
 */
gboolean
lk_call_wants_json (LkCall *self)
{
  return lk_call_has (self, "json");
}

/**
 * lk_call_get_output:
 * @self: a call
 *
 * Returns: (transfer none): what goes to stdout
 */
LkOutput *
lk_call_get_output (LkCall *self)
{
  return self->output;
}

/**
 * lk_call_report:
 * @self: a call
 * @kind: what was changed, as a member of the document: `task`
 * @name: its name
 * @sentence: a format with one `%s` for the name, for a person, translated
 *
 * Says that a change was made.
 */
void
lk_call_report (LkCall *self, const char *kind, const char *name, const char *sentence)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_auto (GStrv) parts = g_strsplit (sentence, "%s", 2);

  if (!lk_call_wants_json (self))
    {
      lk_output_printf (self->output, "%s%s%s\n", parts[0], name, parts[1]);
      return;
    }

  json_builder_begin_object (builder);
  lk_json_add_text (builder, kind, name);
  json_builder_end_object (builder);
  lk_output_json (self->output, builder);
}

/**
 * lk_call_dup_folder:
 * @self: a call
 *
 * Returns: (transfer full): the absolute path of the workspace's folder
 */
char *
lk_call_dup_folder (LkCall *self)
{
  const char *folder = lk_call_get (self, "workspace");

  return folder != NULL ? g_canonicalize_filename (folder, NULL)
                        : lk_workspace_get_default_folder ();
}

/**
 * lk_call_get_clock:
 * @self: a call
 *
 * Returns: (transfer none): the real time
 */
LkClock *
lk_call_get_clock (LkCall *self)
{
  if (self->clock == NULL)
    self->clock = lk_system_clock_new ();

  return self->clock;
}

/**
 * lk_call_open:
 * @self: a call
 * @error: %LK_ERROR_FAILED when the workspace does not open: without one nothing works, and to a
 *   script that must not look like "no such task"
 *
 * Opens the workspace when it is asked for the first time.
 *
 * Returns: (transfer none): the workspace
 */
LkWorkspace *
lk_call_open (LkCall *self, GError **error)
{
  g_autofree char *folder = NULL;
  g_autoptr (GError) reason = NULL;

  if (self->workspace != NULL)
    return self->workspace;

  folder = lk_call_dup_folder (self);
  self->workspace = lk_workspace_open (folder, &reason);
  if (self->workspace != NULL)
    return self->workspace;

  if (g_error_matches (reason, LK_ERROR, LK_ERROR_NOT_FOUND))
    g_set_error (error, LK_ERROR, LK_ERROR_FAILED,
                 _ ("there is no workspace in “%s”: make one with “latchkey-agent init”, or name "
                    "another folder with --workspace"),
                 folder);
  else
    g_set_error_literal (error, LK_ERROR, LK_ERROR_FAILED, reason->message);

  return NULL;
}

/**
 * lk_call_read:
 * @self: a call
 * @job: what to read
 * @data: for @job
 * @error: why the workspace does not open, or what @job said
 *
 * Runs a job in the workspace and waits for it.
 *
 * Returns: (nullable): what @job returned
 */
gpointer
lk_call_read (LkCall *self, LkDbJobFunc job, gpointer data, GError **error)
{
  LkWorkspace *workspace = lk_call_open (self, error);

  if (workspace == NULL)
    return NULL;

  return lk_db_pool_read_sync (lk_workspace_get_pool (workspace), job, data, NULL, error);
}

/**
 * lk_call_write:
 * @self: a call
 * @job: what to change
 * @data: for @job
 * @error: why the workspace does not open, or what @job said
 *
 * Runs a job in the workspace, in one transaction, and waits for it.
 *
 * Returns: (nullable): what @job returned
 */
gpointer
lk_call_write (LkCall *self, LkDbJobFunc job, gpointer data, GError **error)
{
  LkWorkspace *workspace = lk_call_open (self, error);

  if (workspace == NULL)
    return NULL;

  return lk_db_pool_write_sync (lk_workspace_get_pool (workspace), job, data, NULL, error);
}
