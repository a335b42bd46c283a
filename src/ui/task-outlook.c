/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-outlook"

#include "config.h"

#include <inttypes.h>
#include <glib/gi18n.h>

#include "ui/task-outlook.h"

#define DELAY_MS 400

struct _LkTaskOutlook
{
  GObject parent;

  LkContext *context;
  LkTask *trial; /* (nullable): what is looked up, or was */
  char *sql;     /* (nullable): of its search */
  gboolean baseline;
  guint delay_id;
  GCancellable *cancellable; /* (nullable): of the lookup that is under way */
  char *text;
};

G_DEFINE_FINAL_TYPE (LkTaskOutlook, lk_task_outlook, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_text (LkTaskOutlook *self, const char *text)
{
  if (g_str_equal (self->text, text))
    return;

  g_free (self->text);
  self->text = g_strdup (text);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
stop (LkTaskOutlook *self)
{
  g_clear_handle_id (&self->delay_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static char *
describe (const LkPreviewRun *run, gboolean baseline)
{
  if (run->matched == 0)
    return g_strdup (_ ("No license matches now, so that nothing would be sent."));
  if (baseline)
    return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE,
                     "%'" PRId64 " license matches now. It is noted as sent when you save.",
                     "%'" PRId64 " licenses match now. They are noted as sent when you save.",
                     (gulong) run->matched),
        run->matched);

  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   /* translators: three counts of licenses; the first decides the number */
                   "%'" PRId64 " license matches now: %'" PRId64 " would be sent, %'" PRId64
                   " was sent before.",
                   "%'" PRId64 " licenses match now: %'" PRId64 " would be sent, %'" PRId64
                   " were sent before.",
                   (gulong) run->matched),
      run->matched, run->fired, run->known);
}

/* Why a search does not run, the form says in other places. */
static void
previewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LkTaskOutlook) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LkPreview) preview = lk_context_preview_finish (LK_CONTEXT (source), result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  if (preview != NULL)
    text = describe (&g_array_index (preview->runs, LkPreviewRun, 0), self->baseline);
  set_text (self, text != NULL ? text : "");
}

static gboolean
look_cb (gpointer user_data)
{
  LkTaskOutlook *self = user_data;
  LkPreviewOptions options = { .now = lk_clock_now (lk_context_get_clock (self->context)) };

  g_assert (LK_IS_TASK_OUTLOOK (self));

  self->delay_id = 0;
  self->cancellable = g_cancellable_new ();
  lk_context_preview_async (self->context, self->trial, &options, self->cancellable, previewed_cb,
                            g_object_ref (self));

  return G_SOURCE_REMOVE;
}

static gboolean
decides_otherwise (const LkTask *original, const LkTask *trial)
{
  return original->id == 0 || g_strcmp0 (original->send, trial->send) != 0
         || original->search_id != trial->search_id || original->server_id != trial->server_id;
}

static gboolean
is_shown (LkTaskOutlook *self, const LkTask *trial, const char *sql, gboolean baseline)
{
  return self->trial != NULL && lk_task_equal (self->trial, trial)
         && g_strcmp0 (self->sql, sql) == 0 && self->baseline == baseline;
}

static void
lk_task_outlook_dispose (GObject *object)
{
  LkTaskOutlook *self = LK_TASK_OUTLOOK (object);

  stop (self);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_task_outlook_parent_class)->dispose (object);
}

static void
lk_task_outlook_finalize (GObject *object)
{
  LkTaskOutlook *self = LK_TASK_OUTLOOK (object);

  g_clear_pointer (&self->trial, lk_task_free);
  g_free (self->sql);
  g_free (self->text);
  G_OBJECT_CLASS (lk_task_outlook_parent_class)->finalize (object);
}

static void
lk_task_outlook_class_init (LkTaskOutlookClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_task_outlook_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_task_outlook_finalize;

  signals[CHANGED] = g_signal_new ("changed", LK_TYPE_TASK_OUTLOOK, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_task_outlook_init (LkTaskOutlook *self)
{
  self->text = g_strdup ("");
}

/**
 * lk_task_outlook_new:
 * @context: the services
 *
 * Returns: (transfer full): an outlook that says nothing
 */
LkTaskOutlook *
lk_task_outlook_new (LkContext *context)
{
  LkTaskOutlook *self = g_object_new (LK_TYPE_TASK_OUTLOOK, NULL);

  self->context = g_object_ref (context);

  return self;
}

/**
 * lk_task_outlook_show:
 * @self: an outlook
 * @item: (nullable): a task as edited; %NULL stops
 * @search: (nullable): the search that it runs, as it is stored
 *
 * Called after each edit; what does not matter for the sentence looks nothing up again.
 */
void
lk_task_outlook_show (LkTaskOutlook *self, LkTaskItem *item, const LkSearch *search)
{
  g_autoptr (LkTask) trial = NULL;
  gboolean baseline = item != NULL && lk_task_item_get_baseline (item);

  g_return_if_fail (LK_IS_TASK_OUTLOOK (self));

  if (item != NULL && search != NULL)
    trial = lk_task_item_make_trial (item);
  if (trial != NULL && is_shown (self, trial, search->sql, baseline))
    return;

  stop (self);
  g_clear_pointer (&self->trial, lk_task_free);
  if (trial == NULL || !decides_otherwise (lk_task_item_get_original (item), trial))
    {
      set_text (self, "");
      return;
    }

  g_free (self->sql);
  self->sql = g_strdup (search->sql);
  self->baseline = baseline;
  self->trial = g_steal_pointer (&trial);
  self->delay_id = g_timeout_add (DELAY_MS, look_cb, self);
}

/* Returns: (transfer none): the sentence; "" while there is nothing to say */
const char *
lk_task_outlook_get_text (LkTaskOutlook *self)
{
  g_return_val_if_fail (LK_IS_TASK_OUTLOOK (self), "");

  return self->text;
}
