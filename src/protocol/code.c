/* Codes: base32 and Reed-Solomon over GF(32) = GF(2)[x]/(x^5 + x^2 + 1), alpha = x. The 28 symbols
 * are the coefficients of a polynomial, the first the highest; it vanishes at alpha and alpha^2
 * (distance 3). No table is indexed by a secret. */
#include "protocol/code.h"

#include <sodium.h>
#include <string.h>

#include "base/ct.h"
#include "base/secret.h"

#define DATA_LEN 26
#define ARGON2_PASSES 2
#define ARGON2_BYTES (19ULL << 20)

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* --- GF(32), constant time --- */

/* All ones for 1, zeros for 0. */
static unsigned mask(unsigned flag)
{
    return (unsigned)urna_ct_mask(flag);
}

static uint8_t gf_mul(uint8_t a, uint8_t b)
{
    unsigned r = 0, x = a;
    for (unsigned i = 0; i < 5; i++) {
        r ^= x & mask((unsigned)b >> i & 1u);
        x = (x << 1) ^ (0x25u & mask(x >> 4 & 1u));
    }
    return (uint8_t)(r & 31u);
}

#define ALPHA 2u  /* x */
#define ALPHA2 4u /* x^2 */
#define ALPHA3 8u /* x^3 */

/* Value of the polynomial at ${x}. */
static uint8_t syndrome(const uint8_t s[URNA_CODE_LEN], uint8_t x)
{
    uint8_t r = 0;
    for (unsigned i = 0; i < URNA_CODE_LEN; i++)
        r = (uint8_t)(gf_mul(r, x) ^ s[i]);
    return r;
}

/* Remainder of s[0..25] * x^2 by (x - alpha)(x - alpha^2) = x^2 + (alpha + alpha^2) x + alpha^3. */
static void check_symbols(uint8_t s[URNA_CODE_LEN])
{
    uint8_t r1 = 0, r0 = 0;
    for (unsigned i = 0; i < DATA_LEN; i++) {
        uint8_t f = (uint8_t)(s[i] ^ r1);
        r1 = (uint8_t)(r0 ^ gf_mul(f, ALPHA ^ ALPHA2));
        r0 = gf_mul(f, ALPHA3);
    }
    s[DATA_LEN] = r1;
    s[DATA_LEN + 1] = r0;
}

/* --- characters --- */

/* 1 if a == b, for values below 2^31. */
static unsigned equal(unsigned a, unsigned b)
{
    return ((a ^ b) - 1u) >> 31;
}

static char letter(uint8_t v)
{
    unsigned c = 0;
    for (unsigned k = 0; k < 32; k++)
        c |= (unsigned)alphabet[k] & mask(equal(v, k));
    return (char)c;
}

/* Value 0..31, or 32 for what is no digit of the alphabet. */
static uint8_t value(uint8_t ch)
{
    unsigned c = ch;
    unsigned small =
        (((unsigned)'a' - 1u - c) & (c - ((unsigned)'z' + 1u))) >> 31; /* a <= c <= z */
    c -= 32u & mask(small);
    c ^= ('O' ^ '0') & mask(equal(c, 'O'));
    c ^= ('I' ^ '1') & mask(equal(c, 'I'));
    c ^= ('L' ^ '1') & mask(equal(c, 'L'));
    unsigned v = 0, found = 0;
    for (unsigned k = 0; k < 32; k++) {
        unsigned hit = equal(c, (unsigned)alphabet[k]);
        v |= k & mask(hit);
        found |= hit;
    }
    return (uint8_t)(v | (32u & ~mask(found)));
}

/* --- writing --- */

static void to_symbols(uint8_t s[URNA_CODE_LEN], const uint8_t secret[16])
{
    unsigned bits = 0, acc = 0, n = 0;
    for (unsigned i = 0; i < 17; i++) {
        unsigned byte = i < 16 ? secret[i] : 0; /* the 17th gives the two zero bits */
        acc = (acc << 8 | byte) & 0xFFFFu;
        for (bits += 8; bits >= 5 && n < DATA_LEN; bits -= 5)
            s[n++] = (uint8_t)(acc >> (bits - 5) & 31u);
    }
    check_symbols(s);
}

void urna_code_write(char out[URNA_CODE_TEXT], const uint8_t secret[16])
{
    uint8_t s[URNA_CODE_LEN];
    to_symbols(s, secret);
    size_t at = 0;
    for (unsigned i = 0; i < URNA_CODE_LEN; i++) {
        if (i && i % 4 == 0)
            out[at++] = '-';
        out[at++] = letter(s[i]);
    }
    out[at] = 0;
    urna_wipe(s, sizeof s);
}

/* --- reading --- */

/* Hyphen, blank, and the white space from tab to carriage return. */
static bool is_separator(uint8_t ch)
{
    unsigned c = ch;
    return equal(c, '-') | equal(c, ' ') | ((~(c - '\t') & (c - ('\r' + 1u))) >> 31);
}

/* Symbols of ${text}; how many characters stand there is in *n (up to 29), the first that is none
 * in *bad (0: all are). */
