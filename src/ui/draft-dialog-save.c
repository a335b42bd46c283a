/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-draft-dialog-save"

#include "config.h"

#include <glib/gi18n.h>

#include "core/text-check.h"
#include "ui/draft-dialog-private.h"
#include "ui/draft-saver.h"
#include "ui/message.h"

static void
set_conflict (LkDraftDialog *self, LkDraftItem *item)
{
  g_set_object (&lk_draft_dialog_get_private (self)->conflict, item);
}

/* The window was closed while something was under way. */
static gboolean
is_gone (LkDraftDialog *self)
{
  return g_cancellable_is_cancelled (lk_draft_dialog_get_private (self)->cancellable);
}

static void
forget_message (LkDraftDialog *self)
{
  set_conflict (self, NULL);
  lk_draft_dialog_show_message (self, NULL);
}

static const char *
shown_title (LkDraftItem *item)
{
  const char *title = lk_draft_item_get_title (item);

  return lk_text_is_blank (title) ? _ ("(no name)") : title;
}

/* Goes to the item that keeps the rest from being saved and says why in words. */
static void
show_failure (LkDraftDialog *self, LkDraftItem *item, const GError *error)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_private (self);
  g_autofree char *sentence = lk_message_format_error (error);
  g_autofree char *message = NULL;

  if (item == NULL)
    {
      lk_draft_dialog_show_message (self, sentence);
      return;
    }

  if (g_error_matches (error, LK_ERROR, LK_ERROR_IN_USE))
    lk_draft_list_restore (priv->list, item);
  else
    /* translators: the name of a search, task or server, and a sentence that says why */
    message = g_strdup_printf (_ ("“%s” was not saved. %s"), shown_title (item), sentence);
  lk_list_pane_select (priv->pane, item);
  lk_draft_dialog_show_message (self, message != NULL ? message : sentence);
}

static void
show_conflict (LkDraftDialog *self, LkDraftItem *item, gboolean gone)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_private (self);
  g_autofree char *message = NULL;

  set_conflict (self, item);
  lk_list_pane_select (priv->pane, item);
  if (gone)
    message = g_strdup_printf (_ ("“%s” was removed by somebody else while you edited it. Keep "
                                  "yours and it is stored again, or let it go."),
                               shown_title (item));
  else
    message = g_strdup_printf (_ ("“%s” was changed by somebody else while you edited it. Nothing "
                                  "was saved yet: use theirs, or keep yours and replace theirs."),
                               shown_title (item));
  lk_draft_dialog_show_message (self, message);
}

static void
reloaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkDraftDialog) self = user_data;
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_private (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) values = lk_draft_load_finish (LK_DB_POOL (source), result, &error);

  priv->saving = FALSE;
  if (is_gone (self))
    return;
  if (priv->close_when_saved) /* somebody asked for it meanwhile */
    {
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  if (values != NULL)
    {
      lk_draft_list_set_values (priv->list, values);
      lk_draft_dialog_select_id (self, priv->select_id);
    }
  else
    show_failure (self, NULL, error);
  lk_draft_dialog_update (self);
}

static void
finish_saving (LkDraftDialog *self, gint64 selected_id)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_private (self);

  if (priv->close_when_saved)
    {
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  priv->select_id = selected_id;
  lk_draft_load_async (lk_context_get_pool (priv->context), priv->kind, NULL, reloaded_cb,
                       g_object_ref (self));
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkDraftDialog) self = user_data;
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_private (self);
  g_autoptr (LkDraftItem) failed = NULL;
  g_autoptr (GError) error = NULL;
  gboolean saved = lk_draft_save_finish (LK_DB_POOL (source), result, &failed, &error);
  gboolean gone;

  if (is_gone (self))
    return;
  if (saved)
    {
      finish_saving (self, lk_draft_save_get_id (result, lk_list_pane_get_selected (priv->pane)));
      return;
    }

  priv->saving = FALSE;
  gone = failed != NULL && g_error_matches (error, LK_ERROR, LK_ERROR_NOT_FOUND);
  if (gone || (failed != NULL && g_error_matches (error, LK_ERROR, LK_ERROR_CONFLICT)))
    show_conflict (self, failed, gone);
  else
    show_failure (self, failed, error);
  lk_draft_dialog_update (self);
}

