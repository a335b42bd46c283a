/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-status-bar"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/status-bar.h"
#include "ui/time-text.h"
#include "ui/ui-init.h"

/* How long a notice stays, in seconds. */
#define NOTICE_S 10

struct _LkStatusBar
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *search;
  GtkLabel *matches;
  GtkWidget *work;
  GtkLabel *work_label;
  GtkWidget *attention;
  GtkWidget *trouble;
  GtkLabel *trouble_label;
  GtkLabel *next;
  GtkLabel *holder;
  GtkLabel *notice;
  guint notice_source;

  LkContext *context;
  LkCatalog *catalog;
};

G_DEFINE_FINAL_TYPE (LkStatusBar, lk_status_bar, GTK_TYPE_WIDGET)

static char *
describe_holder (LkContext *context)
{
  const LkLease *lease = lk_context_get_lease (context);
  const char *host = lease->host != NULL ? lease->host : "";

  if (lk_context_holds_lease (context))
    return g_strdup (_ ("This console runs scheduled tasks"));
  if (!lk_lease_is_alive (lease, lk_clock_now (lk_context_get_clock (context))))
    return g_strdup (_ ("Nobody runs scheduled tasks"));
  if (lease->kind == LK_HOLDER_AGENT)
    /* translators: %s is the name of a computer */
    return g_strdup_printf (_ ("Agent on %s is running tasks"), host);

  /* translators: %s is the name of a computer */
  return g_strdup_printf (_ ("Another console on %s is running tasks"), host);
}

static char *
describe_next (LkStatusBar *self, gboolean in_full)
{
  const LkTask *task = lk_catalog_get_next_task (self->catalog);
  g_autofree char *when = NULL;

  if (task == NULL)
    return g_strdup (_ ("No task is due"));

  if (in_full)
    when = lk_time_format_long (task->next_due_at);
  else
    when = lk_time_format (task->next_due_at, lk_clock_now (lk_context_get_clock (self->context)));

  /* translators: the name of a task, then when it runs next */
  return g_strdup_printf (_ ("Next: %s, %s"), task->name, when);
}

static void
update_next (LkStatusBar *self)
{
  g_autofree char *next = describe_next (self, FALSE);
  g_autofree char *tooltip = describe_next (self, TRUE);

  gtk_label_set_text (self->next, next);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->next), tooltip);
}

static void
lease_changed_cb (LkContext *context, GParamSpec *pspec, LkStatusBar *self)
{
  g_autofree char *holder = describe_holder (context);

  g_assert (LK_IS_STATUS_BAR (self));

  gtk_label_set_text (self->holder, holder);
}

static void
trouble_changed_cb (LkContext *context, GParamSpec *pspec, LkStatusBar *self)
{
  const char *trouble = lk_context_get_trouble (context);

  g_assert (LK_IS_STATUS_BAR (self));

  gtk_label_set_text (self->trouble_label, trouble != NULL ? trouble : "");
  gtk_widget_set_tooltip_text (self->trouble, trouble);
  gtk_widget_set_visible (self->trouble, trouble != NULL);
}

static void
catalog_changed_cb (LkCatalog *catalog, LkStatusBar *self)
{
  g_assert (LK_IS_STATUS_BAR (self));

  update_next (self);
}

static void
attention_changed_cb (LkAttention *attention, LkStatusBar *self)
{
  g_autofree char *need = lk_attention_describe (attention);

  g_assert (LK_IS_STATUS_BAR (self));

  gtk_button_set_label (GTK_BUTTON (self->attention), need != NULL ? need : "");
  gtk_widget_set_visible (self->attention, need != NULL);
}

static gboolean
notice_over_cb (gpointer user_data)
{
  LkStatusBar *self = user_data;

  self->notice_source = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->notice), FALSE);

  return G_SOURCE_REMOVE;
}

static void
lk_status_bar_dispose (GObject *object)
{
  LkStatusBar *self = LK_STATUS_BAR (object);

  g_clear_handle_id (&self->notice_source, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->catalog);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (lk_status_bar_parent_class)->dispose (object);
}

static void
lk_status_bar_class_init (LkStatusBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_status_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/status-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LkStatusBar, attention);
  gtk_widget_class_bind_template_child (widget_class, LkStatusBar, box);
  gtk_widget_class_bind_template_child (widget_class, LkStatusBar, search);
  gtk_widget_class_bind_template_child (widget_class, LkStatusBar, matches);
  gtk_widget_class_bind_template_child (widget_class, LkStatusBar, work);
  gtk_widget_class_bind_template_child (widget_class, LkStatusBar, work_label);
  gtk_widget_class_bind_template_child (widget_class, LkStatusBar, trouble);
  gtk_widget_class_bind_template_child (widget_class, LkStatusBar, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, LkStatusBar, next);
  gtk_widget_class_bind_template_child (widget_class, LkStatusBar, notice);
  gtk_widget_class_bind_template_child (widget_class, LkStatusBar, holder);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
lk_status_bar_init (LkStatusBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lk_status_bar_set_up:
 * @self: a status bar as its template left it
 * @context: the services over the workspace
 * @catalog: its tasks
 * @attention: what needs a person
 *
 * Brings the bar to life. Called once.
 */
void
lk_status_bar_set_up (LkStatusBar *self, LkContext *context, LkCatalog *catalog,
                      LkAttention *attention)
{
  g_return_if_fail (LK_IS_STATUS_BAR (self) && self->context == NULL);

  self->context = g_object_ref (context);
  self->catalog = g_object_ref (catalog);
  g_signal_connect_object (context, "notify::lease", G_CALLBACK (lease_changed_cb), self, 0);
  g_signal_connect_object (context, "notify::trouble", G_CALLBACK (trouble_changed_cb), self, 0);
  g_signal_connect_object (catalog, "changed", G_CALLBACK (catalog_changed_cb), self, 0);
  g_signal_connect_object (attention, "changed", G_CALLBACK (attention_changed_cb), self, 0);
  attention_changed_cb (attention, self);
  lease_changed_cb (context, NULL, self);
  trouble_changed_cb (context, NULL, self);
  update_next (self);
}

/**
 * lk_status_bar_show_grid:
 * @self: a status bar
 * @search: which search fills the grid
 * @matches: how many licenses match and how many are selected
 */
void
lk_status_bar_show_grid (LkStatusBar *self, const char *search, const char *matches)
{
  g_return_if_fail (LK_IS_STATUS_BAR (self));

  gtk_label_set_text (self->search, search);
  gtk_label_set_text (self->matches, matches);
}

/**
 * lk_status_bar_show_notice:
 * @self: a status bar
 * @notice: what has just been done; it goes away by itself
 */
void
lk_status_bar_show_notice (LkStatusBar *self, const char *notice)
{
  g_return_if_fail (LK_IS_STATUS_BAR (self));

  gtk_label_set_text (self->notice, notice);
  gtk_widget_set_visible (GTK_WIDGET (self->notice), TRUE);
  g_clear_handle_id (&self->notice_source, g_source_remove);
  self->notice_source = g_timeout_add_seconds (NOTICE_S, notice_over_cb, self);
}

/**
 * lk_status_bar_show_work:
 * @self: a status bar
 * @work: (nullable): what is going on, with a button that cancels it; %NULL when it is over
 */
void
lk_status_bar_show_work (LkStatusBar *self, const char *work)
{
  g_return_if_fail (LK_IS_STATUS_BAR (self));

  gtk_widget_set_visible (self->work, work != NULL);
  gtk_label_set_text (self->work_label, work != NULL ? work : "");
}
