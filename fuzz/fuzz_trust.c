/* Trust files: what is read is written in one form that says the same; all witnesses together
 * satisfy every quorum, none of them satisfies any. */
#include "fuzz.h"

#include <string.h>

#include "log/trust.h"

static void check_quorum(const struct urna_trust *t)
{
    bool *have = urna_xcalloc(t->n_node + 1, sizeof *have);
    MUST(!urna_trust_satisfied(t, have));
    memset(have, true, t->n_node);
    MUST(urna_trust_satisfied(t, have) == (t->quorum >= 0));
    free(have);
}

static void check_nodes(const struct urna_trust *t)
{
    MUST(t->quorum >= -1 && t->quorum < (int64_t)t->n_node);
    for (size_t i = 0; i < t->n_node; i++) {
        const struct urna_trust_node *n = &t->node[i];
        MUST(n->is_group == (n->n_member > 0) && n->need <= n->n_member);
        for (uint32_t m = 0; m < n->n_member; m++)
            MUST(n->member[m] < i);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct urna_trust t, u;
    struct urna_buf first = {0}, second = {0};
    struct urna_error err = URNA_ERROR_INIT;
    if (urna_trust_read(&t, urna_view(data, size), &err) != URNA_OK) {
        MUST(err.status == URNA_INPUT);
        return 0;
    }
    check_nodes(&t);
    check_quorum(&t);
    urna_trust_write(&first, &t);
    MUST(urna_trust_read(&u, urna_buf_view(&first), &err) == URNA_OK);
    MUST(memcmp(t.election, u.election, 32) == 0 && t.n_node == u.n_node && t.quorum == u.quorum &&
         t.level == u.level);
    urna_trust_write(&second, &u);
    MUST(urna_view_eq(urna_buf_view(&first), urna_buf_view(&second)));
    urna_buf_free(&first);
    urna_buf_free(&second);
    urna_trust_free(&t);
    urna_trust_free(&u);
    return 0;
}
