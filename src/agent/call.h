/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "agent/output.h"
#include "core/clock.h"
#include "store/workspace.h"

G_BEGIN_DECLS

/**
 * LkCall:
 *
 * One command line: its options and arguments, the output, and the workspace once a command asked
 * for it. Made by main(), handed to the command.
 *
 * Thread: the main thread.
 */
typedef struct _LkCall LkCall;

/* An option with a value, which may be given more than once, and one without. The values are taken
 * as bytes, not in the locale's encoding: a unit that runs in the C locale must find a task whose
 * name has an umlaut. */
#define LK_OPTION(name, value, summary)                                                            \
  {                                                                                                \
    name, 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer) lk_call_note_option,        \
        summary, value                                                                             \
  }
#define LK_FLAG(name, summary)                                                                     \
  {                                                                                                \
    name, 0, G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, (gpointer) lk_call_note_option, summary, \
        NULL                                                                                       \
  }
#define LK_OPTIONS_END                                                                             \
  {                                                                                                \
    NULL                                                                                           \
  }

LkCall *lk_call_new (void);
void lk_call_free (LkCall *self);

gboolean lk_call_note_option (const char *name, const char *value, gpointer call, GError **error);
const GOptionEntry *lk_call_get_common_options (void);
gboolean lk_call_take_arguments (LkCall *self, char **arguments, guint min, guint max,
                                 GError **error);

gboolean lk_call_has (LkCall *self, const char *option);
const char *lk_call_get (LkCall *self, const char *option);
const char *const *lk_call_get_all (LkCall *self, const char *option);
gboolean lk_call_get_number (LkCall *self, const char *option, gint64 min, gint64 max,
                             gint64 *number, GError **error);
gboolean lk_call_get_switch (LkCall *self, const char *option, gboolean *on, GError **error);
gboolean lk_call_get_instant (LkCall *self, const char *option, LkInstant *instant, GError **error);
const char *lk_call_get_argument (LkCall *self, guint position);
gboolean lk_call_wants_json (LkCall *self);
LkOutput *lk_call_get_output (LkCall *self);

void lk_call_report (LkCall *self, const char *kind, const char *name, const char *sentence);

char *lk_call_dup_folder (LkCall *self);
LkClock *lk_call_get_clock (LkCall *self);
LkWorkspace *lk_call_open (LkCall *self, GError **error);
gpointer lk_call_read (LkCall *self, LkDbJobFunc job, gpointer data, GError **error);
gpointer lk_call_write (LkCall *self, LkDbJobFunc job, gpointer data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkCall, lk_call_free)

G_END_DECLS
