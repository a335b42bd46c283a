/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-license-list"

#include "config.h"

#include "store/license-list.h"
#include "store/license-row.h"

/* GTK keeps some 205 rows alive: with fewer pages than three it would throw away what it shows. */
#define MAX_PAGES 8

/* Licenses of one page that was read, or is being read. */
typedef struct
{
  guint number;
  GHashTable *licenses; /* (nullable): LicenseID to LkLicense; NULL while it is being read */
  GList link;           /* in LkLicenseList.recent */
} Page;

struct _LkLicenseList
{
  GObject parent_instance;

  LkLicenseServer *server; /* (nullable): before the first query */
  GArray *ids;             /* of gint64: the snapshot */
  guint n_queries;         /* only the answer to the last one counts */
  guint generation; /* of the snapshot: pages that were asked for under an older one are void */
  gboolean is_loading;
  gboolean is_partial; /* the snapshot is only what a result that is still being read begins with */

  GHashTable *pages; /* number to Page */
  GQueue recent;     /* of Page: the one used last comes first */
  GHashTable *rows;  /* position to LkLicenseRow (unowned, by weak reference) */
  GCancellable *cancellable;
};

/* A row that somebody holds, so that it can be found when it goes. */
typedef struct
{
  LkLicenseList *list;
  guint position;
} RowWatch;

/* What an answer belongs to. */
typedef struct
{
  LkLicenseList *list;
  guint generation;
  guint number;
} PageRequest;

enum
{
  PROP_LOADING = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void lk_license_list_model_init (GListModelInterface *iface);

G_DEFINE_TYPE_WITH_CODE (LkLicenseList, lk_license_list, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, lk_license_list_model_init))

static void
page_free (Page *self)
{
  g_clear_pointer (&self->licenses, g_hash_table_unref);
  g_free (self);
}

static void
page_request_free (PageRequest *self)
{
  g_object_unref (self->list);
  g_free (self);
}

static void
set_loading (LkLicenseList *self, gboolean is_loading)
{
  if (self->is_loading == is_loading)
    return;

  self->is_loading = is_loading;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static gint64
get_id (LkLicenseList *self, guint position)
{
  return g_array_index (self->ids, gint64, position);
}

static LkLicense *
find_license (LkLicenseList *self, guint position)
{
  Page *page =
      g_hash_table_lookup (self->pages, GUINT_TO_POINTER (position / LK_LICENSE_LIST_PAGE));
  gint64 id = get_id (self, position);

  return page != NULL && page->licenses != NULL ? g_hash_table_lookup (page->licenses, &id) : NULL;
}

static void
fill_rows (LkLicenseList *self, guint number)
{
  guint first = number * LK_LICENSE_LIST_PAGE;
  guint end = MIN (first + LK_LICENSE_LIST_PAGE, self->ids->len);

  for (guint i = first; i < end; i++)
    {
      LkLicenseRow *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (i));

      if (row != NULL)
        lk_license_row_fill (row, get_id (self, i), find_license (self, i));
    }
}

static void
forget_page (LkLicenseList *self, Page *page)
{
  g_queue_unlink (&self->recent, &page->link);
  g_hash_table_remove (self->pages, GUINT_TO_POINTER (page->number));
}

/* A page that is on its way stays: rows wait for it. */
static void
forget_oldest (LkLicenseList *self)
{
  while (self->recent.length > MAX_PAGES)
    {
      Page *page = self->recent.tail->data;

      if (page->licenses == NULL)
        break;
      forget_page (self, page);
    }
}

static void
page_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PageRequest *request = user_data;
  LkLicenseList *self = request->list;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) licenses =
      lk_license_server_get_rows_finish (LK_LICENSE_SERVER (source), result, &error);
  Page *page = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (request->number));

  if (request->generation == self->generation && page != NULL)
    {
      if (licenses == NULL)
        {
          if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            g_warning ("%s", error->message);
          forget_page (self, page); /* the next who asks tries again */
        }
      else
        {
          page->licenses = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                                  (GDestroyNotify) lk_license_unref);
          for (guint i = 0; i < licenses->len; i++)
            {
              gint64 *id = g_new (gint64, 1);

              *id = lk_license_get_id (licenses->pdata[i]);
              g_hash_table_insert (page->licenses, id, lk_license_ref (licenses->pdata[i]));
            }
          fill_rows (self, request->number);
        }
    }
  page_request_free (request);
}

static void
read_page (LkLicenseList *self, guint number)
{
  guint first = number * LK_LICENSE_LIST_PAGE;
  PageRequest *request;
  Page *page;

  if (self->server == NULL || first >= self->ids->len
      || g_hash_table_contains (self->pages, GUINT_TO_POINTER (number)))
    return;

  page = g_new0 (Page, 1);
  page->number = number;
  page->link.data = page;
  g_hash_table_insert (self->pages, GUINT_TO_POINTER (number), page);
  g_queue_push_head_link (&self->recent, &page->link);
  forget_oldest (self);

  request = g_new0 (PageRequest, 1);
  request->list = g_object_ref (self);
  request->generation = self->generation;
  request->number = number;
  lk_license_server_get_rows_async (self->server, &g_array_index (self->ids, gint64, first),
                                    MIN (LK_LICENSE_LIST_PAGE, self->ids->len - first),
                                    self->cancellable, page_read_cb, request);
}

