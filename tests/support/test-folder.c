/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "support/test-folder.h"

#define WAIT_SECONDS 60

struct _TestFolder
{
  char *path;
};

static void
remove_tree (const char *path)
{
  GDir *dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_rmdir (path);
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

TestFolder *
test_folder_new (void)
{
  g_autoptr (GError) error = NULL;
  TestFolder *self = g_new0 (TestFolder, 1);

  self->path = g_dir_make_tmp ("latchkey-test-XXXXXX", &error);
  g_assert_no_error (error);
  return self;
}

void
test_folder_free (TestFolder *self)
{
  remove_tree (self->path);
  g_free (self->path);
  g_free (self);
}

char *
test_folder_get_path (TestFolder *self, const char *name)
{
  return g_build_filename (self->path, name, NULL);
}

char *
test_folder_get_uri (TestFolder *self, const char *name)
{
  return g_strdup_printf ("sqlite:%s/%s", self->path, name);
}

char *
test_folder_write (TestFolder *self, const char *name, const char *text, gssize length)
{
  g_autoptr (GError) error = NULL;
  char *path = test_folder_get_path (self, name);

  g_file_set_contents (path, text, length, &error);
  g_assert_no_error (error);
  return path;
}

void
test_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **kept = user_data;

  g_assert_null (*kept);
  *kept = g_object_ref (result);
}

void
test_wait (GAsyncResult **result)
{
  test_until (*result != NULL, WAIT_SECONDS);
}

void
test_iterate (void)
{
  guint id = g_timeout_add (50, wake_cb, NULL);

  g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}
