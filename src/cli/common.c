#include "cli/common.h"

#include <string.h>

enum urna_status urna_cli_read(struct urna_buf *out, const char *path, size_t max,
                               struct urna_error *err)
{
    bool missing = false;
    enum urna_status st = urna_file_read(out, path, max, &missing, err);
    if (st != URNA_OK)
        urna_error_where(err, path);
    return st;
}

enum urna_status urna_cli_write(const char *path, struct urna_view bytes, unsigned mode,
                                struct urna_error *err)
{
    enum urna_status st = urna_file_create(path, bytes.p, bytes.len, mode, err);
    if (st != URNA_OK)
        urna_error_where(err, path);
    return st;
}

enum urna_status urna_cli_free_name(const char *path, struct urna_error *err)
{
    if (!urna_file_exists(path))
        return URNA_OK;
    urna_error_where(err, path);
    return urna_fail(err, URNA_INPUT, "exists already, and is not overwritten");
}

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
static int64_t days_of(int64_t y, unsigned m, unsigned d)
{
    y -= m <= 2;
    int64_t era = y / 400;
    unsigned yoe = (unsigned)(y - era * 400), doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    return era * 146097 + (int64_t)(yoe * 365 + yoe / 4 - yoe / 100 + doy) - 719468;
}

bool urna_cli_time(uint64_t *out, const char *text)
{
    size_t len = strlen(text);
    if (urna_parse_u64(out, text, len, URNA_INT_MAX))
        return true;
    static const char shape[] = "dddd-dd-ddTdd:dd:ddZ";
    static const unsigned last[13] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned x[6] = {0};
    if (len != sizeof shape - 1)
        return false;
    for (size_t i = 0, field = 0; i < len; i++) {
        if (shape[i] != 'd') {
            if (text[i] != shape[i])
                return false;
            field++;
        } else if (text[i] < '0' || text[i] > '9') {
            return false;
        } else {
            x[field] = 10 * x[field] + (unsigned)(text[i] - '0');
        }
    }
    bool leap = (x[0] % 4 == 0 && x[0] % 100 != 0) || x[0] % 400 == 0;
    if (x[0] < 1970 || x[1] < 1 || x[1] > 12 || x[2] < 1 || x[2] > last[x[1]] ||
        (x[1] == 2 && x[2] == 29 && !leap) || x[3] > 23 || x[4] > 59 || x[5] > 59)
        return false;
    *out = (uint64_t)days_of(x[0], x[1], x[2]) * 86400 + (uint64_t)x[3] * 3600 +
           (uint64_t)x[4] * 60 + x[5];
    return true;
}

bool urna_cli_fingerprint(uint8_t out[32], const char *text)
{
    char digits[64];
    size_t n = 0;
    for (; *text; text++) {
        if (*text == ' ')
            continue;
        if (n == sizeof digits)
            return false;
        digits[n++] = *text;
    }
    return urna_unhex_any(out, 32, digits, n);
}

size_t urna_cli_split(char *text, char sep, char **piece, size_t max)
{
    size_t n = 0;
    for (char *p = text; p; n++) {
        char *end = strchr(p, sep);
        if (n == max)
            return max + 1;
        piece[n] = p;
        if (end)
            *end++ = '\0';
        p = end;
    }
    return n;
}

const char *urna_cli_title(const struct urna_titles *t, const char *otherwise)
{
    for (uint32_t i = 0; i < t->n; i++)
        if (strcmp(t->v[i].lang, "en") == 0)
            return t->v[i].text;
    return t->n ? t->v[0].text : otherwise;
}
