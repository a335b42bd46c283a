/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-license-parts"

#include "config.h"

#include "store/license-parts.h"
#include "store/license-value.h"

/* The columns that stand in another table than licenses. */
static const struct
{
  LkPart part;
  const char *column;
} elsewhere[] = {
  { LK_PART_CUSTOMER, "FullName" },
  { LK_PART_CUSTOMER, "Company" },
  { LK_PART_CUSTOMER, "Email" },
  { LK_PART_CUSTOMER, "Phone" },
  { LK_PART_CUSTOMER, "Address1" },
  { LK_PART_CUSTOMER, "Address2" },
  { LK_PART_CUSTOMER, "City" },
  { LK_PART_CUSTOMER, "State" },
  { LK_PART_CUSTOMER, "Zip" },
  { LK_PART_CUSTOMER, "Country" },
  { LK_PART_CUSTOMER, "IncludeInMailList" },
  { LK_PART_CUSTOMER, "PrivacyConsent" },
  { LK_PART_CUSTOMER, "Notes" },
  { LK_PART_PRODUCT, "ProductName" },
  { LK_PART_ORGANIZATION, "OrganizationName" },
  { LK_PART_AFFILIATE, "AffiliateName" },
  { LK_PART_ACTIVATION, "ComputerID" },
  { LK_PART_ACTIVATION, "ComputerName" },
  { LK_PART_ACTIVATION, "ComputerKey" },
  { LK_PART_ACTIVATION, "ComputerType" },
  { LK_PART_ACTIVATION, "IP_Address" },
  { LK_PART_ACTIVATION, "ClientVersion" },
  { LK_PART_ACTIVATION, "ActivationDate" },
  { LK_PART_ACTIVATION, "ReleaseDate" },
  { LK_PART_ACTIVATION, "LastAccessedDate" },
};

/**
 * lk_license_part_of_column:
 * @column: a column of qryLicenseInfo
 *
 * Returns: the table it stands in
 */
LkPart
lk_license_part_of_column (const char *column)
{
  for (gsize i = 0; i < G_N_ELEMENTS (elsewhere); i++)
    if (g_str_equal (elsewhere[i].column, column))
      return elsewhere[i].part;

  return LK_PART_LICENSE;
}

static gboolean
find_column (const LkLicenseParts *self, LkPart part, const char *column, guint *index)
{
  return g_ptr_array_find_with_equal_func (self->columns[part], column, g_str_equal, index);
}

/**
 * lk_license_parts_new:
 * @change: a change
 * @error: return location
 *
 * Checks the values of a change and sorts them by table. The LicenseID is left out: the database
 * gives it.
 *
 * Returns: (transfer full) (nullable): the parts; fails with %LK_ERROR_INVALID, %LK_ERROR_ENCODING
 */
LkLicenseParts *
lk_license_parts_new (const LkLicenseChange *change, GError **error)
{
  g_autoptr (LkLicenseParts) self = g_new0 (LkLicenseParts, 1);

  for (int part = 0; part < LK_N_PARTS; part++)
    {
      self->columns[part] = g_ptr_array_new ();
      self->values[part] = g_ptr_array_new_with_free_func (g_free);
    }

  for (guint i = 0; i < change->fields->len; i++)
    {
      const LkLicenseField *field = change->fields->pdata[i];
      g_autofree char *value = NULL;

      if (!lk_license_value_normalise (field, change->values->pdata[i], &value, error))
        return NULL;
      if (!g_str_equal (field->column, "LicenseID"))
        lk_license_parts_set (self, lk_license_part_of_column (field->column), field->column,
                              value);
    }
  return g_steal_pointer (&self);
}

/**
 * lk_license_parts_free:
 * @self: (transfer full) (nullable): parts
 */
void
lk_license_parts_free (LkLicenseParts *self)
{
  if (self == NULL)
    return;

  for (int part = 0; part < LK_N_PARTS; part++)
    {
      g_clear_pointer (&self->columns[part], g_ptr_array_unref);
      g_clear_pointer (&self->values[part], g_ptr_array_unref);
    }
  g_free (self);
}

/**
 * lk_license_parts_has:
 * @self: parts
 * @part: a table
 * @column: one of its columns
 *
 * Returns: whether the change sets the column, be it to absent
 */
gboolean
lk_license_parts_has (const LkLicenseParts *self, LkPart part, const char *column)
{
  return find_column (self, part, column, NULL);
}

/**
 * lk_license_parts_get:
 * @self: parts
 * @part: a table
 * @column: one of its columns
 *
 * Returns: (nullable): the value that the change sets; %NULL for absent or not set
 */
const char *
lk_license_parts_get (const LkLicenseParts *self, LkPart part, const char *column)
{
  guint index;

  return find_column (self, part, column, &index) ? self->values[part]->pdata[index] : NULL;
}

/**
 * lk_license_parts_set:
 * @self: parts
 * @part: a table
 * @column: one of its columns, a constant
 * @value: (nullable): its value
 *
 * Sets a column, in place of what was set before.
 */
void
lk_license_parts_set (LkLicenseParts *self, LkPart part, const char *column, const char *value)
{
  guint index;

  if (find_column (self, part, column, &index))
    {
      g_free (self->values[part]->pdata[index]);
      self->values[part]->pdata[index] = g_strdup (value);
      return;
    }
  g_ptr_array_add (self->columns[part], (gpointer) column);
  g_ptr_array_add (self->values[part], g_strdup (value));
}
