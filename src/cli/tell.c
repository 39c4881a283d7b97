#include "cli/tell.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void urna_tell_begin(struct urna_tell *s, const struct urna_args *args)
{
    *s = (struct urna_tell){.json = args->json};
    if (s->json)
        urna_json_open(&s->j, NULL, '{');
}

void urna_tell_head(struct urna_tell *s, enum urna_sign sign, enum urna_tone tone, const char *fmt,
                    ...)
{
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (s->json) {
        urna_json_str(&s->j, "says", text);
        return;
    }
    urna_term_tone(stdout, tone);
    fputs(urna_term_sign(sign), stdout);
    urna_term_end(stdout);
    fputc(' ', stdout);
    urna_print_safe(stdout, text, strlen(text));
    fputc('\n', stdout);
}

void urna_tell_strn(struct urna_tell *s, const char *key, const char *value, size_t len)
{
    if (s->json) {
        urna_json_strn(&s->j, key, value, len);
        return;
    }
    char label[64];
    snprintf(label, sizeof label, "%s", key);
    for (char *c = label; *c; c++)
        if (*c == '_')
            *c = ' ';
    printf("  %-13s ", label);
    urna_print_safe(stdout, value, len);
    putchar('\n');
}

void urna_tell_str(struct urna_tell *s, const char *key, const char *value)
{
    urna_tell_strn(s, key, value, strlen(value));
}

void urna_tell_u64(struct urna_tell *s, const char *key, uint64_t value)
{
    char text[28];
    if (s->json)
        urna_json_u64(&s->j, key, value);
    else
        urna_tell_str(s, key, urna_number(text, value));
}

void urna_tell_hex(struct urna_tell *s, const char *key, const uint8_t *p, size_t len)
{
    char *hex = urna_xmalloc(2 * len + 1);
    urna_hex(hex, p, len);
    urna_tell_str(s, key, hex);
    free(hex);
}

void urna_tell_time(struct urna_tell *s, const char *key, uint64_t unix_seconds)
{
    char text[40];
    if (s->json)
        urna_json_u64(&s->j, key, unix_seconds);
    else
        urna_tell_str(s, key, urna_time_text(text, (int64_t)unix_seconds));
}

void urna_tell_note(const struct urna_tell *s, const char *fmt, ...)
{
    char text[1200];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (!s->json)
        urna_print_wrapped(stdout, 2, text);
}

int urna_tell_end(struct urna_tell *s, int rc)
{
    if (s->json) {
        urna_json_close(&s->j, '}');
        fwrite(s->j.out.p, 1, s->j.out.len, stdout);
        putchar('\n');
    }
    urna_json_free(&s->j);
    return rc;
}

int urna_cli_run(const struct urna_command *command, int argc, char **argv, urna_cli_work *work,
                 void *ctx)
{
    struct urna_args args;
    struct urna_tell s;
    struct urna_error err = URNA_ERROR_INIT;
    int rc = urna_options_read(&args, command, argc, argv);
    if (rc != URNA_GO_ON)
        return rc;
    urna_tell_begin(&s, &args);
    if (work(ctx, &args, &s, &err) == URNA_OK)
        return urna_tell_end(&s, s.rc);
    urna_json_free(&s.j);
    return urna_report_error(command->name, &err);
}
