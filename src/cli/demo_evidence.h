/* The files of `urna demo evidence`, made part of the program by tools/embed-texts. */
#ifndef URNA_CLI_DEMO_EVIDENCE_H
#define URNA_CLI_DEMO_EVIDENCE_H

#include <stddef.h>

struct urna_demo_file {
    const char *name, *text;
};
extern const struct urna_demo_file urna_demo_files[];
extern const size_t urna_demo_n_files;

#endif
