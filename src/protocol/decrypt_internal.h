/* One session of decryption (ElectionGuard 2.1 section 3.6), shared by its three rounds:
 * decrypt_commit.c, decrypt_reveal.c, decrypt_respond.c, named like the entries they make. Private
 * to this room. */
#ifndef URNA_PROTOCOL_DECRYPT_INTERNAL_H
#define URNA_PROTOCOL_DECRYPT_INTERNAL_H

#include "protocol/decrypt.h"
#include "protocol/guardian_internal.h"

/* Fields of all groups. */
size_t session_fields(const struct urna_decrypt_session *s);

/* Is this guardian of that session, and is the session well formed? */
enum urna_status session_check(const struct urna_guardian *g, const struct urna_decrypt_session *s,
                               struct urna_error *err) URNA_MUST_USE;

/* What a session is called in the state, and what it is about. */
void session_name(uint8_t out[32], const struct urna_decrypt_session *s);
void session_input(uint8_t out[32], const struct urna_guardian *g,
                   const struct urna_decrypt_session *s);

/* The session of the state, or *out = NULL; URNA_FALSE if it is asked about other sums. */
enum urna_status session_find(struct urna_guardian *g, const struct urna_decrypt_session *s,
                              struct guardian_session **out, struct urna_error *err) URNA_MUST_USE;

/* Name the count set, in memory only: the caller saves. */
enum urna_status session_countset(struct urna_guardian *g, const uint8_t countset[32], bool *fresh,
                                  struct urna_error *err) URNA_MUST_USE;

/* The session under way in the state: there, not answered (unless ${answered_too}), of the one
 * count set. */
enum urna_status session_under_way(struct urna_guardian *g, const struct urna_decrypt_session *s,
                                   bool answered_too, struct guardian_session **mine,
                                   struct urna_error *err) URNA_MUST_USE;

/* What every body of a session begins with; and is a body of this session and guardian i? */
void session_fill(struct urna_session *out, const struct urna_guardian *g,
                  const struct urna_decrypt_session *s, struct urna_arena *a);
bool session_is(const struct urna_guardian *g, const struct urna_decrypt_session *s, uint32_t i,
                const struct urna_session *o) URNA_MUST_USE;

/* A scalar of the authenticated file. */
void session_scalar(const struct urna_guardian *g, urna_secret_scalar *x, const uint8_t *p);

/* d of one field: what decrypt.commit holds. */
void session_commit_hash(uint8_t d[32], const struct urna_guardian *g,
                         const struct urna_decrypt_session *s, uint32_t group, uint32_t field,
                         uint32_t i, const urna_element *M, const urna_element *a,
                         const urna_element *b);

/* M = A^z, a = g^u, b = A^u of every field, in order. Owner: caller. */
struct partials {
    size_t n;
    urna_element *M, *a, *b;
    urna_secret_scalar *u; /* guarded */
};

/* From the nonces in the state: asked again, the same. */
void partials_make(struct partials *p, const struct urna_guardian *g,
                   const struct urna_decrypt_session *s, const struct guardian_session *mine);
void partials_free(struct partials *p);

#endif
