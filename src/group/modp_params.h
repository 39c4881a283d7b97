/* The parameters of the groups mod p, as hexadecimal text that can be compared with the
 * specification. */
#ifndef URNA_GROUP_MODP_PARAMS_H
#define URNA_GROUP_MODP_PARAMS_H

#include "group/group_impl.h"

struct modp_params {
    const char *name;
    bool test_only;
    size_t lp, lq;
    const char *p, *q, *g; /* 2*lp, 2*lq, 2*lp digits */
};
extern const struct modp_params urna_modp_params[MODP_SETS];

#endif
