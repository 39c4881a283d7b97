#include "protocol/voter.h"

#include <sodium.h>
#include <string.h>

#include "base/secret.h"
#include "proof/credential.h"
#include "protocol/code.h"

#define MAGIC "urna-voter-1"
#define MAGIC_LEN (sizeof MAGIC - 1)
#define SERIAL_AT (MAGIC_LEN + 32 + 1)
#define SERIAL_MAX 65535u

void urna_voter_new(struct urna_voter *out, const uint8_t phi[32], uint32_t n_keys)
{
    uint8_t wide[64];
    memset(out, 0, sizeof *out);
    memcpy(out->phi, phi, 32);
    out->n_keys = n_keys < 2 ? 1 : 2;
    for (uint32_t i = 0; i < out->n_keys; i++)
        do { /* zero has no public key: once in 2^252 */
            urna_random(wide, sizeof wide);
            crypto_core_ristretto255_scalar_reduce(out->sk[i], wide);
        } while (!urna_credential_public(out->pk[i], out->sk[i]));
    urna_wipe(wide, sizeof wide);
}

enum urna_status urna_voter_from_codes(struct urna_voter *out, const uint8_t phi[32],
                                       const uint8_t *secrets, uint32_t n_keys,
                                       struct urna_error *err)
{
    memset(out, 0, sizeof *out);
    if (n_keys < 1 || n_keys > 2)
        return urna_fail(err, URNA_INPUT, "a credential has one or two codes");
    memcpy(out->phi, phi, 32);
    out->n_keys = n_keys;
    for (uint32_t i = 0; i < n_keys; i++) {
        enum urna_status st = urna_code_key(out->sk[i], secrets + (size_t)16 * i, phi, i + 1, err);
        if (st == URNA_OK && !urna_credential_public(out->pk[i], out->sk[i]))
            st = urna_fail(err, URNA_INPUT, "this code stands for no key");
        if (st != URNA_OK) {
            urna_voter_wipe(out);
            return st;
        }
    }
    return URNA_OK;
}

void urna_voter_wipe(struct urna_voter *v)
{
    urna_wipe(v, sizeof *v);
}

/* MAGIC || phi || b(n,1) || b(serial,4) || sk_1 [|| sk_2] */
static void pack(struct urna_secret_bytes *s, const struct urna_voter *v)
{
    urna_secret_bytes_new(s, SERIAL_AT + 4 + (size_t)32 * v->n_keys);
    memcpy(s->p, MAGIC, MAGIC_LEN);
    memcpy(s->p + MAGIC_LEN, v->phi, 32);
    s->p[MAGIC_LEN + 32] = (uint8_t)v->n_keys;
    urna_be32(s->p + SERIAL_AT, v->serial);
    for (uint32_t i = 0; i < v->n_keys; i++)
        memcpy(s->p + SERIAL_AT + 4 + (size_t)32 * i, v->sk[i], 32);
}

static enum urna_status unpack(struct urna_voter *v, const struct urna_secret_bytes *s,
                               const char *path, struct urna_error *err)
{
    memset(v, 0, sizeof *v);
    bool ok = s->len >= SERIAL_AT + 4 && memcmp(s->p, MAGIC, MAGIC_LEN) == 0;
    if (ok) {
        memcpy(v->phi, s->p + MAGIC_LEN, 32);
        v->n_keys = s->p[MAGIC_LEN + 32];
        v->serial = urna_get_be32(s->p + SERIAL_AT);
        ok = v->n_keys >= 1 && v->n_keys <= 2 && v->serial <= SERIAL_MAX &&
             s->len == SERIAL_AT + 4 + (size_t)32 * v->n_keys;
    }
    for (uint32_t i = 0; ok && i < v->n_keys; i++) {
        memcpy(v->sk[i], s->p + SERIAL_AT + 4 + (size_t)32 * i, 32);
        ok = urna_credential_public(v->pk[i], v->sk[i]);
    }
    if (ok)
        return URNA_OK;
    urna_voter_wipe(v);
    urna_error_where(err, path);
    return urna_fail(err, URNA_INPUT, "the sealed file does not hold a credential");
}

