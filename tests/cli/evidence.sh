#!/bin/bash
# Types the commands of docs/evidence.md, exactly as they stand there. $1: the program; $2: the document.
# In a block "sh" every command must succeed, in a block "sh fails" every line must exit with 1; a block
# "sh needs FILE" is typed if the shared data are there, and skipped otherwise.
set -u
urna=$1 doc=$(realpath "$2")
shared=$(realpath -m "${URNA_SHARED:-$(dirname "$doc")/../shared}")/data/venezuela-2024
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/bin" "$dir/work"
ln -s "$(realpath "$urna")" "$dir/bin/urna"
export PATH="$dir/bin:$PATH" LC_ALL=C
n=0 failed=0
ok() { n=$((n + 1)); if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else failed=1; echo "not ok $n - $2"; fi; }

script() { # WITH_DATA
    awk -v data="$1" '
        /^```sh fails$/   { mode = "fails"; next }
        /^```sh needs /   { mode = data ? "sh" : ""; next }
        /^```sh$/         { mode = "sh"; next }
        /^```/            { mode = ""; next }
        mode == "sh"      { print }
        mode == "fails"   { printf "rc=0; %s || rc=$?; [ $rc -eq 1 ] || { echo \"expected exit 1, not $rc: %s\" >&2; exit 9; }\n", $0, substr($0, 1, 40); print "echo expected-1" }
    ' "$doc"
}
have=0
[ -r "$shared/actas_comando.csv.gz" ] && have=1
script $have >"$dir/script"
ok "$([ "$(grep -c '^urna\|urna ' "$dir/script")" -gt 15 ]; echo $?)" "the document holds the commands"
cd "$dir/work" || exit 1
[ $have -eq 1 ] && ln -s "$shared/actas_comando.csv.gz" .
echo 'what the terminal would be told' >"$dir/pass"
export URNA_PASSPHRASE_FILE=$dir/pass
bash -e -u -o pipefail "$dir/script" >"$dir/out" 2>"$dir/err"
rc=$?
ok $rc "every command does what the document says"
if [ $rc -ne 0 ]; then
    tail -20 "$dir/err" | sed 's/^/# /'
    tail -5 "$dir/out" | sed 's/^/# /'
fi
has() { grep -q -- "$2" "$1"; }
[ "$(grep -c '^expected-1$' "$dir/out")" -eq "$(awk '/^```sh fails$/{f=1;next} /^```/{f=0} f' "$doc" | wc -l)" ]; ok $? "what must fail fails"
has "$dir/out" 'BALANCED  22 stations'; ok $? "the guess balances"
has "$dir/out" 'BALANCED  4 stations'; ok $? "so does what was typed, once the map explains it"
has "$dir/out" 'PERCENT FIRST'; ok $? "totals from percentages are told"
has "$dir/out" 'OUTSIDE'; ok $? "the announced share lies outside"
has count.html 'default-src' && has patterns.html 'default-src'; ok $? "both reports are there"
[ -s differences/SHA256SUMS ]; ok $? "the bundle is there"
if [ $have -eq 1 ]; then
    has venezuela.proof '^official 5326104$'; ok $? "the contradiction of a real election"
else
    n=$((n + 1))
    echo "ok $n - the contradiction of a real election # SKIP no shared data"
fi
echo "1..$n"
exit $failed
