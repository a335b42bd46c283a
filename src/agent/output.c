/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-output"

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "agent/output.h"
#include "core/error.h"

#define PIECE_BYTES (64 * 1024)

struct _LkOutput
{
  int fd;
  int failure; /* errno of the first failed write; 0 for none */
  GString *pending;
};

/**
 * lk_output_new:
 * @fd: where to write; stays the caller's
 *
 * Returns: (transfer full): an output
 */
LkOutput *
lk_output_new (int fd)
{
  LkOutput *self = g_new0 (LkOutput, 1);

  self->fd = fd;
  self->pending = g_string_new (NULL);

  return self;
}

/**
 * lk_output_free:
 * @self: (nullable) (transfer full): an output; what was not flushed is lost
 */
void
lk_output_free (LkOutput *self)
{
  if (self == NULL)
    return;

  g_string_free (self->pending, TRUE);
  g_free (self);
}

/**
 * lk_output_flush:
 * @self: an output
 *
 * Writes what waits. A failure is kept for lk_output_finish().
 */
void
lk_output_flush (LkOutput *self)
{
  gsize done = 0;

  while (self->failure == 0 && done < self->pending->len)
    {
      gssize n = write (self->fd, self->pending->str + done, self->pending->len - done);

      if (n >= 0)
        done += (gsize) n;
      else if (errno != EINTR)
        self->failure = errno;
    }

  g_string_truncate (self->pending, 0);
}

/**
 * lk_output_text:
 * @self: an output
 * @text: UTF-8, written as it is
 */
void
lk_output_text (LkOutput *self, const char *text)
{
  g_string_append (self->pending, text);

  if (self->pending->len >= PIECE_BYTES)
    lk_output_flush (self);
}

/**
 * lk_output_printf:
 * @self: an output
 * @format: as for g_strdup_printf()
 */
void
lk_output_printf (LkOutput *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  lk_output_text (self, text);
}

static void
write_json (LkOutput *self, JsonBuilder *builder, gboolean pretty)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = NULL;

  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, pretty);
  text = json_generator_to_data (generator, NULL);
  lk_output_text (self, text);
  lk_output_text (self, "\n");
}

/**
 * lk_output_json:
 * @self: an output
 * @builder: a complete document
 *
 * Writes the one document of a command, over several lines.
 */
void
lk_output_json (LkOutput *self, JsonBuilder *builder)
{
  write_json (self, builder, TRUE);
}

/**
 * lk_output_json_line:
 * @self: an output
 * @builder: a complete document
 *
 * Writes a document on one line and at once, for a command that reports as things happen.
 */
void
lk_output_json_line (LkOutput *self, JsonBuilder *builder)
{
  write_json (self, builder, FALSE);
  lk_output_flush (self);
}

/**
 * lk_output_is_open:
 * @self: an output
 *
 * Returns: whether what is written still arrives somewhere
 */
gboolean
lk_output_is_open (LkOutput *self)
{
  return self->failure == 0;
}

/**
 * lk_output_finish:
 * @self: an output
 * @error: %LK_ERROR_IO when something could not be written
 *
 * Writes what waits. A reader that went away has what it wanted: that is no error.
 *
 * Returns: whether everything that is still wanted was written
 */
gboolean
lk_output_finish (LkOutput *self, GError **error)
{
  lk_output_flush (self);

  if (self->failure == 0 || self->failure == EPIPE)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_IO, _ ("cannot write to standard output: %s"),
               g_strerror (self->failure));
  return FALSE;
}

/**
 * lk_message:
 * @format: as for g_strdup_printf(), without a line end
 *
 * Tells a person something on stderr, where a program that reads stdout does not stumble over it.
 */
void
lk_message (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  fprintf (stderr, "latchkey-agent: %s\n", text);
}

/**
 * lk_output_format_instant:
 * @instant: a moment; 0 for never
 *
 * Returns: (transfer full): it as local wall-clock time to the second; "-" for never
 */
char *
lk_output_format_instant (LkInstant instant)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (instant == 0)
    return g_strdup ("-");

  utc = g_date_time_new_from_unix_utc (instant / LK_SECOND);
  local = g_date_time_to_local (utc);

  return g_date_time_format (local, "%Y-%m-%d %H:%M:%S");
}

/**
 * lk_output_format_visible:
 * @text: any bytes
 * @length: how many; -1 when they end with a zero byte
 *
 * What a receiver answered, or a license holds, must not move the cursor or colour the terminal:
 * control characters other than line break and tabulator become the replacement character.
 *
 * Returns: (transfer full): valid UTF-8 that is safe to print
 */
char *
lk_output_format_visible (const char *text, gssize length)
{
  g_autofree char *valid = g_utf8_make_valid (text, length);
  GString *visible = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\r' && p[1] == '\n')
        continue;
      g_string_append_unichar (visible,
                               g_unichar_iscntrl (c) && c != '\n' && c != '\t' ? 0xfffd : c);
    }

  return g_string_free (visible, FALSE);
}

/**
 * lk_json_add_text:
 * @builder: a builder inside of an object
 * @name: the member
 * @text: (nullable): its value; %NULL becomes null, and what is not UTF-8 in it is replaced: a
 *   database may hold anything
 */
void
lk_json_add_text (JsonBuilder *builder, const char *name, const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;

  json_builder_set_member_name (builder, name);

  if (valid == NULL)
    json_builder_add_null_value (builder);
  else
    json_builder_add_string_value (builder, valid);
}

/**
 * lk_json_add_bytes:
 * @builder: a builder inside of an object
 * @name: the member
 * @bytes: (nullable): text as it came; what is not UTF-8 in it is replaced
 */
void
lk_json_add_bytes (JsonBuilder *builder, const char *name, GBytes *bytes)
{
  g_autofree char *text = NULL;
  const char *data;
  gsize size;

  if (bytes != NULL)
    {
      data = g_bytes_get_data (bytes, &size);
      text = g_utf8_make_valid (data != NULL ? data : "", (gssize) size);
    }

  lk_json_add_text (builder, name, text);
}

/**
 * lk_json_add_int:
 * @builder: a builder inside of an object
 * @name: the member
 * @value: its value
 */
void
lk_json_add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/**
 * lk_json_add_flag:
 * @builder: a builder inside of an object
 * @name: the member
 * @value: its value
 */
void
lk_json_add_flag (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

/**
 * lk_json_add_instant:
 * @builder: a builder inside of an object
 * @name: the member
 * @instant: its value: written in UTC to the millisecond (RFC 3339); null for never
 */
void
lk_json_add_instant (JsonBuilder *builder, const char *name, LkInstant instant)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autofree char *seconds = NULL;
  g_autofree char *text = NULL;

  if (instant != 0)
    {
      utc = g_date_time_new_from_unix_utc (instant / LK_SECOND);
      seconds = g_date_time_format (utc, "%Y-%m-%dT%H:%M:%S");
      text = g_strdup_printf ("%s.%03dZ", seconds, (int) (instant % LK_SECOND / 1000));
    }

  lk_json_add_text (builder, name, text);
}
