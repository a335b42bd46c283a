/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads the secrets that are in the keyring, and writes nothing. */

#define G_LOG_DOMAIN "lk-keyring"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/error.h"
#include "engine/keyring-look.h"
#include "engine/secret-service.h"
#include "store/keyring-store.h"
#include "store/task-secret.h"

typedef struct
{
  LkKeyringItems *items;
  gint64 task_id;
  gboolean unlock;
  GCancellable *cancellable;
  gboolean was_opened;    /* there was something to open it for */
  SecretService *service; /* (nullable): the keyring, while it is open */
  LkKeyringLook *result;
} Look;

static gpointer
list_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lk_keyring_store_list (db, *(const LkInstant *) data, error);
}

/* The first one stands for all: they are in one keyring. */
static void
note_problem (Look *self, const LkKeyringEntry *entry, const GError *reason)
{
  if (self->result->problem == NULL)
    self->result->problem =
        g_strdup_printf (_ ("the task “%s” waits, since its secret cannot be read: %s"),
                         entry->task_name, reason->message);
}

/* Asked once a look: a service that does not answer would be waited for by each secret. */
static gboolean
open_keyring (Look *self, const LkKeyringEntry *entry)
{
  g_autoptr (GError) reason = NULL;

  if (self->was_opened)
    return self->service != NULL;

  self->was_opened = TRUE;
  self->service =
      lk_secret_service_open (self->unlock, &self->result->can_unlock, self->cancellable, &reason);
  if (self->service == NULL)
    note_problem (self, entry, reason);

  return self->service != NULL;
}

static void
read_secret (Look *self, const LkKeyringEntry *entry)
{
  g_autoptr (GError) reason = NULL;
  char *secret;

  if (lk_keyring_items_has (self->items, entry->item) || !open_keyring (self, entry))
    return;

  secret =
      lk_secret_service_read (self->service, entry->item, self->unlock, self->cancellable, &reason);
  if (secret != NULL)
    {
      lk_keyring_items_add (self->items, entry->item, secret);
      self->result->n_read++;
    }
  else if (g_error_matches (reason, LK_ERROR, LK_ERROR_NOT_FOUND))
    lk_keyring_items_add_gone (self->items, entry->item);

  /* Without an old secret that is gone its task signs with the new one alone. */
  if (secret == NULL && !(entry->is_old && lk_keyring_items_is_gone (self->items, entry->item)))
    note_problem (self, entry, reason);
  lk_secret_free (secret);
}

static void
see (Look *self, const LkKeyringEntry *entry)
{
  gboolean is_in_keyring = entry->work == LK_KEYRING_READ || entry->work == LK_KEYRING_MOVE_OUT;

  self->result->has_work |= entry->work != LK_KEYRING_READ;
  if (is_in_keyring && (self->task_id == 0 || entry->task_id == self->task_id)
      && !g_cancellable_is_cancelled (self->cancellable))
    read_secret (self, entry);
}

/**
 * lk_keyring_look:
 * @pool: the workspace
 * @items: what the keyring gave out so far, and gets what it gives out now
 * @task_id: whose secrets to read; 0 for all
 * @now: the wall-clock time
 * @unlock: whether the desktop may ask somebody to unlock the keyring
 * @cancellable: (nullable): interrupts it
 * @error: why the workspace could not be read; a keyring that cannot is no error
 *
 * Reads secrets that are in the keyring. Where none is, the keyring is not asked.
 *
 * Returns: (transfer full) (nullable): what came of it
 */
LkKeyringLook *
lk_keyring_look (LkDbPool *pool, LkKeyringItems *items, gint64 task_id, LkInstant now,
                 gboolean unlock, GCancellable *cancellable, GError **error)
{
  g_autoptr (LkKeyringLook) result = g_new0 (LkKeyringLook, 1);
  g_autoptr (GPtrArray) entries = lk_db_pool_read_sync (pool, list_job, &now, cancellable, error);
  Look look = {
    .items = items,
    .task_id = task_id,
    .unlock = unlock,
    .cancellable = cancellable,
    .result = result,
  };

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    see (&look, g_ptr_array_index (entries, i));
  g_clear_object (&look.service);

  return entries != NULL ? g_steal_pointer (&result) : NULL;
}

typedef struct
{
  gint64 task_id;
  LkInstant now;
  LkKeyringItems *items;
} Question;

static gpointer
secrets_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Question *question = data;

  return lk_task_secret_list (db, question->task_id, question->now, question->items, error);
}

/**
 * lk_keyring_look_for_secrets:
 * @pool: the workspace
 * @items: see lk_keyring_look()
 * @task_id: a task
 * @now: the wall-clock time
 * @unlock: see lk_keyring_look()
 * @cancellable: (nullable): interrupts it
 * @error: see lk_task_secret_list()
 *
 * Reads what a task signs with, wherever that is.
 *
 * Returns: (transfer full) (array zero-terminated=1) (nullable): newest first, never empty, to be
 *   wiped by lk_task_secret_list_free()
 */
char **
lk_keyring_look_for_secrets (LkDbPool *pool, LkKeyringItems *items, gint64 task_id, LkInstant now,
                             gboolean unlock, GCancellable *cancellable, GError **error)
{
  g_autoptr (LkKeyringLook) look =
      lk_keyring_look (pool, items, task_id, now, unlock, cancellable, error);
  Question question = { task_id, now, items };

  return look != NULL ? lk_db_pool_read_sync (pool, secrets_job, &question, cancellable, error)
                      : NULL;
}

/**
 * lk_keyring_look_free:
 * @self: (transfer full): a result
 */
void
lk_keyring_look_free (LkKeyringLook *self)
{
  g_free (self->problem);
  g_free (self);
}
