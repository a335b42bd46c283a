/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-server-form"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n.h>

#include "ui/form.h"
#include "ui/message.h"
#include "ui/server-form.h"
#include "ui/server-test.h"
#include "ui/ui-init.h"

struct _LkServerForm
{
  GtkBox parent;

  LkContext *context;
  LkDraftList *list;
  LkServerItem *item; /* (nullable) */
  gulong item_changed_id;
  gboolean showing;
  GCancellable *cancellable; /* of the test or the choice of a file for the item that is shown */

  GtkWidget *name;
  GtkLabel *name_problem;
  GtkWidget *database;
  GtkLabel *database_problem;
  GtkWidget *is_default;
  GtkWidget *test_button;
  GtkSpinner *spinner;
  GtkImage *verdict_icon;
  GtkLabel *verdict;
};

G_DEFINE_FINAL_TYPE (LkServerForm, lk_server_form, GTK_TYPE_BOX)

static void
show_verdict (LkServerForm *self, gboolean good, const char *text)
{
  gtk_image_set_from_icon_name (self->verdict_icon,
                                good ? "lk-state-delivered-symbolic" : "lk-warning-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (self->verdict_icon),
                              (const char *[]){ good ? "success" : "error", NULL });
  gtk_widget_set_visible (GTK_WIDGET (self->verdict_icon), text[0] != '\0');
  gtk_label_set_label (self->verdict, text);
}

static void
show_failure (LkServerForm *self, const GError *error)
{
  g_autofree char *sentence = lk_message_format_error (error);

  show_verdict (self, FALSE, sentence);
}

static void
set_busy (LkServerForm *self, gboolean busy)
{
  gtk_widget_set_sensitive (self->test_button, !busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
}

/* What was under way belonged to another server or another path. */
static void
stop (LkServerForm *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  set_busy (self, FALSE);
  show_verdict (self, TRUE, "");
}

static void
tested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkServerForm) self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 count = lk_server_test_finish (result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->list == NULL)
    return;

  set_busy (self, FALSE);
  if (error != NULL)
    {
      show_failure (self, error);
      return;
    }

  text =
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "It opens, and holds %'" PRId64 " license.",
                                    "It opens, and holds %'" PRId64 " licenses.", (gulong) count),
                       count);
  show_verdict (self, TRUE, text);
}

static void
test_clicked_cb (LkServerForm *self)
{
  if (self->item == NULL)
    return;

  stop (self);
  set_busy (self, TRUE);
  lk_server_test_async (self->context, lk_server_item_get_profile (self->item), self->cancellable,
                        tested_cb, g_object_ref (self));
}

static void
name_changed_cb (LkServerForm *self)
{
  if (!self->showing && self->item != NULL)
    lk_server_item_set_name (self->item, gtk_editable_get_text (GTK_EDITABLE (self->name)));
}

static void
database_changed_cb (LkServerForm *self)
{
  if (self->showing || self->item == NULL)
    return;

  stop (self);
  lk_server_item_set_database (self->item, gtk_editable_get_text (GTK_EDITABLE (self->database)));
}

/* There is always one default, so it is given to another server and never just taken away. */
static void
default_toggled_cb (LkServerForm *self)
{
  GListModel *items = lk_draft_list_get_model (self->list);

  if (self->showing || self->item == NULL)
    return;

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (LkServerItem) other = g_list_model_get_item (items, i);

      lk_server_item_set_default (other, other == self->item);
    }
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkServerForm) self = user_data;
  g_autoptr (GFile) file = lk_message_file_finish (result, NULL);
  const char *path = file != NULL ? g_file_peek_path (file) : NULL;

  /* Choosing none is no error. */
  if (path != NULL && self->item != NULL)
    lk_form_show_text (self->database, path);
}

static void
browse_clicked_cb (LkServerForm *self)
{
  static const char *const suffixes[] = { "db", "sqlite", "sqlite3", NULL };

  lk_message_open_file_async (GTK_WIDGET (self), _ ("Choose a License Database"),
                              _ ("SQLite databases"), suffixes, self->cancellable, chosen_cb,
                              g_object_ref (self));
}

typedef struct
{
  LkServerForm *form;
  char *path;
} Creation;

static void
creation_free (Creation *creation)
{
  g_object_unref (creation->form);
  g_free (creation->path);
  g_free (creation);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Creation, creation_free)

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Creation) creation = user_data;
  LkServerForm *self = creation->form;
  g_autoptr (GError) error = NULL;

  if (lk_db_pool_is_outdated (result))
    return;
  if (!lk_server_create_finish (self->context, result, &error))
    {
      show_failure (self, error);
      return;
    }

  lk_form_show_text (self->database, creation->path);
  test_clicked_cb (self);
}

