/* P of the law (election.md section 3): what phase 1 may know besides the entry: the manifest, phi, and, once an `open` is
 * accepted, H_E and K. Immutable while entries are judged in parallel. */
#ifndef URNA_RULES_CONTEXT_H
#define URNA_RULES_CONTEXT_H

#include "model/entry.h"
#include "rules/ruling.h"

enum urna_role_type { URNA_R_COMMISSION, URNA_R_GUARDIAN, URNA_R_REGISTRAR, URNA_R_WITNESS, URNA_R_OBSERVER };

/* Everybody who signs entries, sorted by id. */
struct urna_signer {
    const char *id, *bloc;
    const uint8_t *key; /* 32 bytes; a witness: the full key */
    enum urna_role_type type;
    uint32_t index;     /* 0-based in its own list */
};

/* Something of a list of the manifest by its id, for look-ups. */
struct urna_id_place {
    const char *id;
    uint32_t index; /* 0-based in its list */
};

struct urna_context {
    struct urna_arena arena;
    struct urna_manifest m;
    const struct urna_group *G;
    size_t lp, lq;
    uint8_t phi[32], h_p[32];
    struct urna_signer *signer;
    uint32_t n_signers;
    uint32_t *leaf;       /* cell index (0-based) of each leaf, in tree order */
    uint32_t n_leaves;
    struct urna_id_place *leaf_by_id, *style_by_id, *device_by_id; /* sorted; as many as there are */
    bool commission_two_blocs;
    /* after `open` */
    bool opened;
    uint8_t h_e[32];
    urna_element K, Kh;
    const struct urna_fixed *g;
    struct urna_fixed *fixed_K;
    uint8_t (*h_di)[32];  /* for each device */
};

/* Judge the first entry of a log: a manifest that section 2 accepts (E12, E13). Returns NULL and the ruling otherwise. */
struct urna_context *urna_context_new(const struct urna_entry *first, struct urna_ruling *r, struct urna_checks *n);
/* The same for the bare bytes of a manifest that is not signed yet (for who writes one). */
struct urna_context *urna_context_from_manifest(struct urna_view body, struct urna_ruling *r);
void urna_context_free(struct urna_context *P);
/* Called once, when `open` is accepted. */
void urna_context_open(struct urna_context *P, const uint8_t h_e[32], const urna_element *K, const urna_element *Kh);

const struct urna_signer *urna_context_signer(const struct urna_context *P, const char *id);
/* 0-based, or -1 */
int64_t urna_context_style(const struct urna_context *P, const char *id);
int64_t urna_context_device(const struct urna_context *P, const char *id);
int64_t urna_context_leaf(const struct urna_context *P, const char *id);
int64_t urna_context_guardian(const struct urna_context *P, const char *id);
int64_t urna_context_witness(const struct urna_context *P, const char *id);
/* Keys a row of the roll has. */
uint32_t urna_context_factors(const struct urna_context *P);

#endif
