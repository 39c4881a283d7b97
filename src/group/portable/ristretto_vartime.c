/* Formulas: RFC 9496 for encodings; for points, Hisil, Wong, Carter and Dawson 2008 (extended
 * coordinates, a = -1); for many encodings at once, Hamburg's remark that the encoding of 2P needs
 * a division where that of P needs a square root. Bounds of limbs: fe25519.h. */
#include "group/portable/ristretto_vartime.h"

#include <stdlib.h>

#include "base/status.h"

#define WINDOW 5 /* wNAF: odd multiples 1, 3, .. 15 */
#define ODD_MULTIPLES (1 << (WINDOW - 2))
#define STRAUS 32 /* bases that share one chain of doublings */
#define TABLE_WINDOWS 32
#define TABLE_ROWS 128

static const struct fe curve_d = {
    {0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff}};
static const struct fe curve_2d = {
    {0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff}};
static const struct fe sqrt_m1 = {
    {0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d}};
static const struct fe invsqrt_a_minus_d = {
    {0x0fdaa805d40ea, 0x2eb482e57d339, 0x07610274bc58, 0x6510b613dc8ff, 0x786c8905cfaff}};

/* Before the last multiplications: x = X/Z, y = Y/T. */
struct completed {
    struct fe X, Y, Z, T;
};
struct projective {
    struct fe X, Y, Z;
};
/* A second operand of additions: y+x, y-x, z, 2d xy. */
struct cached {
    struct fe ypx, ymx, Z, T2d;
};
/* The same with Z = 1. */
struct niels {
    struct fe ypx, ymx, xy2d;
};

struct rv_table {
    struct niels row[TABLE_WINDOWS][TABLE_ROWS]; /* row[i][j] = base^((j+1) 256^i) */
};

static void to_projective(struct projective *r, const struct completed *p)
{
    fe_mul(&r->X, &p->X, &p->T);
    fe_mul(&r->Y, &p->Y, &p->Z);
    fe_mul(&r->Z, &p->Z, &p->T);
}

static void to_extended(struct rv_point *r, const struct completed *p)
{
    fe_mul(&r->X, &p->X, &p->T);
    fe_mul(&r->Y, &p->Y, &p->Z);
    fe_mul(&r->Z, &p->Z, &p->T);
    fe_mul(&r->T, &p->X, &p->Y);
}

static void to_cached(struct cached *r, const struct rv_point *p)
{
    fe_add(&r->ypx, &p->Y, &p->X);
    fe_sub(&r->ymx, &p->Y, &p->X);
    r->Z = p->Z;
    fe_mul(&r->T2d, &p->T, &curve_2d);
}

static void double_point(struct completed *r, const struct fe *X, const struct fe *Y,
                         const struct fe *Z)
{
    struct fe xx, yy, zz, sum;
    fe_sqr(&xx, X);
    fe_sqr(&yy, Y);
    fe_sqr(&zz, Z);
    fe_add(&zz, &zz, &zz);
    fe_add(&sum, X, Y);
    fe_sqr(&sum, &sum);
    fe_add(&r->Y, &yy, &xx);
    fe_sub(&r->Z, &yy, &xx);
    fe_sub(&r->X, &sum, &r->Y);
    fe_sub8(&r->T, &zz, &r->Z);
}

static void add_cached(struct completed *r, const struct rv_point *p, const struct cached *q)
{
    struct fe a, b, c, d;
    fe_sub(&a, &p->Y, &p->X);
    fe_mul(&a, &a, &q->ymx);
    fe_add(&b, &p->Y, &p->X);
    fe_mul(&b, &b, &q->ypx);
    fe_mul(&c, &p->T, &q->T2d);
    fe_mul(&d, &p->Z, &q->Z);
    fe_add(&d, &d, &d);
    fe_sub(&r->X, &b, &a);
    fe_add(&r->Y, &b, &a);
    fe_add(&r->Z, &d, &c);
    fe_sub(&r->T, &d, &c);
}

static void sub_cached(struct completed *r, const struct rv_point *p, const struct cached *q)
{
    struct fe a, b, c, d;
    fe_sub(&a, &p->Y, &p->X);
    fe_mul(&a, &a, &q->ypx);
    fe_add(&b, &p->Y, &p->X);
    fe_mul(&b, &b, &q->ymx);
    fe_mul(&c, &p->T, &q->T2d);
    fe_mul(&d, &p->Z, &q->Z);
    fe_add(&d, &d, &d);
    fe_sub(&r->X, &b, &a);
    fe_add(&r->Y, &b, &a);
    fe_sub(&r->Z, &d, &c);
    fe_add(&r->T, &d, &c);
}

