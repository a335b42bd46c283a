/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-search-form"

#include "config.h"

#include <glib/gi18n.h>

#include "core/license-field.h"
#include "core/text-check.h"
#include "ui/choice.h"
#include "ui/form.h"
#include "ui/search-form.h"
#include "ui/search-preview.h"
#include "ui/time-text.h"
#include "ui/ui-init.h"

struct _LkSearchForm
{
  GtkBox parent;

  LkContext *context;
  LkDraftList *list;
  LkSearchItem *item; /* (nullable) */
  gulong item_changed_id;
  gboolean showing; /* the widgets are being filled: their signals are no edits */

  GtkWidget *name;
  GtkLabel *name_problem;
  GtkWidget *favourite;
  GtkWidget *tooltip;
  GtkWidget *group;
  GtkMenuButton *group_menu;
  GtkMenuButton *macro_menu;
  LkSqlEditor *editor;
  LkSearchPreview *preview;
  GtkWidget *advanced;
  GtkDropDown *distinct_field;
  GtkDropDown *unique_id_field;
};

G_DEFINE_FINAL_TYPE (LkSearchForm, lk_search_form, GTK_TYPE_BOX)

static void
edit (LkSearchForm *self, LkSearchField field, const char *text)
{
  if (!self->showing && self->item != NULL)
    lk_search_item_set_text (self->item, field, text);
}

static void
name_changed_cb (LkSearchForm *self)
{
  edit (self, LK_SEARCH_FIELD_NAME, gtk_editable_get_text (GTK_EDITABLE (self->name)));
}

static void
tooltip_changed_cb (LkSearchForm *self)
{
  edit (self, LK_SEARCH_FIELD_TOOLTIP, gtk_editable_get_text (GTK_EDITABLE (self->tooltip)));
}

static void
group_changed_cb (LkSearchForm *self)
{
  edit (self, LK_SEARCH_FIELD_GROUP, gtk_editable_get_text (GTK_EDITABLE (self->group)));
}

/* Not while one types: the line would jump from heading to heading. */
static void
group_left_cb (LkSearchForm *self)
{
  if (self->list != NULL)
    lk_draft_list_regroup (self->list);
}

static void
sql_changed_cb (LkSearchForm *self)
{
  edit (self, LK_SEARCH_FIELD_SQL, lk_sql_editor_get_text (self->editor));
}

static void
favourite_toggled_cb (LkSearchForm *self)
{
  if (!self->showing && self->item != NULL)
    lk_search_item_set_favourite (self->item,
                                  gtk_check_button_get_active (GTK_CHECK_BUTTON (self->favourite)));
}

static const char *
chosen_column (GtkDropDown *drop_down)
{
  gint64 id = lk_choice_get (drop_down);

  return id > 0 ? lk_license_fields[id - 1].column : "";
}

static void
distinct_changed_cb (LkSearchForm *self)
{
  edit (self, LK_SEARCH_FIELD_DISTINCT_FIELD, chosen_column (self->distinct_field));
}

static void
unique_id_changed_cb (LkSearchForm *self)
{
  edit (self, LK_SEARCH_FIELD_UNIQUE_ID_FIELD, chosen_column (self->unique_id_field));
}

static void
fill_columns (GtkDropDown *drop_down)
{
  lk_choice_set_up (drop_down);
  lk_choice_add (drop_down, 0, _ ("None"));
  for (gsize i = 0; i < lk_license_n_fields; i++)
    if (lk_license_fields[i].column != NULL)
      lk_choice_add (drop_down, (gint64) i + 1, lk_license_fields[i].column);
}

static void
choose_column (GtkDropDown *drop_down, const char *column)
{
  const LkLicenseField *field = lk_license_field_find (column);

  lk_choice_set (drop_down, field != NULL ? (gint64) lk_license_field_index (field) + 1 : 0);
}

