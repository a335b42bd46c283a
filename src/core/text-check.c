/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-text-check"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/text-check.h"

static gboolean
has_control_character (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return TRUE;

  return FALSE;
}

/**
 * lk_text_check:
 * @text: text as it was given
 * @error: %LK_ERROR_ENCODING when it is not UTF-8
 *
 * Returns: whether @text is valid UTF-8
 */
gboolean
lk_text_check (const char *text, GError **error)
{
  const char *end;

  g_return_val_if_fail (text != NULL, FALSE);

  if (g_utf8_validate (text, -1, &end))
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_ENCODING,
               _ ("text is not valid UTF-8 at byte %zu: save it as UTF-8"),
               (gsize) (end - text) + 1);
  return FALSE;
}

/**
 * lk_text_check_name:
 * @name: the name of a search, task or server as it was given
 * @error: %LK_ERROR_INVALID or %LK_ERROR_ENCODING when it is no good
 *
 * A name is on one line, not blank, and at most %LK_NAME_MAX_CHARACTERS characters long.
 *
 * Returns: whether it can be used
 */
gboolean
lk_text_check_name (const char *name, GError **error)
{
  if (!lk_text_check (name, error))
    return FALSE;

  if (lk_text_is_blank (name))
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID, _ ("the name is blank: type one"));
      return FALSE;
    }

  if (has_control_character (name))
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("the name has a line break or another control character: remove it"));
      return FALSE;
    }

  if (g_utf8_strlen (name, -1) > LK_NAME_MAX_CHARACTERS)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("the name has more than %d characters: shorten it"), LK_NAME_MAX_CHARACTERS);
      return FALSE;
    }

  return TRUE;
}

/**
 * lk_text_check_free_name:
 * @name: a name as it was given
 * @taken_names: (array zero-terminated=1) (nullable): the names of the others
 * @error: what lk_text_check_name() says, or %LK_ERROR_EXISTS
 *
 * Returns: whether @name can be used and is nobody else's
 */
gboolean
lk_text_check_free_name (const char *name, const char *const *taken_names, GError **error)
{
  if (!lk_text_check_name (name, error))
    return FALSE;

  for (gsize i = 0; taken_names != NULL && taken_names[i] != NULL; i++)
    if (lk_text_same_name (name, taken_names[i]))
      {
        g_set_error (error, LK_ERROR, LK_ERROR_EXISTS,
                     _ ("the name “%s” is taken: choose another one"), taken_names[i]);
        return FALSE;
      }

  return TRUE;
}

/**
 * lk_text_is_blank:
 * @text: (nullable): valid UTF-8
 *
 * Returns: whether there is nothing but white space in @text
 */
gboolean
lk_text_is_blank (const char *text)
{
  for (const char *p = text; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isspace (g_utf8_get_char (p)))
      return FALSE;

  return TRUE;
}

/**
 * lk_text_same_name:
 * @a: a name, valid UTF-8
 * @b: another one, valid UTF-8
 *
 * Names are unique without regard to the case of any letter and to white space around them.
 *
 * Returns: whether both are one name
 */
gboolean
lk_text_same_name (const char *a, const char *b)
{
  g_autofree char *folded_a = g_strstrip (g_utf8_casefold (a, -1));
  g_autofree char *folded_b = g_strstrip (g_utf8_casefold (b, -1));

  return g_str_equal (folded_a, folded_b);
}
