/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-condition-bar"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/condition-bar.h"
#include "ui/ui-init.h"

struct _LkConditionBar
{
  GtkWidget parent_instance;

  GtkBox *lines;
  GPtrArray *rows; /* of Line, in their order */
};

G_DEFINE_FINAL_TYPE (LkConditionBar, lk_condition_bar, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* One line of the bar and its widgets, which belong to the line's box. */
typedef struct
{
  LkConditionBar *bar;
  GtkWidget *box;
  GtkDropDown *join;
  GtkDropDown *field;
  GtkDropDown *operator;
  GtkEntry *operand;
} Line;

static const LkLicenseField *
get_field_at (guint position)
{
  for (gsize i = 0, n = 0; i < lk_license_n_fields; i++)
    if (lk_license_fields[i].column != NULL && n++ == position)
      return &lk_license_fields[i];

  return NULL;
}

static guint
get_position_of (const LkLicenseField *field)
{
  guint position = 0;

  for (gsize i = 0; i < lk_license_field_index (field); i++)
    if (lk_license_fields[i].column != NULL)
      position++;

  return position;
}

static GtkStringList *
new_field_titles (void)
{
  GtkStringList *titles = gtk_string_list_new (NULL);

  for (gsize i = 0; i < lk_license_n_fields; i++)
    if (lk_license_fields[i].column != NULL)
      gtk_string_list_append (titles, _ (lk_license_fields[i].title));

  return titles;
}

static GtkStringList *
new_operator_titles (LkFieldKind kind)
{
  GtkStringList *titles = gtk_string_list_new (NULL);
  gsize n_operators;
  const LkOperator *operators = lk_operators_for_kind (kind, &n_operators);

  for (gsize i = 0; i < n_operators; i++)
    gtk_string_list_append (titles, lk_operator_get_title (operators[i]));

  return titles;
}

static LkOperator
get_operator (Line *line, const LkLicenseField *field)
{
  gsize n_operators;
  const LkOperator *operators = lk_operators_for_kind (field->kind, &n_operators);
  guint selected = gtk_drop_down_get_selected (line->operator);

  return operators[selected < n_operators ? selected : 0];
}

static LkCondition *
get_condition (Line *line)
{
  const LkLicenseField *field = get_field_at (gtk_drop_down_get_selected (line->field));

  /* A drop-down that goes away has nothing selected. */
  if (field == NULL)
    field = &lk_license_fields[0];

  return lk_condition_new (field, get_operator (line, field),
                           gtk_editable_get_text (GTK_EDITABLE (line->operand)),
                           gtk_drop_down_get_selected (line->join) == 1);
}

static void
update_operand (Line *line)
{
  g_autoptr (LkCondition) condition = get_condition (line);
  gboolean is_span =
      condition->op == LK_OPERATOR_NEXT_DAYS || condition->op == LK_OPERATOR_LAST_DAYS;
  const char *hint = NULL;

  if (condition->field->kind == LK_FIELD_DATE)
    hint = is_span ? _ ("Days") : _ ("YYYY-MM-DD");
  gtk_entry_set_placeholder_text (line->operand, hint);
  gtk_widget_set_visible (GTK_WIDGET (line->operand), lk_operator_needs_operand (condition->op));
}

static void
field_changed_cb (GtkDropDown *drop_down, GParamSpec *pspec, Line *line)
{
  const LkLicenseField *field = get_field_at (gtk_drop_down_get_selected (drop_down));
  g_autoptr (GtkStringList) titles = NULL;

  /* Nothing is selected any more while the line goes away. */
  if (field == NULL)
    return;

  titles = new_operator_titles (field->kind);
  gtk_drop_down_set_model (line->operator, G_LIST_MODEL (titles));
  gtk_drop_down_set_selected (line->operator, 0);
  update_operand (line);
}

static void
apply (Line *line)
{
  g_signal_emit (line->bar, signals[CHANGED], 0);
}

static void
operator_changed_cb (GtkDropDown *drop_down, GParamSpec *pspec, Line *line)
{
  if (gtk_drop_down_get_selected (drop_down) == GTK_INVALID_LIST_POSITION)
    return;

  update_operand (line);
  if (!gtk_widget_get_visible (GTK_WIDGET (line->operand)))
    apply (line);
}

static void
activate_cb (GtkEntry *entry, Line *line)
{
  apply (line);
}

static void
join_changed_cb (GtkDropDown *drop_down, GParamSpec *pspec, Line *line)
{
  apply (line);
}

static void
update_joins (LkConditionBar *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    gtk_widget_set_visible (GTK_WIDGET (((Line *) g_ptr_array_index (self->rows, i))->join), i > 0);
  gtk_widget_set_visible (GTK_WIDGET (self), self->rows->len > 0);
}

static void
remove_cb (GtkButton *button, Line *line)
{
  LkConditionBar *self = line->bar;

  gtk_box_remove (self->lines, line->box);
  g_ptr_array_remove (self->rows, line);
  update_joins (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
set_name (gpointer widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GtkDropDown *
new_field_drop_down (void)
{
  GtkExpression *title = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");
  GtkWidget *drop_down = gtk_drop_down_new (G_LIST_MODEL (new_field_titles ()), title);

  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (drop_down), TRUE);

  return GTK_DROP_DOWN (drop_down);
}

static void
make_widgets (Line *line)
{
  const char *const joins[] = { _ ("and"), _ ("or"), NULL };
  GtkWidget *remove = gtk_button_new_from_icon_name ("window-close-symbolic");

  line->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  line->join = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (joins));
  line->field = new_field_drop_down ();
  line->operator= GTK_DROP_DOWN (gtk_drop_down_new (NULL, NULL));
  line->operand = GTK_ENTRY (gtk_entry_new ());
  gtk_editable_set_width_chars (GTK_EDITABLE (line->operand), 16);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (line->operand), 32);
  gtk_widget_add_css_class (remove, "flat");
  gtk_widget_set_tooltip_text (remove, _ ("Remove Condition"));

  set_name (line->join, _ ("Joined by"));
  set_name (line->field, _ ("Field"));
  set_name (line->operator, _ ("Operator"));
  set_name (line->operand, _ ("Value"));
  set_name (remove, _ ("Remove Condition"));

  gtk_box_append (GTK_BOX (line->box), GTK_WIDGET (line->join));
  gtk_box_append (GTK_BOX (line->box), GTK_WIDGET (line->field));
  gtk_box_append (GTK_BOX (line->box), GTK_WIDGET (line->operator));
  gtk_box_append (GTK_BOX (line->box), GTK_WIDGET (line->operand));
  gtk_box_append (GTK_BOX (line->box), remove);
  g_signal_connect (remove, "clicked", G_CALLBACK (remove_cb), line);
}

static void
show_condition (Line *line, const LkCondition *condition)
{
  gsize n_operators;
  const LkOperator *operators = lk_operators_for_kind (condition->field->kind, &n_operators);

  gtk_drop_down_set_selected (line->join, condition->is_alternative ? 1 : 0);
  gtk_drop_down_set_selected (line->field, get_position_of (condition->field));
  field_changed_cb (line->field, NULL, line);
  for (gsize i = 0; i < n_operators; i++)
    if (operators[i] == condition->op)
      gtk_drop_down_set_selected (line->operator, (guint) i);
  gtk_editable_set_text (GTK_EDITABLE (line->operand), condition->operand);
  update_operand (line);
}

static void
lk_condition_bar_dispose (GObject *object)
{
  LkConditionBar *self = LK_CONDITION_BAR (object);

  lk_widget_unparent_children (GTK_WIDGET (self));
  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (lk_condition_bar_parent_class)->dispose (object);
}

static void
lk_condition_bar_class_init (LkConditionBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_condition_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/condition-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LkConditionBar, lines);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  signals[CHANGED] = g_signal_new ("changed", LK_TYPE_CONDITION_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_condition_bar_init (LkConditionBar *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * lk_condition_bar_add:
 * @self: a bar
 * @condition: what the new line says
 *
 * Adds a line and puts the cursor into its value.
 */
void
lk_condition_bar_add (LkConditionBar *self, const LkCondition *condition)
{
  Line *line;

  g_return_if_fail (LK_IS_CONDITION_BAR (self) && condition != NULL);

  line = g_new0 (Line, 1);
  line->bar = self;
  make_widgets (line);
  show_condition (line, condition);
  gtk_box_append (self->lines, line->box);
  g_ptr_array_add (self->rows, line);
  update_joins (self);

  g_signal_connect (line->join, "notify::selected", G_CALLBACK (join_changed_cb), line);
  g_signal_connect (line->field, "notify::selected", G_CALLBACK (field_changed_cb), line);
  g_signal_connect (line->operator, "notify::selected", G_CALLBACK (operator_changed_cb), line);
  g_signal_connect (line->operand, "activate", G_CALLBACK (activate_cb), line);
  gtk_widget_grab_focus (GTK_WIDGET (line->operand));
}

/**
 * lk_condition_bar_clear:
 * @self: a bar
 *
 * Removes all lines, without a signal.
 */
void
lk_condition_bar_clear (LkConditionBar *self)
{
  g_return_if_fail (LK_IS_CONDITION_BAR (self));

  for (guint i = 0; i < self->rows->len; i++)
    gtk_box_remove (self->lines, ((Line *) g_ptr_array_index (self->rows, i))->box);
  g_ptr_array_set_size (self->rows, 0);
  update_joins (self);
}

/**
 * lk_condition_bar_get_text:
 * @self: a bar
 * @error: %LK_ERROR_INVALID when a value is no number or no date
 *
 * Lines whose value is still blank do not count.
 *
 * Returns: (transfer full): the text of a search; "" for no condition; %NULL on error
 */
char *
lk_condition_bar_get_text (LkConditionBar *self, GError **error)
{
  g_autoptr (GPtrArray) conditions =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lk_condition_free);

  g_return_val_if_fail (LK_IS_CONDITION_BAR (self), NULL);

  for (guint i = 0; i < self->rows->len; i++)
    {
      LkCondition *condition = get_condition (g_ptr_array_index (self->rows, i));

      if (lk_operator_needs_operand (condition->op) && condition->operand[0] == '\0')
        lk_condition_free (condition);
      else
        g_ptr_array_add (conditions, condition);
    }

  return lk_conditions_format (conditions, error);
}
