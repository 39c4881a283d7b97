/* urna protocols compare: an official table against observers' copies. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/protocols/common.h"
#include "evidence/compare.h"
#include "evidence/signature.h"
#include "proof/ed25519.h"

static const char name[] = "urna protocols compare";

enum signed_state { UNSIGNED, SIGNED, BAD_SIGNATURE };

struct copy {
    const char *path;
    enum signed_state state;
    bool listed; /* its key is among --signer */
    struct urna_signature sig;
    char why[160];
};

struct request {
    const char *map, *copy_map, *bundle;
    struct urna_strings numbers, signers;
    uint64_t limit;
    bool json;
    struct urna_protocols official, *copies;
    struct copy *copy;
    size_t n;
    struct urna_comparison c;
};

/* ---- signatures ---- */

/* FILE.sig, if it is there. A signature that does not hold is told, and never counts as none. */
static enum urna_status look_at_signature(struct copy *out, const uint8_t hash[32],
                                          struct urna_error *err)
{
    struct urna_buf path = {0}, text = {0};
    bool missing = false;
    urna_buf_printf(&path, "%s.sig", out->path);
    enum urna_status st = urna_file_read(&text, urna_buf_cstr(&path), 4096, &missing, err);
    if (missing) {
        *err = (struct urna_error)URNA_ERROR_INIT;
        st = URNA_OK;
    } else if (st == URNA_OK) {
        st = urna_signature_read(&out->sig, urna_buf_view(&text), urna_buf_cstr(&path), err);
        if (st == URNA_OK) {
            struct urna_error e = URNA_ERROR_INIT;
            bool ok = urna_signature_check(&out->sig, hash, &e) == URNA_OK;
            out->state = ok ? SIGNED : BAD_SIGNATURE;
            snprintf(out->why, sizeof out->why, "%.150s", e.msg);
        }
    }
    urna_buf_free(&path);
    urna_buf_free(&text);
    return st;
}

static int check_signers(struct request *q)
{
    for (size_t i = 0; i < q->signers.n; i++) {
        uint8_t key[32];
        const char *s = q->signers.s[i];
        if (!urna_unhex_any(key, 32, s, strlen(s)) || !urna_ed25519_key_valid(key))
            return urna_usage_error(name, "--signer wants a public key of 64 hexadecimal digits");
        for (size_t k = 0; k < q->n; k++)
            if (q->copy[k].state == SIGNED && memcmp(q->copy[k].sig.key, key, 32) == 0)
                q->copy[k].listed = true;
    }
    return URNA_GO_ON;
}

static bool signatures_hold(const struct request *q)
{
    for (size_t k = 0; k < q->n; k++)
        if (q->copy[k].state == BAD_SIGNATURE || (q->signers.n > 0 && !q->copy[k].listed))
            return false;
    return true;
}

/* ---- text ---- */

static void print_copy(const struct request *q, size_t k)
{
    const struct urna_compare_copy *c = &q->c.copy[k];
    const struct copy *s = &q->copy[k];
    printf("  %s ", urna_term_sign(c->differing ? URNA_SIGN_FAILS : URNA_SIGN_HOLDS));
    urna_print_safe_str(s->path);
    printf("\n      %s stations in both: %s equal, %s differing; %s only in the copy",
           urna_count_text(c->matched), urna_count_text(c->identical),
           urna_count_text(c->differing), urna_count_text(c->unknown));
    if (c->repeated)
        printf("; %s rows repeat a station", urna_count_text(c->repeated));
    fputc('\n', stdout);
    if (s->state == UNSIGNED) {
        printf("    %s not signed\n",
               urna_term_sign(q->signers.n ? URNA_SIGN_FAILS : URNA_SIGN_OPEN));
        return;
    }
    char key[65];
    urna_hex(key, s->sig.key, 32);
    bool fine = s->state == SIGNED && (q->signers.n == 0 || s->listed);
    printf("    %s %s ", urna_term_sign(fine ? URNA_SIGN_HOLDS : URNA_SIGN_FAILS),
           s->state == SIGNED ? "signed by" : "BAD SIGNATURE of");
    urna_print_safe_str(s->sig.name);
    printf("%s%s\n      %s\n", s->why[0] ? ": " : "", s->why, key);
    if (s->state == SIGNED && q->signers.n > 0 && !s->listed)
        puts("      this key is not among --signer");
}

