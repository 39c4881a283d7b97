/* The public library: a thin door in front of verify/ and report/. */
#include <urna/urna.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/secret.h"
#include "report/verdict.h"

struct urna_api_verdict {
    struct urna_verdict v;
    struct urna_json json;
    bool has_json;
};

static int fail(const struct urna_error *err, char *why, size_t why_size)
{
    if (why && why_size > 0)
        snprintf(why, why_size, "%s%s%s", err->where, err->where[0] ? ": " : "", err->msg);
    return err->status == URNA_SYSTEM ? URNA_CHECK_SYSTEM : URNA_CHECK_INPUT;
}

static enum urna_status read_trust(struct urna_trust *t, const char *path, struct urna_error *err)
{
    struct urna_buf text = {0};
    enum urna_status st = urna_file_read(&text, path, 1 << 20, NULL, err);
    if (st == URNA_OK)
        st = urna_trust_read(t, urna_buf_view(&text), err);
    urna_error_where(err, path);
    urna_buf_free(&text);
    return st;
}

int urna_check(urna_verdict_t **out, const char *record, enum urna_trust_kind kind, const char *trust, unsigned threads, char *why,
               size_t why_size)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_trust t = {0};
    uint8_t phi[32];
    struct urna_verify_options o = {.threads = threads};
    *out = NULL;
    enum urna_status st = urna_secret_init(&err);
    if (st == URNA_OK && kind == URNA_TRUST_FILE) {
        st = read_trust(&t, trust, &err);
        o.trust = &t;
    } else if (st == URNA_OK && kind == URNA_TRUST_FINGERPRINT) {
        if (!urna_unhex_any(phi, 32, trust, strlen(trust)))
            st = urna_fail(&err, URNA_INPUT, "a fingerprint has 64 hexadecimal digits");
        o.fingerprint = phi;
    }
    struct urna_api_verdict *v = urna_xcalloc(1, sizeof *v);
    if (st == URNA_OK) {
        st = urna_verify(&v->v, record, &o, &err);
        urna_error_where(&err, record);
    }
    urna_trust_free(&t);
    if (st != URNA_OK) {
        free(v);
        return fail(&err, why, why_size);
    }
    *out = v;
    return URNA_CHECK_OK;
}

void urna_verdict_release(urna_verdict_t *v)
{
    if (!v)
        return;
    urna_verdict_free(&v->v);
    urna_json_free(&v->json);
    free(v);
}

const char *urna_verdict_word(const urna_verdict_t *v)
{
    return urna_answer_name[v->v.answer];
}

int urna_verdict_code(const urna_verdict_t *v)
{
    return urna_verdict_exit(&v->v);
}

const char *urna_verdict_json_text(urna_verdict_t *v, size_t *len)
{
    if (!v->has_json)
        urna_verdict_json(&v->json, &v->v);
    v->has_json = true;
    if (len)
        *len = v->json.out.len;
    return urna_buf_cstr(&v->json.out);
}

const char *urna_library_version(void)
{
    return URNA_VERSION;
}