static void add_niels(struct completed *r, const struct rv_point *p, const struct niels *q)
{
    struct fe a, b, c, d;
    fe_sub(&a, &p->Y, &p->X);
    fe_mul(&a, &a, &q->ymx);
    fe_add(&b, &p->Y, &p->X);
    fe_mul(&b, &b, &q->ypx);
    fe_mul(&c, &p->T, &q->xy2d);
    fe_add(&d, &p->Z, &p->Z);
    fe_sub(&r->X, &b, &a);
    fe_add(&r->Y, &b, &a);
    fe_add(&r->Z, &d, &c);
    fe_sub(&r->T, &d, &c);
}

static void sub_niels(struct completed *r, const struct rv_point *p, const struct niels *q)
{
    struct fe a, b, c, d;
    fe_sub(&a, &p->Y, &p->X);
    fe_mul(&a, &a, &q->ypx);
    fe_add(&b, &p->Y, &p->X);
    fe_mul(&b, &b, &q->ymx);
    fe_mul(&c, &p->T, &q->xy2d);
    fe_add(&d, &p->Z, &p->Z);
    fe_sub(&r->X, &b, &a);
    fe_add(&r->Y, &b, &a);
    fe_sub(&r->Z, &d, &c);
    fe_add(&r->T, &d, &c);
}

void urna_rv_identity(struct rv_point *p)
{
    fe_zero(&p->X);
    fe_one(&p->Y);
    fe_one(&p->Z);
    fe_zero(&p->T);
}

void urna_rv_add(struct rv_point *out, const struct rv_point *p, const struct rv_point *q)
{
    struct cached c;
    struct completed r;
    to_cached(&c, q);
    add_cached(&r, p, &c);
    to_extended(out, &r);
}

void urna_rv_sub(struct rv_point *out, const struct rv_point *p, const struct rv_point *q)
{
    struct cached c;
    struct completed r;
    to_cached(&c, q);
    sub_cached(&r, p, &c);
    to_extended(out, &r);
}

bool urna_rv_eq(const struct rv_point *p, const struct rv_point *q)
{
    struct fe a, b;
    fe_mul(&a, &p->X, &q->Y);
    fe_mul(&b, &p->Y, &q->X);
    if (fe_eq(&a, &b))
        return true;
    fe_mul(&a, &p->Y, &q->Y);
    fe_mul(&b, &p->X, &q->X);
    return fe_eq(&a, &b);
}

static void absolute(struct fe *h)
{
    if (fe_is_negative(h))
        fe_neg(h, h);
}

/* out = |1/sqrt(v)| and true if v is a square that is not 0; else |sqrt(i/v)| (0 for 0) and false.
 */
static bool invsqrt(struct fe *out, const struct fe *v)
{
    struct fe v3, r, check, one, minus_one, minus_i;
    fe_sqr(&v3, v);
    fe_mul(&v3, &v3, v);
    fe_sqr(&r, &v3);
    fe_mul(&r, &r, v); /* v^7 */
    fe_pow22523(&r, &r);
    fe_mul(&r, &r, &v3);
    fe_sqr(&check, &r);
    fe_mul(&check, &check, v);
    fe_one(&one);
    fe_neg(&minus_one, &one);
    fe_neg(&minus_i, &sqrt_m1);
    const bool correct = fe_eq(&check, &one);
    const bool flipped = fe_eq(&check, &minus_one);
    if (flipped || fe_eq(&check, &minus_i))
        fe_mul(&r, &r, &sqrt_m1);
    absolute(&r);
    *out = r;
    return correct || flipped;
}

