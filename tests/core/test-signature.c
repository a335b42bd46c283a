/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/signature.h"

/* The vector that the Standard Webhooks specification and its libraries publish. */
#define VECTOR_SECRET    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define VECTOR_ID        "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define VECTOR_TIMESTAMP 1614265330
#define VECTOR_BODY      "{\"test\": 2432232314}"
#define VECTOR_SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static GBytes *
bytes_of (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static void
test_standard_vector (void)
{
  static const char *const secrets[] = { VECTOR_SECRET, NULL };
  g_autoptr (GBytes) body = bytes_of (VECTOR_BODY);
  g_autofree char *signature = lk_signature_standard (body, secrets, VECTOR_ID, VECTOR_TIMESTAMP);

  g_assert_cmpstr (signature, ==, VECTOR_SIGNATURE);
}

static void
test_rotation_signs_with_both (void)
{
  static const char *const secrets[] = { "new secret", VECTOR_SECRET, NULL };
  g_autoptr (GBytes) body = bytes_of (VECTOR_BODY);
  g_autofree char *header = lk_signature_standard (body, secrets, VECTOR_ID, VECTOR_TIMESTAMP);

  g_assert_true (g_str_has_suffix (header, " " VECTOR_SIGNATURE));
  for (gsize i = 0; secrets[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      lk_signature_verify_standard (body, secrets[i], VECTOR_ID, "1614265330", header,
                                    VECTOR_TIMESTAMP, &error);
      g_assert_no_error (error);
    }
}

/* sha256sum of "abc", FIPS 180-2, split at each place into body and secret. */
static void
test_qlm (void)
{
  static const char *const expected =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  static const struct
  {
    const char *body;
    const char *secret;
  } cases[] = { { "", "abc" }, { "a", "bc" }, { "ab", "c" }, { "abc", "" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) body = bytes_of (cases[i].body);
      g_autofree char *signature = lk_signature_qlm (body, cases[i].secret);
      g_autofree char *upper = g_ascii_strup (expected, -1);

      g_assert_cmpstr (signature, ==, expected);
      g_assert_true (lk_signature_verify_qlm (body, cases[i].secret, expected));
      g_assert_false (lk_signature_verify_qlm (body, cases[i].secret, upper));
      g_assert_false (lk_signature_verify_qlm (body, "other", expected));
      g_assert_false (lk_signature_verify_qlm (body, cases[i].secret, ""));
      g_assert_false (lk_signature_verify_qlm (body, cases[i].secret, NULL));
    }
}

static void
test_verify_standard (void)
{
  static const struct
  {
    const char *secret, *id, *timestamp, *header;
    int seconds_later;
    gboolean valid;
  } cases[] = {
    { VECTOR_SECRET, VECTOR_ID, "1614265330", VECTOR_SIGNATURE, 0, TRUE },
    { VECTOR_SECRET, VECTOR_ID, "1614265330", VECTOR_SIGNATURE, 300, TRUE },
    { VECTOR_SECRET, VECTOR_ID, "1614265330", VECTOR_SIGNATURE, -300, TRUE },
    { VECTOR_SECRET, VECTOR_ID, "1614265330", VECTOR_SIGNATURE, 301, FALSE },
    { VECTOR_SECRET, VECTOR_ID, "1614265330", VECTOR_SIGNATURE, -301, FALSE },
    { VECTOR_SECRET, VECTOR_ID, "1614265330", "v1,AAAA " VECTOR_SIGNATURE, 0, TRUE },
    { VECTOR_SECRET, VECTOR_ID, "1614265330", "v1a" VECTOR_SIGNATURE, 0, FALSE },
    { VECTOR_SECRET, VECTOR_ID, "1614265331", VECTOR_SIGNATURE, 0, FALSE },
    { VECTOR_SECRET, VECTOR_ID, "1614265330x", VECTOR_SIGNATURE, 0, FALSE },
    { VECTOR_SECRET, VECTOR_ID, "", VECTOR_SIGNATURE, 0, FALSE },
    { VECTOR_SECRET, "msg_other", "1614265330", VECTOR_SIGNATURE, 0, FALSE },
    { "whsec_AAAA", VECTOR_ID, "1614265330", VECTOR_SIGNATURE, 0, FALSE },
    { VECTOR_SECRET, NULL, "1614265330", VECTOR_SIGNATURE, 0, FALSE },
    { VECTOR_SECRET, VECTOR_ID, NULL, VECTOR_SIGNATURE, 0, FALSE },
    { VECTOR_SECRET, VECTOR_ID, "1614265330", NULL, 0, FALSE },
    { VECTOR_SECRET, VECTOR_ID, "1614265330", "", 0, FALSE },
  };
  g_autoptr (GBytes) body = bytes_of (VECTOR_BODY);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean valid = lk_signature_verify_standard (
          body, cases[i].secret, cases[i].id, cases[i].timestamp, cases[i].header,
          VECTOR_TIMESTAMP + cases[i].seconds_later, &error);

      g_assert_cmpint (valid, ==, cases[i].valid);
      if (cases[i].valid)
        g_assert_no_error (error);
      else
        g_assert_error (error, LK_ERROR, LK_ERROR_INVALID);
    }
}

static void
test_any_secret_is_a_key (void)
{
  static const char *const secrets[] = { "My Secret ü", NULL };
  g_autoptr (GBytes) body = bytes_of ("{}");
  g_autofree char *header = lk_signature_standard (body, secrets, "msg_1", 1);
  /* The same by the GLib shortcut for texts. */
  g_autofree char *hex = g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) secrets[0],
                                                    strlen (secrets[0]), "msg_1.1.{}", -1);
  g_autofree guint8 *digest = NULL;
  gsize length;

  digest = g_base64_decode (header + strlen ("v1,"), &length);
  g_assert_cmpuint (length, ==, 32);
  for (gsize i = 0; i < length; i++)
    {
      g_autofree char *byte = g_strdup_printf ("%02x", digest[i]);

      g_assert_cmpint (strncmp (byte, hex + 2 * i, 2), ==, 0);
    }
}