static void print_differences(const struct request *q)
{
    const struct urna_comparison *c = &q->c;
    if (c->n_differences)
        puts("\n        official        observed  difference");
    for (size_t i = 0; i < c->n_differences && i < q->limit; i++) {
        const struct urna_difference *d = &c->difference[i];
        printf("  %14s  %14s  %10s  ", urna_count_text(d->official), urna_count_text(d->observed),
               urna_signed_text((int64_t)d->official - (int64_t)d->observed));
        urna_print_safe_str(c->official->station[d->official_row]);
        fputs(", ", stdout);
        urna_print_safe_str(c->official->series[d->series].name);
        if (q->n > 1)
            printf(" [copy %u]", d->copy + 1);
        fputc('\n', stdout);
    }
    if (c->n_differences > q->limit)
        printf("  ... and %s more (--findings N, or --bundle)\n",
               urna_count_text(c->n_differences - q->limit));
}

static size_t n_missing(const struct urna_comparison *c)
{
    size_t n = 0;
    while (n < c->n_absent && c->absent[n].copy == UINT32_MAX)
        n++;
    return n;
}

static size_t n_differing(const struct urna_comparison *c)
{
    size_t n = 0;
    for (size_t k = 0; k < c->n_copies; k++)
        n += c->copy[k].differing;
    return n;
}

static void print_text(const struct request *q, int rc)
{
    const struct urna_comparison *c = &q->c;
    printf("%s ", urna_term_sign(rc ? URNA_SIGN_FAILS : URNA_SIGN_HOLDS));
    urna_term_tone(stdout, rc ? URNA_BAD : URNA_GOOD);
    fputs(c->n_differences || c->conflicts ? "DIFFERENT" : rc ? "SIGNATURES" : "EQUAL", stdout);
    urna_term_end(stdout);
    printf("  %s of %s official stations are in the copies; differing: %s\n\n",
           urna_count_text(c->stations), urna_count_text(c->official->n - c->official_repeated),
           urna_count_text(n_differing(c)));
    for (size_t k = 0; k < q->n; k++)
        print_copy(q, k);
    print_differences(q);
    fputc('\n', stdout);
    for (size_t s = 0; s < c->official->n_series; s++) {
        const struct urna_compare_series *x = &c->series[s];
        if (!x->differing)
            continue;
        fputs("  ", stdout);
        urna_print_safe_str(c->official->series[s].name);
        printf(": %s of %s differ; official more by %s, less by %s\n",
               urna_count_text(x->differing), urna_count_text(x->compared),
               urna_count_text(x->more), urna_count_text(x->less));
    }
    printf("  official stations in no copy: %s\n", urna_count_text(n_missing(c)));
    if (c->official_repeated)
        printf("  %s official rows repeat a station; the first of each was compared\n",
               urna_count_text(c->official_repeated));
    if (q->n > 1)
        printf("  stations about which copies contradict each other: %s\n",
               urna_count_text(c->conflicts));
    puts("\n  What is in no copy was not compared. Unless the stations were drawn at random,\n"
         "  these numbers say nothing about the others: they are a lower bound.");
}

/* ---- JSON and bundle ---- */

static void write_copy_json(struct urna_json *j, const struct request *q, size_t k)
{
    const struct urna_compare_copy *c = &q->c.copy[k];
    static const char *const states[] = {"none", "valid", "bad"};
    urna_json_open(j, NULL, '{');
    urna_json_str(j, "file", q->copy[k].path);
    urna_json_sha256(j, "sha256", q->copies[k].sha256);
    urna_json_u64(j, "matched", c->matched);
    urna_json_u64(j, "identical", c->identical);
    urna_json_u64(j, "differing", c->differing);
    urna_json_u64(j, "only_in_copy", c->unknown);
    urna_json_u64(j, "repeated", c->repeated);
    urna_json_str(j, "signature", states[q->copy[k].state]);
    if (q->copy[k].state != UNSIGNED) {
        urna_json_str(j, "signer", q->copy[k].sig.name);
        urna_json_hex(j, "key", q->copy[k].sig.key, 32);
    }
    urna_json_close(j, '}');
}

