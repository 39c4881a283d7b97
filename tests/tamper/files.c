/* Every file of a record, every line, hash, length and byte range of it: changed, left out, said
 * twice, exchanged, cut, lengthened; the verifier must say which file and what, with exit code 1 or
 * 2. What is rightly harmless is listed with its reason. */
#include "files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "expect.h"
#include "verify/verify.h"

enum { EARLIER = 280, LEAVES = 300 }; /* a full tile, a partial one, and an earlier partial one */

/* --- verifying ----------------------------------------------------------- */

static void say_all(struct urna_buf *out, const struct urna_verdict *v)
{
    size_t n;
    urna_buf_printf(out, "%s\n", v->why);
    for (size_t i = 0; i < v->n_faults; i++)
        urna_buf_printf(out, "%s: %s\n", v->faults[i].file, v->faults[i].text);
    if (!v->judged)
        return;
    struct urna_judge *J = urna_follow_judge(v->follow);
    const struct urna_void *w = urna_judge_voids(J, &n);
    for (size_t i = 0; i < n; i++)
        if (w[i].kind != URNA_KIND_UNKNOWN)
            urna_buf_printf(out, "void %llu %s: %s\n", (unsigned long long)w[i].index, w[i].rule,
                            w[i].reason);
    const struct urna_finding *f = urna_judge_findings(J, &n);
    for (size_t i = 0; i < n; i++)
        urna_buf_printf(out, "%s\n", f[i].text);
}

void files_verify(struct files *x, const char *path, const struct urna_trust *trust,
                  const struct want *w)
{
    struct urna_verify_options o = {.trust = trust, .threads = 1};
    struct urna_verdict v;
    struct urna_error err = URNA_ERROR_INIT;
    struct urna_buf text = {0};
    enum urna_status st = urna_verify(&v, path, &o, &err);
    int code = (int)st;
    const char *got = "refused";
    if (st == URNA_OK) {
        code = urna_verdict_exit(&v);
        got = urna_answer_name[v.answer];
        say_all(&text, &v);
        urna_verdict_free(&v);
    } else {
        urna_buf_printf(&text, "%s: %s", err.where, err.msg);
    }
    const char *said = urna_buf_cstr(&text);
    report_case(x->report, got, false);
    if (!expect_has(w->answers, got))
        report_fault(x->report, "%s %s: %s, not %s (%.120s)", w->what, w->op, got, w->answers,
                     said);
    else if (code == URNA_SYSTEM || (code == URNA_OK && !w->why))
        report_fault(x->report, "%s %s: exit code %d", w->what, w->op, code);
    else if (w->mention && !strstr(said, w->mention))
        report_fault(x->report, "%s %s: nothing says \"%s\": %.150s", w->what, w->op, w->mention,
                     said);
    if (code == URNA_OK && w->why)
        report_harmless(x->report, w->what, w->op, got, w->why);
    urna_buf_free(&text);
}

/* --- files --------------------------------------------------------------- */

void files_put(const struct files *x, const char *name, const struct urna_buf *content)
{
    char *path = urna_path(x->disk.folder, name);
    if (content) {
        FILE *f = fopen(path, "wb");
        if (!f ||
            fwrite(content->p ? content->p : (const uint8_t *)"", 1, content->len, f) !=
                content->len ||
            fclose(f) != 0)
            give_up(path, strerror(errno));
    } else if (unlink(path) != 0) {
        give_up(path, strerror(errno));
    }
    free(path);
}

void files_try(struct files *x, size_t file, const struct urna_buf *content, const struct want *w)
{
    if (content && urna_view_eq(urna_buf_view(content), urna_buf_view(&x->content[file]))) {
        report_nothing(x->report);
        return;
    }
    files_put(x, x->name.name[file], content);
    files_verify(x, x->disk.folder, &x->trust, w);
    files_put(x, x->name.name[file], &x->content[file]);
}

size_t files_find(const struct files *x, const char *name)
{
    for (size_t i = 0; i < x->name.n; i++)
        if (strcmp(x->name.name[i], name) == 0)
            return i;
    give_up(name, "is not in the record");
}

/* --- the record ---------------------------------------------------------- */

static void write_record(struct files *x)
{
    struct leaves l = {0};
    struct urna_error err = URNA_ERROR_INIT;
    const struct ve *t = x->rec.t;
    disk_open(&x->disk, t);
    uint64_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct ve_entry *e = &t->entry[i];
        leaves_make(&l, e->kind, urna_buf_view(&e->body), e->sig, e->n_sigs);
        for (size_t k = 0; k < l.n; k++, n++)
            disk_leaf(&x->disk, urna_buf_view(&l.leaf[k]));
        if (urna_kind_out_of_line(e->kind))
            disk_body(&x->disk, urna_buf_view(&e->body));
    }
    /* What nobody knows fills the tiles. */
    for (; n < LEAVES; n++) {
        urna_buf_reset(&l.leaf[0]);
        urna_buf_printf(&l.leaf[0], "{\"kind\":\"nobody\",\"sigs\":[]}\n{\"n\":%llu}",
                        (unsigned long long)n);
        disk_leaf(&x->disk, urna_buf_view(&l.leaf[0]));
        if (n + 1 == EARLIER)
            disk_commit(&x->disk);
    }
    x->size = n;
    disk_seal(&x->disk);
    leaves_free(&l);
    if (urna_list_files(&x->name, x->disk.folder, 1000, &err) != URNA_OK)
        give_up("record", err.msg);
    x->content = urna_xcalloc(x->name.n, sizeof *x->content);
    for (size_t i = 0; i < x->name.n; i++) {
        char *path = urna_path(x->disk.folder, x->name.name[i]);
        if (urna_file_read(&x->content[i], path, 1u << 26, NULL, &err) != URNA_OK)
            give_up(path, err.msg);
        free(path);
    }
}

int main(int argc, char **argv)
{
    struct urna_error err = URNA_ERROR_INIT;
    struct files x = {.report = report_new("files")};
    if (argc != 2)
        return 2;
    if (urna_secret_init(&err) != URNA_OK)
        return 3;
    rec_hold(&x.rec, "toy-64-256", REC_WITNESSED);
    write_record(&x);
    rec_trust(x.rec.t, &x.trust_text);
    if (urna_trust_read(&x.trust, urna_buf_view(&x.trust_text), &err) != URNA_OK)
        give_up("trust", err.msg);
    snprintf(x.beside, sizeof x.beside, "%s.beside", x.disk.folder);
    if (mkdir(x.beside, 0700) != 0)
        give_up(x.beside, strerror(errno));
    report_subject(x.report, "as it is");
    files_verify(&x, x.disk.folder, &x.trust,
                 &(struct want){"the record", "as it is", "final", NULL, "nothing was changed"});
    files_of_hashes(&x);
    files_of_entries(&x);
    files_of_bodies(&x);
    files_of_text(&x);
    files_in_place(&x);
    files_in_archive(&x);
    report_subject(x.report, "as it is again");
    files_verify(&x, x.disk.folder, &x.trust,
                 &(struct want){"the record", "as it is", "final", NULL, "all was put back"});
    disk_remove(&x.disk);
    if (urna_remove_tree(x.beside, &err) != URNA_OK)
        give_up(x.beside, err.msg);
    for (size_t i = 0; i < x.name.n; i++)
        urna_buf_free(&x.content[i]);
    free(x.content);
    urna_names_free(&x.name);
    urna_trust_free(&x.trust);
    urna_buf_free(&x.trust_text);
    rec_free(&x.rec);
    return report_end(x.report, (unsigned)atoi(argv[1]));
}
