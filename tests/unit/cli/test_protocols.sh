#!/bin/bash
# urna protocols, urna seats, urna evidence demo, as their readers meet them. $1: the program.
urna=$(readlink -f "$1")
n=0 failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1

run() { # ARGS...   fills out, err, rc
    "$urna" "$@" >"$dir/out" 2>"$dir/err" </dev/null
    rc=$?
    out=$(cat "$dir/out") err=$(cat "$dir/err")
}
is() { # NAME RC OUT-PATTERN ERR-PATTERN
    n=$((n + 1))
    if [ "$rc" -eq "$2" ] && [[ $out == $3 ]] && [[ $err == $4 ]]; then
        echo "ok $n - $1"
    else
        failed=1
        echo "not ok $n - $1"
        echo "# rc $rc out: ${out//$'\n'/ | } err: ${err//$'\n'/ | }"
    fi
}

run evidence demo --folder d
is "the demo runs and every step ends as it must" 0 'Venezuela*7,156,462*CONTRADICTED*HOLDS*OUTSIDE*PATTERN*d/report.html' '*12 of 30 stations*map was guessed*'

run evidence demo --folder d
is "and again in the same folder" 0 '*CONTRADICTED*HOLDS*' '*'

run protocols check d/official.csv --map d/invented.map --json
is "check as JSON" 1 '{"format":"urna-protocols-check-1"*"line":24*"broken":1*}' ''
run protocols check d/observers.csv --map d/invented.map --totals d/official-totals.csv
is "totals of another table differ" 1 '*total of all stations, Anna Baran: stated 9122, the stations give 11366*' ''

printf 'urna-map-1\nstation = station\nvalid = votes\n' >bad.map
run protocols check d/official.csv --map bad.map
is "a missing column: those that exist are listed" 2 '' \
    '*bad.map:3: no column "votes"*The columns of d/official.csv:*6  valid*'

printf 'station;valid;A\n1;5;x\n' >bad.csv
printf 'urna-map-1\nstation = station\nvalid = valid\ncandidate A = A\n' >bad.map
run protocols contradict bad.csv --map bad.map --number A --official 3
is "a cell that is no number: file, line, field" 2 '' 'urna protocols contradict: bad.csv:2:3: column "A": "x" is no whole number;*zero = TEXT*'
run protocols contradict d/observers.csv --map d/invented.map --number Baran --official 3
is "an unknown candidate: those that exist are listed" 2 '' '*no number called "Baran"*Anna Baran*'
run protocols contradict d/observers.csv --map d/invented.map --number "Anna Baran" --official 999999
is "no contradiction: exit 1" 1 '*NOT CONTRADICTED*11,366*999,999*' ''
run protocols contradict d/observers.csv --map d/invented.map --number "Anna Baran" --official 4000 --region North --out p
is "a sub-total" 0 '*Anna Baran, North*' ''
run protocols contradict d/observers.csv --map d/invented.map --number "Anna Baran" --official 4000 --region North --out p
is "a proof that is there is kept" 2 '' '*p exists already*'
sed -i 's/^official 4000/official 9000/' p
run protocols contradict --check p
is "a proof with another total does not hold" 1 '*DOES NOT HOLD*' ''
run protocols contradict --check bad.csv
is "a file that is no proof" 2 '' '*bad.csv:1: expected a line "urna-contradiction-1*'

run protocols sign d/observers.csv --key k --new-key --name Mission
is "no passphrase, no key" 2 '' '*passphrase*'
echo 'a passphrase for a test' >pass
export URNA_PASSPHRASE_FILE=$dir/pass
run protocols sign d/observers.csv --key k --new-key --name Mission
is "sign" 0 '*SIGNED*' ''
out=$(head -2 k; stat -c %a k) err='' rc=0
is "the key rests sealed, for its owner only" 0 'urna-sealed-1*purpose copy*600' ''
run protocols sign d/observers.csv --key k --name Mission
is "another's word is not replaced" 2 '' '*observers.csv.sig*'
cp d/observers.csv again.csv
run protocols sign again.csv --key k --name Mission
is "sign again, with the key that is there" 0 '*SIGNED*' ''
echo 'another passphrase' >other
cp d/observers.csv third.csv
run protocols sign third.csv --key k --name Mission --passphrase-file other
is "another passphrase" 2 '' '*k*'
key=$(sed -n 's/^key //p' d/observers.csv.sig)
run protocols compare d/official.csv d/observers.csv --map d/invented.map --copy-map d/invented.map --signer "$key" --bundle b
is "compare with a signed copy" 1 '*DIFFERENT*signed by Mission*' ''
run protocols compare d/official.csv d/observers.csv --map d/invented.map --copy-map d/invented.map --bundle b
is "and so is a bundle" 2 '' '*b exists already*'
cp d/official.csv same.csv
run protocols compare d/official.csv same.csv --map d/invented.map --copy-map d/invented.map
is "equal tables" 0 '*EQUAL*30 equal, 0 differing*' ''
run protocols compare d/official.csv same.csv --map d/invented.map --copy-map d/invented.map --signer "$key"
is "equal, but not signed as asked" 1 '*SIGNATURES*not signed*' ''
cp d/observers.csv.sig same.csv.sig
run protocols compare d/official.csv same.csv --map d/invented.map --copy-map d/invented.map
is "a signature of another file" 1 '*BAD SIGNATURE*another file*' ''
out=$(cd b && cat differences.csv | wc -l && ls) err='' rc=0
is "the bundle has what a reader needs" 0 '21*SHA256SUMS*copy-1.sig*differences.csv*summary.json*without-counterpart.csv' ''

run protocols map --list
is "ready-made maps" 0 '*russia-2018*venezuela-2024-comando*' ''
run protocols map d/observers.csv
is "a guess" 0 'urna-map-1*candidates = "Anna Baran"*rule = candidates = valid*' '*guessed*'
printf '%s\n' "$out" >guess.map
run protocols check d/observers.csv --map guess.map
is "the guess balances" 0 '*BALANCED  22 stations*' ''
run protocols check --counts 5150092,4445978,462704
is "totals from percentages" 1 '*PERCENT FIRST*51.2%*10^-8.0*' ''
run protocols check --counts 1,x
is "counts that are none" 2 '' '*--counts wants*'

printf 'list,votes,said\nA,45,2\nB,45,1\nC,10,0\n' >lists.csv
run seats lists.csv --seats 3 --method hare --base qualified
is "a tie leaves a seat: exit 1" 1 '*hare, base qualified: 1 of 3 seats stay unassigned*' ''
run seats lists.csv --seats 3 --method hare --base qualified --ties order --stated said
is "by list order the stated seats are those" 0 '*are those of hare, base qualified*' ''
run seats lists.csv --seats 3 --method hare
is "a method with two readings needs its base" 2 '' '*two readings*'
run seats lists.csv --seats 3 --threshold 3
is "a threshold is a share" 2 '' '*--threshold*'
run seats d/official.csv --map d/invented.map --seats 5 --json
is "seats from protocols" 0 '{"format":"urna-seats-1"*"votes":9122*}' ''
run seats d/official.csv --seats 0
is "no seats" 2 '' '*--seats*'
echo "1..$n"
exit $failed
