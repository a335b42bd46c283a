/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-log"

#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "agent/log.h"

static const char *
get_field (const GLogField *fields, gsize n_fields, const char *key)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, key))
      return fields[i].value;

  return NULL;
}

/* The journal gets structured entries with their priority; a person gets a line with the time. */
static GLogWriterOutput
write_entry (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  const char *domain = get_field (fields, n_fields, "GLIB_DOMAIN");
  const char *message = get_field (fields, n_fields, "MESSAGE");
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *time = NULL;

  if (g_log_writer_is_journald (STDERR_FILENO))
    return g_log_writer_journald (level, fields, n_fields, data);

  if (g_log_writer_default_would_drop (level, domain))
    return G_LOG_WRITER_HANDLED;

  now = g_date_time_new_now_local ();
  time = g_date_time_format (now, "%Y-%m-%d %H:%M:%S");
  fprintf (stderr, "%s latchkey-agent: %s\n", time, message != NULL ? message : "");

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
