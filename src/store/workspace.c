/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-workspace"

#include "config.h"

#include <errno.h>
#include <sys/stat.h>

#include <stdint.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "store/migrator.h"
#include "store/workspace.h"

#define DATABASE  "workspace.db"
#define N_READERS 3

struct _LkWorkspace
{
  GObject parent_instance;

  char *folder;
  LkDbPool *pool;
  LkChangeFeed *feed;
};

G_DEFINE_TYPE (LkWorkspace, lk_workspace, G_TYPE_OBJECT)

static char *
get_uri (const char *folder)
{
  return g_strdup_printf ("sqlite:%s/%s", folder, DATABASE);
}

static gboolean
make_folder (const char *folder, GError **error)
{
  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_READ_ONLY,
               _ ("the folder “%s” cannot be made (%s); choose another one"), folder,
               g_strerror (errno));
  return FALSE;
}

static gboolean
is_private (const char *folder)
{
  GStatBuf info;

  return g_stat (folder, &info) == 0 && (info.st_mode & 077) == 0;
}

static gboolean
is_empty (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  return dir != NULL && g_dir_read_name (dir) == NULL;
}

/* Whoever names /tmp, or a folder of documents, does not want it closed to all others. */
static gboolean
check_new_folder (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, DATABASE, NULL);

  if (is_private (folder) || is_empty (folder) || g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_INVALID,
               _ ("the folder “%s” holds other files and is open to other users, and a workspace "
                  "would close it to them: name a folder of its own"),
               folder);
  return FALSE;
}

/* The workspace holds secrets: a folder that others can read is closed to them. */
static gboolean
protect_folder (const char *folder, GError **error)
{
  if (is_private (folder))
    return TRUE;
  if (g_chmod (folder, 0700) == 0)
    return TRUE;

  g_set_error (
      error, LK_ERROR, LK_ERROR_READ_ONLY,
      _ ("the folder “%s” is open to other users and cannot be closed to them (%s); give it "
         "the mode 0700"),
      folder, g_strerror (errno));
  return FALSE;
}

static gboolean
check_folder (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, DATABASE, NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  g_set_error (error, LK_ERROR, LK_ERROR_NOT_FOUND,
               _ ("“%s” is no workspace: it has no %s; create one there or choose another folder"),
               folder, DATABASE);
  return FALSE;
}

static void
lk_workspace_dispose (GObject *object)
{
  LkWorkspace *self = LK_WORKSPACE (object);

  lk_workspace_close (self);
  g_clear_object (&self->feed);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (lk_workspace_parent_class)->dispose (object);
}

static void
lk_workspace_finalize (GObject *object)
{
  g_free (LK_WORKSPACE (object)->folder);

  G_OBJECT_CLASS (lk_workspace_parent_class)->finalize (object);
}

static void
lk_workspace_class_init (LkWorkspaceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_workspace_dispose;
  G_OBJECT_CLASS (klass)->finalize = lk_workspace_finalize;
}

static void
lk_workspace_init (LkWorkspace *self)
{
}

/**
 * lk_workspace_get_default_folder:
 *
 * Returns: (transfer full): `$XDG_DATA_HOME/latchkey`, the workspace of console and agent alike
 */
char *
lk_workspace_get_default_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "latchkey", NULL);
}

/**
 * lk_workspace_create:
 * @folder: where; made with the mode 0700 when there is none
 * @error: return location
 *
 * Makes an empty workspace, unless the folder holds one already.
 *
 * Returns: whether there is a workspace now; fails with %LK_ERROR_INVALID (the folder is open to
 *   others and holds other files), %LK_ERROR_READ_ONLY, %LK_ERROR_FULL, %LK_ERROR_CORRUPT (the file
 * there is something else), %LK_ERROR_NEWER_SCHEMA
 */
gboolean
lk_workspace_create (const char *folder, GError **error)
{
  g_autofree char *uri = NULL;

  g_return_val_if_fail (folder != NULL, FALSE);

  uri = get_uri (folder);
  return make_folder (folder, error) && check_new_folder (folder, error)
         && protect_folder (folder, error) && lk_migrator_create (uri, &lk_workspace_schema, error);
}

