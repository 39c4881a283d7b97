/* Files; the numbers are those of the invariants in file.c. */
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

static char *root; /* a fresh folder for each test */
static struct urna_error err;

static int setup(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    root = urna_path(tmp ? tmp : "/tmp", "urna-test-XXXXXX");
    err = (struct urna_error)URNA_ERROR_INIT;
    return mkdtemp(root) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    enum urna_status s = urna_remove_tree(root, NULL);
    free(root);
    return s == URNA_OK ? 0 : -1;
}

static void write_text(const char *name, const char *text)
{
    char *path = urna_path(root, name);
    assert_int_equal(urna_file_write(path, text, strlen(text), 0644, &err), URNA_OK);
    free(path);
}

static void assert_content(const char *name, const char *text)
{
    struct urna_buf b = {0};
    char *path = urna_path(root, name);
    assert_int_equal(urna_file_read(&b, path, 1 << 20, NULL, &err), URNA_OK);
    assert_string_equal(urna_buf_cstr(&b), text);
    urna_buf_free(&b);
    free(path);
}

static size_t entries_of(const char *dir)
{
    DIR *d = opendir(dir);
    assert_non_null(d);
    size_t n = 0;
    while (readdir(d))
        n++;
    closedir(d);
    return n - 2; /* . and .. */
}

