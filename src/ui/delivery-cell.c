/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-cell"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/delivery-cell.h"
#include "ui/delivery-text.h"
#include "ui/time-text.h"
#include "ui/ui-init.h"

struct _LkDeliveryCell
{
  LkTextCell parent_instance;

  GtkImage *icon; /* of the state column; NULL in others */
  LkDeliveryColumn column;
  LkDeliveryItem *item;
  gulong handler;
  LkClock *clock;
};

G_DEFINE_FINAL_TYPE (LkDeliveryCell, lk_delivery_cell, LK_TYPE_TEXT_CELL)

#define ICON_SIZE  16 /* pixels */
#define ICON_SPACE 6

static const struct
{
  const char *title;
  int width; /* pixels */
  gboolean is_number;
} columns[LK_N_DELIVERY_COLUMNS] = {
  [LK_DELIVERY_COLUMN_STATE] = { NC_ ("delivery column", "State"), 148, FALSE },
  [LK_DELIVERY_COLUMN_TASK] = { NC_ ("delivery column", "Task"), 150, FALSE },
  [LK_DELIVERY_COLUMN_CUSTOMER] = { NC_ ("delivery column", "Customer"), 150, FALSE },
  [LK_DELIVERY_COLUMN_STATUS] = { NC_ ("delivery column", "Status"), 72, TRUE },
  [LK_DELIVERY_COLUMN_ATTEMPTS] = { NC_ ("delivery column", "Attempts"), 90, TRUE },
  [LK_DELIVERY_COLUMN_NEXT_TRY] = { NC_ ("delivery column", "Next Try"), 156, FALSE },
  [LK_DELIVERY_COLUMN_CAUSE] = { NC_ ("delivery column", "Explanation"), 320, FALSE },
  [LK_DELIVERY_COLUMN_TIME] = { NC_ ("delivery column", "Time"), 120, FALSE },
  [LK_DELIVERY_COLUMN_LATENCY] = { NC_ ("delivery column", "Latency"), 80, TRUE },
  [LK_DELIVERY_COLUMN_LICENSE] = { NC_ ("delivery column", "License"), 160, FALSE },
};

static const char *const icon_names[LK_N_DELIVERY_STATES] = {
  [LK_DELIVERY_QUEUED] = "lk-state-queued-symbolic",
  [LK_DELIVERY_SENDING] = "lk-state-sending-symbolic",
  [LK_DELIVERY_RETRY_WAIT] = "lk-state-retry-symbolic",
  [LK_DELIVERY_HELD] = "lk-state-held-symbolic",
  [LK_DELIVERY_DELIVERED] = "lk-state-delivered-symbolic",
  [LK_DELIVERY_EXHAUSTED] = "lk-state-exhausted-symbolic",
  [LK_DELIVERY_DROPPED] = "lk-state-dropped-symbolic",
};

static const char *const state_classes[LK_N_DELIVERY_STATES] = {
  [LK_DELIVERY_RETRY_WAIT] = "warning",
  [LK_DELIVERY_HELD] = "warning",
  [LK_DELIVERY_DELIVERED] = "success",
  [LK_DELIVERY_EXHAUSTED] = "error",
};

static void
update (LkDeliveryCell *self)
{
  const LkDelivery *delivery = lk_delivery_item_get (self->item);
  g_autofree char *text =
      lk_delivery_column_format (self->column, delivery, lk_clock_now (self->clock));

  lk_text_cell_set_text (LK_TEXT_CELL (self), text);
  if (self->icon != NULL)
    lk_delivery_show_icon (delivery, self->icon);
}

static void
delivery_changed_cb (LkDeliveryItem *item, GParamSpec *pspec, LkDeliveryCell *self)
{
  g_assert (LK_IS_DELIVERY_CELL (self));

  update (self);
}

static void
lk_delivery_cell_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LkDeliveryCell *self = LK_DELIVERY_CELL (widget);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkAllocation place = { is_rtl ? width - ICON_SIZE : 0, (height - ICON_SIZE) / 2, ICON_SIZE,
                          ICON_SIZE };

  if (self->icon == NULL)
    return;

  /* GTK wants a widget measured before it gets its place. */
  gtk_widget_measure (GTK_WIDGET (self->icon), GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL,
                      NULL);
  gtk_widget_size_allocate (GTK_WIDGET (self->icon), &place, -1);
}

static void
lk_delivery_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LkDeliveryCell *self = LK_DELIVERY_CELL (widget);

  if (self->icon != NULL)
    gtk_widget_snapshot_child (widget, GTK_WIDGET (self->icon), snapshot);
  GTK_WIDGET_CLASS (lk_delivery_cell_parent_class)->snapshot (widget, snapshot);
}

/* Lets go of the line it shows. */
static void
clear (LkDeliveryCell *self)
{
  if (self->item != NULL)
    g_clear_signal_handler (&self->handler, self->item);
  g_clear_object (&self->item);
  lk_text_cell_set_position (LK_TEXT_CELL (self), GTK_INVALID_LIST_POSITION);
  g_clear_object (&self->clock);
}

static void
lk_delivery_cell_dispose (GObject *object)
{
  LkDeliveryCell *self = LK_DELIVERY_CELL (object);

  clear (self);
  lk_widget_unparent_children (GTK_WIDGET (self));

  G_OBJECT_CLASS (lk_delivery_cell_parent_class)->dispose (object);
}

