/* Inside the model room: the line before a body, and the stub that stands for a body elsewhere. */
#ifndef URNA_MODEL_ENVELOPE_H
#define URNA_MODEL_ENVELOPE_H

#include "model/entry.h"

struct urna_envelope {
    const char *kind;
    bool is_part; /* kind "part": then i and n, and no signatures */
    uint32_t i, n;
    uint32_t parts; /* leaves before this one that hold its body, or 0 */
    bool out;       /* the body lies beside the log */
    struct urna_sig *sigs;
    uint32_t n_sigs;
};
struct urna_stub {
    uint8_t sha256[32];
    uint64_t size;
};

void urna_describe_envelope(struct urna_codec *c, struct urna_envelope *e);
void urna_describe_stub(struct urna_codec *c, struct urna_stub *s);

/* Cut at the first line feed; false if there is none. */
bool urna_split_leaf(struct urna_view leaf, struct urna_view *head,
                     struct urna_view *body) URNA_MUST_USE;

#endif
