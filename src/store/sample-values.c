/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sample-values"

#include "config.h"

#include <string.h>

#include "store/sample-licenses.h"
#include "store/sample-names.h"

/* Every product here is invented. Addresses end in .example, which nobody can own (RFC 2606). */

static const char *const products[LK_SAMPLE_N_PRODUCTS] = {
  "Demo",       "Papyrus Editor", "Gearbox CAD",  "Tidewatch", "Lumen Studio", "Rasterwerk",
  "Ledgerline", "Klangfarbe",     "Sprocket SDK", "Überblick", "Kanal Router", "Orchid Server",
};

static const char *const affiliates[LK_SAMPLE_N_AFFILIATES] = {
  "Softhaus",         "Keyport",      "Byte Bazaar", "Lizenzkontor",
  "Northwind Resale", "Tienda Clave", "Le Comptoir", "鍵屋",
};

static const char *const models[] = {
  "subscription", "subscription_floating", "subscription_cloud",
  "trial",        "trial_floating",        "trial_cloud",
  "permanent",    "permanent_floating",    "permanent_cloud",
  "none",
};

#define N_EXPIRING_MODELS 6 /* the first of them have an expiry date */

static const char *const order_statuses[] = { "None",     "In Progress", "Completed",
                                              "Upgraded", "Released",    "Archived" };

#define PICK(dice, array) ((array)[lk_sample_dice_roll ((dice), G_N_ELEMENTS (array))])

/* Days from today on, as a date at @clock_time. */
static void
bind_day (LkStatement *statement, int index, GDateTime *today, int days, const char *clock_time)
{
  GDate date;
  char text[sizeof "YYYY-MM-DD HH:MM:SS" + 8];

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, g_date_time_get_day_of_month (today), g_date_time_get_month (today),
                  g_date_time_get_year (today));
  if (days >= 0)
    g_date_add_days (&date, days);
  else
    g_date_subtract_days (&date, -days);
  g_snprintf (text, sizeof text, "%04d-%02d-%02d %s", g_date_get_year (&date),
              g_date_get_month (&date), g_date_get_day (&date), clock_time);
  lk_statement_bind_text (statement, index, text);
}

static void
bind_moment (LkStatement *statement, int index, GDateTime *today, int days, LkSampleDice *dice)
{
  char clock_time[16];

  g_snprintf (clock_time, sizeof clock_time, "%02u:%02u:%02u", 7 + lk_sample_dice_roll (dice, 12),
              lk_sample_dice_roll (dice, 60), lk_sample_dice_roll (dice, 60));
  bind_day (statement, index, today, days, clock_time);
}

G_GNUC_PRINTF (3, 4)
static void
bind_format (LkStatement *statement, int index, const char *format, ...)
{
  char text[160];
  va_list args;

  va_start (args, format);
  g_vsnprintf (text, sizeof text, format, args);
  va_end (args);
  lk_statement_bind_text (statement, index, text);
}

static void
bind_full_name (LkStatement *statement, int index, const LkSampleCustomer *customer)
{
  if (customer->family_first)
    bind_format (statement, index, "%s %s", customer->family->name, customer->given->name);
  else
    bind_format (statement, index, "%s %s", customer->given->name, customer->family->name);
}

static void
bind_key (LkStatement *statement, int index, LkSampleDice *dice, gint64 id)
{
  static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  char key[40];

  for (gsize i = 0; i < 29; i++)
    key[i] = i % 6 == 5 ? '-' : letters[lk_sample_dice_roll (dice, 32)];
  /* The number makes it unique. */
  g_snprintf (key + 29, sizeof key - 29, "-%07" G_GINT64_MODIFIER "X", id);
  lk_statement_bind_text (statement, index, key);
}

/**
 * lk_sample_dice_init:
 * @self: dice
 * @seed: where the sequence starts
 */
void
lk_sample_dice_init (LkSampleDice *self, guint64 seed)
{
  self->state = seed * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) + 1;
}

/**
 * lk_sample_dice_roll:
 * @self: dice
 * @sides: 1 or more
 *
 * Returns: the next number of the sequence (a linear congruential one, the high half mixed down),
 *   from 0 to @sides - 1; the same everywhere
 */
guint32
lk_sample_dice_roll (LkSampleDice *self, guint32 sides)
{
  self->state = self->state * G_GUINT64_CONSTANT (6364136223846793005)
                + G_GUINT64_CONSTANT (1442695040888963407);
  return (guint32) ((self->state ^ (self->state >> 29)) >> 32) % sides;
}

/**
 * lk_sample_get_product:
 * @number: 0 to %LK_SAMPLE_N_PRODUCTS - 1
 *
 * Returns: a product's name
 */
const char *
lk_sample_get_product (int number)
{
  return products[number];
}

/**
 * lk_sample_dup_organization:
 * @number: 0 to %LK_SAMPLE_N_ORGANIZATIONS - 1
 *
 * Returns: (transfer full): an organization's name
 */
char *
lk_sample_dup_organization (int number)
{
  return g_strdup_printf ("%s %s", lk_sample_get_city ((guint) number),
                          number % 2 == 0 ? "Institute" : "Holding");
}

