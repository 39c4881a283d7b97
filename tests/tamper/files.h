/* The files suite: a record on a disk, one thing in its files changed, and what the verifier says.
 */
#ifndef TAMPER_FILES_H
#define TAMPER_FILES_H

#include "base/file.h"
#include "log/trust.h"
#include "record.h"
#include "report.h"

struct files {
    struct rec rec;
    struct disk disk;       /* the record: changed and put back, case by case */
    struct urna_names name; /* its files */
    struct urna_buf *content;
    uint64_t size;
    char beside[80]; /* a folder for archives */
    struct urna_buf trust_text;
    struct urna_trust trust;
    struct report *report;
};

/* What must come of a case. */
struct want {
    const char *what, *op; /* for the report */
    const char *answers;   /* words: an answer of the law, or "refused" (cannot be read at all) */
    const char *mention;   /* stands in what the verifier says; NULL: nothing has to */
    const char *why;       /* the level asked for may be reached, and why that is right */
};
/* Verify path under a trust file, and hold it against what is wanted. */
void files_verify(struct files *x, const char *path, const struct urna_trust *trust,
                  const struct want *w);

/* Write a file of the record, as it must not be. NULL: remove it. */
void files_put(const struct files *x, const char *name, const struct urna_buf *content);
/* One file with another content, verified, and put back. */
void files_try(struct files *x, size_t file, const struct urna_buf *content, const struct want *w);
size_t files_find(const struct files *x, const char *name);

/* The parts of the suite. */
void files_of_hashes(struct files *x);
void files_of_entries(struct files *x);
void files_of_bodies(struct files *x);
void files_of_text(struct files *x);  /* checkpoint, trust file */
void files_in_place(struct files *x); /* missing, empty, a folder, a link, a stranger */
void files_in_archive(struct files *x);

#endif
