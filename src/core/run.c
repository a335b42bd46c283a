/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-run"

#include "config.h"

#include "core/run.h"
#include "core/word-list.h"

/* A run is far above its usual size when it matches more than this many times what the largest of
 * the last runs did, and more than a handful: from 2 to 7 is nothing to look at. */
#define UNUSUAL_FACTOR  3
#define UNUSUAL_MINIMUM 20

static const char *const kind_words[] = {
  [LK_RUN_SCHEDULED] = "scheduled",
  [LK_RUN_MANUAL] = "manual",
};

static const char *const state_words[] = {
  [LK_RUN_REQUESTED] = "requested",
  [LK_RUN_RUNNING] = "running",
  [LK_RUN_FINISHED] = "finished",
  [LK_RUN_FAILED] = "failed",
};

/**
 * lk_run_new:
 *
 * Returns: (transfer full): a run that nobody asked for yet: all counts and times are 0, every
 *   text is ""
 */
LkRun *
lk_run_new (void)
{
  LkRun *self = g_new0 (LkRun, 1);

  self->task_name = g_strdup ("");
  self->error = g_strdup ("");

  return self;
}

/**
 * lk_run_copy:
 * @self: a run
 *
 * Returns: (transfer full): a deep copy
 */
LkRun *
lk_run_copy (const LkRun *self)
{
  LkRun *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->task_name = g_strdup (self->task_name);
  copy->error = g_strdup (self->error);

  return copy;
}

/**
 * lk_run_free:
 * @self: (nullable) (transfer full): a run
 */
void
lk_run_free (LkRun *self)
{
  if (self == NULL)
    return;

  g_free (self->task_name);
  g_free (self->error);
  g_free (self);
}

/**
 * lk_run_is_unusual:
 * @usual: the most that one of the last %LK_RUN_USUAL_RUNS finished runs of the task matched
 * @matched: what this run matches
 *
 * The one definition of "far above its usual size", for which a task with LkTask.hold_unusual holds
 * what a run has to send. The first run of a task has no usual size and is held as such.
 *
 * Returns: whether a person should look before anything is sent
 */
gboolean
lk_run_is_unusual (gint64 usual, gint64 matched)
{
  return matched > UNUSUAL_MINIMUM && matched > usual * UNUSUAL_FACTOR;
}

/**
 * lk_run_state_to_string:
 * @state: a state
 *
 * Returns: its word in the database and in JSON
 */
const char *
lk_run_state_to_string (LkRunState state)
{
  return lk_word_list_get (state_words, G_N_ELEMENTS (state_words), (int) state);
}

/**
 * lk_run_kind_to_string:
 * @kind: a kind
 *
 * Returns: its word in the database and in JSON
 */
const char *
lk_run_kind_to_string (LkRunKind kind)
{
  return lk_word_list_get (kind_words, G_N_ELEMENTS (kind_words), (int) kind);
}

/**
 * lk_run_state_from_string:
 * @text: (nullable): the word of a state
 * @state: (out): the state; unchanged when there is none of that name
 *
 * Returns: whether there is such a state
 */
gboolean
lk_run_state_from_string (const char *text, LkRunState *state)
{
  int value;

  if (!lk_word_list_find (state_words, G_N_ELEMENTS (state_words), text, &value))
    return FALSE;

  *state = (LkRunState) value;
  return TRUE;
}

/**
 * lk_run_kind_from_string:
 * @text: (nullable): the word of a kind
 * @kind: (out): the kind; unchanged when there is none of that name
 *
 * Returns: whether there is such a kind
 */
gboolean
lk_run_kind_from_string (const char *text, LkRunKind *kind)
{
  int value;

  if (!lk_word_list_find (kind_words, G_N_ELEMENTS (kind_words), text, &value))
    return FALSE;

  *kind = (LkRunKind) value;
  return TRUE;
}
