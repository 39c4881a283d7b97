/* ristretto255 (RFC 9496): elements, and powers of public exponents by our own arithmetic. */
#include "group/ristretto_impl.h"
#include "group/ristretto_decode.h"

#include <string.h>
#include <sodium.h>

const uint8_t urna_ristretto_generator[32] = {
    0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9, 0x61, 0xc5, 0x00, 0x51, 0x5f,
    0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82, 0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76};

bool urna_ristretto_canonical(const uint8_t in[32])
{
    /* Below 2^255 - 19, with bit 255 clear: subtract the prime and look at the borrow. */
    uint32_t borrow = 0;
    for (size_t i = 0; i < 32; i++) {
        uint32_t prime_byte = i == 0 ? 0xed : i == 31 ? 0x7f : 0xff;
        borrow = ((uint32_t)in[i] - prime_byte - borrow) >> 31;
    }
    return borrow == 1 && (in[0] & 1) == 0;
}

bool urna_ristretto_valid(const uint8_t in[32])
{
    /* libsodium 1.0.18 ignores bit 255, so our own test comes first. */
    return urna_ristretto_canonical(in) && crypto_core_ristretto255_is_valid_point(in) == 1;
}

static bool ristretto_decode_batch(const struct urna_group *G, urna_element *out, bool *ok,
                                   const uint8_t *const *in, size_t n)
{
    (void)G;
    bool all = true;
    for (size_t i = 0; i < n; i++) {
        struct rv_point p;
        uint8_t bytes[32];
        memcpy(bytes, in[i], 32);
        ok[i] = urna_ristretto_canonical(bytes) && urna_rv_decode(&p, bytes);
        if (ok[i])
            set_both(&out[i], bytes, &p);
        else
            memset(&out[i], 0, sizeof out[i]);
        all = all && ok[i];
    }
    return all;
}

/* Decoding is the membership test and gives the point, which is needed next: nothing to save. */
static bool ristretto_decode_known(const struct urna_group *G, urna_element *out, const uint8_t *in)
{
    bool ok;
    return ristretto_decode_batch(G, out, &ok, &in, 1);
}

static void ristretto_encode(const struct urna_group *G, uint8_t *out, const urna_element *x)
{
    (void)G;
    uint8_t room[32];
    memcpy(out, bytes_of(x, room), 32);
}

static void ristretto_identity(const struct urna_group *G, urna_element *out)
{
    static const uint8_t zero[32];
    struct rv_point p;
    (void)G;
    urna_rv_identity(&p);
    set_both(out, zero, &p);
}

static void ristretto_generator(const struct urna_group *G, urna_element *out)
{
    struct rv_point p;
    (void)G;
    (void)urna_rv_decode(&p, urna_ristretto_generator);
    set_both(out, urna_ristretto_generator, &p);
}

static bool ristretto_eq(const struct urna_group *G, const urna_element *a, const urna_element *b)
{
    (void)G;
    const struct member *x = const_member_of(a), *y = const_member_of(b);
    if (((x->parts | y->parts) & NO_BYTES) == 0)
        return memcmp(x->bytes, y->bytes, 32) == 0;
    struct rv_point room_a, room_b;
    return urna_rv_eq(point_of(a, &room_a), point_of(b, &room_b));
}

static void ristretto_mul(const struct urna_group *G, urna_element *out, const urna_element *a,
                          const urna_element *b)
{
    (void)G;
    struct rv_point room_a, room_b, r;
    urna_rv_add(&r, point_of(a, &room_a), point_of(b, &room_b));
    set_point(out, &r);
}

static void ristretto_div(const struct urna_group *G, urna_element *out, const urna_element *a,
                          const urna_element *b)
{
    (void)G;
    struct rv_point room_a, room_b, r;
    urna_rv_sub(&r, point_of(a, &room_a), point_of(b, &room_b));
    set_point(out, &r);
}

static void ristretto_h_group(struct urna_h *h, const struct urna_group *G)
{
    uint8_t b[32];
    urna_h_str(h, "ristretto255");
    memset(b, 0xff, sizeof b);
    b[0] = 0x7f;
    b[31] = 0xed;
    urna_h_bytes(h, b, sizeof b); /* 2^255 - 19, big endian */
    urna_limbs_to_be(b, sizeof b, G->q);
    urna_h_bytes(h, b, sizeof b);
    urna_h_bytes(h, urna_ristretto_generator, sizeof urna_ristretto_generator);
}

/* --- powers of public operands: our own arithmetic --- */

static void ristretto_fixed_new(struct urna_fixed *F)
{
    struct rv_point room;
    uint8_t bytes[32];
    const struct rv_point p = *point_of(&F->base, &room);
    memcpy(bytes, bytes_of(&F->base, bytes), 32);
    set_both(&F->base, bytes, &p);
    F->table = urna_rv_table_new(&p);
}

