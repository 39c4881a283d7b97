/* The list that a sample is drawn from, and the drawing. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/evidence_cli.h"
#include "cli/quickcount/quickcount.h"
#include "cli/page.h"
#include "evidence/protocols.h"
#include "report/evidence_report.h"

void urna_drawing_free(struct urna_drawing *d)
{
    urna_drawn_free(&d->drawn);
    free(d->spread);
    free(d->leader);
    urna_protocols_free(&d->p);
}

int urna_drawing_usage(const struct urna_drawing *d, const char *name)
{
    enum urna_sampler kind;
    if (!urna_sampler_parse(&kind, d->sampler))
        return urna_usage_error(name, "--sampler wants A, B or C");
    if (d->strata && strcmp(d->strata, "region") != 0 && strcmp(d->strata, "district") != 0)
        return urna_usage_error(name, "--strata wants region or district");
    if (d->earlier && !d->strata)
        return urna_usage_error(name, "--earlier goes with --strata: it says how many of each");
    if (!d->earlier && (d->earlier_map || d->earlier_candidate))
        return urna_usage_error(name, "--earlier-map and --earlier-candidate go with --earlier");
    return URNA_GO_ON;
}

static enum urna_status read_frame(struct urna_drawing *d, struct urna_error *err)
{
    struct urna_colmap map = {0};
    enum urna_status rc = d->map ? urna_colmap_read(&map, d->map, err) : URNA_OK;
    if (rc == URNA_OK)
        rc = urna_protocols_load(&d->p, d->frame, d->map ? &map : NULL, err);
    urna_colmap_free(&map);
    return rc;
}

/* For every station of the earlier election the stratum of the list, by name; n_strata: none. */
static uint32_t *strata_of_earlier(const struct urna_drawing *d, const struct urna_stations *s)
{
    bool region = strcmp(d->strata, "region") == 0;
    const struct urna_interned *names = region ? &s->regions : &s->districts;
    uint32_t *of_name = urna_xcalloc(names->n + 1, sizeof *of_name),
             *stratum = urna_xcalloc(s->n + 1, sizeof *stratum);
    for (uint32_t k = 0; k < names->n; k++) {
        of_name[k] = (uint32_t)d->f.n_strata;
        for (size_t h = 0; h < d->f.n_strata; h++)
            if (strcmp(names->name[k], d->f.stratum_name[h]) == 0)
                of_name[k] = (uint32_t)h;
    }
    for (size_t i = 0; i < s->n; i++)
        stratum[i] = of_name[region ? s->region[i] : s->district[i]];
    free(of_name);
    return stratum;
}

static enum urna_status measure(struct urna_drawing *d, const struct urna_stations *s,
                                struct urna_error *err)
{
    size_t bad = SIZE_MAX;
    uint32_t *stratum = strata_of_earlier(d, s), *x = urna_xcalloc(s->n + 1, sizeof *x);
    enum urna_status rc = URNA_OK;
    for (size_t i = 0; i < s->n && rc == URNA_OK; i++) {
        uint64_t sum = 0;
        for (unsigned c = 0; c < s->n_candidates; c++)
            sum += s->votes[i * s->n_candidates + c];
        if (sum > UINT32_MAX)
            rc = urna_fail(err, URNA_INPUT, "a station has 2^32 votes or more");
        x[i] = (uint32_t)sum;
    }
    d->spread = urna_xcalloc(d->f.n_strata + 1, sizeof *d->spread);
    if (rc == URNA_OK)
        rc = urna_quickcount_spread(d->spread, &bad, s->leader, x, stratum, s->n, d->f.n_strata,
                                    err);
    if (rc != URNA_OK && bad < d->f.n_strata)
        rc = urna_fail(
            err, URNA_INPUT,
            "of \"%.100s\" the earlier election has fewer than two stations: is it spelled "
            "alike in both files?",
            d->f.stratum_name[bad]);
    free(stratum);
    free(x);
    return rc;
}

/* How much the stations of each stratum differed in the earlier election. */
static enum urna_status read_earlier(struct urna_drawing *d, struct urna_error *err)
{
    struct urna_load l = {
        .path = d->earlier, .map = d->earlier_map, .leader = d->earlier_candidate};
    struct urna_stations s;
    enum urna_status rc = urna_stations_load(&s, &l, err);
    if (rc == URNA_OK && l.faults > 0) {
        *err = l.first_fault;
        rc = URNA_INPUT;
    }
    if (rc == URNA_OK) {
        memcpy(d->earlier_sha256, l.sha256, sizeof d->earlier_sha256);
        d->leader = urna_xstrdup(s.candidate[s.leading]);
        rc = measure(d, &s, err);
    }
    urna_error_where(err, d->earlier);
    urna_stations_free(&s);
    return rc;
}

/* Read the list and draw; everything about the sample follows from the list and the options. */
enum urna_status urna_drawing_draw(struct urna_drawing *d, struct urna_error *err)
{
    if (!urna_sampler_parse(&d->kind, d->sampler))
        return urna_fail(err, URNA_INPUT, "no such sampler");
    enum urna_status rc = read_frame(d, err);
    if (rc != URNA_OK)
        return rc;
    d->f = (struct urna_frame){.n = d->p.n, .station = d->p.station};
    if (d->strata) {
        bool region = strcmp(d->strata, "region") == 0;
        d->f.stratum = region ? d->p.region : d->p.district;
        d->f.stratum_name = region ? d->p.region_name : d->p.district_name;
        d->f.n_strata = region ? d->p.n_regions : d->p.n_districts;
    }
    if (d->earlier) {
        rc = read_earlier(d, err);
        d->f.spread = d->spread;
    }
    if (rc == URNA_OK)
        rc = urna_quickcount_draw(&d->drawn, &d->f, d->size, d->seed, d->kind, err);
    urna_error_where(err, d->frame);
    return rc;
}

const char *urna_drawing_stratum(const struct urna_drawing *d, size_t h)
{
    return d->strata ? d->f.stratum_name[h] : "";
}

const char *urna_drawing_sampler(enum urna_sampler kind)
{
    static const char *const names[] = {"A: SHA-256(seed, count), Rivest, Colorado",
                                        "B: SHA-256, cryptorandom",
                                        "C: consistent sampler, Rivest"};
    return names[kind];
}

double urna_valid_votes(const struct urna_stations *s, size_t row)
{
    double sum = 0;
    for (unsigned c = 0; c < s->n_candidates; c++)
        sum += s->votes[row * s->n_candidates + c];
    return sum;
}