/**
 * lk_workspace_open:
 * @folder: the workspace's folder
 * @error: return location
 *
 * Opens a workspace. Blocks while it does; an older schema is upgraded after a backup. Thread: the
 * main loop, in which the change feed then tells of changes.
 *
 * Returns: (transfer full) (nullable): the workspace. Fails with %LK_ERROR_NOT_FOUND when there is
 *   none, %LK_ERROR_NEWER_SCHEMA, %LK_ERROR_CORRUPT, %LK_ERROR_BUSY, %LK_ERROR_READ_ONLY,
 *   %LK_ERROR_IO
 */
LkWorkspace *
lk_workspace_open (const char *folder, GError **error)
{
  g_autoptr (LkWorkspace) self = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *path = NULL;
  LkDb *writer;

  g_return_val_if_fail (folder != NULL, NULL);

  uri = get_uri (folder);
  if (!check_folder (folder, error) || !protect_folder (folder, error))
    return NULL;

  writer = lk_migrator_open (uri, &lk_workspace_schema, LK_DB_DEFAULT, error);
  if (writer == NULL)
    return NULL;

  self = g_object_new (LK_TYPE_WORKSPACE, NULL);
  self->folder = g_canonicalize_filename (folder, NULL);
  self->pool = lk_db_pool_new (writer, uri, LK_DB_DEFAULT, N_READERS, error);
  if (self->pool == NULL)
    return NULL;

  path = g_build_filename (folder, DATABASE, NULL);
  self->feed = lk_change_feed_new (self->pool, path);
  return g_steal_pointer (&self);
}

/**
 * lk_workspace_close:
 * @self: a workspace
 *
 * Writes what waits to be written, cancels what reads, and closes the database. Blocks. Closing
 * twice does no harm.
 */
void
lk_workspace_close (LkWorkspace *self)
{
  g_return_if_fail (LK_IS_WORKSPACE (self));

  if (self->feed != NULL)
    lk_change_feed_close (self->feed);
  if (self->pool != NULL)
    lk_db_pool_close (self->pool);
}

/**
 * lk_workspace_get_folder:
 * @self: a workspace
 *
 * Returns: its folder, absolute
 */
const char *
lk_workspace_get_folder (LkWorkspace *self)
{
  g_return_val_if_fail (LK_IS_WORKSPACE (self), NULL);

  return self->folder;
}

/**
 * lk_workspace_dup_identity:
 * @self: a workspace
 *
 * Returns: (transfer full): what tells its file from a copy of it, also after it was moved within
 *   its file system; "" when the file is gone
 */
char *
lk_workspace_dup_identity (LkWorkspace *self)
{
  g_autofree char *path = g_build_filename (self->folder, DATABASE, NULL);
  GStatBuf info;

  if (g_stat (path, &info) != 0)
    return g_strdup ("");

  return g_strdup_printf ("%jx-%jx", (uintmax_t) info.st_dev, (uintmax_t) info.st_ino);
}

/**
 * lk_workspace_get_pool:
 * @self: a workspace
 *
 * Returns: (transfer none): where its database is touched
 */
LkDbPool *
lk_workspace_get_pool (LkWorkspace *self)
{
  g_return_val_if_fail (LK_IS_WORKSPACE (self), NULL);

  return self->pool;
}

/**
 * lk_workspace_get_change_feed:
 * @self: a workspace
 *
 * Returns: (transfer none): what tells of changes
 */
LkChangeFeed *
lk_workspace_get_change_feed (LkWorkspace *self)
{
  g_return_val_if_fail (LK_IS_WORKSPACE (self), NULL);

  return self->feed;
}

/**
 * lk_workspace_open_server:
 * @self: a workspace
 * @profile: a License Server
 * @error: return location
 *
 * Opens the license database of a profile; a relative path is relative to the workspace's folder.
 *
 * Returns: (transfer full) (nullable): the server; fails as lk_license_server_open() does, with the
 *   profile's name in front
 */
LkLicenseServer *
lk_workspace_open_server (LkWorkspace *self, const LkServerProfile *profile, GError **error)
{
  LkLicenseServer *server;

  g_return_val_if_fail (LK_IS_WORKSPACE (self), NULL);
  g_return_val_if_fail (profile != NULL, NULL);

  server = lk_license_server_open (profile->uri, self->folder, error);
  if (server == NULL)
    g_prefix_error (error, _ ("license server “%s”: "), profile->name);
  return server;
}
