#!/bin/bash
# A manual page names every verb and every option of its noun, as --help lists them. $1: the program; $2: the folder of the pages.
urna=$1 man=$2
n=0 failed=0
for noun in role election roll voter guardian ballot receipt tally record witness; do
    page="$man/urna-$noun.1.scd"
    if [ $noun = tally ]; then verbs=''; else verbs=$("$urna" $noun --help | sed -n "s/^  urna $noun \([a-z]*\) .*/\1/p"); fi
    missing=''
    for verb in $verbs; do
        grep -qE "\*(urna $noun )?$verb\*" "$page" || missing+=" $verb"
    done
    for verb in ${verbs:-$noun}; do
        if [ $noun = tally ]; then help=$("$urna" tally --help); else help=$("$urna" $noun $verb --help); fi
        for option in $(sed -n 's/^  --\([a-z0-9-]*\).*/\1/p' <<<"$help"); do
            grep -qF -- "*--$option*" "$page" || missing+=" $verb:--$option"
        done
    done
    n=$((n + 1))
    if [ -z "$missing" ]; then echo "ok $n - urna-$noun(1) names every verb and option"; else failed=1; echo "not ok $n - urna-$noun(1) lacks:$missing"; fi
done
echo "1..$n"
exit $failed
