#include "protocol/role.h"

#include <string.h>

#include "base/secret.h"
#include "proof/ed25519.h"

#define MAGIC "urna-role-1"
#define MAGIC_LEN (sizeof MAGIC - 1)

static const uint8_t no_phi[32];

/* Class `name` of the law, without '+' (which C2SP key names may not have); identifiers are among
 * them. */
static bool name_valid(const char *s, size_t n)
{
    if (n < 1 || n > 255)
        return false;
    for (size_t i = 0; i < n; i++)
        if (s[i] < 0x21 || s[i] > 0x7E || s[i] == '"' || s[i] == '\\' || s[i] == '+')
            return false;
    return true;
}

enum urna_status urna_role_from_seed(struct urna_role_key *out, const char *name,
                                     const uint8_t seed[32], struct urna_error *err)
{
    memset(out, 0, sizeof *out);
    size_t n = strlen(name);
    if (!name_valid(name, n))
        return urna_fail(err, URNA_INPUT,
                         "not a name for a key: 1 to 255 ASCII characters without blanks, "
                         "quotation marks, backslashes and plus signs");
    memcpy(out->name, name, n);
    memcpy(out->seed, seed, 32);
    urna_ed25519_public(out->public, out->seed);
    return URNA_OK;
}

enum urna_status urna_role_new(struct urna_role_key *out, const char *name, struct urna_error *err)
{
    uint8_t seed[32];
    urna_random(seed, sizeof seed);
    enum urna_status st = urna_role_from_seed(out, name, seed, err);
    urna_wipe(seed, sizeof seed);
    return st;
}

void urna_role_wipe(struct urna_role_key *r)
{
    urna_wipe(r, sizeof *r);
}

/* MAGIC || b(|name|,1) || name || seed */
enum urna_status urna_role_save(const struct urna_role_key *r, const char *path,
                                const char *purpose, struct urna_view pass,
                                const struct urna_seal_cost *cost, struct urna_error *err)
{
    size_t n = strlen(r->name);
    struct urna_secret_bytes s;
    urna_secret_bytes_new(&s, MAGIC_LEN + 1 + n + 32);
    memcpy(s.p, MAGIC, MAGIC_LEN);
    s.p[MAGIC_LEN] = (uint8_t)n;
    memcpy(s.p + MAGIC_LEN + 1, r->name, n);
    memcpy(s.p + MAGIC_LEN + 1 + n, r->seed, 32);
    enum urna_status st = urna_sealed_create(path, purpose, pass, cost, urna_view(s.p, s.len), err);
    urna_secret_bytes_free(&s);
    return st;
}

enum urna_status urna_role_load(struct urna_role_key *out, const char *path, const char *purpose,
                                struct urna_view pass, struct urna_error *err)
{
    struct urna_secret_bytes s;
    memset(out, 0, sizeof *out);
    enum urna_status st = urna_sealed_read(&s, path, purpose, pass, err);
    if (st != URNA_OK)
        return st;
    bool ok = s.len > MAGIC_LEN && memcmp(s.p, MAGIC, MAGIC_LEN) == 0;
    if (ok) {
        size_t n = s.p[MAGIC_LEN];
        const char *name = (const char *)s.p + MAGIC_LEN + 1;
        ok = s.len == MAGIC_LEN + 1 + n + 32 && name_valid(name, n);
        if (ok) {
            memcpy(out->name, name, n);
            memcpy(out->seed, s.p + MAGIC_LEN + 1 + n, 32);
            urna_ed25519_public(out->public, out->seed);
        }
    }
    urna_secret_bytes_free(&s);
    if (!ok) {
        st = urna_fail(err, URNA_INPUT, "the sealed file does not hold a role key");
        urna_error_where(err, path);
    }
    return st;
}

static void message(struct urna_buf *out, const uint8_t phi[32], enum urna_kind kind,
                    const char *by, struct urna_view body)
{
    uint8_t e[32];
    urna_sha256(e, body.p, body.len);
    urna_signed_message(out, kind == URNA_MANIFEST ? no_phi : phi, urna_kind_name(kind), by,
                        body.len, e);
}

void urna_role_sign(uint8_t sig[64], const uint8_t seed[32], const uint8_t phi[32],
                    enum urna_kind kind, const char *by, struct urna_view body)
{
    struct urna_buf m = {0};
    message(&m, phi, kind, by, body);
    urna_ed25519_sign(sig, seed, m.p, m.len);
    urna_buf_free(&m);
}

