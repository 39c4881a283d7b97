/* urna quickcount: draw a sample of stations from a public seed, estimate from it, and see whether
 * the interval is honest. */
#include "cli/commands.h"
#include "cli/quickcount/quickcount.h"

int urna_cmd_quickcount(int argc, char **argv)
{
    static const struct urna_verb verbs[] = {
        {"sample", urna_quickcount_sample_cmd, "draw stations at random from a public seed"},
        {"estimate", urna_quickcount_estimate_cmd, "what the sample says about all stations"},
        {"simulate", urna_quickcount_simulate_cmd, "does the interval hold the truth?"},
        {0},
    };
    return urna_verbs("urna quickcount", "count a random sample of polling stations", verbs, argc,
                      argv);
}
