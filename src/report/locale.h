/* Numbers, dates and languages as the pages write them: en, be, ru, es. */
#ifndef URNA_REPORT_LOCALE_H
#define URNA_REPORT_LOCALE_H

#include "base/bytes.h"

enum urna_lang { URNA_EN, URNA_BE, URNA_RU, URNA_ES, URNA_N_LANGS };

/* "en", "be", "ru", "es"; false for anything else. */
bool urna_lang_parse(enum urna_lang *out, const char *name) URNA_MUST_USE;
/* From LC_ALL, LC_MESSAGES, LANG; English where none of the four is asked for. */
enum urna_lang urna_lang_from_env(void);
const char *urna_lang_name(enum urna_lang lang);

#define URNA_SAY_MAX 64 /* room for any number or date below */

/* 6,723 | 6 723 | 6723 and 80 904 (es groups from five digits on); minus is U+2212. */
const char *urna_say_u64(char buf[URNA_SAY_MAX], enum urna_lang lang, uint64_t x);
const char *urna_say_i64(char buf[URNA_SAY_MAX], enum urna_lang lang, int64_t x);
/* The same with a sign in front of positive numbers: +94, 0, −2. */
const char *urna_say_signed(char buf[URNA_SAY_MAX], enum urna_lang lang, int64_t x);
/* A measured number with 0..9 decimals, rounded to nearest; not finite: an en dash. */
const char *urna_say_decimal(char buf[URNA_SAY_MAX], enum urna_lang lang, double x,
                             unsigned decimals);
const char *urna_say_signed_decimal(char buf[URNA_SAY_MAX], enum urna_lang lang, double x,
                                    unsigned decimals);
/* num/den in percent with 0..9 decimals, rounded half up from the exact fraction; den = 0: an en
 * dash. 35.07% | 35,07 % (U+00A0). */
const char *urna_say_share(char buf[URNA_SAY_MAX], enum urna_lang lang, uint64_t num, uint64_t den,
                           unsigned decimals);
/* A measured percentage (already times 100). */
const char *urna_say_percent(char buf[URNA_SAY_MAX], enum urna_lang lang, double percent,
                             unsigned decimals);
/* 28 May 2024 */
const char *urna_say_date(char buf[URNA_SAY_MAX], enum urna_lang lang, int64_t unix_seconds);
/* 06:12, in UTC */
const char *urna_say_clock(char buf[URNA_SAY_MAX], int64_t unix_seconds);
/* 28 May 2024, 06:12 UTC */
const char *urna_say_time(char buf[URNA_SAY_MAX], enum urna_lang lang, int64_t unix_seconds);

#endif
