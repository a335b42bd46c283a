/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-license-query"

#include "config.h"

#include "store/license-server.h"

/**
 * lk_license_query_new:
 * @clause: (transfer none): a valid condition
 *
 * Returns: (transfer full): a query for all licenses that match, ordered by LicenseID
 */
LkLicenseQuery *
lk_license_query_new (LkClause *clause)
{
  LkLicenseQuery *self = g_new0 (LkLicenseQuery, 1);

  g_return_val_if_fail (clause != NULL, NULL);

  self->clause = lk_clause_ref (clause);
  return self;
}

/**
 * lk_license_query_copy:
 * @self: a query
 *
 * Returns: (transfer full): a copy
 */
LkLicenseQuery *
lk_license_query_copy (const LkLicenseQuery *self)
{
  LkLicenseQuery *copy = lk_license_query_new (self->clause);

  copy->order_by = self->order_by;
  copy->descending = self->descending;
  copy->distinct_field = self->distinct_field;
  copy->unique_id_field = self->unique_id_field;
  copy->only_license_id = self->only_license_id;
  return copy;
}

/**
 * lk_license_query_free:
 * @self: (transfer full) (nullable): a query
 */
void
lk_license_query_free (LkLicenseQuery *self)
{
  if (self == NULL)
    return;

  lk_clause_unref (self->clause);
  g_free (self);
}

/**
 * lk_license_change_new:
 * @license_id: the license to change; 0 to create one
 *
 * Returns: (transfer full): a change that sets nothing yet
 */
LkLicenseChange *
lk_license_change_new (gint64 license_id)
{
  LkLicenseChange *self = g_new0 (LkLicenseChange, 1);

  self->license_id = license_id;
  self->expected_version = -1;
  self->fields = g_ptr_array_new ();
  self->values = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * lk_license_change_set:
 * @self: a change
 * @field: a field with a column
 * @value: (nullable): its text; %NULL or "" for absent
 *
 * Adds a value to the change; an earlier one of the same field is replaced.
 */
void
lk_license_change_set (LkLicenseChange *self, const LkLicenseField *field, const char *value)
{
  guint index;

  g_return_if_fail (field != NULL && field->column != NULL);

  if (g_ptr_array_find (self->fields, field, &index))
    {
      g_free (self->values->pdata[index]);
      self->values->pdata[index] = g_strdup (value);
      return;
    }
  g_ptr_array_add (self->fields, (gpointer) field);
  g_ptr_array_add (self->values, g_strdup (value));
}

/**
 * lk_license_change_free:
 * @self: (transfer full) (nullable): a change
 */
void
lk_license_change_free (LkLicenseChange *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->fields);
  g_ptr_array_unref (self->values);
  g_free (self);
}
