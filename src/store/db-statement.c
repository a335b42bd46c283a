/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-db-statement"

#include "config.h"

#include "store/db-driver.h"

/**
 * lk_statement_bind_null:
 * @self: a statement that is not running
 * @index: the parameter, from 1
 */
void
lk_statement_bind_null (LkStatement *self, int index)
{
  self->db->driver->bind_null (self, index);
}

/**
 * lk_statement_bind_int:
 * @self: a statement that is not running
 * @index: the parameter, from 1
 * @value: the value
 */
void
lk_statement_bind_int (LkStatement *self, int index, gint64 value)
{
  self->db->driver->bind_int (self, index, value);
}

/**
 * lk_statement_bind_real:
 * @self: a statement that is not running
 * @index: the parameter, from 1
 * @value: the value
 */
void
lk_statement_bind_real (LkStatement *self, int index, double value)
{
  self->db->driver->bind_real (self, index, value);
}

/**
 * lk_statement_bind_text:
 * @self: a statement that is not running
 * @index: the parameter, from 1
 * @value: (nullable): the text, which is copied; %NULL binds null
 */
void
lk_statement_bind_text (LkStatement *self, int index, const char *value)
{
  if (value == NULL)
    self->db->driver->bind_null (self, index);
  else
    self->db->driver->bind_text (self, index, value, LK_BINDING_COPY);
}

/**
 * lk_statement_borrow_text:
 * @self: a statement that is not running
 * @index: the parameter, from 1
 * @value: (nullable): the text, which outlives the caller's hold on @self; %NULL binds null
 *
 * As lk_statement_bind_text(), without a copy.
 */
void
lk_statement_borrow_text (LkStatement *self, int index, const char *value)
{
  if (value == NULL)
    self->db->driver->bind_null (self, index);
  else
    self->db->driver->bind_text (self, index, value, LK_BINDING_BORROW);
}

/**
 * lk_statement_bind_bytes:
 * @self: a statement that is not running
 * @index: the parameter, from 1
 * @value: (nullable): the bytes, which are copied; %NULL binds null
 */
void
lk_statement_bind_bytes (LkStatement *self, int index, GBytes *value)
{
  if (value == NULL)
    self->db->driver->bind_null (self, index);
  else
    self->db->driver->bind_bytes (self, index, value, LK_BINDING_COPY);
}

/**
 * lk_statement_borrow_bytes:
 * @self: a statement that is not running
 * @index: the parameter, from 1
 * @value: (nullable): the bytes, which outlive the caller's hold on @self; %NULL binds null
 *
 * As lk_statement_bind_bytes(), without a copy.
 */
void
lk_statement_borrow_bytes (LkStatement *self, int index, GBytes *value)
{
  if (value == NULL)
    self->db->driver->bind_null (self, index);
  else
    self->db->driver->bind_bytes (self, index, value, LK_BINDING_BORROW);
}

/**
 * lk_statement_step:
 * @self: a statement
 * @error: return location
 *
 * Goes on to the next row. What could not be bound is reported here, too.
 *
 * Returns: %LK_STEP_ROW, %LK_STEP_DONE, or %LK_STEP_ERROR with @error set
 */
LkStep
lk_statement_step (LkStatement *self, GError **error)
{
  /* The driver looks at the clock while a statement runs: to do it for each row costs as much as
   * the row. */
  if (lk_db_is_cancelled (self->db) && !lk_db_check_stopped (self->db, error))
    return LK_STEP_ERROR;

  return self->db->driver->step (self, error);
}

/**
 * lk_statement_reset:
 * @self: a statement
 *
 * Makes it ready to run again; what was bound stays bound.
 */
void
lk_statement_reset (LkStatement *self)
{
  self->db->driver->rewind (self);
}

/**
 * lk_statement_run:
 * @self: a statement
 * @error: return location
 *
 * Runs it to its end, whatever rows it gives, and makes it ready to run again.
 *
 * Returns: whether it ran
 */
gboolean
lk_statement_run (LkStatement *self, GError **error)
{
  LkStep step;

  do
    step = lk_statement_step (self, error);
  while (step == LK_STEP_ROW);

  lk_statement_reset (self);
  return step == LK_STEP_DONE;
}

/**
 * lk_statement_is_null:
 * @self: a statement on a row
 * @column: from 0
 *
 * Returns: whether the value is absent
 */
gboolean
lk_statement_is_null (LkStatement *self, int column)
{
  return self->db->driver->is_null (self, column);
}

/**
 * lk_statement_get_int:
 * @self: a statement on a row
 * @column: from 0
 *
 * Returns: the value; 0 when it is absent
 */
gint64
lk_statement_get_int (LkStatement *self, int column)
{
  return self->db->driver->get_int (self, column);
}

/**
 * lk_statement_get_text:
 * @self: a statement on a row
 * @column: from 0
 *
 * Returns: (nullable): the text, until the next step; %NULL when it is absent
 */
const char *
lk_statement_get_text (LkStatement *self, int column)
{
  return self->db->driver->get_text (self, column);
}

/**
 * lk_statement_dup_text:
 * @self: a statement on a row
 * @column: from 0
 *
 * Returns: (transfer full) (nullable): a copy of the text; %NULL when it is absent
 */
char *
lk_statement_dup_text (LkStatement *self, int column)
{
  return g_strdup (lk_statement_get_text (self, column));
}

/**
 * lk_statement_dup_bytes:
 * @self: a statement on a row
 * @column: from 0
 *
 * Returns: (transfer full) (nullable): a copy of the bytes; %NULL when the value is absent
 */
GBytes *
lk_statement_dup_bytes (LkStatement *self, int column)
{
  return self->db->driver->dup_bytes (self, column);
}
