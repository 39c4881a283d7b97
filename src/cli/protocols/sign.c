/* urna protocols sign: a detached signature beside a copy. */
#include <stdio.h>
#include <string.h>

#include "cli/common.h"
#include "cli/protocols/common.h"
#include "evidence/signature.h"

static const char name[] = "urna protocols sign";

struct request {
    const char *key, *who, *pass_file;
    bool create;
};

/* A new seed, sealed in ${path}, or the one that is there. */
static enum urna_status get_seed(struct urna_secret_bytes *seed, const struct request *q,
                                 struct urna_error *err)
{
    struct urna_secret_bytes pass = {0};
    enum urna_status st = q->create ? urna_cli_free_name(q->key, err) : URNA_OK;
    if (st == URNA_OK)
        st = urna_cli_pass(&pass, q->pass_file, q->key, q->create, err);
    if (st == URNA_OK && q->create) {
        urna_secret_bytes_new(seed, 32);
        urna_random(seed->p, seed->len);
        st = urna_sealed_create(q->key, URNA_SEAL_COPY, urna_pass_view(&pass), NULL,
                                urna_view(seed->p, seed->len), err);
        if (st != URNA_OK)
            urna_error_where(err, q->key);
    } else if (st == URNA_OK) {
        st = urna_sealed_read(seed, q->key, URNA_SEAL_COPY, urna_pass_view(&pass), err);
        if (st == URNA_OK && seed->len != 32)
            st = urna_fail(err, URNA_INPUT, "not a signing key: %zu bytes, not 32", seed->len);
        if (st != URNA_OK)
            urna_error_where(err, q->key);
    }
    urna_secret_bytes_free(&pass);
    return st;
}

/* FILE.sig must be free: it may be another person's word about the same file. */
static enum urna_status sign(const char *path, const uint8_t *seed, const char *who, bool json,
                             struct urna_error *err)
{
    struct urna_signature s;
    struct urna_buf text = {0}, out = {0};
    uint8_t hash[32];
    enum urna_status st = urna_table_hash_file(hash, path, err);
    if (st != URNA_OK)
        urna_error_where(err, path);
    if (st == URNA_OK)
        st = urna_signature_make(&s, hash, who, seed, err);
    urna_buf_printf(&out, "%s.sig", path);
    if (st == URNA_OK) {
        urna_signature_write(&text, &s);
        st = urna_cli_write(urna_buf_cstr(&out), urna_view(text.p, text.len), 0644, err);
    }
    if (st == URNA_OK && json) {
        struct urna_json j = {0};
        urna_json_open(&j, NULL, '{');
        urna_json_str(&j, "signature", urna_buf_cstr(&out));
        urna_json_str(&j, "name", s.name);
        urna_json_hex(&j, "key", s.key, sizeof s.key);
        urna_json_sha256(&j, "file_sha256", s.file);
        urna_json_close(&j, '}');
        urna_json_print(&j);
    } else if (st == URNA_OK) {
        char key[65];
        urna_hex(key, s.key, sizeof s.key);
        printf("%s SIGNED  ", urna_term_sign(URNA_SIGN_HOLDS));
        urna_print_safe_str(urna_buf_cstr(&out));
        printf("\n  key   %s\n  Publish the key where people already trust you; the name proves "
               "nothing.\n",
               key);
    }
    urna_buf_free(&text);
    urna_buf_free(&out);
    return st;
}

int urna_protocols_sign(int argc, char **argv)
{
    struct request q = {0};
    const struct urna_option options[] = {
        {"key", "FILE", "the sealed signing key", .string = &q.key, .required = true},
        {"new-key", NULL, "make the key first (the file must not exist)", .flag = &q.create},
        {"name", "TEXT", "what you call yourself", .string = &q.who, .required = true},
        URNA_PASS_OPTION(q.pass_file),
        {0},
    };
    const struct urna_command command = {
        .name = name,
        .title = "vouch for a copy with a detached signature",
        .usage = "urna protocols sign FILE --key FILE --name TEXT [--new-key]",
        .text = "Writes FILE.sig: an Ed25519 signature over the SHA-256 of the file and the name.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "signed",
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    struct urna_secret_bytes seed = {0};
    struct urna_error err = URNA_ERROR_INIT;
    enum urna_status st = get_seed(&seed, &q, &err);
    if (st == URNA_OK)
        st = sign(args.arg[0], seed.p, q.who, args.json, &err);
    urna_secret_bytes_free(&seed);
    return st == URNA_OK ? URNA_OK : urna_report_error(name, &err);
}
