/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-search-preview"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n.h>

#include "ui/catalog.h"
#include "ui/choice.h"
#include "ui/form.h"
#include "ui/message.h"
#include "ui/preview-table.h"
#include "ui/problem-list.h"
#include "ui/search-preview.h"
#include "ui/time-text.h"
#include "ui/ui-init.h"

struct _LkSearchPreview
{
  GtkBox parent;

  LkContext *context;
  LkCatalog *catalog;
  LkSqlEditor *editor;
  LkClause *clause; /* of the present text */
  const LkLicenseField *distinct_field;
  const LkLicenseField *unique_id_field;
  guint delay_id;
  GCancellable *cancellable; /* of the look that is under way; %NULL for none */

  GtkImage *status_icon;
  GtkLabel *status;
  GtkSpinner *spinner;
  GtkDropDown *server;
  LkProblemList *problems;
  GtkColumnView *table;
  GtkLabel *display_sql;
  GtkWidget *as_run;
};

G_DEFINE_FINAL_TYPE (LkSearchPreview, lk_search_preview, GTK_TYPE_BOX)

/* One look at the database: a count and the first rows. */
typedef struct
{
  LkSearchPreview *preview;
  GCancellable *cancellable;
  LkLicenseQuery *query;
  GPtrArray *rows; /* filled on a thread of the server until the scan has finished */
} Look;

static void
look_release (Look *look)
{
  g_object_unref (look->preview);
  g_object_unref (look->cancellable);
  lk_license_query_free (look->query);
  g_ptr_array_unref (look->rows);
}

static void
look_unref (Look *look)
{
  g_rc_box_release_full (look, (GDestroyNotify) look_release);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_unref)

static void
show_status (LkSearchPreview *self, const char *icon_name, const char *css_class, const char *text)
{
  gtk_image_set_from_icon_name (self->status_icon, icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->status_icon), (const char *[]){ css_class, NULL });
  gtk_label_set_label (self->status, text);
}

static void
show_failure (LkSearchPreview *self, const GError *error)
{
  g_autofree char *sentence = lk_message_format_error (error);

  show_status (self, "lk-warning-symbolic", "error", sentence);
}

static void
show_count (LkSearchPreview *self, gint64 count)
{
  g_autofree char *text =
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Valid: %'" PRId64 " license matches",
                                    "Valid: %'" PRId64 " licenses match", (gulong) count),
                       count);

  show_status (self, "lk-state-delivered-symbolic", "success", text);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Look) look = user_data;
  g_autoptr (GError) error = NULL;
  gint64 count = lk_license_server_count_finish (LK_LICENSE_SERVER (source), result, &error);

  if (g_cancellable_is_cancelled (look->cancellable))
    return;

  gtk_spinner_stop (look->preview->spinner);
  if (error != NULL)
    show_failure (look->preview, error);
  else
    show_count (look->preview, count);
}

/* On a thread of the server. */
static gboolean
take_rows (GPtrArray *licenses, gpointer user_data, GError **error)
{
  Look *look = user_data;

  for (guint i = 0; i < licenses->len && look->rows->len < LK_SEARCH_PREVIEW_ROWS; i++)
    g_ptr_array_add (look->rows, lk_license_ref (g_ptr_array_index (licenses, i)));
  if (look->rows->len < LK_SEARCH_PREVIEW_ROWS)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "enough rows");
  return FALSE;
}

/* An error of the scan is the count's error, too, which is shown. */
static void
rows_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Look) look = user_data;

  lk_license_server_scan_finish (LK_LICENSE_SERVER (source), result, NULL);
  if (!g_cancellable_is_cancelled (look->cancellable))
    lk_preview_table_show (look->preview->table, look->rows);
}

