#!/bin/bash
# Types the commands of docs/walkthrough.md, exactly as they stand there. $1: the program; $2: the document.
# In a block "sh" every line must succeed, in a block "sh fails" every line must exit with 1.
set -u
urna=$1 doc=$(realpath "$2")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/bin" "$dir/work"
ln -s "$(realpath "$urna")" "$dir/bin/urna"
export PATH="$dir/bin:$PATH" LC_ALL=C
unset URNA_PASSPHRASE_FILE
n=0 failed=0
ok() { n=$((n + 1)); if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else failed=1; echo "not ok $n - $2"; fi; }

# One script: the blocks in order; a command of a "fails" block is wrapped, so that anything but exit 1 ends the script.
awk '
    /^```sh fails$/ { mode = "fails"; next }
    /^```sh$/       { mode = "sh"; next }
    /^```/          { mode = ""; next }
    mode == "sh"    { print }
    mode == "fails" { printf "rc=0; %s || rc=$?; [ $rc -eq 1 ] || { echo \"expected exit 1, not $rc\"; exit 9; }\n", $0; print "echo expected-1" }
' "$doc" >"$dir/script"
ok "$([ "$(grep -c '^urna\|urna ' "$dir/script")" -gt 80 ]; echo $?)" "the document holds the commands"

cd "$dir/work" || exit 1
bash -e -u -o pipefail "$dir/script" >"$dir/out" 2>"$dir/err"
rc=$?
ok $rc "every command does what the document says"
if [ $rc -ne 0 ]; then
    sed 's/^/# /' "$dir/err" | tail -20
    tail -5 "$dir/out" | sed 's/^/# /'
fi

has() { grep -q -- "$2" "$1"; }
has "$dir/out" '^+ FINAL  Board of the garden club'; ok $? "the verdict is FINAL"
[ "$(grep -c '^expected-1$' "$dir/out")" -eq "$(awk '/^```sh fails$/{f=1;next} /^```/{f=0} f' "$doc" | wc -l)" ]; ok $? "what must fail fails"
has "$dir/err" "refused by rule repeated"; ok $? "a ballot given twice is refused by rule"
has "$dir/err" "not under the quorum of your trust file"; ok $? "no guardian decrypts without its own quorum"
[ "$(grep -c '^+ COUNTED' "$dir/out")" -eq 2 ]; ok $? "two receipts are green"
has "$dir/out" '^- SUPERSEDED by serial 2'; ok $? "the first of two ballots is superseded"
has "$dir/out" '^- LATE'; ok $? "the ballot that no witness signed in time is late"

json=$(urna verify reader --trust trust --json)
ok "$([ $? -eq 0 ]; echo $?)" "verify --json exits 0"
printf '%s' "$json" | python3 -c '
import json, sys
v = json.load(sys.stdin)
assert v["answer"] == "final", v["answer"]
assert v["totals"] == [[4, 2], [2, 2, 4]], v["totals"]
assert v["counted"] == [7, 7], v["counted"]
'
ok $? "the totals are the votes: 4, 2 and 2, 2, 4"
# What an observer said is there for every reader, and the verdict is what it is without it (FINAL, the same totals: above).
urna record cat reader --kind statement | python3 -c '
import json, sys
e = json.loads(sys.stdin.read())
about, photo = (x.upper() for x in sys.argv[1:])
assert e["accepted"] and e["by"] == ["olga"], e
assert e["body"]["about"] == about and e["body"]["files"] == [photo], e
assert e["body"]["text"] == open("olga/what.txt").read().splitlines(), e
' "$(sed -n 's/^  entry *//p' v1/tested)" "$(sha256sum olga/seal.jpg | cut -c1-64)"
ok $? "the observer's words are in the record that the reader took over, about that ballot, with that file"
cmp -s olga/seal.jpg "reader/body/$(sha256sum olga/seal.jpg | cut -c1-64 | tr a-f A-F)"; ok $? "the file too"
# The election is over, and Olga speaks again: FINAL once the witnesses signed the longer log, whether the words are kept or not.
export URNA_PASSPHRASE_FILE=$PWD/passphrase
cp -r board/record later
later() { # what verify says of the longer log: its answer, and everything else that counts
    urna verify later --trust trust --json | python3 -c '
import json, sys
v = json.load(sys.stdin)
print(v["answer"], v["totals"], v["counted"], v["ballots"], v["countset"])'
}
before=$(later)
echo 'I agree with the result.' >olga/late.txt
urna record say later --kind statement --key olga/key --text olga/late.txt --out olga/late.entry >"$dir/more" 2>&1 &&
    urna record append later --log-key board/key olga/late.entry >>"$dir/more" 2>&1
ok $? "who the manifest names may speak when the election is over"
[ "$(later)" = "${before/final/witnessed}" ]; ok $? "the longer log waits for the witnesses, and nothing else changes"
cp -r reader reader2 && size=$(sed -n 2p reader/checkpoint)
urna record pull later reader2 --trust trust >>"$dir/more" 2>&1 && cmp -s reader/checkpoint "reader2.checkpoint-$size"
ok $? "who takes it over keeps what the witnesses signed of the shorter one"
for w in press mission lists; do
    urna witness cosign later --trust trust --key $w/key.full --state $w/state --out $w/late.note --time 2026-05-02T10:00:00Z
done >>"$dir/more" 2>&1 && urna record cosign later press/late.note mission/late.note lists/late.note >>"$dir/more" 2>&1
ok $? "they sign it"
[ "$(later)" = "$before" ]; ok $? "and it is FINAL as before"
rm later/body/*
[ "$(later)" = "$before" ]; ok $? "without the words and the file, too"
[ "$(urna verify later --trust trust --json | grep -o '"rule":"absent"' | wc -l)" -eq 2 ]; ok $? "which are said to be missing"
ok "$([ ! -e g1/unused.entry ]; echo $?)" "a guardian with nothing to say writes nothing"
# Secrets: only sealed files, readable by their owner alone, and the passphrase in none of them.
[ -z "$(find anna/key g1/state v1/credential v1/ballot press/key.full -perm /077)" ]; ok $? "sealed files are readable by their owner alone"
! grep -rqF "$(cat passphrase)" anna boris rita g1 g2 g3 press mission lists olga board v1 v5 reader; ok $? "the passphrase stands in no file"

echo "1..$n"
exit $failed
