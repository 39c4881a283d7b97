/* The same facts for programs. */
#include "report/evidence_report.h"

#include <math.h>

static void input(struct urna_json *j, const struct urna_evidence_context *c)
{
    urna_json_str(j, "command", c->command);
    urna_json_str(j, "version", c->version);
    urna_json_open(j, "input", '{');
    urna_json_str(j, "file", c->input->path);
    urna_evidence_json_sha256(j, "sha256", c->input->sha256);
    urna_json_str(j, "title", c->input->title);
    urna_json_bool(j, "map_guessed", c->input->guessed);
    urna_json_u64(j, "rows", c->input->rows);
    urna_json_u64(j, "totals", c->input->totals);
    urna_json_u64(j, "left_out", c->input->left_out);
    urna_json_u64(j, "faults", c->input->faults);
    if (c->input->received_from) {
        urna_json_str(j, "received_from", c->input->received_from);
        urna_json_bool(j, "given_is_received", c->input->given_is_received);
    }
    urna_json_close(j, '}');
}

static void integer(struct urna_json *j, const struct urna_stations *s,
                    const struct urna_integer *r, const struct urna_integer_options *o)
{
    static const char *const tests[] = {"either", "result", "turnout"};
    static const char *const weights[] = {"stations", "voters", "given", "leader"};
    urna_json_open(j, "integer", '{');
    urna_json_str(j, "near", o->compat ? "floating point, as published" : "exact");
    urna_json_u64(j, "stations", r->used);
    urna_json_u64(j, "without_ballots", r->without_ballots);
    urna_json_u64(j, "under_100_voters", r->small);
    urna_json_u64(j, "turnout_above_99", r->high_turnout);
    urna_json_u64(j, "share_above_99", r->high_share);
    for (int t = 0; t < URNA_N_TESTS; t++) {
        urna_json_open(j, tests[t], '{');
        for (int w = 0; w < URNA_N_WEIGHTS; w++) {
            const struct urna_integer_cell *x = &r->cell[t][w];
            urna_json_open(j, weights[w], '{');
            urna_json_double(j, "observed", x->observed);
            urna_json_double(j, "expected", x->mean);
            urna_json_double(j, "d", x->d);
            urna_json_double(j, "sd", x->sd);
            urna_json_double(j, "z", x->z);
            if (isfinite(x->q999))
                urna_json_double(j, "q999", x->q999);
            if (w == URNA_BY_STATIONS) {
                urna_json_double(j, "log10_p_bound", x->log10_bound);
                urna_json_double(j, "log10_p_saddlepoint", x->log10_saddle);
                if (isfinite(x->log10_exact))
                    urna_json_double(j, "log10_p_exact", x->log10_exact);
                urna_json_double(j, "p_bound_holm", r->holm[t]);
            }
            urna_json_close(j, '}');
        }
        urna_json_close(j, '}');
    }
    urna_json_open(j, "regions", '[');
    for (size_t i = 0; i < r->n_regions; i++) {
        const struct urna_integer_region *x = r->region + i;
        urna_json_open(j, NULL, '{');
        urna_json_str(j, "region", s->regions.name[x->region]);
        urna_json_u64(j, "stations", x->stations);
        urna_json_u64(j, "observed", x->observed);
        urna_json_double(j, "expected", x->mean);
        urna_json_double(j, "sd", x->sd);
        urna_json_double(j, "p", x->p);
        urna_json_double(j, "q", x->q);
        urna_json_close(j, '}');
    }
    urna_json_close(j, ']');
    urna_json_close(j, '}');
}

static void permutation(struct urna_json *j, const struct urna_permutation *p)
{
    urna_json_u64(j, "observed", p->observed);
    urna_json_u64(j, "shuffles", p->shuffles);
    urna_json_double(j, "shuffled_mean", p->mean);
    urna_json_double(j, "p", p->p);
}

