/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-form"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/catalog.h"
#include "ui/choice.h"
#include "ui/form.h"
#include "ui/runs-page.h"
#include "ui/send-test.h"
#include "ui/task-advice.h"
#include "ui/task-fields.h"
#include "ui/task-form.h"
#include "ui/task-outlook.h"
#include "ui/ui-init.h"
#include "ui/webhook-page.h"
#include "ui/zone-chooser.h"

#define PAGE_RUNS 3
#define PAGE_TEST 4

struct _LkTaskForm
{
  GtkBox parent;

  LkContext *context;
  LkCatalog *catalog;
  LkTaskFields *fields;
  LkTaskOutlook *outlook;
  gboolean filling; /* the calendar is being set: that is no choice of a person */

  GtkWidget *name;
  GtkLabel *name_problem;
  GtkDropDown *server;
  GtkLabel *server_problem;
  GtkDropDown *search;
  GtkLabel *search_problem;
  GtkLabel *search_warning;
  GtkLabel *outlook_text;
  GtkWidget *every;
  GtkDropDown *unit;
  GtkLabel *every_problem;
  GtkWidget *start_date;
  GtkLabel *start_date_problem;
  GtkWidget *start_time;
  GtkLabel *start_time_problem;
  LkZoneChooser *zone;
  GtkLabel *zone_problem;
  GtkCalendar *calendar;
  GtkPopover *calendar_popover;
  GtkLabel *last_ran;
  GtkLabel *next_run;
  GtkNotebook *notebook;
  LkWebhookPage *webhook;
  GtkWidget *alert;
  GtkWidget *notes;
  LkRunsPage *runs;
  LkSendTest *test;
};

G_DEFINE_FINAL_TYPE (LkTaskForm, lk_task_form, GTK_TYPE_BOX)

static void
show_advice (LkTaskForm *self, LkTaskItem *item)
{
  const LkSearch *search =
      lk_catalog_find_search (self->catalog, lk_task_item_get_number (item, LK_TASK_FIELD_SEARCH));
  g_autofree char *advice = NULL;

  if (search != NULL)
    advice = lk_task_advice_new (item, search, lk_clock_now (lk_context_get_clock (self->context)));
  gtk_label_set_label (self->search_warning, advice != NULL ? advice : "");
  gtk_widget_set_visible (GTK_WIDGET (self->search_warning), advice != NULL);
  lk_task_outlook_show (self->outlook, item, search);
}

static void
outlook_changed_cb (LkTaskOutlook *outlook, LkTaskForm *self)
{
  const char *text = lk_task_outlook_get_text (outlook);

  g_assert (LK_IS_TASK_FORM (self));

  gtk_label_set_label (self->outlook_text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->outlook_text), *text != '\0');
}

static void
show_schedule (LkTaskForm *self, LkTaskItem *item)
{
  const LkTask *original = lk_task_item_get_original (item);
  LkInstant now = lk_clock_now (lk_context_get_clock (self->context));
  LkRecurrence recurrence;
  g_autoptr (GTimeZone) zone =
      lk_task_item_get_recurrence (item, &recurrence) ? lk_recurrence_get_zone (&recurrence) : NULL;
  g_autofree char *last = lk_form_format_instant (original->last_ran_at, zone);
  g_autofree char *next = lk_task_advice_format_next_run (item, now);

  gtk_label_set_label (self->last_ran, last);
  gtk_label_set_label (self->next_run, next);
}

static void
show_day (LkTaskForm *self, LkTaskItem *item)
{
  g_autofree char *text =
      g_strdup_printf ("%sT00:00:00Z", lk_task_item_get_text (item, LK_TASK_FIELD_START_DATE));
  g_autoptr (GDateTime) day = g_date_time_new_from_iso8601 (text, NULL);

  if (day == NULL)
    return;

  self->filling = TRUE;
  gtk_calendar_select_day (self->calendar, day);
  self->filling = FALSE;
}

