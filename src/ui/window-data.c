/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-window"

#include "config.h"

#include <glib/gi18n.h>

#include "store/license-csv.h"
#include "ui/form.h"
#include "ui/message.h"
#include "ui/window-private.h"

/* How many refused lines of an import are told; the rest is counted. */
#define MAX_PROBLEMS 12

/* An export under way. */
typedef struct
{
  LkWindow *window;
  LkLicenseServer *server;
  LkLicenseQuery *query;
} Export;

static void
export_free (Export *self)
{
  g_object_unref (self->window);
  g_object_unref (self->server);
  g_clear_pointer (&self->query, lk_license_query_free);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Export, export_free)

/* Shows that something takes its time and can be cancelled. */
void
lk_window_begin_work (LkWindow *self, const char *text)
{
  g_clear_object (&self->work);
  self->work = g_cancellable_new ();
  lk_status_bar_show_work (self->status, text);
  lk_window_update_actions (self);
}

void
lk_window_end_work (LkWindow *self)
{
  g_clear_object (&self->work);
  lk_status_bar_show_work (self->status, NULL);
  lk_window_update_actions (self);
}

static char *
join_problems (GPtrArray *problems)
{
  GString *text = g_string_new (NULL);
  guint n_told = MIN (problems->len, MAX_PROBLEMS);

  for (guint i = 0; i < n_told; i++)
    {
      g_autofree char *sentence = lk_form_make_sentence (g_ptr_array_index (problems, i));

      g_string_append_printf (text, "%s• %s", i > 0 ? "\n" : "", sentence);
    }
  if (problems->len > n_told)
    {
      guint n_more = problems->len - n_told;

      g_string_append_c (text, '\n');
      g_string_append_printf (text, ngettext ("and %u more", "and %u more", n_more), n_more);
    }

  return g_string_free (text, FALSE);
}

static void
show_import (LkWindow *self, const LkCsvReport *report)
{
  g_autofree char *notice = NULL;
  g_autofree char *problems = NULL;

  if (report->problems->len == 0)
    {
      notice = g_strdup_printf (
          ngettext ("%'d license imported", "%'d licenses imported", (gulong) report->n_rows),
          (int) report->n_rows);
      lk_status_bar_show_notice (self->status, notice);
      return;
    }

  problems = join_problems (report->problems);
  lk_message_show (GTK_WIDGET (self), _ ("Nothing Was Imported"), problems);
}

static void
imported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkCsvReport) report =
      lk_license_csv_import_finish (LK_LICENSE_SERVER (source), result, &error);

  lk_window_end_work (self);
  if (report != NULL)
    show_import (self, report);
  else
    lk_message_show_error (GTK_WIDGET (self), _ ("The Licenses Could Not Be Imported"), error);
}

static void
import_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkWindow) self = user_data;
  g_autoptr (GFile) file = lk_message_file_finish (result, NULL);
  LkLicenseServer *server = lk_keys_page_get_server (self->keys);

  if (file == NULL || server == NULL || self->work != NULL)
    return;

  lk_window_begin_work (self, _ ("Importing licenses…"));
  lk_license_csv_import_async (server, file, self->work, imported_cb, g_object_ref (self));
}

/* Asks for a CSV file and imports it into the License Server that is shown. */
void
lk_window_import (LkWindow *self)
{
  const char *const suffixes[] = { "csv", "txt", NULL };

  lk_message_open_file_async (GTK_WIDGET (self), _ ("Import Licenses"), _ ("CSV files"), suffixes,
                              NULL, import_chosen_cb, g_object_ref (self));
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Export) export = user_data;
  LkWindow *self = export->window;
  g_autoptr (GError) error = NULL;
  g_autofree char *notice = NULL;
  gint64 n_rows = lk_license_csv_export_finish (export->server, result, &error);

  lk_window_end_work (self);
  if (n_rows < 0)
    {
      lk_message_show_error (GTK_WIDGET (self), _ ("The Licenses Could Not Be Exported"), error);
      return;
    }

  notice = g_strdup_printf (
      ngettext ("%'d license exported", "%'d licenses exported", (gulong) n_rows), (int) n_rows);
  lk_status_bar_show_notice (self->status, notice);
}

static void
export_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Export) export = user_data;
  LkWindow *self = export->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileOutputStream) stream = g_file_replace_finish (G_FILE (source), result, &error);

  if (stream == NULL)
    {
      lk_window_end_work (self);
      lk_message_show_error (GTK_WIDGET (self), _ ("The File Could Not Be Written"), error);
      return;
    }

  lk_license_csv_export_async (export->server, export->query, G_OUTPUT_STREAM (stream), self->work,
                               exported_cb, export);
  g_steal_pointer (&export);
}

