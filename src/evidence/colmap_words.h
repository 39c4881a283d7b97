/* The words of a column map's lines. Private to colmap*.c. */
#ifndef URNA_EVIDENCE_COLMAP_WORDS_H
#define URNA_EVIDENCE_COLMAP_WORDS_H

#include "evidence/colmap.h"

struct urna_map_reader {
    struct urna_colmap *m;
    struct urna_error *err;
    const char *p, *end; /* what is left of the current line */
    unsigned line;
};

/* URNA_INPUT with the file and the line. */
enum urna_status urna_map_fail(const struct urna_map_reader *r, const char *fmt, ...)
    URNA_PRINTF(2, 3);

/* An array in the arena with room for one more element: doubled whenever n is a power of two. */
void *urna_map_grown(struct urna_arena *a, void *old, size_t n, size_t size);
#define URNA_MAP_GROW(r, array, n)                                                                 \
    ((array) = urna_map_grown(&(r)->m->arena, (array), (n), sizeof *(array)))

void urna_map_skip_spaces(struct urna_map_reader *r);
bool urna_map_accept(struct urna_map_reader *r, char c); /* spaces, then c: then it is taken */
bool urna_map_at_end(struct urna_map_reader *r);
enum urna_status urna_map_want_end(struct urna_map_reader *r);
/* Quoted, or bare up to one of ${stop} with the spaces around it removed; never empty if bare. */
enum urna_status urna_map_read_name(const char **out, struct urna_map_reader *r, const char *stop);
/* A column and its steps; columns between commas up to the end of the line. */
enum urna_status urna_map_read_ref(struct urna_colmap_ref *out, struct urna_map_reader *r,
                                   const char *stop);
enum urna_status urna_map_read_refs(struct urna_colmap_refs *out, struct urna_map_reader *r);

#endif
