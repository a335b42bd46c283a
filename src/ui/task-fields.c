/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-fields"

#include "config.h"

#include "ui/choice.h"
#include "ui/form.h"
#include "ui/task-fields.h"

typedef struct
{
  LkTaskFields *fields; /* not owned: it owns the tie */
  GtkWidget *widget;
  GtkLabel *problem; /* (nullable) */
  LkTaskField field;
} Tie;

struct _LkTaskFields
{
  GObject parent;

  GPtrArray *ties;
  LkTaskItem *item; /* (nullable) */
  gulong item_changed_id;
  gboolean showing; /* the widgets are being filled: their signals are no edits */
};

G_DEFINE_FINAL_TYPE (LkTaskFields, lk_task_fields, G_TYPE_OBJECT)

enum
{
  SHOWN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
can_edit (const Tie *tie)
{
  return !tie->fields->showing && tie->fields->item != NULL;
}

static char *
get_view_text (GtkWidget *view)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}

static void
text_changed_cb (GtkEditable *editable, Tie *tie)
{
  if (can_edit (tie))
    lk_task_item_set_text (tie->fields->item, tie->field, gtk_editable_get_text (editable));
}

static void
view_changed_cb (GtkTextBuffer *buffer, Tie *tie)
{
  g_autofree char *text = get_view_text (tie->widget);

  if (can_edit (tie))
    lk_task_item_set_text (tie->fields->item, tie->field, text);
}

static void
toggled_cb (GtkCheckButton *check, Tie *tie)
{
  if (can_edit (tie))
    lk_task_item_set_flag (tie->fields->item, tie->field, gtk_check_button_get_active (check));
}

static void
value_changed_cb (GtkSpinButton *spin, Tie *tie)
{
  if (can_edit (tie))
    lk_task_item_set_number (tie->fields->item, tie->field,
                             gtk_spin_button_get_value_as_int (spin));
}

static void
chosen_cb (GtkDropDown *drop_down, GParamSpec *pspec, Tie *tie)
{
  if (can_edit (tie) && gtk_drop_down_get_selected (drop_down) != GTK_INVALID_LIST_POSITION)
    lk_task_item_set_number (tie->fields->item, tie->field, lk_choice_get (drop_down));
}

static void
show_view_text (GtkWidget *view, const char *text)
{
  g_autofree char *present = get_view_text (view);

  if (g_strcmp0 (present, text) != 0)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)),
                              text != NULL ? text : "", -1);
}

static void
show_tie (const Tie *tie, LkTaskItem *item)
{
  GtkWidget *widget = tie->widget;

  if (GTK_IS_SPIN_BUTTON (widget))
    gtk_spin_button_set_value (GTK_SPIN_BUTTON (widget),
                               (double) lk_task_item_get_number (item, tie->field));
  else if (GTK_IS_DROP_DOWN (widget))
    lk_choice_set (GTK_DROP_DOWN (widget), lk_task_item_get_number (item, tie->field));
  else if (GTK_IS_CHECK_BUTTON (widget))
    lk_form_show_flag (widget, lk_task_item_get_flag (item, tie->field));
  else if (GTK_IS_TEXT_VIEW (widget))
    show_view_text (widget, lk_task_item_get_text (item, tie->field));
  else if (GTK_IS_EDITABLE (widget))
    lk_form_show_text (widget, lk_task_item_get_text (item, tie->field));
}

static void
show_all (LkTaskFields *self)
{
  g_autoptr (GPtrArray) problems = lk_draft_item_get_problems (LK_DRAFT_ITEM (self->item));

  self->showing = TRUE;
  for (guint i = 0; i < self->ties->len; i++)
    {
      const Tie *tie = g_ptr_array_index (self->ties, i);

      show_tie (tie, self->item);
      if (tie->problem != NULL)
        lk_form_show_problem (tie->problem, tie->widget, problems, tie->field);
    }
  self->showing = FALSE;
  g_signal_emit (self, signals[SHOWN], 0);
}

static void
item_changed_cb (LkTaskItem *item, LkTaskFields *self)
{
  g_assert (LK_IS_TASK_FIELDS (self));

  if (!self->showing)
    show_all (self);
}

