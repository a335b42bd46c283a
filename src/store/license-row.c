/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-license-row"

#include "config.h"

#include "store/license-row.h"

struct _LkLicenseRow
{
  GObject parent_instance;

  gint64 license_id;
  LkLicense *license; /* (nullable): until its page was read */
};

enum
{
  PROP_LICENSE = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_TYPE (LkLicenseRow, lk_license_row, G_TYPE_OBJECT)

static void
lk_license_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  LkLicenseRow *self = LK_LICENSE_ROW (object);

  if (id == PROP_LICENSE)
    g_value_set_pointer (value, self->license);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
lk_license_row_finalize (GObject *object)
{
  LkLicenseRow *self = LK_LICENSE_ROW (object);

  g_clear_pointer (&self->license, lk_license_unref);

  G_OBJECT_CLASS (lk_license_row_parent_class)->finalize (object);
}

static void
lk_license_row_class_init (LkLicenseRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lk_license_row_get_property;
  object_class->finalize = lk_license_row_finalize;

  /**
   * LkLicenseRow:license:
   *
   * The #LkLicense of the row; %NULL until its page was read.
   */
  properties[PROP_LICENSE] = g_param_spec_pointer (
      "license", NULL, NULL, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lk_license_row_init (LkLicenseRow *self)
{
}

/* (transfer full) */
LkLicenseRow *
lk_license_row_new (gint64 license_id)
{
  LkLicenseRow *self = g_object_new (LK_TYPE_LICENSE_ROW, NULL);

  self->license_id = license_id;
  return self;
}

/* @license: (nullable): %NULL while it is being read */
void
lk_license_row_fill (LkLicenseRow *self, gint64 license_id, LkLicense *license)
{
  self->license_id = license_id;
  if (self->license == license)
    return;

  g_clear_pointer (&self->license, lk_license_unref);
  if (license != NULL)
    self->license = lk_license_ref (license);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LICENSE]);
}

/**
 * lk_license_row_get_license_id:
 * @self: a row
 *
 * Returns: the LicenseID
 */
gint64
lk_license_row_get_license_id (LkLicenseRow *self)
{
  g_return_val_if_fail (LK_IS_LICENSE_ROW (self), 0);

  return self->license_id;
}

/**
 * lk_license_row_get_license:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the license; %NULL until its page was read
 */
LkLicense *
lk_license_row_get_license (LkLicenseRow *self)
{
  g_return_val_if_fail (LK_IS_LICENSE_ROW (self), NULL);

  return self->license;
}