/* What the macros stand for at this moment is shown in the menu. */
static void
fill_macro_menu_cb (GtkMenuButton *button, gpointer user_data)
{
  LkSearchForm *self = user_data;
  g_autoptr (LkMacroContext) macros =
      lk_time_new_macro_context (lk_context_get_clock (self->context));
  g_autoptr (GMenu) menu = g_menu_new ();

  for (gsize i = 0; i < lk_n_macros; i++)
    {
      g_autofree char *text = g_strdup_printf ("[%s]", lk_macros[i].name);
      g_autofree char *value = lk_macro_expand (lk_macros[i].name, macros, NULL);
      g_autofree char *title = g_strdup_printf ("%s   %s", text, value);
      g_auto (GStrv) parts = g_strsplit (title, "_", -1);
      g_autofree char *label = g_strjoinv ("__", parts); /* one would be a mnemonic */
      g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, "search.insert-macro", "s", text);
      g_menu_append_item (menu, item);
    }

  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
fill_group_menu_cb (GtkMenuButton *button, gpointer user_data)
{
  LkSearchForm *self = user_data;
  GListModel *items = lk_draft_list_get_model (self->list);
  g_autoptr (GMenu) menu = g_menu_new ();
  const char *last = "";

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (LkDraftItem) item = g_list_model_get_item (items, i);
      g_autoptr (GMenuItem) entry = g_menu_item_new (lk_draft_item_get_group (item), NULL);

      if (lk_text_same_name (lk_draft_item_get_group (item), last))
        continue;
      last = lk_draft_item_get_group (item);
      g_menu_item_set_action_and_target (entry, "search.set-group", "s", last);
      g_menu_append_item (menu, entry);
    }

  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
insert_macro_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_sql_editor_insert (LK_SEARCH_FORM (widget)->editor, g_variant_get_string (parameter, NULL));
}

static void
set_group_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  LkSearchForm *self = LK_SEARCH_FORM (widget);

  lk_form_show_text (self->group, g_variant_get_string (parameter, NULL));
  group_left_cb (self);
}

/* Fills the widgets from the draft and says what is wrong with it. */
static void
show_draft (LkSearchForm *self)
{
  LkSearchItem *item = self->item;
  g_autoptr (GPtrArray) problems = lk_draft_item_get_problems (LK_DRAFT_ITEM (item));
  const char *distinct = lk_search_item_get_text (item, LK_SEARCH_FIELD_DISTINCT_FIELD);
  const char *unique_id = lk_search_item_get_text (item, LK_SEARCH_FIELD_UNIQUE_ID_FIELD);

  self->showing = TRUE;
  lk_form_show_text (self->name, lk_search_item_get_text (item, LK_SEARCH_FIELD_NAME));
  lk_form_show_text (self->tooltip, lk_search_item_get_text (item, LK_SEARCH_FIELD_TOOLTIP));
  lk_form_show_text (self->group, lk_search_item_get_text (item, LK_SEARCH_FIELD_GROUP));
  lk_form_show_flag (self->favourite, lk_search_item_get_favourite (item));
  lk_sql_editor_set_text (self->editor, lk_search_item_get_text (item, LK_SEARCH_FIELD_SQL));
  choose_column (self->distinct_field, distinct);
  choose_column (self->unique_id_field, unique_id);
  lk_search_preview_set_fields (self->preview, distinct, unique_id);
  lk_form_show_problem (self->name_problem, self->name, problems, LK_SEARCH_FIELD_NAME);
  self->showing = FALSE;
}

static void
show_nothing (LkSearchForm *self)
{
  self->showing = TRUE;
  lk_form_show_text (self->name, "");
  lk_form_show_text (self->tooltip, "");
  lk_form_show_text (self->group, "");
  lk_form_show_flag (self->favourite, FALSE);
  lk_sql_editor_set_text (self->editor, "");
  gtk_widget_set_visible (GTK_WIDGET (self->name_problem), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->preview), FALSE);
  self->showing = FALSE;
}

static void
item_changed_cb (LkDraftItem *item, LkSearchForm *self)
{
  g_assert (LK_IS_SEARCH_FORM (self));

  show_draft (self);
}

