/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-error"

#include "config.h"

#include "core/error.h"

GQuark
lk_error_quark (void)
{
  return g_quark_from_static_string ("lk-error-quark");
}
