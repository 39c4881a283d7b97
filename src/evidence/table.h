/* Tables as people publish them: CSV and TSV, plain, gzip or zip; read row by row in memory that
 * does not grow with the number of rows.
 *
 * What is recognised: UTF-8 with or without a byte order mark, UTF-16 with one, Windows-1250, -1251,
 * -1252, -1254, ISO 8859-2 (converted to UTF-8); comma, semicolon, TAB or | between the fields; RFC 4180
 * quotes, also around line breaks; LF, CRLF, CR. What is refused says file, line and field: bytes
 * that are not of the recognised encoding, a quote that never closes, fields, rows and archives
 * beyond the limits. */
#ifndef URNA_EVIDENCE_TABLE_H
#define URNA_EVIDENCE_TABLE_H

#include "base/bytes.h"
#include "hash/sha256.h"

#define URNA_TABLE_MAX_COLUMNS 65536u
#define URNA_TABLE_MAX_ROW ((size_t)64 << 20)      /* bytes of one row, quotes and all */
#define URNA_TABLE_MAX_BYTES ((uint64_t)256 << 30) /* unpacked */
#define URNA_TABLE_SLACK 8u
#define URNA_TABLE_MAX_RATIO 300u /* unpacked : packed, beyond the first 64 MiB */

enum urna_encoding {
    URNA_ENCODING_AUTO,
    URNA_UTF8,
    URNA_WINDOWS_1250,
    URNA_WINDOWS_1251,
    URNA_WINDOWS_1252,
    URNA_WINDOWS_1254,
    URNA_ISO_8859_2,
};

struct urna_table_options {
    enum urna_encoding encoding;
    char separator;       /* 0: recognise */
    uint32_t header_row;  /* 1 = first row that is not empty; 0 means 1. Rows above are skipped */
    uint32_t header_rows; /* so many rows make the names (evidence/header.h); 0 means 1 */
    bool headless;        /* no names: there are no columns, and every row is delivered */
    const char *member;   /* name inside a zip; NULL: its only table */
    uint64_t max_bytes;   /* 0: URNA_TABLE_MAX_BYTES */
};

struct urna_table; /* owner of everything below */

/* options may be NULL. Opens the file, recognises what it is, and reads the header row.
 * URNA_INPUT: no such file, not a table, damaged; err->where is then "file:line:field". */
enum urna_status urna_table_open(struct urna_table **out, const char *path,
                                 const struct urna_table_options *options,
                                 struct urna_error *err) URNA_MUST_USE;
/* The same from memory (borrowed until close); ${name} stands in messages. */
enum urna_status urna_table_open_memory(struct urna_table **out, struct urna_view bytes,
                                        const char *name, const struct urna_table_options *options,
                                        struct urna_error *err) URNA_MUST_USE;
void urna_table_close(struct urna_table *t); /* NULL allowed */

const char *urna_table_name(const struct urna_table *t);
enum urna_encoding urna_table_encoding(const struct urna_table *t);
char urna_table_separator(const struct urna_table *t);
/* Names of the columns, no two alike (evidence/header.h); UTF-8, NUL-terminated, surrounding spaces
 * removed; owned by the table. */
size_t urna_table_n_columns(const struct urna_table *t);
const char *urna_table_column(const struct urna_table *t, size_t i);

/* Read the next row that is not empty. *end: there is none, and the file was whole (length and
 * checksum of gzip and zip included). The row is valid until the next call. Its number of cells is
 * what the file has: compare with urna_table_n_columns. */
enum urna_status urna_table_next(struct urna_table *t, bool *end,
                                 struct urna_error *err) URNA_MUST_USE;
size_t urna_table_n_cells(const struct urna_table *t);
/* i < n_cells */
struct urna_view urna_table_cell(const struct urna_table *t, size_t i);

/* The cells of the row for who reads very many: cell i lies between two bytes of base, neither of
 * which belongs to it (before[0] may be -1). URNA_TABLE_SLACK bytes behind every cell may be read
 * too; what they are says nothing. */
struct urna_cells {
    const uint8_t *base;
    const uint32_t *before, *behind;
    size_t n;
};
/* The same place for every row of the table. */
const struct urna_cells *urna_table_cells(const struct urna_table *t);
static inline struct urna_view urna_cell(const struct urna_cells *c, size_t i)
{
    uint32_t start = c->before[i] + 1u; /* mod 2^32 */
    return urna_view(c->base + start, c->behind[i] - start);
}

uint64_t urna_table_line(const struct urna_table *t);  /* where the row begins, from 1 */
uint64_t urna_table_bytes(const struct urna_table *t); /* unpacked so far */

/* Set err->where to "file:line:field" (field from 0 here, printed from 1) and return ${status}. */
enum urna_status urna_table_fail(const struct urna_table *t, size_t field, struct urna_error *err,
                                 enum urna_status status, const char *fmt, ...) URNA_PRINTF(5, 6);

/* SHA-256 of the file as it lies there (packed, if it is packed). */
enum urna_status urna_table_hash_file(uint8_t out[URNA_HASH_LEN], const char *path,
                                      struct urna_error *err) URNA_MUST_USE;

/* ---- numbers as spreadsheets write them ---- */

/* How numbers are written in one file. '\0': not said. */
struct urna_number_style {
    char decimal;   /* '.' or ',' */
    char thousands; /* '.', ',', ' ' (also no-break spaces) or '\'' */
};

enum urna_number_result {
    URNA_NUMBER_OK,
    URNA_NUMBER_EMPTY,     /* nothing, or only spaces */
    URNA_NUMBER_BAD,       /* no number, negative, or no whole number */
    URNA_NUMBER_TOO_LARGE, /* >= 2^63 */
    /* As OK, read with a thousands separator; but "1,000" alone could be a 1 with three decimals.
     * The caller must see ${seen}.thousands be that separator by the end of the file. */
    URNA_NUMBER_UNSURE,
};
/* A count: digits, also grouped in threes ("1 234", "1,234", "1.234.567"), also with a decimal part
 * of zeros ("12.0", "12,00"). What the cell shows by itself about the separators is stored in
 * ${seen} (else left alone); if the two become equal, the file contradicts itself. */
enum urna_number_result urna_number_count(uint64_t *out, struct urna_number_style *seen,
                                          struct urna_view cell,
                                          struct urna_number_style style) URNA_MUST_USE;

/* A share or percentage, "51,2", "51.20%", " 7 %": value = digits / 10^places. places <= 12. */
struct urna_decimal {
    uint64_t digits;
    unsigned places;
};
enum urna_number_result urna_number_decimal(struct urna_decimal *out, struct urna_view cell,
                                            struct urna_number_style style) URNA_MUST_USE;

#endif
