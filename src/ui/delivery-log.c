/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-delivery-log"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/attention-bar.h"
#include "ui/delivery-actions.h"
#include "ui/delivery-cell.h"
#include "ui/delivery-detail.h"
#include "ui/delivery-facets.h"
#include "ui/delivery-log.h"
#include "ui/empty-state.h"
#include "ui/facet.h"
#include "ui/message.h"
#include "ui/ui-init.h"

struct _LkDeliveryLog
{
  GtkWidget parent_instance;

  GtkWidget *box;
  LkFacet *facet_state;
  LkFacet *facet_task;
  LkFacet *facet_status;
  LkFacet *facet_error;
  LkFacet *facet_span;
  GtkToggleButton *more;
  GtkWidget *clear;
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
  LkDeliveryFacets *facets;
  gint64 run_id; /* 0: of any run */
  GtkMultiSelection *selection;
  LkDeliveryActions *actions;
};

G_DEFINE_FINAL_TYPE (LkDeliveryLog, lk_delivery_log, GTK_TYPE_WIDGET)

static LkFacet *
get_facet (LkDeliveryLog *self, LkDeliveryFacet facet)
{
  LkFacet *const facets[] = {
    [LK_FACET_STATE] = self->facet_state,   [LK_FACET_TASK] = self->facet_task,
    [LK_FACET_STATUS] = self->facet_status, [LK_FACET_ERROR] = self->facet_error,
    [LK_FACET_SPAN] = self->facet_span,
  };

  return facets[facet];
}

static gint64
get_number (LkFacet *facet)
{
  return g_ascii_strtoll (lk_facet_get (facet), NULL, 10);
}

static const char *
get_words (LkDeliveryLog *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->find));
}

static void
show_state (LkDeliveryLog *self)
{
  const GError *error = lk_delivery_list_get_error (self->list);
  g_autofree char *sentence = error != NULL ? lk_message_format_error (error) : NULL;

  if (error != NULL)
    lk_empty_state_show (self->state, "lk-warning-symbolic",
                         _ ("The Delivery Log Could Not Be Read"), sentence);
  else if (lk_delivery_log_is_narrowed (self))
    lk_empty_state_show (self->state, "lk-log-symbolic", _ ("No Delivery Matches"), NULL);
  else if (lk_delivery_list_is_loading (self->list))
    lk_empty_state_show (self->state, "lk-log-symbolic", _ ("Reading Deliveries…"), NULL);
  else
    lk_empty_state_show (self->state, "lk-log-symbolic", _ ("Nothing Sent Yet"),
                         _ ("Each webhook of a Scheduled Task appears here with what came back."));
}

/* How many there are by the counts, which come after the rows; until then, by the rows. */
static char *
format_count (LkDeliveryLog *self, guint n_shown)
{
  gint64 n = lk_delivery_facets_count (self->facets, LK_N_DELIVERY_FACETS);
  gboolean has_more = lk_delivery_list_has_more (self->list);

  if (n_shown == 0)
    return g_strdup ("");
  if (has_more && n > n_shown)
    /* translators: how many deliveries of how many are shown */
    return g_strdup_printf (_ ("newest %'u of %'u"), n_shown, (guint) n);
  if (has_more)
    /* translators: how many of the newest deliveries are shown */
    return g_strdup_printf (ngettext ("newest %'u delivery", "newest %'u deliveries", n_shown),
                            n_shown);

  return g_strdup_printf (ngettext ("%'u delivery", "%'u deliveries", n_shown), n_shown);
}

/* The last row takes the focus along: it is left where other words can be typed. */
static void
show_page (LkDeliveryLog *self, const char *name)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean is_lost = focus != NULL && !gtk_widget_is_ancestor (focus, GTK_WIDGET (root));

  gtk_stack_set_visible_child_name (self->stack, name);
  if (is_lost)
    gtk_widget_grab_focus (GTK_WIDGET (self->find));
}