static void
server_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Look) look = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkLicenseServer) server =
      lk_context_open_server_finish (LK_CONTEXT (source), result, &error);

  if (g_cancellable_is_cancelled (look->cancellable))
    return;
  if (server == NULL)
    {
      gtk_spinner_stop (look->preview->spinner);
      show_failure (look->preview, error);
      return;
    }

  lk_license_server_count_async (server, look->query, look->cancellable, counted_cb,
                                 g_rc_box_acquire (look));
  lk_license_server_scan_async (server, look->query, LK_SEARCH_PREVIEW_ROWS, take_rows, look,
                                look->cancellable, rows_read_cb, g_rc_box_acquire (look));
}

static Look *
look_new (LkSearchPreview *self)
{
  Look *look = g_rc_box_new0 (Look);

  look->preview = g_object_ref (self);
  look->cancellable = g_object_ref (self->cancellable);
  look->query = lk_license_query_new (self->clause);
  look->query->distinct_field = self->distinct_field;
  look->query->unique_id_field = self->unique_id_field;
  look->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_license_unref);
  return look;
}

static gboolean
look_cb (gpointer user_data)
{
  LkSearchPreview *self = user_data;
  gint64 server_id = lk_choice_get (self->server);

  g_assert (LK_IS_SEARCH_PREVIEW (self));

  self->delay_id = 0;
  self->cancellable = g_cancellable_new ();
  lk_context_open_server_async (self->context, server_id, self->cancellable, server_opened_cb,
                                look_new (self));
  return G_SOURCE_REMOVE;
}

static void
stop_looking (LkSearchPreview *self)
{
  g_clear_handle_id (&self->delay_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_spinner_stop (self->spinner);
}

static void
look_soon (LkSearchPreview *self)
{
  stop_looking (self);
  if (!lk_clause_is_valid (self->clause))
    {
      lk_preview_table_show (self->table, NULL);
      show_status (self, "lk-warning-symbolic", "error", _ ("Not valid yet"));
    }
  else if (lk_choice_get (self->server) == 0)
    show_status (self, "lk-warning-symbolic", "warning",
                 _ ("Valid. Choose a License Server to count what matches."));
  else
    {
      show_status (self, "lk-state-delivered-symbolic", "success", _ ("Valid: counting…"));
      gtk_spinner_start (self->spinner);
      self->delay_id = g_timeout_add (LK_SEARCH_PREVIEW_DELAY_MS, look_cb, self);
    }
}

static void
check_text (LkSearchPreview *self)
{
  g_autoptr (LkMacroContext) macros =
      lk_time_new_macro_context (lk_context_get_clock (self->context));
  GPtrArray *problems;

  g_clear_pointer (&self->clause, lk_clause_unref);
  self->clause = lk_clause_new (lk_sql_editor_get_text (self->editor), -1, macros);
  problems = lk_clause_get_problems (self->clause);
  lk_sql_editor_set_problems (self->editor, problems);
  lk_problem_list_show (self->problems, self->editor, problems);
  gtk_widget_set_visible (self->as_run, lk_clause_is_valid (self->clause));
  if (lk_clause_is_valid (self->clause))
    gtk_label_set_label (self->display_sql, lk_clause_get_display_sql (self->clause));
  look_soon (self);
}

static void
editor_changed_cb (LkSqlEditor *editor, LkSearchPreview *self)
{
  g_assert (LK_IS_SEARCH_PREVIEW (self));

  check_text (self);
}

static void
server_changed_cb (LkSearchPreview *self)
{
  if (self->clause != NULL)
    look_soon (self);
}

static void
catalog_changed_cb (LkCatalog *catalog, LkSearchPreview *self)
{
  gint64 chosen = lk_choice_get (self->server);
  GPtrArray *servers = lk_catalog_get_servers (catalog);
  const LkServerProfile *standard = lk_catalog_get_default_server (catalog);

  g_assert (LK_IS_SEARCH_PREVIEW (self));

  g_signal_handlers_block_by_func (self->server, server_changed_cb, self);
  lk_choice_clear (self->server);
  for (guint i = 0; servers != NULL && i < servers->len; i++)
    {
      const LkServerProfile *profile = g_ptr_array_index (servers, i);

      lk_choice_add (self->server, profile->id, profile->name);
    }
  lk_choice_set (self->server, lk_catalog_find_server (catalog, chosen) != NULL ? chosen
                               : standard != NULL                               ? standard->id
                                                                                : 0);
  g_signal_handlers_unblock_by_func (self->server, server_changed_cb, self);
  if (lk_choice_get (self->server) != chosen)
    server_changed_cb (self);
}

static void
lk_search_preview_dispose (GObject *object)
{
  LkSearchPreview *self = LK_SEARCH_PREVIEW (object);

  if (self->spinner != NULL)
    stop_looking (self);
  G_OBJECT_CLASS (lk_search_preview_parent_class)->dispose (object);
}

static void
lk_search_preview_finalize (GObject *object)
{
  LkSearchPreview *self = LK_SEARCH_PREVIEW (object);

  g_clear_pointer (&self->clause, lk_clause_unref);
  g_clear_object (&self->catalog);
  g_clear_object (&self->editor);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_search_preview_parent_class)->finalize (object);
}

