/* urna verify: check a record of an election, offline, down to the last byte. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/options.h"
#include "cli/page.h"
#include "hash/sha256.h"
#include "report/verdict.h"

struct request {
    const char *trust_path, *fingerprint, *report;
    bool as_found, explain, no_progress;
    uint64_t threads;
    const char *lang_name;
    enum urna_lang lang;
    struct urna_trust trust;
    uint8_t trust_sha256[32], phi[32];
};

static int no_trust(void)
{
    fputs("urna verify: no trust file\n"
          "  A record that vouches for itself proves nothing. Give one of\n"
          "    --trust FILE           from someone you trust, not from the record's source\n"
          "    --fingerprint HEX      all 64 digits, from a newspaper, a letter, a mission\n"
          "    --as-found             check only that the record agrees with itself\n",
          stderr);
    return URNA_INPUT;
}

static int read_trust(struct request *q, struct urna_verify_options *o)
{
    if ((q->trust_path != NULL) + (q->fingerprint != NULL) + q->as_found > 1)
        return urna_usage_error("urna verify", "only one of --trust, --fingerprint and --as-found");
    if (q->trust_path) {
        struct urna_error err = URNA_ERROR_INIT;
        struct urna_buf text = {0};
        enum urna_status st = urna_file_read(&text, q->trust_path, 1 << 20, NULL, &err);
        if (st == URNA_OK)
            st = urna_trust_read(&q->trust, urna_buf_view(&text), &err);
        urna_sha256(q->trust_sha256, text.p, text.len);
        urna_buf_free(&text);
        urna_error_where(&err, q->trust_path);
        if (st != URNA_OK)
            return urna_report_error("urna verify", &err);
        o->trust = &q->trust;
    } else if (q->fingerprint) {
        if (!urna_cli_fingerprint(q->phi, q->fingerprint))
            return urna_usage_error("urna verify", "--fingerprint wants all 64 hexadecimal digits");
        o->fingerprint = q->phi;
    } else if (!q->as_found) {
        return no_trust();
    }
    return URNA_GO_ON;
}

static enum urna_status write_report(const char *record, const struct request *q, const struct urna_verdict *v, struct urna_error *err)
{
    struct urna_buf page = {0};
    const struct urna_verdict_page p = {
        .lang = q->lang,
        .record = record,
        .trust_name = q->trust_path,
        .trust_sha256 = q->trust_path ? q->trust_sha256 : NULL,
        .version = URNA_VERSION,
        .when = urna_now(),
    };
    urna_verdict_html(&page, v, &p);
    enum urna_status st = urna_page_write(q->report, urna_buf_view(&page), err);
    urna_buf_free(&page);
    return st;
}

static int verify(const struct urna_args *args, struct request *q)
{
    struct urna_verify_options o = {.threads = (unsigned)q->threads, .progress = true};
    struct urna_verdict v;
    struct urna_error err = URNA_ERROR_INIT;
    int rc = read_trust(q, &o);
    if (rc != URNA_GO_ON)
        return rc;
    q->lang = urna_lang_from_env();
    if (q->lang_name && !urna_lang_parse(&q->lang, q->lang_name))
        return urna_usage_error("urna verify", "--lang wants en, be, ru or es");
    if (urna_page_may_write(q->report, &err) != URNA_OK)
        return urna_report_error("urna verify", &err);
    if (urna_verify(&v, args->arg[0], &o, &err) != URNA_OK) {
        urna_error_where(&err, args->arg[0]);
        return urna_report_error("urna verify", &err);
    }
    rc = urna_verdict_exit(&v);
    if (q->report && write_report(args->arg[0], q, &v, &err) != URNA_OK)
        rc = urna_report_error("urna verify", &err);
    if (args->json) {
        struct urna_json j = {0};
        urna_verdict_json(&j, &v);
        fwrite(j.out.p, 1, j.out.len, stdout);
        fputc('\n', stdout);
        urna_json_free(&j);
    } else {
        urna_verdict_text(stdout, &v, q->trust_path, q->explain);
    }
    urna_verdict_free(&v);
    return rc;
}

int urna_cmd_verify(int argc, char **argv)
{
    struct request q = {0};
    const struct urna_option options[] = {
        {"trust", "FILE", "log key, witnesses, quorum and level to reach", .string = &q.trust_path},
        {"fingerprint", "HEX", "all 64 digits; level computed", .string = &q.fingerprint},
        {"as-found", NULL, "only: does the record agree with itself?", .flag = &q.as_found},
        {"report", "FILE", "write the report as one HTML file", .string = &q.report},
        {"lang", "en|be|ru|es", "language of that file; default: from the locale", .string = &q.lang_name},
        {"explain", NULL, "add what is proved and what is not", .flag = &q.explain},
        {"threads", "N", "default: all cores", .number = &q.threads, .min = 1, .max = 1024},
        {0},
    };
    const struct urna_command command = {
        .name = "urna verify",
        .title = "check a record of an election, offline, down to the last byte",
        .usage = "urna verify RECORD --trust FILE        [options]\n"
                 "urna verify RECORD --fingerprint HEX   [options]\n"
                 "urna verify RECORD --as-found          [options]",
        .text = "RECORD is a folder or a .tar.zst. Trust comes from outside the record: get the trust file or the fingerprint from "
                "someone you trust.",
        .options = options,
        .args_min = 1,
        .args_max = 1,
        .holds = "the level asked for is reached",
        .fails = "it is not",
    };
    struct urna_args args;
    int rc = urna_options_read(&args, &command, argc, argv);
    if (rc == URNA_GO_ON)
        rc = verify(&args, &q);
    urna_trust_free(&q.trust);
    return rc;
}
