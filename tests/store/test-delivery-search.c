/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "store/delivery-count.h"
#include "store/delivery-store.h"
#include "store/delivery-text.h"
#include "store/query.h"

#include "fixture.h"

#define N_DELIVERIES 600
#define N_MANY       21000 /* more than are looked through one by one */
#define N_QUESTIONS  400
#define NOW          (1800000000 * LK_SECOND)

/* What a delivery of the log may be, so that a plain computation can say what is to be found. */
static const struct
{
  const char *state;
  int status;
  const char *error_class;
  const char *cause;
  const char *hold_reason;
} kinds[] = {
  { "delivered", 200, "", "200: delivered", "" },
  { "delivered", 204, "", "204: delivered", "" },
  { "exhausted", 503, "server-error", "503 Service Unavailable: 100% busy_", "" },
  { "exhausted", 404, "client-error", "404 Not Found: check the URL", "" },
  { "exhausted", 0, "refused", "nobody listens there", "" },
  { "held", 0, "", "", "the receiver is gone" },
};

static const char *const customers[] = {
  "Anna Müllner", "ÉLODIE ØSTERGAARD", "Ugo \"B\" Bellandi", "O'Rourke", "A_b%c", ""
};

static const char *const words[] = { "",       "Müll",   "müllner",   "\"B\"", "o'r",  "_b%",
                                     "%",      "_",      "B",         "key-1", "KEY-", "100% b",
                                     "nobody", "gone",   "check the", "msg_",  "12",   "MSG_0001",
                                     "  ",     "absent", "503",       "y-10",  "OR",   "NEAR(",
                                     "*",      "k\\",    "Rou" };

typedef struct
{
  int kind;
  const char *customer;
  char *key;
  char *webhook_id;
  gint64 task_id;
  LkInstant created_at;
} Row;

typedef struct
{
  Fixture *fixture;
  gint64 epoch;
  gint64 tasks[2];
  GArray *rows; /* of Row; the id is the place, from 1 */
  GRand *random;
  int n;            /* deliveries */
  gboolean is_even; /* all but the last of one kind and one task */
} World;

static void
row_clear (gpointer data)
{
  Row *row = data;

  g_free (row->key);
  g_free (row->webhook_id);
}

static void
insert (World *self, gint64 id, const Row *row)
{
  gboolean is_final = !g_str_equal (kinds[row->kind].state, "held");
  g_autoptr (GError) error = NULL;

  lk_query_run (
      self->fixture->db,
      "INSERT INTO delivery (id, webhook_id, task_id, task_name, group_key, is_test, license_id,"
      " license_key, customer, url, state, hold_kind, hold_reason, last_status, last_error_class,"
      " last_cause, created_at, finished_at) VALUES (?1, ?2, ?3, 'T', ?1, 0, 1, ?4, ?5, 'http://r',"
      " ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
      LK_VALUES (LK_INT (id), LK_TEXT (row->webhook_id), LK_INT (row->task_id), LK_TEXT (row->key),
                 LK_TEXT (row->customer), LK_TEXT (kinds[row->kind].state),
                 LK_TEXT (is_final ? "" : "look"), LK_TEXT (kinds[row->kind].hold_reason),
                 LK_INT (kinds[row->kind].status), LK_TEXT (kinds[row->kind].error_class),
                 LK_TEXT (kinds[row->kind].cause), LK_INT (row->created_at),
                 LK_INT (is_final ? row->created_at : 0)),
      &error);
  g_assert_no_error (error);
}

/* The @i-th of them. */
static Row
make_row (World *self, int i)
{
  gboolean is_usual = self->is_even && i < self->n;

  return (Row){
    .kind = is_usual ? 0 : g_rand_int_range (self->random, 0, G_N_ELEMENTS (kinds)),
    .customer = customers[g_rand_int_range (self->random, 0, G_N_ELEMENTS (customers))],
    .key = g_strdup_printf ("KEY-%d", g_rand_int_range (self->random, 0, 200)),
    .webhook_id = g_strdup_printf ("msg_%05d", i),
    .task_id = self->tasks[is_usual ? 0 : g_rand_boolean (self->random)],
    .created_at = NOW - (self->n - i) * LK_HOUR,
  };
}

