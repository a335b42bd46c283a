/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-webhook-page"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/choice.h"
#include "ui/form.h"
#include "ui/message.h"
#include "ui/policy-row.h"
#include "ui/secret-row.h"
#include "ui/ui-init.h"
#include "ui/webhook-page.h"

#define MINUTES_OF_A_DAY (24 * 60)

struct _LkWebhookPage
{
  GtkBox parent;

  LkTaskFields *fields;
  LkKeyring *keyring;
  gboolean showing;          /* what changes is shown, not chosen */
  GCancellable *cancellable; /* of choosing a file */

  GtkWidget *enabled;
  GtkWidget *details;
  GtkWidget *url;
  GtkLabel *url_problem;
  LkSecretRow *secret;
  GtkLabel *secret_problem;
  GtkWidget *use_keyring;
  GtkLabel *secret_place;
  GtkWidget *overlap_row;
  GtkDropDown *overlap;
  GtkWidget *user_data;
  GtkLabel *user_data_problem;
  LkPolicyRow *send_row;
  GtkWidget *baseline;
  GtkExpander *advanced;
  GtkWidget *standard_webhooks;
  GtkWidget *concurrency;
  GtkLabel *concurrency_problem;
  GtkWidget *rate;
  GtkWidget *connect_timeout;
  GtkWidget *answer_timeout;
  GtkWidget *proxy;
  GtkLabel *proxy_problem;
  GtkWidget *headers;
  GtkLabel *headers_problem;
  GtkWidget *ca_file;
  GtkLabel *ca_file_problem;
  GtkWidget *client_certificate;
  GtkLabel *client_certificate_problem;
  GtkWidget *at_most_once;
};

G_DEFINE_FINAL_TYPE (LkWebhookPage, lk_webhook_page, GTK_TYPE_BOX)

static void
show_baseline (LkWebhookPage *self, LkTaskItem *item)
{
  gtk_widget_set_visible (self->baseline, lk_task_item_can_have_baseline (item));
  lk_form_show_flag (self->baseline, lk_task_item_get_baseline (item));
}

static void
baseline_toggled_cb (LkWebhookPage *self)
{
  LkTaskItem *item = self->fields != NULL ? lk_task_fields_get_item (self->fields) : NULL;

  /* While it is hidden it says nothing. */
  if (item != NULL && lk_task_item_can_have_baseline (item))
    lk_task_item_set_baseline (item,
                               gtk_check_button_get_active (GTK_CHECK_BUTTON (self->baseline)));
}

static void
fill_overlaps (LkWebhookPage *self)
{
  static const int days[] = { 1, 3, 7, 30 };

  /* translators: for how long an old secret stays valid */
  lk_choice_add (self->overlap, 0, _ ("no time"));
  for (gsize i = 0; i < G_N_ELEMENTS (days); i++)
    {
      g_autofree char *title =
          g_strdup_printf (ngettext ("%d day", "%d days", (gulong) days[i]), days[i]);

      lk_choice_add (self->overlap, days[i] * MINUTES_OF_A_DAY, title);
    }
}

/* Only a new secret has an old one beside it. */
static void
show_overlap (LkWebhookPage *self, LkTaskItem *item)
{
  gboolean has_old = lk_task_item_get_original (item)->has_secret;
  const char *typed = lk_task_item_get_text (item, LK_TASK_FIELD_SECRET);

  lk_choice_set (self->overlap, lk_task_item_get_number (item, LK_TASK_FIELD_OVERLAP));
  gtk_widget_set_visible (self->overlap_row, has_old && typed != NULL);
}

static void
overlap_changed_cb (LkWebhookPage *self)
{
  LkTaskItem *item = self->fields != NULL ? lk_task_fields_get_item (self->fields) : NULL;

  if (!self->showing && item != NULL)
    lk_task_item_set_number (item, LK_TASK_FIELD_OVERLAP, lk_choice_get (self->overlap));
}

