/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-csv-reader"

#include "config.h"

#include <string.h>

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "store/csv-reader.h"

#define BUFFER_BYTES (64 * 1024)

/* A quote that is never closed would otherwise swallow the rest of the file. */
#define MAX_RECORD_BYTES (4 * 1024 * 1024)

#define END_OF_FILE (-1)
#define FAILED      (-2)

struct _LkCsvReader
{
  GInputStream *stream;
  char *name;
  char buffer[BUFFER_BYTES];
  gsize n_buffered;
  gsize position;

  char delimiter;      /* 0 before the first record */
  guint64 line;        /* that is read */
  guint64 record_line; /* where the last record began */
  guint64 byte;        /* of the file, where the next one stands */
  GString *text;       /* of the field that is read */
};

/* The next byte without taking it. */
static int
peek (LkCsvReader *self, GCancellable *cancellable, GError **error)
{
  if (self->position == self->n_buffered)
    {
      gssize n =
          g_input_stream_read (self->stream, self->buffer, sizeof self->buffer, cancellable, error);

      if (n < 0)
        return FAILED;
      if (n == 0)
        return END_OF_FILE;
      self->n_buffered = n;
      self->position = 0;
    }
  return (guchar) self->buffer[self->position];
}

static void
take (LkCsvReader *self)
{
  self->position++;
  self->byte++;
}

/* What spreadsheets save that is not UTF-8. UTF-16 has a byte order mark, or zero bytes. */
static const char *
guess_encoding (const char *bad, guint64 byte)
{
  gboolean is_mark = byte == 1 && ((guchar) *bad == 0xff || (guchar) *bad == 0xfe);

  return is_mark || *bad == '\0' ? "UTF-16" : "WINDOWS-1252";
}

static gboolean
refuse_encoding (LkCsvReader *self, const char *bad, GError **error)
{
  guint64 byte = self->byte - (self->text->str + self->text->len - bad) + 1;

  g_set_error (error, LK_ERROR, LK_ERROR_ENCODING,
               _ ("“%s” is not UTF-8 at line %" PRIu64 ", byte %" PRIu64
                  " of the file; save it as “CSV UTF-8”, or convert it with: iconv -f %s "
                  "-t UTF-8"),
               self->name, self->line, byte, guess_encoding (bad, byte));
  return FALSE;
}

static gboolean
finish_field (LkCsvReader *self, GPtrArray *fields, GError **error)
{
  const char *bad;

  /* g_utf8_validate_len() refuses NUL bytes, too: UTF-16 is full of them. */
  if (!g_utf8_validate_len (self->text->str, self->text->len, &bad))
    return refuse_encoding (self, bad, error);

  g_ptr_array_add (fields, g_strndup (self->text->str, self->text->len));
  g_string_truncate (self->text, 0);
  return TRUE;
}

/* What stands between quotes; the opening one was taken. */
static gboolean
read_quoted (LkCsvReader *self, GCancellable *cancellable, GError **error)
{
  int c;

  while ((c = peek (self, cancellable, error)) >= 0)
    {
      take (self);
      if (c == '"')
        {
          if (peek (self, cancellable, error) != '"')
            return TRUE;
          take (self);
        }
      else if (c == '\n')
        self->line++;
      g_string_append_c (self->text, (char) c);
      if (self->text->len > MAX_RECORD_BYTES)
        break;
    }

  if (c != FAILED)
    g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                 _ ("“%s” has a quote that is never closed, in the record at line %" PRIu64
                    "; close it or double it"),
                 self->name, self->record_line);
  return FALSE;
}

static void
take_line_end (LkCsvReader *self, int c, GCancellable *cancellable)
{
  take (self);
  if (c == '\r' && peek (self, cancellable, NULL) == '\n')
    take (self);
  self->line++;
}

