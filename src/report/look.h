/* The style sheet of every page, embedded by the build (tools/embed-style). */
#ifndef URNA_REPORT_LOOK_H
#define URNA_REPORT_LOOK_H

#include <stddef.h>

extern const char urna_look_css[]; /* ends with a NUL that is not counted */
extern const size_t urna_look_css_len;
extern const char urna_look_css_sha256[]; /* base64, as in style-src 'sha256-...' */

#endif
