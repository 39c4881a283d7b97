#include "cli/entry.h"

#include <string.h>

#include "cli/common.h"

enum urna_status urna_cli_role(struct urna_role_key *out, const struct urna_context *P,
                               const char *key_file, enum urna_role_type type,
                               const char *pass_file, struct urna_error *err)
{
    static const char *const word[] = {"member of the commission", "guardian", "registrar",
                                       "witness", "observer"};
    struct urna_secret_bytes pass = {0};
    memset(out, 0, sizeof *out);
    enum urna_status st = urna_cli_pass(&pass, pass_file, key_file, false, err);
    if (st == URNA_OK)
        st = urna_role_load(out, key_file,
                            type == URNA_R_WITNESS ? URNA_SEAL_WITNESS : URNA_SEAL_ROLE,
                            urna_pass_view(&pass), err);
    urna_secret_bytes_free(&pass);
    if (st != URNA_OK) {
        urna_error_where(err, key_file);
        return st;
    }
    for (uint32_t i = 0; i < P->n_signers; i++)
        if (P->signer[i].type == type && memcmp(P->signer[i].key, out->public, 32) == 0) {
            snprintf(out->name, sizeof out->name, "%s", P->signer[i].id);
            return URNA_OK;
        }
    urna_role_wipe(out);
    urna_error_where(err, key_file);
    return urna_fail(err, URNA_FALSE, "this key is no %s of this election%s", word[type],
                     type == URNA_R_WITNESS ? " (entries and verdicts are signed with the full key)"
                                            : "");
}

enum urna_status urna_cli_entry_write(struct urna_tell *s, const char *path, enum urna_kind kind,
                                      struct urna_view body, const struct urna_role_key *role,
                                      const uint8_t phi[32], struct urna_error *err)
{
    struct urna_buf file = {0};
    uint8_t e[32];
    enum urna_status st = urna_entry_make(&file, kind, body, role, phi, err);
    if (st == URNA_OK)
        st = urna_cli_write(path, urna_buf_view(&file), 0644, err);
    urna_buf_free(&file);
    if (st != URNA_OK)
        return st;
    urna_sha256(e, body.p, body.len);
    if (role)
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "%s, signed by %s", urna_kind_name(kind),
                       role->name);
    else
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "%s (nobody signs this kind)",
                       urna_kind_name(kind));
    urna_tell_str(s, "kind", urna_kind_name(kind));
    urna_tell_str(s, "file", path);
    urna_tell_hex(s, "entry", e, 32);
    return URNA_OK;
}

static enum urna_status make_one(struct urna_tell *s, const struct urna_cli_make *m,
                                 const struct urna_role_key *role, struct urna_error *err)
{
    struct urna_buf body = {0};
    enum urna_status st = m->body(&body, m, err);
    if (st == URNA_OK)
        st = urna_cli_entry_write(s, m->out, m->kind, urna_buf_view(&body), role, m->record.P->phi,
                                  err);
    urna_buf_free(&body);
    return st;
}

static enum urna_status make(void *ctx, const struct urna_args *args, struct urna_tell *s,
                             struct urna_error *err)
{
    struct urna_cli_make *m = ctx;
    struct urna_role_key role = {{0}, {0}, {0}};
    m->record.path = args->arg[0];
    enum urna_status st = urna_cli_record_open(&m->record, err);
    if (st == URNA_OK && m->key)
        st = urna_cli_role(&role, m->record.P, m->key, URNA_R_COMMISSION, m->pass_file, err);
    if (st == URNA_OK)
        st = make_one(s, m, m->key ? &role : NULL, err);
    if (st == URNA_OK && m->next)
        urna_tell_note(s, "%s", m->next);
    urna_role_wipe(&role);
    urna_cli_record_close(&m->record);
    return st;
}

int urna_cli_make(struct urna_cli_make *m, int argc, char **argv)
{
    return urna_cli_run(m->command, argc, argv, make, m);
}