static void
place_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkServerForm) self = user_data;
  g_autoptr (GFile) file = lk_message_file_finish (result, NULL);
  Creation *creation;

  if (file == NULL || g_file_peek_path (file) == NULL || self->item == NULL)
    return;

  creation = g_new0 (Creation, 1);
  creation->form = g_object_ref (self);
  creation->path = g_file_get_path (file);
  lk_server_create_async (self->context, creation->path, self->cancellable, created_cb, creation);
}

static void
create_clicked_cb (LkServerForm *self)
{
  lk_message_save_file_async (GTK_WIDGET (self), _ ("Create a License Database"), "licenses.db",
                              self->cancellable, place_chosen_cb, g_object_ref (self));
}

static void
show_item (LkServerForm *self)
{
  const LkServerProfile *profile = lk_server_item_get_profile (self->item);
  g_autofree char *database = lk_server_item_get_database (self->item);
  g_autoptr (GPtrArray) problems = lk_draft_item_get_problems (LK_DRAFT_ITEM (self->item));

  self->showing = TRUE;
  lk_form_show_text (self->name, profile->name);
  lk_form_show_text (self->database, database);
  lk_form_show_flag (self->is_default, profile->is_default);
  gtk_widget_set_sensitive (self->is_default, !profile->is_default);
  lk_form_show_problem (self->name_problem, self->name, problems, LK_SERVER_FIELD_NAME);
  lk_form_show_problem (self->database_problem, self->database, problems, LK_SERVER_FIELD_URI);
  gtk_widget_set_sensitive (self->test_button,
                            lk_draft_problems_find (problems, LK_SERVER_FIELD_URI) == NULL
                                && !gtk_spinner_get_spinning (self->spinner));
  self->showing = FALSE;
}

static void
show_nothing (LkServerForm *self)
{
  self->showing = TRUE;
  lk_form_show_text (self->name, "");
  lk_form_show_text (self->database, "");
  lk_form_show_flag (self->is_default, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->name_problem), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->database_problem), FALSE);
  self->showing = FALSE;
}

static void
item_changed_cb (LkDraftItem *item, LkServerForm *self)
{
  g_assert (LK_IS_SERVER_FORM (self));

  show_item (self);
}

static void
forget_item (LkServerForm *self)
{
  if (self->item != NULL)
    g_clear_signal_handler (&self->item_changed_id, self->item);
  g_clear_object (&self->item);
}

static void
lk_server_form_dispose (GObject *object)
{
  LkServerForm *self = LK_SERVER_FORM (object);

  g_cancellable_cancel (self->cancellable);
  forget_item (self);
  g_clear_object (&self->list);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_server_form_parent_class)->dispose (object);
}

static void
lk_server_form_finalize (GObject *object)
{
  g_clear_object (&LK_SERVER_FORM (object)->cancellable);
  G_OBJECT_CLASS (lk_server_form_parent_class)->finalize (object);
}

#define BIND(child)        gtk_widget_class_bind_template_child (widget_class, LkServerForm, child)
#define CALLBACK(callback) gtk_widget_class_bind_template_callback (widget_class, callback)

static void
lk_server_form_class_init (LkServerFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_server_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_server_form_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/server-form.ui");
  BIND (name);
  BIND (name_problem);
  BIND (database);
  BIND (database_problem);
  BIND (is_default);
  BIND (test_button);
  BIND (spinner);
  BIND (verdict_icon);
  BIND (verdict);
  CALLBACK (name_changed_cb);
  CALLBACK (database_changed_cb);
  CALLBACK (default_toggled_cb);
  CALLBACK (browse_clicked_cb);
  CALLBACK (create_clicked_cb);
  CALLBACK (test_clicked_cb);
}

static void
lk_server_form_init (LkServerForm *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lk_server_form_set_up:
 * @self: a form
 * @context: the services
 * @list: the other servers, of which one is the default
 *
 * Called once.
 */
void
lk_server_form_set_up (LkServerForm *self, LkContext *context, LkDraftList *list)
{
  g_return_if_fail (self->context == NULL);

  self->context = g_object_ref (context);
  self->list = g_object_ref (list);
}

/**
 * lk_server_form_show:
 * @self: a form
 * @item: (nullable): what to edit from now on
 */
void
lk_server_form_show (LkServerForm *self, LkServerItem *item)
{
  stop (self);
  forget_item (self);
  if (item == NULL)
    {
      show_nothing (self);
      return;
    }

  self->item = g_object_ref (item);
  self->item_changed_id = g_signal_connect (item, "changed", G_CALLBACK (item_changed_cb), self);
  show_item (self);
}

/* Where Add starts. */
void
lk_server_form_focus_name (LkServerForm *self)
{
  gtk_widget_grab_focus (self->name);
}
