/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "store/delivery-store.h"
#include "store/query.h"
#include "store/task-store.h"
#include "ui-test.h"
#include "ui/attempt-table.h"
#include "ui/delivery-detail.h"
#include "ui/delivery-facets.h"
#include "ui/delivery-log.h"
#include "ui/empty-state.h"
#include "ui/facet.h"

#define NOW (1764547200 * LK_SECOND)

typedef struct
{
  UiTest test;
  LkCatalog *catalog;
  LkAttention *attention;
  LkDeliveryLog *log;
  GtkWindow *window;
} Fixture;

/* Deliveries to write: tests that ended, for they need no run. */
typedef struct
{
  int first; /* their numbers, for the names of the customers */
  int n;
  LkDeliveryState state;
} Batch;

static guint
count (Fixture *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (lk_delivery_log_get_list (self->log)));
}

static const LkDelivery *
get_at (Fixture *self, guint position)
{
  g_autoptr (LkDeliveryItem) item =
      g_list_model_get_item (G_LIST_MODEL (lk_delivery_log_get_list (self->log)), position);

  /* The list keeps it. */
  return lk_delivery_item_get (item);
}

static LkDelivery *
new_delivery (int number)
{
  LkDelivery *delivery = lk_delivery_new ();
  g_autofree char *body = g_strdup_printf ("{\"Name\":\"Number %d\"}", number);

  g_free (delivery->webhook_id);
  delivery->webhook_id = g_strdup_printf ("msg_%026d", number);
  g_free (delivery->task_name);
  delivery->task_name = g_strdup ("Rehearsal");
  delivery->is_test = TRUE;
  g_free (delivery->license_key);
  delivery->license_key = g_strdup ("AAAA-BBBB");
  g_free (delivery->customer);
  delivery->customer = g_strdup_printf ("Customer %d", number);
  g_free (delivery->url);
  delivery->url = g_strdup ("http://127.0.0.1:9/");
  delivery->body = g_bytes_new (body, strlen (body));

  return delivery;
}

static LkSettlement *
new_settlement (const LkClaim *claim, LkDeliveryState state)
{
  LkSettlement *settlement = g_new0 (LkSettlement, 1);
  gboolean is_good = state == LK_DELIVERY_DELIVERED;

  settlement->attempt = lk_attempt_new ();
  settlement->attempt->id = claim->attempt_id;
  settlement->attempt->delivery_id = claim->delivery->id;
  settlement->attempt->number = claim->attempt_number;
  settlement->attempt->outcome = is_good ? LK_OUTCOME_SUCCESS : LK_OUTCOME_FAILURE;
  settlement->attempt->status = is_good ? 200 : 500;
  g_free (settlement->attempt->cause);
  settlement->attempt->cause = g_strdup (is_good ? "accepted" : "the receiver broke");
  settlement->attempt->started_at = NOW;
  settlement->attempt->latency_ms = 12;
  settlement->state = state;
  settlement->costs_attempt = TRUE;

  return settlement;
}

static gpointer
write_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const Batch *batch = data;

  for (int i = batch->first; i < batch->first + batch->n; i++)
    {
      g_autoptr (LkDelivery) delivery = new_delivery (i);
      LkClaim *claim = lk_delivery_store_insert_test (db, delivery, NOW, error);
      LkSettlement *settlement;
      gboolean settled;

      if (claim == NULL)
        return NULL;
      settlement = new_settlement (claim, batch->state);
      settled = lk_delivery_store_settle_test (db, settlement, NOW, error);
      lk_settlement_free (settlement);
      lk_claim_free (claim);
      if (!settled)
        return NULL;
    }

  return data;
}

static void
write_batch (Fixture *self, int first, int n, LkDeliveryState state)
{
  Batch batch = { first, n, state };

  ui_test_write (&self->test, write_job, &batch);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  ui_test_set_up (&self->test, NULL);
  self->catalog = lk_catalog_new (self->test.context);
  self->log = g_object_new (LK_TYPE_DELIVERY_LOG, NULL);
  self->attention = lk_attention_new (self->test.context);
  lk_delivery_log_set_up (self->log, self->test.context, self->catalog, self->attention);
  self->window = ui_test_show (GTK_WIDGET (self->log), 1100, 400);
  test_until (!lk_delivery_list_is_loading (lk_delivery_log_get_list (self->log)), 30);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (self->window);
  g_clear_object (&self->attention);
  g_clear_object (&self->catalog);
  ui_test_tear_down (&self->test, NULL);
}

