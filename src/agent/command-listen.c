/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-listen"

#include "config.h"

#include <glib-unix.h>
#include <inttypes.h>
#include <glib/gi18n.h>

#include "agent/command.h"
#include "agent/lookup.h"
#include "agent/secret-file.h"
#include "engine/keyring-look.h"
#include "engine/receiver.h"
#include "store/task-secret.h"
#include "store/task-store.h"

#define DEFAULT_PORT 8787
#define MAX_DELAY_MS 60000

typedef struct
{
  LkCall *call;
  LkReceiver *receiver;
  gboolean is_over;
  gint64 n_received;
  gint64 n_valid;
} Listener;

/* (transfer full) (nullable): the newest, from wherever it is */
static char *
get_task_secret (LkCall *call, const LkTask *task, GError **error)
{
  LkWorkspace *workspace = lk_call_open (call, error);
  g_autoptr (LkKeyringItems) items = lk_keyring_items_new ();
  char **secrets = NULL;
  char *newest;

  if (workspace != NULL)
    secrets = lk_keyring_look_for_secrets (lk_workspace_get_pool (workspace), items, task->id,
                                           g_get_real_time (), FALSE, NULL, error);
  newest = secrets != NULL ? g_strdup (secrets[0]) : NULL;
  g_clear_pointer (&secrets, lk_task_secret_list_free);

  return newest;
}

static void
print_received_json (LkOutput *output, const LkReceived *received)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  lk_json_add_int (builder, "sequence", received->sequence);
  lk_json_add_instant (builder, "receivedAt", received->received_at);
  lk_json_add_text (builder, "path", received->path);
  lk_json_add_text (builder, "webhookId", received->webhook_id);
  lk_json_add_text (builder, "task", received->task_name);
  lk_json_add_text (builder, "license", received->activation_key);
  lk_json_add_flag (builder, "qlmValid", received->qlm_valid);
  lk_json_add_text (builder, "qlmVerdict", received->qlm_verdict);
  lk_json_add_flag (builder, "standardValid", received->standard_valid);
  lk_json_add_text (builder, "standardVerdict", received->standard_verdict);
  lk_json_add_int (builder, "answer", received->answer);
  json_builder_end_object (builder);
  lk_output_json_line (output, builder);
}

static void
print_received (LkOutput *output, const LkReceived *received)
{
  g_autofree char *time = lk_output_format_instant (received->received_at);
  g_autofree char *task = lk_output_format_visible (received->task_name, -1);
  g_autofree char *key = lk_output_format_visible (received->activation_key, -1);
  g_autofree char *path = lk_output_format_visible (received->path, -1);

  lk_output_printf (output, "%s  %s  “%s”  %s  X-QLM-Signature: %s  webhook-signature: %s  → %u\n",
                    time, path, task, key, received->qlm_verdict, received->standard_verdict,
                    received->answer);
  lk_output_flush (output);
}

static void
received_cb (LkReceiver *receiver, const LkReceived *received, gpointer data)
{
  Listener *listener = data;
  LkOutput *output = lk_call_get_output (listener->call);

  g_assert (LK_IS_RECEIVER (receiver));

  listener->n_received++;
  if (received->qlm_valid && received->standard_valid)
    listener->n_valid++;

  if (lk_call_wants_json (listener->call))
    print_received_json (output, received);
  else
    print_received (output, received);

  if (!lk_output_is_open (output))
    listener->is_over = TRUE;
}

static gboolean
signal_cb (gpointer data)
{
  Listener *listener = data;

  listener->is_over = TRUE;

  return G_SOURCE_CONTINUE;
}

/* The port in the task's address, so that the task's requests arrive here. */
static gboolean
get_task_port (const LkTask *task, gint64 *port, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (task->url, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL || g_uri_get_port (uri) <= 0)
    {
      g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
                   _ ("the address of task “%s” names no port: give --port"), task->name);
      return FALSE;
    }

  *port = g_uri_get_port (uri);
  return TRUE;
}