static void
fill (World *self)
{
  for (int i = 1; i <= self->n; i++)
    {
      Row row = make_row (self, i);

      insert (self, i, &row);
      g_array_append_val (self->rows, row);
    }
}

static void
set_up (World *self, gconstpointer data)
{
  self->n = GPOINTER_TO_INT (data);
  self->is_even = self->n == N_MANY;
  self->fixture = fixture_new ();
  self->epoch = fixture_take_lease (self->fixture);
  self->tasks[0] = fixture_add_task (self->fixture, "One");
  self->tasks[1] = fixture_add_task (self->fixture, "Two");
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_array_set_clear_func (self->rows, row_clear);
  self->random = g_rand_new_with_seed (3);
  IN_TRANSACTION (self->fixture, fill (self));
}

static void
tear_down (World *self, gconstpointer data)
{
  g_rand_free (self->random);
  g_array_unref (self->rows);
  fixture_free (self->fixture);
}

static void
index_texts (World *self, gsize limit)
{
  g_autoptr (GError) error = NULL;

  IN_TRANSACTION (self->fixture,
                  lk_delivery_text_index (self->fixture->db, self->epoch, limit, &error));
  g_assert_no_error (error);
}

static gboolean
contains (const char *text, const char *folded)
{
  g_autofree char *own = g_utf8_casefold (text, -1);

  return strstr (own, folded) != NULL;
}

static gboolean
has_text (gint64 id, const Row *row, const char *text)
{
  g_autofree char *word = g_strstrip (g_strdup (text));
  g_autofree char *folded = g_utf8_casefold (word, -1);
  g_autofree char *webhook = g_utf8_casefold (row->webhook_id, -1);

  return *word == '\0' || contains (row->key, folded) || contains (row->customer, folded)
         || (*kinds[row->kind].error_class != '\0' && contains (kinds[row->kind].cause, folded))
         || contains (kinds[row->kind].hold_reason, folded)
         || (g_str_has_prefix (folded, "msg_") && g_str_has_prefix (webhook, folded))
         || (word[strspn (word, "0123456789")] == '\0' && g_ascii_strtoll (word, NULL, 10) == id);
}

static gboolean
is_wanted (gint64 id, const Row *row, const LkDeliveryFilter *filter)
{
  return (filter->state < 0
          || g_str_equal (kinds[row->kind].state,
                          lk_delivery_state_to_string ((LkDeliveryState) filter->state)))
         && (filter->task_id == 0 || filter->task_id == row->task_id)
         && (filter->status == 0 || filter->status == kinds[row->kind].status)
         && (filter->error_class == NULL || *filter->error_class == '\0'
             || g_str_equal (filter->error_class, kinds[row->kind].error_class))
         && (filter->since == 0 || row->created_at >= filter->since)
         && (filter->before_id == 0 || id < filter->before_id) && has_text (id, row, filter->text);
}

static void
check_list (World *self, const LkDeliveryFilter *filter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = lk_delivery_store_list (self->fixture->db, filter, &error);
  guint n = 0;

  g_assert_no_error (error);
  for (gint64 id = self->n; id > 0 && n < filter->limit; id--)
    if (is_wanted (id, &g_array_index (self->rows, Row, id - 1), filter))
      {
        g_assert_cmpuint (n, <, found->len);
        g_assert_cmpint (((LkDelivery *) found->pdata[n])->id, ==, id);
        n++;
      }
  g_assert_cmpuint (n, ==, found->len);
}