static void
day_selected_cb (LkTaskForm *self)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (self->calendar);
  g_autofree char *text = g_date_time_format (day, "%Y-%m-%d");

  if (self->filling)
    return;

  lk_form_show_text (self->start_date, text);
  gtk_popover_popdown (self->calendar_popover);
}

static void
shown_cb (LkTaskFields *fields, LkTaskForm *self)
{
  LkTaskItem *item = lk_task_fields_get_item (fields);

  g_assert (LK_IS_TASK_FORM (self));

  lk_send_test_show (self->test, item);
  lk_runs_page_show (self->runs, item != NULL ? lk_draft_item_get_id (LK_DRAFT_ITEM (item)) : 0);
  if (item == NULL)
    {
      lk_task_outlook_show (self->outlook, NULL, NULL);
      return;
    }

  show_schedule (self, item);
  show_day (self, item);
  show_advice (self, item);
}

/* The choices are filled anew; the draft keeps what was chosen, whatever the drop-downs do. */
static void
catalog_changed_cb (LkCatalog *catalog, LkTaskForm *self)
{
  GPtrArray *servers = lk_catalog_get_servers (catalog);
  GPtrArray *searches = lk_catalog_get_searches (catalog);

  g_assert (LK_IS_TASK_FORM (self));

  lk_task_fields_freeze (self->fields);
  lk_choice_clear (self->server);
  for (guint i = 0; servers != NULL && i < servers->len; i++)
    {
      const LkServerProfile *profile = g_ptr_array_index (servers, i);

      lk_choice_add (self->server, profile->id, profile->name);
    }
  lk_choice_clear (self->search);
  for (guint i = 0; searches != NULL && i < searches->len; i++)
    {
      const LkSearch *search = g_ptr_array_index (searches, i);

      lk_choice_add (self->search, search->id, search->name);
    }
  lk_task_fields_thaw (self->fields);
}

static void
fill_units (LkTaskForm *self)
{
  lk_choice_set_up (self->unit);
  /* translators: the unit of "Run every N ..." */
  lk_choice_add (self->unit, LK_UNIT_MINUTE, _ ("Minutes"));
  lk_choice_add (self->unit, LK_UNIT_HOUR, _ ("Hours"));
  lk_choice_add (self->unit, LK_UNIT_DAY, _ ("Days"));
  lk_choice_add (self->unit, LK_UNIT_WEEK, _ ("Weeks"));
  lk_choice_add (self->unit, LK_UNIT_MONTH, _ ("Months"));
}

static void
tie_fields (LkTaskForm *self)
{
  LkTaskFields *fields = self->fields;

  lk_task_fields_tie (fields, self->name, LK_TASK_FIELD_NAME, self->name_problem);
  lk_task_fields_tie (fields, GTK_WIDGET (self->server), LK_TASK_FIELD_SERVER,
                      self->server_problem);
  lk_task_fields_tie (fields, GTK_WIDGET (self->search), LK_TASK_FIELD_SEARCH,
                      self->search_problem);
  lk_task_fields_tie (fields, self->every, LK_TASK_FIELD_EVERY, self->every_problem);
  lk_task_fields_tie (fields, GTK_WIDGET (self->unit), LK_TASK_FIELD_UNIT, NULL);
  lk_task_fields_tie (fields, self->start_date, LK_TASK_FIELD_START_DATE, self->start_date_problem);
  lk_task_fields_tie (fields, self->start_time, LK_TASK_FIELD_START_TIME, self->start_time_problem);
  lk_task_fields_tie (fields, lk_zone_chooser_get_entry (self->zone), LK_TASK_FIELD_ZONE,
                      self->zone_problem);
  lk_task_fields_tie (fields, self->alert, LK_TASK_FIELD_ALERT, NULL);
  lk_task_fields_tie (fields, self->notes, LK_TASK_FIELD_NOTES, NULL);
}

