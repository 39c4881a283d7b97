#!/bin/bash
# urna forensics and urna quickcount as a reader meets them. $1: the program.
urna=$(realpath "$1")
n=0 failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99

run() { # ARGS...   fills out, err, rc
    "$urna" "$@" >out 2>err </dev/null
    rc=$?
    out=$(cat out) err=$(cat err)
}
check() { # NAME CONDITION...
    local name=$1
    shift
    n=$((n + 1))
    if "$@"; then
        echo "ok $n - $name"
    else
        failed=1
        echo "not ok $n - $name"
        echo "# rc $rc out: ${out//$'\n'/ | } err: ${err//$'\n'/ | }"
    fi
}
is() { [ "$rc" -eq "$1" ] && [[ $out == $2 ]] && [[ $err == $3 ]]; }
same() { cmp -s "$1" "$2"; }
# Nothing that runs or loads, no place of a template left, no hole of a text.
clean() {
    ! grep -qE '<script|style="|href="[^#d]|href="d[^a]|src="|\{[1-9][bchm]?\}|�' "$1" &&
        grep -q "default-src 'none'" "$1" && [ "$(tail -n 1 "$1")" = "</html>" ]
}

run forensics simulate --stations 2500 --seed a
cp out honest.csv
check "an honest election is written" is 0 'region,district,station,registered*' ''
run forensics simulate --stations 2500 --seed a
check "the same seed gives the same election" same out honest.csv
run forensics simulate --stations 2500 --seed a --rounded 0.2
cp out rounded.csv
check "one with a fault" is 0 'region,*' ''
run forensics simulate --rounded 2
check "a share above 1 is refused" is 2 '' '*--rounded and --stuffed want a number from 0 to 1*'

run forensics honest.csv --shuffles 39 --controls 4 --ascii
check "the honest one is quiet" is 0 '*no pattern in whole percents*Not shown:*' '*'
run forensics rounded.csv --shuffles 39 --controls 4 --ascii
check "the other is not, and that is no failure" is 0 '*! PATTERN  more whole percents than chance explains*' '*'
run forensics rounded.csv --shuffles 9 --controls 2 --json
check "JSON is one object" is 0 '{*"integer":{*"turnout":{*"log10_p_bound":-*}' '*'
run forensics rounded.csv --shuffles 9 --controls 2 --json
cp out again
run forensics rounded.csv --shuffles 9 --controls 2 --json
check "twice the same" same out again
run forensics rounded.csv --shuffles 9 --controls 2 --compat kobak --exact-tail --digits
check "options of the specialist" is 0 '*99.9% of draws*exact tail 10^-*toss of a coin*' '*'
for lang in en be ru es; do
    run forensics rounded.csv --shuffles 9 --controls 2 --digits --report r.$lang.html --lang $lang
    check "the report in $lang is clean" clean r.$lang.html
done
run forensics rounded.csv --lang fr
check "an unknown language" is 2 '' '*--lang wants en, be, ru or es*'
run forensics nothing.csv
check "a missing file is named" is 2 '' '*nothing.csv*'
run forensics
check "no file" is 2 '' 'urna forensics:*'
sed '7s/,[0-9]*,[0-9]*,[0-9]*$/,x,1,1/' honest.csv >bad.csv
cat >own.map <<'END'
urna-map-1
station    = region, district, station
region     = region
district   = district
registered = registered
issued     = issued
valid      = valid
invalid    = invalid
candidates = Leader, Second, Third, Fourth
END
run forensics bad.csv --map own.map --shuffles 1 --controls 0
check "a cell that is no number is named, its row left out" is 0 '*1 rows left out*' '*bad.csv:7:*'

run quickcount sample honest.csv --size 120 --seed '6 2 4 1' --strata region
grep '^  ' out | sort >drawn
check "a stratified sample" [ "$rc" -eq 0 -a "$(wc -l <drawn)" -eq 120 ]
run quickcount sample honest.csv --size 60 --json --seed x --sampler C
check "sampler C, JSON" is 0 '{*"sample":\[*' '*'
run quickcount sample honest.csv --size 60
check "no seed" is 2 '' '*--size and --seed are needed*'
run quickcount sample honest.csv --size 60 --seed x --sampler D
check "no such sampler" is 2 '' '*--sampler wants A, B or C*'

run quickcount estimate honest.csv
check "no random sample: refused, with lower bounds" is 1 '*NO ESTIMATE*at least*Leader*' '*'
head -n 1 honest.csv >part.csv
sed 's/^ *//' drawn >names
grep -E "$(sed 's/.*\(Station [0-9]*\).*/,\1,/' names | paste -sd '|')" honest.csv >>part.csv
run quickcount estimate part.csv --frame honest.csv --size 120 --seed '6 2 4 1' --strata region \
    --announced 'Leader=90' --report q.html --lang es
check "the sample alone gives the estimate" is 0 '*120 stations of 120 drawn from 2,500*OUTSIDE*' '*'
check "its report is clean" clean q.html
sed -i '5d' part.csv
run quickcount estimate part.csv --frame honest.csv --size 120 --seed '6 2 4 1' --strata region
check "a drawn station without a result is told" is 0 '*1 drawn stations have no result*' '*'
run quickcount estimate part.csv --frame honest.csv
check "half of what is needed" is 2 '' '*go together*'
run quickcount estimate part.csv --frame honest.csv --size 120 --seed '6 2 4 1' --announced 'Nobody=1'
check "an unknown candidate" is 2 '' '*no candidate is called*'
run quickcount simulate honest.csv --size 100 --repetitions 200
check "coverage" is 0 '*ratio estimator*textbook, for voters*' '*'
run quickcount simulate honest.csv --size 3000
check "more stations than there are" is 2 '' "*can't draw 3000 of 2500*"

echo "1..$n"
exit $failed
