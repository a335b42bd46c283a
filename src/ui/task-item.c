/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-task-item"

#include "config.h"

#include <glib/gi18n.h>

#include "core/firing-policy.h"
#include "store/run-store.h"
#include "store/task-secret.h"
#include "store/task-store.h"
#include "ui/task-item.h"

struct _LkTaskItem
{
  LkDraftItem parent;

  LkTaskDraft *draft;
  gboolean baseline; /* today's matches are to count as sent */
  GPtrArray *marks;  /* (nullable): of LkLedgerMark: these matches, found for saving */
};

G_DEFINE_FINAL_TYPE (LkTaskItem, lk_task_item, LK_TYPE_DRAFT_ITEM)

/* What a pool thread writes. */
typedef struct
{
  LkTask *task;
  char *secret; /* (nullable): a new one */
  LkInstant overlap;
  GPtrArray *marks; /* (nullable): of LkLedgerMark */
} Record;

static void
record_free (Record *record)
{
  lk_task_free (record->task);
  g_clear_pointer (&record->secret, lk_secret_free);
  g_clear_pointer (&record->marks, g_ptr_array_unref);
  g_free (record);
}

static gboolean
is_flag (LkTaskField field)
{
  return field == LK_TASK_FIELD_ENABLED || field == LK_TASK_FIELD_WEBHOOK_ENABLED
         || field == LK_TASK_FIELD_STANDARD_WEBHOOKS || field == LK_TASK_FIELD_USE_KEYRING
         || field == LK_TASK_FIELD_AT_MOST_ONCE || field == LK_TASK_FIELD_HOLD_UNUSUAL
         || field == LK_TASK_FIELD_ALERT;
}

static gboolean
is_number (LkTaskField field)
{
  return field == LK_TASK_FIELD_SERVER || field == LK_TASK_FIELD_SEARCH
         || field == LK_TASK_FIELD_EVERY || field == LK_TASK_FIELD_UNIT
         || field == LK_TASK_FIELD_OVERLAP || field == LK_TASK_FIELD_CONCURRENCY
         || field == LK_TASK_FIELD_RATE_LIMIT || field == LK_TASK_FIELD_CONNECT_TIMEOUT
         || field == LK_TASK_FIELD_ANSWER_TIMEOUT;
}

static void
copy_edits (LkTaskDraft *to, const LkTaskDraft *from)
{
  for (int i = 0; i < LK_N_TASK_FIELDS; i++)
    {
      LkTaskField field = (LkTaskField) i;

      if (is_flag (field))
        lk_task_draft_set_flag (to, field, lk_task_draft_get_flag (from, field));
      else if (is_number (field))
        lk_task_draft_set_number (to, field, lk_task_draft_get_number (from, field));
      else if (field != LK_TASK_FIELD_SECRET || lk_task_draft_get_text (from, field) != NULL)
        lk_task_draft_set_text (to, field, lk_task_draft_get_text (from, field));
    }
}

static void
take_draft (LkTaskItem *self, LkTaskDraft *draft)
{
  g_clear_pointer (&self->draft, lk_task_draft_free);
  self->draft = draft;
}

static gint64
lk_task_item_get_id (LkDraftItem *item)
{
  return lk_task_item_get_original (LK_TASK_ITEM (item))->id;
}

static const char *
lk_task_item_get_title (LkDraftItem *item)
{
  return lk_task_item_get_text (LK_TASK_ITEM (item), LK_TASK_FIELD_NAME);
}

static gboolean
lk_task_item_is_dirty (LkDraftItem *item)
{
  LkTaskItem *self = LK_TASK_ITEM (item);

  return lk_task_item_get_original (self)->id == 0 || lk_task_draft_is_dirty (self->draft);
}

static GPtrArray *
lk_task_item_get_problems (LkDraftItem *item)
{
  /* The draft keeps its list; the item adds to its own. */
  GPtrArray *kept = lk_task_draft_get_problems (LK_TASK_ITEM (item)->draft);
  GPtrArray *problems = lk_draft_problems_new ();

  for (guint i = 0; i < kept->len; i++)
    {
      const LkDraftProblem *problem = g_ptr_array_index (kept, i);

      lk_draft_problems_add (problems, problem->field, problem->severity, problem->message);
    }

  return problems;
}

