/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-command-task-edit"

#include "config.h"

#include <errno.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "agent/command.h"
#include "agent/lookup.h"
#include "agent/secret-file.h"
#include "engine/keyring-look.h"
#include "engine/keyring-tidy.h"
#include "engine/secret-service.h"
#include "core/task-draft.h"
#include "core/text-check.h"
#include "store/task-secret.h"
#include "store/task-store.h"

/* What the command line says becomes a draft, as in the dialog; the draft knows the rules. */

typedef struct
{
  LkTask *task;
  char *secret;
  LkInstant overlap;
  LkInstant now;
} Save;

static gpointer
list_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_task_store_list (db, error);
}

static gpointer
insert_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Save *save = data;

  return GINT_TO_POINTER (lk_task_store_insert (db, save->task, save->secret, save->now, error)
                          > 0);
}

static gpointer
update_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Save *save = data;

  return GINT_TO_POINTER (
      lk_task_secret_update_task (db, save->task, save->secret, save->overlap, save->now, error));
}

static char **
list_names (LkCall *call, GError **error)
{
  g_autoptr (GPtrArray) tasks = lk_call_read (call, list_job, NULL, error);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (tasks == NULL)
    return NULL;

  for (guint i = 0; i < tasks->len; i++)
    g_strv_builder_add (names, ((const LkTask *) g_ptr_array_index (tasks, i))->name);

  return g_strv_builder_end (names);
}

static void
set_texts (LkCall *call, LkTaskDraft *draft)
{
  static const struct
  {
    const char *option;
    LkTaskField field;
  } fields[] = {
    { "rename", LK_TASK_FIELD_NAME },
    { "zone", LK_TASK_FIELD_ZONE },
    { "url", LK_TASK_FIELD_URL },
    { "user-data", LK_TASK_FIELD_USER_DATA },
    { "send", LK_TASK_FIELD_SEND },
    { "ca-file", LK_TASK_FIELD_CA_FILE },
    { "client-certificate", LK_TASK_FIELD_CLIENT_CERTIFICATE },
    { "proxy", LK_TASK_FIELD_PROXY },
    { "notes", LK_TASK_FIELD_NOTES },
  };
  g_autofree char *headers = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (lk_call_has (call, fields[i].option))
      lk_task_draft_set_text (draft, fields[i].field, lk_call_get (call, fields[i].option));

  if (lk_call_has (call, "header"))
    {
      headers = g_strjoinv ("\n", (char **) lk_call_get_all (call, "header"));
      lk_task_draft_set_text (draft, LK_TASK_FIELD_HEADERS, headers);
    }
}

