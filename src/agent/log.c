/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-log"

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/log.h"
#include "agent/output.h"

static const char *
get_field (const GLogField *fields, gsize n_fields, const char *key)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, key))
      return fields[i].value;

  return NULL;
}

/* systemd.exec(5): JOURNAL_STREAM names the device and inode of the stream to the journal, which
 * tells whether stderr still is that stream. */
static gboolean
is_journal_stream (int fd)
{
  const char *stream = g_getenv ("JOURNAL_STREAM");
  g_autofree char *mine = NULL;
  struct stat info;

  if (stream == NULL || fstat (fd, &info) != 0)
    return FALSE;

  mine =
      g_strdup_printf ("%" PRIuMAX ":%" PRIuMAX, (uintmax_t) info.st_dev, (uintmax_t) info.st_ino);
  return g_str_equal (stream, mine);
}

/* syslog(3) */
static int
get_priority (GLogLevelFlags level)
{
  if (level & G_LOG_LEVEL_ERROR)
    return 3;
  if (level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING))
    return 4;
  if (level & G_LOG_LEVEL_MESSAGE)
    return 5;

  return level & G_LOG_LEVEL_INFO ? 6 : 7;
}

static void
append_lines (GString *lines, const char *prefix, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "\n", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_string_append_printf (lines, "%s%s\n", prefix, parts[i]);
}

/**
 * lk_log_format:
 * @level: how grave it is
 * @for_journal: whether the journal reads it, which adds the time by itself
 * @message: what to say; what a receiver or a license put into it cannot pass for another entry
 *
 * Returns: (transfer full): lines, each with its level as sd-daemon(3) writes it, or with the time
 */
char *
lk_log_format (GLogLevelFlags level, gboolean for_journal, const char *message)
{
  GString *lines = g_string_new (NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%d %H:%M:%S latchkey-agent: ");
  g_autofree char *priority = g_strdup_printf ("<%d>", get_priority (level));
  g_autofree char *visible = lk_output_format_visible (message, -1);

  append_lines (lines, for_journal ? priority : time, visible);

  return g_string_free (lines, FALSE);
}

/* The journal gets structured entries where its socket takes them, and lines with their level where
 * only the stream leads to it (a container, a namespace of the journal). A person gets lines with
 * the time. The journal also keeps what is merely informative, but not what is there for debugging.
 */
static GLogWriterOutput
write_entry (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  const char *domain = get_field (fields, n_fields, "GLIB_DOMAIN");
  const char *message = get_field (fields, n_fields, "MESSAGE");
  gboolean for_journal = is_journal_stream (STDERR_FILENO);
  g_autofree char *lines = NULL;

  if (g_log_writer_default_would_drop (level, domain)
      && !(for_journal && (level & G_LOG_LEVEL_INFO) != 0))
    return G_LOG_WRITER_HANDLED;

  if (g_log_writer_is_journald (STDERR_FILENO)
      && g_log_writer_journald (level, fields, n_fields, data) == G_LOG_WRITER_HANDLED)
    return G_LOG_WRITER_HANDLED;

  lines = lk_log_format (level, for_journal, message != NULL ? message : "");
  fputs (lines, stderr);

  return G_LOG_WRITER_HANDLED;
}

/**
 * lk_log_init:
 *
 * Makes what is logged fit for the journal and for a terminal. To be called once, first in main().
 */
void
lk_log_init (void)
{
  g_log_set_writer_func (write_entry, NULL, NULL);
}
