/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "core/phase.h"

#define HTTP  "http://127.0.0.1/"
#define HTTPS "https://127.0.0.1/"

typedef struct
{
  const char *name;
  const char *url;
  const char *error_class;
  gint64 ends_us[4];
  int latency_ms;
  LkPhase last;
  gint64 phases_us[LK_N_PHASES];
  const char *text;
} Row;

static const Row rows[] = {
  { "whole",
    HTTPS,
    "",
    { 1000, 2000, 8000, 31000 },
    33,
    LK_PHASE_BODY,
    { 1000, 1000, 6000, 23000, 2000 },
    "name resolved 1 ms · connected 2 ms · TLS 8 ms · first byte 31 ms · total 33 ms" },
  { "used-again",
    HTTPS,
    "",
    { -1, -1, -1, 700 },
    1,
    LK_PHASE_BODY,
    { -1, -1, -1, 700, 300 },
    "first byte 1 ms · total 1 ms" },
  { "rounded-down",
    HTTP,
    "",
    { 100, 200, -1, 900 },
    0,
    LK_PHASE_BODY,
    { 100, 100, -1, 700, 0 },
    "name resolved 0 ms · connected 0 ms · first byte 1 ms · total 0 ms" },
  { "no-name",
    HTTP,
    "dns",
    { -1, -1, -1, -1 },
    40,
    LK_PHASE_DNS,
    { 40000, -1, -1, -1, -1 },
    "total 40 ms" },
  { "refused",
    HTTP,
    "connect",
    { 1000, -1, -1, -1 },
    3,
    LK_PHASE_CONNECT,
    { 1000, 2000, -1, -1, -1 },
    "name resolved 1 ms · total 3 ms" },
  { "no-trust",
    HTTPS,
    "tls",
    { 1000, 2000, -1, -1 },
    9,
    LK_PHASE_TLS,
    { 1000, 1000, 7000, -1, -1 },
    "name resolved 1 ms · connected 2 ms · total 9 ms" },
  { "no-answer",
    HTTP,
    "timeout",
    { 1000, 2000, -1, -1 },
    30002,
    LK_PHASE_FIRST_BYTE,
    { 1000, 1000, -1, 30000000, -1 },
    "name resolved 1 ms · connected 2 ms · total 30002 ms" },
  { "no-answer-again",
    HTTPS,
    "timeout",
    { -1, -1, -1, -1 },
    30000,
    LK_PHASE_FIRST_BYTE,
    { -1, -1, -1, 30000000, -1 },
    "total 30000 ms" },
  { "pending", HTTP, "", { -1, -1, -1, -1 }, -1, LK_PHASE_FIRST_BYTE, { -1, -1, -1, -1, -1 }, "" },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  LkAttempt attempt = {
    .url = (char *) row->url,
    .error_class = (char *) row->error_class,
    .latency_ms = row->latency_ms,
    .dns_us = row->ends_us[0],
    .connect_us = row->ends_us[1],
    .tls_us = row->ends_us[2],
    .first_byte_us = row->ends_us[3],
  };
  g_autofree char *text = lk_attempt_format_phases (&attempt);

  g_assert_cmpint (lk_attempt_get_last_phase (&attempt), ==, row->last);
  for (int phase = 0; phase < LK_N_PHASES; phase++)
    g_assert_cmpint (lk_attempt_get_phase_us (&attempt, phase), ==, row->phases_us[phase]);
  g_assert_cmpstr (text, ==, row->text);
  g_assert_cmpint (lk_attempt_broke_off (&attempt), ==, row->latency_ms >= 0);
  attempt.status = 200;
  g_assert_false (lk_attempt_broke_off (&attempt));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/phase/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }

  return g_test_run ();
}
