/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-filter"

#include "config.h"

#include <string.h>

#include "store/delivery-filter.h"

static gboolean
is_same_text (const char *a, const char *b)
{
  return g_strcmp0 (a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/**
 * lk_delivery_filter_copy:
 * @self: a filter
 *
 * Returns: (transfer full): a copy
 */
LkDeliveryFilter *
lk_delivery_filter_copy (const LkDeliveryFilter *self)
{
  LkDeliveryFilter *copy = g_memdup2 (self, sizeof *self);

  copy->task_name = g_strdup (self->task_name);
  copy->error_class = g_strdup (self->error_class);
  copy->text = g_strdup (self->text);

  return copy;
}

/**
 * lk_delivery_filter_free:
 * @self: (nullable) (transfer full): a filter
 */
void
lk_delivery_filter_free (LkDeliveryFilter *self)
{
  if (self == NULL)
    return;

  g_free (self->task_name);
  g_free (self->error_class);
  g_free (self->text);
  g_free (self);
}

/**
 * lk_delivery_filter_equal:
 * @a: a filter
 * @b: another one
 *
 * Returns: whether they show the same
 */
gboolean
lk_delivery_filter_equal (const LkDeliveryFilter *a, const LkDeliveryFilter *b)
{
  return a->state == b->state && a->task_id == b->task_id && a->run_id == b->run_id
         && a->status == b->status && a->since == b->since && a->before_id == b->before_id
         && a->limit == b->limit && is_same_text (a->task_name, b->task_name)
         && is_same_text (a->error_class, b->error_class) && is_same_text (a->text, b->text);
}

/**
 * lk_delivery_filter_has_text:
 * @self: a filter
 *
 * Returns: whether it looks for a text that is not blank
 */
gboolean
lk_delivery_filter_has_text (const LkDeliveryFilter *self)
{
  return self->text != NULL && self->text[strspn (self->text, " \t\n")] != '\0';
}
