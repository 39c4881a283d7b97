# What the tests of whole commands share; they source it with the program as $1. A folder of their
# own, the program in PATH, a passphrase, and TAP.
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/bin" "$dir/work"
ln -s "$(realpath "$1")" "$dir/bin/urna"
export PATH="$dir/bin:$PATH" LC_ALL=C
cd "$dir/work" || exit 1
umask 077
echo 'the right passphrase' >pass
export URNA_PASSPHRASE_FILE=$PWD/pass

n=0 failed=0
# Run the program: fills out, err, rc.
run() {
    out=$(urna "$@" 2>err </dev/null)
    rc=$?
    err=$(cat err)
}
check() { # NAME RC PATTERN-OF-STDERR   of the last run
    n=$((n + 1))
    if [ "$rc" -eq "$2" ] && [[ $err == $3 ]]; then
        echo "ok $n - $1"
    else
        failed=1
        echo "not ok $n - $1"
        echo "# rc $rc: $err $out" | head -5
    fi
}
that() { # NAME CONDITION...
    local name=$1
    shift
    n=$((n + 1))
    if "$@"; then
        echo "ok $n - $name"
    else
        failed=1
        echo "not ok $n - $name"
        [ ! -s err ] || sed 's/^/# /' err | head -3
    fi
}
need() { # a step on the way: it must succeed
    if ! urna "$@" >last 2>err </dev/null; then
        echo "Bail out! urna $*: $(cat err)"
        exit 1
    fi
}
