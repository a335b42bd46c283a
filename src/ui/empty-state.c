/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-empty-state"

#include "config.h"

#include "ui/empty-state.h"
#include "ui/ui-init.h"

struct _LkEmptyState
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *text;
  GtkButton *first;
  GtkButton *second;
};

G_DEFINE_FINAL_TYPE (LkEmptyState, lk_empty_state, GTK_TYPE_WIDGET)

static void
set_command (GtkButton *button, const char *label, const char *action)
{
  gtk_widget_set_visible (GTK_WIDGET (button), label != NULL);
  if (label != NULL)
    gtk_button_set_label (button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
}

static void
lk_empty_state_dispose (GObject *object)
{
  LkEmptyState *self = LK_EMPTY_STATE (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);

  G_OBJECT_CLASS (lk_empty_state_parent_class)->dispose (object);
}

static void
lk_empty_state_class_init (LkEmptyStateClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_empty_state_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/empty-state.ui");
  gtk_widget_class_bind_template_child (widget_class, LkEmptyState, scroller);
  gtk_widget_class_bind_template_child (widget_class, LkEmptyState, icon);
  gtk_widget_class_bind_template_child (widget_class, LkEmptyState, title);
  gtk_widget_class_bind_template_child (widget_class, LkEmptyState, text);
  gtk_widget_class_bind_template_child (widget_class, LkEmptyState, first);
  gtk_widget_class_bind_template_child (widget_class, LkEmptyState, second);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
lk_empty_state_init (LkEmptyState *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_empty_state_set_commands (self, NULL, NULL, NULL, NULL);
}

/**
 * lk_empty_state_show:
 * @self: an empty state
 * @icon_name: what stands above
 * @title: what is the case, in a few words
 * @text: (nullable): why, and what helps
 */
void
lk_empty_state_show (LkEmptyState *self, const char *icon_name, const char *title, const char *text)
{
  g_return_if_fail (LK_IS_EMPTY_STATE (self) && title != NULL);

  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->text, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->text), text != NULL);
}

/**
 * lk_empty_state_set_commands:
 * @self: an empty state
 * @first_label: (nullable): label with mnemonic of a command that helps; %NULL for none
 * @first_action: (nullable): its action
 * @second_label: (nullable): the same for a second one
 * @second_action: (nullable): its action
 */
void
lk_empty_state_set_commands (LkEmptyState *self, const char *first_label, const char *first_action,
                             const char *second_label, const char *second_action)
{
  g_return_if_fail (LK_IS_EMPTY_STATE (self));

  set_command (self->first, first_label, first_action);
  set_command (self->second, second_label, second_action);
}

/**
 * lk_empty_state_get_title:
 * @self: an empty state
 *
 * Returns: (transfer none): what it says is the case
 */
const char *
lk_empty_state_get_title (LkEmptyState *self)
{
  g_return_val_if_fail (LK_IS_EMPTY_STATE (self), NULL);

  return gtk_label_get_text (self->title);
}
