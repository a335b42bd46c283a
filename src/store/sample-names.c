/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-sample-names"

#include "config.h"

#include "store/sample-names.h"

#define MAX_NAMES 6

/* Where customers come from: names of people and companies that go together. Every one of them is
 * invented. A list ends at its first empty place. */
typedef struct
{
  guint percent; /* of all customers */
  gboolean family_first;
  LkSampleName given[MAX_NAMES];
  LkSampleName family[MAX_NAMES];
  LkSampleName companies[MAX_NAMES];
  LkSamplePlace places[MAX_NAMES];
} Culture;

/* Scripts other than Latin are there, for what they find out about a program, but few: most who
 * look at the sample read none of them. */
static const Culture cultures[] = {
  { .percent = 30,
    .given = { { "Grace", "grace" },
               { "Oisín", "oisin" },
               { "Quentin", "quentin" },
               { "Harriet", "harriet" },
               { "Desmond", "desmond" },
               { "Zoë", "zoe" } },
    .family = { { "Fenwick", "fenwick" },
                { "Kettleworth", "kettleworth" },
                { "O'Rourke", "orourke" },
                { "Weatherby", "weatherby" },
                { "Quist", "quist" },
                { "Hollander", "hollander" } },
    .companies = { { "Harbour & Pike Ltd", "harbour-pike" },
                   { "Blue Kettle Robotics", "bluekettle" },
                   { "Copperleaf Instruments", "copperleaf" },
                   { "Maple Anvil Works", "mapleanvil" },
                   { "Kiteforge Labs", "kiteforge" },
                   { "Saltmarsh Analytics", "saltmarsh" } },
    .places = { { "Boston", "MA", "US", "+1 617 555 %04u" },
                { "Portland", "OR", "US", "+1 503 555 %04u" },
                { "Leeds", NULL, "GB", "+44 113 555 %04u" } } },
  { .percent = 24,
    .given = { { "Anna", "anna" },
               { "Jürgen", "juergen" },
               { "Vera", "vera" },
               { "Lukas", "lukas" },
               { "Käthe", "kaethe" } },
    .family = { { "Abendroth", "abendroth" },
                { "Größl", "groessl" },
                { "Müllner", "muellner" },
                { "Süßkind", "suesskind" },
                { "Steinhauer", "steinhauer" } },
    .companies = { { "Nordlicht Optik GmbH", "nordlicht-optik" },
                   { "Quarzwerk Münster AG", "quarzwerk" },
                   { "Übersee Logistik KG", "uebersee" } },
    .places = { { "Köln", "NW", "DE", "+49 221 555 %04u" },
                { "Zürich", "ZH", "CH", "+41 44 555 %04u" } } },
  { .percent = 12,
    .given = { { "Chloé", "chloe" },
               { "Élodie", "elodie" },
               { "Xavier", "xavier" },
               { "Benoît", "benoit" } },
    .family = { { "Vasseur", "vasseur" }, { "Delacroix", "delacroix" }, { "Lefèvre", "lefevre" } },
    .companies = { { "Ateliers Vermeil SARL", "ateliers-vermeil" },
                   { "Brume & Fils", "brume-fils" } },
    .places = { { "Lyon", NULL, "FR", "+33 4 55 55 %04u" },
                { "Montréal", "QC", "CA", "+1 514 555 %04u" } } },
  { .percent = 12,
    .given = { { "Björn", "bjoern" },
               { "Håkon", "haakon" },
               { "Søren", "soeren" },
               { "Ingrid", "ingrid" } },
    .family = { { "Brännlund", "braennlund" },
                { "Eriksen", "eriksen" },
                { "Lindqvist", "lindqvist" },
                { "Rådström", "raadstroem" },
                { "Østergaard", "oestergaard" } },
    .companies = { { "Fjellvik Data AS", "fjellvik" }, { "Skärgård Mjukvara AB", "skaergaard" } },
    .places = { { "Malmö", NULL, "SE", "+46 40 555 %04u" },
                { "Bergen", NULL, "NO", "+47 55 55 %04u" } } },
  { .percent = 8,
    .given = { { "María", "maria" }, { "Rosa", "rosa" }, { "Tomás", "tomas" } },
    .family = { { "Ibarra", "ibarra" },
                { "Peñalver", "penalver" },
                { "Tavares", "tavares" },
                { "Castellar", "castellar" } },
    .companies = { { "Talleres Río Seco S.A.", "rioseco" } },
    .places = { { "Sevilla", NULL, "ES", "+34 955 55 %04u" },
                { "São Paulo", "SP", "BR", "+55 11 5555 %04u" } } },
  { .percent = 6,
    .given = { { "Łucja", "lucja" }, { "Paweł", "pawel" }, { "Piotr", "piotr" } },
    .family = { { "Wrona", "wrona" }, { "Mazurek", "mazurek" }, { "Dębiec", "debiec" } },
    .companies = { { "Żuraw Software", "zuraw" } },
    .places = { { "Kraków", NULL, "PL", "+48 12 555 %04u" } } },
  { .percent = 4,
    .given = { { "Ugo", "ugo" }, { "Chiara", "chiara" } },
    .family = { { "Bellandi", "bellandi" }, { "Tramonte", "tramonte" } },
    .companies = { { "Studio Lanterna", "studiolanterna" } },
    .places = { { "Torino", "TO", "IT", "+39 011 555 %04u" } } },
  { .percent = 2,
    .given = { { "Priya", "priya" }, { "Arjun", "arjun" } },
    .family = { { "Raghavan", "raghavan" }, { "Deshmukh", "deshmukh" } },
    .companies = { { "Peepal Systems", "peepal" } },
    .places = { { "Pune", "MH", "IN", "+91 20 5555 %04u" } } },
  { .percent = 1,
    .family_first = TRUE,
    .given = { { "健太", "kenta" }, { "美咲", "misaki" }, { "蓮", "ren" } },
    .family = { { "山内", "yamauchi" }, { "中川", "nakagawa" } },
    .companies = { { "みどり計測株式会社", "midori-keisoku" } },
    .places = { { "東京", NULL, "JP", "+81 3 5555 %04u" } } },
  { .percent = 1,
    .family_first = TRUE,
    .given = { { "晓明", "xiaoming" }, { "丽华", "lihua" } },
    .family = { { "陈", "chen" }, { "林", "lin" } },
    .companies = { { "云杉科技", "yunshan" } },
    .places = { { "杭州", NULL, "CN", "+86 571 5555 %04u" } } },
};