static void
test_generate (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = 0; i < 1000; i++)
    {
      char *secret = lk_secret_generate ();
      g_autofree guint8 *key = NULL;
      gsize length;

      g_assert_true (g_str_has_prefix (secret, "whsec_"));
      g_assert_true (lk_secret_check (secret, NULL));
      key = g_base64_decode (secret + strlen ("whsec_"), &length);
      g_assert_cmpuint (length, ==, 24);
      g_assert_true (g_hash_table_add (seen, secret));
    }
}

static void
test_secret_check (void)
{
  static const struct
  {
    const char *secret;
    int code;
  } cases[] = {
    { "s", -1 },
    { " with blanks ", -1 },
    { VECTOR_SECRET, -1 },
    { "whsec_QUI=", -1 },
    { "", LK_ERROR_INVALID },
    { " \t ", LK_ERROR_INVALID },
    { "two\nlines", LK_ERROR_INVALID },
    { "whsec_", LK_ERROR_INVALID },
    { "whsec_A", LK_ERROR_INVALID },
    { "whsec_====", LK_ERROR_INVALID },
    { "whsec_A===", LK_ERROR_INVALID },
    { "whsec_AA=A", LK_ERROR_INVALID },
    { "whsec_not base64", LK_ERROR_INVALID },
    { "\xfe", LK_ERROR_ENCODING },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (lk_secret_check (cases[i].secret, &error), ==, cases[i].code < 0);
      if (cases[i].code >= 0)
        g_assert_error (error, LK_ERROR, cases[i].code);
    }
}

static void
test_webhook_id (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const LkInstant now = 1614265330 * LK_SECOND;

  for (int i = 0; i < 1000; i++)
    {
      char *id = lk_webhook_id_new (now);

      g_assert_cmpuint (strlen (id), ==, 30);
      g_assert_true (g_str_has_prefix (id, "msg_ABO7M3MKKQ")); /* 1614265330000 */
      g_assert_cmpuint (strspn (id + 4, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), ==, 26);
      g_assert_true (g_hash_table_add (seen, id));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/signature/standard-vector", test_standard_vector);
  g_test_add_func ("/signature/rotation-signs-with-both", test_rotation_signs_with_both);
  g_test_add_func ("/signature/qlm", test_qlm);
  g_test_add_func ("/signature/verify-standard", test_verify_standard);
  g_test_add_func ("/signature/any-secret-is-a-key", test_any_secret_is_a_key);
  g_test_add_func ("/signature/generate", test_generate);
  g_test_add_func ("/signature/secret-check", test_secret_check);
  g_test_add_func ("/signature/webhook-id", test_webhook_id);

  return g_test_run ();
}