/* @secret: (out) (nullable): to be wiped by lk_secret_free() */
static gboolean
get_settings (LkCall *call, gint64 *port, char **secret, GError **error)
{
  const char *path = lk_call_get (call, "secret-file");
  const char *name = lk_call_get (call, "task");
  g_autoptr (LkTask) task = name != NULL ? lk_lookup_task (call, name, error) : NULL;

  if (name != NULL && task == NULL)
    return FALSE;

  if (!lk_call_get_number (call, "port", 0, G_MAXUINT16, port, error))
    return FALSE;
  if (task != NULL && !lk_call_has (call, "port") && !get_task_port (task, port, error))
    return FALSE;

  if (path != NULL)
    *secret = lk_secret_file_read (path, error);
  else if (task != NULL)
    *secret = get_task_secret (call, task, error);
  else
    return TRUE;

  return *secret != NULL;
}

/* A port that is taken is no value that was refused: another time it is free. */
static gboolean
listen_on (LkReceiver *receiver, guint16 port, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (lk_receiver_listen (receiver, port, &reason))
    return TRUE;

  g_set_error_literal (error, LK_ERROR, LK_ERROR_FAILED, reason->message);
  return FALSE;
}

static gboolean
set_up (Listener *listener, GError **error)
{
  gint64 port = DEFAULT_PORT, answer = 200, delay_ms = 0;
  char *secret = NULL;
  gboolean is_set;

  if (!lk_call_get_number (listener->call, "answer", 200, 599, &answer, error)
      || !lk_call_get_number (listener->call, "delay", 0, MAX_DELAY_MS, &delay_ms, error))
    return FALSE;

  is_set = get_settings (listener->call, &port, &secret, error);
  if (is_set)
    {
      lk_receiver_set_secret (listener->receiver, secret != NULL ? secret : "");
      lk_receiver_set_answer (listener->receiver, (guint) answer, (guint) delay_ms);
    }
  lk_secret_free (secret);

  return is_set && listen_on (listener->receiver, (guint16) port, error);
}

/* Says that it listens once a signal ends it in order, and not before: who started it may stop it
 * as soon as it reads that. */
static void
wait_for_signal (Listener *listener)
{
  guint sigint_id = g_unix_signal_add (SIGINT, signal_cb, listener);
  guint sigterm_id = g_unix_signal_add (SIGTERM, signal_cb, listener);

  lk_message (_ ("listening on http://127.0.0.1:%u/webhook"),
              lk_receiver_get_port (listener->receiver));
  while (!listener->is_over)
    g_main_context_iteration (NULL, TRUE);

  g_source_remove (sigint_id);
  g_source_remove (sigterm_id);
}

static gboolean
run_listen (LkCall *call, GError **error)
{
  g_autoptr (LkReceiver) receiver = lk_receiver_new (lk_call_get_clock (call));
  Listener listener = { .call = call, .receiver = receiver };

  g_signal_connect (receiver, "received", G_CALLBACK (received_cb), &listener);
  if (!set_up (&listener, error))
    return FALSE;

  wait_for_signal (&listener);
  lk_receiver_close (receiver);

  lk_message (_ ("%" PRId64 " received, %" PRId64 " valid by both signatures"), listener.n_received,
              listener.n_valid);
  return TRUE;
}

static const GOptionEntry listen_options[] = {
  LK_OPTION ("port", N_ ("PORT"), N_ ("the port (8787); 0 for any free one")),
  LK_OPTION ("secret-file", N_ ("FILE"), N_ ("a file with the secret to verify with; - for stdin")),
  LK_OPTION ("task", N_ ("NAME"), N_ ("take port and secret from this task")),
  LK_OPTION ("answer", N_ ("CODE"), N_ ("the HTTP status to answer (200)")),
  LK_OPTION ("delay", N_ ("MS"), N_ ("milliseconds to wait before the answer (0)")),
  LK_OPTIONS_END,
};

const LkCommand lk_listen_commands[] = {
  { "listen", NULL, N_ ("receive webhooks, verify both signatures, show what arrives"), 0, 0,
    listen_options, run_listen },
  { NULL },
};