/* Reads the page of a position, and the one that scrolling will want next. */
static void
want_page (LkLicenseList *self, guint position)
{
  guint number = position / LK_LICENSE_LIST_PAGE;
  Page *page = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (number));

  if (page != NULL)
    {
      g_queue_unlink (&self->recent, &page->link);
      g_queue_push_head_link (&self->recent, &page->link);
    }
  else
    read_page (self, number);

  if (position % LK_LICENSE_LIST_PAGE >= LK_LICENSE_LIST_PAGE / 2)
    read_page (self, number + 1);
  else if (number > 0)
    read_page (self, number - 1);
}

static void
row_gone_cb (gpointer data, GObject *row)
{
  RowWatch *watch = data;

  g_hash_table_remove (watch->list->rows, GUINT_TO_POINTER (watch->position));
  g_free (watch);
}

/* The watch lies on the row itself, so that it can be taken back when the list goes first. */
static LkLicenseRow *
make_row (LkLicenseList *self, guint position)
{
  LkLicenseRow *row = lk_license_row_new (get_id (self, position));
  RowWatch *watch = g_new (RowWatch, 1);

  watch->list = self;
  watch->position = position;
  g_object_set_data (G_OBJECT (row), "lk-watch", watch);
  g_object_weak_ref (G_OBJECT (row), row_gone_cb, watch);
  g_hash_table_insert (self->rows, GUINT_TO_POINTER (position), row);
  return row;
}

static void
let_go_of_rows (LkLicenseList *self)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    {
      RowWatch *watch = g_object_steal_data (G_OBJECT (row), "lk-watch");

      g_object_weak_unref (G_OBJECT (row), row_gone_cb, watch);
      g_free (watch);
      g_hash_table_iter_remove (&iter);
    }
}

static void
forget_pages (LkLicenseList *self)
{
  while (self->recent.head != NULL)
    forget_page (self, self->recent.head->data);
}

static GType
lk_license_list_get_item_type (GListModel *model)
{
  return LK_TYPE_LICENSE_ROW;
}

static guint
lk_license_list_get_n_items (GListModel *model)
{
  return LK_LICENSE_LIST (model)->ids->len;
}

static gpointer
lk_license_list_get_item (GListModel *model, guint position)
{
  LkLicenseList *self = LK_LICENSE_LIST (model);
  LkLicenseRow *row;

  if (position >= self->ids->len)
    return NULL;

  row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (position));
  if (row != NULL)
    return g_object_ref (row);

  row = make_row (self, position);
  want_page (self, position);
  lk_license_row_fill (row, get_id (self, position), find_license (self, position));
  return row;
}

static void
lk_license_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = lk_license_list_get_item_type;
  iface->get_n_items = lk_license_list_get_n_items;
  iface->get_item = lk_license_list_get_item;
}

/* The pages that somebody looks at are read again; the rows keep what they show until then. */
static void
refill_rows (LkLicenseList *self)
{
  GHashTableIter iter;
  gpointer position, row;
  g_autoptr (GHashTable) numbers = g_hash_table_new (NULL, NULL);

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &position, &row))
    g_hash_table_add (numbers,
                      GUINT_TO_POINTER (GPOINTER_TO_UINT (position) / LK_LICENSE_LIST_PAGE));

  g_hash_table_iter_init (&iter, numbers);
  while (g_hash_table_iter_next (&iter, &position, NULL))
    read_page (self, GPOINTER_TO_UINT (position));
}

/* Announces only a change of length, at the end: GTK would ask for all n items of `(0, n, n)`, and
 * make the widgets of all rows anew for `(0, n, 0)`, which takes longer than the search. The rows
 * in sight are filled in place instead. */
static void
take_snapshot (LkLicenseList *self, GArray *ids, gboolean is_partial)
{
  guint n_before = self->ids->len;
  guint n_after = ids->len;

  self->is_partial = is_partial;
  self->generation++;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  forget_pages (self);

  g_array_unref (self->ids);
  self->ids = ids;
  if (n_after > n_before)
    g_list_model_items_changed (G_LIST_MODEL (self), n_before, 0, n_after - n_before);
  else if (n_after < n_before)
    g_list_model_items_changed (G_LIST_MODEL (self), n_after, n_before - n_after, 0);
  refill_rows (self);
}

static void
empty (LkLicenseList *self)
{
  take_snapshot (self, g_array_new (FALSE, FALSE, sizeof (gint64)), FALSE);
}

static gboolean
is_newest_query (LkLicenseList *self, GTask *task)
{
  return GPOINTER_TO_UINT (g_task_get_task_data (task)) == self->n_queries;
}

/* The beginning of a result is better than nothing, or than that of an older one. A whole result
 * stays until the next one is whole, too: rows in two orders would only confuse. */
