/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-value-ranks"

#include "config.h"

#include "store/value-ranks.h"

#define HEAD_BYTES 16
#define N_RECENT   4096

/* The first bytes of a text, the first one highest, so that they compare as numbers. An integer
 * lies in the first half, moved so that negative ones come first. */
typedef struct
{
  guint64 head[2];
  guint rest; /* where the bytes after the head begin in LkValueRanks.rests, which end with 0 */
  guint number;
} Value;

struct _LkValueRanks
{
  gboolean ignore_case;
  GArray *values; /* of Value: by number, after sorting by rank */
  GString *rests;
  GString *rest;          /* of the text that is being added */
  guint recent[N_RECENT]; /* by a hash: the number of a value that was added lately */
  guint *ranks;           /* (nullable): by number, once sorted */
  guint n_ranks;
};

/* As SQLite's NOCASE: letters of ASCII only. */
static guchar
fold (const LkValueRanks *self, char c)
{
  return (guchar) (self->ignore_case ? g_ascii_tolower (c) : c);
}

static const char *
get_rest (const LkValueRanks *self, const Value *value)
{
  return self->rests->str + value->rest;
}

static int
compare_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Value *left = a, *right = b;

  for (gsize i = 0; i < G_N_ELEMENTS (left->head); i++)
    if (left->head[i] != right->head[i])
      return left->head[i] < right->head[i] ? -1 : 1;

  return strcmp (get_rest (user_data, left), get_rest (user_data, right));
}

/* A value that was added lately is not added again. That it finds only some of them does no harm:
 * equal values get the same rank. */
static guint
add (LkValueRanks *self, Value *value, const char *rest)
{
  guint64 hash = (value->head[0] ^ (value->head[1] * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)))
                 * G_GUINT64_CONSTANT (0xff51afd7ed558ccd);
  guint *recent = &self->recent[hash >> 52];

  if (*recent < self->values->len)
    {
      const Value *other = &g_array_index (self->values, Value, *recent);

      if (other->head[0] == value->head[0] && other->head[1] == value->head[1]
          && g_str_equal (get_rest (self, other), rest))
        return *recent;
    }

  if (rest[0] != '\0')
    {
      value->rest = (guint) self->rests->len;
      g_string_append_len (self->rests, rest, (gssize) strlen (rest) + 1);
    }
  value->number = self->values->len;
  g_array_append_vals (self->values, value, 1);
  *recent = value->number;
  return value->number;
}

/**
 * lk_value_ranks_new:
 * @ignore_case: whether letters of ASCII are the same in both cases
 *
 * Returns: (transfer full): an empty set
 */
LkValueRanks *
lk_value_ranks_new (gboolean ignore_case)
{
  LkValueRanks *self = g_new0 (LkValueRanks, 1);

  self->ignore_case = ignore_case;
  self->values = g_array_new (FALSE, FALSE, sizeof (Value));
  self->rests = g_string_new (NULL);
  g_string_append_c (self->rests, '\0'); /* the rest of what has none, at 0 */
  self->rest = g_string_new (NULL);
  for (gsize i = 0; i < N_RECENT; i++)
    self->recent[i] = G_MAXUINT;
  return self;
}

/**
 * lk_value_ranks_free:
 * @self: (transfer full) (nullable): a set
 */
void
lk_value_ranks_free (LkValueRanks *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->values);
  g_string_free (self->rests, TRUE);
  g_string_free (self->rest, TRUE);
  g_free (self->ranks);
  g_free (self);
}

/**
 * lk_value_ranks_add_text:
 * @self: a set, not yet sorted
 * @text: a text; it compares byte by byte
 *
 * Returns: the number to ask its rank by
 */
guint
lk_value_ranks_add_text (LkValueRanks *self, const char *text)
{
  Value value = { { 0, 0 }, 0, 0 };
  gsize length = 0;

  for (; length < HEAD_BYTES && text[length] != '\0'; length++)
    value.head[length / 8] |= (guint64) fold (self, text[length]) << (56 - 8 * (length % 8));

  g_string_truncate (self->rest, 0);
  for (; text[length] != '\0'; length++)
    g_string_append_c (self->rest, (char) fold (self, text[length]));
  return add (self, &value, self->rest->str);
}

/**
 * lk_value_ranks_add_int:
 * @self: a set, not yet sorted
 * @value: a number
 *
 * Returns: the number to ask its rank by
 */
guint
lk_value_ranks_add_int (LkValueRanks *self, gint64 value)
{
  Value entry = { { (guint64) value ^ (G_GUINT64_CONSTANT (1) << 63), 0 }, 0, 0 };

  return add (self, &entry, "");
}

/**
 * lk_value_ranks_sort:
 * @self: a set
 *
 * Finds the ranks; nothing is added afterwards.
 */
void
lk_value_ranks_sort (LkValueRanks *self)
{
  const Value *values;

  g_array_sort_with_data (self->values, compare_cb, self);
  values = (const Value *) (void *) self->values->data;
  self->ranks = g_new (guint, self->values->len);
  self->n_ranks = LK_VALUE_RANK_ABSENT + 1;
  for (guint i = 0; i < self->values->len; i++)
    {
      if (i > 0 && compare_cb (&values[i - 1], &values[i], self) != 0)
        self->n_ranks++;
      self->ranks[values[i].number] = self->n_ranks;
    }
  self->n_ranks++;
}

/**
 * lk_value_ranks_get:
 * @self: a sorted set
 * @number: what adding a value gave
 *
 * Returns: its rank, above %LK_VALUE_RANK_ABSENT; equal values have the same one
 */
guint
lk_value_ranks_get (const LkValueRanks *self, guint number)
{
  return self->ranks[number];
}

/**
 * lk_value_ranks_count:
 * @self: a sorted set
 *
 * Returns: a number that all ranks are below
 */
guint
lk_value_ranks_count (const LkValueRanks *self)
{
  return self->n_ranks;
}
