/* urna ballot check: on another device, is the opened ballot what was chosen? */
#include <string.h>

#include "cli/cmd_ballot.h"

static enum urna_status read_challenge(struct urna_challenge *out, const struct urna_cli_booth *x,
                                       const char *path, struct urna_buf *file,
                                       struct urna_arena *a, struct urna_error *err)
{
    struct urna_entry e;
    struct urna_body b;
    enum urna_status st = urna_cli_read(file, path, URNA_OUT_MAX, err);
    if (st == URNA_OK)
        st = urna_entry_file_read(&e, urna_buf_view(file), a, err);
    if (st == URNA_OK && e.kind != URNA_CHALLENGE)
        st = urna_fail(err, URNA_INPUT,
                       "an entry of kind %s: only a ballot that was opened can be checked",
                       urna_kind_name(e.kind));
    if (st == URNA_OK) {
        st = urna_body_read(&b, e.kind, e.body, x->record.P->lp, x->record.P->lq, a, err);
        if (st == URNA_FALSE)
            st = err->status = URNA_INPUT;
    }
    if (st == URNA_OK)
        *out = b.challenge;
    else
        urna_error_where(err, path);
    return st;
}

static void say_choices(struct urna_tell *s, const struct urna_manifest *m,
                        const struct urna_challenge *c)
{
    if (s->json)
        urna_json_open(&s->j, "choices", '[');
    for (uint32_t i = 0; i < c->n_contests; i++) {
        const struct urna_contest *k = &m->contests[c->contests[i].i - 1];
        bool any = false;
        for (uint32_t o = 0; o < k->n_options; o++) {
            uint64_t value = c->contests[i].fields[o].value;
            if (value == 0)
                continue;
            any = true;
            if (s->json) {
                urna_json_open(&s->j, NULL, '{');
                urna_json_str(&s->j, "contest", k->id);
                urna_json_str(&s->j, "option", k->options[o].id);
                urna_json_u64(&s->j, "value", value);
                urna_json_close(&s->j, '}');
                continue;
            }
            const char *title = urna_cli_title(&k->options[o].title, k->options[o].id);
            printf("  %-13s ", k->id);
            urna_print_safe(stdout, title, strlen(title));
            if (value > 1)
                printf(" (%llu)", (unsigned long long)value);
            putchar('\n');
        }
        if (!any && !s->json)
            printf("  %-13s (blank)\n", k->id);
    }
    if (s->json)
        urna_json_close(&s->j, ']');
}

static enum urna_status check(struct urna_tell *s, struct urna_cli_booth *x, const char *path,
                              const char *code_text, struct urna_error *err)
{
    struct urna_buf file = {0};
    struct urna_arena a = {0};
    struct urna_challenge c;
    uint8_t code[32], wanted[32];
    enum urna_status st = urna_cli_booth_open(x, err);
    if (st == URNA_OK)
        st = read_challenge(&c, x, path, &file, &a, err);
    if (st == URNA_OK) {
        st = urna_challenge_recompute(code, &x->b, &c, err);
        if (st != URNA_OK)
            urna_error_where(err, path);
    }
    if (st == URNA_OK && code_text &&
        (!urna_unhex_any(wanted, 32, code_text, strlen(code_text)) ||
         memcmp(code, wanted, 32) != 0)) {
        urna_tell_head(s, URNA_SIGN_FAILS, URNA_BAD, "the code is not the one that you wrote down");
        urna_tell_hex(s, "code", code, 32);
        urna_tell_str(s, "written_down", code_text);
        urna_tell_note(s, "The device showed the code of another ballot than the one it opened. Do "
                          "not vote with it; tell a witness.");
        s->rc = URNA_FALSE;
    } else if (st == URNA_OK) {
        urna_tell_head(s, URNA_SIGN_HOLDS, URNA_GOOD, "the ciphertexts hold exactly this");
        urna_tell_hex(s, "code", code, 32);
        say_choices(s, &x->record.P->m, &c);
        if (!code_text)
            urna_tell_note(
                s, "Compare the code with the one that you wrote down before you chose to test.");
    }
    urna_arena_free(&a);
    urna_buf_free(&file);
    return st;
}

struct request {
    struct urna_cli_booth x;
    const char *code;
};

static enum urna_status check_work(void *ctx, const struct urna_args *args, struct urna_tell *s,
                                   struct urna_error *err)
{
    struct request *q = ctx;
    q->x.record.path = args->arg[0];
    enum urna_status st = check(s, &q->x, args->arg[1], q->code, err);
    urna_cli_record_close(&q->x.record);
    return st;
}

int urna_cmd_ballot_check(int argc, char **argv)
{
    struct request q = {.x.record.trust_needed = true};
    const struct urna_option options[] = {
        {"code", "HEX", "the code that the device had shown before", .string = &q.code},
        URNA_TRUST_OPTIONS(q.x.record),
        {0},
    };
    const struct urna_command command = {
        .name = "urna ballot check",
        .title = "on another device: is the opened ballot what the code says, and what you chose?",
        .usage = "urna ballot check RECORD CHALLENGE --trust FILE [--code HEX]",
        .text = "A failed test convinces you, and proves nothing to others.",
        .options = options,
        .args_min = 2,
        .args_max = 2,
        .holds = "it is",
        .fails = "it is not",
    };
    return urna_cli_run(&command, argc, argv, check_work, &q);
}