static void
write_drafts (LkDraftDialog *self)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_private (self);

  lk_draft_save_async (lk_context_get_pool (priv->context), priv->list,
                       lk_clock_now (lk_context_get_clock (priv->context)), saved_cb,
                       g_object_ref (self));
}

static void
save (LkDraftDialog *self)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_private (self);
  g_autoptr (GPtrArray) dirty = lk_draft_list_get_dirty (priv->list);

  priv->saving = TRUE;
  lk_draft_dialog_update (self);
  if (LK_DRAFT_DIALOG_GET_CLASS (self)->prepare != NULL)
    LK_DRAFT_DIALOG_GET_CLASS (self)->prepare (self, dirty);
  else
    write_drafts (self);
}

/**
 * lk_draft_dialog_finish_preparing:
 * @self: a dialog that was asked to prepare
 * @failed: (nullable): the item for which it failed
 * @error: (nullable): why; %NULL when everything is there
 *
 * Goes on with saving, or tells why not.
 */
void
lk_draft_dialog_finish_preparing (LkDraftDialog *self, LkDraftItem *failed, const GError *error)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_private (self);

  g_return_if_fail (priv->saving);

  if (is_gone (self))
    return;
  if (error == NULL)
    {
      write_drafts (self);
      return;
    }

  priv->saving = FALSE;
  show_failure (self, failed, error);
  lk_draft_dialog_update (self);
}

static void
confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkDraftDialog) self = user_data;

  if (lk_message_choose_finish (result, NULL) == 1 && !is_gone (self))
    save (self);
}

/* Returns: (transfer full) (nullable): what a person has to confirm before @item is saved */
static char *
find_doubt (LkDraftItem *item)
{
  g_autoptr (GPtrArray) problems = lk_draft_item_get_problems (item);

  for (guint i = 0; i < problems->len; i++)
    {
      const LkDraftProblem *problem = g_ptr_array_index (problems, i);
      g_autoptr (GError) error = NULL;

      if (problem->severity != LK_DRAFT_CONFIRM)
        continue;
      g_set_error_literal (&error, LK_ERROR, LK_ERROR_INVALID, problem->message);
      return lk_message_format_error (error);
    }

  return NULL;
}

static void
ask_doubt (LkDraftDialog *self, LkDraftItem *item, const char *doubt)
{
  const char *const buttons[] = { _ ("_Cancel"), _ ("_Save Anyway"), NULL };
  g_autofree char *heading = g_strdup_printf (_ ("Save “%s”?"), shown_title (item));

  lk_message_choose_async (GTK_WIDGET (self), heading, doubt, buttons, -1,
                           lk_draft_dialog_get_private (self)->cancellable, confirmed_cb,
                           g_object_ref (self));
}

/* The message about a mistake goes when the mistake does. */
void
lk_draft_dialog_forget_mistake (LkDraftDialog *self)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_private (self);
  g_autoptr (GPtrArray) dirty = NULL;

  if (!priv->mistake)
    return;

  dirty = lk_draft_list_get_dirty (priv->list);
  for (guint i = 0; i < dirty->len; i++)
    {
      g_autoptr (GPtrArray) problems = lk_draft_item_get_problems (g_ptr_array_index (dirty, i));

      if (!lk_draft_problems_check (problems, NULL))
        return;
    }

  forget_message (self);
}

static gboolean
check (LkDraftDialog *self, GPtrArray *dirty)
{
  for (guint i = 0; i < dirty->len; i++)
    {
      LkDraftItem *item = g_ptr_array_index (dirty, i);
      g_autoptr (GPtrArray) problems = lk_draft_item_get_problems (item);
      g_autoptr (GError) error = NULL;

      if (!lk_draft_problems_check (problems, &error))
        {
          show_failure (self, item, error);
          lk_draft_dialog_get_private (self)->mistake = TRUE;
          return FALSE;
        }
    }

  return TRUE;
}

static void
save_when_confirmed (LkDraftDialog *self, GPtrArray *dirty)
{
  for (guint i = 0; i < dirty->len; i++)
    {
      g_autofree char *doubt = find_doubt (g_ptr_array_index (dirty, i));

      if (doubt != NULL)
        {
          ask_doubt (self, g_ptr_array_index (dirty, i), doubt);
          return;
        }
    }

  save (self);
}

/**
 * lk_draft_dialog_start_saving:
 * @self: a dialog
 * @close_when_saved: whether it was OK and not Apply
 */
