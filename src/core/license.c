/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-license"

#include "config.h"

#include <string.h>

#include "core/license.h"

/* A license of the grid costs one block of memory: this head, a pointer per field, the texts. */
struct _LkLicense
{
  gatomicrefcount ref_count;
  gint64 id;
  const char *values[];
};

static gboolean
is_kept (const char *const *values, gsize i)
{
  return lk_license_fields[i].column != NULL && values[i] != NULL;
}

/**
 * lk_license_new:
 * @id: the LicenseID; 0 for a license that is in no database
 * @values: (array) (element-type utf8) (nullable): one value per entry of lk_license_fields, in
 *   that order and lk_license_n_fields long; %NULL where the value is absent. What stands at an
 *   entry without a column is ignored. The texts are copied
 *
 * Returns: (transfer full): a license
 */
LkLicense *
lk_license_new (gint64 id, const char *const *values)
{
  gsize head = sizeof (LkLicense) + lk_license_n_fields * sizeof (char *);
  gsize size = head;
  LkLicense *self;
  char *end;

  for (gsize i = 0; values != NULL && i < lk_license_n_fields; i++)
    if (is_kept (values, i))
      size += strlen (values[i]) + 1;

  self = g_malloc (size);
  memset (self, 0, head);
  g_atomic_ref_count_init (&self->ref_count);
  self->id = id;

  end = (char *) self + head;
  for (gsize i = 0; values != NULL && i < lk_license_n_fields; i++)
    if (is_kept (values, i))
      {
        self->values[i] = end;
        end = g_stpcpy (end, values[i]) + 1;
      }

  return self;
}

/**
 * lk_license_new_named:
 * @id: the LicenseID; 0 for a license that is in no database
 * @names_and_values: (array zero-terminated=1): a column name, its value, a column name, its value
 *   and so on
 *
 * Makes a license of which only some values are present.
 *
 * Returns: (transfer full): a license
 */
LkLicense *
lk_license_new_named (gint64 id, const char *const *names_and_values)
{
  g_autofree const char **values = g_new0 (const char *, lk_license_n_fields);

  g_return_val_if_fail (names_and_values != NULL, NULL);

  for (gsize i = 0; names_and_values[i] != NULL; i += 2)
    {
      const LkLicenseField *field = lk_license_field_find (names_and_values[i]);

      g_return_val_if_fail (field != NULL && names_and_values[i + 1] != NULL, NULL);
      values[lk_license_field_index (field)] = names_and_values[i + 1];
    }

  return lk_license_new (id, values);
}

/**
 * lk_license_new_sample:
 *
 * Makes the license that "Send Test" sends when no other was chosen. It belongs to nobody.
 *
 * Returns: (transfer full): a license without an id
 */
LkLicense *
lk_license_new_sample (void)
{
  /* clang-format off: one pair per line */
  static const char *const names_and_values[] = {
    "ActivationKey",
    "BNQ50D0500G3HJKM8P91111KIYQJIVSIQ6E9EAB",
    "FullName",
    "John Smith",
    "Country",
    "US",
    "Email",
    "john@acme.test",
    "SubscriptionDuration",
    "30",
    "SubscriptionExpiryDate",
    "2021-05-29 23:59:59",
    "MaintenanceRenewalDate",
    "2022-04-29 23:59:59",
    "EnabledFeatures",
    "STD,PRO,",
    "OrderID",
    "SO-0009812",
    "ReceiptID",
    "SO-0009813",
    "LicenseModel",
    "trial",
    "ProductID",
    "1",
    "MajorVersion",
    "1",
    "MinorVersion",
    "0",
    "NumLicenses",
    "1",
    "FloatingSeats",
    "0",
    "UserData1",
    "My User Data",
    "Comment",
    "My Comments",
    "AvailableLicenses",
    "1",
    "OrderDate",
    "2021-04-29 16:39:49",
    "ProductName",
    "Demo",
    "OrganizationID",
    "6",
    NULL,
  };
  /* clang-format on */

  return lk_license_new_named (0, names_and_values);
}

/**
 * lk_license_ref:
 * @self: a license
 *
 * Returns: (transfer full): @self
 */
LkLicense *
lk_license_ref (LkLicense *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * lk_license_unref:
 * @self: (transfer full): a license
 */
void
lk_license_unref (LkLicense *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

/**
 * lk_license_get_id:
 * @self: a license
 *
 * Returns: the LicenseID; 0 when it is in no database
 */
gint64
lk_license_get_id (const LkLicense *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->id;
}

/**
 * lk_license_get:
 * @self: a license
 * @field: an entry of lk_license_fields
 *
 * Returns: (nullable): the value as the database has it; %NULL when it is absent
 */
const char *
lk_license_get (const LkLicense *self, const LkLicenseField *field)
{
  g_return_val_if_fail (self != NULL && field != NULL, NULL);

  return self->values[lk_license_field_index (field)];
}

/**
 * lk_license_get_named:
 * @self: a license
 * @name: the name of a column or its alias
 *
 * Returns: (nullable): the value as the database has it; %NULL when it is absent or when there is
 *   no such column
 */
const char *
lk_license_get_named (const LkLicense *self, const char *name)
{
  const LkLicenseField *field = lk_license_field_find (name);

  return field != NULL ? lk_license_get (self, field) : NULL;
}
