/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-text-compare"

#include "config.h"

#include "core/text-compare.h"

/*
 * How SQL Server's usual collations (case-insensitive, accent-sensitive) see text: letters are the
 * same in both cases, beyond ASCII too; an accent makes another letter that stands beside its base
 * letter; blanks at the end do not count. Order: blank, signs, digits, letters.
 *
 * A character has a first key (class and base letter) and a second one (the folded character).
 * Texts compare by all first keys, then by all second keys, so the order is total and transitive,
 * as a collation's must be.
 */

typedef enum
{
  CLASS_BLANK,
  CLASS_SIGN,
  CLASS_DIGIT,
  CLASS_LETTER,
} CharacterClass;

typedef struct
{
  guint32 first;
  guint32 second;
} Key;

typedef struct
{
  const char *cursor;
  const char *end;
} Reader;

/* No character beyond ASCII folds into ASCII (the Kelvin sign would), so that what ASCII-only
 * NOCASE finds equal and what this finds equal agree for an ASCII text. */
static gunichar
fold (gunichar c)
{
  gunichar lower;

  if (c < 128)
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;

  lower = g_unichar_tolower (c);
  return lower < 128 ? c : lower;
}

static Key
make_key (gunichar c)
{
  Key key;
  gunichar base;

  key.second = fold (c);
  base = key.second;

  if (base >= 'a' && base <= 'z')
    {
      key.first = CLASS_LETTER << 24 | base;
      return key;
    }

  if (base >= 128)
    {
      g_unichar_fully_decompose (key.second, FALSE, &base, 1);
      base = fold (base);
    }

  if (base <= ' ')
    key.first = CLASS_BLANK << 24 | base;
  else if (g_unichar_isdigit (base))
    key.first = CLASS_DIGIT << 24 | base;
  else if (g_unichar_isalpha (base))
    key.first = CLASS_LETTER << 24 | base;
  else
    key.first = CLASS_SIGN << 24 | base;

  return key;
}

/* The bytes may come from a database that somebody else wrote: what is not UTF-8 reads as U+FFFD.
 */
static gunichar
read_character (Reader *reader)
{
  guchar byte = *reader->cursor;
  gunichar c;

  if (byte < 128)
    {
      reader->cursor++;
      return byte;
    }

  c = g_utf8_get_char_validated (reader->cursor, reader->end - reader->cursor);
  if (c == (gunichar) -1 || c == (gunichar) -2)
    {
      reader->cursor++;
      return 0xFFFD;
    }

  reader->cursor = g_utf8_next_char (reader->cursor);
  return c;
}

static Key
read_key (Reader *reader)
{
  return make_key (reader->cursor < reader->end ? read_character (reader) : ' ');
}

static int
compare_numbers (guint32 a, guint32 b)
{
  return (a > b) - (a < b);
}

static int
compare_characters (gunichar a, gunichar b)
{
  Key key_a = make_key (a);
  Key key_b = make_key (b);

  if (key_a.first != key_b.first)
    return compare_numbers (key_a.first, key_b.first);

  return compare_numbers (key_a.second, key_b.second);
}

/**
 * lk_text_compare:
 * @a: (array length=a_length): UTF-8, not necessarily NUL-terminated
 * @a_length: its bytes
 * @b: (array length=b_length): UTF-8
 * @b_length: its bytes
 *
 * Compares as SQL Server's case-insensitive, accent-sensitive collations do; blanks at the end do
 * not count. Thread: any.
 *
 * Returns: negative, 0 or positive
 */
int
lk_text_compare (const char *a, gsize a_length, const char *b, gsize b_length)
{
  Reader reader_a = { a, a + a_length };
  Reader reader_b = { b, b + b_length };
  int second = 0;

  while (reader_a.cursor < reader_a.end || reader_b.cursor < reader_b.end)
    {
      Key key_a = read_key (&reader_a);
      Key key_b = read_key (&reader_b);

      if (key_a.first != key_b.first)
        return compare_numbers (key_a.first, key_b.first);
      if (second == 0)
        second = compare_numbers (key_a.second, key_b.second);
    }

  return second;
}

/**
 * lk_text_fold:
 * @text: (array length=length): UTF-8
 * @length: its bytes
 *
 * Makes of texts that lk_text_compare() finds equal one and the same text, without blanks at the
 * end. Thread: any.
 *
 * Returns: (transfer full): valid UTF-8
 */
char *
lk_text_fold (const char *text, gsize length)
{
  Reader reader = { text, text + length };
  GString *folded = g_string_sized_new (length);

  while (reader.cursor < reader.end)
    g_string_append_unichar (folded, fold (read_character (&reader)));

  while (folded->len > 0 && folded->str[folded->len - 1] == ' ')
    g_string_truncate (folded, folded->len - 1);

  return g_string_free (folded, FALSE);
}

