/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-search"

#include "config.h"

#include "core/search.h"

/**
 * lk_search_new:
 *
 * Returns: (transfer full): a search without a name that finds nothing yet; every text is ""
 */
LkSearch *
lk_search_new (void)
{
  LkSearch *self = g_new0 (LkSearch, 1);

  self->name = g_strdup ("");
  self->tooltip = g_strdup ("");
  self->group = g_strdup ("");
  self->sql = g_strdup ("");
  self->distinct_field = g_strdup ("");
  self->unique_id_field = g_strdup ("");

  return self;
}

/**
 * lk_search_copy:
 * @self: a search
 *
 * Returns: (transfer full): a deep copy
 */
LkSearch *
lk_search_copy (const LkSearch *self)
{
  LkSearch *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->name = g_strdup (self->name);
  copy->tooltip = g_strdup (self->tooltip);
  copy->group = g_strdup (self->group);
  copy->sql = g_strdup (self->sql);
  copy->distinct_field = g_strdup (self->distinct_field);
  copy->unique_id_field = g_strdup (self->unique_id_field);

  return copy;
}

/**
 * lk_search_free:
 * @self: (nullable) (transfer full): a search
 */
void
lk_search_free (LkSearch *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->tooltip);
  g_free (self->group);
  g_free (self->sql);
  g_free (self->distinct_field);
  g_free (self->unique_id_field);
  g_free (self);
}

/**
 * lk_search_equal:
 * @a: a search
 * @b: another one
 *
 * Compares what a person edits: everything but the id and the version.
 *
 * Returns: whether both say the same
 */
gboolean
lk_search_equal (const LkSearch *a, const LkSearch *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return g_strcmp0 (a->name, b->name) == 0 && g_strcmp0 (a->tooltip, b->tooltip) == 0
         && g_strcmp0 (a->group, b->group) == 0 && !a->favourite == !b->favourite
         && a->position == b->position && g_strcmp0 (a->sql, b->sql) == 0
         && g_strcmp0 (a->distinct_field, b->distinct_field) == 0
         && g_strcmp0 (a->unique_id_field, b->unique_id_field) == 0;
}
