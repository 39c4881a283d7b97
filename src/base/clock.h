/* Clock: the one door to the time of day. */
#ifndef URNA_BASE_CLOCK_H
#define URNA_BASE_CLOCK_H
#include <stdint.h>
int64_t urna_now(void);     /* Unix seconds */
int64_t urna_mono_ms(void); /* monotonic milliseconds */
void urna_sleep_ms(unsigned ms);
#endif
