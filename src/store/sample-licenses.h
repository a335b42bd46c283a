/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/clock.h"
#include "store/db.h"

G_BEGIN_DECLS

gboolean lk_sample_licenses_create (const char *path, gint64 n_licenses, LkInstant now,
                                    GError **error);

/* For the filler: one invented value after the other, always the same ones. Private to the store.
 */
typedef struct
{
  guint64 state;
} LkSampleDice;

void lk_sample_dice_init (LkSampleDice *self, guint64 seed);
guint32 lk_sample_dice_roll (LkSampleDice *self, guint32 sides);
void lk_sample_bind_customer (LkStatement *statement, gint64 id);
void lk_sample_bind_license (LkStatement *statement, gint64 id, gint64 n_customers,
                             GDateTime *today);
gboolean lk_sample_bind_activation (LkStatement *statement, gint64 id, GDateTime *today);

#define LK_SAMPLE_N_PRODUCTS      12
#define LK_SAMPLE_N_ORGANIZATIONS 40
#define LK_SAMPLE_N_AFFILIATES    8

const char *lk_sample_get_product (int number);
char *lk_sample_dup_organization (int number);
const char *lk_sample_get_affiliate (int number);

G_END_DECLS
