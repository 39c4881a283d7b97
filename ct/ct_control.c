/* The check of the check: this program branches on a secret and uses one as an index, and must be
 * reported. */
#include "ct.h"

int main(void)
{
    static volatile int table[256], sink;
    uint8_t x[2];
    ct_random_is_secret();
    urna_random(x, sizeof x);
    if (x[0] & 1)
        sink = 1;
    sink = table[x[1]];
    return sink;
}
