/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LkDeadlines:
 *
 * Many deadlines that are moved often and hardly ever pass, on one source: a main loop looks at
 * each of its sources in every turn.
 *
 * Thread: the main loop.
 */
typedef struct _LkDeadlines LkDeadlines;

/**
 * LkDeadline:
 * @func: called when it passes
 * @user_data: for @func
 *
 * A part of whatever it belongs to; the other members are private. Clear it before that is freed.
 */
typedef struct
{
  void (*func) (gpointer user_data);
  gpointer user_data;
  LkDeadlines *owner;
  gint64 when;
  GList link;
} LkDeadline;

LkDeadlines *lk_deadlines_new (int priority);
void lk_deadlines_free (LkDeadlines *self);
void lk_deadlines_set (LkDeadlines *self, LkDeadline *deadline, gint64 when);
void lk_deadline_clear (LkDeadline *deadline);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkDeadlines, lk_deadlines_free)

G_END_DECLS
