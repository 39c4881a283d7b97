/* The trust file of a reader (election.md section 4): what the reader brings from outside the
 * record. */
#ifndef URNA_LOG_TRUST_H
#define URNA_LOG_TRUST_H

#include "log/note.h"

enum urna_level { URNA_LEVEL_COMPUTED, URNA_LEVEL_WITNESSED, URNA_LEVEL_FINAL };

struct urna_trust_node {
    char name[URNA_NAME_MAX + 1];
    bool is_group;
    struct urna_vkey key; /* of a witness */
    uint32_t need;        /* of a group: how many members */
    uint32_t *member;     /* indices of nodes, all smaller than this one's */
    uint32_t n_member;
};
struct urna_trust {
    uint8_t election[32]; /* phi */
    struct urna_vkey log;
    struct urna_trust_node *node;
    size_t n_node;
    int64_t quorum; /* index of a node, or -1: none */
    enum urna_level level;
};
/* Anything that the grammar does not allow: URNA_INPUT with the line in err->offset. Same public
 * key twice: refused. */
enum urna_status urna_trust_read(struct urna_trust *t, struct urna_view text,
                                 struct urna_error *err) URNA_MUST_USE;
void urna_trust_write(struct urna_buf *out, const struct urna_trust *t);
void urna_trust_free(struct urna_trust *t);
/* have[i]: witness node i is there. Without a quorum always false: then the ladder ends at
 * computed. */
bool urna_trust_satisfied(const struct urna_trust *t, const bool *have) URNA_MUST_USE;

#endif
