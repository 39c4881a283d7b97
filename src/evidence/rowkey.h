/* Keys of rows: the parts that a map names, trimmed, put through their steps and joined by "/".
 * Private to the protocol reader. */
#ifndef URNA_EVIDENCE_ROWKEY_H
#define URNA_EVIDENCE_ROWKEY_H

#include "evidence/binding.h"
#include "evidence/encoding.h"

/* Rows of one district follow one another: the parts before the last are kept, with the cells they
 * were made of, and made again only if one of those has changed. */
struct urna_rowkey {
    const struct urna_bound_key *bound; /* borrowed */
    bool is_cell;                       /* one part, no steps: the key is the cell itself */
    size_t column;                      /* then */
    char *text;
    size_t cap;
    uint8_t *seen; /* those cells, one behind the other; */
    size_t cap_seen;
    size_t *seen_len; /* and their lengths */
    size_t kept;      /* of text, the "/" behind it included; 0: nothing is kept */
    bool any;         /* one of them is not empty */
};

void urna_rowkey_init(struct urna_rowkey *k, const struct urna_bound_key *bound);
void urna_rowkey_free(struct urna_rowkey *k);
size_t urna_rowkey_join(struct urna_view *out, struct urna_rowkey *k,
                        const struct urna_cells *cells);
/* *out is valid until the next row is read. Returns the part that is empty or does not fit, or
 * SIZE_MAX. */
static inline size_t urna_rowkey_make(struct urna_view *out, struct urna_rowkey *k,
                                      const struct urna_cells *cells)
{
    if (!k->is_cell)
        return urna_rowkey_join(out, k, cells);
    *out = urna_text_trim_cell(urna_cell(cells, k->column));
    return out->len > 0 ? SIZE_MAX : 0;
}

/* The cell of a part after its steps; false: a step does not fit what is there. */
bool urna_rowkey_value(struct urna_view *v, const struct urna_bound_part *p,
                       const struct urna_cells *cells);

#endif
