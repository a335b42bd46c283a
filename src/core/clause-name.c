/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-clause"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "core/clause-private.h"

#define MAX_NAME_LENGTH 40 /* longer words are not worth a suggestion */

/* Words that would make something else than a condition, and what to say about them. */
static const struct
{
  const char *words; /* between blanks */
  const char *message;
} explained_words[] = {
  { " where ", N_ ("a search is the condition alone; remove WHERE") },
  { " select ",
    N_ ("a search is the condition alone; write only what stands behind WHERE. A sub-query "
        "stands between parentheses") },
  { " from having group order by limit offset fetch into ",
    N_ ("a search is the condition alone; sort and group in the grid") },
  { " union intersect except ", N_ ("a search is one condition; join two with OR or AND") },
  { " insert update delete drop create alter truncate merge exec execute pragma attach detach "
    "vacuum begin commit rollback grant revoke declare set use go values analyze reindex explain "
    "waitfor shutdown backup restore with ",
    N_ ("this would be a statement; a search is a condition that only reads") },
  { " join inner outer cross apply ",
    N_ ("a search reads qryLicenseInfo alone, where the customer and the product are columns") },
  /* xgettext:no-c-format */
  { " glob regexp match rlike ilike ", N_ ("use LIKE with the wildcards % and _") },
  /* xgettext:no-c-format */
  { " mod ", N_ ("write % for the rest of a division") },
  { " div ", N_ ("write / for a division of whole numbers") },
  { " xor eqv imp ", N_ ("write it with AND, OR and NOT") },
  { " any some all ", N_ ("write IN (SELECT …), or compare with MIN or MAX in a sub-query") },
  { " yes no on off ", N_ ("write 1 for yes and 0 for no, or True and False") },
  { " over window partition ", N_ ("window functions are not supported in a search") },
};

static const char keywords[] =
    " and or not in like is null between exists case when then else end as asc desc distinct top "
    "escape collate select from where group by order having union true false ";

static gboolean
contains_word (const char *list, const char *word)
{
  g_autofree char *lower = g_ascii_strdown (word, -1);
  g_autofree char *pattern = g_strdup_printf (" %s ", lower);

  return strchr (lower, ' ') == NULL && strstr (list, pattern) != NULL;
}

/* Damerau-Levenshtein distance (optimal string alignment), case ignored, of two short words. */
static guint
measure_distance (const char *a, const char *b)
{
  guint rows[3][MAX_NAME_LENGTH + 1];
  gsize a_length = strlen (a);
  gsize b_length = strlen (b);

  for (gsize j = 0; j <= b_length; j++)
    rows[0][j] = j;

  for (gsize i = 1; i <= a_length; i++)
    {
      guint *row = rows[i % 3];
      const guint *above = rows[(i + 2) % 3];
      const guint *two_above = rows[(i + 1) % 3];

      row[0] = i;
      for (gsize j = 1; j <= b_length; j++)
        {
          gboolean same = g_ascii_tolower (a[i - 1]) == g_ascii_tolower (b[j - 1]);

          row[j] = MIN (MIN (above[j] + 1, row[j - 1] + 1), above[j - 1] + (same ? 0 : 1));
          if (i > 1 && j > 1 && g_ascii_tolower (a[i - 1]) == g_ascii_tolower (b[j - 2])
              && g_ascii_tolower (a[i - 2]) == g_ascii_tolower (b[j - 1]))
            row[j] = MIN (row[j], two_above[j - 2] + 1);
        }
    }

  return rows[a_length % 3][b_length];
}

static void
consider (const char *word, const char *candidate, const char **best, guint *best_distance)
{
  guint distance;

  if (candidate == NULL || strlen (candidate) > MAX_NAME_LENGTH)
    return;

  distance = measure_distance (word, candidate);
  if (distance < *best_distance)
    {
      *best = candidate;
      *best_distance = distance;
    }
}

static guint
largest_distance (const char *word)
{
  return MAX (strlen (word) / 3, 1) + 1;
}

/* The candidate that is nearest to a word, or NULL when none is near: a third of the letters may
 * differ. The candidates end with NULL. */
const char *
lk_name_suggest (const char *word, const char *const *candidates)
{
  guint best_distance = largest_distance (word);
  const char *best = NULL;

  if (strlen (word) > MAX_NAME_LENGTH)
    return NULL;

  for (gsize i = 0; candidates[i] != NULL; i++)
    consider (word, candidates[i], &best, &best_distance);

  return best;
}

const char *
lk_clause_suggest_column (const char *word)
{
  guint best_distance = largest_distance (word);
  const char *best = NULL;

  if (strlen (word) > MAX_NAME_LENGTH)
    return NULL;

  for (gsize i = 0; i < lk_license_n_fields; i++)
    {
      if (lk_license_fields[i].column == NULL)
        continue;
      consider (word, lk_license_fields[i].column, &best, &best_distance);
      consider (word, lk_license_fields[i].alias, &best, &best_distance);
    }

  return best;
}

/* A column or a macro. */
const char *
lk_clause_suggest_bracket (const char *word)
{
  const char *column = lk_clause_suggest_column (word);
  guint best_distance = largest_distance (word);
  const char *best = NULL;

  if (strlen (word) > MAX_NAME_LENGTH)
    return NULL;

  if (column != NULL)
    consider (word, column, &best, &best_distance);
  for (gsize i = 0; i < lk_n_macros; i++)
    consider (word, lk_macros[i].name, &best, &best_distance);

  return best;
}

/* What to say about a word of SQL that has no place in a search; translated, or NULL. */
const char *
lk_clause_explain_word (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (explained_words); i++)
    {
      if (contains_word (explained_words[i].words, word))
        return _ (explained_words[i].message);
    }

  return NULL;
}

gboolean
lk_clause_is_keyword (const char *word)
{
  return contains_word (keywords, word);
}