static void
test_empty (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (count (self), ==, 0);
  g_assert_cmpstr (lk_empty_state_get_title (
                       LK_EMPTY_STATE (ui_test_find (GTK_WIDGET (self->log), LK_TYPE_EMPTY_STATE))),
                   ==, "Nothing Sent Yet");
}

/* New deliveries appear by themselves, newest first; lines that stay keep their objects. */
static void
test_live (Fixture *self, gconstpointer data)
{
  g_autoptr (GObject) before = NULL;
  g_autoptr (GObject) after = NULL;

  write_batch (self, 1, 1, LK_DELIVERY_DELIVERED);
  test_until (count (self) == 1, 30);
  before = g_list_model_get_item (G_LIST_MODEL (lk_delivery_log_get_list (self->log)), 0);

  write_batch (self, 2, 3, LK_DELIVERY_EXHAUSTED);
  test_until (count (self) == 4, 30);
  g_assert_cmpstr (get_at (self, 0)->customer, ==, "Customer 4");
  g_assert_cmpint (get_at (self, 0)->state, ==, LK_DELIVERY_EXHAUSTED);
  after = g_list_model_get_item (G_LIST_MODEL (lk_delivery_log_get_list (self->log)), 3);
  g_assert_true (before == after);
}

/* Who watches the top of the list goes on seeing the newest. */
static void
test_follows_the_newest (Fixture *self, gconstpointer data)
{
  GtkWidget *view = ui_test_find (GTK_WIDGET (self->log), GTK_TYPE_COLUMN_VIEW);
  GtkAdjustment *place = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));

  write_batch (self, 1, 40, LK_DELIVERY_DELIVERED);
  test_until (count (self) == 40, 30);
  ui_test_settle (view);
  write_batch (self, 41, 40, LK_DELIVERY_DELIVERED);
  test_until (count (self) == 80, 30);
  ui_test_settle (view);
  test_until (gtk_adjustment_get_upper (place) > 60 * 20, 30);
  g_assert_cmpfloat (gtk_adjustment_get_value (place), <=, 0);

  /* Who reads further down is left alone. */
  gtk_adjustment_set_value (place, 300);
  ui_test_settle (view);
  write_batch (self, 81, 10, LK_DELIVERY_DELIVERED);
  test_until (count (self) == 90, 30);
  ui_test_settle (view);
  test_until (gtk_adjustment_get_value (place) > 300, 30);
}

/* The arrows move in the list, Tab leaves it. */
static void
test_tab_leaves (Fixture *self, gconstpointer data)
{
  GtkWidget *view = ui_test_find (GTK_WIDGET (self->log), GTK_TYPE_COLUMN_VIEW);
  const GtkDirectionType ways[] = { GTK_DIR_TAB_FORWARD, GTK_DIR_TAB_BACKWARD };

  write_batch (self, 1, 3, LK_DELIVERY_DELIVERED);
  test_until (count (self) == 3, 30);
  ui_test_settle (view);
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      lk_delivery_log_focus (self->log);
      g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (self->window), view));
      gtk_widget_child_focus (GTK_WIDGET (self->window), GTK_DIR_DOWN);
      g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (self->window), view));
      gtk_widget_child_focus (GTK_WIDGET (self->window), ways[i]);
      g_assert_false (gtk_widget_is_ancestor (gtk_window_get_focus (self->window), view));
    }
}