enum urna_status urna_voter_create(const struct urna_voter *v, const char *path,
                                   struct urna_view pass, const struct urna_seal_cost *cost,
                                   struct urna_error *err)
{
    struct urna_secret_bytes s;
    pack(&s, v);
    enum urna_status st =
        urna_sealed_create(path, URNA_SEAL_CREDENTIAL, pass, cost, urna_view(s.p, s.len), err);
    urna_secret_bytes_free(&s);
    return st;
}

enum urna_status urna_voter_load(struct urna_voter *out, const char *path, struct urna_view pass,
                                 struct urna_error *err)
{
    struct urna_secret_bytes s;
    memset(out, 0, sizeof *out);
    enum urna_status st = urna_sealed_read(&s, path, URNA_SEAL_CREDENTIAL, pass, err);
    if (st == URNA_OK)
        st = unpack(out, &s, path, err);
    urna_secret_bytes_free(&s);
    return st;
}

static enum urna_status next_serial(uint32_t *serial, struct urna_voter *v, uint32_t seen,
                                    bool revote, struct urna_error *err)
{
    uint32_t last = seen > v->serial ? seen : v->serial;
    if (!revote && last > 0)
        return urna_fail(err, URNA_FALSE,
                         "this credential has voted, and this election has no second vote");
    if (last >= SERIAL_MAX)
        return urna_fail(err, URNA_FALSE, "the serial numbers of this credential are used up");
    *serial = v->serial = last + 1;
    return URNA_OK;
}

enum urna_status urna_voter_serial(uint32_t *serial, const char *path, struct urna_view pass,
                                   uint32_t seen, bool revote, struct urna_error *err)
{
    struct urna_sealer *sealer;
    struct urna_secret_bytes s = {0}, t = {0};
    struct urna_voter v;
    uint32_t next = 0;
    *serial = 0;
    enum urna_status st = urna_sealer_open(&sealer, &s, path, URNA_SEAL_CREDENTIAL, pass, err);
    if (st != URNA_OK)
        return st;
    st = unpack(&v, &s, path, err);
    if (st == URNA_OK)
        st = next_serial(&next, &v, seen, revote, err);
    if (st == URNA_OK) {
        pack(&t, &v);
        st = urna_sealer_save(sealer, urna_view(t.p, t.len), err);
    }
    if (st == URNA_OK)
        *serial = next;
    urna_voter_wipe(&v);
    urna_secret_bytes_free(&s);
    urna_secret_bytes_free(&t);
    urna_sealer_free(sealer);
    return st;
}

enum urna_status urna_voter_sign(struct urna_buf *file, const struct urna_voter *v,
                                 const struct urna_ballot *b, size_t lp, size_t lq,
                                 struct urna_error *err)
{
    static const char *const names[2] = {"voter.1", "voter.2"};
    struct urna_sig sigs[2] = {{0}};
    struct urna_body whole = {.kind = URNA_BALLOT};
    struct urna_buf body = {0}, m = {0};
    uint8_t e[32];
    bool same = b->n_keys == v->n_keys;
    for (uint32_t i = 0; same && i < v->n_keys; i++)
        same = memcmp(b->keys[i], v->pk[i], 32) == 0;
    if (!same)
        return urna_fail(err, URNA_INPUT, "the ballot is for another credential");
    whole.ballot = *b;
    urna_body_write(&body, &whole, lp, lq);
    urna_sha256(e, body.p, body.len);
    bool ok = true;
    for (uint32_t i = 0; ok && i < v->n_keys; i++) {
        urna_buf_reset(&m);
        urna_signed_message(&m, v->phi, urna_kind_name(URNA_BALLOT), names[i], body.len, e);
        sigs[i].by = names[i];
        ok = urna_credential_sign(sigs[i].sig, v->sk[i], m.p, m.len);
    }
    if (ok)
        urna_entry_file_write(file, URNA_BALLOT, sigs, v->n_keys, urna_buf_view(&body));
    urna_buf_free(&body);
    urna_buf_free(&m);
    return ok ? URNA_OK : urna_fail(err, URNA_INPUT, "the credential key is not valid");
}
