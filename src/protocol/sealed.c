#include "protocol/sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/ct.h"
#include "base/file.h"
#include "base/secret.h"

#define MAGIC "urna-sealed-1"
#define SALT_LEN crypto_pwhash_argon2id_SALTBYTES
#define NONCE_LEN crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define KEY_LEN crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define TAG_LEN crypto_aead_xchacha20poly1305_ietf_ABYTES
#define PURPOSE_MAX 32
#define HEADER_MAX 512
#define PASSES_MAX 16u
#define KIB_MIN 8192u
#define KIB_MAX (1u << 20)

const struct urna_seal_cost urna_seal_cost_default = {2, 65536};
const struct urna_seal_cost urna_seal_cost_least = {1, KIB_MIN};

struct header {
    char purpose[PURPOSE_MAX + 1];
    struct urna_seal_cost cost;
    uint8_t salt[SALT_LEN], nonce[NONCE_LEN];
};

struct urna_sealer {
    char *path;
    int lock;
    struct header h;
    uint8_t key[KEY_LEN];
};

void urna_secret_bytes_new(struct urna_secret_bytes *s, size_t len)
{
    s->p = urna_secret_alloc(len ? len : 1);
    s->len = len;
}

void urna_secret_bytes_free(struct urna_secret_bytes *s)
{
    urna_secret_free(s->p);
    s->p = NULL;
    s->len = 0;
}

/* --- the header --- */

static bool purpose_valid(const char *p)
{
    size_t n = strlen(p);
    if (n < 1 || n > PURPOSE_MAX)
        return false;
    return strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789.-") == n;
}

static bool cost_valid(const struct urna_seal_cost *c)
{
    return c->passes >= 1 && c->passes <= PASSES_MAX && c->kib >= KIB_MIN && c->kib <= KIB_MAX;
}

static void header_write(struct urna_buf *out, const struct header *h)
{
    urna_buf_printf(out, MAGIC "\npurpose %s\nargon2id %u %u ", h->purpose, h->cost.passes,
                    h->cost.kib);
    urna_buf_hex(out, h->salt, SALT_LEN);
    urna_buf_str(out, "\nnonce ");
    urna_buf_hex(out, h->nonce, NONCE_LEN);
    urna_buf_char(out, '\n');
}

/* Up to the byte ${end}, which is taken too. */
static bool word(struct urna_view *in, char end, struct urna_view *w)
{
    size_t i = 0;
    while (i < in->len && in->p[i] != (uint8_t)end && in->p[i] != '\n')
        i++;
    if (i == in->len || in->p[i] != (uint8_t)end)
        return false;
    *w = urna_view(in->p, i);
    in->p += i + 1;
    in->len -= i + 1;
    return true;
}

static bool word_is(struct urna_view *in, char end, const char *want)
{
    struct urna_view w;
    return word(in, end, &w) && urna_view_eq_str(w, want);
}

static bool number(struct urna_view *in, uint32_t *out)
{
    struct urna_view w;
    uint64_t x;
    if (!word(in, ' ', &w) || !urna_parse_u64(&x, (const char *)w.p, w.len, UINT32_MAX))
        return false;
    *out = (uint32_t)x;
    return true;
}

static bool bytes(struct urna_view *in, uint8_t *out, size_t len)
{
    struct urna_view w;
    return word(in, '\n', &w) && urna_unhex(out, len, (const char *)w.p, w.len);
}

/* Take the header off ${in}. Every spelling but the one that header_write makes fails: no byte is
 * without effect. */
static bool header_read(struct header *h, struct urna_view *in)
{
    struct urna_view purpose;
    memset(h, 0, sizeof *h);
    if (!word_is(in, '\n', MAGIC) || !word_is(in, ' ', "purpose") || !word(in, '\n', &purpose))
        return false;
    if (purpose.len > PURPOSE_MAX || memchr(purpose.p, 0, purpose.len))
        return false;
    memcpy(h->purpose, purpose.p, purpose.len);
    return word_is(in, ' ', "argon2id") && number(in, &h->cost.passes) &&
           number(in, &h->cost.kib) && bytes(in, h->salt, SALT_LEN) && word_is(in, ' ', "nonce") &&
           bytes(in, h->nonce, NONCE_LEN);
}

/* --- sealing and opening --- */

static enum urna_status stretch(uint8_t key[KEY_LEN], const struct header *h, struct urna_view pass,
                                struct urna_error *err)
{
    if (crypto_pwhash(key, KEY_LEN, pass.len ? (const char *)pass.p : "", pass.len, h->salt,
                      h->cost.passes, (size_t)h->cost.kib * 1024,
                      crypto_pwhash_ALG_ARGON2ID13) != 0) {
        urna_wipe(key, KEY_LEN);
        return urna_fail(err, URNA_SYSTEM, "not enough memory to stretch the passphrase (%u MiB)",
                         h->cost.kib / 1024);
    }
    return URNA_OK;
}

