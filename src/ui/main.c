/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/language.h"
#include "ui/application.h"

int
main (int argc, char **argv)
{
  g_autoptr (LkApplication) application = NULL;

  lk_language_init ();

  application = lk_application_new ();

  return lk_application_run (application, argc, argv);
}
