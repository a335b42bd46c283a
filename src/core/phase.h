/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/delivery.h"

G_BEGIN_DECLS

/**
 * LkPhase:
 * @LK_PHASE_DNS: resolving the name, of the proxy where there is one
 * @LK_PHASE_CONNECT: connecting
 * @LK_PHASE_TLS: agreeing on TLS, and with a proxy the way through it
 * @LK_PHASE_FIRST_BYTE: from the request to the end of the headers of the answer
 * @LK_PHASE_BODY: reading the body of the answer
 *
 * Where the time of an attempt goes, in turn.
 */
typedef enum
{
  LK_PHASE_DNS,
  LK_PHASE_CONNECT,
  LK_PHASE_TLS,
  LK_PHASE_FIRST_BYTE,
  LK_PHASE_BODY,
} LkPhase;

#define LK_N_PHASES (LK_PHASE_BODY + 1)

LkPhase lk_attempt_get_last_phase (const LkAttempt *attempt);
gboolean lk_attempt_broke_off (const LkAttempt *attempt);
gint64 lk_attempt_get_phase_us (const LkAttempt *attempt, LkPhase phase);
const char *lk_phase_get_title (LkPhase phase);
char *lk_attempt_format_phases (const LkAttempt *attempt);

G_END_DECLS
