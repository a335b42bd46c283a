/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "staged-server.h"

typedef struct
{
  GTask *task; /* (nullable): once it is answered */
  LkLicenseHeadFunc head_func;
  gpointer head_data;
} Question;

struct _StagedServer
{
  LkLicenseServer parent_instance;

  GPtrArray *questions; /* of Question */
};

G_DEFINE_FINAL_TYPE (StagedServer, staged_server, LK_TYPE_LICENSE_SERVER)

static void
question_free (Question *self)
{
  g_clear_object (&self->task);
  g_free (self);
}

static GArray *
new_ids (gint64 first, gint64 last)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (gint64 id = first; id <= last; id++)
    g_array_append_val (ids, id);
  return ids;
}

static Question *
get_question (StagedServer *self, guint question)
{
  g_assert_cmpuint (question, <, self->questions->len);

  return self->questions->pdata[question];
}

static void
list_ids_async (LkLicenseServer *server, const LkLicenseQuery *query, LkLicenseHeadFunc head_func,
                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Question *question = g_new0 (Question, 1);

  question->task = g_task_new (server, NULL, callback, user_data);
  question->head_func = head_func;
  question->head_data = user_data;
  g_ptr_array_add (STAGED_SERVER (server)->questions, question);
}

static void
get_rows_async (LkLicenseServer *server, const gint64 *ids, gsize n_ids, GCancellable *cancellable,
                GAsyncReadyCallback callback, gpointer user_data)
{
  static const char *const no_values[] = { NULL };
  g_autoptr (GTask) task = g_task_new (server, cancellable, callback, user_data);
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) lk_license_unref);

  for (gsize i = 0; i < n_ids; i++)
    g_ptr_array_add (rows, lk_license_new_named (ids[i], no_values));
  g_task_return_pointer (task, rows, (GDestroyNotify) g_ptr_array_unref);
}

static void
staged_server_finalize (GObject *object)
{
  g_ptr_array_unref (STAGED_SERVER (object)->questions);

  G_OBJECT_CLASS (staged_server_parent_class)->finalize (object);
}

static void
staged_server_class_init (StagedServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = staged_server_finalize;
  LK_LICENSE_SERVER_CLASS (klass)->list_ids_async = list_ids_async;
  LK_LICENSE_SERVER_CLASS (klass)->get_rows_async = get_rows_async;
}

static void
staged_server_init (StagedServer *self)
{
  self->questions = g_ptr_array_new_with_free_func ((GDestroyNotify) question_free);
}

StagedServer *
staged_server_new (void)
{
  return g_object_new (STAGED_TYPE_SERVER, NULL);
}

void
staged_server_send_head (StagedServer *self, guint question, gint64 first, gint64 last)
{
  Question *asked = get_question (self, question);
  g_autoptr (GArray) ids = new_ids (first, last);

  asked->head_func (LK_LICENSE_SERVER (self), ids, asked->head_data);
}

void
staged_server_answer (StagedServer *self, guint question, gint64 first, gint64 last)
{
  g_autoptr (GTask) task = g_steal_pointer (&get_question (self, question)->task);

  g_task_return_pointer (task, new_ids (first, last), (GDestroyNotify) g_array_unref);
}

void
staged_server_fail (StagedServer *self, guint question)
{
  g_autoptr (GTask) task = g_steal_pointer (&get_question (self, question)->task);

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "as the test wants it");
}
