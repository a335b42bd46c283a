/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkMacroContext:
 * @now: the moment macros are relative to, in the task's zone: the due instant of a run, the
 *   present for the grid
 * @date: what `[date]` means: the task's last run, or its creation; (nullable) outside of a task,
 *   where `[date]` means @now
 *
 * The same context always expands alike.
 */
typedef struct
{
  GDateTime *now;
  GDateTime *date;
} LkMacroContext;

/**
 * LkMacro:
 * @name: such as `today_start`
 * @summary: translatable: what it stands for
 */
typedef struct
{
  const char *name;
  const char *summary;
} LkMacro;

extern const LkMacro lk_macros[];
extern const gsize lk_n_macros;

LkMacroContext *lk_macro_context_new (GDateTime *now, GDateTime *date);
void lk_macro_context_free (LkMacroContext *self);
const LkMacro *lk_macro_find (const char *text, const char **rest);
char *lk_macro_expand (const char *text, const LkMacroContext *context, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkMacroContext, lk_macro_context_free)

G_END_DECLS
