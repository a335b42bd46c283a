/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-key-selection"

#include "config.h"

#include "ui/key-selection.h"

struct _LkKeySelection
{
  GObject parent_instance;

  LkLicenseList *list;
  GHashTable *marked; /* set of gint64 */
  gboolean inverted;  /* everything but what is marked is selected */
};

enum
{
  PROP_0,
  PROP_N_SELECTED,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void list_model_init (GListModelInterface *iface);
static void selection_model_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LkKeySelection, lk_key_selection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                          selection_model_init))

static guint
count_licenses (LkKeySelection *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->list));
}

static void
set_selected (LkKeySelection *self, gint64 id, gboolean selected)
{
  if (selected != self->inverted)
    g_hash_table_add (self->marked, g_memdup2 (&id, sizeof id));
  else
    g_hash_table_remove (self->marked, &id);
}

static void
set_range_selected (LkKeySelection *self, guint position, guint n_items, gboolean selected)
{
  for (guint i = position; i < position + n_items; i++)
    set_selected (self, lk_license_list_get_id_at (self->list, i), selected);
}

static void
set_everything_selected (LkKeySelection *self, gboolean selected)
{
  g_hash_table_remove_all (self->marked);
  self->inverted = selected;
}

static void
tell_changed (LkKeySelection *self, guint position, guint n_items)
{
  if (n_items > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), position, n_items);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_SELECTED]);
}

static void
tell_everything_changed (LkKeySelection *self)
{
  tell_changed (self, 0, count_licenses (self));
}

/* Forgets the marks of licenses that are no longer in the list. */
static void
prune (LkKeySelection *self)
{
  gsize n_ids;
  const gint64 *ids = lk_license_list_get_ids (self->list, &n_ids);
  GHashTable *kept;

  if (g_hash_table_size (self->marked) == 0)
    return;

  kept = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (gsize i = 0; i < n_ids; i++)
    {
      gpointer key;

      if (g_hash_table_steal_extended (self->marked, &ids[i], &key, NULL))
        g_hash_table_add (kept, key);
    }
  g_hash_table_unref (self->marked);
  self->marked = kept;
}

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added,
                  LkKeySelection *self)
{
  g_assert (LK_IS_KEY_SELECTION (self));

  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

/* New content: other licenses may stand at the same positions. */
static void
loading_cb (LkLicenseList *list, GParamSpec *pspec, LkKeySelection *self)
{
  g_assert (LK_IS_KEY_SELECTION (self));

  if (lk_license_list_is_loading (list))
    return;

  prune (self);
  tell_everything_changed (self);
}

static GType
get_item_type (GListModel *model)
{
  return LK_TYPE_LICENSE_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return count_licenses (LK_KEY_SELECTION (model));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (LK_KEY_SELECTION (model)->list), position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  LkKeySelection *self = LK_KEY_SELECTION (model);
  gint64 id;

  if (position >= count_licenses (self))
    return FALSE;
  id = lk_license_list_get_id_at (self->list, position);

  return g_hash_table_contains (self->marked, &id) != self->inverted;
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  LkKeySelection *self = LK_KEY_SELECTION (model);
  guint n_licenses = count_licenses (self);
  GtkBitset *bitset;

  position = MIN (position, n_licenses);
  n_items = MIN (n_items, n_licenses - position);
  if (g_hash_table_size (self->marked) == 0)
    return self->inverted ? gtk_bitset_new_range (position, n_items) : gtk_bitset_new_empty ();

  bitset = gtk_bitset_new_empty ();
  for (guint i = position; i < position + n_items; i++)
    if (is_selected (model, i))
      gtk_bitset_add (bitset, i);

  return bitset;
}

static gboolean
select_range (GtkSelectionModel *model, guint position, guint n_items, gboolean unselect_rest)
{
  LkKeySelection *self = LK_KEY_SELECTION (model);

  if (position + n_items > count_licenses (self))
    return FALSE;

  if (unselect_rest)
    set_everything_selected (self, FALSE);
  set_range_selected (self, position, n_items, TRUE);

  if (unselect_rest)
    tell_everything_changed (self);
  else
    tell_changed (self, position, n_items);

  return TRUE;
}

static gboolean
unselect_range (GtkSelectionModel *model, guint position, guint n_items)
{
  LkKeySelection *self = LK_KEY_SELECTION (model);

  if (position + n_items > count_licenses (self))
    return FALSE;

  set_range_selected (self, position, n_items, FALSE);
  tell_changed (self, position, n_items);

  return TRUE;
}

static gboolean
select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  return select_range (model, position, 1, unselect_rest);
}