static const Culture *
roll_culture (LkSampleDice *dice)
{
  guint percent = lk_sample_dice_roll (dice, 100);
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (cultures) - 1 && percent >= cultures[i].percent; i++)
    percent -= cultures[i].percent;

  return &cultures[i];
}

static const LkSampleName *
roll_name (const LkSampleName *names, LkSampleDice *dice)
{
  guint n_names = 0;

  while (n_names < MAX_NAMES && names[n_names].name != NULL)
    n_names++;

  return &names[lk_sample_dice_roll (dice, n_names)];
}

static guint
count_places (const Culture *culture)
{
  guint n_places = 0;

  while (n_places < MAX_NAMES && culture->places[n_places].city != NULL)
    n_places++;

  return n_places;
}

/**
 * lk_sample_customer_roll:
 * @self: (out caller-allocates): what the dice say, valid for ever
 * @dice: dice
 *
 * Invents a customer whose names and company belong to one country.
 */
void
lk_sample_customer_roll (LkSampleCustomer *self, LkSampleDice *dice)
{
  const Culture *culture = roll_culture (dice);

  self->family_first = culture->family_first;
  self->given = roll_name (culture->given, dice);
  self->family = roll_name (culture->family, dice);
  self->company = roll_name (culture->companies, dice);
  self->place = &culture->places[lk_sample_dice_roll (dice, count_places (culture))];
}

/**
 * lk_sample_get_city:
 * @number: any number
 *
 * Returns: one of the cities of the sample, the same for the same number
 */
const char *
lk_sample_get_city (guint number)
{
  const Culture *culture = &cultures[number % G_N_ELEMENTS (cultures)];
  guint n_places = count_places (culture);

  return culture->places[number / G_N_ELEMENTS (cultures) % n_places].city;
}