static void write_json(struct urna_json *j, const struct request *q, const char *official_path)
{
    const struct urna_comparison *c = &q->c;
    urna_json_open(j, NULL, '{');
    urna_json_str(j, "format", "urna-protocols-compare-1");
    urna_json_str(j, "official", official_path);
    urna_json_sha256(j, "official_sha256", q->official.sha256);
    urna_json_u64(j, "official_stations", c->official->n - c->official_repeated);
    urna_json_u64(j, "stations_in_copies", c->stations);
    urna_json_u64(j, "official_in_no_copy", n_missing(c));
    urna_json_u64(j, "conflicts_between_copies", c->conflicts);
    urna_json_open(j, "copies", '[');
    for (size_t k = 0; k < q->n; k++)
        write_copy_json(j, q, k);
    urna_json_close(j, ']');
    urna_json_open(j, "numbers", '[');
    for (size_t s = 0; s < c->official->n_series; s++) {
        if (!c->series[s].compared)
            continue;
        urna_json_open(j, NULL, '{');
        urna_json_str(j, "name", c->official->series[s].name);
        urna_json_u64(j, "compared", c->series[s].compared);
        urna_json_u64(j, "differing", c->series[s].differing);
        urna_json_u64(j, "official_more", c->series[s].more);
        urna_json_u64(j, "official_less", c->series[s].less);
        urna_json_close(j, '}');
    }
    urna_json_close(j, ']');
    urna_json_open(j, "differences", '[');
    for (size_t i = 0; i < c->n_differences && i < q->limit; i++) {
        const struct urna_difference *d = &c->difference[i];
        urna_json_open(j, NULL, '{');
        urna_json_str(j, "station", c->official->station[d->official_row]);
        urna_json_str(j, "number", c->official->series[d->series].name);
        urna_json_u64(j, "official", d->official);
        urna_json_u64(j, "observed", d->observed);
        urna_json_u64(j, "copy", d->copy);
        urna_json_close(j, '}');
    }
    urna_json_close(j, ']');
    urna_json_close(j, '}');
}

static enum urna_status write_file(const char *dir, const char *file, const struct urna_buf *b,
                                   struct urna_error *err)
{
    char *path = urna_path(dir, file);
    enum urna_status st = urna_file_write(path, b->p, b->len, 0644, err);
    free(path);
    return st;
}

/* Everything somebody needs to repeat the comparison, except the tables themselves. */
static enum urna_status write_bundle(const struct request *q, const char *official_path,
                                     struct urna_error *err)
{
    struct urna_buf b = {0};
    struct urna_json j = {0};
    enum urna_status st = urna_mkdirs(q->bundle, 0755, err);
    urna_comparison_differences(&b, &q->c);
    if (st == URNA_OK)
        st = write_file(q->bundle, "differences.csv", &b, err);
    urna_buf_reset(&b);
    urna_comparison_absent(&b, &q->c);
    if (st == URNA_OK)
        st = write_file(q->bundle, "without-counterpart.csv", &b, err);
    write_json(&j, q, official_path);
    urna_buf_char(&j.out, '\n');
    if (st == URNA_OK)
        st = write_file(q->bundle, "summary.json", &j.out, err);
    urna_json_free(&j);
    urna_buf_reset(&b);
    for (size_t k = 0; k <= q->n; k++) { /* as sha256sum -c reads it */
        const uint8_t *h = k < q->n ? q->copies[k].sha256 : q->official.sha256;
        const char *p = k < q->n ? q->copy[k].path : official_path;
        for (size_t i = 0; i < 32; i++)
            urna_buf_printf(&b, "%02x", h[i]);
        urna_buf_printf(&b, "  %s\n", strrchr(p, '/') ? strrchr(p, '/') + 1 : p);
    }
    if (st == URNA_OK)
        st = write_file(q->bundle, "SHA256SUMS", &b, err);
    urna_buf_reset(&b);
    for (size_t k = 0; k < q->n && st == URNA_OK; k++) {
        if (q->copy[k].state == UNSIGNED)
            continue;
        char file[40];
        snprintf(file, sizeof file, "copy-%zu.sig", k + 1);
        urna_buf_reset(&b);
        urna_signature_write(&b, &q->copy[k].sig);
        st = write_file(q->bundle, file, &b, err);
    }
    urna_buf_free(&b);
    return st;
}