static void path_joins_with_one_slash(void **state)
{
    (void)state;
    static const char *const v[][3] = {
        {"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"", "b", "b"}, {"/", "b", "/b"}};
    for (size_t i = 0; i < 4; i++) {
        char *p = urna_path(v[i][0], v[i][1]);
        assert_string_equal(p, v[i][2]);
        free(p);
    }
}

static void read_limits_and_kinds(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    bool missing = true;
    char *path = urna_path(root, "ten"), *none = urna_path(root, "none");
    char *under = urna_path(path, "below");
    write_text("ten", "0123456789");
    urna_buf_str(&b, "kept ");
    assert_int_equal(urna_file_read(&b, path, 10, &missing, &err), URNA_OK);
    assert_false(missing);
    assert_string_equal(urna_buf_cstr(&b), "kept 0123456789");
    assert_int_equal(urna_file_read(&b, path, 9, &missing, &err), URNA_INPUT);
    assert_false(missing);
    assert_string_equal(err.where, path);
    assert_int_equal(urna_file_read(&b, path, 0, NULL, &err), URNA_INPUT);
    assert_int_equal(urna_file_read(&b, root, 10, &missing, &err), URNA_INPUT);
    assert_false(missing);
    assert_int_equal(urna_file_read(&b, none, 10, &missing, &err), URNA_INPUT);
    assert_true(missing);
    missing = false;
    assert_int_equal(urna_file_read(&b, under, 10, &missing, NULL), URNA_INPUT);
    assert_true(missing);
    assert_string_equal(urna_buf_cstr(&b), "kept 0123456789");
    urna_buf_free(&b);
    free(under);
    free(none);
    free(path);
}

static void read_large_and_empty(void **state)
{
    (void)state;
    char *path = urna_path(root, "large");
    size_t len = 3000000;
    uint8_t *p = malloc(len);
    assert_non_null(p);
    for (size_t i = 0; i < len; i++)
        p[i] = (uint8_t)(i * 31 >> 3);
    assert_int_equal(urna_file_write(path, p, len, 0600, &err), URNA_OK);
    struct urna_buf b = {0};
    assert_int_equal(urna_file_read(&b, path, SIZE_MAX, NULL, &err), URNA_OK);
    assert_true(urna_view_eq(urna_buf_view(&b), urna_view(p, len)));
    urna_buf_reset(&b);
    assert_int_equal(urna_file_write(path, NULL, 0, 0600, &err), URNA_OK);
    assert_int_equal(urna_file_read(&b, path, 0, NULL, &err), URNA_OK);
    assert_int_equal(b.len, 0);
    urna_buf_free(&b);
    free(p);
    free(path);
}

/* The kernel gives the size of files in /proc as 0: what arrives counts. */
static void read_size_is_only_a_hint(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    assert_int_equal(urna_file_read(&b, "/proc/self/status", 1 << 20, NULL, &err), URNA_OK);
    assert_true(b.len > 100);
    urna_buf_reset(&b);
    assert_int_equal(urna_file_read(&b, "/proc/self/status", 100, NULL, &err), URNA_INPUT);
    assert_int_equal(b.len, 0);
    urna_buf_free(&b);
}

static void read_fifo_and_device_refused_at_once(void **state)
{
    (void)state;
    struct urna_buf b = {0};
    char *path = urna_path(root, "fifo");
    assert_int_equal(mkfifo(path, 0600), 0);
    alarm(10); /* a hang is a failure */
    assert_int_equal(urna_file_read(&b, path, 10, NULL, &err), URNA_INPUT);
    assert_int_equal(urna_file_read(&b, "/dev/zero", 10, NULL, &err), URNA_INPUT);
    alarm(0);
    urna_buf_free(&b);
    free(path);
}

static void write_replaces_sets_mode_leaves_nothing_else(void **state)
{
    (void)state;
    char *path = urna_path(root, "f");
    struct stat st;
    mode_t before = umask(077);
    write_text("f", "one");
    umask(before);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0644); /* the mode asked for, whatever the umask */
    assert_int_equal(urna_file_write(path, "two", 3, 0600, &err), URNA_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_content("f", "two");
    assert_int_equal(entries_of(root), 1); /* 3. */
    free(path);
}

static void create_refuses_what_exists(void **state)
{
    (void)state;
    char *path = urna_path(root, "key"), *link = urna_path(root, "link");
    assert_int_equal(urna_file_create(path, "one", 3, 0600, &err), URNA_OK);
    assert_int_equal(urna_file_create(path, "two", 3, 0600, &err), URNA_INPUT);
    assert_content("key", "one");
    assert_int_equal(symlink("nowhere", link), 0); /* a dangling link is something too */
    assert_int_equal(urna_file_create(link, "x", 1, 0600, &err), URNA_INPUT);
    assert_int_equal(entries_of(root), 2);
    free(link);
    free(path);
}

static void write_never_replaces_links_or_devices(void **state)
{
    (void)state;
    char *link = urna_path(root, "null"), *fifo = urna_path(root, "fifo");
    struct stat st;
    assert_int_equal(symlink("/dev/null", link), 0);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(urna_file_write(link, "x", 1, 0644, &err), URNA_INPUT);
    assert_int_equal(urna_file_write(fifo, "x", 1, 0644, &err), URNA_INPUT);
    assert_int_equal(urna_file_write(root, "x", 1, 0644, &err), URNA_INPUT);
    assert_int_equal(lstat(link, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    free(fifo);
    free(link);
}

static void write_into_no_folder_is_input(void **state)
{
    (void)state;
    char *path = urna_path(root, "none/f");
    assert_int_equal(urna_file_write(path, "x", 1, 0644, &err), URNA_INPUT);
    assert_string_equal(err.where, path);
    free(path);
}

/* 1., 3.: a full disk (here: a limit on the file size) leaves the old content and no other file. */
static void write_failing_keeps_the_old_content(void **state)
{
    (void)state;
    write_text("f", "old");
    char *path = urna_path(root, "f");
    static uint8_t big[100000];
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit limit = {5000, 5000};
        signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
            _exit(99);
        struct urna_error e = URNA_ERROR_INIT;
        enum urna_status s = urna_file_write(path, big, sizeof big, 0644, &e);
        _exit(strcmp(e.msg, "write: File too large") == 0 ? (int)s : 98);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), URNA_SYSTEM);
    assert_content("f", "old");
    assert_int_equal(entries_of(root), 1);
    free(path);
}

/* 1.: killed at any moment, the file is whole. */
static void write_killed_leaves_one_content_or_the_other(void **state)
{
    (void)state;
    char *path = urna_path(root, "f");
    size_t len = 400000;
    for (useconds_t round = 0; round < 8; round++) {
        uint8_t *p = malloc(len);
        assert_non_null(p);
        memset(p, 'A', len);
        assert_int_equal(urna_file_write(path, p, len, 0644, &err), URNA_OK);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            for (uint8_t c = 'B';; c = (uint8_t)(c == 'Z' ? 'A' : c + 1)) {
                memset(p, c, len);
                if (urna_file_write(path, p, len, 0644, NULL) != URNA_OK)
                    _exit(1);
            }
        }
        usleep(3000 + round * 1700);
        kill(child, SIGKILL);
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        struct urna_buf b = {0};
        assert_int_equal(urna_file_read(&b, path, len, NULL, &err), URNA_OK);
        assert_int_equal(b.len, len);
        for (size_t i = 1; i < len; i++)
            if (b.p[i] != b.p[0])
                fail_msg("mixed content at byte %zu", i);
        urna_buf_free(&b);
        free(p);
    }
    free(path);
}

static void end_now(int number)
{
    urna_file_remove_unfinished();
    _exit(number);
}

/* 3.: a signal that is caught leaves nothing unfinished. */
static void write_interrupted_leaves_nothing_unfinished(void **state)
{
    (void)state;
    char *path = urna_path(root, "f"), *big = calloc(1, 400000);
    assert_non_null(big);
    assert_int_equal(urna_file_write(path, "old", 3, 0600, &err), URNA_OK);
    for (useconds_t round = 0; round < 8; round++) {
        int ready[2];
        char byte;
        assert_int_equal(pipe(ready), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct urna_outfile slow;
            signal(SIGTERM, end_now);
            if (write(ready[1], "", 1) != 1)
                _exit(1);
            if (urna_outfile_open(&slow, path, 0600, NULL) != URNA_OK)
                _exit(1);
            while (urna_file_write(path, big, 400000, 0600, NULL) == URNA_OK)
                ;
            _exit(1);
        }
        assert_int_equal(read(ready[0], &byte, 1), 1); /* from here on it catches the signal */
        close(ready[0]);
        close(ready[1]);
        usleep(500 + round * 1700);
        kill(child, SIGTERM);
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), SIGTERM);
        assert_int_equal(entries_of(root), 1);
    }
    free(big);
    free(path);
}