bool urna_rv_decode(struct rv_point *out, const uint8_t in[32])
{
    struct fe s, ss, u1, u2, u2s, v, i, dx, dy, one;
    fe_from_bytes(&s, in);
    fe_one(&one);
    fe_sqr(&ss, &s);
    fe_sub(&u1, &one, &ss);
    fe_add(&u2, &one, &ss);
    fe_sqr(&u2s, &u2);
    fe_sqr(&v, &u1);
    fe_mul(&v, &v, &curve_d);
    fe_add(&v, &v, &u2s);
    fe_neg(&v, &v); /* -(d u1^2) - u2^2 */
    fe_mul(&i, &v, &u2s);
    const bool square = invsqrt(&i, &i);
    fe_mul(&dx, &i, &u2);
    fe_mul(&dy, &i, &dx);
    fe_mul(&dy, &dy, &v);
    fe_add(&s, &s, &s);
    fe_mul(&out->X, &s, &dx);
    if (fe_is_negative(&out->X)) {
        struct fe zero;
        fe_zero(&zero);
        fe_sub(&v, &zero, &out->X);
        fe_mul(&out->X, &v, &one); /* back to tight limbs */
    }
    fe_mul(&out->Y, &u1, &dy);
    fe_one(&out->Z);
    fe_mul(&out->T, &out->X, &out->Y);
    return square && !fe_is_negative(&out->T) && !fe_is_zero(&out->Y);
}

void urna_rv_encode(uint8_t out[32], const struct rv_point *p)
{
    struct fe u1, u2, i, d1, d2, zinv, x, y, d, t;
    fe_add(&u1, &p->Z, &p->Y);
    fe_sub(&t, &p->Z, &p->Y);
    fe_mul(&u1, &u1, &t);
    fe_mul(&u2, &p->X, &p->Y);
    fe_sqr(&i, &u2);
    fe_mul(&i, &i, &u1);
    (void)invsqrt(&i, &i);
    fe_mul(&d1, &u1, &i);
    fe_mul(&d2, &u2, &i);
    fe_mul(&zinv, &d1, &d2);
    fe_mul(&zinv, &zinv, &p->T);
    fe_mul(&t, &p->T, &zinv);
    if (fe_is_negative(&t)) {
        fe_mul(&x, &p->Y, &sqrt_m1);
        fe_mul(&y, &p->X, &sqrt_m1);
        fe_mul(&d, &d1, &invsqrt_a_minus_d);
    } else {
        x = p->X;
        y = p->Y;
        d = d2;
    }
    fe_mul(&t, &x, &zinv);
    if (fe_is_negative(&t))
        fe_add(&t, &p->Z, &y); /* Z - (-y) */
    else
        fe_sub(&t, &p->Z, &y);
    fe_mul(&t, &t, &d);
    absolute(&t);
    fe_to_bytes(out, &t);
}

/* All of x[i] inverted with one inversion; zeros stay zero. */
static void invert_all(struct fe *x, size_t n)
{
    struct fe before[TABLE_ROWS], acc, t;
    fe_one(&acc);
    for (size_t i = 0; i < n; i++) {
        before[i] = acc;
        if (!fe_is_zero(&x[i]))
            fe_mul(&acc, &acc, &x[i]);
    }
    fe_invert(&acc, &acc);
    for (size_t i = n; i-- > 0;) {
        if (fe_is_zero(&x[i]))
            continue;
        fe_mul(&t, &acc, &before[i]);
        fe_mul(&acc, &acc, &x[i]);
        x[i] = t;
    }
}

/* 2P has x = e/f and y = g/h with e = 2XY, f = Z^2 + dT^2, g = Y^2 + X^2, h = Z^2 - dT^2. What the
 * encoding of section 4.3.2 takes from the square root is then known up to a quotient of e g and f
 * h. */
void urna_rv_double_and_encode(uint8_t (*out)[32], const struct rv_point *p, size_t n)
{
    struct {
        struct fe e, f, g, h, eg, fh;
    } s[RV_BATCH];
    struct fe inverse[RV_BATCH];
    for (size_t i = 0; i < n; i++) {
        struct fe zz, dtt, xx, yy, one;
        fe_one(&one);
        fe_sqr(&zz, &p[i].Z);
        fe_sqr(&dtt, &p[i].T);
        fe_mul(&dtt, &dtt, &curve_d);
        fe_sqr(&xx, &p[i].X);
        fe_sqr(&yy, &p[i].Y);
        fe_mul(&s[i].e, &p[i].X, &p[i].Y);
        fe_add(&s[i].e, &s[i].e, &s[i].e);
        fe_add(&s[i].f, &zz, &dtt);
        fe_add(&s[i].g, &yy, &xx);
        fe_sub(&s[i].h, &zz, &dtt);
        fe_mul(&s[i].h, &s[i].h, &one); /* tight, for the subtractions below */
        fe_mul(&s[i].eg, &s[i].e, &s[i].g);
        fe_mul(&s[i].fh, &s[i].f, &s[i].h);
        fe_mul(&inverse[i], &s[i].eg, &s[i].fh);
    }
    invert_all(inverse, n);
    for (size_t i = 0; i < n; i++) {
        struct fe zinv, tinv, t, e = s[i].e, g = s[i].g, h = s[i].h, magic = invsqrt_a_minus_d;
        fe_mul(&zinv, &s[i].eg, &inverse[i]); /* 1/(f h) */
        fe_mul(&tinv, &s[i].fh, &inverse[i]); /* 1/(e g) */
        fe_mul(&t, &s[i].eg, &zinv);
        if (fe_is_negative(&t)) { /* the point times the one of order 4 */
            e = s[i].g;
            fe_neg(&g, &s[i].e);
            fe_mul(&h, &s[i].f, &sqrt_m1);
            magic = sqrt_m1;
        }
        fe_mul(&t, &h, &e);
        fe_mul(&t, &t, &zinv);
        struct fe signed_g = g;
        if (fe_is_negative(&t)) {
            struct fe one;
            fe_one(&one);
            fe_mul(&g, &g, &one);
            fe_neg(&signed_g, &g);
        }
        fe_mul(&t, &signed_g, &tinv);
        fe_mul(&t, &t, &magic);
        fe_sub8(&h, &h, &signed_g);
        fe_mul(&t, &t, &h);
        absolute(&t);
        fe_to_bytes(out[i], &t);
    }
}

