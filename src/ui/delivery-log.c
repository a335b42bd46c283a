/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-log"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/attention-bar.h"
#include "ui/delivery-actions.h"
#include "ui/delivery-cell.h"
#include "ui/delivery-detail.h"
#include "ui/delivery-log.h"
#include "ui/empty-state.h"
#include "ui/message.h"
#include "ui/ui-init.h"

struct _LkDeliveryLog
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkDropDown *states;
  GtkDropDown *tasks;
  GtkSearchEntry *find;
  GtkLabel *count;
  GtkWidget *older;
  GtkStack *stack;
  LkEmptyState *state;
  GtkColumnView *view;
  LkDeliveryDetail *detail;
  LkAttentionBar *attention_bar;
  GtkWidget *menu_popover;

  LkContext *context;
  LkCatalog *catalog;
  LkDeliveryList *list;
  GtkFilterListModel *shown;
  GtkFilter *filter;
  GtkMultiSelection *selection;
  LkDeliveryActions *actions;
  GArray *task_ids; /* gint64, by the position in the drop-down; the first is 0 for any */
  char *words;      /* folded */
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (LkDeliveryLog, lk_delivery_log, GTK_TYPE_WIDGET)

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  gtk_list_item_set_child (item,
                           lk_delivery_cell_new ((LkDeliveryColumn) GPOINTER_TO_INT (user_data)));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, LkDeliveryLog *self)
{
  lk_delivery_cell_show (LK_DELIVERY_CELL (gtk_list_item_get_child (item)),
                         gtk_list_item_get_item (item), gtk_list_item_get_position (item),
                         lk_context_get_clock (self->context));
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  lk_delivery_cell_clear (LK_DELIVERY_CELL (gtk_list_item_get_child (item)));
}

static void
add_column (LkDeliveryLog *self, LkDeliveryColumn which)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GINT_TO_POINTER (which));
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  column = gtk_column_view_column_new (lk_delivery_column_get_title (which), factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_expand (column, which == LK_DELIVERY_COLUMN_CAUSE);
  gtk_column_view_column_set_fixed_width (column, lk_delivery_column_get_width (which));
  gtk_column_view_append_column (self->view, column);
}

static gboolean
contains (const char *text, const char *folded_words)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, folded_words) != NULL;
}

static gboolean
is_found (gpointer object, gpointer user_data)
{
  LkDeliveryLog *self = user_data;
  const LkDelivery *delivery = lk_delivery_item_get (object);

  if (self->words == NULL)
    return TRUE;

  return contains (delivery->task_name, self->words) || contains (delivery->customer, self->words)
         || contains (delivery->license_key, self->words)
         || contains (delivery->last_cause, self->words)
         || contains (delivery->webhook_id, self->words) || contains (delivery->url, self->words);
}

static gboolean
is_filtered (LkDeliveryLog *self)
{
  return self->words != NULL || gtk_drop_down_get_selected (self->states) != 0
         || gtk_drop_down_get_selected (self->tasks) != 0;
}

static void
show_state (LkDeliveryLog *self)
{
  const GError *error = lk_delivery_list_get_error (self->list);
  g_autofree char *sentence = error != NULL ? lk_message_format_error (error) : NULL;

  if (error != NULL)
    lk_empty_state_show (self->state, "lk-warning-symbolic",
                         _ ("The Delivery Log Could Not Be Read"), sentence);
  else if (is_filtered (self))
    lk_empty_state_show (self->state, "lk-log-symbolic", _ ("No Delivery Matches"), NULL);
  else if (lk_delivery_list_is_loading (self->list))
    lk_empty_state_show (self->state, "lk-log-symbolic", _ ("Reading Deliveries…"), NULL);
  else
    lk_empty_state_show (self->state, "lk-log-symbolic", _ ("Nothing Sent Yet"),
                         _ ("Each webhook of a Scheduled Task appears here with what came back."));
}

static void
update (LkDeliveryLog *self)
{
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->shown));
  gboolean has_more = lk_delivery_list_has_more (self->list);
  g_autofree char *count = NULL;

  if (has_more && self->words == NULL)
    /* translators: how many of the newest deliveries are shown */
    count = g_strdup_printf (ngettext ("newest %'u delivery", "newest %'u deliveries", n_shown),
                             n_shown);
  else
    count = g_strdup_printf (ngettext ("%'u delivery", "%'u deliveries", n_shown), n_shown);
  gtk_label_set_text (self->count, n_shown > 0 ? count : "");
  gtk_widget_set_visible (self->older, has_more);

  show_state (self);
  gtk_stack_set_visible_child_name (self->stack, n_shown > 0 ? "list" : "state");
}

static void
list_changed_cb (LkDeliveryList *list, GParamSpec *pspec, LkDeliveryLog *self)
{
  g_assert (LK_IS_DELIVERY_LOG (self));

  update (self);
  if (lk_delivery_list_is_loading (list))
    return;

  lk_delivery_detail_refresh (self->detail);
  lk_delivery_actions_update (self->actions);
}

