/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-policy-row"

#include "config.h"

#include <glib/gi18n.h>

#include "core/policy-parts.h"
#include "ui/choice.h"
#include "ui/form.h"
#include "ui/policy-row.h"
#include "ui/ui-init.h"

struct _LkPolicyRow
{
  GtkBox parent;

  LkTaskItem *item; /* (nullable) */
  LkPolicyParts parts;
  gboolean showing;

  GtkDropDown *send;
  GtkWidget *columns_box;
  GtkWidget *columns;
  GtkListBox *columns_list;
  GtkWidget *days_box;
  GtkSpinButton *days;
  GtkWidget *milestones_box;
  GtkDropDown *date;
  GtkWidget *offsets;
  GtkLabel *meaning;
  GtkLabel *send_problem;
};

G_DEFINE_FINAL_TYPE (LkPolicyRow, lk_policy_row, GTK_TYPE_BOX)

static const char *const meanings[] = {
  [LK_POLICY_EVERY_RUN] = N_ ("Each license that matches is sent at each run."),
  [LK_POLICY_ONCE] = N_ ("A license is sent once, and again only after a complete run in which it "
                         "did not match."),
  [LK_POLICY_ON_CHANGE] = N_ ("A license is sent once, and again when one of these columns has "
                              "another value than was sent."),
  [LK_POLICY_EVERY_N_DAYS] =
      N_ ("A license is sent again at the first run for which that many days "
          "have gone by."),
  [LK_POLICY_MILESTONES] = N_ ("A license is sent at the first run on or after each of these days, "
                               "counted from the date. Of several that passed meanwhile the newest "
                               "is sent. Another date starts over."),
};

G_STATIC_ASSERT (G_N_ELEMENTS (meanings) == LK_N_POLICY_KINDS);

/* Lines of the drop-downs: 0 is for none. */
#define LINE(number) ((gint64) (number) + 1)

static void
store (LkPolicyRow *self)
{
  g_autofree char *send = lk_policy_parts_to_string (&self->parts);

  if (self->item != NULL)
    lk_task_item_set_text (self->item, LK_TASK_FIELD_SEND, send);
}

static GtkWidget *
get_control (LkPolicyRow *self)
{
  switch (self->parts.kind)
    {
    case LK_POLICY_ON_CHANGE:
      return self->columns;
    case LK_POLICY_EVERY_N_DAYS:
      return GTK_WIDGET (self->days);
    case LK_POLICY_MILESTONES:
      return self->offsets;
    case LK_POLICY_EVERY_RUN:
    case LK_POLICY_ONCE:
    default:
      return GTK_WIDGET (self->send);
    }
}

static void
show_kind (LkPolicyRow *self)
{
  LkPolicyKind kind = self->parts.kind;

  lk_choice_set (self->send, LINE (kind));
  gtk_widget_set_visible (self->columns_box, kind == LK_POLICY_ON_CHANGE);
  gtk_widget_set_visible (self->days_box, kind == LK_POLICY_EVERY_N_DAYS);
  gtk_widget_set_visible (self->milestones_box, kind == LK_POLICY_MILESTONES);
  gtk_label_set_label (self->meaning, _ (meanings[kind]));
}

static void
show_parts (LkPolicyRow *self)
{
  const LkLicenseField *date = lk_license_field_find (self->parts.date);

  self->showing = TRUE;
  show_kind (self);
  lk_form_show_text (self->columns, self->parts.columns);
  if (gtk_spin_button_get_value_as_int (self->days) != self->parts.days)
    gtk_spin_button_set_value (self->days, self->parts.days);
  lk_choice_set (self->date, date != NULL ? LINE (lk_license_field_index (date)) : 0);
  lk_form_show_text (self->offsets, self->parts.offsets);
  self->showing = FALSE;
}

static void
show_problem (LkPolicyRow *self)
{
  GtkWidget *const controls[] = { GTK_WIDGET (self->send), self->columns, GTK_WIDGET (self->days),
                                  self->offsets };
  g_autoptr (GPtrArray) problems = lk_draft_item_get_problems (LK_DRAFT_ITEM (self->item));
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (controls); i++)
    lk_form_show_problem (self->send_problem, controls[i], none, LK_TASK_FIELD_SEND);
  lk_form_show_problem (self->send_problem, get_control (self), problems, LK_TASK_FIELD_SEND);
}

static void
send_changed_cb (LkPolicyRow *self)
{
  gint64 line = lk_choice_get (self->send);

  if (self->showing || line == 0)
    return;

  self->parts.kind = (LkPolicyKind) (line - 1);
  store (self);
}

static void
replace (char **place, const char *text)
{
  g_free (*place);
  *place = g_strdup (text);
}

static void
columns_changed_cb (LkPolicyRow *self)
{
  if (self->showing)
    return;

  replace (&self->parts.columns, gtk_editable_get_text (GTK_EDITABLE (self->columns)));
  store (self);
}

static void
days_changed_cb (LkPolicyRow *self)
{
  if (self->showing)
    return;

  self->parts.days = gtk_spin_button_get_value_as_int (self->days);
  store (self);
}