static void outfile_holds_all_or_nothing(void **state)
{
    (void)state;
    char *path = urna_path(root, "f");
    struct urna_outfile f;
    assert_int_equal(urna_outfile_open(&f, path, 0600, &err), URNA_OK);
    assert_int_equal(write(f.fd, "half", 4), 4);
    assert_false(urna_file_exists(path));
    urna_outfile_close(&f);
    assert_int_equal(entries_of(root), 0);
    assert_int_equal(urna_outfile_open(&f, path, 0600, &err), URNA_OK);
    assert_int_equal(write(f.fd, "whole", 5), 5);
    assert_int_equal(urna_outfile_finish(&f, true, &err), URNA_OK);
    urna_outfile_close(&f);
    assert_content("f", "whole");
    assert_int_equal(urna_outfile_open(&f, path, 0600, &err), URNA_OK);
    assert_int_equal(urna_outfile_finish(&f, true, &err), URNA_INPUT);
    urna_outfile_close(&f);
    assert_content("f", "whole");
    assert_int_equal(entries_of(root), 1);
    free(path);
}

static void mkdirs_makes_all_and_bears_repetition(void **state)
{
    (void)state;
    char *deep = urna_path(root, "a/b//c/"), *file = urna_path(root, "f");
    char *below = urna_path(root, "f/x");
    assert_int_equal(urna_mkdirs(deep, 0755, &err), URNA_OK);
    assert_int_equal(urna_mkdirs(deep, 0755, &err), URNA_OK);
    assert_true(urna_is_folder(deep));
    write_text("f", "");
    assert_int_equal(urna_mkdirs(file, 0755, &err), URNA_INPUT);
    assert_int_equal(urna_mkdirs(below, 0755, &err), URNA_INPUT);
    assert_true(urna_file_exists(file));
    assert_false(urna_is_folder(file));
    assert_false(urna_file_exists(below));
    free(below);
    free(file);
    free(deep);
}

static void make_folder(const char *name)
{
    char *path = urna_path(root, name);
    assert_int_equal(urna_mkdirs(path, 0755, &err), URNA_OK);
    free(path);
}