static void
head_read_cb (LkLicenseServer *server, GArray *ids, gpointer user_data)
{
  GTask *task = user_data;
  LkLicenseList *self = g_task_get_source_object (task);

  if (!is_newest_query (self, task) || (self->ids->len > 0 && !self->is_partial))
    return;

  g_set_object (&self->server, server);
  take_snapshot (self, g_array_ref (ids), TRUE);
}

static void
ids_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LkLicenseList *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  GArray *ids = lk_license_server_list_ids_finish (LK_LICENSE_SERVER (source), result, &error);

  if (!is_newest_query (self, task))
    {
      g_clear_pointer (&ids, g_array_unref);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                               "a newer query took its place");
      return;
    }

  if (ids != NULL)
    {
      g_set_object (&self->server, LK_LICENSE_SERVER (source));
      take_snapshot (self, ids, FALSE);
    }
  else if (self->is_partial)
    empty (self);
  set_loading (self, FALSE);
  if (ids != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
lk_license_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  LkLicenseList *self = LK_LICENSE_LIST (object);

  switch (id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, self->is_loading);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
lk_license_list_finalize (GObject *object)
{
  LkLicenseList *self = LK_LICENSE_LIST (object);

  let_go_of_rows (self);
  forget_pages (self);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->pages, g_hash_table_unref);
  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->server);

  G_OBJECT_CLASS (lk_license_list_parent_class)->finalize (object);
}

static void
lk_license_list_class_init (LkLicenseListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lk_license_list_get_property;
  object_class->finalize = lk_license_list_finalize;

  /**
   * LkLicenseList:loading:
   *
   * Whether a query is on its way.
   */
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lk_license_list_init (LkLicenseList *self)
{
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->pages = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) page_free);
  g_queue_init (&self->recent);
  self->rows = g_hash_table_new (NULL, NULL);
  self->cancellable = g_cancellable_new ();
}

/**
 * lk_license_list_new:
 *
 * Returns: (transfer full): an empty list
 */
LkLicenseList *
lk_license_list_new (void)
{
  return g_object_new (LK_TYPE_LICENSE_LIST, NULL);
}

/**
 * lk_license_list_set_query_async:
 * @self: a list
 * @server: where the licenses are
 * @query: which ones
 * @cancellable: (nullable): stops it
 * @callback: what to call when the list has changed
 * @user_data: for @callback
 *
 * Fills the list with the result of a query. A list without rows shows the beginning of the result
 * as soon as that is known. An earlier call that is still on its way fails with
 * %G_IO_ERROR_CANCELLED.
 */
void
lk_license_list_set_query_async (LkLicenseList *self, LkLicenseServer *server,
                                 const LkLicenseQuery *query, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (LK_IS_LICENSE_LIST (self) && LK_IS_LICENSE_SERVER (server));

  self->n_queries++;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, lk_license_list_set_query_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, GUINT_TO_POINTER (self->n_queries), NULL);
  if (self->server != NULL && self->server != server)
    empty (self); /* a LicenseID is another license there */
  set_loading (self, TRUE);
  lk_license_server_list_ids_async (server, query, head_read_cb, cancellable, ids_read_cb, task);
}

/**
 * lk_license_list_set_query_finish:
 * @self: a list
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: whether the list has the result now; fails as lk_license_server_list_ids_finish() does.
 *   Then the list has the result of the query before, or nothing
 */
gboolean
lk_license_list_set_query_finish (LkLicenseList *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * lk_license_list_is_loading:
 * @self: a list
 *
 * Returns: whether a query is on its way
 */
gboolean
lk_license_list_is_loading (LkLicenseList *self)
{
  g_return_val_if_fail (LK_IS_LICENSE_LIST (self), FALSE);

  return self->is_loading;
}

/**
 * lk_license_list_is_partial:
 * @self: a list
 *
 * Returns: whether the list has only the beginning of a result that is still being read
 */
gboolean
lk_license_list_is_partial (LkLicenseList *self)
{
  g_return_val_if_fail (LK_IS_LICENSE_LIST (self), FALSE);

  return self->is_partial;
}

/**
 * lk_license_list_get_id_at:
 * @self: a list
 * @position: a position
 *
 * Returns: the LicenseID there; 0 behind the end
 */
gint64
lk_license_list_get_id_at (LkLicenseList *self, guint position)
{
  g_return_val_if_fail (LK_IS_LICENSE_LIST (self), 0);

  return position < self->ids->len ? get_id (self, position) : 0;
}

/**
 * lk_license_list_get_ids:
 * @self: a list
 * @n_ids: (out): how many
 *
 * Returns: (transfer none) (array length=n_ids): the LicenseIDs in order, until the list changes
 */
const gint64 *
lk_license_list_get_ids (LkLicenseList *self, gsize *n_ids)
{
  g_return_val_if_fail (LK_IS_LICENSE_LIST (self), NULL);

  *n_ids = self->ids->len;
  return (const gint64 *) (void *) self->ids->data;
}
