/* What the verbs of `urna protocols` share. */
#ifndef URNA_CLI_PROTOCOLS_COMMON_H
#define URNA_CLI_PROTOCOLS_COMMON_H

#include "base/json_out.h"
#include "cli/options.h"
#include "evidence/protocols.h"

int urna_protocols_map(int argc, char **argv);
int urna_protocols_check(int argc, char **argv);
int urna_protocols_compare(int argc, char **argv);
int urna_protocols_contradict(int argc, char **argv);
int urna_protocols_sign(int argc, char **argv);

/* Show the map, what it makes of the table, and ask until it is accepted; false: it was not. */
bool urna_protocols_map_ask(struct urna_buf *text, const char *path, const char *member);

/* The map called ${map}, or one chosen for ${path} (which is then said on stderr). Exit code or
 * URNA_GO_ON. If the map names a column that is not there, all columns that exist are listed. */
int urna_open_map(struct urna_colmap *m, const char *command, const char *map, const char *path,
                  const char *member);
int urna_open_protocols(struct urna_protocols *p, const char *command, const char *map,
                        const char *path);
/* Print the error, and below it the columns of the table if that is what the error is about. */
int urna_protocols_error(const char *command, const struct urna_error *err, const char *path,
                         const struct urna_table_options *options);

/* "1,139" and "−3" as the house prints numbers; 4 buffers in turn. */
const char *urna_count_text(uint64_t x);
const char *urna_signed_text(int64_t x);
/* One line: sign, label, number. */
void urna_print_safe_str(const char *s);
void urna_json_print(struct urna_json *j); /* to stdout, with a line feed; frees it */
void urna_json_sha256(struct urna_json *j, const char *key,
                      const uint8_t hash[32]); /* lower case */

#endif