static gboolean
set_flags (LkCall *call, LkTaskDraft *draft, GError **error)
{
  static const struct
  {
    const char *option;
    LkTaskField field;
  } fields[] = {
    { "enabled", LK_TASK_FIELD_ENABLED },
    { "webhook", LK_TASK_FIELD_WEBHOOK_ENABLED },
    { "standard-webhooks", LK_TASK_FIELD_STANDARD_WEBHOOKS },
    { "keyring", LK_TASK_FIELD_USE_KEYRING },
    { "at-most-once", LK_TASK_FIELD_AT_MOST_ONCE },
    { "hold-unusual", LK_TASK_FIELD_HOLD_UNUSUAL },
    { "alert", LK_TASK_FIELD_ALERT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      gboolean on = FALSE;

      if (!lk_call_get_switch (call, fields[i].option, &on, error))
        return FALSE;
      if (lk_call_has (call, fields[i].option))
        lk_task_draft_set_flag (draft, fields[i].field, on);
    }

  return TRUE;
}

/* How the receiver is spoken to; the draft says what is out of range. */
static gboolean
set_numbers (LkCall *call, LkTaskDraft *draft, GError **error)
{
  static const struct
  {
    const char *option;
    LkTaskField field;
  } fields[] = {
    { "concurrency", LK_TASK_FIELD_CONCURRENCY },
    { "rate", LK_TASK_FIELD_RATE_LIMIT },
    { "connect-timeout", LK_TASK_FIELD_CONNECT_TIMEOUT },
    { "answer-timeout", LK_TASK_FIELD_ANSWER_TIMEOUT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      gint64 number = 0;

      if (!lk_call_get_number (call, fields[i].option, 0, G_MAXINT, &number, error))
        return FALSE;
      if (lk_call_has (call, fields[i].option))
        lk_task_draft_set_number (draft, fields[i].field, number);
    }

  return TRUE;
}

static gboolean
set_schedule (LkCall *call, LkTaskDraft *draft, GError **error)
{
  if (lk_call_has (call, "every")
      && !lk_task_draft_set_every (draft, lk_call_get (call, "every"), error))
    return FALSE;
  if (lk_call_has (call, "start")
      && !lk_task_draft_set_start (draft, lk_call_get (call, "start"), error))
    return FALSE;

  return set_numbers (call, draft, error);
}

/* @is_new: a new task takes the default server where none is named. */
static gboolean
set_references (LkCall *call, LkTaskDraft *draft, gboolean is_new, GError **error)
{
  g_autoptr (LkServerProfile) server = NULL;
  g_autoptr (LkSearch) search = NULL;

  if (is_new || lk_call_has (call, "server"))
    {
      server = lk_lookup_server (call, lk_call_get (call, "server"), error);
      if (server == NULL)
        return FALSE;
      lk_task_draft_set_number (draft, LK_TASK_FIELD_SERVER, server->id);
    }

  if (lk_call_has (call, "search"))
    {
      search = lk_lookup_search (call, lk_call_get (call, "search"), error);
      if (search == NULL)
        return FALSE;
      lk_task_draft_set_number (draft, LK_TASK_FIELD_SEARCH, search->id);
    }

  return TRUE;
}

static gboolean
set_secret (LkCall *call, LkTaskDraft *draft, GError **error)
{
  const char *path = lk_call_get (call, "secret-file");
  const char *overlap = lk_call_get (call, "overlap");
  char *secret;

  if (path == NULL && overlap != NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("--overlap is for a new secret: name it with --secret-file"));
      return FALSE;
    }
  if (path == NULL)
    return TRUE;
  if (overlap != NULL && !lk_task_draft_set_overlap (draft, overlap, error))
    return FALSE;

  secret = lk_secret_file_read (path, error);
  if (secret == NULL)
    return FALSE;

  lk_task_draft_set_text (draft, LK_TASK_FIELD_SECRET, secret);
  lk_secret_free (secret);
  return TRUE;
}

/* The draft knows no disk. */
static gboolean
check_file (LkCall *call, const char *option, GError **error)
{
  const char *path = lk_call_get (call, option);

  if (path == NULL || *path == '\0' || g_access (path, R_OK) == 0)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("--%s: “%s” cannot be read (%s); name a PEM file that can"), option, path,
               g_strerror (errno));
  return FALSE;
}

/* The ledger knows what the former way to send has sent, which may not be what the new one asks. */
static void
advise_preview (LkCall *call, const char *name)
{
  if (lk_call_has (call, "send") || lk_call_has (call, "search"))
    lk_message (_ ("“task preview %s” shows what it would send now; “task mark-sent %s --all” lets "
                   "today’s matches count as sent"),
                name, name);
}

static gboolean
fill_draft (LkCall *call, LkTaskDraft *draft, gboolean is_new, GError **error)
{
  set_texts (call, draft);

  return set_flags (call, draft, error) && set_schedule (call, draft, error)
         && set_references (call, draft, is_new, error) && set_secret (call, draft, error)
         && check_file (call, "ca-file", error) && check_file (call, "client-certificate", error);
}

/* Tells of everything that is odd; what a person must confirm needs --yes. */
static gboolean
check_draft (LkCall *call, LkTaskDraft *draft, GError **error)
{
  GPtrArray *problems = lk_task_draft_get_problems (draft);
  const LkDraftProblem *unconfirmed = NULL;

  for (guint i = 0; i < problems->len; i++)
    {
      const LkDraftProblem *problem = g_ptr_array_index (problems, i);

      if (problem->severity == LK_DRAFT_WARNING)
        lk_message (_ ("warning: %s"), problem->message);
      else if (problem->severity == LK_DRAFT_CONFIRM && unconfirmed == NULL)
        unconfirmed = problem;
    }

  if (!lk_draft_problems_check (problems, error))
    return FALSE;
  if (unconfirmed == NULL || lk_call_has (call, "yes"))
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID, _ ("%s; say --yes when this is meant"),
               unconfirmed->message);
  return FALSE;
}

