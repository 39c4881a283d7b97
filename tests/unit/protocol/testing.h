/* Shared by the tests of src/protocol: a small election in memory, its log as parsed bodies, and a
 * folder for sealed files. */
#ifndef URNA_TESTS_PROTOCOL_TESTING_H
#define URNA_TESTS_PROTOCOL_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "protocol/combine.h"
#include "protocol/ceremony.h"
#include "protocol/encrypt.h"

#define GUARDIANS_MAX 5
#define CONTESTS 2

#define assert_ok(x, err)                                                                          \
    do {                                                                                           \
        enum urna_status st_ = (x);                                                                \
        if (st_ != URNA_OK)                                                                        \
            fail_msg("%s: status %d: %s %s", #x, (int)st_, (err).rule, (err).msg);                 \
    } while (0)
/* A refusal with the status that the contract names, and a reason. */
#define assert_status(want, x, err)                                                                \
    do {                                                                                           \
        (err) = (struct urna_error)URNA_ERROR_INIT;                                                \
        enum urna_status st_ = (x);                                                                \
        if (st_ != (want))                                                                         \
            fail_msg("%s: status %d, not %d: %s", #x, (int)st_, (int)(want), (err).msg);           \
        assert_true((want) == URNA_OK || (err).msg[0] != 0);                                       \
    } while (0)

/* A private folder, made at first use; names in it. */
const char *test_path(const char *name);
void test_folder_remove(void);
extern const struct urna_view test_pass;

json_t *vectors(const char *name); /* tests/data/election/NAME */
const char *text_of(const json_t *o, const char *key);
uint64_t number_of(const json_t *o, const char *key);
void bytes_of(uint8_t *out, size_t len, const json_t *o, const char *key);
void add_hex(struct urna_buf *b, const char *hex);

struct election {
    const struct urna_group *G;
    size_t lp, lq;
    uint8_t phi[32], h_p[32];
    struct urna_manifest m;
    struct urna_arena a;
    struct urna_guardian *g[GUARDIANS_MAX];
    char *path[GUARDIANS_MAX];
    /* the log of the current attempt, and the exact bodies */
    uint32_t attempt;
    const struct urna_guardian_commit *commit[GUARDIANS_MAX];
    const struct urna_guardian_keys *keys[GUARDIANS_MAX];
    const struct urna_guardian_shares *shares[GUARDIANS_MAX];
    const struct urna_guardian_confirm *confirm[GUARDIANS_MAX];
    const struct urna_guardian_complaint *complaint;
    /* after the ceremony */
    struct urna_joint_keys joint;
    struct urna_open open;
    struct urna_fixed *K;
    struct urna_booth booth;
};

/* Two contests: 3 options, R = 1, L = 1; 2 options, R = 2, L = 3. Two styles: "both", "first". */
void election_new(struct election *e, const char *group, uint32_t n, uint32_t k);
void election_free(struct election *e);
struct urna_ceremony election_view(const struct election *e);
/* Guardian i (from 1) is asked once; what it says goes to the log. Returns the kind. */
enum urna_kind election_ask(struct election *e, uint32_t i);
/* Ask in turn until nobody says anything; at most 100 rounds. */
void election_run(struct election *e);
/* Run to the end, check the joint keys, open, make the booth. */
void election_open(struct election *e);
/* Close and open the guardian's file again. */
void election_reopen(struct election *e, uint32_t i);
/* Read a body that was just said into the arena, and check that it is written the same. */
void election_read(struct election *e, struct urna_body *out, enum urna_kind kind,
                   struct urna_view body);
/* A copy of a body in the arena that may be changed. */
struct urna_body *body_copy(struct election *e, enum urna_kind kind, const void *part);

#endif
