/* What a board does when it takes a ballot, for tests: sign a promise.
 * promise LOG.KEY PASSPHRASE-FILE PHI ENTRY TIME OUT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/secret.h"
#include "protocol/promise.h"
#include "protocol/role.h"

int main(int argc, char **argv)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_role_key key;
    struct urna_buf pass = {0}, out = {0};
    struct urna_promise p = {.kind = URNA_BALLOT};
    if (argc != 7 || urna_secret_init(&err) != URNA_OK ||
        urna_file_read(&pass, argv[2], 1024, NULL, &err) != URNA_OK || pass.len == 0 ||
        !urna_unhex_any(p.phi, 32, argv[3], strlen(argv[3])) ||
        !urna_unhex_any(p.e, 32, argv[4], strlen(argv[4])) ||
        !urna_parse_u64(&p.time, argv[5], strlen(argv[5]), URNA_INT_MAX) ||
        urna_role_load(&key, argv[1], URNA_SEAL_LOG, urna_view(pass.p, pass.len - 1), &err) !=
            URNA_OK) {
        fprintf(stderr, "promise: %s\n", err.msg);
        return 2;
    }
    urna_promise_sign(&p, key.seed);
    urna_promise_write(&out, &p);
    enum urna_status st = urna_file_create(argv[6], out.p, out.len, 0644, &err);
    urna_role_wipe(&key);
    urna_buf_free(&pass);
    urna_buf_free(&out);
    return (int)st;
}