/* Moves the secret to where it belongs at once, and says where it is. */
static void
settle_secret (LkCall *call, const char *name)
{
  g_autoptr (LkKeyringItems) items = lk_keyring_items_new ();
  LkWorkspace *workspace = lk_call_open (call, NULL); /* it is open */
  LkInstant now = lk_clock_now (lk_call_get_clock (call));
  g_autoptr (LkKeyringLook) look = NULL;
  g_autoptr (LkTask) task = NULL;
  g_autoptr (GError) error = NULL;

  look = lk_keyring_look (lk_workspace_get_pool (workspace), items, 0, now, FALSE, NULL, &error);
  if (look != NULL && lk_keyring_tidy (workspace, items, now, NULL, &error))
    task = lk_lookup_task (call, name, &error);

  if (task == NULL)
    lk_message (_ ("warning: %s"), error->message);
  else if (!task->has_secret)
    lk_message (_ ("the task has no secret yet"));
  else if (task->secret_in_keyring)
    lk_message (_ ("the secret is in the keyring of the desktop"));
  else if (task->use_keyring)
    lk_message (_ ("the secret is in the workspace until a keyring of a desktop is open"));
  else
    lk_message (_ ("the secret is in the workspace, which only you can read"));
}

static gboolean
save_draft (LkCall *call, LkTaskDraft *draft, LkDbJobFunc job, GError **error)
{
  Save save = { .now = lk_clock_now (lk_call_get_clock (call)) };
  gboolean done;

  if (!check_draft (call, draft, error))
    return FALSE;

  save.task = lk_task_draft_to_task (draft, error);
  if (save.task == NULL)
    return FALSE;

  save.overlap = lk_task_draft_get_overlap (draft);
  save.secret = g_strdup (lk_call_has (call, "secret-file")
                              ? lk_task_draft_get_text (draft, LK_TASK_FIELD_SECRET)
                              : NULL);
  done = lk_call_write (call, job, &save, error) != NULL;
  if (done)
    lk_call_report (call, "task", save.task->name, _ ("saved the task “%s”"));
  if (done && (lk_call_has (call, "secret-file") || lk_call_has (call, "keyring")))
    settle_secret (call, save.task->name);
  lk_task_free (save.task);
  lk_secret_free (save.secret);

  return done;
}

static gboolean
is_keyring_open (void)
{
  g_autoptr (SecretService) service = lk_secret_service_open (FALSE, NULL, NULL, NULL);

  return service != NULL;
}

static gboolean
run_add (LkCall *call, GError **error)
{
  g_auto (GStrv) names = list_names (call, error);
  g_autoptr (LkTaskDraft) draft = NULL;

  if (names == NULL)
    return FALSE;

  draft = lk_task_draft_new_blank (lk_clock_now (lk_call_get_clock (call)),
                                   (const char *const *) names);
  lk_task_draft_set_text (draft, LK_TASK_FIELD_NAME, lk_call_get_argument (call, 0));
  lk_task_draft_set_flag (draft, LK_TASK_FIELD_WEBHOOK_ENABLED, lk_call_has (call, "url"));
  lk_task_draft_set_flag (draft, LK_TASK_FIELD_USE_KEYRING,
                          lk_call_has (call, "secret-file") && !lk_call_has (call, "keyring")
                              && is_keyring_open ());

  return fill_draft (call, draft, TRUE, error) && save_draft (call, draft, insert_job, error);
}

static void
drop_name (char **names, const char *own)
{
  gsize kept = 0;

  for (gsize i = 0; names[i] != NULL; i++)
    if (lk_text_same_name (names[i], own))
      g_free (names[i]);
    else
      names[kept++] = names[i];
  names[kept] = NULL;
}

static gboolean
run_edit (LkCall *call, GError **error)
{
  g_autoptr (LkTask) task = lk_lookup_task (call, lk_call_get_argument (call, 0), error);
  g_auto (GStrv) names = task != NULL ? list_names (call, error) : NULL;
  g_autoptr (LkTaskDraft) draft = NULL;

  if (names == NULL)
    return FALSE;

  drop_name (names, task->name);
  draft = lk_task_draft_new (task, (const char *const *) names);

  if (!fill_draft (call, draft, FALSE, error) || !save_draft (call, draft, update_job, error))
    return FALSE;

  advise_preview (call, task->name);
  return TRUE;
}

