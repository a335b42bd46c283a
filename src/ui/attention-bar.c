/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-attention-bar"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/attention-bar.h"
#include "ui/time-text.h"
#include "ui/ui-init.h"

/* How many lines are shown; the rest is counted. */
#define MAX_LINES 4

struct _LkAttentionBar
{
  GtkWidget parent_instance;

  LkAttention *attention;
  GStrv lines; /* as shown: nothing is built anew while they stay */
};

G_DEFINE_FINAL_TYPE (LkAttentionBar, lk_attention_bar, GTK_TYPE_WIDGET)

/* One thing that needs a person. */
typedef struct
{
  char *text;
  const char *button; /* (nullable) */
  const char *action;
  GVariant *target; /* (nullable) */
  gboolean is_bad;
  gboolean is_news; /* nobody needs to do anything */
} Line;

static void
line_free (gpointer data)
{
  Line *self = data;

  g_free (self->text);
  g_clear_pointer (&self->target, g_variant_unref);
  g_free (self);
}

/* @text: (transfer full)
 * @target: (nullable) (transfer floating) */
static Line *
add_line (GPtrArray *lines, char *text, const char *button, const char *action, GVariant *target)
{
  Line *line = g_new0 (Line, 1);

  line->text = text;
  line->button = button;
  line->action = action;
  line->target = target != NULL ? g_variant_ref_sink (target) : NULL;
  g_ptr_array_add (lines, line);

  return line;
}

static char *
describe_paused (const LkEndpoint *endpoint, LkInstant now)
{
  g_autofree char *since = lk_time_format (endpoint->since, now);
  g_autofree char *waiting = g_strdup_printf (
      ngettext ("%'d webhook waits", "%'d webhooks wait", (gulong) endpoint->n_held),
      (int) endpoint->n_held);

  /* translators: an address, since when it is paused, why, and how many webhooks wait for it */
  return g_strdup_printf (_ ("%s has been paused since %s: %s. %s."), endpoint->url, since,
                          endpoint->reason, waiting);
}

static void
add_endpoint (GPtrArray *lines, const LkEndpoint *endpoint, LkInstant now)
{
  g_autofree char *sentence = NULL;

  if (endpoint->is_paused)
    {
      add_line (lines, describe_paused (endpoint, now), _ ("_Resume…"), "log.resume",
                g_variant_new_string (endpoint->url))
          ->is_bad = TRUE;
      return;
    }

  sentence = lk_endpoint_describe (endpoint, now);
  /* translators: an address and what is wrong with it */
  add_line (lines, g_strdup_printf (_ ("%s: %s."), endpoint->url, sentence), NULL, NULL, NULL);
}

static void
add_keyring (GPtrArray *lines, LkAttention *attention)
{
  gboolean can_unlock;
  const char *problem = lk_attention_get_keyring_problem (attention, &can_unlock);
  g_autoptr (GString) sentence = g_string_new (problem);

  if (problem == NULL)
    return;

  /* The message of an error begins small, and only some have a full stop. */
  sentence->str[0] = g_ascii_toupper (sentence->str[0]);
  if (!g_str_has_suffix (problem, "."))
    g_string_append_c (sentence, '.');
  add_line (lines, g_string_free (g_steal_pointer (&sentence), FALSE),
            can_unlock ? _ ("_Unlock") : NULL, "attention.unlock", NULL)
      ->is_bad = TRUE;
}

static void
add_standing (GPtrArray *lines, const LkTaskStanding *standing, LkInstant now)
{
  g_autofree char *due = lk_time_format (standing->task->next_due_at, now);

  if (standing->is_overdue)
    add_line (lines,
              /* translators: the name of a Scheduled Task and when it was due */
              g_strdup_printf (_ ("“%s” was due at %s and has not run: see who runs the schedule."),
                               standing->task->name, due),
              NULL, NULL, NULL)
        ->is_bad = TRUE;
}

static void
add_held_run (GPtrArray *lines, const LkHeldRun *held)
{
  char *text = g_strdup_printf (
      /* translators: how many, of which Scheduled Task, why */
      ngettext ("%'d webhook of “%s” is held: %s.", "%'d webhooks of “%s” are held: %s.",
                (gulong) held->n_held),
      (int) held->n_held, held->task_name, held->reason);

  if (held->kind == LK_HOLD_LOOK && held->run_id > 0)
    add_line (lines, text, _ ("_Decide…"), "log.decide", g_variant_new_int64 (held->run_id));
  else
    add_line (lines, text, _ ("S_how"), "log.show-held", NULL);
}

