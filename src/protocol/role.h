/* Role keys (Ed25519) of the commission, registrars, guardians, witnesses, observers and the log;
 * entries made and signed with them (election.md section 2), as entry files on their way to the log
 * (model/entry.h). */
#ifndef URNA_PROTOCOL_ROLE_H
#define URNA_PROTOCOL_ROLE_H

#include "model/entry.h"
#include "protocol/sealed.h"

/* ${name}: the id of a role, or for the log and for cosigners their C2SP key name (class `name`, no
 * '+'). */
struct urna_role_key {
    char name[256];
    uint8_t public[32];
    uint8_t seed[32]; /* secret */
};
/* URNA_INPUT if the name is neither an identifier nor a key name. */
enum urna_status urna_role_new(struct urna_role_key *out, const char *name,
                               struct urna_error *err) URNA_MUST_USE;
enum urna_status urna_role_from_seed(struct urna_role_key *out, const char *name,
                                     const uint8_t seed[32], struct urna_error *err) URNA_MUST_USE;
void urna_role_wipe(struct urna_role_key *r);
/* purpose: URNA_SEAL_ROLE, URNA_SEAL_LOG or URNA_SEAL_WITNESS. */
enum urna_status urna_role_save(const struct urna_role_key *r, const char *path,
                                const char *purpose, struct urna_view pass,
                                const struct urna_seal_cost *cost,
                                struct urna_error *err) URNA_MUST_USE;
enum urna_status urna_role_load(struct urna_role_key *out, const char *path, const char *purpose,
                                struct urna_view pass, struct urna_error *err) URNA_MUST_USE;

/* Sign the entry message of (phi, kind, by, body). For a manifest phi is not used (the law has 32
 * zero bytes there). */
void urna_role_sign(uint8_t sig[64], const uint8_t seed[32], const uint8_t phi[32],
                    enum urna_kind kind, const char *by, struct urna_view body);
/* The public twin: does the signature fit the message? (Not: may this role sign this kind.) */
bool urna_role_check(const uint8_t key[32], const uint8_t sig[64], const uint8_t phi[32],
                     enum urna_kind kind, const char *by, struct urna_view body) URNA_MUST_USE;

/* An entry file with one signature; unsigned kinds: r = NULL. The body is taken as it is.
 * URNA_INPUT if the kind wants no signature and r is given, or the other way round. */
enum urna_status urna_entry_make(struct urna_buf *file, enum urna_kind kind, struct urna_view body,
                                 const struct urna_role_key *r, const uint8_t phi[32],
                                 struct urna_error *err) URNA_MUST_USE;
/* Another signature to an entry file that is not yet in the log, for the kinds that several sign
 * (manifest, roll, roll.close, open, close, redact): ${out} is the file with it. URNA_INPUT for
 * another kind, a second signature of one name, more than 24. */
enum urna_status urna_entry_cosign(struct urna_buf *out, struct urna_view file,
                                   const struct urna_role_key *r, const uint8_t phi[32],
                                   struct urna_error *err) URNA_MUST_USE;

#endif
