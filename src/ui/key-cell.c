/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-key-cell"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/key-cell.h"

struct _LkKeyCell
{
  LkTextCell parent_instance;

  const LkLicenseField *field;
  LkLicenseRow *row;
  gulong license_handler;
};

G_DEFINE_FINAL_TYPE (LkKeyCell, lk_key_cell, LK_TYPE_TEXT_CELL)

static const char *
format_value (const LkLicenseField *field, const char *value)
{
  if (value == NULL)
    return "";
  if (field->kind == LK_FIELD_FLAG)
    return g_str_equal (value, "0") ? "" : _ ("Yes");

  return value;
}

static void
update_text (LkKeyCell *self)
{
  LkLicense *license = lk_license_row_get_license (self->row);
  const char *text =
      license != NULL ? format_value (self->field, lk_license_get (license, self->field)) : "…";

  lk_text_cell_set_text (LK_TEXT_CELL (self), text);
}

static void
license_changed_cb (LkLicenseRow *row, GParamSpec *pspec, LkKeyCell *self)
{
  g_assert (LK_IS_KEY_CELL (self));

  update_text (self);
}

static void
lk_key_cell_dispose (GObject *object)
{
  lk_key_cell_clear (LK_KEY_CELL (object));

  G_OBJECT_CLASS (lk_key_cell_parent_class)->dispose (object);
}

static void
lk_key_cell_class_init (LkKeyCellClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_key_cell_dispose;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "key-cell");
}

static void
lk_key_cell_init (LkKeyCell *self)
{
}

/**
 * lk_key_cell_new:
 * @field: the value it shows
 *
 * Returns: (transfer floating): an empty cell
 */
GtkWidget *
lk_key_cell_new (const LkLicenseField *field)
{
  LkKeyCell *self = g_object_new (LK_TYPE_KEY_CELL, NULL);

  self->field = field;
  lk_text_cell_set_look (LK_TEXT_CELL (self), field->kind == LK_FIELD_INTEGER,
                         field->kind != LK_FIELD_TEXT, 0);

  return GTK_WIDGET (self);
}

/**
 * lk_key_cell_show:
 * @self: a cell
 * @row: the row to show, now or as soon as it is read
 * @position: its place in the grid
 */
void
lk_key_cell_show (LkKeyCell *self, LkLicenseRow *row, guint position)
{
  g_return_if_fail (LK_IS_KEY_CELL (self) && LK_IS_LICENSE_ROW (row));

  lk_key_cell_clear (self);
  self->row = g_object_ref (row);
  lk_text_cell_set_position (LK_TEXT_CELL (self), position);
  self->license_handler =
      g_signal_connect (row, "notify::license", G_CALLBACK (license_changed_cb), self);
  update_text (self);
}

/**
 * lk_key_cell_clear:
 * @self: a cell
 *
 * Lets go of the row it shows.
 */
void
lk_key_cell_clear (LkKeyCell *self)
{
  g_return_if_fail (LK_IS_KEY_CELL (self));

  if (self->row != NULL)
    g_clear_signal_handler (&self->license_handler, self->row);
  g_clear_object (&self->row);
  lk_text_cell_set_position (LK_TEXT_CELL (self), GTK_INVALID_LIST_POSITION);
}

/**
 * lk_key_cell_get_row:
 * @self: a cell
 *
 * Returns: (transfer none) (nullable): the row it shows
 */
LkLicenseRow *
lk_key_cell_get_row (LkKeyCell *self)
{
  g_return_val_if_fail (LK_IS_KEY_CELL (self), NULL);

  return self->row;
}

/**
 * lk_key_cell_get_field:
 * @self: a cell
 *
 * Returns: the value it shows
 */
const LkLicenseField *
lk_key_cell_get_field (LkKeyCell *self)
{
  g_return_val_if_fail (LK_IS_KEY_CELL (self), NULL);

  return self->field;
}