static gpointer
lk_task_item_to_record (LkDraftItem *item, GError **error)
{
  LkTaskItem *self = LK_TASK_ITEM (item);
  LkTask *task = lk_task_draft_to_task (self->draft, error);
  Record *record;

  if (task == NULL)
    return NULL;

  record = g_new0 (Record, 1);
  record->task = task;
  record->overlap = lk_task_draft_get_overlap (self->draft);
  record->secret = g_strdup (lk_task_draft_get_text (self->draft, LK_TASK_FIELD_SECRET));
  if (self->marks != NULL && lk_task_item_get_baseline (self))
    record->marks = g_ptr_array_ref (self->marks);
  return record;
}

static void
lk_task_item_set_value (LkDraftItem *item, gconstpointer value)
{
  LkTaskItem *self = LK_TASK_ITEM (item);

  take_draft (self, lk_task_draft_new (value, NULL));
  self->baseline = FALSE;
  g_clear_pointer (&self->marks, g_ptr_array_unref);
}

static void
lk_task_item_rebase (LkDraftItem *item, gconstpointer value)
{
  LkTaskItem *self = LK_TASK_ITEM (item);
  LkInstant created_at = lk_task_item_get_original (self)->created_at;
  LkTaskDraft *draft =
      value != NULL ? lk_task_draft_new (value, NULL) : lk_task_draft_new_blank (created_at, NULL);

  copy_edits (draft, self->draft);
  take_draft (self, draft);
}

static gboolean
lk_task_item_get_checked (LkDraftItem *item)
{
  return lk_task_item_get_flag (LK_TASK_ITEM (item), LK_TASK_FIELD_ENABLED);
}

static void
lk_task_item_set_checked (LkDraftItem *item, gboolean checked)
{
  lk_task_item_set_flag (LK_TASK_ITEM (item), LK_TASK_FIELD_ENABLED, checked);
}

static const char *
lk_task_item_get_check_label (LkDraftItem *item)
{
  return _ ("Enabled");
}

static void
lk_task_item_finalize (GObject *object)
{
  LkTaskItem *self = LK_TASK_ITEM (object);

  g_clear_pointer (&self->draft, lk_task_draft_free);
  g_clear_pointer (&self->marks, g_ptr_array_unref);
  G_OBJECT_CLASS (lk_task_item_parent_class)->finalize (object);
}

static void
lk_task_item_class_init (LkTaskItemClass *klass)
{
  LkDraftItemClass *item_class = LK_DRAFT_ITEM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lk_task_item_finalize;
  item_class->get_id = lk_task_item_get_id;
  item_class->get_title = lk_task_item_get_title;
  item_class->is_dirty = lk_task_item_is_dirty;
  item_class->get_problems = lk_task_item_get_problems;
  item_class->to_record = lk_task_item_to_record;
  item_class->set_value = lk_task_item_set_value;
  item_class->rebase = lk_task_item_rebase;
  item_class->get_checked = lk_task_item_get_checked;
  item_class->set_checked = lk_task_item_set_checked;
  item_class->get_check_label = lk_task_item_get_check_label;
}

static void
lk_task_item_init (LkTaskItem *self)
{
}

static gpointer
get_task (LkDb *db, gint64 id, GError **error)
{
  return lk_task_store_get (db, id, error);
}

static gint64
write_task (LkDb *db, gconstpointer data, LkInstant now, GError **error)
{
  const Record *record = data;
  gint64 id = record->task->id;

  if (id == 0)
    id = lk_task_store_insert (db, record->task, record->secret, now, error);
  else if (!lk_task_secret_update_task (db, record->task, record->secret, record->overlap, now,
                                        error))
    return 0;

  if (id > 0 && record->marks != NULL
      && lk_ledger_mark_sent (db, id, 0, record->marks, now, error) < 0)
    return 0;

  return id;
}

static gboolean
remove_task (LkDb *db, gint64 id, LkInstant now, GError **error)
{
  return lk_task_store_remove (db, id, now, error);
}

