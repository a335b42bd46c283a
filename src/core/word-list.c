/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-word-list"

#include "config.h"

#include "core/word-list.h"

/**
 * lk_word_list_get:
 * @words: (array length=n_words): the word of each value of an enumeration that counts from 0
 * @n_words: how many there are
 * @value: a value of the enumeration
 *
 * Enumerations are stored and shown to programs as lower-case words.
 *
 * Returns: the word
 */
const char *
lk_word_list_get (const char *const *words, gsize n_words, int value)
{
  g_return_val_if_fail (value >= 0 && (gsize) value < n_words, "");

  return words[value];
}

/**
 * lk_word_list_find:
 * @words: (array length=n_words): the word of each value of an enumeration that counts from 0
 * @n_words: how many there are
 * @text: (nullable): a word; its case does not matter
 * @value: (out): the value; unchanged when there is no such word
 *
 * Returns: whether @text is one of the words
 */
gboolean
lk_word_list_find (const char *const *words, gsize n_words, const char *text, int *value)
{
  g_return_val_if_fail (value != NULL, FALSE);

  for (gsize i = 0; text != NULL && i < n_words; i++)
    if (g_ascii_strcasecmp (words[i], text) == 0)
      {
        *value = (int) i;
        return TRUE;
      }

  return FALSE;
}