/* ---- run ---- */

static int load(struct request *q, const struct urna_args *args)
{
    int rc = urna_open_protocols(&q->official, name, q->map, args->arg[0]);
    q->n = args->n - 1;
    q->copies = urna_xcalloc(q->n + 1, sizeof *q->copies);
    q->copy = urna_xcalloc(q->n + 1, sizeof *q->copy);
    for (size_t k = 0; k < q->n && rc == URNA_GO_ON; k++) {
        struct urna_error err = URNA_ERROR_INIT;
        q->copy[k].path = args->arg[k + 1];
        rc = urna_open_protocols(&q->copies[k], name, q->copy_map, q->copy[k].path);
        if (rc == URNA_GO_ON &&
            look_at_signature(&q->copy[k], q->copies[k].sha256, &err) != URNA_OK)
            rc = urna_report_error(name, &err);
    }
    return rc == URNA_GO_ON ? check_signers(q) : rc;
}

static int compare(struct request *q, const struct urna_args *args)
{
    struct urna_error err = URNA_ERROR_INIT;
    for (size_t i = 0; i < q->numbers.n; i++)
        if (urna_protocols_find(&q->official, q->numbers.s[i]) == URNA_NO_INDEX)
            return urna_usage_error(name, "the official table has no number \"%s\"",
                                    q->numbers.s[i]);
    enum urna_status st =
        urna_compare(&q->c, &q->official, q->copies, q->n, q->numbers.s, q->numbers.n, &err);
    if (st == URNA_OK && !signatures_hold(q))
        st = URNA_FALSE;
    if (st != URNA_OK && st != URNA_FALSE)
        return urna_report_error(name, &err);
    if (q->bundle) {
        enum urna_status w = write_bundle(q, args->arg[0], &err);
        if (w != URNA_OK)
            return urna_report_error(name, &err);
    }
    if (args->json) {
        struct urna_json j = {0};
        write_json(&j, q, args->arg[0]);
        urna_json_print(&j);
    } else {
        print_text(q, (int)st);
    }
    return (int)st;
}

int urna_protocols_compare(int argc, char **argv)
{
    struct request q = {.limit = 20};
    const struct urna_option options[] = {
        {"map", "FILE", "column map of the official table", .string = &q.map},
        {"copy-map", "FILE", "column map of the copies", .string = &q.copy_map},
        {"number", "NAME", "compare only this number (may be repeated)", .list = &q.numbers},
        {"signer", "KEY", "every copy must be signed by one of these keys (may be repeated)",
         .list = &q.signers},
        {"bundle", "FOLDER", "write tables of the differences, for publication; a new folder",
         .string = &q.bundle, .new_file = true},
        {"findings", "N", "show at most N differences; default 20", .number = &q.limit},
        {0},
    };
    const struct urna_command command = {
        .name = name,
        .title = "compare an official table with observers' copies",
        .usage = "urna protocols compare OFFICIAL COPY... [options]",
        .text = "Stations are matched by the key that the maps make, numbers by their names. A "
                "signature COPY.sig "
                "beside a copy is checked (urna protocols sign). Without --map each table gets the "
                "ready-made map "
                "that fits, or a guess.",
        .options = options,
        .args_min = 2,
        .args_max = 1000,
        .holds = "all that both have is equal",
        .fails = "something differs, or a signature does not hold",
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc == URNA_GO_ON)
        rc = load(&q, &args);
    if (rc == URNA_GO_ON)
        rc = compare(&q, &args);
    urna_comparison_free(&q.c);
    for (size_t k = 0; k < q.n; k++)
        urna_protocols_free(&q.copies[k]);
    urna_protocols_free(&q.official);
    free(q.copies);
    free(q.copy);
    urna_strings_free(&q.numbers);
    urna_strings_free(&q.signers);
    return rc;
}