static const char *
describe_secret_place (LkWebhookPage *self, LkTaskItem *item)
{
  const LkTask *task = lk_task_item_get_original (item);
  gboolean wanted = lk_task_item_get_flag (item, LK_TASK_FIELD_USE_KEYRING);

  if (task->has_secret && task->secret_in_keyring)
    return wanted ? _ ("It is in the keyring: an agent reads it only while that is unlocked")
                  : _ ("It is in the keyring and moves into the workspace file");
  if (wanted)
    return lk_keyring_is_open (self->keyring)
               ? _ ("It moves into the keyring when the task is saved")
               : _ ("It is in the workspace file until a keyring is open");

  return _ ("It is in the workspace file, which only you can read");
}

static void
show_secret_place (LkWebhookPage *self, LkTaskItem *item)
{
  gboolean wanted = lk_task_item_get_flag (item, LK_TASK_FIELD_USE_KEYRING);

  gtk_label_set_label (self->secret_place, describe_secret_place (self, item));
  gtk_widget_set_visible (self->use_keyring, wanted || lk_keyring_is_open (self->keyring));
}

static void
found_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkWebhookPage) self = user_data;
  LkTaskItem *item;

  lk_keyring_find_out_finish (LK_KEYRING (source), result, NULL);
  item = self->fields != NULL ? lk_task_fields_get_item (self->fields) : NULL;
  if (item != NULL)
    show_secret_place (self, item);
}

static void
shown_cb (LkTaskFields *fields, LkWebhookPage *self)
{
  LkTaskItem *item = lk_task_fields_get_item (fields);
  g_autoptr (GPtrArray) problems = NULL;

  g_assert (LK_IS_WEBHOOK_PAGE (self));

  lk_secret_row_show (self->secret, item);
  lk_policy_row_show (self->send_row, item);
  if (item == NULL)
    return;

  show_baseline (self, item);
  problems = lk_draft_item_get_problems (LK_DRAFT_ITEM (item));
  self->showing = TRUE;
  show_overlap (self, item);
  self->showing = FALSE;
  show_secret_place (self, item);
  lk_form_show_problem (self->secret_problem, lk_secret_row_get_entry (self->secret), problems,
                        LK_TASK_FIELD_SECRET);
  gtk_widget_set_sensitive (self->details,
                            lk_task_item_get_flag (item, LK_TASK_FIELD_WEBHOOK_ENABLED));
}

static void
file_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) entry = user_data;
  g_autoptr (GFile) file = lk_message_file_finish (result, NULL);
  const char *path = file != NULL ? g_file_peek_path (file) : NULL;

  /* Choosing none is no error. */
  if (path != NULL)
    lk_form_show_text (entry, path);
}

static void
browse_clicked_cb (GtkWidget *entry)
{
  static const char *const suffixes[] = { "pem", "crt", "cer", NULL };
  LkWebhookPage *self = LK_WEBHOOK_PAGE (gtk_widget_get_ancestor (entry, LK_TYPE_WEBHOOK_PAGE));

  lk_message_open_file_async (entry, _ ("Choose a PEM File"), _ ("PEM files"), suffixes,
                              self->cancellable, file_chosen_cb, g_object_ref (entry));
}

static void
lk_webhook_page_dispose (GObject *object)
{
  LkWebhookPage *self = LK_WEBHOOK_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->keyring);
  g_clear_object (&self->fields);
  G_OBJECT_CLASS (lk_webhook_page_parent_class)->dispose (object);
}