/* The detail is that of one delivery; of several it shows none. */
static void
selected_cb (LkDeliveryLog *self)
{
  g_autoptr (GtkBitset) selected = NULL;
  g_autoptr (LkDeliveryItem) item = NULL;

  g_assert (LK_IS_DELIVERY_LOG (self));

  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  if (gtk_bitset_get_size (selected) == 1)
    item =
        g_list_model_get_item (G_LIST_MODEL (self->selection), gtk_bitset_get_minimum (selected));
  lk_delivery_detail_show (self->detail, self->context,
                           item != NULL ? lk_delivery_item_get (item)->id : 0);
}

/* The view holds on to the row at its upper edge. At the top of the list that edge is what a person
 * watches, so there the newest stay in sight. */
static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added,
                  LkDeliveryLog *self)
{
  GtkAdjustment *place = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));
  GtkWidget *rows = gtk_widget_get_last_child (GTK_WIDGET (self->view));

  g_assert (LK_IS_DELIVERY_LOG (self));

  if (position == 0 && added > 0 && gtk_adjustment_get_value (place) <= 0)
    gtk_widget_activate_action (rows, "list.scroll-to-item", "u", 0);
}

/* The menu of a line is about the selection, which the line joins, or becomes. */
static void
secondary_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y,
                      LkDeliveryLog *self)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  GtkWidget *cell = picked != NULL ? gtk_widget_get_ancestor (picked, LK_TYPE_DELIVERY_CELL) : NULL;
  guint position = GTK_INVALID_LIST_POSITION;

  g_assert (LK_IS_DELIVERY_LOG (self));

  if (cell != NULL)
    position = lk_delivery_cell_get_position (LK_DELIVERY_CELL (cell));
  if (position == GTK_INVALID_LIST_POSITION)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (!gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), position))
    lk_delivery_log_select (self, position);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu_popover),
                               &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu_popover));
}

static void
show_held_cb (LkDeliveryActions *actions, LkDeliveryLog *self)
{
  g_assert (LK_IS_DELIVERY_LOG (self));

  lk_delivery_log_set_state (self, LK_DELIVERY_HELD);
  lk_delivery_log_focus (self);
}

static void
filter_changed_cb (GtkDropDown *drop_down, GParamSpec *pspec, LkDeliveryLog *self)
{
  guint state = gtk_drop_down_get_selected (self->states);
  guint task = gtk_drop_down_get_selected (self->tasks);

  g_assert (LK_IS_DELIVERY_LOG (self));

  if (self->list == NULL || self->filling)
    return;

  lk_delivery_list_set_filter (
      self->list, state != GTK_INVALID_LIST_POSITION ? (int) state - 1 : -1,
      task < self->task_ids->len ? g_array_index (self->task_ids, gint64, task) : 0);
  update (self);
}

static void
find_changed_cb (GtkSearchEntry *entry, LkDeliveryLog *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));

  g_assert (LK_IS_DELIVERY_LOG (self));

  g_clear_pointer (&self->words, g_free);
  if (text[0] != '\0')
    self->words = g_utf8_casefold (text, -1);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  update (self);
}

static void
older_cb (GtkButton *button, LkDeliveryLog *self)
{
  g_assert (LK_IS_DELIVERY_LOG (self));

  lk_delivery_list_load_older (self->list);
}

static void
fill_states (LkDeliveryLog *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  gtk_string_list_append (titles, _ ("All States"));
  for (int state = 0; state < LK_N_DELIVERY_STATES; state++)
    gtk_string_list_append (titles, lk_delivery_state_get_title ((LkDeliveryState) state));
  gtk_drop_down_set_model (self->states, G_LIST_MODEL (titles));
}

static void
fill_tasks (LkDeliveryLog *self)
{
  GPtrArray *tasks = lk_catalog_get_tasks (self->catalog);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = gtk_drop_down_get_selected (self->tasks);
  gint64 selected_id =
      selected < self->task_ids->len ? g_array_index (self->task_ids, gint64, selected) : 0;
  gint64 any = 0;

  gtk_string_list_append (names, _ ("All Tasks"));
  g_array_set_size (self->task_ids, 0);
  g_array_append_val (self->task_ids, any);
  selected = 0;
  for (guint i = 0; i < tasks->len; i++)
    {
      const LkTask *task = g_ptr_array_index (tasks, i);

      gtk_string_list_append (names, task->name);
      g_array_append_val (self->task_ids, task->id);
      if (task->id == selected_id)
        selected = i + 1;
    }

  self->filling = TRUE;
  gtk_drop_down_set_model (self->tasks, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->tasks, selected);
  self->filling = FALSE;
  if (selected_id != 0 && selected == 0)
    filter_changed_cb (self->tasks, NULL, self);
}

static void
catalog_changed_cb (LkCatalog *catalog, LkDeliveryLog *self)
{
  g_assert (LK_IS_DELIVERY_LOG (self));

  fill_tasks (self);
}