bool urna_role_check(const uint8_t key[32], const uint8_t sig[64], const uint8_t phi[32],
                     enum urna_kind kind, const char *by, struct urna_view body)
{
    struct urna_buf m = {0};
    message(&m, phi, kind, by, body);
    bool ok = urna_ed25519_check(key, m.p, m.len, sig);
    urna_buf_free(&m);
    return ok;
}

/* --- entry files --- */

enum signers { NOBODY, ONE_ROLE, SEVERAL_ROLES, VOTERS };

static enum signers signers_of(enum urna_kind kind)
{
    switch (kind) {
    case URNA_CHALLENGE:
    case URNA_ANCHOR:
    case URNA_COUNTSET:
    case URNA_TALLY:
    case URNA_RESULT:
        return NOBODY;
    case URNA_MANIFEST:
    case URNA_ROLL:
    case URNA_ROLL_CLOSE:
    case URNA_OPEN:
    case URNA_CLOSE:
    case URNA_REDACT:
        return SEVERAL_ROLES;
    case URNA_BALLOT:
        return VOTERS;
    case URNA_ACCEPT:
    case URNA_GUARDIAN_COMMIT:
    case URNA_GUARDIAN_KEYS:
    case URNA_GUARDIAN_SHARES:
    case URNA_GUARDIAN_COMPLAINT:
    case URNA_GUARDIAN_CONFIRM:
    case URNA_DECRYPT_COMMIT:
    case URNA_DECRYPT_REVEAL:
    case URNA_DECRYPT_RESPOND:
    case URNA_VERDICT:
    case URNA_INCIDENT:
    case URNA_COMPLAINT:
    case URNA_STATEMENT:
    case URNA_ATTACHMENT:
    case URNA_KIND_UNKNOWN:
        break;
    }
    return ONE_ROLE;
}

enum urna_status urna_entry_make(struct urna_buf *file, enum urna_kind kind, struct urna_view body,
                                 const struct urna_role_key *r, const uint8_t phi[32],
                                 struct urna_error *err)
{
    enum signers who = signers_of(kind);
    if (kind >= URNA_KIND_UNKNOWN)
        return urna_fail(err, URNA_INPUT, "not a kind of entry");
    if (who == VOTERS)
        return urna_fail(err, URNA_INPUT, "a ballot is signed by its voter");
    if (who == NOBODY && r)
        return urna_fail(err, URNA_INPUT, "an entry of kind %s is not signed",
                         urna_kind_name(kind));
    if (who != NOBODY && !r)
        return urna_fail(err, URNA_INPUT, "an entry of kind %s wants a signature",
                         urna_kind_name(kind));
    struct urna_sig sig = {0};
    if (r) {
        sig.by = r->name;
        urna_role_sign(sig.sig, r->seed, phi, kind, r->name, body);
    }
    urna_entry_file_write(file, kind, &sig, r ? 1 : 0, body);
    return URNA_OK;
}

static enum urna_status cosign(struct urna_buf *out, struct urna_view file,
                               const struct urna_role_key *r, const uint8_t phi[32],
                               struct urna_arena *a, struct urna_error *err)
{
    struct urna_entry e;
    enum urna_status st = urna_entry_file_read(&e, file, a, err);
    if (st != URNA_OK)
        return st;
    if (signers_of(e.kind) != SEVERAL_ROLES)
        return urna_fail(err, URNA_INPUT, "an entry of kind %s takes no second signature",
                         e.kind_name);
    if (e.n_sigs >= URNA_SIGS_MAX)
        return urna_fail(err, URNA_INPUT, "the entry has %u signatures already", e.n_sigs);
    struct urna_sig *sigs = URNA_NEW(a, struct urna_sig, e.n_sigs + 1);
    uint32_t at = 0, n = 0;
    for (uint32_t i = 0; i < e.n_sigs; i++) {
        int order = strcmp(e.sigs[i].by, r->name);
        if (order == 0)
            return urna_fail(err, URNA_INPUT, "%s has signed this entry already", r->name);
        if (order < 0)
            at = i + 1;
    }
    for (uint32_t i = 0; i <= e.n_sigs; i++) {
        if (i == at) {
            sigs[n].by = r->name;
            urna_role_sign(sigs[n++].sig, r->seed, phi, e.kind, r->name, e.body);
        }
        if (i < e.n_sigs)
            sigs[n++] = e.sigs[i];
    }
    urna_entry_file_write(out, e.kind, sigs, n, e.body);
    return URNA_OK;
}

enum urna_status urna_entry_cosign(struct urna_buf *out, struct urna_view file,
                                   const struct urna_role_key *r, const uint8_t phi[32],
                                   struct urna_error *err)
{
    struct urna_arena a = {0};
    enum urna_status st = cosign(out, file, r, phi, &a, err);
    urna_arena_free(&a);
    return st;
}