static void
update (LkDeliveryLog *self)
{
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  g_autofree char *count = format_count (self, n_shown);

  gtk_label_set_text (self->count, count);
  gtk_widget_set_visible (self->older, lk_delivery_list_has_more (self->list));
  gtk_widget_set_visible (self->clear, lk_delivery_log_is_narrowed (self));

  show_state (self);
  show_page (self, n_shown > 0 ? "list" : "state");
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
  lk_delivery_list_set_keeps_lines (self->list, !gtk_bitset_is_empty (selected));
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
  update (self);
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
    position = lk_text_cell_get_position (LK_TEXT_CELL (cell));
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

/* What the facets, the words and the run leave. */
static LkDeliveryFilter *
make_filter (LkDeliveryLog *self)
{
  LkDeliveryFilter *filter = g_new0 (LkDeliveryFilter, 1);
  LkDeliveryState state;

  filter->state =
      lk_delivery_state_from_string (lk_facet_get (self->facet_state), &state) ? (int) state : -1;
  filter->task_id = get_number (self->facet_task);
  filter->status = (int) get_number (self->facet_status);
  filter->error_class = g_strdup (lk_facet_get (self->facet_error));
  filter->text = g_strdup (get_words (self));
  filter->run_id = self->run_id;

  return filter;
}

static void
apply_filter (LkDeliveryLog *self)
{
  g_autoptr (LkDeliveryFilter) filter = NULL;
  LkDeliverySpan span = (LkDeliverySpan) get_number (self->facet_span);

  if (self->list == NULL)
    return;

  filter = make_filter (self);
  lk_delivery_list_set_filter (self->list, filter, span);
  lk_delivery_facets_set_filter (self->facets, filter, span);
  update (self);
}

static void
filter_changed_cb (GtkWidget *widget, LkDeliveryLog *self)
{
  g_assert (LK_IS_DELIVERY_LOG (self));

  apply_filter (self);
}

static void
find_stopped_cb (GtkSearchEntry *find, LkDeliveryLog *self)
{
  g_assert (LK_IS_DELIVERY_LOG (self));

  lk_delivery_log_find (self, "");
  lk_delivery_log_focus (self);
}

static void
clear_cb (GtkButton *button, LkDeliveryLog *self)
{
  g_assert (LK_IS_DELIVERY_LOG (self));

  lk_delivery_log_clear (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->find));
}

static void
older_cb (GtkButton *button, LkDeliveryLog *self)
{
  g_assert (LK_IS_DELIVERY_LOG (self));

  lk_delivery_list_load_older (self->list);
}

static void
fill_facet (LkDeliveryLog *self, LkDeliveryFacet facet)
{
  static const char *const all[] = {
    [LK_FACET_STATE] = N_ ("All States"),   [LK_FACET_TASK] = N_ ("All Tasks"),
    [LK_FACET_STATUS] = N_ ("All Answers"), [LK_FACET_ERROR] = N_ ("All Errors"),
    [LK_FACET_SPAN] = N_ ("Any Time"),
  };
  g_autoptr (GPtrArray) values = lk_delivery_facets_list (self->facets, facet);

  g_ptr_array_insert (
      values, 0,
      lk_facet_value_new ("", _ (all[facet]), lk_delivery_facets_count (self->facets, facet)));
  lk_facet_set_values (get_facet (self, facet), values);
}

/* A task that was deleted is no longer a choice. */
static void
fill_facets (LkDeliveryLog *self)
{
  g_autofree char *task = g_strdup (lk_facet_get (self->facet_task));

  for (int i = 0; i < LK_N_DELIVERY_FACETS; i++)
    fill_facet (self, (LkDeliveryFacet) i);
  if (!g_str_equal (task, lk_facet_get (self->facet_task)))
    apply_filter (self);
}

static void
facets_changed_cb (LkDeliveryFacets *facets, LkDeliveryLog *self)
{
  g_assert (LK_IS_DELIVERY_LOG (self));

  fill_facets (self);
  update (self);
}

static void
set_up_facets (LkDeliveryLog *self)
{
  self->facets = lk_delivery_facets_new (self->context, self->catalog);
  fill_facets (self);
  g_signal_connect_object (self->facets, "changed", G_CALLBACK (facets_changed_cb), self, 0);
}

static void
catalog_changed_cb (LkCatalog *catalog, LkDeliveryLog *self)
{
  g_assert (LK_IS_DELIVERY_LOG (self));

  fill_facets (self);
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
  g_clear_object (&self->facets);
  g_clear_object (&self->list);
  g_clear_object (&self->catalog);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (lk_delivery_log_parent_class)->dispose (object);
}

