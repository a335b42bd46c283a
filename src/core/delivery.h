/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"

G_BEGIN_DECLS

/**
 * LkDeliveryState:
 *
 * ```
 *            claim              2xx
 *  queued ----------> sending ---------> delivered
 *    ^                 |  |  \
 *    | due   failure,  |  |   \ failure, no attempt left
 *    |    attempts left|  |    `-------> exhausted
 *  retry_wait <--------'  | 410, pause, unknown with "at most once"
 *    ^                    v
 *    `------------------ held ---------> dropped (a person, or its task was deleted)
 * ```
 *
 * delivered, exhausted and dropped are the end, unless a person has it sent again: then it is
 * queued once more. Every other row has a due time (queued, retry_wait), a hold reason (held) or a
 * claim (sending).
 */
typedef enum
{
  LK_DELIVERY_QUEUED,
  LK_DELIVERY_SENDING,
  LK_DELIVERY_RETRY_WAIT,
  LK_DELIVERY_HELD,
  LK_DELIVERY_DELIVERED,
  LK_DELIVERY_EXHAUSTED,
  LK_DELIVERY_DROPPED,
} LkDeliveryState;

#define LK_N_DELIVERY_STATES (LK_DELIVERY_DROPPED + 1)

/**
 * LkHoldKind:
 * @LK_HOLD_NONE: it is not held
 * @LK_HOLD_LOOK: a person wants to look at it first
 * @LK_HOLD_UNKNOWN: the receiver may have got it, and it must not get it twice
 * @LK_HOLD_PAUSED: its receiver is paused
 *
 * What has to happen before a held delivery goes on.
 */
typedef enum
{
  LK_HOLD_NONE,
  LK_HOLD_LOOK,
  LK_HOLD_UNKNOWN,
  LK_HOLD_PAUSED,
} LkHoldKind;

const char *lk_hold_kind_to_string (LkHoldKind kind);
gboolean lk_hold_kind_from_string (const char *text, LkHoldKind *kind);

/**
 * LkDelivery:
 * @id: the row in the workspace
 * @webhook_id: `msg_` and 26 base32 characters; the same over retries
 * @run_id: the run that created it; 0 for a test
 * @task_id: its task; 0 once that was deleted
 * @task_name: the task's name at the time
 * @is_test: whether Send Test made it: one attempt, no ledger
 * @license_id, @license_key, @customer: which license it is about
 * @url: the receiver
 * @body: (nullable): the exact bytes; %NULL in lists
 * @state: see #LkDeliveryState
 * @attempts: how many requests were made so far
 * @schedule_from: how many of them came before a person had it sent again: the retry schedule
 *   begins after them
 * @due_at: when it may be sent (queued, retry_wait); 0 otherwise
 * @hold_kind: what has to happen before it goes on; %LK_HOLD_NONE unless held
 * @hold_reason: why it waits for a person; "" unless held
 * @last_status: the HTTP status of the last attempt; 0 when there was none
 * @last_cause: the last attempt's outcome in words; "" before the first
 * @last_latency_ms: milliseconds from the request to the end of the last answer; -1 for none
 * @created_at, @finished_at: @finished_at is 0 until a final state
 *
 * One webhook owed to one receiver about one license. A plain value.
 */
typedef struct
{
  gint64 id;
  char *webhook_id;
  gint64 run_id;
  gint64 task_id;
  char *task_name;
  gboolean is_test;
  gint64 license_id;
  char *license_key;
  char *customer;
  char *url;
  GBytes *body;
  LkDeliveryState state;
  int attempts;
  int schedule_from;
  LkInstant due_at;
  LkHoldKind hold_kind;
  char *hold_reason;
  int last_status;
  char *last_cause;
  int last_latency_ms;
  LkInstant created_at;
  LkInstant finished_at;
} LkDelivery;

LkDelivery *lk_delivery_new (void);
LkDelivery *lk_delivery_copy (const LkDelivery *self);
void lk_delivery_free (LkDelivery *self);
const char *lk_delivery_state_to_string (LkDeliveryState state);
gboolean lk_delivery_state_from_string (const char *text, LkDeliveryState *state);
const char *lk_delivery_state_get_title (LkDeliveryState state);
const char *lk_delivery_get_send_obstacle (const LkDelivery *self);
const char *lk_delivery_get_drop_obstacle (const LkDelivery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkDelivery, lk_delivery_free)

/**
 * LkOutcome:
 * @LK_OUTCOME_PENDING: intent recorded, no answer yet
 * @LK_OUTCOME_SUCCESS: 2xx
 * @LK_OUTCOME_FAILURE: an answer other than 2xx, or no answer; counts as an attempt
 * @LK_OUTCOME_UNKNOWN: the process died in between: the receiver may have got it
 * @LK_OUTCOME_OFFLINE: this machine had no network; costs no attempt
 */
typedef enum
{
  LK_OUTCOME_PENDING,
  LK_OUTCOME_SUCCESS,
  LK_OUTCOME_FAILURE,
  LK_OUTCOME_UNKNOWN,
  LK_OUTCOME_OFFLINE,
} LkOutcome;

#define LK_N_OUTCOMES (LK_OUTCOME_OFFLINE + 1)

/**
 * LkAttempt:
 * @id: the row in the workspace
 * @delivery_id: its delivery
 * @number: counts from 1 within the delivery
 * @outcome: see #LkOutcome
 * @url: where it went
 * @status: HTTP status; 0 when no status line came
 * @reason: the reason phrase; ""
 * @error_class: a stable word for what went wrong (`dns`, `connect`, `tls`, `timeout`, `reset`,
 *   `protocol`, `proxy`, `local`, `offline`, `redirect`, `client-error`, `server-error`, `gone`,
 * `throttled`), see lk_cause_get_class(); "" for a success
 * @cause: the outcome in plain language, for a person
 * @location: the Location header of a redirect; ""
 * @retry_after_s: seconds the receiver asked for; -1 for none
 * @request_headers, @response_headers: "Name: value" lines; signatures and secrets left out
 * @response_body: (nullable): at most 64 KiB of the answer
 * @response_truncated: whether the answer was longer than what was kept
 * @started_at: when the request began
 * @latency_ms: milliseconds to the end of the answer; -1 while pending or unknown
 * @dns_us, @connect_us, @tls_us, @first_byte_us: microseconds to when the name was resolved, the
 *   connection stood, TLS was agreed on and the headers of the answer were read; -1 for what did
 * not happen: a connection that is used again needs none of the first three. See #LkPhase
 *
 * All times of an attempt count from when it got a connection, or began to make one: not from when
 * it queued for one.
 *
 * One HTTP request made for a delivery. A plain value.
 */
typedef struct
{
  gint64 id;
  gint64 delivery_id;
  int number;
  LkOutcome outcome;
  char *url;
  int status;
  char *reason;
  char *error_class;
  char *cause;
  char *location;
  gint64 retry_after_s;
  char *request_headers;
  char *response_headers;
  GBytes *response_body;
  gboolean response_truncated;
  LkInstant started_at;
  int latency_ms;
  gint64 dns_us;
  gint64 connect_us;
  gint64 tls_us;
  gint64 first_byte_us;
} LkAttempt;

LkAttempt *lk_attempt_new (void);
LkAttempt *lk_attempt_copy (const LkAttempt *self);
void lk_attempt_free (LkAttempt *self);
const char *lk_outcome_to_string (LkOutcome outcome);
gboolean lk_outcome_from_string (const char *text, LkOutcome *outcome);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkAttempt, lk_attempt_free)

G_END_DECLS
