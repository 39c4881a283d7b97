#include "evidence/words.h"

#include <stdlib.h>
#include <string.h>

/* ---- folding ---- */

/* Lower case and without accents, for the scripts of the words below. */
static uint32_t fold(uint32_t c)
{
    static const char latin[] =
        "aaaaaaaceeeeiiiidnooooo\0ouuuuy\0saaaaaaaceeeeiiiidnooooo\0ouuuuy\0y";
    static const char extended[] =
        "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllln"
        "nnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    _Static_assert(sizeof extended == 128 + 1, "U+0100 to U+017F");
    if (c >= 'A' && c <= 'Z')
        return c + 32;
    if (c >= 0xC0 && c <= 0xFF)
        return latin[c - 0xC0] ? (uint32_t)(unsigned char)latin[c - 0xC0] : ' ';
    if (c >= 0x100 && c <= 0x17F)
        return (uint32_t)(unsigned char)extended[c - 0x100];
    if (c >= 0x218 && c <= 0x21B)
        return c < 0x21A ? 's' : 't';
    if (c >= 0x410 && c <= 0x42F)
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40F)
        c += 0x50;
    return c == 0x451 ? 0x435 : c == 0x45E ? 0x443 : c; /* ё is е, ў is у */
}

static char *folded(const char *s, size_t len)
{
    struct urna_buf b = {0};
    const uint8_t *p = (const uint8_t *)s;
    size_t i = 0;
    uint32_t c;
    while (i < len && urna_utf8_next(p, len, &i, &c)) {
        c = fold(c);
        if (c == '\n' || c == '\r' || c == 0xA0)
            c = ' ';
        if (c < 0x80) {
            urna_buf_u8(&b, (uint8_t)c);
        } else if (c < 0x800) {
            urna_buf_u8(&b, (uint8_t)(0xC0 | c >> 6));
            urna_buf_u8(&b, (uint8_t)(0x80 | (c & 0x3F)));
        } /* others match no word */
    }
    char *out = urna_xstrdup(urna_buf_cstr(&b));
    urna_buf_free(&b);
    return out;
}

/* ---- columns ---- */

/* "=word": the whole name; else the word is somewhere in it. Earlier lines win. */
static const struct {
    const char *key, *words[34];
} dictionary[URNA_N_WORDS] = {
    {"url", {"=url", "http", "=link", "=foto", "=photo", 0}},
    {"station",
     {"=station",
      "polling station",
      "polling_station",
      "station_id",
      "precinct",
      "=uik",
      "=уик",
      "=mesa",
      "=acta",
      "=участок",
      "номер уик",
      "=участак",
      "№ участка",
      "casilla",
      "seccion",
      "nr_secao",
      "=secao",
      "=bureau",
      "b.vote",
      "bureau de vote",
      "wahlbezirk",
      "stimmbezirk",
      "nr komisji",
      "nr obwodu",
      "okrsek",
      "sandik",
      "birackog mesta",
      "бирачког места",
      "№ вд",
      "дільниц",
      "sectia de votare",
      "part no",
      "sezione",
      0}},
    {"region", {"=region",     "=регион",
                "=edo",        "=estado",
                "=state",      "=province",
                "=provincia",  "=область",
                "=вобласць",   "=departamento",
                "=county",     "=oblast",
                "=субъект",    "county name",
                "region name", "=il",
                "=il adi",     "=sg_uf",
                "=uf",         "=land",
                "=bundesland", "wojewodztwo",
                "=judet",      "=kraj",
                "departement", 0}},
    {"district",
     {"=district", "=район",       "=раен",     "municip", "=mun",    "=tik",      "=тик",
      "=oik",      "constituency", "=parish",   "=city",   "=город",  "ilce",      "powiat",
      "gmina",     "=obec",        "opstin",    "општин",  "commune", "kommune",   "gemeinde",
      "=тво",      "=ово",         "=distrito", "pc name", "comune",  "=uat_name", 0}},
    {"registered",
     {"registered",
      "=re",
      "=electores",
      "inscritos",
      "on the list",
      "=voters",
      "=electorate",
      "избирателей, внесенных",
      "избирателей, включенных",
      "всего избирателей",
      "выбаршчыкау",
      "electors",
      "lista_nominal",
      "lista nominal",
      "=censo",
      "wahlberechtigte",
      "kayitli secmen",
      "inscrits",
      "upisanih",
      "уписаних",
      "внесених до",
      "uprawnionych",
      "zapsani",
      "eligible",
      "qt_aptos",
      "eleitores aptos",
      "elettori",
      "alegatori",
      0}},
    {"invalid", {"invalid",
                 "nulos",
                 "недействительн",
                 "несапраудн",
                 "null votes",
                 "ungultige",
                 "gecersiz",
                 "=nuls",
                 "=blancs",
                 "blank votes",
                 "(nule)",
                 "=nule",
                 "nevazec",
                 "неважећ",
                 "недійсн",
                 "niewazn",
                 "neplatn",
                 "rejected",
                 "brancos",
                 "blancos",
                 "bianche",
                 "schede nulle",
                 0}},
    {"valid",
     {"valid", "действительн", "сапраудн", "gultige", "gecerli", "exprimes", "vazec", "важећ",
      "дійсн", "waznych", "platne", "valabil", 0}},
    {"issued",
     {"issued", "выданных избирател", "бюллетеней, выданных", "entregadas", "выдадзен", "отримали",
      "атрымал", "wydanych", "vydane", 0}},
    {"box", {"in the box",      "ballots_box",    "=box",
             "ящиках",          "urna",           "ballots cast",
             "votes cast",      "=votantes",      "=votants",
             "votanti",         "participated",   "oy kullanan",
             "гласали",         "glasali",        "=wahler",
             "wahler/-innen",   "прагаласавал",   "проголосовал",
             "приняли участие", "comparecimento", "total_votos",
             "total votes",     "votes polled",   0}},
    {"received", {"received", "полученных", "recibidas", 0}},
    {"unused", {"unused", "погашенных избирательных", "sobrantes", 0}},
    {"spoiled", {"spoiled", "spoilt", "испорченн", 0}},
    {"lost", {"утраченных избирательных", "lost ballots", 0}},
};

