/* A page that a command writes for people (--report): it may replace an older page, and nothing
 * else. */
#ifndef URNA_CLI_PAGE_H
#define URNA_CLI_PAGE_H

#include "base/bytes.h"

/* URNA_INPUT if ${path} is something else than a page; asked before the work is done. NULL: no page
 * is wanted. */
enum urna_status urna_page_may_write(const char *path, struct urna_error *err) URNA_MUST_USE;
enum urna_status urna_page_write(const char *path, struct urna_view page,
                                 struct urna_error *err) URNA_MUST_USE;

#endif