static void
lk_delivery_log_class_init (LkDeliveryLogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_delivery_log_dispose;

  g_type_ensure (LK_TYPE_ATTENTION_BAR);
  g_type_ensure (LK_TYPE_DELIVERY_DETAIL);
  g_type_ensure (LK_TYPE_EMPTY_STATE);
  g_type_ensure (LK_TYPE_FACET);
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/delivery-log.ui");
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, attention_bar);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, box);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, facet_status);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, facet_error);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, facet_span);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, more);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, clear);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, count);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, detail);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, find);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, menu_popover);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, older);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, stack);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, state);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, facet_state);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, facet_task);
  gtk_widget_class_bind_template_child (widget_class, LkDeliveryLog, view);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, older_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  lk_delivery_actions_add_keys (widget_class);
}

static void
lk_delivery_log_init (LkDeliveryLog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_facet_set_title (self->facet_state, _ ("State of Deliveries"));
  lk_facet_set_title (self->facet_task, _ ("Task of Deliveries"));
  lk_facet_set_title (self->facet_status, _ ("Answer to Deliveries"));
  lk_facet_set_title (self->facet_error, _ ("Error of Deliveries"));
  lk_facet_set_title (self->facet_span, _ ("Age of Deliveries"));
  add_menu (self);
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
  self->selection = gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->list)));
  self->actions = lk_delivery_actions_new (GTK_WIDGET (self), context, attention,
                                           GTK_SELECTION_MODEL (self->selection));
  lk_attention_bar_set_up (self->attention_bar, attention);

  for (int i = 0; i < LK_N_DELIVERY_COLUMNS; i++)
    {
      g_autoptr (GtkColumnViewColumn) column =
          lk_delivery_column_new ((LkDeliveryColumn) i, lk_context_get_clock (context));

      gtk_column_view_append_column (self->view, column);
    }
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
  set_up_facets (self);
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
 * lk_delivery_log_set_state:
 * @self: a log
 * @state: the #LkDeliveryState to show; -1 for all
 */
void
lk_delivery_log_set_state (LkDeliveryLog *self, int state)
{
  g_return_if_fail (LK_IS_DELIVERY_LOG (self));

  lk_facet_set (self->facet_state,
                state < 0 ? "" : lk_delivery_state_to_string ((LkDeliveryState) state));
}

/**
 * lk_delivery_log_find:
 * @self: a log
 * @words: what to find in license key, customer, cause or webhook id; "" for everything
 */
void
lk_delivery_log_find (LkDeliveryLog *self, const char *words)
{
  g_return_if_fail (LK_IS_DELIVERY_LOG (self));

  gtk_editable_set_text (GTK_EDITABLE (self->find), words);
  apply_filter (self);
}

/**
 * lk_delivery_log_show_run:
 * @self: a log
 * @run_id: the run whose deliveries to show, and nothing else
 */
void
lk_delivery_log_show_run (LkDeliveryLog *self, gint64 run_id)
{
  g_return_if_fail (LK_IS_DELIVERY_LOG (self));

  lk_delivery_log_clear (self);
  self->run_id = run_id;
  apply_filter (self);
  gtk_toggle_button_set_active (self->more, TRUE); /* where it can be undone */
}

/**
 * lk_delivery_log_clear:
 * @self: a log
 *
 * Shows all deliveries.
 */
void
lk_delivery_log_clear (LkDeliveryLog *self)
{
  g_return_if_fail (LK_IS_DELIVERY_LOG (self));

  self->run_id = 0;
  for (int i = 0; i < LK_N_DELIVERY_FACETS; i++)
    lk_facet_set (get_facet (self, (LkDeliveryFacet) i), "");
  gtk_editable_set_text (GTK_EDITABLE (self->find), "");
  apply_filter (self);
}

/**
 * lk_delivery_log_is_narrowed:
 * @self: a log
 *
 * Returns: whether it shows less than all deliveries
 */
gboolean
lk_delivery_log_is_narrowed (LkDeliveryLog *self)
{
  gboolean filtered;

  g_return_val_if_fail (LK_IS_DELIVERY_LOG (self), FALSE);

  filtered = *get_words (self) != '\0' || self->run_id != 0;
  for (int i = 0; i < LK_N_DELIVERY_FACETS; i++)
    filtered |= *lk_facet_get (get_facet (self, (LkDeliveryFacet) i)) != '\0';

  return filtered;
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
 * lk_delivery_log_focus_find:
 * @self: a log
 *
 * Moves the keyboard's focus to where one types what to find.
 */
void
lk_delivery_log_focus_find (LkDeliveryLog *self)
{
  g_return_if_fail (LK_IS_DELIVERY_LOG (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->find));
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