/* Digits of e in width-5 non-adjacent form: odd, |digit| <= 15; returns the highest position + 1.
 */
static int recode(int8_t digit[257], const uint64_t e[4])
{
    uint64_t x[5] = {e[0], e[1], e[2], e[3], 0};
    int top = 0;
    memset(digit, 0, 257);
    for (int i = 0; i < 257;) {
        const int word = i / 64, shift = i % 64;
        uint64_t bits = x[word] >> shift;
        if (shift != 0 && word < 4)
            bits |= x[word + 1] << (64 - shift);
        if ((bits & 1) == 0) {
            i++;
            continue;
        }
        int d = (int)(bits & ((1 << WINDOW) - 1));
        if (d >= 1 << (WINDOW - 1)) {
            d -= 1 << WINDOW;
            /* borrow: add 2^(i + WINDOW) */
            int w = (i + WINDOW) / 64;
            uint64_t carry = (uint64_t)1 << ((i + WINDOW) % 64);
            while (w < 5 && carry != 0) {
                x[w] += carry;
                carry = x[w] < carry;
                w++;
            }
        }
        digit[i] = (int8_t)d;
        top = i + 1;
        i += WINDOW;
    }
    return top;
}

static void odd_multiples(struct cached m[ODD_MULTIPLES], const struct rv_point *p)
{
    struct completed c;
    struct rv_point twice, next;
    struct cached step;
    double_point(&c, &p->X, &p->Y, &p->Z);
    to_extended(&twice, &c);
    to_cached(&step, &twice);
    to_cached(&m[0], p);
    next = *p;
    for (int i = 1; i < ODD_MULTIPLES; i++) {
        add_cached(&c, &next, &step);
        to_extended(&next, &c);
        to_cached(&m[i], &next);
    }
}

/* Doublings shared by n bases whose digits and odd multiples are given. */
static void interleave(struct rv_point *out, const int8_t (*digit)[257],
                       const struct cached (*m)[ODD_MULTIPLES], size_t n, int top)
{
    struct projective r;
    fe_zero(&r.X);
    fe_one(&r.Y);
    fe_one(&r.Z);
    urna_rv_identity(out);
    for (int i = top - 1; i >= 0; i--) {
        struct completed c;
        double_point(&c, &r.X, &r.Y, &r.Z);
        for (size_t k = 0; k < n; k++) {
            const int d = digit[k][i];
            if (d == 0)
                continue;
            to_extended(out, &c);
            if (d > 0)
                add_cached(&c, out, &m[k][d / 2]);
            else
                sub_cached(&c, out, &m[k][-d / 2]);
        }
        if (i == 0)
            to_extended(out, &c);
        else
            to_projective(&r, &c);
    }
}

void urna_rv_multi_exp(struct rv_point *out, const struct rv_point *base, const uint64_t (*e)[4],
                       size_t n)
{
    struct cached m[STRAUS][ODD_MULTIPLES];
    int8_t digit[STRAUS][257];
    struct rv_point sum, part;
    urna_rv_identity(&sum);
    while (n > 0) {
        const size_t k = n < STRAUS ? n : STRAUS;
        int top = 0;
        for (size_t i = 0; i < k; i++) {
            const int t = recode(digit[i], e[i]);
            top = t > top ? t : top;
            odd_multiples(m[i], &base[i]);
        }
        interleave(&part, (const int8_t(*)[257])digit, (const struct cached(*)[ODD_MULTIPLES])m, k,
                   top);
        urna_rv_add(&sum, &sum, &part);
        base += k;
        e += k;
        n -= k;
    }
    *out = sum;
}