static void
connect_tie (Tie *tie)
{
  GtkWidget *widget = tie->widget;

  if (GTK_IS_SPIN_BUTTON (widget))
    {
      lk_form_ignore_wheel (widget);
      g_signal_connect (widget, "value-changed", G_CALLBACK (value_changed_cb), tie);
    }
  else if (GTK_IS_DROP_DOWN (widget))
    g_signal_connect (widget, "notify::selected", G_CALLBACK (chosen_cb), tie);
  else if (GTK_IS_CHECK_BUTTON (widget))
    g_signal_connect (widget, "toggled", G_CALLBACK (toggled_cb), tie);
  else if (GTK_IS_TEXT_VIEW (widget))
    g_signal_connect (gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget)), "changed",
                      G_CALLBACK (view_changed_cb), tie);
  else if (GTK_IS_EDITABLE (widget))
    g_signal_connect (widget, "changed", G_CALLBACK (text_changed_cb), tie);
}

static void
tie_free (Tie *tie)
{
  gpointer source = tie->widget;

  if (GTK_IS_TEXT_VIEW (tie->widget))
    source = gtk_text_view_get_buffer (GTK_TEXT_VIEW (tie->widget));
  g_signal_handlers_disconnect_by_data (source, tie);
  g_object_unref (tie->widget);
  g_clear_object (&tie->problem);
  g_free (tie);
}

static void
forget_item (LkTaskFields *self)
{
  if (self->item != NULL)
    g_clear_signal_handler (&self->item_changed_id, self->item);
  g_clear_object (&self->item);
}

static void
lk_task_fields_dispose (GObject *object)
{
  LkTaskFields *self = LK_TASK_FIELDS (object);

  forget_item (self);
  g_clear_pointer (&self->ties, g_ptr_array_unref);
  G_OBJECT_CLASS (lk_task_fields_parent_class)->dispose (object);
}

static void
lk_task_fields_class_init (LkTaskFieldsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_task_fields_dispose;

  signals[SHOWN] = g_signal_new ("shown", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_task_fields_init (LkTaskFields *self)
{
  self->ties = g_ptr_array_new_with_free_func ((GDestroyNotify) tie_free);
}

/**
 * lk_task_fields_new:
 *
 * Returns: (transfer full): nothing tied yet
 */
LkTaskFields *
lk_task_fields_new (void)
{
  return g_object_new (LK_TYPE_TASK_FIELDS, NULL);
}

/**
 * lk_task_fields_tie:
 * @self: the ties
 * @widget: an entry or text view for a text, a check button for a flag, a spin button or an
 * LkChoice drop-down for a number
 * @field: what it edits
 * @problem: (nullable): where to say what is wrong with it
 */
void
lk_task_fields_tie (LkTaskFields *self, GtkWidget *widget, LkTaskField field, GtkLabel *problem)
{
  Tie *tie = g_new0 (Tie, 1);

  tie->fields = self;
  tie->widget = g_object_ref (widget);
  tie->problem = problem != NULL ? g_object_ref (problem) : NULL;
  tie->field = field;
  connect_tie (tie);
  g_ptr_array_add (self->ties, tie);
}

/**
 * lk_task_fields_show:
 * @self: the ties
 * @item: (nullable): the task to edit from now on
 */
void
lk_task_fields_show (LkTaskFields *self, LkTaskItem *item)
{
  forget_item (self);
  if (item == NULL)
    {
      g_signal_emit (self, signals[SHOWN], 0);
      return;
    }

  self->item = g_object_ref (item);
  self->item_changed_id = g_signal_connect (item, "changed", G_CALLBACK (item_changed_cb), self);
  show_all (self);
}

/**
 * lk_task_fields_freeze:
 * @self: the ties
 *
 * Until lk_task_fields_thaw() what the widgets do is no edit: for filling drop-downs.
 */
void
lk_task_fields_freeze (LkTaskFields *self)
{
  self->showing = TRUE;
}

/* Shows the draft in widgets that were filled meanwhile. */
void
lk_task_fields_thaw (LkTaskFields *self)
{
  self->showing = FALSE;
  if (self->item != NULL)
    show_all (self);
}

/* Returns: (transfer none) (nullable): the task that is shown */
LkTaskItem *
lk_task_fields_get_item (LkTaskFields *self)
{
  return self->item;
}