static void
add_redelivery (GPtrArray *lines, const LkRedelivery *redelivery, LkInstant now)
{
  g_autofree char *last = NULL;

  if (redelivery->n_waiting == 0)
    return;

  last = lk_time_format (redelivery->last_due_at, now);
  add_line (lines,
            g_strdup_printf (
                /* translators: how many, and when the last one of them is sent */
                ngettext ("%'d webhook is sent again when its turn comes, the last one at %s.",
                          "%'d webhooks are sent again when their turn comes, the last one at %s.",
                          (gulong) redelivery->n_waiting),
                (int) redelivery->n_waiting, last),
            _ ("S_top"), "log.stop-redelivery", NULL)
      ->is_news = TRUE;
}

static GPtrArray *
list_lines (LkAttention *attention)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);
  GPtrArray *endpoints = lk_attention_get_endpoints (attention);
  GPtrArray *standings = lk_attention_get_standings (attention);
  GPtrArray *held_runs = lk_attention_get_held_runs (attention);
  LkInstant now = lk_attention_get_time (attention);

  add_keyring (lines, attention);
  for (guint i = 0; i < standings->len; i++)
    add_standing (lines, g_ptr_array_index (standings, i), now);
  for (guint i = 0; i < endpoints->len; i++)
    add_endpoint (lines, g_ptr_array_index (endpoints, i), now);
  for (guint i = 0; i < held_runs->len; i++)
    add_held_run (lines, g_ptr_array_index (held_runs, i));
  add_redelivery (lines, lk_attention_get_redelivery (attention), now);

  return lines;
}

/* @box: what new_line() made */
static void
show_line (GtkWidget *box, const Line *line)
{
  GtkWidget *icon = gtk_widget_get_first_child (box);
  GtkWidget *label = gtk_widget_get_next_sibling (icon);
  const char *kind = line->is_bad ? "error" : line->is_news ? "dim-label" : "warning";

  gtk_image_set_from_icon_name (GTK_IMAGE (icon),
                                line->is_news ? "lk-state-queued-symbolic" : "lk-warning-symbolic");
  gtk_widget_set_css_classes (icon, (const char *[]){ kind, NULL });
  gtk_label_set_text (GTK_LABEL (label), line->text);
  gtk_widget_set_tooltip_text (label, line->text);
}

static GtkWidget *
new_line (const Line *line)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_add_css_class (box, "attention-line");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  show_line (box, line);
  if (line->button != NULL)
    {
      GtkWidget *button = gtk_button_new_with_mnemonic (line->button);

      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), line->action);
      gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), line->target);
      gtk_accessible_update_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                      label, NULL, -1);
      gtk_box_append (GTK_BOX (box), button);
    }

  return box;
}

/* @box: (nullable): what new_line() made */
static GtkActionable *
get_button (GtkWidget *box)
{
  GtkWidget *last = box != NULL ? gtk_widget_get_last_child (box) : NULL;

  return GTK_IS_ACTIONABLE (last) ? GTK_ACTIONABLE (last) : NULL;
}

static gboolean
has_command (GtkWidget *box, const Line *line)
{
  GtkActionable *button = get_button (box);
  GVariant *target = button != NULL ? gtk_actionable_get_action_target_value (button) : NULL;

  if (button == NULL || line->button == NULL)
    return button == NULL && line->button == NULL;

  return g_str_equal (gtk_actionable_get_action_name (button), line->action)
         && (target != NULL) == (line->target != NULL)
         && (target == NULL || g_variant_equal (target, line->target));
}

/* A number counts down each second: the buttons stay under the pointer and keep the focus.
 * Returns: whether only the texts are new, which are shown then */
static gboolean
show_texts (LkAttentionBar *self, GPtrArray *lines)
{
  GtkWidget *box = gtk_widget_get_first_child (GTK_WIDGET (self));

  if (lines->len != g_strv_length (self->lines) || lines->len > MAX_LINES)
    return FALSE;
  for (guint i = 0; i < lines->len; i++, box = gtk_widget_get_next_sibling (box))
    if (!has_command (box, g_ptr_array_index (lines, i)))
      return FALSE;

  box = gtk_widget_get_first_child (GTK_WIDGET (self));
  for (guint i = 0; i < lines->len; i++, box = gtk_widget_get_next_sibling (box))
    show_line (box, g_ptr_array_index (lines, i));

  return TRUE;
}

