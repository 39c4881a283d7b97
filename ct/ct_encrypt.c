/* Encrypting, proving, casting, opening: the choice, the nonces and the credential are secret. */
#include "ct.h"

#include "protocol/encrypt.h"
#include "protocol/voter.h"

static struct urna_contest_option options[3] = {{.id = "a"}, {.id = "b"}, {.id = "c"}};
static struct urna_contest contests[2] = {
    {.id = "one", .limit = 1, .option_limit = 1, .options = options, .n_options = 3},
    {.id = "two", .limit = 3, .option_limit = 2, .options = options, .n_options = 2}};
static uint32_t both[2] = {1, 2};
static struct urna_style style = {.id = "both", .contests = both, .n_contests = 2};
static struct urna_device device = {.id = "online"};

static void run(const char *group, uint32_t x)
{
    struct urna_manifest m = {.contests = contests,
                              .n_contests = 2,
                              .styles = &style,
                              .n_styles = 1,
                              .devices = &device,
                              .n_devices = 1};
    const struct urna_group *G = urna_group_find(group, strlen(group));
    struct urna_booth booth = {.G = G, .g = urna_fixed_generator(G), .m = &m};
    struct urna_voter v = {0};
    struct urna_arena a = {0};
    struct urna_error err = URNA_ERROR_INIT;
    urna_secret_scalar s;
    urna_element K;
    urna_secret_random_nonzero(G, &s);
    urna_fixed_exp_secret(booth.g, &K, &s, 1);
    URNA_PUBLIC(&K, sizeof K);
    struct urna_fixed *table = urna_fixed_new(G, &K);
    booth.K = table;
    urna_voter_new(&v, booth.phi, 2);
    uint32_t first[3] = {x & 1, x >> 1 & 1, x >> 2 & 1}, second[2] = {x % 3, x % 2};
    URNA_SECRET(first, sizeof first);
    URNA_SECRET(second, sizeof second);
    const uint32_t *values[2] = {first, second};
    struct urna_choice c = {.style = "both",
                            .device = "online",
                            .keys = &v.pk[0][0],
                            .n_keys = 2,
                            .serial = 1,
                            .values = values};
    struct urna_ballot b;
    struct urna_openings *o;
    struct urna_challenge ch;
    uint8_t code[32];
    ct_need(urna_ballot_encrypt(&b, &o, &booth, &c, &a, &err) == URNA_OK, err.msg);
    ct_need(urna_encrypted_open(&ch, o, &booth, &b, &a, &err) == URNA_OK, err.msg);
    ct_need(urna_challenge_recompute(code, &booth, &ch, &err) == URNA_OK, err.msg);
    urna_openings_free(o);
    struct urna_buf file = {0};
    ct_need(urna_ballot_encrypt(&b, &o, &booth, &c, &a, &err) == URNA_OK, err.msg);
    ct_need(urna_encrypted_cast(&file, o, &booth, &b, &v, &err) == URNA_OK, err.msg);
    ct_need(fwrite(file.p, 1, file.len, stdout) == file.len,
            "write"); /* a system call looks at every byte */
    urna_openings_free(o);
    urna_buf_free(&file);
    urna_fixed_free(table);
    urna_arena_free(&a);
}

int main(void)
{
    ct_random_is_secret();
    for (uint32_t x = 0; x < 4; x++)
        run("ristretto255", x);
    run("toy-64-256", 3);
    run("eg4096", 2);
    return 0;
}
