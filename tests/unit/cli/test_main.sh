#!/bin/bash
# The program as a reader meets it: streams, exit codes, one message for one fault. $1: the program.
urna=$1
n=0 failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

run() { # ARGS...   fills out, err, rc
    "$urna" "$@" >"$dir/out" 2>"$dir/err" </dev/null
    rc=$?
    out=$(cat "$dir/out") err=$(cat "$dir/err")
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

run --version
check "version goes to stdout" is 0 'urna [0-9]*.[0-9]*.[0-9]*' ''
run --help
check "help goes to stdout and ends with the exit codes" is 0 '*exit: 0 *3 system' ''
run
check "no command: help on stderr, exit 2" is 2 '' 'urna: *exit: 0 *3 system'
run nothing
check "an unknown command is named" is 2 '' 'urna: unknown command "nothing"*'
run --nothing
check "an unknown option is named" is 2 '' 'urna: unknown option "--nothing"*'
run forensics simulate --json
check "what has no JSON does not promise it" is 2 '' '*unknown option --json*'
run $'evil\x1b[2J\x9b'
check "nothing from outside controls the terminal" is 2 '' \
    'urna: unknown command "evil\\u{1B}\[2J\\x{9B}"*'

for noun in $("$urna" --help | sed -n 's/^  urna \([a-z]*\) .*/\1/p'); do
    run "$noun" --help
    check "urna $noun --help ends with the exit codes" is 0 "urna $noun: *exit: 0 *3 system" ''
    long=$(printf '%s\n' "$out" | LC_ALL=C.UTF-8 grep -E '^.{81}')
    check "urna $noun --help stays within 80 columns" [ -z "$long" ]
    run "$noun" --nothing
    check "urna $noun refuses an unknown option" is 2 '' "urna $noun*"
done

if [ -w /dev/full ]; then
    err=$("$urna" --version 2>&1 >/dev/full)
    rc=$?
    out=
    check "an answer that cannot be written is exit 3" is 3 '' \
        'urna: standard output: write: No space left on device'
fi
"$urna" --version <&- >&- 2>&-
rc=$? out= err=
check "closed streams do no harm" is 0 '' ''

echo "1..$n"
exit $failed
