/* urna protocols sign: a detached signature beside a copy. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/secret.h"
#include "cli/protocols/common.h"
#include "evidence/signature.h"
#include "proof/ed25519.h"

static const char name[] = "urna protocols sign";

/* The key file: 64 hexadecimal digits and a line feed, readable by its owner only. */
static enum urna_status read_key(uint8_t *seed, const char *path, struct urna_error *err)
{
    struct urna_buf text = {0};
    enum urna_status st = urna_file_read(&text, path, 66, NULL, err);
    if (st == URNA_OK && !(text.len == 65 && text.p[64] == '\n' &&
                           urna_unhex_any(seed, 32, (const char *)text.p, 64)))
        st = urna_fail(err, URNA_INPUT, "not a signing key (64 hexadecimal digits in one line)");
    urna_error_where(err, path);
    if (text.p)
        urna_wipe(text.p, text.len);
    urna_buf_free(&text);
    return st;
}

static enum urna_status new_key(uint8_t *seed, const char *path, struct urna_error *err)
{
    char hex[66];
    urna_random(seed, 32);
    urna_hex(hex, seed, 32);
    hex[64] = '\n';
    enum urna_status st = urna_file_create(path, hex, 65, 0600, err);
    urna_error_where(err, path);
    urna_wipe(hex, sizeof hex);
    return st;
}

static enum urna_status sign(const char *path, const uint8_t *seed, const char *who, bool json,
                             struct urna_error *err)
{
    struct urna_signature s;
    struct urna_buf text = {0}, out = {0};
    uint8_t hash[32];
    enum urna_status st = urna_table_hash_file(hash, path, err);
    urna_error_where(err, path);
    if (st == URNA_OK)
        st = urna_signature_make(&s, hash, who, seed, err);
    urna_buf_printf(&out, "%s.sig", path);
    if (st == URNA_OK) {
        urna_signature_write(&text, &s);
        st = urna_file_write(urna_buf_cstr(&out), text.p, text.len, 0644, err);
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
    const char *key = NULL, *who = NULL;
    bool create = false;
    const struct urna_option options[] = {
        {"key", "FILE", "the signing key", .string = &key, .required = true},
        {"new-key", NULL, "make the key first (the file must not exist)", .flag = &create},
        {"name", "TEXT", "what you call yourself", .string = &who, .required = true},
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
    uint8_t *seed = urna_secret_alloc(32);
    struct urna_error err = URNA_ERROR_INIT;
    enum urna_status st = create ? new_key(seed, key, &err) : read_key(seed, key, &err);
    if (st == URNA_OK)
        st = sign(args.arg[0], seed, who, args.json, &err);
    urna_secret_free(seed);
    return st == URNA_OK ? URNA_OK : urna_report_error(name, &err);
}
