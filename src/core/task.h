/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/recurrence.h"

G_BEGIN_DECLS

/**
 * LkTask:
 * @id: the row in the workspace; 0 for one that is not saved yet
 * @version: counts the changes; an update names the version it read
 * @name: unique without regard to case; travels as "Name" in the webhook
 * @enabled: whether the timer runs it
 * @server_id: the License Server it searches
 * @search_id: the saved search it runs
 * @recurrence: when it is due
 * @created_at: when it was made; what `[date]` means before its first run
 * @last_ran_at: the due instant of its last finished run; 0 before the first
 * @next_due_at: the cursor: the next instant at which the timer runs it; 0 while disabled. Owned by
 *   the scheduler, not by the dialog
 * @webhook_enabled: whether each match becomes a delivery
 * @url: http:// or https:// address of the receiver
 * @has_secret: whether a secret is stored; the secret itself never travels in this value
 * @secret_in_keyring: whether the stored secret is in the keyring of the desktop and not in the
 *   workspace
 * @use_keyring: whether it belongs there; the engine moves it when the keyring is unlocked
 * @user_data: travels as "WebHookUserData"
 * @standard_webhooks: whether the Standard Webhooks headers are sent as well
 * @send: the firing policy as text, see lk_firing_policy_parse()
 * @headers: (array zero-terminated=1): extra headers, each "Name: value"
 * @ca_file: path of a PEM file with further trusted authorities; "" for the system's
 * @client_certificate: path of a PEM file with certificate and key; "" for none
 * @concurrency: requests in flight to the receiver at once; 1 to 64, default 4
 * @rate_limit: requests to the receiver a minute; 0 for as many as it takes, at most 60000
 * @connect_timeout_s: seconds to resolve its name, connect and shake hands; 1 to 120, default 10
 * @answer_timeout_s: seconds from there to the end of the headers; 1 to 300, default 30
 * @proxy: "" for the system's, "none", or the address of one, see lk_webhook_check_proxy()
 * @at_most_once: whether a delivery with an unknown outcome waits for a person
 * @hold_unusual: whether the first run and unusually large ones wait for a look
 * @alert: whether a desktop notification tells of each run that matched or failed
 * @notes: free text
 *
 * A Scheduled Task. A plain value: whoever holds it owns it.
 */
typedef struct
{
  gint64 id;
  gint64 version;
  char *name;
  gboolean enabled;
  gint64 server_id;
  gint64 search_id;
  LkRecurrence recurrence;
  LkInstant created_at;
  LkInstant last_ran_at;
  LkInstant next_due_at;
  gboolean webhook_enabled;
  char *url;
  gboolean has_secret;
  gboolean secret_in_keyring;
  gboolean use_keyring;
  char *user_data;
  gboolean standard_webhooks;
  char *send;
  char **headers;
  char *ca_file;
  char *client_certificate;
  int concurrency;
  int rate_limit;
  int connect_timeout_s;
  int answer_timeout_s;
  char *proxy;
  gboolean at_most_once;
  gboolean hold_unusual;
  gboolean alert;
  char *notes;
} LkTask;

#define LK_TASK_DEFAULT_CONCURRENCY 4
#define LK_TASK_DEFAULT_SEND        "once"
#define LK_TASK_MAX_CONCURRENCY     64
#define LK_TASK_MAX_RATE            60000 /* requests a minute */

/* Seconds. */
#define LK_TASK_DEFAULT_CONNECT_TIMEOUT 10
#define LK_TASK_MAX_CONNECT_TIMEOUT     120
#define LK_TASK_DEFAULT_ANSWER_TIMEOUT  30
#define LK_TASK_MAX_ANSWER_TIMEOUT      300

LkTask *lk_task_new (void);
LkTask *lk_task_copy (const LkTask *self);
void lk_task_free (LkTask *self);
gboolean lk_task_equal (const LkTask *a, const LkTask *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkTask, lk_task_free)

G_END_DECLS
