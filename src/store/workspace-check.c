/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-workspace-check"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "store/delivery-store.h"
#include "store/workspace-check.h"

/* Damage is what the check looks for and so a finding; any other error ends it. */
static gboolean
check_integrity (LkDb *db, GPtrArray *problems, GError **error)
{
  g_autoptr (GError) finding = NULL;

  if (lk_db_check_integrity (db, &finding))
    return TRUE;

  if (!g_error_matches (finding, LK_ERROR, LK_ERROR_CORRUPT))
    {
      g_propagate_error (error, g_steal_pointer (&finding));
      return FALSE;
    }

  g_ptr_array_add (problems, g_strdup_printf (_ ("workspace: %s"), finding->message));
  return TRUE;
}

/**
 * lk_workspace_check:
 * @db: the workspace
 * @error: why it could not be read
 *
 * Verifies that the file is sound and that every delivery is accounted for
 * (lk_delivery_store_check()).
 *
 * Thread: a pool thread.
 *
 * Returns: (transfer full) (element-type utf8): a sentence for each violation
 */
GPtrArray *
lk_workspace_check (LkDb *db, GError **error)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) lost = NULL;

  if (!check_integrity (db, problems, error))
    return NULL;

  lost = lk_delivery_store_check (db, error);
  if (lost == NULL)
    return NULL;

  for (guint i = 0; i < lost->len; i++)
    g_ptr_array_add (problems, g_strdup (g_ptr_array_index (lost, i)));

  return g_steal_pointer (&problems);
}

/**
 * lk_workspace_check_writable:
 * @db: the workspace, in a transaction
 * @error: %LK_ERROR_READ_ONLY, %LK_ERROR_FULL, %LK_ERROR_BUSY or %LK_ERROR_IO when it is not
 *
 * Finds out whether the workspace can be written, by a statement that changes nothing: beginning a
 * transaction does not fail on a file that can only be read.
 *
 * Thread: a pool thread, inside of a write job.
 *
 * Returns: whether it can be written
 */
gboolean
lk_workspace_check_writable (LkDb *db, GError **error)
{
  return lk_db_execute (db, "UPDATE lease SET epoch = epoch WHERE id = 0", error);
}
