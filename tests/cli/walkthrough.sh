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
ok "$([ ! -e g1/unused.entry ]; echo $?)" "a guardian with nothing to say writes nothing"
# Secrets: only sealed files, readable by their owner alone, and the passphrase in none of them.
[ -z "$(find anna/key g1/state v1/credential v1/ballot press/key.full -perm /077)" ]; ok $? "sealed files are readable by their owner alone"
! grep -rqF "$(cat passphrase)" anna boris rita g1 g2 g3 press mission lists board v1 v5 reader; ok $? "the passphrase stands in no file"

echo "1..$n"
exit $failed
