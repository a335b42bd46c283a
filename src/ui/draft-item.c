/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-draft-item"

#include "config.h"

#include <glib/gi18n.h>

#include "ui/draft-item.h"

typedef struct
{
  gboolean name_taken;
} LkDraftItemPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LkDraftItem, lk_draft_item, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
lk_draft_item_class_init (LkDraftItemClass *klass)
{
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
lk_draft_item_init (LkDraftItem *self)
{
}

/**
 * lk_draft_item_get_id:
 * @self: an item
 *
 * Returns: the row in the workspace; 0 while it was never saved
 */
gint64
lk_draft_item_get_id (LkDraftItem *self)
{
  g_return_val_if_fail (LK_IS_DRAFT_ITEM (self), 0);

  return LK_DRAFT_ITEM_GET_CLASS (self)->get_id (self);
}

/**
 * lk_draft_item_get_title:
 * @self: an item
 *
 * Returns: (transfer none): its name as typed so far; may be ""
 */
const char *
lk_draft_item_get_title (LkDraftItem *self)
{
  g_return_val_if_fail (LK_IS_DRAFT_ITEM (self), NULL);

  return LK_DRAFT_ITEM_GET_CLASS (self)->get_title (self);
}

/**
 * lk_draft_item_get_group:
 * @self: an item
 *
 * Returns: (transfer none): the heading it stands under; "" for none
 */
const char *
lk_draft_item_get_group (LkDraftItem *self)
{
  LkDraftItemClass *klass = LK_DRAFT_ITEM_GET_CLASS (self);

  return klass->get_group != NULL ? klass->get_group (self) : "";
}

/**
 * lk_draft_item_get_mark:
 * @self: an item
 * @meaning: (out) (transfer none) (nullable): what the icon means, translated
 *
 * Returns: (transfer none) (nullable): the name of an icon that marks the item
 */
const char *
lk_draft_item_get_mark (LkDraftItem *self, const char **meaning)
{
  LkDraftItemClass *klass = LK_DRAFT_ITEM_GET_CLASS (self);

  *meaning = NULL;
  return klass->get_mark != NULL ? klass->get_mark (self, meaning) : NULL;
}

/**
 * lk_draft_item_is_dirty:
 * @self: an item
 *
 * Returns: whether there is something to save
 */
gboolean
lk_draft_item_is_dirty (LkDraftItem *self)
{
  return LK_DRAFT_ITEM_GET_CLASS (self)->is_dirty (self);
}

/**
 * lk_draft_item_get_problems:
 * @self: an item
 *
 * Returns: (transfer full) (element-type LkDraftProblem): what is to say about it
 */
GPtrArray *
lk_draft_item_get_problems (LkDraftItem *self)
{
  LkDraftItemPrivate *priv = lk_draft_item_get_instance_private (self);
  GPtrArray *problems = LK_DRAFT_ITEM_GET_CLASS (self)->get_problems (self);

  if (priv->name_taken)
    lk_draft_problems_add (problems, LK_DRAFT_FIELD_NAME, LK_DRAFT_ERROR,
                           _ ("this name is used already; choose another one"));
  return problems;
}

/**
 * lk_draft_item_to_record:
 * @self: an item
 * @error: %LK_ERROR_INVALID when it cannot be saved yet
 *
 * Returns: (transfer full) (nullable): a plain value for a pool thread
 */
gpointer
lk_draft_item_to_record (LkDraftItem *self, GError **error)
{
  g_autoptr (GPtrArray) problems = lk_draft_item_get_problems (self);

  if (!lk_draft_problems_check (problems, error))
    return NULL;

  return LK_DRAFT_ITEM_GET_CLASS (self)->to_record (self, error);
}

/**
 * lk_draft_item_set_value:
 * @self: an item
 * @value: what is stored now
 *
 * Shows what is stored; edits are forgotten.
 */
void
lk_draft_item_set_value (LkDraftItem *self, gconstpointer value)
{
  LK_DRAFT_ITEM_GET_CLASS (self)->set_value (self, value);
  lk_draft_item_emit_changed (self);
}

/**
 * lk_draft_item_rebase:
 * @self: an item
 * @value: (nullable): what is stored now; %NULL when somebody removed it
 *
 * Keeps what was typed and makes the next save replace @value (or store it anew).
 */
void
lk_draft_item_rebase (LkDraftItem *self, gconstpointer value)
{
  LK_DRAFT_ITEM_GET_CLASS (self)->rebase (self, value);
  lk_draft_item_emit_changed (self);
}

int
lk_draft_item_get_position (LkDraftItem *self)
{
  LkDraftItemClass *klass = LK_DRAFT_ITEM_GET_CLASS (self);

  return klass->get_position != NULL ? klass->get_position (self) : 0;
}

/**
 * lk_draft_item_set_position:
 * @self: an item
 * @position: its place in its group, from 0
 */
void
lk_draft_item_set_position (LkDraftItem *self, int position)
{
  LkDraftItemClass *klass = LK_DRAFT_ITEM_GET_CLASS (self);

  if (klass->set_position == NULL || klass->get_position (self) == position)
    return;

  klass->set_position (self, position);
  lk_draft_item_emit_changed (self);
}

/**
 * lk_draft_item_set_name_taken:
 * @self: an item
 * @taken: whether another line of the same list has its name
 */
void
lk_draft_item_set_name_taken (LkDraftItem *self, gboolean taken)
{
  LkDraftItemPrivate *priv = lk_draft_item_get_instance_private (self);

  if (priv->name_taken == taken)
    return;

  priv->name_taken = taken;
  lk_draft_item_emit_changed (self);
}

void
lk_draft_item_emit_changed (LkDraftItem *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}