const char *urna_word_key(enum urna_word w)
{
    return dictionary[w].key;
}

static bool has_word(const char *folded_name, const char *const *words)
{
    for (const char *const *w = words; *w; w++)
        if (**w == '=' ? strcmp(folded_name, *w + 1) == 0 : strstr(folded_name, *w) != NULL)
            return true;
    return false;
}

static const char *const percents[] = {"%", "percent", "prozent", "porcent", "pct", "процент", 0};

enum urna_word urna_word_of(const char *column)
{
    /* papers for voting elsewhere are no ballots, percentages no numbers of people */
    static const char *const others[] = {"открепительн", 0};
    char *f = folded(column, strlen(column));
    size_t found = URNA_NO_WORD;
    bool other = has_word(f, others) || has_word(f, percents);
    for (size_t k = 0; k < URNA_N_WORDS && found == URNA_NO_WORD && !other; k++)
        if (has_word(f, dictionary[k].words))
            found = k;
    free(f);
    return (enum urna_word)found;
}

bool urna_word_is_code(const char *column)
{
    static const char *const starts[] = {
        "cod",  "id",    "no",       "nr",     "lat",        "lon",       "lng",
        "year", "zip",   "code",     "номер",  "nº",         "n°",        "№",
        "seq",  "sq",    "cd",       "hh",     "dt",         "ano",       "turnout",
        "явка", "total", "majority", "margin", "редни број", "redni broj"};
    char *f = folded(column, strlen(column));
    bool hit = has_word(f, percents);
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        size_t n = strlen(starts[i]);
        if (strncmp(f, starts[i], n) == 0 && !(f[n] >= 'a' && f[n] <= 'z') &&
            (unsigned char)f[n] < 0x80)
            hit = true;
    }
    if (strncmp(f, "no_regist", 9) == 0) /* votes for people who are not registered */
        hit = false;
    free(f);
    return hit;
}

enum urna_long_word urna_long_word_of(const char *column)
{
    static const char *const words[URNA_LONG_NONE][24] = {
        {"=candidate", "=candidate_name", "candidate name", "candidatename", "=nm_votavel",
         "=candidato", "=candidat", "=kandidat", "=кандидат", "=choice", "=option", 0},
        {"=party", "=partido", "=partei", "=liste", "=lista", "=list", 0},
        {"=votes", "=votos", "=qt_votos", "=voix", "=stimmen", "=anzahl", "=glosy", "=hlasy",
         "=voti", "=гласова", "=голосов", "=голоса", "=голосів", "=галасоу", "=vote_count",
         "candidatevotes", 0},
        {"=office", "=contest", "contest_name", "contest name", "=race", "=ds_cargo", "=cargo",
         "=election", "=wahl", 0},
        {"=mode", "vote_type", "votetype", "vote type", "counting group", 0},
    };
    char *f = folded(column, strlen(column));
    size_t k = 0;
    while (k < URNA_LONG_NONE && !has_word(f, words[k]))
        k++;
    free(f);
    return (enum urna_long_word)k;
}

/* ---- totals ---- */

/* How many bytes of ${s} fold to the ${n} first bytes of what it folds to. */
static size_t unfolded_length(const uint8_t *s, size_t len, size_t n)
{
    size_t i = 0, made = 0;
    uint32_t c;
    while (made < n && i < len && urna_utf8_next(s, len, &i, &c)) {
        c = fold(c);
        made += c < 0x80 ? 1 : c < 0x800 ? 2 : 0;
    }
    return i;
}

size_t urna_word_is_total(struct urna_view cell)
{
    static const char *const words[] = {
        "grand total", "subtotal", "sub-total", "total", "totals", "sum",    "итого",  "всего",
        "усього",      "всього",   "разом",     "усяго", "разам",  "укупно", "ukupno", "suma",
        "razem",       "ogolem",   "insgesamt", "summe", "gesamt", "toplam", "totale", "celkem",
        "osszesen",    "summa",    "kokku",     "kopa",  "viso",   0};
    if (cell.len == 0 || cell.len > 200)
        return 0;
    char *f = folded((const char *)cell.p, cell.len);
    size_t hit = 0;
    for (const char *const *w = words; *w; w++) {
        size_t n = strlen(*w);
        unsigned char after = (unsigned char)f[strlen(f) < n ? strlen(f) : n];
        bool whole = !(after >= 'a' && after <= 'z') && after < 0x80;
        if (strncmp(f, *w, n) == 0 && whole && n > hit)
            hit = n;
    }
    free(f);
    return hit ? unfolded_length(cell.p, cell.len, hit) : 0;
}
