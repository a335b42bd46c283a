/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store/sample-licenses.h"

G_BEGIN_DECLS

/* A name, and how it stands in an address. */
typedef struct
{
  const char *name;
  const char *ascii;
} LkSampleName;

typedef struct
{
  const char *city;
  const char *state; /* (nullable) */
  const char *country;
  const char *phone; /* a format for a number of four digits */
} LkSamplePlace;

/**
 * LkSampleCustomer:
 * @given: a given name
 * @family: a family name of the same country
 * @family_first: whether the family name stands first there
 * @company: a company of the same country
 * @place: where it lies
 *
 * A customer of the sample. Private to the store.
 */
typedef struct
{
  const LkSampleName *given;
  const LkSampleName *family;
  gboolean family_first;
  const LkSampleName *company;
  const LkSamplePlace *place;
} LkSampleCustomer;

void lk_sample_customer_roll (LkSampleCustomer *self, LkSampleDice *dice);
const char *lk_sample_get_city (guint number);

G_END_DECLS