/* Looks at the first line, as far as it is in the buffer. */
static void
detect_delimiter (LkCsvReader *self)
{
  static const char candidates[] = { ',', ';', '\t' };
  gsize best_count = 0;

  self->delimiter = ',';
  for (gsize i = 0; i < G_N_ELEMENTS (candidates); i++)
    {
      gsize count = 0;

      for (gsize j = self->position; j < self->n_buffered && self->buffer[j] != '\n'; j++)
        count += self->buffer[j] == candidates[i];
      if (count > best_count)
        {
          best_count = count;
          self->delimiter = candidates[i];
        }
    }
}

static gboolean
begin_file (LkCsvReader *self, GCancellable *cancellable, GError **error)
{
  if (peek (self, cancellable, error) == FAILED)
    return FALSE;

  if (self->n_buffered >= 3 && memcmp (self->buffer, "\xef\xbb\xbf", 3) == 0)
    for (int i = 0; i < 3; i++)
      take (self);
  detect_delimiter (self);
  return TRUE;
}

/* One record; the stream stands on its first byte. */
static gboolean
read_record (LkCsvReader *self, GPtrArray *fields, GCancellable *cancellable, GError **error)
{
  int c;

  while ((c = peek (self, cancellable, error)) >= 0)
    {
      if (c == '"' && self->text->len == 0)
        {
          take (self);
          if (!read_quoted (self, cancellable, error))
            return FALSE;
        }
      else if (c == self->delimiter)
        {
          if (!finish_field (self, fields, error))
            return FALSE;
          take (self);
        }
      else if (c == '\n' || c == '\r')
        break;
      else
        {
          take (self);
          g_string_append_c (self->text, (char) c);
        }
    }

  if (c == FAILED || !finish_field (self, fields, error))
    return FALSE;
  if (c >= 0)
    take_line_end (self, c, cancellable);
  return TRUE;
}

/**
 * lk_csv_reader_new:
 * @stream: the bytes
 * @name: what messages call them
 *
 * Returns: (transfer full): a reader
 */
LkCsvReader *
lk_csv_reader_new (GInputStream *stream, const char *name)
{
  LkCsvReader *self = g_new0 (LkCsvReader, 1);

  self->stream = g_object_ref (stream);
  self->name = g_strdup (name);
  self->line = 1;
  self->text = g_string_new (NULL);
  return self;
}

/**
 * lk_csv_reader_free:
 * @self: (transfer full) (nullable): a reader
 */
void
lk_csv_reader_free (LkCsvReader *self)
{
  if (self == NULL)
    return;

  g_object_unref (self->stream);
  g_free (self->name);
  g_string_free (self->text, TRUE);
  g_free (self);
}

/**
 * lk_csv_reader_next:
 * @self: a reader
 * @fields: (element-type utf8): emptied, then filled with the fields of the next record; it has
 *   g_free() for its elements
 * @at_end: (out): whether there was no record any more
 * @cancellable: (nullable): stops the reading
 * @error: return location
 *
 * Reads the next record.
 *
 * Returns: %FALSE on error: %LK_ERROR_ENCODING when it is not UTF-8, %LK_ERROR_INVALID when a quote
 *   is never closed, or as the stream fails
 */
gboolean
lk_csv_reader_next (LkCsvReader *self, GPtrArray *fields, gboolean *at_end,
                    GCancellable *cancellable, GError **error)
{
  int c;

  g_ptr_array_set_size (fields, 0);
  g_string_truncate (self->text, 0);
  *at_end = FALSE;
  if (self->delimiter == 0 && !begin_file (self, cancellable, error))
    return FALSE;

  while ((c = peek (self, cancellable, error)) == '\n' || c == '\r')
    take_line_end (self, c, cancellable);
  if (c == FAILED)
    return FALSE;

  self->record_line = self->line;
  *at_end = c == END_OF_FILE;
  return *at_end || read_record (self, fields, cancellable, error);
}

/**
 * lk_csv_reader_get_line:
 * @self: a reader
 *
 * Returns: the line, from 1, at which the last record began
 */
guint64
lk_csv_reader_get_line (LkCsvReader *self)
{
  return self->record_line;
}
