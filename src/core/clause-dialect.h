/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkClauseWordKind:
 *
 * What a word of the dialect is, for the icon of a completion.
 */
typedef enum
{
  LK_CLAUSE_WORD_FUNCTION,
  LK_CLAUSE_WORD_KEYWORD,
} LkClauseWordKind;

/**
 * LkClauseWord:
 * @name: such as `DATEADD`
 * @kind: function or keyword
 * @usage: how it is written, such as `DATEADD (day, 5, date)`
 * @summary: translatable: what it does, in one line
 *
 * A word that a search may use, for completion in the editor. Columns are in lk_license_fields and
 * macros in lk_macros.
 */
typedef struct
{
  const char *name;
  LkClauseWordKind kind;
  const char *usage;
  const char *summary;
} LkClauseWord;

extern const LkClauseWord lk_clause_words[];
extern const gsize lk_clause_n_words;

const char *lk_dialect_get_remedy (const char *function);

G_END_DECLS
