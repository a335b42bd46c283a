/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/clause-private.h"

#define LEFT_SINGLE     0x2018
#define RIGHT_SINGLE    0x2019
#define LOW_SINGLE      0x201A
#define LEFT_DOUBLE     0x201C
#define RIGHT_DOUBLE    0x201D
#define LOW_DOUBLE      0x201E
#define NO_WIDTH_BLANK  0x200B
#define WORD_JOINER     0x2060
#define BYTE_ORDER_MARK 0xFEFF
#define MINUS           0x2212
#define FIRST_DASH      0x2010
#define LAST_DASH       0x2015

/* Two characters first. A sign that stands here without being SQL Server's has an entry in
 * refused_signs. */
static const char *const signs[] = { "<>", "!=", "<=", ">=", "(", ")", ",", ".", "=", "<",
                                     ">",  "+",  "-",  "*",  "/", "%", "&", "|", NULL };

static const struct
{
  const char *sign;
  const char *message;
  const char *replacement;
} refused_signs[] = {
  { "--", N_ ("comments are not allowed in a search; remove the text behind --"), NULL },
  { "/*", N_ ("comments are not allowed in a search; remove /* and what follows"), NULL },
  { "*/", N_ ("comments are not allowed in a search; remove */"), NULL },
  { "==", N_ ("two equal signs; write one"), "=" },
  { "=<", N_ ("write <= for “at most”"), "<=" },
  { "=>", N_ ("write >= for “at least”"), ">=" },
  { "!<", N_ ("write >= for “not less than”"), ">=" },
  { "!>", N_ ("write <= for “not greater than”"), "<=" },
  { "||", N_ ("write + between texts"), "+" },
  { ";", N_ ("a search is one condition; remove the semicolon"), "" },
  { "?", N_ ("parameters are not allowed in a search; write the value itself"), NULL },
  { "@", N_ ("parameters are not allowed in a search; write the value itself"), NULL },
  { ":", N_ ("parameters are not allowed in a search; write the value itself"), NULL },
  { "$", N_ ("parameters are not allowed in a search; write the value itself"), NULL },
  { "`", N_ ("names do not stand between backticks; write [Name]"), NULL },
  { "{", N_ ("escapes such as {ts '…'} are not allowed; write the date between quotes alone"),
    NULL },
  { "^", N_ ("the operator ^ is not supported in a search"), NULL },
  { "~", N_ ("the operator ~ is not supported in a search; write NOT"), NULL },
  { "\\", N_ ("write / between whole numbers for a division without a rest"), "/" },
  { "!", N_ ("write NOT or <> for “not”, and a dot between a table and a column"), NULL },
  { "]", N_ ("there is no [ before this ]"), NULL },
};

static gunichar
character_at (const LkClauseParser *self, gsize offset)
{
  return offset < self->length ? g_utf8_get_char (self->text + offset) : 0;
}

static gsize
next_offset (const LkClauseParser *self, gsize offset)
{
  return g_utf8_next_char (self->text + offset) - self->text;
}

static gboolean
is_blank (gunichar c)
{
  return g_unichar_isspace (c) || c == NO_WIDTH_BLANK || c == WORD_JOINER || c == BYTE_ORDER_MARK;
}

static gboolean
is_word_start (gunichar c)
{
  return c == '_' || g_unichar_isalpha (c);
}

static gboolean
is_word_part (gunichar c)
{
  return c == '_' || g_unichar_isalnum (c);
}

static void
add_token (LkClauseParser *self, LkTokenKind kind, gsize start, gsize end, const char *text,
           gssize length)
{
  LkToken token = { kind, start, end, g_string_chunk_insert_len (self->strings, text, length) };

  g_array_append_val (self->tokens, token);
}

static gboolean
is_closing_quote (gunichar opening, gunichar c)
{
  switch (opening)
    {
    case LEFT_SINGLE:
    case RIGHT_SINGLE:
    case LOW_SINGLE:
      return c == LEFT_SINGLE || c == RIGHT_SINGLE;
    case LEFT_DOUBLE:
    case RIGHT_DOUBLE:
    case LOW_DOUBLE:
      return c == LEFT_DOUBLE || c == RIGHT_DOUBLE;
    case '[':
      return c == ']';
    default:
      return c == opening;
    }
}