static void list_files_relative_and_sorted(void **state)
{
    (void)state;
    static const char *const sorted[] = {"B", "a", "a.b", "tile/0", "tile/entries/000", "\xC3\xA9"};
    make_folder("tile/entries");
    make_folder("empty");
    for (size_t i = 6; i-- > 0;)
        write_text(sorted[i], "x");
    struct urna_names n;
    assert_int_equal(urna_list_files(&n, root, 6, &err), URNA_OK);
    assert_int_equal(n.n, 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(n.name[i], sorted[i]);
    urna_names_free(&n);
    assert_null(n.name);
    assert_int_equal(urna_list_files(&n, root, 5, &err), URNA_INPUT);
    assert_int_equal(n.n, 0);
    assert_null(n.name);
}

static void list_files_refuses_links_and_special_files(void **state)
{
    (void)state;
    struct urna_names n;
    char *path = urna_path(root, "d/x");
    make_folder("d");
    assert_int_equal(symlink("../f", path), 0);
    assert_int_equal(urna_list_files(&n, root, 99, &err), URNA_INPUT);
    assert_string_equal(err.where, "d/x");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/", path), 0); /* to a folder: not walked */
    assert_int_equal(urna_list_files(&n, root, 99, &err), URNA_INPUT);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(urna_list_files(&n, root, 99, &err), URNA_INPUT);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(urna_list_files(&n, root, 99, &err), URNA_OK);
    assert_int_equal(n.n, 0);
    urna_names_free(&n);
    assert_int_equal(urna_list_files(&n, path, 99, &err), URNA_INPUT);
    free(path);
}

static void list_files_depth_16_and_no_more(void **state)
{
    (void)state;
    struct urna_names n;
    make_folder("1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16");
    write_text("1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/f", "x");
    assert_int_equal(urna_list_files(&n, root, 9, &err), URNA_OK);
    assert_int_equal(n.n, 1);
    urna_names_free(&n);
    make_folder("1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17");
    assert_int_equal(urna_list_files(&n, root, 9, &err), URNA_INPUT);
}

static void copy_and_remove_a_tree(void **state)
{
    (void)state;
    make_folder("from/tile");
    write_text("from/checkpoint", "c");
    write_text("from/tile/0", "zero");
    char *from = urna_path(root, "from"), *to = urna_path(root, "to/there");
    char *out = urna_path(root, "outside"), *link = urna_path(root, "to/there/link");
    write_text("outside", "stays");
    assert_int_equal(urna_copy_tree(from, to, &err), URNA_OK);
    assert_content("to/there/checkpoint", "c");
    assert_content("to/there/tile/0", "zero");

    assert_int_equal(symlink(root, link), 0);
    assert_int_equal(urna_copy_tree(to, from, &err), URNA_INPUT);
    assert_int_equal(urna_remove_tree(to, &err), URNA_OK); /* the link goes, not what it names */
    assert_false(urna_file_exists(to));
    assert_content("outside", "stays");
    assert_int_equal(urna_remove_tree(to, &err), URNA_OK);
    static const char *const never[] = {"", "/", ".", "..", "../..", "//"};
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(urna_remove_tree(never[i], &err), URNA_INPUT);
    free(link);
    free(out);
    free(to);
    free(from);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(path_joins_with_one_slash),
        T(read_limits_and_kinds),
        T(read_large_and_empty),
        T(read_size_is_only_a_hint),
        T(read_fifo_and_device_refused_at_once),
        T(write_replaces_sets_mode_leaves_nothing_else),
        T(create_refuses_what_exists),
        T(write_never_replaces_links_or_devices),
        T(write_into_no_folder_is_input),
        T(write_failing_keeps_the_old_content),
        T(write_killed_leaves_one_content_or_the_other),
        T(write_interrupted_leaves_nothing_unfinished),
        T(outfile_holds_all_or_nothing),
        T(mkdirs_makes_all_and_bears_repetition),
        T(list_files_relative_and_sorted),
        T(list_files_refuses_links_and_special_files),
        T(list_files_depth_16_and_no_more),
        T(copy_and_remove_a_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