static gint64
value_get_id (gconstpointer value)
{
  return ((const LkTask *) value)->id;
}

static LkDraftItem *
item_new (gconstpointer value)
{
  return LK_DRAFT_ITEM (lk_task_item_new (value));
}

const LkDraftKind lk_task_kind = {
  .list = lk_task_store_list,
  .get = get_task,
  .write = write_task,
  .remove = remove_task,
  .value_get_id = value_get_id,
  .value_free = (GDestroyNotify) lk_task_free,
  .record_free = (GDestroyNotify) record_free,
  .item_new = item_new,
};

/**
 * lk_task_item_new:
 * @task: a stored task
 *
 * Returns: (transfer full): an item without edits
 */
LkTaskItem *
lk_task_item_new (const LkTask *task)
{
  LkTaskItem *self = g_object_new (LK_TYPE_TASK_ITEM, NULL);

  lk_task_item_set_value (LK_DRAFT_ITEM (self), task);
  return self;
}

/**
 * lk_task_item_new_blank:
 * @now: the present
 *
 * Returns: (transfer full): a task that is not saved yet
 */
LkTaskItem *
lk_task_item_new_blank (LkInstant now)
{
  LkTaskItem *self = g_object_new (LK_TYPE_TASK_ITEM, NULL);

  take_draft (self, lk_task_draft_new_blank (now, NULL));
  return self;
}

/**
 * lk_task_item_duplicate:
 * @self: an item
 * @name: the copy's name
 * @now: the present
 *
 * The copy is not enabled, so that it does not send before a person has looked at it, and a stored
 * secret stays with its task.
 *
 * Returns: (transfer full): a new item with the same contents, as edited
 */
LkTaskItem *
lk_task_item_duplicate (LkTaskItem *self, const char *name, LkInstant now)
{
  LkTaskItem *copy = lk_task_item_new_blank (now);

  copy_edits (copy->draft, self->draft);
  lk_task_draft_set_text (copy->draft, LK_TASK_FIELD_NAME, name);
  lk_task_draft_set_flag (copy->draft, LK_TASK_FIELD_ENABLED, FALSE);
  return copy;
}

const LkTask *
lk_task_item_get_original (LkTaskItem *self)
{
  return lk_task_draft_get_original (self->draft);
}

const char *
lk_task_item_get_text (LkTaskItem *self, LkTaskField field)
{
  return lk_task_draft_get_text (self->draft, field);
}

gint64
lk_task_item_get_number (LkTaskItem *self, LkTaskField field)
{
  return lk_task_draft_get_number (self->draft, field);
}

gboolean
lk_task_item_get_flag (LkTaskItem *self, LkTaskField field)
{
  return lk_task_draft_get_flag (self->draft, field);
}

void
lk_task_item_set_text (LkTaskItem *self, LkTaskField field, const char *text)
{
  if (g_strcmp0 (lk_task_item_get_text (self, field), text) == 0)
    return;

  lk_task_draft_set_text (self->draft, field, text);
  lk_draft_item_emit_changed (LK_DRAFT_ITEM (self));
}

void
lk_task_item_set_number (LkTaskItem *self, LkTaskField field, gint64 number)
{
  if (lk_task_item_get_number (self, field) == number)
    return;

  lk_task_draft_set_number (self->draft, field, number);
  lk_draft_item_emit_changed (LK_DRAFT_ITEM (self));
}

void
lk_task_item_set_flag (LkTaskItem *self, LkTaskField field, gboolean flag)
{
  if (lk_task_item_get_flag (self, field) == flag)
    return;

  lk_task_draft_set_flag (self->draft, field, flag);
  lk_draft_item_emit_changed (LK_DRAFT_ITEM (self));
}

/**
 * lk_task_item_make_trial:
 * @self: an item
 *
 * Returns: (transfer full) (nullable): the task with what decides which licenses it sends, as
 *   edited, also while its name or its receiver are not complete; %NULL where that is not known
 */
