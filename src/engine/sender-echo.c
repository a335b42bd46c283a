/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a receiver repeats of what it was sent. Many do while they are set up: they answer with the
 * headers of the request. */

#define G_LOG_DOMAIN "lk-sender"

#include "config.h"

#include <string.h>

#include "engine/sender-private.h"

/* A shorter value would be found in words that have nothing to do with it. */
#define MIN_LENGTH 8
#define LEFT_OUT   "(left out)"

/* Signatures, and headers that a task adds, for which only their author knows which are secret. */
static gboolean
is_kept_to_us (const char *name)
{
  return g_ascii_strcasecmp (name, "X-QLM-Signature") == 0
         || g_ascii_strcasecmp (name, "webhook-signature") == 0
         || (!lk_sender_is_reserved (name) && g_ascii_strcasecmp (name, "User-Agent") != 0);
}

static void
leave_out_value (GString *text, const char *value, gsize length)
{
  g_autofree char *copy = NULL;
  const char *at, *end, *found;

  at = copy = g_memdup2 (text->str, text->len);
  end = at + text->len;
  g_string_truncate (text, 0);
  while ((found = memmem (at, (gsize) (end - at), value, length)) != NULL)
    {
      g_string_append_len (text, at, found - at);
      g_string_append (text, LEFT_OUT);
      at = found + length;
    }
  g_string_append_len (text, at, end - at);
}

static gboolean
repeats (const GString *text, const char *word, gsize length)
{
  return length >= MIN_LENGTH && length <= text->len
         && memmem (text->str, text->len, word, length) != NULL;
}

/* A value may hold several: two signatures, or the kind of a key and the key. */
static void
leave_out_header (GString *text, const char *name, const char *value)
{
  gsize length;

  for (const char *word = value; *word != '\0'; word += length + strspn (word + length, " "))
    {
      length = strcspn (word, " ");
      if (repeats (text, word, length) && is_kept_to_us (name))
        leave_out_value (text, word, length);
    }
}

static void
leave_out (SoupMessage *message, GString *text)
{
  SoupMessageHeadersIter iter;
  const char *name, *value;

  soup_message_headers_iter_init (&iter, soup_message_get_request_headers (message));
  while (text->len >= MIN_LENGTH && soup_message_headers_iter_next (&iter, &name, &value))
    leave_out_header (text, name, value);
}

/**
 * lk_sender_leave_out:
 * @message: a message that was answered
 * @text: (transfer full): a part of the answer
 *
 * Returns: (transfer full): the same without the signatures and keys that were sent
 */
char *
lk_sender_leave_out (SoupMessage *message, char *text)
{
  GString *rest;

  if (strlen (text) < MIN_LENGTH)
    return text;

  rest = g_string_new (text);
  g_free (text);
  leave_out (message, rest);

  return g_string_free (rest, FALSE);
}

/**
 * lk_sender_leave_out_bytes:
 * @message: a message that was answered
 * @bytes: the body of the answer
 *
 * Returns: (transfer full): the same without the signatures and keys that were sent
 */
GBytes *
lk_sender_leave_out_bytes (SoupMessage *message, const GByteArray *bytes)
{
  GString *rest = g_string_new_len ((const char *) bytes->data, bytes->len);

  leave_out (message, rest);

  return g_string_free_to_bytes (rest);
}