static enum urna_status header_new(struct header *h, const char *purpose, struct urna_view pass,
                                   const struct urna_seal_cost *cost, struct urna_error *err)
{
    memset(h, 0, sizeof *h);
    if (!purpose_valid(purpose))
        return urna_fail(err, URNA_INPUT, "not a purpose of a sealed file");
    if (pass.len == 0)
        return urna_fail(err, URNA_INPUT, "the passphrase is empty");
    h->cost = cost ? *cost : urna_seal_cost_default;
    if (!cost_valid(&h->cost))
        return urna_fail(err, URNA_INPUT, "the cost of the passphrase is outside its limits");
    memcpy(h->purpose, purpose, strlen(purpose));
    urna_random(h->salt, SALT_LEN);
    URNA_PUBLIC(h->salt, SALT_LEN);
    return URNA_OK;
}

/* A fresh nonce each time; 24 random bytes do not collide. */
static enum urna_status lock_up(struct urna_buf *out, struct header *h, const uint8_t key[KEY_LEN],
                                struct urna_view secret, struct urna_error *err)
{
    if (secret.len > URNA_SEALED_MAX / 2)
        return urna_fail(err, URNA_INPUT, "too much to seal in one file");
    urna_random(h->nonce, NONCE_LEN);
    URNA_PUBLIC(h->nonce, NONCE_LEN);
    size_t start = out->len;
    header_write(out, h);
    uint8_t *c = urna_xmalloc(secret.len + TAG_LEN);
    unsigned long long len = 0;
    crypto_aead_xchacha20poly1305_ietf_encrypt(c, &len, secret.p, secret.len, out->p + start,
                                               out->len - start, NULL, h->nonce, key);
    URNA_PUBLIC(c, (size_t)len);
    urna_base64(out, c, (size_t)len);
    urna_buf_char(out, '\n');
    free(c);
    return URNA_OK;
}

/* Header of ${file}, checked against the reader's purpose and the limits of cost; *body = the last
 * line. */
static enum urna_status look(struct header *h, struct urna_view file, const char *purpose,
                             struct urna_view *body, struct urna_error *err)
{
    *body = file;
    if (file.len > URNA_SEALED_MAX || !header_read(h, body))
        return urna_fail(err, URNA_INPUT, "not a sealed file (or its first lines are damaged)");
    if (strcmp(h->purpose, purpose) != 0)
        return urna_fail(err, URNA_INPUT, "this sealed file is for \"%s\", not for \"%s\"",
                         purpose_valid(h->purpose) ? h->purpose : "?", purpose);
    if (!cost_valid(&h->cost))
        return urna_fail(err, URNA_INPUT, "the sealed file asks for a cost outside the limits");
    return URNA_OK;
}

static enum urna_status unlock(struct urna_secret_bytes *out, const uint8_t key[KEY_LEN],
                               const struct header *h, struct urna_view file, struct urna_view body,
                               struct urna_error *err)
{
    struct urna_buf c = {0};
    bool ok = body.len >= 1 && body.p[body.len - 1] == '\n' &&
              urna_unbase64(&c, (const char *)body.p, body.len - 1) && c.len >= TAG_LEN;
    if (ok) {
        urna_secret_bytes_new(out, c.len - TAG_LEN);
        ok = crypto_aead_xchacha20poly1305_ietf_decrypt(out->p, NULL, NULL, c.p, c.len, file.p,
                                                        (size_t)(body.p - file.p), h->nonce,
                                                        key) == 0;
        if (!ok)
            urna_secret_bytes_free(out);
    }
    urna_buf_free(&c);
    if (!ok)
        return urna_fail(err, URNA_INPUT, "wrong passphrase, or the sealed file is damaged");
    return URNA_OK;
}

enum urna_status urna_seal(struct urna_buf *out, const char *purpose, struct urna_view pass,
                           const struct urna_seal_cost *cost, struct urna_view secret,
                           struct urna_error *err)
{
    struct header h;
    uint8_t key[KEY_LEN];
    enum urna_status st = header_new(&h, purpose, pass, cost, err);
    if (st == URNA_OK)
        st = stretch(key, &h, pass, err);
    if (st == URNA_OK)
        st = lock_up(out, &h, key, secret, err);
    urna_wipe(key, sizeof key);
    return st;
}

enum urna_status urna_unseal(struct urna_secret_bytes *out, struct urna_view file,
                             const char *purpose, struct urna_view pass, struct urna_error *err)
{
    struct header h;
    struct urna_view body;
    uint8_t key[KEY_LEN];
    out->p = NULL;
    out->len = 0;
    enum urna_status st = look(&h, file, purpose, &body, err);
    if (st == URNA_OK)
        st = stretch(key, &h, pass, err);
    if (st == URNA_OK)
        st = unlock(out, key, &h, file, body, err);
    urna_wipe(key, sizeof key);
    return st;
}

/* --- files --- */

