#include "cli/page.h"

#include <string.h>

#include "base/file.h"

#define BEGINNING "<!DOCTYPE html>"
#define PAGE_MAX ((size_t)1 << 28)

enum urna_status urna_page_may_write(const char *path, struct urna_error *err)
{
    struct urna_buf old = {0};
    if (!path || !urna_file_exists(path))
        return URNA_OK;
    enum urna_status st = urna_file_read(&old, path, PAGE_MAX, NULL, err);
    if (st == URNA_OK &&
        (old.len < sizeof BEGINNING - 1 || memcmp(old.p, BEGINNING, sizeof BEGINNING - 1) != 0))
        st = urna_fail(err, URNA_INPUT, "exists and is no page: not overwritten");
    if (st != URNA_OK)
        urna_error_where(err, path);
    urna_buf_free(&old);
    return st;
}

enum urna_status urna_page_write(const char *path, struct urna_view page, struct urna_error *err)
{
    enum urna_status st = urna_page_may_write(path, err);
    if (st == URNA_OK)
        st = urna_file_write(path, page.p, page.len, 0644, err);
    if (st != URNA_OK)
        urna_error_where(err, path);
    return st;
}