static void
lk_search_preview_class_init (LkSearchPreviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_search_preview_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_search_preview_finalize;

  g_type_ensure (LK_TYPE_PROBLEM_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/search-preview.ui");
  gtk_widget_class_bind_template_child (widget_class, LkSearchPreview, status_icon);
  gtk_widget_class_bind_template_child (widget_class, LkSearchPreview, status);
  gtk_widget_class_bind_template_child (widget_class, LkSearchPreview, spinner);
  gtk_widget_class_bind_template_child (widget_class, LkSearchPreview, server);
  gtk_widget_class_bind_template_child (widget_class, LkSearchPreview, problems);
  gtk_widget_class_bind_template_child (widget_class, LkSearchPreview, table);
  gtk_widget_class_bind_template_child (widget_class, LkSearchPreview, display_sql);
  gtk_widget_class_bind_template_child (widget_class, LkSearchPreview, as_run);
  gtk_widget_class_bind_template_callback (widget_class, server_changed_cb);
}

static void
lk_search_preview_init (LkSearchPreview *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lk_choice_set_up (self->server);
  lk_preview_table_set_up (self->table);
  lk_form_name_expander (GTK_EXPANDER (self->as_run));
  /* Its own name says more than the label before it, which would be added. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->server),
                                 GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

/**
 * lk_search_preview_set_up:
 * @self: a preview
 * @context: the services
 * @editor: whose text to look at
 *
 * Called once.
 */
void
lk_search_preview_set_up (LkSearchPreview *self, LkContext *context, LkSqlEditor *editor)
{
  g_return_if_fail (self->context == NULL);

  self->context = g_object_ref (context);
  self->editor = g_object_ref (editor);
  g_signal_connect_object (editor, "changed", G_CALLBACK (editor_changed_cb), self, 0);
  self->catalog = lk_catalog_new (context);
  g_signal_connect_object (self->catalog, "changed", G_CALLBACK (catalog_changed_cb), self, 0);
  catalog_changed_cb (self->catalog, self);
  check_text (self);
}

/**
 * lk_search_preview_set_fields:
 * @self: a preview
 * @distinct_field: the column of which each value counts once; "" for none
 * @unique_id_field: the column that picks the license of a value; "" for none
 */
void
lk_search_preview_set_fields (LkSearchPreview *self, const char *distinct_field,
                              const char *unique_id_field)
{
  const LkLicenseField *distinct = lk_license_field_find (distinct_field);
  const LkLicenseField *unique_id = lk_license_field_find (unique_id_field);

  if (distinct == self->distinct_field && unique_id == self->unique_id_field)
    return;

  self->distinct_field = distinct;
  self->unique_id_field = unique_id;
  if (self->clause != NULL)
    look_soon (self);
}