static gboolean
unselect_item (GtkSelectionModel *model, guint position)
{
  return unselect_range (model, position, 1);
}

static gboolean
select_all (GtkSelectionModel *model)
{
  set_everything_selected (LK_KEY_SELECTION (model), TRUE);
  tell_everything_changed (LK_KEY_SELECTION (model));

  return TRUE;
}

static gboolean
unselect_all (GtkSelectionModel *model)
{
  set_everything_selected (LK_KEY_SELECTION (model), FALSE);
  tell_everything_changed (LK_KEY_SELECTION (model));

  return TRUE;
}

static gboolean
set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  LkKeySelection *self = LK_KEY_SELECTION (model);
  guint n_licenses = count_licenses (self);
  GtkBitsetIter iter;
  guint position;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, mask, &position);
       more && position < n_licenses; more = gtk_bitset_iter_next (&iter, &position))
    set_selected (self, lk_license_list_get_id_at (self->list, position),
                  gtk_bitset_contains (selected, position));
  tell_everything_changed (self);

  return TRUE;
}

static void
selection_model_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->select_item = select_item;
  iface->unselect_item = unselect_item;
  iface->select_range = select_range;
  iface->unselect_range = unselect_range;
  iface->select_all = select_all;
  iface->unselect_all = unselect_all;
  iface->set_selection = set_selection;
}

static void
lk_key_selection_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_N_SELECTED:
      g_value_set_uint (value, lk_key_selection_get_n_selected (LK_KEY_SELECTION (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lk_key_selection_finalize (GObject *object)
{
  LkKeySelection *self = LK_KEY_SELECTION (object);

  g_clear_object (&self->list);
  g_clear_pointer (&self->marked, g_hash_table_unref);

  G_OBJECT_CLASS (lk_key_selection_parent_class)->finalize (object);
}

static void
lk_key_selection_class_init (LkKeySelectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lk_key_selection_get_property;
  object_class->finalize = lk_key_selection_finalize;

  properties[PROP_N_SELECTED] =
      g_param_spec_uint ("n-selected", NULL, NULL, 0, G_MAXUINT, 0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
lk_key_selection_init (LkKeySelection *self)
{
  self->marked = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

/**
 * lk_key_selection_new:
 * @list: the licenses
 *
 * Returns: (transfer full): a selection of nothing
 */
LkKeySelection *
lk_key_selection_new (LkLicenseList *list)
{
  LkKeySelection *self = g_object_new (LK_TYPE_KEY_SELECTION, NULL);

  self->list = g_object_ref (list);
  g_signal_connect_object (list, "items-changed", G_CALLBACK (items_changed_cb), self, 0);
  g_signal_connect_object (list, "notify::loading", G_CALLBACK (loading_cb), self, 0);

  return self;
}

/**
 * lk_key_selection_get_n_selected:
 * @self: a selection
 *
 * Returns: how many licenses are selected
 */
guint
lk_key_selection_get_n_selected (LkKeySelection *self)
{
  guint n_marked;
  guint n_licenses;

  g_return_val_if_fail (LK_IS_KEY_SELECTION (self), 0);

  n_marked = g_hash_table_size (self->marked);
  n_licenses = count_licenses (self);
  if (self->inverted)
    return n_licenses - MIN (n_marked, n_licenses);

  return MIN (n_marked, n_licenses);
}

/**
 * lk_key_selection_get_ids:
 * @self: a selection
 *
 * Returns: (transfer full) (element-type gint64): the selected licenses in the order of the list
 */
GArray *
lk_key_selection_get_ids (LkKeySelection *self)
{
  GArray *selected = g_array_new (FALSE, FALSE, sizeof (gint64));
  const gint64 *ids;
  gsize n_ids;

  g_return_val_if_fail (LK_IS_KEY_SELECTION (self), selected);

  ids = lk_license_list_get_ids (self->list, &n_ids);
  for (gsize i = 0; i < n_ids; i++)
    if (g_hash_table_contains (self->marked, &ids[i]) != self->inverted)
      g_array_append_val (selected, ids[i]);

  return selected;
}
