#include "cli/evidence_cli.h"

#include <string.h>

static bool is_plain(const char *s)
{
    return *s &&
           strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_") ==
               strlen(s);
}

void urna_command_line(struct urna_buf *out, const char *name, int argc, char **argv)
{
    urna_buf_str(out, name);
    for (int i = 1; i < argc; i++) {
        urna_buf_char(out, ' ');
        if (is_plain(argv[i])) {
            urna_buf_str(out, argv[i]);
            continue;
        }
        urna_buf_char(out, '\'');
        for (const char *p = argv[i]; *p; p++) {
            if (*p == '\'')
                urna_buf_str(out, "'\\''");
            else
                urna_buf_char(out, *p);
        }
        urna_buf_char(out, '\'');
    }
}