static void repeats(struct urna_json *j, const struct urna_stations *s,
                    const struct urna_forensics *f)
{
    urna_json_open(j, "duplicates", '{');
    permutation(j, &f->duplicates.all);
    urna_json_u64(j, "least_ballots", f->duplicates.least);
    urna_json_open(j, "pairs", '[');
    for (size_t i = 0; i < f->duplicates.n_pairs; i++) {
        urna_json_open(j, NULL, '[');
        urna_json_str(j, NULL, urna_stations_label(s, f->duplicates.pair[i].a));
        urna_json_str(j, NULL, urna_stations_label(s, f->duplicates.pair[i].b));
        urna_json_close(j, ']');
    }
    urna_json_close(j, ']');
    urna_json_close(j, '}');
    urna_json_open(j, "neighbours", '{');
    permutation(j, &f->neighbours.neighbours);
    urna_json_u64(j, "longest", f->neighbours.longest);
    if (f->neighbours.longest > 0)
        urna_json_str(j, "longest_from", urna_stations_label(s, f->neighbours.at));
    urna_json_close(j, '}');
    urna_json_open(j, "kireev", '{');
    permutation(j, &f->kireev.hits);
    urna_json_open(j, "districts", '[');
    for (size_t i = 0; i < f->kireev.n; i++) {
        const struct urna_kireev_hit *x = f->kireev.hit + i;
        urna_json_open(j, NULL, '{');
        urna_json_str(j, "district", s->districts.name[x->district]);
        urna_json_str(j, "candidate", s->candidate[x->candidate]);
        urna_json_u64(j, "stations", x->stations);
        urna_json_u64(j, "none", x->none);
        urna_json_u64(j, "one", x->one);
        urna_json_u64(j, "two", x->two);
        urna_json_double(j, "p_so_few_zeros", x->p);
        urna_json_close(j, '}');
    }
    urna_json_close(j, ']');
    urna_json_close(j, '}');
}

static void descriptions(struct urna_json *j, const struct urna_stations *s,
                         const struct urna_forensics *f)
{
    urna_json_open(j, "klimek", '{');
    urna_json_double(j, "tau", f->klimek.tau);
    urna_json_double(j, "nu", f->klimek.nu);
    urna_json_double(j, "sigma_tau", f->klimek.sigma_tau);
    urna_json_double(j, "sigma_nu", f->klimek.sigma_nu);
    urna_json_double(j, "theta", f->klimek.theta);
    urna_json_close(j, '}');
    urna_json_open(j, "shpilkin", '{');
    urna_json_u64(j, "core", f->shpilkin.main.core);
    urna_json_bool(j, "core_found", f->shpilkin.detected);
    urna_json_double(j, "excess", f->shpilkin.main.excess);
    urna_json_double(j, "low", f->shpilkin.low);
    urna_json_double(j, "high", f->shpilkin.high);
    urna_json_open(j, "band", '[');
    for (size_t i = 0; i < URNA_SHPILKIN_BAND; i++) {
        urna_json_open(j, NULL, '{');
        urna_json_u64(j, "core", f->shpilkin.band[i].core);
        urna_json_u64(j, "window", f->shpilkin.band[i].window);
        urna_json_double(j, "excess", f->shpilkin.band[i].excess);
        urna_json_close(j, '}');
    }
    urna_json_close(j, ']');
    urna_json_close(j, '}');
    urna_json_open(j, "sobyanin", '[');
    for (unsigned c = 0; c < s->n_candidates; c++) {
        const struct urna_slope *x = f->slope + c;
        urna_json_open(j, NULL, '{');
        urna_json_str(j, "candidate", s->candidate[c]);
        urna_json_double(j, "share", x->share);
        urna_json_double(j, "slope", x->slope);
        urna_json_double(j, "low", x->low);
        urna_json_double(j, "high", x->high);
        urna_json_double(j, "within", x->within);
        urna_json_double(j, "within_low", x->within_low);
        urna_json_double(j, "within_high", x->within_high);
        urna_json_close(j, '}');
    }
    urna_json_close(j, ']');
}

