/* Codes and credential signatures, role signatures. (Argon2id reads memory at places that depend on
 * its input by design.) */
#include "ct.h"

#include "proof/credential.h"
#include "protocol/code.h"
#include "protocol/role.h"

int main(void)
{
    uint8_t secret[16], read[16], sk[32] = {0}, pk[32], sig[64], phi[32] = {0};
    char code[URNA_CODE_TEXT];
    struct urna_role_key r;
    struct urna_error err = URNA_ERROR_INIT;
    static const uint8_t msg[] = "message";
    ct_random_is_secret();
    urna_random(secret, sizeof secret);
    urna_code_write(code, secret);
    for (int i = 4; i < URNA_CODE_TEXT; i += 5)
        URNA_PUBLIC(code + i, 1); /* where the hyphens and the end stand */
    ct_need(urna_code_read(read, code, URNA_CODE_TEXT - 1, NULL) == URNA_OK, "read");
    bool same = urna_ct_equal(read, secret, 16);
    URNA_PUBLIC(&same, sizeof same);
    ct_need(same, "the code is read as it was written");
    urna_random(sk, 31);
    ct_need(urna_credential_public(pk, sk), "public");
    ct_need(urna_credential_sign(sig, sk, msg, sizeof msg), "sign");
    URNA_PUBLIC(pk, sizeof pk);
    URNA_PUBLIC(sig, sizeof sig);
    ct_need(urna_credential_check(pk, msg, sizeof msg, sig), "check");
    ct_need(urna_role_new(&r, "role", &err) == URNA_OK, err.msg);
    urna_role_sign(sig, r.seed, phi, URNA_CLOSE, "role", urna_view(msg, sizeof msg));
    URNA_PUBLIC(r.public, sizeof r.public);
    URNA_PUBLIC(sig, sizeof sig);
    ct_need(urna_role_check(r.public, sig, phi, URNA_CLOSE, "role", urna_view(msg, sizeof msg)),
            "role");
    return 0;
}