/* A search that finds nothing takes the list away, and not the focus out of the log. */
static void
test_focus_stays (Fixture *self, gconstpointer data)
{
  GtkWidget *view = ui_test_find (GTK_WIDGET (self->log), GTK_TYPE_COLUMN_VIEW);
  GtkWidget *focus;

  write_batch (self, 1, 3, LK_DELIVERY_DELIVERED);
  test_until (count (self) == 3, 30);
  ui_test_settle (view);
  lk_delivery_log_focus (self->log);
  lk_delivery_log_find (self->log, "nobody");
  test_until (count (self) == 0, 30);
  ui_test_settle (GTK_WIDGET (self->log));
  focus = gtk_window_get_focus (self->window);
  g_assert_true (focus != NULL && gtk_widget_get_ancestor (focus, GTK_TYPE_SEARCH_ENTRY) != NULL);
}

/* Escape where one types what to find shows all again and goes on in the list. */
static void
test_escape (Fixture *self, gconstpointer data)
{
  GtkWidget *view = ui_test_find (GTK_WIDGET (self->log), GTK_TYPE_COLUMN_VIEW);
  GtkWidget *focus;

  write_batch (self, 1, 3, LK_DELIVERY_DELIVERED);
  test_until (count (self) == 3, 30);
  ui_test_settle (view);
  lk_delivery_log_find (self->log, "CUSTOMER 2");
  test_until (count (self) == 1, 30);
  lk_delivery_log_focus_find (self->log);

  focus = gtk_window_get_focus (self->window);
  g_signal_emit_by_name (gtk_widget_get_ancestor (focus, GTK_TYPE_SEARCH_ENTRY), "stop-search");
  test_until (count (self) == 3, 30);
  focus = gtk_window_get_focus (self->window);
  g_assert_true (focus != NULL && gtk_widget_is_ancestor (focus, view));
}

static void
test_filter (Fixture *self, gconstpointer data)
{
  write_batch (self, 1, 3, LK_DELIVERY_DELIVERED);
  write_batch (self, 4, 2, LK_DELIVERY_EXHAUSTED);
  test_until (count (self) == 5, 30);

  lk_delivery_log_set_state (self->log, LK_DELIVERY_EXHAUSTED);
  test_until (count (self) == 2, 30);
  lk_delivery_log_find (self->log, "CUSTOMER 5");
  test_until (count (self) == 1, 30);
  lk_delivery_log_find (self->log, "nobody");
  test_until (count (self) == 0, 30);
  lk_delivery_log_find (self->log, "");
  lk_delivery_log_set_state (self->log, -1);
  test_until (count (self) == 5, 30);
  lk_delivery_log_find (self->log, "nobody");
  test_until (count (self) == 0, 30);
  lk_delivery_log_clear (self->log);
  test_until (count (self) == 5, 30);
}

static gint64
count_value (LkDeliveryFacets *facets, LkDeliveryFacet facet, const char *id)
{
  g_autoptr (GPtrArray) values = lk_delivery_facets_list (facets, facet);

  for (guint i = 0; i < values->len; i++)
    {
      const LkFacetValue *value = g_ptr_array_index (values, i);

      if (g_str_equal (value->id, id))
        return value->n;
    }

  return 0;
}

/* Each facet is counted under what is chosen of the others, and follows what is sent. */
static void
test_facets (Fixture *self, gconstpointer data)
{
  g_autoptr (LkDeliveryFacets) facets = lk_delivery_facets_new (self->test.context, self->catalog);
  LkDeliveryFilter filter = { .state = LK_DELIVERY_EXHAUSTED };

  write_batch (self, 1, 3, LK_DELIVERY_DELIVERED);
  write_batch (self, 4, 2, LK_DELIVERY_EXHAUSTED);
  test_until (lk_delivery_facets_count (facets, LK_N_DELIVERY_FACETS) == 5, 30);
  g_assert_cmpint (count_value (facets, LK_FACET_STATE, "delivered"), ==, 3);
  g_assert_cmpint (count_value (facets, LK_FACET_STATE, "exhausted"), ==, 2);
  g_assert_cmpint (count_value (facets, LK_FACET_STATUS, "200"), ==, 3);

  lk_delivery_facets_set_filter (facets, &filter, LK_SPAN_ANY);
  g_assert_cmpint (lk_delivery_facets_count (facets, LK_N_DELIVERY_FACETS), ==, 2);
  g_assert_cmpint (count_value (facets, LK_FACET_STATE, "delivered"), ==, 3);
  g_assert_cmpint (count_value (facets, LK_FACET_STATUS, "200"), ==, 0);
  g_assert_cmpint (count_value (facets, LK_FACET_STATUS, "500"), ==, 2);

  filter.text = (char *) "customer 5";
  lk_delivery_facets_set_filter (facets, &filter, LK_SPAN_ANY);
  g_assert_cmpint (lk_delivery_facets_count (facets, LK_N_DELIVERY_FACETS), ==, -1);
  test_until (lk_delivery_facets_count (facets, LK_N_DELIVERY_FACETS) == 1, 30);
}