void urna_forensics_json(struct urna_json *j, const struct urna_evidence_context *c,
                         const struct urna_stations *s, const struct urna_forensics_options *o,
                         const struct urna_forensics *f)
{
    urna_json_open(j, NULL, '{');
    input(j, c);
    urna_json_str(j, "seed", o->seed);
    urna_json_u64(j, "stations", s->n);
    urna_json_str(j, "leader", s->candidate[s->leading]);
    urna_json_u64(j, "voters", f->shape.voters);
    urna_json_u64(j, "given", f->shape.given);
    urna_json_u64(j, "received", f->shape.received);
    urna_json_u64(j, "votes", f->shape.votes);
    integer(j, s, &f->integer, &o->integer);
    descriptions(j, s, f);
    repeats(j, s, f);
    urna_json_open(j, "control", '{');
    urna_json_u64(j, "runs", f->control.runs);
    static const char *const tests[] = {"either", "result", "turnout"};
    for (int t = 0; t < 3; t++) {
        urna_json_open(j, tests[t], '{');
        urna_json_double(j, "mean_z", f->control.mean_z[t]);
        urna_json_double(j, "sd_z", f->control.sd_z[t]);
        urna_json_u64(j, "flagged", f->control.flagged[t]);
        urna_json_close(j, '}');
    }
    urna_json_close(j, '}');
    if (f->digits) {
        urna_json_open(j, "digits", '[');
        for (unsigned k = 0; k < s->n_candidates; k++) {
            urna_json_open(j, NULL, '{');
            urna_json_str(j, "candidate", s->candidate[k]);
            urna_json_u64(j, "counts", f->digits[k].n);
            urna_json_double(j, "second_mean", f->digits[k].second_mean);
            urna_json_double(j, "second_expected", f->digits[k].second_expected);
            urna_json_double(j, "last_chi2", f->digits[k].last_chi2);
            urna_json_double(j, "last_p", f->digits[k].last_p);
            urna_json_close(j, '}');
        }
        urna_json_close(j, ']');
    }
    urna_json_str(j, "not_shown",
                  "how many votes are false, where and by whom; what the result would have been; "
                  "that what is not "
                  "flagged is correct");
    urna_json_close(j, '}');
}

void urna_quickcount_json(struct urna_json *j, const struct urna_evidence_context *c,
                          const struct urna_quickcount *q)
{
    urna_json_open(j, NULL, '{');
    input(j, c);
    urna_json_bool(j, "random_sample", q->is_random);
    urna_json_u64(j, "in_hand", q->in_hand);
    if (q->is_random) {
        urna_json_str(j, "frame", q->frame);
        urna_evidence_json_sha256(j, "frame_sha256", q->frame_sha256);
        urna_json_str(j, "seed", q->seed);
        urna_json_str(j, "sampler", q->sampler);
        urna_json_u64(j, "stations", q->stations);
        urna_json_u64(j, "drawn", q->drawn);
        urna_json_u64(j, "outside", q->outside);
        urna_json_double(j, "level", q->level);
        urna_json_open(j, "missing", '[');
        for (size_t i = 0; i < q->n_missing; i++)
            urna_json_str(j, NULL, q->missing[i]);
        urna_json_close(j, ']');
    }
    urna_json_open(j, q->is_random ? "estimates" : "lower_bounds", '[');
    for (size_t i = 0; i < q->n_lines; i++) {
        const struct urna_quickcount_line *l = q->line + i;
        urna_json_open(j, NULL, '{');
        urna_json_str(j, "name", l->name);
        urna_json_u64(j, "votes_in_hand", l->votes);
        if (q->is_random) {
            urna_json_double(j, "share", l->e.share);
            urna_json_double(j, "se", l->e.se);
            urna_json_double(j, "df", l->e.df);
            urna_json_double(j, "low", l->e.low);
            urna_json_double(j, "high", l->e.high);
            urna_json_double(j, "design_effect", l->e.design_effect);
            if (l->announced >= 0) {
                urna_json_double(j, "announced", l->announced);
                urna_json_double(j, "t", l->compare.t);
                urna_json_double(j, "p", l->compare.p);
                urna_json_bool(j, "inside", l->compare.inside);
            }
        }
        urna_json_close(j, '}');
    }
    urna_json_close(j, ']');
    urna_json_close(j, '}');
}
