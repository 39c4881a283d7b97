#!/bin/bash
# A disk that is full, and a folder that nobody may write to: the command says so (exit 3), what was
# there is whole, and when there is room again the same command does what it should have done.
# $1: the program.
#
# No file may grow beyond a limit (ulimit -f, in KiB, with SIGXFSZ ignored): every write that goes
# beyond fails like one on a full disk, on any machine and for any user. A file system that is really
# full, or read-only, needs name spaces; where there are none these cases are skipped.
set -u
. "$(dirname "$0")/lib.sh" "$1"
skip() {
    n=$((n + 1))
    echo "ok $n - $1 # SKIP no name spaces here"
}

# A record of a manifest, and a guardian who has something to say.
{
    cat <<END
urna-description-1
election new
  title en Test of full disks
test
group ristretto255
quorum 1
credentials one-registrar
device web
  title en Web
contest q 1
  title en Question
  option yes
    title en Yes
  option no
    title en No
style all q
cell all
  title en Everywhere
m_min 3
m_root 3
m_roll 3
open  2026-05-01T08:00:00Z
close 2026-05-01T20:00:00Z
delta 600
seal  2026-05-01T20:20:00Z
END
    urna role new log test.example/log --out log.key
    urna role new commission anna --bloc a --out anna.key
    urna role new guardian g1 --bloc a --out g1.key
    urna role new registrar rita --bloc a --out rita.key
} >election.txt
need election new election.txt --out manifest.body
need election sign manifest.body --key anna.key --out manifest.entry
need election trust manifest.entry --out trust
mkdir fresh
need record new fresh/record manifest.entry --log-key log.key
cp -r fresh one
need guardian keygen one/record --trust trust --key g1.key --state one/state --out one/commit.entry

append() { urna record append "$1/record" --log-key log.key one/commit.entry; }
keygen() { urna guardian keygen "$1/record" --trust trust --key g1.key --state "$1/state" --out "$1/out.entry"; }
confined() { # KIB COMMAND...: its exit code in rc; what it says goes through pipes, which have no limit
    local kib=$1
    shift
    (trap '' XFSZ; ulimit -f "$kib"; "$@" 2>&1 </dev/null) | cat >err
    rc=${PIPESTATUS[0]}
}
entries() { urna record ls "$1/record" | wc -l; }
# `consistent` (1): it holds together, and the election is not over.
holds() { urna verify "$1/record" --as-found >/dev/null 2>err; [ $? -eq 1 ] && [ "$(entries "$1")" -eq "$2" ]; }
same() { diff -r "$1" "$2" >err; }

that "the record that all begins with holds" holds fresh 1

# ---- no room for a file of the log ------------------------------------------------------------------------
# With no limit that matters it succeeds; with each smaller one it fails, wherever that hits it.
fails=0 whole=0 again=0
for kib in 0 1 2 3 4; do
    rm -rf full && cp -r fresh full
    confined $kib append full
    [ "$rc" -eq 0 ] && continue
    [ "$rc" -eq 3 ] || { sed "s/^/# $kib KiB, rc $rc: /" err; continue; }
    fails=$((fails + 1))
    grep -q . err && holds full 1 && whole=$((whole + 1))
    append full >/dev/null 2>err && holds full 2 && again=$((again + 1))
done
that "append fails where there is no room" [ $fails -ge 1 ]
that "the record is what it was each time" [ $whole -eq $fails ]
that "appending works when there is room again" [ $again -eq $fails ]
confined 64 append full
that "given twice it is refused by rule, not by the disk" [ "$rc" -eq 1 ]

rm -rf full && cp -r fresh full
confined 0 keygen full
that "a guardian without room says so" [ "$rc" -eq 3 ]
that "and has said nothing" [ ! -e full/out.entry ]
keygen full >/dev/null 2>err
that "with room again it says it" [ -s full/out.entry ]

# What a guardian has promised to itself must not be forgotten: no state is half-written.
cp -r full/state state.before
mv full/out.entry said
confined 0 keygen full
that "nothing is said again where there is no room" [ "$rc" -eq 3 -a ! -e full/out.entry ]
that "the state of before is whole" cmp -s state.before full/state
keygen full >/dev/null 2>err
that "and says the same bytes again" cmp -s said full/out.entry

# ---- a file system that is full, one that is read-only ----------------------------------------------------
if ! unshare -rm mount -t tmpfs none /mnt 2>/dev/null; then
    for name in "a full file system" "a read-only folder" "a read-only state"; do skip "$name"; done
else
    export -f append keygen
    mkdir disk
    # The log lies on a disk of 256 KiB that something else has filled.
    unshare -rm bash -c '
        mount -t tmpfs -o size=256k none disk && cp -r fresh/record disk/ || exit 99
        cat /dev/zero >disk/filled 2>/dev/null
        append disk >err 2>&1; [ $? -eq 3 ] || exit 1
        rm disk/filled
        urna verify disk/record --as-found >err 2>&1; [ $? -eq 1 ] || exit 2
        append disk >err 2>&1
    '
    that "a full file system: nothing is lost, and then it goes on" [ $? -eq 0 ]
    rm -rf full && cp -r fresh full
    unshare -rm bash -c 'mount --bind full full && mount -o remount,ro,bind full && append full' \
        >err 2>&1
    rc=$?
    that "a read-only folder is said to be one" grep -q full err
    that "with the exit code of the system" [ $rc -eq 3 ]
    unshare -rm bash -c 'mount --bind full full && mount -o remount,ro,bind full && keygen full' \
        >err 2>&1
    that "no state, no word of a guardian" [ $? -eq 3 ]
    that "and the folder is as before" same fresh full
fi

echo "1..$n"
exit $failed