static void
date_changed_cb (LkPolicyRow *self)
{
  gint64 line = lk_choice_get (self->date);

  if (self->showing || line == 0)
    return;

  replace (&self->parts.date, lk_license_fields[line - 1].column);
  store (self);
}

static void
offsets_changed_cb (LkPolicyRow *self)
{
  if (self->showing)
    return;

  replace (&self->parts.offsets, gtk_editable_get_text (GTK_EDITABLE (self->offsets)));
  store (self);
}

static void
column_toggled_cb (GtkCheckButton *check, LkPolicyRow *self)
{
  const LkLicenseField *field = g_object_get_data (G_OBJECT (check), "lk-field");

  g_assert (LK_IS_POLICY_ROW (self));

  if (self->showing)
    return;

  lk_policy_parts_set_column (&self->parts, field, gtk_check_button_get_active (check));
  store (self);
}

static void
add_column (LkPolicyRow *self, const LkLicenseField *field)
{
  GtkWidget *check = gtk_check_button_new_with_label (_ (field->title));

  gtk_widget_set_tooltip_text (check, field->column);
  g_object_set_data (G_OBJECT (check), "lk-field", (gpointer) field);
  g_signal_connect_object (check, "toggled", G_CALLBACK (column_toggled_cb), self, 0);
  gtk_list_box_append (self->columns_list, check);
}

/* The list is made when somebody opens it, and shows then what the entry says. */
static void
columns_opened_cb (LkPolicyRow *self)
{
  GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->columns_list));

  for (gsize i = 0; row == NULL && i < lk_license_n_fields; i++)
    if (lk_license_fields[i].column != NULL)
      add_column (self, &lk_license_fields[i]);

  self->showing = TRUE;
  for (row = gtk_widget_get_first_child (GTK_WIDGET (self->columns_list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *check = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row));

      lk_form_show_flag (
          check, lk_policy_parts_has_column (&self->parts,
                                             g_object_get_data (G_OBJECT (check), "lk-field")));
    }
  self->showing = FALSE;
}

static void
fill_choices (LkPolicyRow *self)
{
  lk_choice_set_up (self->send);
  for (guint i = 0; i < LK_N_POLICY_KINDS; i++)
    lk_choice_add (self->send, LINE (i), lk_policy_kind_get_title ((LkPolicyKind) i));

  lk_choice_set_up (self->date);
  for (gsize i = 0; i < lk_license_n_fields; i++)
    if (lk_license_fields[i].column != NULL && lk_license_fields[i].kind == LK_FIELD_DATE)
      lk_choice_add (self->date, LINE (i), _ (lk_license_fields[i].title));
}

static void
lk_policy_row_dispose (GObject *object)
{
  g_clear_object (&LK_POLICY_ROW (object)->item);
  G_OBJECT_CLASS (lk_policy_row_parent_class)->dispose (object);
}

static void
lk_policy_row_finalize (GObject *object)
{
  lk_policy_parts_clear (&LK_POLICY_ROW (object)->parts);
  G_OBJECT_CLASS (lk_policy_row_parent_class)->finalize (object);
}

static gboolean
lk_policy_row_mnemonic_activate (GtkWidget *widget, gboolean group_cycling)
{
  return gtk_widget_grab_focus (GTK_WIDGET (LK_POLICY_ROW (widget)->send));
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, LkPolicyRow, child)

static void
bind_template (GtkWidgetClass *widget_class)
{
  BIND (send);
  BIND (columns_box);
  BIND (columns);
  BIND (columns_list);
  BIND (days_box);
  BIND (days);
  BIND (milestones_box);
  BIND (date);
  BIND (offsets);
  BIND (meaning);
  BIND (send_problem);
  gtk_widget_class_bind_template_callback (widget_class, send_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, columns_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, columns_opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, days_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, date_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, offsets_changed_cb);
}

static void
lk_policy_row_class_init (LkPolicyRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_policy_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_policy_row_finalize;
  widget_class->mnemonic_activate = lk_policy_row_mnemonic_activate;

  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/policy-row.ui");
  bind_template (widget_class);
}

static void
lk_policy_row_init (LkPolicyRow *self)
{
  lk_policy_parts_init (&self->parts);
  self->showing = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_form_ignore_wheel (GTK_WIDGET (self->days));
  fill_choices (self);
  show_parts (self);
}

/**
 * lk_policy_row_show:
 * @self: a row
 * @item: (nullable): whose policy to edit
 */
void
lk_policy_row_show (LkPolicyRow *self, LkTaskItem *item)
{
  g_return_if_fail (LK_IS_POLICY_ROW (self));

  if (g_set_object (&self->item, item))
    {
      lk_policy_parts_clear (&self->parts);
      lk_policy_parts_init (&self->parts);
    }
  if (item == NULL)
    return;

  lk_policy_parts_read (&self->parts, lk_task_item_get_text (item, LK_TASK_FIELD_SEND));
  show_parts (self);
  show_problem (self);
}
