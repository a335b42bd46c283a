/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-language"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

#include "core/language.h"

/**
 * lk_language_init:
 *
 * Makes the program speak the user's language and read numbers. To be called first in `main()`,
 * before there is a second thread.
 *
 * The translations are read from where they are installed. The environment variable
 * `LK_LOCALEDIR` names another folder, so that a program that was not installed finds those in
 * the build folder.
 */
void
lk_language_init (void)
{
  const char *folder = g_getenv ("LK_LOCALEDIR");

  /* GLib makes its own locale for numbers when the first one is read. A thread that waits for
   * another one in there comes back with errno set, which reads as a number out of range. */
  g_ascii_strtoll ("0", NULL, 10);

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, folder != NULL && *folder != '\0' ? folder : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}
