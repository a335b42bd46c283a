/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-phase-bar"

#include "config.h"

#include "ui/phase-bar.h"
#include "ui/ui-init.h"

/* Of a phase that happened, however short it was. */
#define LEAST_WIDTH 2

struct _LkPhaseBar
{
  GtkWidget parent_instance;

  GtkWidget *parts[LK_N_PHASES];
  gint64 phases_us[LK_N_PHASES];
  gint64 total_us;
  int n_happened;
};

G_DEFINE_FINAL_TYPE (LkPhaseBar, lk_phase_bar, GTK_TYPE_WIDGET)

static const char *const css_classes[] = {
  [LK_PHASE_DNS] = "dns",   [LK_PHASE_CONNECT] = "connect",
  [LK_PHASE_TLS] = "tls",   [LK_PHASE_FIRST_BYTE] = "first-byte",
  [LK_PHASE_BODY] = "body",
};

G_STATIC_ASSERT (G_N_ELEMENTS (css_classes) == LK_N_PHASES);

static void
lk_phase_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                      int *natural, int *minimum_baseline, int *natural_baseline)
{
  LkPhaseBar *self = LK_PHASE_BAR (widget);
  int least;

  gtk_widget_measure (self->parts[0], orientation, -1, &least, NULL, NULL, NULL);
  *minimum = *natural =
      orientation == GTK_ORIENTATION_HORIZONTAL ? LK_N_PHASES * MAX (least, LEAST_WIDTH) : least;
}

static int
get_width (LkPhaseBar *self, int phase, int room)
{
  if (self->phases_us[phase] < 0)
    return 0;

  return LEAST_WIDTH + (int) (self->phases_us[phase] * room / MAX (self->total_us, 1));
}

static void
lk_phase_bar_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LkPhaseBar *self = LK_PHASE_BAR (widget);
  gboolean is_mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int room = width - self->n_happened * LEAST_WIDTH;
  int x = 0;

  for (int phase = 0; phase < LK_N_PHASES; phase++)
    {
      int part = get_width (self, phase, room);

      gtk_widget_set_child_visible (self->parts[phase], part > 0);
      gtk_widget_size_allocate (
          self->parts[phase],
          &(GtkAllocation){ is_mirrored ? width - x - part : x, 0, part, height }, -1);
      x += part;
    }
}

static void
lk_phase_bar_dispose (GObject *object)
{
  lk_widget_unparent_children (GTK_WIDGET (object));

  G_OBJECT_CLASS (lk_phase_bar_parent_class)->dispose (object);
}

static void
lk_phase_bar_class_init (LkPhaseBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lk_phase_bar_dispose;
  widget_class->measure = lk_phase_bar_measure;
  widget_class->size_allocate = lk_phase_bar_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "phase-bar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
lk_phase_bar_init (LkPhaseBar *self)
{
  for (int phase = 0; phase < LK_N_PHASES; phase++)
    {
      self->parts[phase] = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
      gtk_widget_add_css_class (self->parts[phase], "phase");
      gtk_widget_add_css_class (self->parts[phase], css_classes[phase]);
      gtk_widget_set_parent (self->parts[phase], GTK_WIDGET (self));
    }
}

/**
 * lk_phase_bar_new:
 * @attempt: what to show
 *
 * Returns: the bar
 */
GtkWidget *
lk_phase_bar_new (const LkAttempt *attempt)
{
  LkPhaseBar *self = g_object_new (LK_TYPE_PHASE_BAR, NULL);

  for (int phase = 0; phase < LK_N_PHASES; phase++)
    {
      self->phases_us[phase] = lk_attempt_get_phase_us (attempt, (LkPhase) phase);
      self->total_us += MAX (self->phases_us[phase], 0);
      self->n_happened += self->phases_us[phase] >= 0;
    }
  if (lk_attempt_broke_off (attempt))
    gtk_widget_add_css_class (self->parts[lk_attempt_get_last_phase (attempt)], "failed");

  return GTK_WIDGET (self);
}

/**
 * lk_phase_get_css_class:
 * @phase: a phase
 *
 * Returns: the class that has its colour in the style
 */
const char *
lk_phase_get_css_class (LkPhase phase)
{
  g_return_val_if_fail ((guint) phase < LK_N_PHASES, "");

  return css_classes[phase];
}