static gboolean
has_label (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_label (child, text))
      return TRUE;

  return FALSE;
}

static void
test_older (Fixture *self, gconstpointer data)
{
  LkDeliveryList *list = lk_delivery_log_get_list (self->log);
  const int n_all = LK_DELIVERY_LIST_STEP + 10;

  write_batch (self, 1, n_all, LK_DELIVERY_DELIVERED);
  test_until (count (self) == LK_DELIVERY_LIST_STEP && !lk_delivery_list_is_loading (list), 20);
  g_assert_true (lk_delivery_list_has_more (list));

  lk_delivery_list_load_older (list);
  test_until (count (self) == (guint) n_all, 30);
  g_assert_true (has_label (GTK_WIDGET (self->log), "1010 deliveries"));
  g_assert_false (lk_delivery_list_has_more (list));
  g_assert_cmpstr (get_at (self, (guint) n_all - 1)->customer, ==, "Customer 1");

  /* A reading after that keeps what was loaded. */
  write_batch (self, n_all + 1, 1, LK_DELIVERY_DELIVERED);
  test_until (count (self) == (guint) n_all + 1, 30);
}

static void
test_detail (Fixture *self, gconstpointer data)
{
  GtkWidget *detail = ui_test_find (GTK_WIDGET (self->log), LK_TYPE_DELIVERY_DETAIL);

  write_batch (self, 7, 1, LK_DELIVERY_EXHAUSTED);
  test_until (count (self) == 1, 30);
  lk_delivery_log_select (self->log, 0);
  test_until (has_label (detail, "Customer 7"), 30);
  g_assert_true (has_label (detail, "the receiver broke"));
  g_assert_true (has_label (detail, "\"Name\" : \"Number 7\""));
  g_assert_true (has_label (detail, "12 ms"));
}

/* How an attempt ended, and when each phase of it did. */
typedef struct
{
  int status;
  const char *cause;
  gint64 ends_us[4];
  int latency_ms;
} Ending;

static const Ending endings[] = {
  { 0,
    "no connection to 127.0.0.1 in time: it is down, or a firewall swallows the request; check the "
    "address and port (given up after 10 s)",
    { 1200, -1, -1, -1 },
    10001 },
  { 503,
    "503 Service Unavailable: the receiver is overloaded or under maintenance: look into its log "
    "if it stays so",
    { 900, 2100, 8300, 31000 },
    33 },
  { 500,
    "500: the receiver broke down over the request: look into its log",
    { -1, -1, -1, 640 },
    1 },
};

/* Attempts of delivery 1, besides the first. */
static gpointer
write_attempts_job (LkDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const int *range = data;

  for (int number = range[0]; number <= range[1]; number++)
    {
      const Ending *ending = &endings[number % G_N_ELEMENTS (endings)];

      if (!lk_query_run (
              db,
              "INSERT INTO attempt (delivery_id, number, outcome, url, status, cause, started_at,"
              " latency_ms, dns_us, connect_us, tls_us, first_byte_us)"
              " VALUES (1, ?1, 'failure', 'https://127.0.0.1/', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
              LK_VALUES (LK_INT (number), LK_INT (ending->status), LK_TEXT (ending->cause),
                         LK_INT (NOW + number * LK_HOUR), LK_INT (ending->latency_ms),
                         LK_INT (ending->ends_us[0]), LK_INT (ending->ends_us[1]),
                         LK_INT (ending->ends_us[2]), LK_INT (ending->ends_us[3])),
              error))
        return NULL;
    }

  return data;
}

