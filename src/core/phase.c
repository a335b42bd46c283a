/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-phase"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/phase.h"

/* translators: the phases of a request, as heads of narrow columns */
static const char *const titles[] = {
  [LK_PHASE_DNS] = N_ ("Name"),  [LK_PHASE_CONNECT] = N_ ("Connect"),
  [LK_PHASE_TLS] = N_ ("TLS"),   [LK_PHASE_FIRST_BYTE] = N_ ("First byte"),
  [LK_PHASE_BODY] = N_ ("Body"),
};

/* What has been reached at the end of a phase; a time goes where the “%s” is. */
static const char *const ends[] = {
  [LK_PHASE_DNS] = N_ ("name resolved %s"), [LK_PHASE_CONNECT] = N_ ("connected %s"),
  [LK_PHASE_TLS] = N_ ("TLS %s"),           [LK_PHASE_FIRST_BYTE] = N_ ("first byte %s"),
  [LK_PHASE_BODY] = N_ ("total %s"),
};

G_STATIC_ASSERT (G_N_ELEMENTS (titles) == LK_N_PHASES);
G_STATIC_ASSERT (G_N_ELEMENTS (ends) == LK_N_PHASES);

/* Microseconds from the start; -1 when it did not get there. */
static gint64
get_end (const LkAttempt *attempt, LkPhase phase)
{
  switch (phase)
    {
    case LK_PHASE_DNS:
      return attempt->dns_us;

    case LK_PHASE_CONNECT:
      return attempt->connect_us;

    case LK_PHASE_TLS:
      return attempt->tls_us;

    case LK_PHASE_FIRST_BYTE:
      return attempt->first_byte_us;

    case LK_PHASE_BODY:
    default:
      return attempt->latency_ms >= 0 ? (gint64) attempt->latency_ms * 1000 : -1;
    }
}

/* The end of the latest phase before @phase that came to one; 0 for none. */
static gint64
get_begin (const LkAttempt *attempt, LkPhase phase)
{
  for (int before = (int) phase - 1; before >= 0; before--)
    if (get_end (attempt, (LkPhase) before) >= 0)
      return get_end (attempt, (LkPhase) before);

  return 0;
}

static gboolean
never_connected (const LkAttempt *attempt)
{
  static const char *const classes[] = { "dns", "connect", "offline", "proxy", "local", NULL };

  return attempt->error_class != NULL && g_strv_contains (classes, attempt->error_class);
}

/**
 * lk_attempt_get_last_phase:
 * @attempt: an attempt
 *
 * Returns: the phase in which it ended, well or not
 */
LkPhase
lk_attempt_get_last_phase (const LkAttempt *attempt)
{
  g_return_val_if_fail (attempt != NULL, LK_PHASE_DNS);

  if (attempt->first_byte_us >= 0)
    return LK_PHASE_BODY;
  if (attempt->tls_us >= 0)
    return LK_PHASE_FIRST_BYTE;
  if (attempt->connect_us >= 0)
    return g_str_has_prefix (attempt->url, "https:") ? LK_PHASE_TLS : LK_PHASE_FIRST_BYTE;
  if (attempt->dns_us >= 0)
    return LK_PHASE_CONNECT;

  /* On a connection that was open, or on none at all. */
  return never_connected (attempt) ? LK_PHASE_DNS : LK_PHASE_FIRST_BYTE;
}

/**
 * lk_attempt_broke_off:
 * @attempt: an attempt
 *
 * Returns: whether it ended without an answer, that is in its last phase
 */
gboolean
lk_attempt_broke_off (const LkAttempt *attempt)
{
  g_return_val_if_fail (attempt != NULL, FALSE);

  return attempt->latency_ms >= 0 && attempt->status == 0;
}

/**
 * lk_attempt_get_phase_us:
 * @attempt: an attempt
 * @phase: a phase of it
 *
 * The phase in which an attempt fails has the time until it did.
 *
 * Returns: how long the phase took, in microseconds; -1 when it did not happen
 */
gint64
lk_attempt_get_phase_us (const LkAttempt *attempt, LkPhase phase)
{
  gint64 end;

  g_return_val_if_fail (attempt != NULL && (guint) phase < LK_N_PHASES, -1);

  if (phase > lk_attempt_get_last_phase (attempt))
    return -1;

  end = get_end (attempt, phase == lk_attempt_get_last_phase (attempt) ? LK_PHASE_BODY : phase);

  return end >= 0 ? MAX (end - get_begin (attempt, phase), 0) : -1;
}

/**
 * lk_phase_get_title:
 * @phase: a phase
 *
 * Returns: what people read, translated
 */
const char *
lk_phase_get_title (LkPhase phase)
{
  g_return_val_if_fail ((guint) phase < LK_N_PHASES, "");

  return _ (titles[phase]);
}

static char *
format_end (const char *what, gint64 end_us)
{
  g_autofree char *time = g_strdup_printf (_ ("%d ms"), (int) ((end_us + 500) / 1000));
  g_auto (GStrv) parts = g_strsplit (what, "%s", 2);

  return g_strjoinv (time, parts);
}

/**
 * lk_attempt_format_phases:
 * @attempt: an attempt
 *
 * Returns: (transfer full): what was reached when, in milliseconds from the start: “name resolved
 *   1 ms · connected 2 ms · first byte 31 ms · total 33 ms”; "" when that is not known
 */
char *
lk_attempt_format_phases (const LkAttempt *attempt)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (attempt != NULL, NULL);

  for (int phase = 0; phase < LK_N_PHASES; phase++)
    {
      gint64 end = get_end (attempt, (LkPhase) phase);
      g_autofree char *part = end >= 0 ? format_end (_ (ends[phase]), end) : NULL;

      if (part != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", part);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
