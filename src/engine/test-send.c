/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-test-send"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "core/payload.h"
#include "core/signature.h"
#include "engine/sender-private.h"
#include "engine/test-send.h"
#include "engine/verdict.h"
#include "store/delivery-store.h"
#include "store/task-secret.h"

/* The data of the task. */
typedef struct
{
  LkDbPool *pool;
  LkClock *clock;
  LkSender *sender;
  LkTask *settings;
  char **secrets;
  LkDelivery *delivery;
  LkClaim *claim;
  LkReply *reply;
  LkSettlement *settlement;
} TestSend;

static void
test_send_free (gpointer data)
{
  TestSend *self = data;

  g_clear_object (&self->pool);
  g_clear_object (&self->clock);
  g_clear_object (&self->sender);
  g_clear_pointer (&self->settings, lk_task_free);
  g_clear_pointer (&self->secrets, lk_task_secret_list_free);
  g_clear_pointer (&self->delivery, lk_delivery_free);
  g_clear_pointer (&self->claim, lk_claim_free);
  g_clear_pointer (&self->reply, lk_reply_free);
  g_clear_pointer (&self->settlement, lk_settlement_free);
  g_free (self);
}

static void
replace (char **place, const char *text)
{
  g_free (*place);
  *place = g_strdup (text != NULL ? text : "");
}

static LkDelivery *
make_delivery (const LkTask *settings, LkLicense *license, LkInstant now)
{
  LkDelivery *delivery = lk_delivery_new ();

  g_free (delivery->webhook_id);
  delivery->webhook_id = lk_webhook_id_new (now);
  delivery->is_test = TRUE;
  delivery->task_id = settings->id;
  delivery->license_id = lk_license_get_id (license);
  delivery->body = lk_payload_new (settings->name, settings->user_data, license);
  delivery->state = LK_DELIVERY_SENDING;
  delivery->created_at = now;
  replace (&delivery->task_name, settings->name);
  replace (&delivery->license_key, lk_license_get_named (license, "ActivationKey"));
  replace (&delivery->customer, lk_license_get_named (license, "FullName"));
  replace (&delivery->url, settings->url);

  return delivery;
}

static gpointer
insert_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  TestSend *self = data;

  self->claim =
      lk_delivery_store_insert_test (db, self->delivery, lk_clock_now (self->clock), error);

  return NULL;
}

/* The row of the log as it is now, for the dialog. */
static gpointer
settle_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  TestSend *self = data;

  if (!lk_delivery_store_settle_test (db, self->settlement, lk_clock_now (self->clock), error))
    return NULL;

  return lk_delivery_store_get (db, self->claim->delivery->id, error);
}

static void
settled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TestSend *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  LkDelivery *delivery = lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  LkTestResult *answer;

  if (delivery == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  answer = g_new0 (LkTestResult, 1);
  answer->delivery = delivery;
  answer->reply = g_steal_pointer (&self->reply);
  g_task_return_pointer (task, answer, (GDestroyNotify) lk_test_result_free);
}

/* A test has one attempt: what is not delivered is over. */
static LkSettlement *
make_settlement (TestSend *self)
{
  LkSettlement *settlement = g_new0 (LkSettlement, 1);

  settlement->attempt = lk_attempt_copy (self->reply->attempt);
  settlement->attempt->id = self->claim->attempt_id;
  settlement->attempt->delivery_id = self->claim->delivery->id;
  settlement->attempt->number = self->claim->attempt_number;
  settlement->costs_attempt = TRUE;
  settlement->state = settlement->attempt->outcome == LK_OUTCOME_SUCCESS ? LK_DELIVERY_DELIVERED
                                                                         : LK_DELIVERY_EXHAUSTED;

  return settlement;
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TestSend *self = g_task_get_task_data (task);

  self->reply = lk_sender_send_finish (LK_SENDER (source), result);
  self->settlement = make_settlement (self);
  /* It went out: it is logged, cancelled or not. */
  lk_db_pool_write_async (self->pool, settle_job, self, NULL, (GDestroyNotify) lk_delivery_free,
                          NULL, settled_cb, g_steal_pointer (&task));
}

static void
inserted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TestSend *self = g_task_get_task_data (task);
  g_autoptr (LkRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  lk_db_pool_finish (LK_DB_POOL (source), result, &error);
  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  request = lk_request_new_for (self->delivery, self->secrets, self->settings);
  lk_sender_send_async (self->sender, request, g_task_get_cancellable (task), sent_cb,
                        g_object_ref (task));
}

static void
secrets_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TestSend *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->secrets = lk_keyring_read_secrets_finish (LK_KEYRING (source), result, &error);
  if (self->secrets != NULL)
    lk_db_pool_write_async (self->pool, insert_job, self, NULL, NULL, g_task_get_cancellable (task),
                            inserted_cb, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

/**
 * lk_test_result_free:
 * @self: (transfer full): a result
 */
void
lk_test_result_free (LkTestResult *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->reply, lk_reply_free);
  g_clear_pointer (&self->delivery, lk_delivery_free);
  g_free (self);
}

/**
 * lk_test_send_start:
 * @task: (transfer full): returns an #LkTestResult
 * @pool: the workspace
 * @clock: the time
 * @sender: makes the request
 * @settings: the task, saved or not
 * @keyring: where a stored secret may be
 * @secret: (nullable): the secret; %NULL takes what is stored, as a delivery does
 * @license: the license to tell of
 *
 * Makes one real request and logs it as a test, outside of ledger and lease.
 */
void
lk_test_send_start (GTask *task, LkDbPool *pool, LkClock *clock, LkSender *sender,
                    LkKeyring *keyring, const LkTask *settings, const char *secret,
                    LkLicense *license)
{
  g_autoptr (GTask) owned = task;
  g_autoptr (GUri) uri = lk_sender_parse_url (settings->url);
  TestSend *self = g_new0 (TestSend, 1);

  self->pool = g_object_ref (pool);
  self->clock = g_object_ref (clock);
  self->sender = g_object_ref (sender);
  self->settings = lk_task_copy (settings);
  g_task_set_task_data (task, self, test_send_free);

  if (uri == NULL)
    {
      g_task_return_new_error (task, LK_ERROR, LK_ERROR_INVALID,
                               _ ("the URL “%s” is not an http:// or https:// address"),
                               settings->url != NULL ? settings->url : "");
      return;
    }

  self->delivery = make_delivery (settings, license, lk_clock_now (clock));
  lk_keyring_read_secrets_async (keyring, settings->id, secret, g_task_get_cancellable (task),
                                 secrets_read_cb, g_object_ref (task));
}