static void
lk_delivery_cell_class_init (LkDeliveryCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_delivery_cell_dispose;
  widget_class->size_allocate = lk_delivery_cell_size_allocate;
  widget_class->snapshot = lk_delivery_cell_snapshot;
  gtk_widget_class_set_css_name (widget_class, "delivery-cell");
}

static void
lk_delivery_cell_init (LkDeliveryCell *self)
{
}

static GtkWidget *
new_cell (LkDeliveryColumn column)
{
  LkDeliveryCell *self = g_object_new (LK_TYPE_DELIVERY_CELL, NULL);

  self->column = column;
  if (column == LK_DELIVERY_COLUMN_STATE)
    {
      self->icon = GTK_IMAGE (gtk_image_new ());
      gtk_widget_set_parent (GTK_WIDGET (self->icon), GTK_WIDGET (self));
    }
  lk_text_cell_set_look (LK_TEXT_CELL (self), columns[column].is_number, TRUE,
                         self->icon != NULL ? ICON_SIZE + ICON_SPACE : 0);

  return GTK_WIDGET (self);
}

static void
show (LkDeliveryCell *self, LkDeliveryItem *item, guint position, LkClock *clock)
{
  clear (self);
  self->item = g_object_ref (item);
  lk_text_cell_set_position (LK_TEXT_CELL (self), position);
  self->clock = g_object_ref (clock);
  self->handler =
      g_signal_connect (item, "notify::delivery", G_CALLBACK (delivery_changed_cb), self);
  update (self);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  gtk_list_item_set_child (item, new_cell ((LkDeliveryColumn) GPOINTER_TO_INT (user_data)));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, LkClock *clock)
{
  show (LK_DELIVERY_CELL (gtk_list_item_get_child (item)), gtk_list_item_get_item (item),
        gtk_list_item_get_position (item), clock);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  clear (LK_DELIVERY_CELL (gtk_list_item_get_child (item)));
}

/**
 * lk_delivery_column_new:
 * @column: what it shows
 * @clock: tells what is past
 *
 * Returns: (transfer full): a column of the log
 */
GtkColumnViewColumn *
lk_delivery_column_new (LkDeliveryColumn column, LkClock *clock)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *self;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GINT_TO_POINTER (column));
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), clock, 0);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  self = gtk_column_view_column_new (
      g_dpgettext2 (GETTEXT_PACKAGE, "delivery column", columns[column].title), factory);
  gtk_column_view_column_set_resizable (self, TRUE);
  gtk_column_view_column_set_expand (self, column == LK_DELIVERY_COLUMN_CAUSE);
  gtk_column_view_column_set_fixed_width (self, columns[column].width);

  return self;
}

static const char *
explain (const LkDelivery *delivery)
{
  if (delivery->state == LK_DELIVERY_HELD)
    return delivery->hold_reason;
  if (delivery->state == LK_DELIVERY_QUEUED
      && (delivery->last_cause[0] == '\0' || delivery->last_status / 100 == 2))
    return _ ("Waits for its turn. While a receiver fails, one request at a time tries it.");

  return delivery->last_cause;
}

/**
 * lk_delivery_column_format:
 * @column: what to tell
 * @delivery: a delivery
 * @now: the present
 *
 * Returns: (transfer full): the text of the column for the delivery
 */
char *
lk_delivery_column_format (LkDeliveryColumn column, const LkDelivery *delivery, LkInstant now)
{
  switch (column)
    {
    case LK_DELIVERY_COLUMN_STATE:
      return g_strdup (lk_delivery_state_get_title (delivery->state));
    case LK_DELIVERY_COLUMN_TASK:
      /* translators: the name of a task, in the log's line of a Send Test */
      return delivery->is_test ? g_strdup_printf (_ ("Test: %s"), delivery->task_name)
                               : g_strdup (delivery->task_name);
    case LK_DELIVERY_COLUMN_LICENSE:
      return g_strdup (delivery->license_key);
    case LK_DELIVERY_COLUMN_CUSTOMER:
      return g_strdup (delivery->customer);
    case LK_DELIVERY_COLUMN_STATUS:
      return delivery->last_status != 0 ? g_strdup_printf ("%d", delivery->last_status)
                                        : g_strdup ("");
    case LK_DELIVERY_COLUMN_ATTEMPTS:
      return g_strdup_printf ("%d", delivery->attempts);
    case LK_DELIVERY_COLUMN_LATENCY:
      return lk_latency_format (delivery->last_latency_ms);
    case LK_DELIVERY_COLUMN_NEXT_TRY:
      if (lk_delivery_waits_for_turn (delivery, now))
        /* translators: in the column “Next Try” */
        return g_strdup (_ ("when its turn comes"));
      return lk_time_format (lk_delivery_get_next_try (delivery, now), now);
    case LK_DELIVERY_COLUMN_TIME:
      return lk_time_format (
          delivery->finished_at != 0 ? delivery->finished_at : delivery->created_at, now);
    case LK_DELIVERY_COLUMN_CAUSE:
    default:
      return g_strdup (explain (delivery));
    }
}

/**
 * lk_delivery_show_icon:
 * @delivery: a delivery
 * @icon: the image that shows its state, in the state's colour
 */
void
lk_delivery_show_icon (const LkDelivery *delivery, GtkImage *icon)
{
  g_return_if_fail (delivery != NULL && GTK_IS_IMAGE (icon));

  gtk_image_set_from_icon_name (icon, icon_names[delivery->state]);
  gtk_widget_set_css_classes (GTK_WIDGET (icon),
                              (const char *[]){ state_classes[delivery->state], NULL });
}
