/* urna record cosign, anchor: what witnesses signed, on the checkpoint or in the log. */
#include <stdlib.h>
#include <string.h>

#include "cli/cmd_record.h"
#include "cli/notes.h"
#include "verify/append.h"

static enum urna_status read_notes(struct urna_cosigs *out, const struct urna_context *P,
                                   const struct urna_args *args, struct urna_error *err)
{
    enum urna_status st = URNA_OK;
    for (size_t i = 1; i < args->n && st == URNA_OK; i++)
        st = urna_cosigs_read(out, &P->m, args->arg[i], err);
    return st;
}

static enum urna_status put_on_checkpoint(struct urna_tell *s, struct urna_append *a,
                                          const struct urna_args *args, struct urna_error *err)
{
    const struct urna_context *P = urna_judge_context(urna_append_judge(a));
    struct urna_cosigs c = {0};
    struct urna_buf lines = {0};
    uint8_t root[32];
    uint64_t size = urna_tree_size(urna_append_tree(a));
    enum urna_status st = read_notes(&c, P, args, err);
    for (size_t i = 0; i < c.n && st == URNA_OK; i++) {
        if (c.v[i].size != size || !urna_tree_root(urna_append_tree(a), size, root) ||
            memcmp(root, c.v[i].root, 32) != 0)
            st = urna_fail(err, URNA_FALSE,
                           "the line of %s is for size %llu, the checkpoint has size %llu: an "
                           "anchor can hold it (urna record anchor)",
                           P->m.witnesses[c.v[i].witness].id, (unsigned long long)c.v[i].size,
                           (unsigned long long)size);
        urna_buf_add(&lines, c.v[i].line.p, c.v[i].line.len);
    }
    if (st == URNA_OK)
        st = urna_append_cosign(a, urna_buf_view(&lines), err);
    if (st == URNA_OK) {
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD,
                       "the checkpoint of size %llu has %zu line(s) of witnesses more",
                       (unsigned long long)size, c.n);
        urna_tell_u64(s, "lines", c.n);
    }
    urna_buf_free(&lines);
    urna_cosigs_free(&c);
    return st;
}

int urna_cmd_record_cosign(int argc, char **argv)
{
    const struct urna_command command = {
        .name = "urna record cosign",
        .title = "put witnesses' signatures on the checkpoint",
        .usage = "urna record cosign RECORD NOTE...",
        .text = "The notes are what urna witness cosign wrote; they must be of the checkpoint's "
                "very size and root. No key is needed.",
        .args_min = 2,
        .args_max = 100,
        .holds = "done",
        .fails = "a line does not verify or is of another size",
    };
    struct urna_args args;
    struct urna_tell s;
    struct urna_append *a = NULL;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    struct urna_error err = URNA_ERROR_INIT;
    urna_tell_begin(&s, &args);
    enum urna_status st = urna_append_reopen(&a, args.arg[0], 0, &err);
    if (st != URNA_OK)
        urna_error_where(&err, args.arg[0]);
    else
        st = put_on_checkpoint(&s, a, &args, &err);
    urna_append_free(a);
    if (st != URNA_OK) {
        urna_json_free(&s.j);
        return urna_report_error(command.name, &err);
    }
    return urna_tell_end(&s, URNA_OK);
}

/* --- anchor -------------------------------------------------------------- */

struct line {
    const char *id;
    const struct urna_cosig *c;
};

static int by_id_then_key(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    int order = strcmp(x->id, y->id);
    return order ? order : (int)x->c->head - (int)y->c->head; /* "full" before "head" */
}

static enum urna_status anchor_body(struct urna_buf *out, const struct urna_cli_record *r,
                                    const struct urna_cosigs *c, struct urna_error *err)
{
    const struct urna_manifest *m = &r->P->m;
    struct line *line = urna_xcalloc(c->n, sizeof *line);
    struct urna_body b = {.kind = URNA_ANCHOR};
    b.anchor.cosigs = urna_xcalloc(c->n, sizeof *b.anchor.cosigs);
    b.anchor.size = c->v[0].size;
    memcpy(b.anchor.root, c->v[0].root, 32);
    enum urna_status st = URNA_OK;
    for (size_t i = 0; i < c->n; i++) {
        line[i] = (struct line){m->witnesses[c->v[i].witness].id, &c->v[i]};
        if (st == URNA_OK &&
            (c->v[i].size != c->v[0].size || memcmp(c->v[i].root, c->v[0].root, 32) != 0))
            st = urna_fail(
                err, URNA_INPUT,
                "the notes are of different sizes or roots: an anchor has one; make several");
    }
    qsort(line, c->n, sizeof *line, by_id_then_key);
    for (size_t i = 0; i < c->n && st == URNA_OK; i++) {
        if (i > 0 && by_id_then_key(&line[i - 1], &line[i]) == 0)
            st = urna_fail(err, URNA_INPUT, "two lines of %s with one key: make two anchors",
                           line[i].id);
        struct urna_anchor_sig *x = &b.anchor.cosigs[b.anchor.n_cosigs++];
        x->as = line[i].id;
        x->head = line[i].c->head;
        x->time = line[i].c->time;
        memcpy(x->sig, line[i].c->sig, 64);
    }
    if (st == URNA_OK)
        urna_body_write(out, &b, r->P->lp, r->P->lq);
    free(b.anchor.cosigs);
    free(line);
    return st;
}

int urna_cmd_record_anchor(int argc, char **argv)
{
    struct urna_cli_record r = {0};
    const char *out = NULL;
    const struct urna_option options[] = {
        {"out", "FILE", "the entry", .string = &out, .required = true, .new_file = true},
        URNA_TRUST_OPTIONS(r),
        {0},
    };
    const struct urna_command command = {
        .name = "urna record anchor",
        .title = "make an anchor entry from witnesses' signatures",
        .usage = "urna record anchor RECORD NOTE... --out FILE",
        .text = "Anchors are the clock of an election: what was in time, and when it is sealed, "
                "follow from the witnesses' times in them.",
        .options = options,
        .args_min = 2,
        .args_max = 100,
        .holds = "made",
        .fails = "a line does not verify, or the record is not valid",
    };
    struct urna_args args;
    struct urna_tell s;
    struct urna_cosigs c = {0};
    struct urna_buf body = {0};
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    struct urna_error err = URNA_ERROR_INIT;
    r.path = args.arg[0];
    urna_tell_begin(&s, &args);
    enum urna_status st = urna_cli_record_open(&r, &err);
    if (st == URNA_OK)
        st = read_notes(&c, r.P, &args, &err);
    if (st == URNA_OK)
        st = anchor_body(&body, &r, &c, &err);
    if (st == URNA_OK)
        st = urna_cli_entry_write(&s, out, URNA_ANCHOR, urna_buf_view(&body), NULL, r.P->phi, &err);
    if (st == URNA_OK) {
        urna_tell_u64(&s, "size", c.v[0].size);
        urna_tell_u64(&s, "lines", c.n);
    }
    urna_cosigs_free(&c);
    urna_buf_free(&body);
    urna_cli_record_close(&r);
    if (st != URNA_OK) {
        urna_json_free(&s.j);
        return urna_report_error(command.name, &err);
    }
    return urna_tell_end(&s, URNA_OK);
}