static void
forget_item (LkSearchForm *self)
{
  if (self->item != NULL)
    g_clear_signal_handler (&self->item_changed_id, self->item);
  g_clear_object (&self->item);
}

static void
lk_search_form_dispose (GObject *object)
{
  LkSearchForm *self = LK_SEARCH_FORM (object);

  forget_item (self);
  g_clear_object (&self->list);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_search_form_parent_class)->dispose (object);
}

static void
bind_callbacks (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, tooltip_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, group_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, group_left_cb);
  gtk_widget_class_bind_template_callback (widget_class, sql_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, favourite_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, distinct_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, unique_id_changed_cb);
}

static void
lk_search_form_class_init (LkSearchFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_search_form_dispose;

  g_type_ensure (LK_TYPE_SQL_EDITOR);
  g_type_ensure (LK_TYPE_SEARCH_PREVIEW);
  gtk_widget_class_install_action (widget_class, "search.insert-macro", "s", insert_macro_action);
  gtk_widget_class_install_action (widget_class, "search.set-group", "s", set_group_action);
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/search-form.ui");
  gtk_widget_class_bind_template_child (widget_class, LkSearchForm, name);
  gtk_widget_class_bind_template_child (widget_class, LkSearchForm, name_problem);
  gtk_widget_class_bind_template_child (widget_class, LkSearchForm, favourite);
  gtk_widget_class_bind_template_child (widget_class, LkSearchForm, tooltip);
  gtk_widget_class_bind_template_child (widget_class, LkSearchForm, group);
  gtk_widget_class_bind_template_child (widget_class, LkSearchForm, group_menu);
  gtk_widget_class_bind_template_child (widget_class, LkSearchForm, macro_menu);
  gtk_widget_class_bind_template_child (widget_class, LkSearchForm, editor);
  gtk_widget_class_bind_template_child (widget_class, LkSearchForm, preview);
  gtk_widget_class_bind_template_child (widget_class, LkSearchForm, advanced);
  gtk_widget_class_bind_template_child (widget_class, LkSearchForm, distinct_field);
  gtk_widget_class_bind_template_child (widget_class, LkSearchForm, unique_id_field);
  bind_callbacks (widget_class);
}

static void
lk_search_form_init (LkSearchForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->showing = TRUE;
  fill_columns (self->distinct_field);
  fill_columns (self->unique_id_field);
  self->showing = FALSE;
  lk_form_name_expander (GTK_EXPANDER (self->advanced));
  gtk_menu_button_set_create_popup_func (self->macro_menu, fill_macro_menu_cb, self, NULL);
  gtk_menu_button_set_create_popup_func (self->group_menu, fill_group_menu_cb, self, NULL);
}

/**
 * lk_search_form_set_up:
 * @self: a form
 * @context: the services
 * @list: where the groups are found
 *
 * Called once.
 */
void
lk_search_form_set_up (LkSearchForm *self, LkContext *context, LkDraftList *list)
{
  g_return_if_fail (self->context == NULL);

  self->context = g_object_ref (context);
  self->list = g_object_ref (list);
  lk_search_preview_set_up (self->preview, context, self->editor);
}

/**
 * lk_search_form_show:
 * @self: a form
 * @item: (nullable): what to edit from now on
 */
void
lk_search_form_show (LkSearchForm *self, LkSearchItem *item)
{
  forget_item (self);
  if (item == NULL)
    {
      show_nothing (self);
      return;
    }

  self->item = g_object_ref (item);
  self->item_changed_id = g_signal_connect (item, "changed", G_CALLBACK (item_changed_cb), self);
  show_draft (self);
  gtk_widget_set_visible (GTK_WIDGET (self->preview), TRUE);
  if (lk_search_item_get_text (item, LK_SEARCH_FIELD_DISTINCT_FIELD)[0] != '\0')
    gtk_expander_set_expanded (GTK_EXPANDER (self->advanced), TRUE);
}

/* Where Add starts. */
void
lk_search_form_focus_name (LkSearchForm *self)
{
  gtk_widget_grab_focus (self->name);
}