static void
add_menu (LkDeliveryLog *self)
{
  GtkGesture *secondary = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  g_signal_connect (secondary, "pressed", G_CALLBACK (secondary_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (secondary));
}

static void
lk_delivery_log_dispose (GObject *object)
{
  LkDeliveryLog *self = LK_DELIVERY_LOG (object);

  g_clear_pointer (&self->menu_popover, gtk_widget_unparent);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->actions);
  g_clear_object (&self->selection);
  g_clear_object (&self->shown);
  g_clear_object (&self->filter);
  g_clear_object (&self->list);
  g_clear_object (&self->catalog);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (lk_delivery_log_parent_class)->dispose (object);
}

static void
lk_delivery_log_finalize (GObject *object)
{
  LkDeliveryLog *self = LK_DELIVERY_LOG (object);

  g_clear_pointer (&self->task_ids, g_array_unref);
  g_clear_pointer (&self->words, g_free);

  G_OBJECT_CLASS (lk_delivery_log_parent_class)->finalize (object);
}

static void
lk_delivery_log_class_init (LkDeliveryLogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_delivery_log_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_delivery_log_finalize;

  g_type_ensure (LK_TYPE_ATTENTION_BAR);
  g_type_ensure (LK_TYPE_DELIVERY_DETAIL);
  g_type_ensure (LK_TYPE_EMPTY_STATE);
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/delivery-log.ui");
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, attention_bar);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, box);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, count);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, detail);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, find);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, menu_popover);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, older);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, stack);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, state);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, states);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, tasks);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, view);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, older_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  lk_delivery_actions_add_keys (widget_class);
}

static void
lk_delivery_log_init (LkDeliveryLog *self)
{
  gint64 any = 0;

  self->task_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (self->task_ids, any);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_menu (self);
  fill_states (self);
}

/**
 * lk_delivery_log_set_up:
 * @self: a log as its template left it
 * @context: the services over the workspace
 * @catalog: its tasks
 * @attention: what needs a person
 *
 * Brings the log to life. Called once.
 */
void
lk_delivery_log_set_up (LkDeliveryLog *self, LkContext *context, LkCatalog *catalog,
                        LkAttention *attention)
{
  g_return_if_fail (LK_IS_DELIVERY_LOG (self) && self->context == NULL);

  self->context = g_object_ref (context);
  self->catalog = g_object_ref (catalog);
  self->list = lk_delivery_list_new (context);
  self->filter = GTK_FILTER (gtk_custom_filter_new (is_found, self, NULL));
  self->shown = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->list)),
                                           g_object_ref (self->filter));
  self->selection = gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->shown)));
  self->actions = lk_delivery_actions_new (GTK_WIDGET (self), context, attention,
                                           GTK_SELECTION_MODEL (self->selection));
  lk_attention_bar_set_up (self->attention_bar, attention);

  for (int i = 0; i < LK_N_DELIVERY_COLUMNS; i++)
    add_column (self, (LkDeliveryColumn) i);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));

  /* After the view, which learned of it when it took the model. */
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (items_changed_cb), self,
                           0);
  g_signal_connect_object (self->list, "notify::loading", G_CALLBACK (list_changed_cb), self, 0);
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->actions, "show-held", G_CALLBACK (show_held_cb), self, 0);
  g_signal_connect_object (catalog, "changed", G_CALLBACK (catalog_changed_cb), self, 0);
  fill_tasks (self);
  update (self);
}

/**
 * lk_delivery_log_get_list:
 * @self: a log
 *
 * Returns: (transfer none): the deliveries it has
 */
LkDeliveryList *
lk_delivery_log_get_list (LkDeliveryLog *self)
{
  g_return_val_if_fail (LK_IS_DELIVERY_LOG (self), NULL);

  return self->list;
}

/**
 * lk_delivery_log_get_shown:
 * @self: a log
 *
 * Returns: (transfer none): those of them that the words to find leave
 */
GListModel *
lk_delivery_log_get_shown (LkDeliveryLog *self)
{
  g_return_val_if_fail (LK_IS_DELIVERY_LOG (self), NULL);

  return G_LIST_MODEL (self->shown);
}

/**
 * lk_delivery_log_set_state:
 * @self: a log
 * @state: the #LkDeliveryState to show; -1 for all
 */
void
lk_delivery_log_set_state (LkDeliveryLog *self, int state)
{
  g_return_if_fail (LK_IS_DELIVERY_LOG (self));

  gtk_drop_down_set_selected (self->states, (guint) (state + 1));
}

/**
 * lk_delivery_log_find:
 * @self: a log
 * @words: what to find in task, license, customer, address or explanation; "" for everything
 */
void
lk_delivery_log_find (LkDeliveryLog *self, const char *words)
{
  g_return_if_fail (LK_IS_DELIVERY_LOG (self));

  gtk_editable_set_text (GTK_EDITABLE (self->find), words);
  find_changed_cb (self->find, self);
}

/**
 * lk_delivery_log_select:
 * @self: a log
 * @position: the line whose detail to show
 */
void
lk_delivery_log_select (LkDeliveryLog *self, guint position)
{
  g_return_if_fail (LK_IS_DELIVERY_LOG (self));

  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
}

/**
 * lk_delivery_log_focus:
 * @self: a log
 *
 * Moves the keyboard's focus into the list.
 */
void
lk_delivery_log_focus (LkDeliveryLog *self)
{
  g_return_if_fail (LK_IS_DELIVERY_LOG (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}