/**
 * lk_sample_get_affiliate:
 * @number: 0 to %LK_SAMPLE_N_AFFILIATES - 1
 *
 * Returns: an affiliate's name
 */
const char *
lk_sample_get_affiliate (int number)
{
  return affiliates[number];
}

/**
 * lk_sample_bind_customer:
 * @statement: takes CustomerID, FullName, Company, Email, Phone, Address1, City, State, Zip,
 *   Country, IncludeInMailList, PrivacyConsent
 * @id: the CustomerID, from 1
 */
void
lk_sample_bind_customer (LkStatement *statement, gint64 id)
{
  LkSampleDice dice;
  LkSampleCustomer customer;

  lk_sample_dice_init (&dice, id);
  lk_sample_customer_roll (&customer, &dice);

  lk_statement_bind_int (statement, 1, id);
  bind_full_name (statement, 2, &customer);
  lk_statement_bind_text (statement, 3,
                          lk_sample_dice_roll (&dice, 6) > 0 ? customer.company->name : NULL);
  bind_format (statement, 4, "%s.%s%" G_GINT64_FORMAT "@%s.example", customer.given->ascii,
               customer.family->ascii, id, customer.company->ascii);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  if (lk_sample_dice_roll (&dice, 3) > 0)
    bind_format (statement, 5, customer.place->phone, lk_sample_dice_roll (&dice, 10000));
  else
    lk_statement_bind_null (statement, 5);
#pragma GCC diagnostic pop
  bind_format (statement, 6, "%u %s Street", 1 + lk_sample_dice_roll (&dice, 200),
               customer.family->ascii);
  lk_statement_bind_text (statement, 7, customer.place->city);
  lk_statement_bind_text (statement, 8, customer.place->state);
  bind_format (statement, 9, "%05u", lk_sample_dice_roll (&dice, 100000));
  lk_statement_bind_text (statement, 10, customer.place->country);
  lk_statement_bind_int (statement, 11, lk_sample_dice_roll (&dice, 2));
  lk_statement_bind_int (statement, 12, lk_sample_dice_roll (&dice, 4) > 0);
}

/* Every tenth license expires within 30 days, today included; no other one does. Every twentieth
 * ran out within the last 62 days, a week apart, so that last month has some on any day of the
 * year. */
static int
roll_expiry_days (LkSampleDice *dice, gint64 id)
{
  if (id % 10 == 0)
    return lk_sample_dice_roll (dice, 30);
  if (id % 20 == 5)
    return -1 - (int) (id / 20 * 7 % 62);
  if (lk_sample_dice_roll (dice, 3) == 0)
    return -1 - (int) lk_sample_dice_roll (dice, 700);
  return 30 + lk_sample_dice_roll (dice, 700);
}

static void
bind_terms (LkStatement *statement, LkSampleDice *dice, gint64 id, GDateTime *today)
{
  gboolean expires =
      id % 10 == 0 || id % 20 == 5 || lk_sample_dice_roll (dice, 10) < N_EXPIRING_MODELS;
  guint model = expires
                    ? lk_sample_dice_roll (dice, N_EXPIRING_MODELS)
                    : N_EXPIRING_MODELS
                          + lk_sample_dice_roll (dice, G_N_ELEMENTS (models) - N_EXPIRING_MODELS);
  int age = 30 + lk_sample_dice_roll (dice, 1500);

  lk_statement_bind_text (statement, 4, models[model]);
  lk_statement_bind_int (statement, 5, 1 + lk_sample_dice_roll (dice, LK_SAMPLE_N_PRODUCTS));
  lk_statement_bind_int (statement, 6, 1 + lk_sample_dice_roll (dice, 6));
  lk_statement_bind_int (statement, 7, lk_sample_dice_roll (dice, 4));
  if (expires)
    {
      bind_day (statement, 8, today, roll_expiry_days (dice, id), "23:59:59");
      lk_statement_bind_int (statement, 10, model < 3 ? 365 : 30);
    }
  else
    {
      lk_statement_bind_null (statement, 8);
      lk_statement_bind_null (statement, 10);
    }
  if (lk_sample_dice_roll (dice, 3) > 0)
    bind_day (statement, 9, today, (int) lk_sample_dice_roll (dice, 800) - 300, "23:59:59");
  else
    lk_statement_bind_null (statement, 9);
  bind_moment (statement, 11, today, -age, dice);
  bind_moment (statement, 12, today, -age, dice);
}

static void
bind_order (LkStatement *statement, LkSampleDice *dice, gint64 id)
{
  bind_format (statement, 13, "SO-%07" G_GINT64_FORMAT, id);
  lk_statement_bind_text (statement, 14, PICK (dice, order_statuses));
  /* Two neighbours share a receipt, for the Distinct Field. */
  bind_format (statement, 15, "RC-%07" G_GINT64_FORMAT, (id + 1) / 2);
  if (lk_sample_dice_roll (dice, 8) == 0)
    bind_format (statement, 16, "AFF-%u", 1 + lk_sample_dice_roll (dice, LK_SAMPLE_N_AFFILIATES));
  else
    lk_statement_bind_null (statement, 16);
  if (lk_sample_dice_roll (dice, 5) == 0)
    lk_statement_bind_int (statement, 17,
                           1 + lk_sample_dice_roll (dice, LK_SAMPLE_N_ORGANIZATIONS));
  else
    lk_statement_bind_null (statement, 17);
}

