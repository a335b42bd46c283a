/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-trouble"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "engine/trouble.h"

struct _LkTrouble
{
  GObject parent_instance;

  char *message; /* NULL while all is well */
};

G_DEFINE_FINAL_TYPE (LkTrouble, lk_trouble, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_message (LkTrouble *self, char *message)
{
  if (g_strcmp0 (self->message, message) == 0)
    {
      g_free (message);
      return;
    }

  g_free (self->message);
  self->message = message;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
lk_trouble_finalize (GObject *object)
{
  g_free (LK_TROUBLE (object)->message);

  G_OBJECT_CLASS (lk_trouble_parent_class)->finalize (object);
}

static void
lk_trouble_class_init (LkTroubleClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lk_trouble_finalize;

  signals[CHANGED] = g_signal_new ("changed", LK_TYPE_TROUBLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
lk_trouble_init (LkTrouble *self)
{
}

/**
 * lk_trouble_new:
 *
 * Returns: (transfer full): no trouble
 */
LkTrouble *
lk_trouble_new (void)
{
  return g_object_new (LK_TYPE_TROUBLE, NULL);
}

/**
 * lk_trouble_note_error:
 * @self: the trouble
 * @error: why something could not be written
 * @now: the time
 *
 * A database that is only locked is tried again soon and without a word.
 *
 * Returns: when to try again
 */
LkInstant
lk_trouble_note_error (LkTrouble *self, const GError *error, LkInstant now)
{
  g_return_val_if_fail (LK_IS_TROUBLE (self), now);
  g_return_val_if_fail (error != NULL, now);

  if (g_error_matches (error, LK_ERROR, LK_ERROR_BUSY))
    return now + LK_TROUBLE_BUSY_RETRY;

  /* Its remedy is in @error. */
  set_message (self, g_strdup_printf (_ ("nothing is sent, because the workspace cannot be "
                                         "written: %s"),
                                      error->message));

  return now + LK_TROUBLE_RETRY;
}

/**
 * lk_trouble_note_success:
 * @self: the trouble
 *
 * Tells that the workspace was written.
 */
void
lk_trouble_note_success (LkTrouble *self)
{
  g_return_if_fail (LK_IS_TROUBLE (self));

  set_message (self, NULL);
}

/**
 * lk_trouble_get_message:
 * @self: the trouble
 *
 * Returns: (nullable): thing, reason and remedy; %NULL while all is well
 */
const char *
lk_trouble_get_message (LkTrouble *self)
{
  g_return_val_if_fail (LK_IS_TROUBLE (self), NULL);

  return self->message;
}
