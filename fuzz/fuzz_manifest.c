/* Manifests, and everything that is made of one before any other entry is looked at: whatever the
 * bytes say, the judge answers, and what it accepts holds together. */
#include "fuzz.h"

#include <string.h>

#include "rules/context.h"

static void check_accepted(const struct urna_context *P, struct urna_view body)
{
    const struct urna_manifest *m = &P->m;
    struct urna_buf out = {0};
    struct urna_body b = {.kind = URNA_MANIFEST, .manifest = *m};
    urna_body_write(&out, &b, 0, 0);
    MUST(urna_view_eq(urna_buf_view(&out), body));
    urna_buf_free(&out);
    MUST(P->G != NULL && P->lp > 0 && P->lp <= URNA_LP_MAX);
    MUST(m->k >= 1 && m->k <= m->n && m->n == m->n_guardians);
    MUST(P->n_leaves >= 1 && P->n_leaves <= m->n_cells);
    for (uint32_t i = 0; i < m->n_guardians; i++)
        MUST(urna_context_guardian(P, m->guardians[i].id) == i);
    for (uint32_t i = 0; i < P->n_signers; i++)
        MUST(urna_context_signer(P, P->signer[i].id) == &P->signer[i]);
    for (uint32_t i = 0; i < P->n_leaves; i++)
        MUST(urna_context_leaf(P, m->cells[P->leaf[i]].id) == i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct urna_ruling r = {0};
    struct urna_view body = urna_view(data, size);
    struct urna_context *P = urna_context_from_manifest(body, &r);
    if (P != NULL)
        check_accepted(P, body);
    else
        MUST(strcmp(r.rule, "E12") == 0 || strcmp(r.rule, "E13") == 0);
    urna_context_free(P);
    return 0;
}
