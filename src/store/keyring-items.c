/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-keyring-items"

#include "config.h"

#include "store/keyring-items.h"
#include "store/task-secret.h"

struct _LkKeyringItems
{
  GMutex mutex;
  GHashTable *secrets; /* of owned texts, wiped when they go; NULL for an item that is gone */
};

static void
free_secret (gpointer secret)
{
  lk_secret_free (secret);
}

/**
 * lk_keyring_items_new:
 *
 * Returns: (transfer full): no secrets yet
 */
LkKeyringItems *
lk_keyring_items_new (void)
{
  LkKeyringItems *self = g_atomic_rc_box_new0 (LkKeyringItems);

  g_mutex_init (&self->mutex);
  self->secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_secret);

  return self;
}

/* Returns: (transfer full): @self. Thread: any, as for the rest. */
LkKeyringItems *
lk_keyring_items_ref (LkKeyringItems *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (LkKeyringItems *self)
{
  g_hash_table_unref (self->secrets);
  g_mutex_clear (&self->mutex);
}

/**
 * lk_keyring_items_unref:
 * @self: (transfer full): secrets, which the last one to give them up wipes
 */
void
lk_keyring_items_unref (LkKeyringItems *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) clear);
}

/**
 * lk_keyring_items_add:
 * @self: secrets
 * @item: the name of an item
 * @secret: what it holds; copied
 */
void
lk_keyring_items_add (LkKeyringItems *self, const char *item, const char *secret)
{
  g_mutex_lock (&self->mutex);
  g_hash_table_replace (self->secrets, g_strdup (item), g_strdup (secret));
  g_mutex_unlock (&self->mutex);
}

/**
 * lk_keyring_items_add_gone:
 * @self: secrets
 * @item: the name of an item that the keyring, which is open, does not have
 */
void
lk_keyring_items_add_gone (LkKeyringItems *self, const char *item)
{
  g_mutex_lock (&self->mutex);
  g_hash_table_replace (self->secrets, g_strdup (item), NULL);
  g_mutex_unlock (&self->mutex);
}

/**
 * lk_keyring_items_remove:
 * @self: secrets
 * @item: the name of an item that is not used any more; its secret is wiped
 */
void
lk_keyring_items_remove (LkKeyringItems *self, const char *item)
{
  g_mutex_lock (&self->mutex);
  g_hash_table_remove (self->secrets, item);
  g_mutex_unlock (&self->mutex);
}

/* Returns: whether the keyring gave out the item's secret */
gboolean
lk_keyring_items_has (LkKeyringItems *self, const char *item)
{
  gboolean has;

  g_mutex_lock (&self->mutex);
  has = g_hash_table_lookup (self->secrets, item) != NULL;
  g_mutex_unlock (&self->mutex);

  return has;
}

/* Returns: whether the keyring, which was open, does not have the item */
gboolean
lk_keyring_items_is_gone (LkKeyringItems *self, const char *item)
{
  gpointer secret;
  gboolean is_gone;

  g_mutex_lock (&self->mutex);
  is_gone = g_hash_table_lookup_extended (self->secrets, item, NULL, &secret) && secret == NULL;
  g_mutex_unlock (&self->mutex);

  return is_gone;
}

/**
 * lk_keyring_items_dup:
 * @self: secrets
 * @item: the name of an item
 *
 * Returns: (transfer full) (nullable): its secret, to be wiped by lk_secret_free(); %NULL when the
 *   keyring did not give it out
 */
char *
lk_keyring_items_dup (LkKeyringItems *self, const char *item)
{
  char *secret;

  g_mutex_lock (&self->mutex);
  secret = g_strdup (g_hash_table_lookup (self->secrets, item));
  g_mutex_unlock (&self->mutex);

  return secret;
}