static void symbols_read(uint8_t s[URNA_CODE_LEN], const char *text, size_t len, uint32_t *n,
                         uint32_t *bad)
{
    *n = *bad = 0;
    for (size_t i = 0; i < len && *n <= URNA_CODE_LEN; i++) {
        /* where the separators stand, and whether a character is a digit at all, is not secret */
        bool separator = is_separator((uint8_t)text[i]);
        URNA_PUBLIC(&separator, sizeof separator);
        if (separator)
            continue;
        ++*n;
        uint8_t v = value((uint8_t)text[i]);
        bool digit = v < 32;
        URNA_PUBLIC(&digit, sizeof digit);
        if (!digit && !*bad)
            *bad = *n;
        if (*n <= URNA_CODE_LEN)
            s[*n - 1] = v;
    }
}

/* The one change of one character that makes the code right, if there is one: an error e at place
 * `at` adds e * alpha^(28 - at) to the one syndrome and e * alpha^(2 (28 - at)) to the other. */
static void locate(struct urna_code_hint *h, const uint8_t s[URNA_CODE_LEN], uint8_t s1, uint8_t s2)
{
    uint8_t p1 = 1, p2 = 1;
    for (uint32_t at = URNA_CODE_LEN; at >= 1; at--) {
        for (uint8_t e = 1; e < 32; e++) {
            uint8_t last = (uint8_t)(s[DATA_LEN - 1] ^ (at == DATA_LEN ? e : 0));
            if (gf_mul(e, p1) == s1 && gf_mul(e, p2) == s2 && (last & 3u) == 0) {
                h->at = at;
                h->right = alphabet[s[at - 1] ^ e];
            }
        }
        p1 = gf_mul(p1, ALPHA);
        p2 = gf_mul(p2, ALPHA2);
    }
}

static void from_symbols(uint8_t secret[16], const uint8_t s[URNA_CODE_LEN])
{
    unsigned bits = 0, acc = 0, n = 0;
    for (unsigned i = 0; i < DATA_LEN; i++) {
        acc = (acc << 5 | s[i]) & 0xFFFFu;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            secret[n++] = (uint8_t)(acc >> bits);
        }
    }
}

enum urna_status urna_code_read(uint8_t secret[16], const char *text, size_t len,
                                struct urna_code_hint *hint)
{
    struct urna_code_hint h = {URNA_CODE_GOOD, 0, 0};
    uint8_t s[URNA_CODE_LEN] = {0};
    uint32_t n, bad;
    memset(secret, 0, 16);
    symbols_read(s, text, len, &n, &bad);
    if (bad) {
        h.fault = URNA_CODE_CHARACTER;
        h.at = bad;
    } else if (n != URNA_CODE_LEN) {
        h.fault = URNA_CODE_LENGTH;
        h.at = n;
    } else {
        uint8_t s1 = syndrome(s, ALPHA), s2 = syndrome(s, ALPHA2);
        unsigned wrong = s1 | s2 | (s[DATA_LEN - 1] & 3u);
        URNA_PUBLIC(&wrong, sizeof wrong);
        if (wrong) {
            h.fault = URNA_CODE_CHECK;
            locate(&h, s, s1, s2);
        } else {
            from_symbols(secret, s);
        }
    }
    urna_wipe(s, sizeof s);
    if (hint)
        *hint = h;
    return h.fault == URNA_CODE_GOOD ? URNA_OK : URNA_FALSE;
}

/* --- the key --- */

/* HKDF-SHA-512 (RFC 5869) without salt for one block of output. */
static void hkdf_64(uint8_t out[64], const uint8_t ikm[32], const uint8_t *info, size_t len)
{
    static const uint8_t no_salt[64];
    static const uint8_t one = 1;
    crypto_auth_hmacsha512_state st;
    uint8_t prk[64];
    crypto_auth_hmacsha512_init(&st, no_salt, sizeof no_salt);
    crypto_auth_hmacsha512_update(&st, ikm, 32);
    crypto_auth_hmacsha512_final(&st, prk);
    crypto_auth_hmacsha512_init(&st, prk, sizeof prk);
    crypto_auth_hmacsha512_update(&st, info, len);
    crypto_auth_hmacsha512_update(&st, &one, 1);
    crypto_auth_hmacsha512_final(&st, out);
    urna_wipe(prk, sizeof prk);
    urna_wipe(&st, sizeof st);
}

enum urna_status urna_code_key(uint8_t sk[32], const uint8_t secret[16], const uint8_t phi[32],
                               unsigned factor, struct urna_error *err)
{
    uint8_t stretched[32], wide[64], info[13] = "urna-cred-v1";
    memset(sk, 0, 32);
    if (factor < 1 || factor > 2)
        return urna_fail(err, URNA_INPUT, "a credential has one or two factors");
    info[12] = (uint8_t)factor;
    if (crypto_pwhash(stretched, sizeof stretched, (const char *)secret, 16, phi, ARGON2_PASSES,
                      ARGON2_BYTES, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return urna_fail(err, URNA_SYSTEM, "not enough memory to stretch the code (19 MiB)");
    hkdf_64(wide, stretched, info, sizeof info);
    crypto_core_ristretto255_scalar_reduce(sk, wide);
    urna_wipe(stretched, sizeof stretched);
    urna_wipe(wide, sizeof wide);
    return URNA_OK;
}
