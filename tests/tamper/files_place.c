/* Files that are missing, of another sort, or have no place in a record. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

static void replace_by_folder(struct files *x, const char *name)
{
    char *path = urna_path(x->disk.folder, name);
    files_put(x, name, NULL);
    if (mkdir(path, 0700) != 0)
        give_up(path, strerror(errno));
    /* An empty folder is no file: what should stand there is missing. */
    bool needed = strncmp(name, "body/", 5) != 0 && strcmp(name, "tile/0/001.p/24") != 0 &&
                  strcmp(name, "tile/entries/001.p/24") != 0;
    struct want w = {name, "a folder of that name", needed ? "incomplete refused" : "final refused",
                     needed ? name : NULL,
                     needed ? NULL : "this checkpoint does not need it, or nothing hangs on it"};
    files_verify(x, x->disk.folder, &x->trust, &w);
    if (rmdir(path) != 0)
        give_up(path, strerror(errno));
    free(path);
}

/* The very bytes, but elsewhere: a record is what lies in its folder. */
static void replace_by_link(struct files *x, size_t file)
{
    char *path = urna_path(x->disk.folder, x->name.name[file]);
    char *elsewhere = urna_path(x->beside, "elsewhere");
    for (int hard = 0; hard < 2; hard++) {
        if (rename(path, elsewhere) != 0 ||
            (hard ? mkfifo(path, 0600) : symlink(elsewhere, path)) != 0)
            give_up(path, strerror(errno));
        files_verify(x, x->disk.folder, &x->trust,
                     &(struct want){x->name.name[file], hard ? "a pipe" : "a symbolic link",
                                    "refused", x->name.name[file], NULL});
        if (rename(elsewhere, path) != 0)
            give_up(path, strerror(errno));
    }
    free(elsewhere);
    free(path);
}

static void remove_it(struct files *x, size_t file)
{
    const char *name = x->name.name[file];
    struct want w = {name, "removed", "incomplete", name, NULL};
    if (strncmp(name, "body/", 5) == 0)
        return; /* files_of_bodies */
    if (strstr(name, "001.p/24")) {
        w.answers = "final";
        w.mention = NULL;
        w.why = "a partial tile of an earlier checkpoint, which this one does not need";
    }
    files_try(x, file, NULL, &w);
}

/* What no record has. */
static void strangers(struct files *x)
{
    static const char *const name[] = {"a",
                                       ".hidden",
                                       "Checkpoint",
                                       "checkpoint.old",
                                       "tile/a",
                                       "tile/0/0",
                                       "tile/0/000.p/0",
                                       "tile/0/000.p/256",
                                       "tile/0/000.p/007",
                                       "tile/00/000",
                                       "tile/64/000",
                                       "tile/entries/x001/000.p/x",
                                       "tile/entries/0001",
                                       "body/00",
                                       "body/x",
                                       "body/.x",
                                       "trust"};
    struct urna_buf b = {0};
    urna_buf_str(&b, "x");
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
        char folder[100];
        struct urna_error err = URNA_ERROR_INIT;
        snprintf(folder, sizeof folder, "%s/%s", x->disk.folder, name[i]);
        *strrchr(folder, '/') = '\0';
        bool made = mkdir(folder, 0700) == 0;
        if (!made && urna_mkdirs(folder, 0700, &err) != URNA_OK)
            give_up(folder, err.msg);
        files_put(x, name[i], &b);
        files_verify(x, x->disk.folder, &x->trust,
                     &(struct want){name[i], "a stranger", "refused", name[i], NULL});
        files_put(x, name[i], NULL);
        if (made)
            (void)rmdir(folder);
    }
    urna_buf_free(&b);
}

/* Tiles and bundles of places that the checkpoint does not reach are read all the same. */
static void beyond(struct files *x)
{
    static const char *const name[] = {"tile/0/002.p/1", "tile/1/001.p/1", "tile/2/000.p/1",
                                       "tile/entries/002.p/1"};
    struct urna_buf b = {0};
    for (int k = 0; k < 33; k++)
        urna_buf_u8(&b, 0);
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
        char *path = urna_path(x->disk.folder, name[i]), *slash = strrchr(path, '/');
        struct urna_error err = URNA_ERROR_INIT;
        *slash = '\0';
        if (urna_mkdirs(path, 0700, &err) != URNA_OK)
            give_up(path, err.msg);
        files_put(x, name[i], &b);
        files_verify(x, x->disk.folder, &x->trust,
                     &(struct want){name[i], "beyond the checkpoint, and too long", "invalid",
                                    name[i], NULL});
        files_put(x, name[i], NULL);
        (void)rmdir(path);
        free(path);
    }
    urna_buf_free(&b);
}

void files_in_place(struct files *x)
{
    report_subject(x->report, "files missing or of another sort");
    for (size_t i = 0; i < x->name.n; i++) {
        remove_it(x, i);
        replace_by_folder(x, x->name.name[i]);
        files_put(x, x->name.name[i], &x->content[i]);
        replace_by_link(x, i);
        /* The bytes of the file before it. */
        bool tile = strncmp(x->name.name[i], "tile/", 5) == 0;
        if (i > 0 && strncmp(x->name.name[i], "body/", 5) != 0)
            files_try(x, i, &x->content[i - 1],
                      &(struct want){x->name.name[i], "the content of another",
                                     "invalid incomplete", tile ? "tile/" : NULL, NULL});
    }
    report_subject(x->report, "names without a place");
    strangers(x);
    beyond(x);
}