void
lk_draft_dialog_start_saving (LkDraftDialog *self, gboolean close_when_saved)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_private (self);
  g_autoptr (GPtrArray) dirty = lk_draft_list_get_dirty (priv->list);

  forget_message (self);
  priv->close_when_saved = close_when_saved;
  if (close_when_saved && !lk_draft_list_is_dirty (priv->list))
    {
      gtk_window_close (GTK_WINDOW (self)); /* and with it what could be updated */
      return;
    }

  if (lk_draft_list_is_dirty (priv->list) && check (self, dirty))
    save_when_confirmed (self, dirty);
  lk_draft_dialog_update (self);
}

typedef struct
{
  LkDraftDialog *self;
  LkDraftItem *item;
  gboolean keep_mine;
} Resolution;

static void
resolution_free (Resolution *resolution)
{
  g_object_unref (resolution->self);
  g_object_unref (resolution->item);
  g_free (resolution);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Resolution, resolution_free)

static void
stored_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Resolution) resolution = user_data;
  LkDraftDialog *self = resolution->self;
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_private (self);
  g_autoptr (GError) error = NULL;
  gpointer value = lk_draft_get_finish (LK_DB_POOL (source), result, &error);

  if (is_gone (self))
    ;
  else if (value == NULL && !g_error_matches (error, LK_ERROR, LK_ERROR_NOT_FOUND))
    show_failure (self, NULL, error);
  else if (resolution->keep_mine)
    {
      lk_draft_item_rebase (resolution->item, value);
      lk_draft_dialog_start_saving (self, priv->close_when_saved);
    }
  else if (value != NULL)
    {
      lk_draft_item_set_value (resolution->item, value);
      LK_DRAFT_DIALOG_GET_CLASS (self)->show_item (self, resolution->item);
    }
  else
    lk_draft_list_drop (priv->list, resolution->item);

  g_clear_pointer (&value, priv->kind->value_free);
  if (!is_gone (self))
    lk_draft_dialog_update (self);
}

static void
resolve (LkDraftDialog *self, gboolean keep_mine)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_private (self);
  Resolution *resolution;

  g_return_if_fail (priv->conflict != NULL);

  resolution = g_new0 (Resolution, 1);
  resolution->self = g_object_ref (self);
  resolution->item = g_object_ref (priv->conflict);
  resolution->keep_mine = keep_mine;
  forget_message (self);
  lk_draft_get_async (lk_context_get_pool (priv->context), priv->kind,
                      lk_draft_item_get_id (resolution->item), priv->cancellable, stored_read_cb,
                      resolution);
}

/* Forgets the edits of the item in conflict. */
void
lk_draft_dialog_use_theirs (LkDraftDialog *self)
{
  resolve (self, FALSE);
}

/* Saves again, over what somebody else stored. */
void
lk_draft_dialog_keep_mine (LkDraftDialog *self)
{
  resolve (self, TRUE);
}

static void
close_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkDraftDialog) self = user_data;
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_private (self);
  int choice = lk_message_choose_finish (result, NULL);

  if (is_gone (self))
    return;
  if (choice == 1)
    {
      priv->closing = TRUE;
      gtk_window_close (GTK_WINDOW (self));
    }
  else if (choice == 2)
    lk_draft_dialog_start_saving (self, TRUE);
}

/**
 * lk_draft_dialog_ask_before_closing:
 * @self: a dialog
 *
 * Returns: whether the window has to stay open, because it is saving or because a question was
 *   asked
 */
gboolean
lk_draft_dialog_ask_before_closing (LkDraftDialog *self)
{
  LkDraftDialogPrivate *priv = lk_draft_dialog_get_private (self);
  const char *const buttons[] = { _ ("_Keep Editing"), _ ("_Discard"), _ ("_Save"), NULL };

  if (priv->saving)
    {
      priv->close_when_saved = TRUE;
      return TRUE;
    }
  if (priv->closing || priv->list == NULL || !lk_draft_list_is_dirty (priv->list))
    return FALSE;

  lk_message_choose_async (GTK_WIDGET (self), _ ("Save Your Changes?"),
                           _ ("What you edited here is not saved yet."), buttons, 1,
                           priv->cancellable, close_answered_cb, g_object_ref (self));
  return TRUE;
}