/* Between typographic quotes a straight one tells that the two kinds are mixed: where the text
 * ends is then anybody's guess. */
static gboolean
is_stray_quote (gunichar opening, gunichar c)
{
  return (opening == LEFT_SINGLE || opening == RIGHT_SINGLE || opening == LOW_SINGLE)
             ? c == '\''
             : (opening == LEFT_DOUBLE || opening == RIGHT_DOUBLE || opening == LOW_DOUBLE)
                   && c == '"';
}

/* Reads what stands between quotes or brackets; a doubled closing one stands for itself. Returns
 * the offset behind it, or 0. */
static gsize
read_quoted (LkClauseParser *self, gsize start, GString *content)
{
  gunichar opening = character_at (self, start);
  gsize offset = next_offset (self, start);

  while (offset < self->length)
    {
      gunichar c = character_at (self, offset);
      gsize next = next_offset (self, offset);

      if (is_stray_quote (opening, c))
        {
          lk_clause_error (self, offset, next,
                           _ ("straight and typographic quotes are mixed; use ' on both sides"));
          return 0;
        }

      if (is_closing_quote (opening, c))
        {
          if (opening == '#' || !is_closing_quote (opening, character_at (self, next)))
            return next;
          next = next_offset (self, next);
        }

      g_string_append_unichar (content, c);
      offset = next;
    }

  lk_clause_error (self, start, next_offset (self, start),
                   _ ("what begins here has no end; add the closing quote or bracket"));
  return 0;
}

static gsize
read_quoted_token (LkClauseParser *self, gsize start, gsize quote, LkTokenKind kind)
{
  g_autoptr (GString) content = g_string_new (NULL);
  gsize end = read_quoted (self, quote, content);

  if (end > 0)
    add_token (self, kind, start, end, content->str, content->len);

  return end;
}

static gsize
read_word (LkClauseParser *self, gsize start)
{
  gsize end = start;

  while (end < self->length && is_word_part (character_at (self, end)))
    end = next_offset (self, end);

  add_token (self, LK_TOKEN_WORD, start, end, self->text + start, end - start);
  return end;
}

static gsize
skip_digits (const LkClauseParser *self, gsize offset)
{
  while (offset < self->length && g_ascii_isdigit (self->text[offset]))
    offset++;

  return offset;
}

static gsize
read_exponent (const LkClauseParser *self, gsize offset)
{
  gsize digits = offset + 1;

  if (offset >= self->length || (self->text[offset] != 'e' && self->text[offset] != 'E'))
    return offset;
  if (digits < self->length && (self->text[digits] == '+' || self->text[digits] == '-'))
    digits++;

  return skip_digits (self, digits) > digits ? skip_digits (self, digits) : offset;
}

static gsize
read_number (LkClauseParser *self, gsize start)
{
  gsize end = skip_digits (self, start);
  LkTokenKind kind = LK_TOKEN_INTEGER;

  if (end < self->length && self->text[end] == '.')
    {
      kind = LK_TOKEN_REAL;
      end = skip_digits (self, end + 1);
    }
  if (read_exponent (self, end) != end)
    {
      kind = LK_TOKEN_REAL;
      end = read_exponent (self, end);
    }

  if (is_word_start (character_at (self, end)))
    {
      lk_clause_error (self, start, next_offset (self, end),
                       _ ("a number runs into a letter; put a blank between them, or quotes around "
                          "a text"));
      return 0;
    }

  add_token (self, kind, start, end, self->text + start, end - start);
  return end;
}

static gsize
refuse_character (LkClauseParser *self, gsize start)
{
  gunichar c = character_at (self, start);
  gsize end = next_offset (self, start);

  if (c == MINUS || (c >= FIRST_DASH && c <= LAST_DASH))
    lk_clause_add_problem (self, LK_SEVERITY_ERROR, start, end,
                           g_strdup (_ ("this dash is not a minus sign; type - instead")),
                           g_strdup ("-"));
  else
    lk_clause_error (self, start, end, _ ("this character has no meaning in a search; remove it"));

  return 0;
}