static void
write_attempts (Fixture *self, int first, int last)
{
  int range[] = { first, last };

  ui_test_write (&self->test, write_attempts_job, range);
}

static gboolean
chose (LkAttemptTable *table, int number)
{
  const LkAttempt *chosen = lk_attempt_table_get_chosen (table);

  return chosen != NULL && chosen->number == number;
}

static void
test_attempts (Fixture *self, gconstpointer data)
{
  GtkWidget *detail = ui_test_find (GTK_WIDGET (self->log), LK_TYPE_DELIVERY_DETAIL);
  LkAttemptTable *table = LK_ATTEMPT_TABLE (ui_test_find (detail, LK_TYPE_ATTEMPT_TABLE));
  GtkListBox *list = GTK_LIST_BOX (ui_test_find (detail, GTK_TYPE_LIST_BOX));
  int width;

  write_batch (self, 1, 1, LK_DELIVERY_EXHAUSTED);
  write_attempts (self, 2, 11);
  test_until (count (self) == 1, 30);
  lk_delivery_log_select (self->log, 0);
  test_until (chose (table, 11), 30);
  g_assert_true (has_label (GTK_WIDGET (table), "31 ms")
                 || has_label (GTK_WIDGET (table), "23 ms"));
  g_assert_true (has_label (GTK_WIDGET (table), "<1 ms"));
  g_assert_true (has_label (detail, "the receiver broke down"));
  gtk_widget_measure (GTK_WIDGET (table), GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  g_assert_cmpint (width, <=, 360);

  /* The latest goes on with the next; another one that is chosen stays. */
  write_attempts (self, 12, 12);
  lk_delivery_detail_refresh (LK_DELIVERY_DETAIL (detail));
  test_until (chose (table, 12), 30);
  gtk_list_box_select_row (list, gtk_list_box_get_row_at_index (list, 12));
  g_assert_true (chose (table, 1));
  g_assert_true (has_label (detail, "the receiver broke\n"));
  write_attempts (self, 13, 13);
  lk_delivery_detail_refresh (LK_DELIVERY_DETAIL (detail));
  test_until (gtk_list_box_get_row_at_index (list, 13) != NULL, 30);
  g_assert_true (chose (table, 1));
}

static void
got_text_cb (GObject *clipboard, GAsyncResult *result, gpointer user_data)
{
  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);
}

static void
test_copy_curl (Fixture *self, gconstpointer data)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self->log));
  g_autofree char *text = NULL;

  write_batch (self, 1, 1, LK_DELIVERY_DELIVERED);
  test_until (count (self) == 1, 30);
  gdk_clipboard_set_text (clipboard, "");
  lk_delivery_log_select (self->log, 0);
  gtk_widget_activate_action (GTK_WIDGET (self->log), "log.copy-curl", NULL);
  while (text == NULL || *text == '\0')
    {
      g_clear_pointer (&text, g_free);
      gdk_clipboard_read_text_async (clipboard, NULL, got_text_cb, &text);
      test_until (text != NULL, 30);
    }
  g_assert_nonnull (strstr (text, "{\"Name\":\"Number 1\"}"));
  g_assert_nonnull (strstr (text, "'http://127.0.0.1:9/'"));
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/delivery-log/empty", test_empty },
    { "/delivery-log/live", test_live },
    { "/delivery-log/focus-stays", test_focus_stays },
    { "/delivery-log/escape", test_escape },
    { "/delivery-log/filter", test_filter },
    { "/delivery-log/facets", test_facets },
    { "/delivery-log/older", test_older },
    { "/delivery-log/detail", test_detail },
    { "/delivery-log/attempts", test_attempts },
    { "/delivery-log/copy-curl", test_copy_curl },
    { "/delivery-log/follows-the-newest", test_follows_the_newest },
    { "/delivery-log/tab-leaves", test_tab_leaves },
  };

  ui_test_init (&argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);

  return g_test_run ();
}
