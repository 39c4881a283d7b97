/* The tar in an archive: files lie within it, one behind the other, under ascending names; packed
 * again they are the same files. */
#include "archive.h"

#include "log/files.h"

static void check_place(const struct urna_tar *t, size_t i, size_t size)
{
    const struct urna_tar_file *f = &t->file[i];
    size_t end = i > 0 ? f[-1].offset + f[-1].len : 0;
    MUST(f->offset % TAR_BLOCK == 0 && f->offset >= end + TAR_BLOCK);
    MUST(f->offset <= size && f->len <= size - f->offset);
    MUST(i == 0 || strcmp(f[-1].name, f->name) < 0);
}

/* Returns false if a name has no place in a header without a prefix. */
static bool pack(struct urna_buf *out, const struct urna_tar *t, const uint8_t *tar)
{
    static const uint8_t zero[2 * TAR_BLOCK];
    for (size_t i = 0; i < t->n; i++) {
        const struct urna_tar_file *f = &t->file[i];
        uint8_t block[TAR_BLOCK];
        if (!urna_tar_header(block, f->name, f->len))
            return false;
        urna_buf_add(out, block, sizeof block);
        urna_buf_add(out, tar + f->offset, f->len);
        urna_buf_add(out, zero, (TAR_BLOCK - f->len % TAR_BLOCK) % TAR_BLOCK);
    }
    urna_buf_add(out, zero, sizeof zero);
    return true;
}

static void check_again(const struct urna_tar *t, const uint8_t *tar)
{
    struct urna_buf again = {0};
    struct urna_tar u;
    struct urna_error err = URNA_ERROR_INIT;
    if (pack(&again, t, tar)) {
        MUST(urna_tar_read(&u, urna_buf_view(&again), &err) == URNA_OK && u.n == t->n);
        for (size_t i = 0; i < u.n; i++) {
            MUST(strcmp(u.file[i].name, t->file[i].name) == 0);
            MUST(urna_view_eq(urna_view(again.p + u.file[i].offset, u.file[i].len),
                              urna_view(tar + t->file[i].offset, t->file[i].len)));
        }
        urna_tar_free(&u);
    }
    urna_buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct urna_buf tar = {0};
    struct urna_tar t;
    struct urna_error err = URNA_ERROR_INIT;
    tar_with_sums(&tar, data, size);
    if (urna_tar_read(&t, urna_buf_view(&tar), &err) == URNA_OK) {
        for (size_t i = 0; i < t.n; i++)
            check_place(&t, i, size);
        check_again(&t, tar.p);
    } else {
        MUST(err.status == URNA_INPUT);
        MUST(err.offset >= 0 && (uint64_t)err.offset <= size);
    }
    urna_tar_free(&t);
    urna_buf_free(&tar);
    return 0;
}