enum urna_status urna_sealed_create(const char *path, const char *purpose, struct urna_view pass,
                                    const struct urna_seal_cost *cost, struct urna_view secret,
                                    struct urna_error *err)
{
    struct urna_buf file = {0};
    enum urna_status st = urna_seal(&file, purpose, pass, cost, secret, err);
    if (st == URNA_OK)
        st = urna_file_create(path, file.p, file.len, 0600, err);
    urna_buf_free(&file);
    return st;
}

enum urna_status urna_sealed_read(struct urna_secret_bytes *out, const char *path,
                                  const char *purpose, struct urna_view pass,
                                  struct urna_error *err)
{
    struct urna_buf file = {0};
    out->p = NULL;
    out->len = 0;
    enum urna_status st = urna_file_read(&file, path, URNA_SEALED_MAX, NULL, err);
    if (st == URNA_OK)
        st = urna_unseal(out, urna_buf_view(&file), purpose, pass, err);
    if (st != URNA_OK)
        urna_error_where(err, path);
    urna_buf_free(&file);
    return st;
}

/* The state file itself is replaced at each write, so the lock is on a file beside it that stays.
 */
static enum urna_status lock_take(struct urna_sealer *s, const char *path, struct urna_error *err)
{
    struct urna_buf name = {0};
    urna_buf_printf(&name, "%s.lock", path);
    s->lock = open(urna_buf_cstr(&name), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    urna_buf_free(&name);
    if (s->lock < 0)
        return urna_fail_errno(err, "cannot make the lock beside %s", path);
    if (flock(s->lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return urna_fail(err, URNA_SYSTEM, "another process is using %s", path);
        return urna_fail_errno(err, "cannot lock %s", path);
    }
    return URNA_OK;
}

static struct urna_sealer *sealer_new(const char *path)
{
    struct urna_sealer *s = urna_secret_alloc(sizeof *s);
    s->lock = -1;
    s->path = urna_xstrdup(path);
    return s;
}

void urna_sealer_free(struct urna_sealer *s)
{
    if (!s)
        return;
    if (s->lock >= 0)
        close(s->lock);
    free(s->path);
    urna_secret_free(s);
}

enum urna_status urna_sealer_create(struct urna_sealer **out, const char *path, const char *purpose,
                                    struct urna_view pass, const struct urna_seal_cost *cost,
                                    struct urna_view secret, struct urna_error *err)
{
    struct urna_sealer *s = sealer_new(path);
    struct urna_buf file = {0};
    enum urna_status st = header_new(&s->h, purpose, pass, cost, err);
    *out = NULL;
    if (st == URNA_OK)
        st = stretch(s->key, &s->h, pass, err);
    if (st == URNA_OK)
        st = lock_take(s, path, err);
    if (st == URNA_OK)
        st = lock_up(&file, &s->h, s->key, secret, err);
    if (st == URNA_OK)
        st = urna_file_create(path, file.p, file.len, 0600, err);
    urna_buf_free(&file);
    if (st == URNA_OK)
        *out = s;
    else
        urna_sealer_free(s);
    return st;
}

enum urna_status urna_sealer_open(struct urna_sealer **out, struct urna_secret_bytes *secret,
                                  const char *path, const char *purpose, struct urna_view pass,
                                  struct urna_error *err)
{
    struct urna_sealer *s = sealer_new(path);
    struct urna_buf file = {0};
    struct urna_view body = {NULL, 0};
    *out = NULL;
    secret->p = NULL;
    secret->len = 0;
    /* First read, so that a path that is no sealed file leaves no lock behind; then again under the
     * lock. */
    enum urna_status st = urna_file_read(&file, path, URNA_SEALED_MAX, NULL, err);
    if (st == URNA_OK)
        st = look(&s->h, urna_buf_view(&file), purpose, &body, err);
    if (st == URNA_OK)
        st = lock_take(s, path, err);
    urna_buf_reset(&file);
    if (st == URNA_OK)
        st = urna_file_read(&file, path, URNA_SEALED_MAX, NULL, err);
    if (st == URNA_OK)
        st = look(&s->h, urna_buf_view(&file), purpose, &body, err);
    if (st == URNA_OK)
        st = stretch(s->key, &s->h, pass, err);
    if (st == URNA_OK)
        st = unlock(secret, s->key, &s->h, urna_buf_view(&file), body, err);
    urna_buf_free(&file);
    if (st == URNA_OK) {
        *out = s;
    } else {
        urna_error_where(err, path);
        urna_sealer_free(s);
    }
    return st;
}

enum urna_status urna_sealer_save(struct urna_sealer *s, struct urna_view secret,
                                  struct urna_error *err)
{
    struct urna_buf file = {0};
    enum urna_status st = lock_up(&file, &s->h, s->key, secret, err);
    if (st == URNA_OK)
        st = urna_file_write(s->path, file.p, file.len, 0600, err);
    urna_buf_free(&file);
    return st;
}
