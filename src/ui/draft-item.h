/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"
#include "core/draft-problem.h"
#include "store/db.h"

G_BEGIN_DECLS

#define LK_TYPE_DRAFT_ITEM (lk_draft_item_get_type ())
G_DECLARE_DERIVABLE_TYPE (LkDraftItem, lk_draft_item, LK, DRAFT_ITEM, GObject)

/* The field number of the name in every kind of draft. */
#define LK_DRAFT_FIELD_NAME 0

/**
 * LkDraftItem:
 *
 * One line of a dialog's list: a saved or new search, task or server together with what a person
 * has typed about it since. Nothing is written before the dialog saves.
 *
 * Signals: LkDraftItem::changed, after anything that the list or the form shows has changed.
 *
 * Thread: the main loop.
 */
struct _LkDraftItemClass
{
  GObjectClass parent_class;

  /* 0 while it was never saved. */
  gint64 (*get_id) (LkDraftItem *self);
  const char *(*get_title) (LkDraftItem *self);
  /* (nullable vfunc): the heading it stands under; "" for none. */
  const char *(*get_group) (LkDraftItem *self);
  /* (nullable vfunc): an icon that marks it, and what the icon means; %NULL for none. */
  const char *(*get_mark) (LkDraftItem *self, const char **meaning);
  gboolean (*is_dirty) (LkDraftItem *self);
  GPtrArray *(*get_problems) (LkDraftItem *self);
  /* A plain value that a pool thread may write; freed with the kind's record_free. */
  gpointer (*to_record) (LkDraftItem *self, GError **error);
  /* Takes what is stored now and forgets the edits. */
  void (*set_value) (LkDraftItem *self, gconstpointer value);
  /* Keeps the edits and puts them on top of what is stored now; %NULL when it is gone. */
  void (*rebase) (LkDraftItem *self, gconstpointer value);
  /* (nullable vfunc): its place in its group, from 0. */
  int (*get_position) (LkDraftItem *self);
  void (*set_position) (LkDraftItem *self, int position);
  /* (nullable vfuncs): a check button in front of it, and what the button is for, translated. */
  gboolean (*get_checked) (LkDraftItem *self);
  void (*set_checked) (LkDraftItem *self, gboolean checked);
  const char *(*get_check_label) (LkDraftItem *self);
};

/**
 * LkDraftKind:
 *
 * What the list, the saver and the dialog have to know of searches, tasks or servers. The functions
 * with a #LkDb run on a pool thread.
 */
typedef struct
{
  GPtrArray *(*list) (LkDb *db, GError **error);
  gpointer (*get) (LkDb *db, gint64 id, GError **error);
  gint64 (*write) (LkDb *db, gconstpointer record, LkInstant now, GError **error);
  gboolean (*remove) (LkDb *db, gint64 id, LkInstant now, GError **error);
  gint64 (*value_get_id) (gconstpointer value);
  GDestroyNotify value_free;
  GDestroyNotify record_free;
  LkDraftItem *(*item_new) (gconstpointer value);
} LkDraftKind;

gint64 lk_draft_item_get_id (LkDraftItem *self);
const char *lk_draft_item_get_title (LkDraftItem *self);
const char *lk_draft_item_get_group (LkDraftItem *self);
const char *lk_draft_item_get_mark (LkDraftItem *self, const char **meaning);
gboolean lk_draft_item_is_dirty (LkDraftItem *self);
GPtrArray *lk_draft_item_get_problems (LkDraftItem *self);
gpointer lk_draft_item_to_record (LkDraftItem *self, GError **error);
void lk_draft_item_set_value (LkDraftItem *self, gconstpointer value);
void lk_draft_item_rebase (LkDraftItem *self, gconstpointer value);
int lk_draft_item_get_position (LkDraftItem *self);
void lk_draft_item_set_position (LkDraftItem *self, int position);
void lk_draft_item_set_name_taken (LkDraftItem *self, gboolean taken);

/* For implementations. */
void lk_draft_item_emit_changed (LkDraftItem *self);

G_END_DECLS
