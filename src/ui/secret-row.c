/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-secret-row"

#include "config.h"

#include <glib/gi18n.h>

#include "core/signature.h"
#include "store/task-secret.h"
#include "store/task-store.h"
#include "ui/form.h"
#include "ui/message.h"
#include "ui/secret-row.h"
#include "ui/ui-init.h"

struct _LkSecretRow
{
  GtkBox parent;

  LkContext *context;
  LkTaskItem *item; /* (nullable) */
  char *stored;     /* (nullable): the task's stored secret, once somebody asked for it */
  gboolean showing;
  GCancellable *cancellable;

  GtkWidget *entry;
  GtkToggleButton *show_button;
  GtkWidget *copy_button;
};

G_DEFINE_FINAL_TYPE (LkSecretRow, lk_secret_row, GTK_TYPE_BOX)

typedef struct
{
  LkSecretRow *row;
  GCancellable *cancellable;
  gboolean copy;
} Reading;

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->row);
  g_object_unref (reading->cancellable);
  g_free (reading);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_free)

static gboolean
has_stored (LkSecretRow *self)
{
  return self->item != NULL && lk_task_item_get_original (self->item)->has_secret;
}

static const char *
get_typed (LkSecretRow *self)
{
  return self->item != NULL ? lk_task_item_get_text (self->item, LK_TASK_FIELD_SECRET) : NULL;
}

static void
show_text (LkSecretRow *self)
{
  const char *typed = get_typed (self);
  gboolean visible = gtk_toggle_button_get_active (self->show_button);
  const char *text = typed != NULL ? typed : visible ? self->stored : NULL;

  self->showing = TRUE;
  lk_form_show_text (self->entry, text != NULL ? text : "");
  gtk_entry_set_visibility (GTK_ENTRY (self->entry), visible);
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry),
                                  has_stored (self) ? _ ("The stored secret is kept")
                                                    : _ ("What the receiver checks with"));
  gtk_widget_set_sensitive (self->copy_button,
                            has_stored (self) || (typed != NULL && typed[0] != '\0'));
  self->showing = FALSE;
}

static void
take_stored (LkSecretRow *self, const char *secret, gboolean copy)
{
  g_clear_pointer (&self->stored, lk_secret_free);
  self->stored = g_strdup (secret);
  if (copy)
    lk_form_copy (GTK_WIDGET (self), secret);
  show_text (self);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Reading) reading = user_data;
  LkSecretRow *self = reading->row;
  g_autoptr (GError) error = NULL;
  char **secrets = lk_keyring_read_secrets_finish (LK_KEYRING (source), result, &error);

  if (secrets != NULL && !g_cancellable_is_cancelled (reading->cancellable))
    take_stored (self, secrets[0], reading->copy);
  else if (!g_cancellable_is_cancelled (reading->cancellable))
    lk_message_show_error (GTK_WIDGET (self), _ ("The Secret Could Not Be Read"), error);
  lk_task_secret_list_free (secrets);
}

static void
read_stored (LkSecretRow *self, gboolean copy)
{
  Reading *reading = g_new0 (Reading, 1);

  reading->row = g_object_ref (self);
  reading->cancellable = g_object_ref (self->cancellable);
  reading->copy = copy;
  lk_keyring_read_secrets_async (lk_context_get_keyring (self->context),
                                 lk_task_item_get_original (self->item)->id, NULL,
                                 self->cancellable, read_cb, reading);
}

static void
changed_cb (LkSecretRow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  gboolean keep = text[0] == '\0' && has_stored (self);

  if (!self->showing && self->item != NULL)
    lk_task_item_set_text (self->item, LK_TASK_FIELD_SECRET, keep ? NULL : text);
}

static void
show_toggled_cb (LkSecretRow *self)
{
  gboolean visible = gtk_toggle_button_get_active (self->show_button);

  show_text (self);
  if (visible && has_stored (self) && get_typed (self) == NULL && self->stored == NULL)
    read_stored (self, FALSE);
}

static void
copy_clicked_cb (LkSecretRow *self)
{
  const char *typed = get_typed (self);

  if (typed != NULL)
    lk_form_copy (GTK_WIDGET (self), typed);
  else
    read_stored (self, TRUE);
}

static void
generate_clicked_cb (LkSecretRow *self)
{
  char *secret = lk_secret_generate ();

  if (self->item != NULL)
    lk_task_item_set_text (self->item, LK_TASK_FIELD_SECRET, secret);
  lk_secret_free (secret);
  gtk_toggle_button_set_active (self->show_button, TRUE);
}

/* What belongs to the task that was shown before: nothing of it may appear at the next one. */
static void
forget (LkSecretRow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->stored, lk_secret_free);
  g_clear_object (&self->item);
}

static void
lk_secret_row_dispose (GObject *object)
{
  LkSecretRow *self = LK_SECRET_ROW (object);

  forget (self);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_secret_row_parent_class)->dispose (object);
}

static gboolean
lk_secret_row_mnemonic_activate (GtkWidget *widget, gboolean group_cycling)
{
  return gtk_widget_grab_focus (LK_SECRET_ROW (widget)->entry);
}

static void
lk_secret_row_class_init (LkSecretRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_secret_row_dispose;
  widget_class->mnemonic_activate = lk_secret_row_mnemonic_activate;

  gtk_widget_class_set_template_from_resource (widget_class, LK_RESOURCE_BASE "/secret-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LkSecretRow, entry);
  gtk_widget_class_bind_template_child (widget_class, LkSecretRow, show_button);
  gtk_widget_class_bind_template_child (widget_class, LkSecretRow, copy_button);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, generate_clicked_cb);
}

static void
lk_secret_row_init (LkSecretRow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
lk_secret_row_set_context (LkSecretRow *self, LkContext *context)
{
  g_set_object (&self->context, context);
}

/**
 * lk_secret_row_show:
 * @self: a row
 * @item: (nullable): whose secret to edit
 */
void
lk_secret_row_show (LkSecretRow *self, LkTaskItem *item)
{
  if (self->item != item)
    {
      forget (self);
      self->cancellable = g_cancellable_new ();
      self->item = item != NULL ? g_object_ref (item) : NULL;
      gtk_toggle_button_set_active (self->show_button, FALSE);
    }

  show_text (self);
}

/* Returns: (transfer none): the entry, for labels and problems */
GtkWidget *
lk_secret_row_get_entry (LkSecretRow *self)
{
  return self->entry;
}