/* The focus goes on to another line, or to what is below. */
static void
restore_focus (LkAttentionBar *self)
{
  GtkWidget *below = gtk_widget_get_next_sibling (GTK_WIDGET (self));

  if (!gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD) && below != NULL)
    gtk_widget_child_focus (below, GTK_DIR_TAB_FORWARD);
}

static void
show_lines (LkAttentionBar *self, GPtrArray *lines)
{
  guint n_shown = MIN (lines->len, MAX_LINES);
  gboolean has_focus = gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL;

  lk_widget_unparent_children (GTK_WIDGET (self));
  for (guint i = 0; i < n_shown; i++)
    gtk_widget_set_parent (new_line (g_ptr_array_index (lines, i)), GTK_WIDGET (self));

  if (lines->len > n_shown)
    {
      guint n_more = lines->len - n_shown;
      g_autofree char *more =
          g_strdup_printf (ngettext ("and %u more", "and %u more", n_more), n_more);

      gtk_widget_set_parent (gtk_label_new (more), GTK_WIDGET (self));
    }
  gtk_widget_set_visible (GTK_WIDGET (self), lines->len > 0);
  if (has_focus)
    restore_focus (self);
}

static GStrv
get_texts (GPtrArray *lines)
{
  GStrv texts = g_new0 (char *, lines->len + 1);

  for (guint i = 0; i < lines->len; i++)
    texts[i] = g_strdup (((const Line *) g_ptr_array_index (lines, i))->text);

  return texts;
}

static void
attention_changed_cb (LkAttention *attention, LkAttentionBar *self)
{
  g_autoptr (GPtrArray) lines = list_lines (attention);
  g_auto (GStrv) texts = get_texts (lines);

  g_assert (LK_IS_ATTENTION_BAR (self));

  if (g_strv_equal ((const char *const *) texts, (const char *const *) self->lines))
    return;

  if (!show_texts (self, lines))
    show_lines (self, lines);
  g_strfreev (self->lines);
  self->lines = g_steal_pointer (&texts);
}

static void
lk_attention_bar_dispose (GObject *object)
{
  LkAttentionBar *self = LK_ATTENTION_BAR (object);

  lk_widget_unparent_children (GTK_WIDGET (self));
  g_clear_object (&self->attention);

  G_OBJECT_CLASS (lk_attention_bar_parent_class)->dispose (object);
}

static void
lk_attention_bar_finalize (GObject *object)
{
  g_strfreev (LK_ATTENTION_BAR (object)->lines);

  G_OBJECT_CLASS (lk_attention_bar_parent_class)->finalize (object);
}

static void
unlock_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lk_attention_unlock_keyring (LK_ATTENTION_BAR (widget)->attention);
}

static void
lk_attention_bar_class_init (LkAttentionBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_attention_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_attention_bar_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "attention-bar");
  gtk_widget_class_install_action (widget_class, "attention.unlock", NULL, unlock_action);
}

static void
lk_attention_bar_init (LkAttentionBar *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  self->lines = g_new0 (char *, 1);
}

/**
 * lk_attention_bar_set_up:
 * @self: a bar as its template left it
 * @attention: what needs a person
 *
 * Brings the bar to life. Called once.
 */
void
lk_attention_bar_set_up (LkAttentionBar *self, LkAttention *attention)
{
  g_return_if_fail (LK_IS_ATTENTION_BAR (self) && self->attention == NULL);

  self->attention = g_object_ref (attention);
  g_signal_connect_object (attention, "changed", G_CALLBACK (attention_changed_cb), self, 0);
  attention_changed_cb (attention, self);
}

/**
 * lk_attention_bar_get_lines:
 * @self: a bar
 *
 * Returns: (transfer none) (array zero-terminated=1): what it says
 */
GStrv
lk_attention_bar_get_lines (LkAttentionBar *self)
{
  g_return_val_if_fail (LK_IS_ATTENTION_BAR (self), NULL);

  return self->lines;
}