/* The cells that a choice of facets leaves, under every span. */
static void
check_counts (World *self, const LkDeliveryFilter *filter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) counts = lk_delivery_count_list (self->fixture->db, filter, NOW, &error);
  gint64 n[LK_N_DELIVERY_SPANS] = { 0 };

  g_assert_no_error (error);
  for (guint i = 0; i < counts->len; i++)
    {
      const LkDeliveryCount *count = g_ptr_array_index (counts, i);

      if ((filter->state < 0 || filter->state == (int) count->state)
          && (filter->task_id == 0 || filter->task_id == count->task_id)
          && (filter->status == 0 || filter->status == count->status)
          && (filter->error_class == NULL || *filter->error_class == '\0'
              || g_str_equal (filter->error_class, count->error_class)))
        for (int span = 0; span < LK_N_DELIVERY_SPANS; span++)
          n[span] += count->n[span];
    }

  for (int span = 0; span < LK_N_DELIVERY_SPANS; span++)
    {
      LkDeliveryFilter of_span = *filter;
      gint64 expected = 0;

      of_span.before_id = 0;
      of_span.since = lk_delivery_span_get_start ((LkDeliverySpan) span, NOW);
      for (gint64 id = 1; id <= self->n; id++)
        expected += is_wanted (id, &g_array_index (self->rows, Row, id - 1), &of_span);
      g_assert_cmpint (n[span], ==, expected);
    }
}

/* A random choice of facets; some of them are those of a delivery that there may be. */
static LkDeliveryFilter
choose (World *self)
{
  const int kind = self->is_even ? 0 : g_rand_int_range (self->random, 0, G_N_ELEMENTS (kinds));
  LkDeliveryFilter filter = { .state = -1 };
  LkDeliveryState state;

  g_assert_true (lk_delivery_state_from_string (kinds[kind].state, &state));
  filter.text = (char *) words[g_rand_int_range (self->random, 0, G_N_ELEMENTS (words))];
  if (g_rand_int_range (self->random, 0, 3) == 0)
    filter.state = (int) state;
  if (g_rand_int_range (self->random, 0, 3) == 0)
    filter.task_id = self->tasks[self->is_even ? 0 : g_rand_boolean (self->random)];
  if (g_rand_int_range (self->random, 0, 4) == 0)
    filter.status = kinds[kind].status;
  if (g_rand_int_range (self->random, 0, 4) == 0)
    filter.error_class = (char *) kinds[kind].error_class;
  if (g_rand_int_range (self->random, 0, 4) == 0)
    filter.since = NOW - g_rand_int_range (self->random, 1, self->n) * LK_HOUR;
  if (g_rand_int_range (self->random, 0, 4) == 0)
    filter.before_id = g_rand_int_range (self->random, 1, self->n);
  filter.limit = g_rand_int_range (self->random, 1, self->n);

  return filter;
}

static void
ask (World *self)
{
  LkDeliveryFilter filter = choose (self);

  check_list (self, &filter);
  check_counts (self, &filter);
}

/* The same answers whatever part of the log the index has reached. */
static void
test_random (World *self, gconstpointer data)
{
  for (int part = 0; part < 3; part++)
    {
      for (int i = 0; i < N_QUESTIONS; i++)
        ask (self);
      index_texts (self, N_DELIVERIES / 2);
    }
}

/* Where too many are chosen to look through them, the index of the texts leads. */
static void
test_many (World *self, gconstpointer data)
{
  index_texts (self, N_MANY - 10);
  for (int i = 0; i < N_QUESTIONS / 10; i++)
    {
      LkDeliveryFilter filter = choose (self);

      check_list (self, &filter);
    }
}

static void
test_index (World *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (lk_delivery_text_count_missing (self->fixture->db, &error), ==, N_DELIVERIES);
  index_texts (self, 100);
  g_assert_cmpint (lk_delivery_text_count_missing (self->fixture->db, &error), ==,
                   N_DELIVERIES - 100);
  index_texts (self, 10 * N_DELIVERIES);
  g_assert_cmpint (lk_delivery_text_count_missing (self->fixture->db, &error), ==, 0);
  index_texts (self, 1);
  g_assert_no_error (error);

  IN_TRANSACTION (self->fixture, g_assert_false (lk_delivery_text_index (
                                     self->fixture->db, self->epoch + 1, 1, &error)));
  g_assert_error (error, LK_ERROR, LK_ERROR_LEASE_LOST);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/delivery-search/random", World, GINT_TO_POINTER (N_DELIVERIES), set_up, test_random,
              tear_down);
  g_test_add ("/delivery-search/index", World, GINT_TO_POINTER (N_DELIVERIES), set_up, test_index,
              tear_down);

  g_test_add ("/delivery-search/many", World, GINT_TO_POINTER (N_MANY), set_up, test_many,
              tear_down);

  return g_test_run ();
}