static void
export_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Export) export = user_data;
  LkWindow *self = export->window;
  g_autoptr (GFile) file = lk_message_file_finish (result, NULL);

  if (file == NULL || self->work != NULL)
    return;

  lk_window_begin_work (self, _ ("Exporting licenses…"));
  /* Activation keys are worth money: the file is for its owner only. */
  g_file_replace_async (file, NULL, FALSE, G_FILE_CREATE_PRIVATE, G_PRIORITY_DEFAULT, self->work,
                        export_opened_cb, g_steal_pointer (&export));
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* A search for exactly these licenses: neighbouring ids become ranges. */
static char *
format_ids (GArray *ids)
{
  GString *text = g_string_new (NULL);

  g_array_sort (ids, compare_ids);
  for (guint i = 0; i < ids->len;)
    {
      gint64 first = g_array_index (ids, gint64, i);
      gint64 last = first;

      while (++i < ids->len && g_array_index (ids, gint64, i) == last + 1)
        last++;
      g_string_append_printf (text,
                              "%sLicenseID Between %" G_GINT64_FORMAT " And %" G_GINT64_FORMAT,
                              text->len > 0 ? " Or " : "", first, last);
    }

  return g_string_free (text, FALSE);
}

static LkLicenseQuery *
new_selection_query (LkWindow *self, GError **error)
{
  g_autoptr (GArray) ids = lk_key_selection_get_ids (lk_keys_page_get_selection (self->keys));
  g_autofree char *text = format_ids (ids);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (LkMacroContext) context = lk_macro_context_new (now, NULL);
  g_autoptr (LkClause) clause = NULL;
  LkLicenseQuery *query;

  if (ids->len == g_list_model_get_n_items (G_LIST_MODEL (lk_keys_page_get_list (self->keys))))
    return lk_keys_page_dup_query (self->keys);

  clause = lk_clause_new (text, -1, context);
  if (!lk_clause_check (clause, error))
    {
      g_prefix_error (error, "%s", _ ("the selection has too many gaps: "));
      return NULL;
    }

  query = lk_license_query_new (clause);
  query->order_by =
      lk_key_columns_get_sort (lk_keys_page_get_columns (self->keys), &query->descending);

  return query;
}

/* Asks for a file and writes what the grid shows, or what is selected of it. */
void
lk_window_export (LkWindow *self, gboolean only_selected)
{
  g_autoptr (GError) error = NULL;
  LkLicenseQuery *query =
      only_selected ? new_selection_query (self, &error) : lk_keys_page_dup_query (self->keys);
  Export *export;

  if (error != NULL)
    lk_message_show_error (GTK_WIDGET (self), _ ("The Licenses Could Not Be Exported"), error);
  if (query == NULL)
    return;

  export = g_new0 (Export, 1);
  export->window = g_object_ref (self);
  export->server = g_object_ref (lk_keys_page_get_server (self->keys));
  export->query = query;
  lk_message_save_file_async (GTK_WIDGET (self), _ ("Export Licenses"), _ ("licenses.csv"), NULL,
                              export_chosen_cb, export);
}

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  lk_window_end_work (self);
  if (!lk_license_server_write_finish (LK_LICENSE_SERVER (source), result, &error))
    lk_message_show_error (GTK_WIDGET (self), _ ("The Licenses Could Not Be Deleted"), error);
}

static GPtrArray *
new_deletions (GArray *ids)
{
  GPtrArray *changes = g_ptr_array_new_full (ids->len, (GDestroyNotify) lk_license_change_free);

  for (guint i = 0; i < ids->len; i++)
    {
      LkLicenseChange *change = lk_license_change_new (g_array_index (ids, gint64, i));

      change->is_delete = TRUE;
      g_ptr_array_add (changes, change);
    }

  return changes;
}

/* What somebody was asked about: what is selected may be more by the time of the answer. */
typedef struct
{
  LkWindow *window;
  LkLicenseServer *server;
  GPtrArray *changes;
} Deletion;

static void
deletion_free (Deletion *self)
{
  g_object_unref (self->window);
  g_object_unref (self->server);
  g_ptr_array_unref (self->changes);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Deletion, deletion_free)

static void
delete_confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Deletion) deletion = user_data;
  LkWindow *self = deletion->window;

  if (lk_message_choose_finish (result, NULL) != 1 || self->work != NULL)
    return;

  lk_window_begin_work (self, _ ("Deleting licenses…"));
  lk_license_server_write_async (deletion->server, deletion->changes, self->work, deleted_cb,
                                 g_object_ref (self));
}

/* Asks whether the selected licenses are to go, and deletes them. */
void
lk_window_delete_keys (LkWindow *self)
{
  const char *const buttons[] = { _ ("_Cancel"), _ ("_Delete"), NULL };
  g_autoptr (GArray) ids = lk_key_selection_get_ids (lk_keys_page_get_selection (self->keys));
  g_autofree char *heading = g_strdup_printf (
      ngettext ("Delete %'u License?", "Delete %'u Licenses?", ids->len), ids->len);
  Deletion *deletion = g_new0 (Deletion, 1);

  deletion->window = g_object_ref (self);
  deletion->server = g_object_ref (lk_keys_page_get_server (self->keys));
  deletion->changes = new_deletions (ids);
  lk_message_choose_async (GTK_WIDGET (self), heading,
                           _ ("This cannot be undone. Export them first to keep a copy."), buttons,
                           1, NULL, delete_confirmed_cb, deletion);
}