LkTask *
lk_task_item_make_trial (LkTaskItem *self)
{
  g_autoptr (LkTask) trial = lk_task_copy (lk_task_item_get_original (self));
  const char *send = lk_task_item_get_text (self, LK_TASK_FIELD_SEND);
  g_autoptr (LkFiringPolicy) policy = lk_firing_policy_parse (send, NULL);

  trial->server_id = lk_task_item_get_number (self, LK_TASK_FIELD_SERVER);
  trial->search_id = lk_task_item_get_number (self, LK_TASK_FIELD_SEARCH);
  g_free (trial->send);
  trial->send = g_strdup (send);
  if (policy == NULL || trial->server_id == 0 || trial->search_id == 0
      || !lk_task_item_get_recurrence (self, &trial->recurrence))
    return NULL;

  return g_steal_pointer (&trial);
}

/**
 * lk_task_item_can_have_baseline:
 * @self: an item
 *
 * Returns: whether saving it may fire for licenses that are no news: it is new, or searches or
 *   decides otherwise than before, and does not send everything at every run anyway
 */
gboolean
lk_task_item_can_have_baseline (LkTaskItem *self)
{
  const LkTask *original = lk_task_item_get_original (self);
  const char *send = lk_task_item_get_text (self, LK_TASK_FIELD_SEND);
  g_autoptr (LkFiringPolicy) policy = lk_firing_policy_parse (send, NULL);

  if (policy == NULL || lk_firing_policy_get_kind (policy) == LK_POLICY_EVERY_RUN)
    return FALSE;

  return original->id == 0 || g_strcmp0 (original->send, send) != 0
         || original->search_id != lk_task_item_get_number (self, LK_TASK_FIELD_SEARCH)
         || original->server_id != lk_task_item_get_number (self, LK_TASK_FIELD_SERVER);
}

/* Returns: whether today's matches are to count as already sent when it is saved */
gboolean
lk_task_item_get_baseline (LkTaskItem *self)
{
  return self->baseline && lk_task_item_can_have_baseline (self);
}

void
lk_task_item_set_baseline (LkTaskItem *self, gboolean baseline)
{
  if (self->baseline == baseline)
    return;

  self->baseline = baseline;
  lk_draft_item_emit_changed (LK_DRAFT_ITEM (self));
}

/**
 * lk_task_item_take_marks:
 * @self: an item with a baseline
 * @marks: (transfer full) (element-type LkLedgerMark): today's matches
 *
 * They are written together with the task, so that no run comes in between.
 */
void
lk_task_item_take_marks (LkTaskItem *self, GPtrArray *marks)
{
  g_clear_pointer (&self->marks, g_ptr_array_unref);
  self->marks = marks;
}

/**
 * lk_task_item_get_recurrence:
 * @self: an item
 * @recurrence: (out): when it is due, as edited
 *
 * Returns: whether what was typed is a recurrence
 */
gboolean
lk_task_item_get_recurrence (LkTaskItem *self, LkRecurrence *recurrence)
{
  static const char *const units[] = { "minutes", "hours", "days", "weeks", "months" };
  gint64 unit = lk_task_item_get_number (self, LK_TASK_FIELD_UNIT);
  g_autofree char *every = NULL;
  g_autofree char *start = NULL;

  if (unit < 0 || unit >= (gint64) G_N_ELEMENTS (units))
    return FALSE;

  every = g_strdup_printf ("%" G_GINT64_FORMAT " %s",
                           lk_task_item_get_number (self, LK_TASK_FIELD_EVERY), units[unit]);
  start = g_strdup_printf ("%s %s", lk_task_item_get_text (self, LK_TASK_FIELD_START_DATE),
                           lk_task_item_get_text (self, LK_TASK_FIELD_START_TIME));
  return lk_recurrence_parse (recurrence, every, start,
                              lk_task_item_get_text (self, LK_TASK_FIELD_ZONE), NULL);
}

/**
 * lk_task_item_to_task:
 * @self: an item
 * @error: %LK_ERROR_INVALID: what keeps it from being saved or tried
 *
 * Returns: (transfer full) (nullable): the task as edited
 */
LkTask *
lk_task_item_to_task (LkTaskItem *self, GError **error)
{
  return lk_task_draft_to_task (self->draft, error);
}