/**
 * lk_sample_bind_license:
 * @statement: takes LicenseID, CustomerID, ActivationKey, LicenseModel, ProductID, MajorVersion,
 *   MinorVersion, SubscriptionExpiryDate, MaintenanceRenewalDate, SubscriptionDuration,
 *   CreationDate, OrderDate, OrderID, OrderStatus, ReceiptID, AffiliateID, OrganizationID,
 *   NumLicenses, AvailableLicenses, FloatingSeats, ActivationCount, Disabled, EnabledFeatures,
 *   Features, UserData1, Comment
 * @id: the LicenseID, from 1
 * @n_customers: how many customers there are
 * @today: the date that the others lie around
 */
void
lk_sample_bind_license (LkStatement *statement, gint64 id, gint64 n_customers, GDateTime *today)
{
  static const char *const features[] = { NULL, "STD,", "STD,PRO,", "STD,PRO,CLOUD," };
  static const char *const masks[] = { "0:0;", "0:1;", "0:3;", "0:7;" };
  static const char *const comments[] = {
    NULL, NULL, NULL, "Paid by bank transfer", "VIP, ruft gern an", "Renews by purchase order"
  };
  LkSampleDice dice;
  guint edition, n_seats, n_used;

  lk_sample_dice_init (&dice, id ^ 0x5eed);
  edition = lk_sample_dice_roll (&dice, 4);
  n_seats = 1 + lk_sample_dice_roll (&dice, 5);
  n_used = lk_sample_dice_roll (&dice, n_seats + 1);

  lk_statement_bind_int (statement, 1, id);
  lk_statement_bind_int (statement, 2, 1 + lk_sample_dice_roll (&dice, n_customers));
  bind_key (statement, 3, &dice, id);
  bind_terms (statement, &dice, id, today);
  bind_order (statement, &dice, id);
  lk_statement_bind_int (statement, 18, n_seats);
  lk_statement_bind_int (statement, 19, n_seats - n_used);
  lk_statement_bind_int (statement, 20, edition == 3 ? n_seats : 0);
  lk_statement_bind_int (statement, 21, n_used);
  lk_statement_bind_int (statement, 22, lk_sample_dice_roll (&dice, 25) == 0);
  lk_statement_bind_text (statement, 23, features[edition]);
  lk_statement_bind_text (statement, 24, masks[edition]);
  if (lk_sample_dice_roll (&dice, 6) == 0)
    bind_format (statement, 25, "Ticket %u", 1000 + lk_sample_dice_roll (&dice, 9000));
  else
    lk_statement_bind_null (statement, 25);
  lk_statement_bind_text (statement, 26, PICK (&dice, comments));
}

/**
 * lk_sample_bind_activation:
 * @statement: takes LicenseID, ComputerID, ComputerName, ComputerKey, ComputerType, IP_Address,
 *   ClientVersion, ActivationDate, LastAccessedDate
 * @id: the LicenseID
 * @today: the date that the others lie around
 *
 * Returns: whether the license is activated at all; six of ten are
 */
gboolean
lk_sample_bind_activation (LkStatement *statement, gint64 id, GDateTime *today)
{
  static const char *const kinds[] = { "Desktop", "Laptop", "Server", "Virtual" };
  LkSampleDice dice;
  int age;

  lk_sample_dice_init (&dice, id ^ 0xac71);
  if (lk_sample_dice_roll (&dice, 10) >= 6)
    return FALSE;

  age = lk_sample_dice_roll (&dice, 900);
  lk_statement_bind_int (statement, 1, id);
  bind_format (statement, 2, "%08X", lk_sample_dice_roll (&dice, G_MAXUINT32));
  bind_format (statement, 3, "WS-%05u", lk_sample_dice_roll (&dice, 100000));
  bind_format (statement, 4, "%08X%08X", lk_sample_dice_roll (&dice, G_MAXUINT32),
               lk_sample_dice_roll (&dice, G_MAXUINT32));
  lk_statement_bind_text (statement, 5, PICK (&dice, kinds));
  /* 192.0.2.0/24 is for documentation (RFC 5737). */
  bind_format (statement, 6, "192.0.2.%u", 1 + lk_sample_dice_roll (&dice, 254));
  bind_format (statement, 7, "%u.%u.%u", 1 + lk_sample_dice_roll (&dice, 6),
               lk_sample_dice_roll (&dice, 10), lk_sample_dice_roll (&dice, 30));
  bind_moment (statement, 8, today, -age, &dice);
  bind_moment (statement, 9, today, -(int) lk_sample_dice_roll (&dice, age + 1), &dice);
  return TRUE;
}
