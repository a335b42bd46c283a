/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "core/license-field.h"

G_BEGIN_DECLS

gboolean lk_license_value_normalise (const LkLicenseField *field, const char *text, char **value,
                                     GError **error);

G_END_DECLS
