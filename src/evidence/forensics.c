#include "evidence/forensics.h"

#include <stdlib.h>

void urna_forensics_run(struct urna_forensics *out, const struct urna_stations *s,
                        const struct urna_forensics_options *o)
{
    *out = (struct urna_forensics){0};
    urna_shape_run(&out->shape, s);
    out->has_turnout = out->shape.voters > 0;
    urna_integer_run(&out->integer, s, &o->integer);
    urna_klimek_run(&out->klimek, s);
    urna_shpilkin_run(&out->shpilkin, &out->shape, o->core);
    out->slope = urna_xcalloc(s->n_candidates + 1, sizeof *out->slope);
    urna_sobyanin_run(out->slope, s);
    urna_duplicates_run(&out->duplicates, s, o->shuffles, o->seed);
    urna_neighbours_run(&out->neighbours, s, o->shuffles, o->seed);
    urna_kireev_run(&out->kireev, s, o->shuffles, o->seed);
    urna_control_run(&out->control, s, o->controls, o->seed);
    if (o->digits) {
        out->digits = urna_xcalloc(s->n_candidates + 1, sizeof *out->digits);
        for (unsigned c = 0; c < s->n_candidates; c++)
            urna_digits_run(out->digits + c, s, c);
    }
}

void urna_forensics_free(struct urna_forensics *f)
{
    urna_shape_free(&f->shape);
    urna_integer_free(&f->integer);
    free(f->slope);
    urna_duplicates_free(&f->duplicates);
    urna_kireev_free(&f->kireev);
    free(f->digits);
    *f = (struct urna_forensics){0};
}