static void ristretto_fixed_free(void *table)
{
    urna_rv_table_free(table);
}

static void ristretto_exp_vartime(const struct urna_group *G, urna_element *out,
                                  const urna_element *base, const urna_scalar *e, size_t n)
{
    (void)G;
    for (size_t i = 0; i < n; i++) {
        struct rv_point room, r;
        urna_rv_multi_exp(&r, point_of(&base[i], &room), (const uint64_t(*)[4]) & e[i].v, 1);
        set_point(&out[i], &r);
    }
}

static void ristretto_fixed_exp_vartime(const struct urna_fixed *F, urna_element *out,
                                        const urna_scalar *e, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct rv_point r;
        urna_rv_fixed_exp(&r, F->table, e[i].v);
        set_point(&out[i], &r);
    }
}

/* x/2 mod the order l, which is odd. */
static void halve(uint64_t out[4], const struct urna_group *G, const uint64_t x[4])
{
    const uint64_t odd = 0 - (x[0] & 1);
    uint64_t carry = 0, sum[4];
    for (int i = 0; i < 4; i++) {
        const uint64_t term = G->q[i] & odd, t = x[i] + carry;
        carry = t < carry;
        sum[i] = t + term;
        carry += sum[i] < term;
    }
    for (int i = 0; i < 4; i++) /* below 2^254, so nothing is carried out at the top */
        out[i] = sum[i] >> 1 | (i < 3 ? sum[i + 1] << 63 : 0);
}

/* Are these the same bytes in memory? (Equal elements of different form are just done twice.) */
static bool same_form(const urna_element *a, const urna_element *b)
{
    return memcmp(a->v, b->v, sizeof(struct member)) == 0;
}

/* The results are wanted as encodings, for hashes. Half the exponents are used, so that the
 * encodings of the doubles, which need one inversion for all, are what is asked for. */
static void ristretto_dual_exp_vartime(const struct urna_group *G, urna_element *out, bool *member,
                                       const struct urna_fixed *const *F, const urna_scalar *e,
                                       const urna_element *base, const urna_scalar *f, size_t n)
{
    struct rv_point half[RV_BATCH];
    const struct rv_table *table[RV_BATCH];
    uint64_t he[RV_BATCH][4], hf[RV_BATCH][4];
    uint8_t bytes[RV_BATCH][32];
    for (size_t done = 0; done < n;) {
        const size_t k = n - done < RV_BATCH ? n - done : RV_BATCH;
        for (size_t i = 0; i < k; i++) {
            table[i] = F[done + i]->table;
            halve(he[i], G, e[done + i].v);
            halve(hf[i], G, f[done + i].v);
        }
        for (size_t i = 0, run; i < k; i += run) {
            const urna_element *b = &base[done + i];
            struct rv_point room;
            run = 1;
            while (i + run < k && same_form(b, &b[run]))
                run++;
            urna_rv_dual_exp(&half[i], &table[i], (const uint64_t(*)[4]) & he[i],
                             point_of(b, &room), (const uint64_t(*)[4]) & hf[i], run);
        }
        urna_rv_double_and_encode(bytes, half, k);
        for (size_t i = 0; i < k; i++) {
            set_bytes(&out[done + i], bytes[i]);
            if (member != NULL)
                member[done + i] = true; /* decoding was the test */
        }
        done += k;
    }
}

static void ristretto_multi_exp_vartime(const struct urna_group *G, urna_element *out,
                                        const urna_element *base, const urna_scalar *e, size_t n)
{
    struct rv_point p[RV_BATCH], room, sum, part;
    uint64_t limbs[RV_BATCH][4];
    (void)G;
    urna_rv_identity(&sum);
    for (size_t done = 0; done < n;) {
        const size_t k = n - done < RV_BATCH ? n - done : RV_BATCH;
        for (size_t i = 0; i < k; i++) {
            p[i] = *point_of(&base[done + i], &room);
            memcpy(limbs[i], e[done + i].v, sizeof limbs[i]);
        }
        urna_rv_multi_exp(&part, p, (const uint64_t(*)[4])limbs, k);
        urna_rv_add(&sum, &sum, &part);
        done += k;
    }
    set_point(out, &sum);
}

const struct group_ops urna_ristretto255_ops = GROUP_OPS(ristretto);

void urna_ristretto255_setup(struct urna_group *G)
{
    static const char ver[] = "v2.1.0+ristretto255";
    *G = (struct urna_group){
        .name = "ristretto255",
        .ops = &urna_ristretto255_ops,
        .lp = 32,
        .lq = 32,
        /* 2^252 + 27742317777372353535851937790883648493 */
        .q = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000},
    };
    memcpy(G->ver, ver, sizeof ver - 1);
}
