/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A folder for the files of one test, gone with everything in it at the end of the test:
 *
 *   g_autoptr (TestFolder) folder = test_folder_new ();
 *   g_autofree char *uri = test_folder_get_uri (folder, "a.db");
 */
typedef struct _TestFolder TestFolder;

TestFolder *test_folder_new (void);
void test_folder_free (TestFolder *self);
char *test_folder_get_path (TestFolder *self, const char *name);
char *test_folder_get_uri (TestFolder *self, const char *name);
char *test_folder_write (TestFolder *self, const char *name, const char *text, gssize length);

/* A callback that keeps the result, and a wait for it that iterates the main context:
 *
 *   g_autoptr (GAsyncResult) result = NULL;
 *   something_async (..., test_result_cb, &result);
 *   test_wait (&result);
 */
void test_result_cb (GObject *source, GAsyncResult *result, gpointer user_data);
void test_wait (GAsyncResult **result);

/* Iterates the main context until @condition holds; fails the test after @seconds. */
#define test_until(condition, seconds)                                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 test_deadline = g_get_monotonic_time () + (gint64) (seconds) *G_USEC_PER_SEC;           \
    while (!(condition))                                                                           \
      {                                                                                            \
        g_assert_cmpint (g_get_monotonic_time (), <, test_deadline);                               \
        test_iterate ();                                                                           \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

void test_iterate (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestFolder, test_folder_free)

G_END_DECLS