static gsize
read_sign (LkClauseParser *self, gsize start)
{
  const char *text = self->text + start;

  for (gsize i = 0; i < G_N_ELEMENTS (refused_signs); i++)
    {
      gsize length = strlen (refused_signs[i].sign);

      if (self->length - start >= length && strncmp (text, refused_signs[i].sign, length) == 0
          && !(length == 1 && self->length - start >= 2 && strncmp (text, "!=", 2) == 0))
        {
          lk_clause_add_problem (self, LK_SEVERITY_ERROR, start, start + length,
                                 g_strdup (_ (refused_signs[i].message)),
                                 g_strdup (refused_signs[i].replacement));
          return 0;
        }
    }

  for (gsize i = 0; signs[i] != NULL; i++)
    {
      gsize length = strlen (signs[i]);

      if (self->length - start >= length && strncmp (text, signs[i], length) == 0)
        {
          add_token (self, LK_TOKEN_SIGN, start, start + length, signs[i], length);
          return start + length;
        }
    }

  return refuse_character (self, start);
}

static LkTokenKind
quote_kind (gunichar c)
{
  switch (c)
    {
    case '\'':
    case LEFT_SINGLE:
    case RIGHT_SINGLE:
    case LOW_SINGLE:
      return LK_TOKEN_TEXT;
    case '"':
    case LEFT_DOUBLE:
    case RIGHT_DOUBLE:
    case LOW_DOUBLE:
      return LK_TOKEN_DOUBLE_QUOTED;
    case '[':
      return LK_TOKEN_BRACKET;
    case '#':
      return LK_TOKEN_DATE;
    default:
      return LK_TOKEN_END;
    }
}

/* Returns the offset behind the token, or 0 after a mistake. */
static gsize
read_token (LkClauseParser *self, gsize start)
{
  gunichar c = character_at (self, start);
  gunichar next = character_at (self, next_offset (self, start));

  if (quote_kind (c) != LK_TOKEN_END)
    return read_quoted_token (self, start, start, quote_kind (c));
  if ((c == 'N' || c == 'n') && quote_kind (next) == LK_TOKEN_TEXT)
    return read_quoted_token (self, start, start + 1, LK_TOKEN_TEXT);
  if (is_word_start (c))
    return read_word (self, start);
  if ((c < 128 && g_ascii_isdigit (c)) || (c == '.' && next < 128 && g_ascii_isdigit (next)))
    return read_number (self, start);

  return read_sign (self, start);
}

static gboolean
check_bytes (LkClauseParser *self)
{
  const char *invalid;

  if (self->length > LK_CLAUSE_MAX_BYTES)
    {
      lk_clause_error (self, LK_CLAUSE_MAX_BYTES, self->length,
                       _ ("the search is longer than %d bytes; shorten it"), LK_CLAUSE_MAX_BYTES);
      return FALSE;
    }

  if (memchr (self->text, '\0', self->length) != NULL
      || !g_utf8_validate (self->text, self->length, &invalid))
    {
      gsize offset = 0;

      g_utf8_validate (self->text, self->length, &invalid);
      offset = invalid - self->text;
      lk_clause_error (self, offset, offset + 1,
                       _ ("the text is not valid UTF-8 here; type the character again"));
      return FALSE;
    }

  return TRUE;
}

/* Splits the text. Stops at the first mistake, for which a problem is added. */
gboolean
lk_clause_tokenize (LkClauseParser *self)
{
  gsize offset = 0;

  if (!check_bytes (self))
    return FALSE;

  while (offset < self->length)
    {
      if (is_blank (character_at (self, offset)))
        {
          offset = next_offset (self, offset);
          continue;
        }

      offset = read_token (self, offset);
      if (offset == 0)
        return FALSE;
    }

  add_token (self, LK_TOKEN_END, self->length, self->length, "", 0);
  return TRUE;
}
