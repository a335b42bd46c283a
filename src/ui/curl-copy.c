/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-curl-copy"

#include "config.h"

#include <glib/gi18n.h>

#include "core/curl-command.h"
#include "core/error.h"
#include "store/delivery-store.h"
#include "store/retention.h"
#include "ui/curl-copy.h"
#include "ui/form.h"
#include "ui/message.h"

/* Thread: a pool thread. */
static gpointer
write_command_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  gint64 id = *(gint64 *) data;
  g_autoptr (LkDelivery) delivery = lk_delivery_store_get (db, id, error);
  g_autoptr (GPtrArray) attempts =
      delivery != NULL ? lk_delivery_store_list_attempts (db, id, error) : NULL;
  g_autofree char *gone = NULL;

  if (attempts == NULL)
    return NULL;

  gone = lk_retention_describe_body (delivery);
  if (gone != NULL)
    {
      g_set_error_literal (error, LK_ERROR, LK_ERROR_NOT_FOUND, gone);
      return NULL;
    }

  return lk_curl_command_new (
      delivery, attempts->len > 0 ? g_ptr_array_index (attempts, attempts->len - 1) : NULL);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *command = lk_db_pool_finish (LK_DB_POOL (source), result, &error);

  if (command != NULL)
    lk_form_copy (widget, command);
  else
    lk_message_show_error (widget, _ ("The Command Could Not Be Copied"), error);
}

/**
 * lk_curl_copy:
 * @widget: whose clipboard gets it
 * @context: the services over the workspace
 * @delivery_id: a delivery
 *
 * Puts the command that sends a delivery as its last attempt did onto the clipboard, in a moment;
 * see lk_curl_command_new(). Says so when its body is not kept any more.
 */
void
lk_curl_copy (GtkWidget *widget, LkContext *context, gint64 delivery_id)
{
  lk_db_pool_read_async (lk_context_get_pool (context), write_command_job,
                         g_memdup2 (&delivery_id, sizeof delivery_id), g_free, g_free, NULL,
                         written_cb, g_object_ref (widget));
}