static void
lk_webhook_page_finalize (GObject *object)
{
  g_clear_object (&LK_WEBHOOK_PAGE (object)->cancellable);
  G_OBJECT_CLASS (lk_webhook_page_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, LkWebhookPage, child)

static void
bind_children (GtkWidgetClass *widget_class)
{
  BIND (advanced);
  BIND (enabled);
  BIND (details);
  BIND (url);
  BIND (url_problem);
  BIND (secret);
  BIND (secret_problem);
  BIND (use_keyring);
  BIND (secret_place);
  BIND (overlap_row);
  BIND (overlap);
  BIND (user_data);
  BIND (user_data_problem);
  BIND (send_row);
  BIND (baseline);
  BIND (standard_webhooks);
  BIND (concurrency);
  BIND (concurrency_problem);
  BIND (rate);
  BIND (connect_timeout);
  BIND (answer_timeout);
  BIND (proxy);
  BIND (proxy_problem);
  BIND (headers);
  BIND (headers_problem);
  BIND (ca_file);
  BIND (ca_file_problem);
  BIND (client_certificate);
  BIND (client_certificate_problem);
  BIND (at_most_once);
}

static void
lk_webhook_page_class_init (LkWebhookPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_webhook_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_webhook_page_finalize;

  g_type_ensure (LK_TYPE_SECRET_ROW);
  g_type_ensure (LK_TYPE_POLICY_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/webhook-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, baseline_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, overlap_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, browse_clicked_cb);
}

static void
lk_webhook_page_init (LkWebhookPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->showing = TRUE;
  lk_choice_set_up (self->overlap);
  fill_overlaps (self);
  self->showing = FALSE;
  lk_form_name_expander (self->advanced);
}

/**
 * lk_webhook_page_set_up:
 * @self: a page
 * @context: the services
 * @fields: what shows the task
 *
 * Called once.
 */
void
lk_webhook_page_set_up (LkWebhookPage *self, LkContext *context, LkTaskFields *fields)
{
  g_return_if_fail (self->fields == NULL);

  self->fields = g_object_ref (fields);
  self->keyring = g_object_ref (lk_context_get_keyring (context));
  lk_secret_row_set_context (self->secret, context);
  lk_task_fields_tie (fields, self->enabled, LK_TASK_FIELD_WEBHOOK_ENABLED, NULL);
  lk_task_fields_tie (fields, self->url, LK_TASK_FIELD_URL, self->url_problem);
  lk_task_fields_tie (fields, self->user_data, LK_TASK_FIELD_USER_DATA, self->user_data_problem);
  lk_task_fields_tie (fields, self->standard_webhooks, LK_TASK_FIELD_STANDARD_WEBHOOKS, NULL);
  lk_task_fields_tie (fields, self->concurrency, LK_TASK_FIELD_CONCURRENCY,
                      self->concurrency_problem);
  lk_task_fields_tie (fields, self->rate, LK_TASK_FIELD_RATE_LIMIT, NULL);
  lk_task_fields_tie (fields, self->connect_timeout, LK_TASK_FIELD_CONNECT_TIMEOUT, NULL);
  lk_task_fields_tie (fields, self->answer_timeout, LK_TASK_FIELD_ANSWER_TIMEOUT, NULL);
  lk_task_fields_tie (fields, self->proxy, LK_TASK_FIELD_PROXY, self->proxy_problem);
  lk_task_fields_tie (fields, self->headers, LK_TASK_FIELD_HEADERS, self->headers_problem);
  lk_task_fields_tie (fields, self->ca_file, LK_TASK_FIELD_CA_FILE, self->ca_file_problem);
  lk_task_fields_tie (fields, self->client_certificate, LK_TASK_FIELD_CLIENT_CERTIFICATE,
                      self->client_certificate_problem);
  lk_task_fields_tie (fields, self->use_keyring, LK_TASK_FIELD_USE_KEYRING, NULL);
  lk_task_fields_tie (fields, self->at_most_once, LK_TASK_FIELD_AT_MOST_ONCE, NULL);
  g_signal_connect_object (fields, "shown", G_CALLBACK (shown_cb), self, 0);
  lk_keyring_find_out_async (self->keyring, NULL, found_out_cb, g_object_ref (self));
}