/* How many bytes of the text the part covers, or -1. The lengths may differ: cases do in UTF-8. */
static gssize
match_at (const char *text, const char *end, const char *part, gsize part_length)
{
  Reader in_text = { text, end };
  Reader in_part = { part, part + part_length };

  while (in_part.cursor < in_part.end)
    {
      if (in_text.cursor >= in_text.end)
        return -1;
      if (fold (read_character (&in_text)) != fold (read_character (&in_part)))
        return -1;
    }

  return in_text.cursor - text;
}

/**
 * lk_text_find:
 * @text: (array length=text_length): UTF-8
 * @text_length: its bytes
 * @part: (array length=part_length): UTF-8 to look for; its case is ignored
 * @part_length: its bytes, 1 or more
 * @match_length: (out) (optional): the bytes of @text that matched
 *
 * Thread: any.
 *
 * Returns: the byte offset of the first match; -1 when there is none
 */
gssize
lk_text_find (const char *text, gsize text_length, const char *part, gsize part_length,
              gsize *match_length)
{
  Reader reader = { text, text + text_length };

  while (part_length > 0 && reader.cursor < reader.end)
    {
      const char *start = reader.cursor;
      gssize length = match_at (start, reader.end, part, part_length);

      if (length >= 0)
        {
          if (match_length != NULL)
            *match_length = length;
          return start - text;
        }

      read_character (&reader);
    }

  return -1;
}

/* One character of a set, past an escape character. */
static gunichar
read_set_character (Reader *pattern, gunichar escape)
{
  gunichar c = read_character (pattern);

  if (escape != 0 && c == escape && pattern->cursor < pattern->end)
    c = read_character (pattern);

  return c;
}

/* Reads `a-c]` or `^a-c]`, behind the opening bracket. A set without an end matches nothing. */
static gboolean
match_set (Reader *pattern, gunichar escape, gunichar c)
{
  gboolean negated = pattern->cursor < pattern->end && *pattern->cursor == '^';
  gboolean matched = FALSE;

  if (negated)
    pattern->cursor++;

  while (pattern->cursor < pattern->end && *pattern->cursor != ']')
    {
      gunichar low = read_set_character (pattern, escape);
      gunichar high = low;

      if (pattern->end - pattern->cursor >= 2 && pattern->cursor[0] == '-'
          && pattern->cursor[1] != ']')
        {
          pattern->cursor++;
          high = read_set_character (pattern, escape);
        }

      matched |= compare_characters (low, c) <= 0 && compare_characters (c, high) <= 0;
    }

  if (pattern->cursor >= pattern->end)
    return FALSE;

  pattern->cursor++;
  return matched != negated;
}

/* Matches one character of the text with one element of the pattern, which is not `%`. */
static gboolean
match_element (Reader *pattern, gunichar escape, gunichar c)
{
  gunichar element = read_character (pattern);

  if (escape != 0 && element == escape)
    {
      if (pattern->cursor >= pattern->end)
        return FALSE;
      return fold (read_character (pattern)) == fold (c);
    }

  if (element == '_')
    return TRUE;
  if (element == '[')
    return match_set (pattern, escape, c);

  return fold (element) == fold (c);
}

static gboolean
at_percent (const Reader *pattern, gunichar escape)
{
  return pattern->cursor < pattern->end && *pattern->cursor == '%' && escape != '%';
}

/**
 * lk_text_like:
 * @text: (array length=text_length): UTF-8
 * @text_length: its bytes
 * @pattern: (array length=pattern_length): with `%`, `_`, `[a-c]` and `[^a]` as in SQL Server
 * @pattern_length: its bytes
 * @escape: the character that takes the next one's meaning away, or 0 for none
 *
 * Case is ignored, blanks at the end count. Only the last `%` is ever tried again, so the time is
 * bounded by the product of the lengths. Thread: any.
 *
 * Returns: whether the whole text matches
 */
gboolean
lk_text_like (const char *text, gsize text_length, const char *pattern, gsize pattern_length,
              gunichar escape)
{
  Reader in_text = { text, text + text_length };
  Reader in_pattern = { pattern, pattern + pattern_length };
  Reader retry_text = { NULL, NULL };
  Reader retry_pattern = { NULL, NULL };

  for (;;)
    {
      if (at_percent (&in_pattern, escape))
        {
          in_pattern.cursor++;
          retry_pattern = in_pattern;
          retry_text = in_text;
          continue;
        }

      if (in_text.cursor >= in_text.end && in_pattern.cursor >= in_pattern.end)
        return TRUE;

      if (in_text.cursor < in_text.end && in_pattern.cursor < in_pattern.end
          && match_element (&in_pattern, escape, read_character (&in_text)))
        continue;

      if (retry_text.cursor == NULL || retry_text.cursor >= retry_text.end)
        return FALSE;

      read_character (&retry_text);
      in_text = retry_text;
      in_pattern = retry_pattern;
    }
}