static void
lk_task_form_dispose (GObject *object)
{
  LkTaskForm *self = LK_TASK_FORM (object);

  if (self->fields != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->fields, self);
      g_object_run_dispose (G_OBJECT (self->fields));
    }
  g_clear_object (&self->fields);
  if (self->outlook != NULL)
    lk_task_outlook_show (self->outlook, NULL, NULL);
  g_clear_object (&self->outlook);
  g_clear_object (&self->catalog);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_task_form_parent_class)->dispose (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, LkTaskForm, child)

static void
bind_children (GtkWidgetClass *widget_class)
{
  BIND (name);
  BIND (name_problem);
  BIND (server);
  BIND (server_problem);
  BIND (search);
  BIND (search_problem);
  BIND (search_warning);
  BIND (outlook_text);
  BIND (every);
  BIND (unit);
  BIND (every_problem);
  BIND (start_date);
  BIND (start_date_problem);
  BIND (start_time);
  BIND (start_time_problem);
  BIND (zone);
  BIND (zone_problem);
  BIND (calendar);
  BIND (calendar_popover);
  BIND (last_ran);
  BIND (next_run);
  BIND (notebook);
  BIND (webhook);
  BIND (alert);
  BIND (notes);
  BIND (runs);
  BIND (test);
}

static void
lk_task_form_class_init (LkTaskFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_task_form_dispose;

  g_type_ensure (LK_TYPE_ZONE_CHOOSER);
  g_type_ensure (LK_TYPE_WEBHOOK_PAGE);
  g_type_ensure (LK_TYPE_RUNS_PAGE);
  g_type_ensure (LK_TYPE_SEND_TEST);
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/task-form.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, day_selected_cb);
}

static void
lk_task_form_init (LkTaskForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->fields = lk_task_fields_new ();
  lk_choice_set_up (self->server);
  lk_choice_set_up (self->search);
  fill_units (self);
  tie_fields (self);
  lk_form_name_pages (self->notebook);
  /* Its own name says more than the word between the date and the time, which would be added. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->start_time),
                                 GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

/**
 * lk_task_form_set_up:
 * @self: a form
 * @context: the services
 *
 * Called once.
 */
void
lk_task_form_set_up (LkTaskForm *self, LkContext *context)
{
  g_return_if_fail (self->context == NULL);

  self->context = g_object_ref (context);
  self->catalog = lk_catalog_new (context);
  g_signal_connect_object (self->catalog, "changed", G_CALLBACK (catalog_changed_cb), self, 0);
  self->outlook = lk_task_outlook_new (context);
  g_signal_connect_object (self->outlook, "changed", G_CALLBACK (outlook_changed_cb), self, 0);
  lk_webhook_page_set_up (self->webhook, context, self->fields);
  lk_runs_page_set_up (self->runs, context);
  lk_send_test_set_up (self->test, context);
  g_signal_connect_object (self->fields, "shown", G_CALLBACK (shown_cb), self, 0);
  catalog_changed_cb (self->catalog, self);
}

/**
 * lk_task_form_show:
 * @self: a form
 * @item: (nullable): what to edit from now on
 */
void
lk_task_form_show (LkTaskForm *self, LkTaskItem *item)
{
  lk_task_fields_show (self->fields, item);
}

/* Where Add starts. */
void
lk_task_form_focus_name (LkTaskForm *self)
{
  gtk_notebook_set_current_page (self->notebook, 0);
  gtk_widget_grab_focus (self->name);
}

/* Goes to the Runs tab. */
void
lk_task_form_show_runs (LkTaskForm *self)
{
  gtk_notebook_set_current_page (self->notebook, PAGE_RUNS);
}

/* Goes to the Send Test tab and sends. */
void
lk_task_form_send_test (LkTaskForm *self)
{
  gtk_notebook_set_current_page (self->notebook, PAGE_TEST);
  lk_send_test_send (self->test);
}
