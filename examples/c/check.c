/* A program of somebody else's that checks a record:  cc check.c $(pkg-config --cflags --libs urna) */
#include <stdio.h>
#include <urna/urna.h>

int main(int argc, char **argv)
{
    urna_verdict_t *v;
    char why[256];
    if (argc != 3) {
        fprintf(stderr, "usage: check RECORD TRUST-FILE\n");
        return 2;
    }
    int rc = urna_check(&v, argv[1], URNA_TRUST_FILE, argv[2], 0, why, sizeof why);
    if (rc != URNA_CHECK_OK) {
        fprintf(stderr, "check: %s\n", why);
        return rc;
    }
    printf("%s\n", urna_verdict_word(v));
    rc = urna_verdict_code(v);
    urna_verdict_release(v);
    return rc;
}