#define TASK_OPTIONS                                                                               \
  LK_OPTION ("search", N_ ("NAME"), N_ ("the saved search to run")),                               \
      LK_OPTION ("server", N_ ("NAME"), N_ ("the license server to search")),                      \
      LK_OPTION ("every", N_ ("N UNIT"), N_ ("“1 day”, “30 minutes”, “2 hours”, “1 week” …")),     \
      LK_OPTION ("start", N_ ("MOMENT"), N_ ("starting on and at: “2026-01-31 08:00”")),           \
      LK_OPTION ("zone", N_ ("ZONE"), N_ ("the time zone of --start: Europe/Berlin")),             \
      LK_OPTION ("url", N_ ("URL"), N_ ("the address that receives the webhooks")),                \
      LK_OPTION ("secret-file", N_ ("FILE"), N_ ("a file with the secret; - for stdin")),          \
      LK_OPTION ("keyring", "on|off", N_ ("keep the secret in the desktop's keyring")),            \
      LK_OPTION ("user-data", N_ ("TEXT"), N_ ("travels as WebHookUserData")),                     \
      LK_OPTION ("send", N_ ("POLICY"),                                                            \
                 N_ ("every-run, once, on-change:COL,COL, every:N-days or milestones:COL:-7,0")),  \
      LK_OPTION ("header", N_ ("'K: V'"), N_ ("an extra header; may be repeated")),                \
      LK_OPTION ("concurrency", N_ ("N"), N_ ("requests to the receiver at once (4)")),            \
      LK_OPTION ("rate", N_ ("N"), N_ ("requests to the receiver a minute at most (0: any)")),     \
      LK_OPTION ("connect-timeout", N_ ("SECONDS"),                                                \
                 N_ ("how long to wait for it to connect (10)")),                                  \
      LK_OPTION ("answer-timeout", N_ ("SECONDS"), N_ ("and then for its answer (30)")),           \
      LK_OPTION ("proxy", N_ ("URL"),                                                              \
                 N_ ("http://HOST:PORT, socks5://HOST:PORT, none; \"\": system's")),               \
      LK_OPTION ("ca-file", N_ ("FILE"), N_ ("PEM file with further authorities")),                \
      LK_OPTION ("client-certificate", N_ ("FILE"), N_ ("PEM file with certificate and key")),     \
      LK_OPTION ("notes", N_ ("TEXT"), N_ ("free text")),                                          \
      LK_OPTION ("enabled", "on|off", N_ ("whether the timer runs it")),                           \
      LK_OPTION ("webhook", "on|off", N_ ("whether matches are sent")),                            \
      LK_OPTION ("standard-webhooks", "on|off", N_ ("send the Standard Webhooks headers, too")),   \
      LK_OPTION ("at-most-once", "on|off", N_ ("hold what may have arrived before a crash")),      \
      LK_OPTION ("hold-unusual", "on|off", N_ ("hold the first run and unusually large ones")),    \
      LK_OPTION ("alert", "on|off", N_ ("desktop notification of its runs")),                      \
      LK_FLAG ("yes", N_ ("confirm what the console would ask about"))

static const GOptionEntry add_options[] = {
  TASK_OPTIONS,
  LK_OPTIONS_END,
};

static const GOptionEntry edit_options[] = {
  LK_OPTION ("rename", N_ ("NAME"), N_ ("a new name")),
  LK_OPTION ("overlap", N_ ("N UNIT"), N_ ("let the old secret sign, too, for “3 days”")),
  TASK_OPTIONS,
  LK_OPTIONS_END,
};

const LkCommand lk_task_edit_commands[] = {
  { "task add", N_ ("NAME --search NAME [--url URL --secret-file FILE]"), N_ ("add a task"), 1, 1,
    add_options, run_add },
  { "task edit", N_ ("NAME"), N_ ("change what the options name; the rest stays"), 1, 1,
    edit_options, run_edit },
  { NULL },
};
