/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-secret-file"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "agent/secret-file.h"
#include "store/task-secret.h"
#include "core/error.h"
#include "core/signature.h"

#define MAX_BYTES 4096 /* a longer file is not a secret but a mistake */

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static int
open_source (const char *path, GError **error)
{
  int fd = g_str_equal (path, "-") ? dup (STDIN_FILENO) : g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0)
    g_set_error (error, LK_ERROR, LK_ERROR_FAILED, _ ("cannot read the secret from “%s”: %s"), path,
                 g_strerror (errno));

  return fd;
}

static gssize
read_up_to (int fd, char *buffer, gsize size)
{
  gsize length = 0;

  while (length < size)
    {
      gssize n = read (fd, buffer + length, size - length);

      if (n == 0)
        break;
      if (n > 0)
        length += (gsize) n;
      else if (errno != EINTR)
        return -1;
    }

  return (gssize) length;
}

static void
strip_line_end (char *text, gsize length)
{
  if (length > 0 && text[length - 1] == '\n')
    text[--length] = '\0';
  if (length > 0 && text[length - 1] == '\r')
    text[--length] = '\0';
}

/* The mark that some editors put before UTF-8. Nobody sees it, and no receiver would have it. */
static const char *
skip_mark (const char *text)
{
  return g_str_has_prefix (text, BYTE_ORDER_MARK) ? text + strlen (BYTE_ORDER_MARK) : text;
}

static gboolean
check_bytes (const char *path, const char *bytes, gssize length, GError **error)
{
  if (length < 0)
    g_set_error (error, LK_ERROR, LK_ERROR_FAILED, _ ("cannot read the secret from “%s”: %s"), path,
                 g_strerror (errno));
  else if (length > MAX_BYTES)
    g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                 _ ("“%s” has more than %d bytes: name the file that holds nothing but the secret"),
                 path, MAX_BYTES);
  else if (memchr (bytes, '\0', (gsize) length) != NULL)
    g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                 _ ("“%s” holds a zero byte: name the file that holds nothing but the secret"),
                 path);
  else
    return TRUE;

  return FALSE;
}

/**
 * lk_secret_file_read:
 * @path: a file; `-` for stdin
 * @error: %LK_ERROR_FAILED when it cannot be read, %LK_ERROR_INVALID when it holds no secret
 *
 * Reads the secret of a task. It comes from a file and never from the command line, where every
 * process of the machine could read it. A byte order mark at its start and one line end at its end
 * do not belong to it.
 *
 * Returns: (transfer full): the secret, to be wiped by lk_secret_free()
 */
char *
lk_secret_file_read (const char *path, GError **error)
{
  char buffer[MAX_BYTES + 2] = "";
  char *secret = NULL;
  gssize length;
  int fd = open_source (path, error);

  if (fd < 0)
    return NULL;

  length = read_up_to (fd, buffer, MAX_BYTES + 1);
  if (check_bytes (path, buffer, length, error))
    {
      strip_line_end (buffer, (gsize) length);
      if (lk_secret_check (skip_mark (buffer), error))
        secret = g_strdup (skip_mark (buffer));
    }

  explicit_bzero (buffer, sizeof buffer);
  close (fd);
  return secret;
}