/* acc *= t^e: signed bytes of e, one addition each. */
static void fixed_multiply(struct rv_point *acc, const struct rv_table *t, const uint64_t e[4])
{
    int carry = 0;
    for (int i = 0; i < TABLE_WINDOWS; i++) {
        struct completed c;
        int d = (int)(e[i / 8] >> (8 * (i % 8)) & 0xff) + carry;
        carry = d > 127;
        d -= carry << 8;
        if (d == 0)
            continue;
        if (d > 0)
            add_niels(&c, acc, &t->row[i][d - 1]);
        else
            sub_niels(&c, acc, &t->row[i][-d - 1]);
        to_extended(acc, &c);
    }
}

void urna_rv_fixed_exp(struct rv_point *out, const struct rv_table *t, const uint64_t e[4])
{
    urna_rv_identity(out);
    fixed_multiply(out, t, e);
}

void urna_rv_dual_exp(struct rv_point *out, const struct rv_table *const *t, const uint64_t (*e)[4],
                      const struct rv_point *base, const uint64_t (*f)[4], size_t n)
{
    struct cached m[2][ODD_MULTIPLES];
    int8_t digit[2][257];
    /* With base^(2^128) at hand, each exponent is two of half the length, which share their
     * doublings; that pays from the second exponent on. */
    const bool split = n > 1;
    odd_multiples(m[0], base);
    if (split) {
        struct projective r = {base->X, base->Y, base->Z};
        struct completed c;
        struct rv_point high;
        for (int i = 0; i < 127; i++) {
            double_point(&c, &r.X, &r.Y, &r.Z);
            to_projective(&r, &c);
        }
        double_point(&c, &r.X, &r.Y, &r.Z);
        to_extended(&high, &c);
        odd_multiples(m[1], &high);
    }
    for (size_t i = 0; i < n; i++) {
        int top;
        if (split) {
            const uint64_t low_half[4] = {f[i][0], f[i][1], 0, 0};
            const uint64_t high_half[4] = {f[i][2], f[i][3], 0, 0};
            const int low_top = recode(digit[0], low_half), high_top = recode(digit[1], high_half);
            top = low_top > high_top ? low_top : high_top;
        } else {
            top = recode(digit[0], f[i]);
        }
        interleave(&out[i], (const int8_t(*)[257])digit, (const struct cached(*)[ODD_MULTIPLES])m,
                   split ? 2 : 1, top);
        fixed_multiply(&out[i], t[i], e[i]);
    }
}

struct rv_table *urna_rv_table_new(const struct rv_point *base)
{
    struct rv_table *t = urna_xmalloc(sizeof *t);
    struct rv_point unit = *base, multiple[TABLE_ROWS];
    for (int i = 0; i < TABLE_WINDOWS; i++) {
        struct cached step;
        struct completed c;
        struct fe zinv[TABLE_ROWS];
        to_cached(&step, &unit);
        multiple[0] = unit;
        zinv[0] = unit.Z;
        for (int j = 1; j < TABLE_ROWS; j++) {
            add_cached(&c, &multiple[j - 1], &step);
            to_extended(&multiple[j], &c);
            zinv[j] = multiple[j].Z;
        }
        invert_all(zinv, TABLE_ROWS);
        for (int j = 0; j < TABLE_ROWS; j++) {
            struct niels *row = &t->row[i][j];
            struct fe x, y;
            fe_mul(&x, &multiple[j].X, &zinv[j]);
            fe_mul(&y, &multiple[j].Y, &zinv[j]);
            fe_add(&row->ypx, &y, &x);
            fe_sub(&row->ymx, &y, &x);
            fe_mul(&x, &x, &y);
            fe_mul(&row->xy2d, &x, &curve_2d);
        }
        double_point(&c, &multiple[TABLE_ROWS - 1].X, &multiple[TABLE_ROWS - 1].Y,
                     &multiple[TABLE_ROWS - 1].Z);
        to_extended(&unit, &c);
    }
    return t;
}

void urna_rv_table_free(struct rv_table *t)
{
    free(t);
}
