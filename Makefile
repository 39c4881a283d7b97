# The front door. The build itself is in meson.build; every target here can be run by hand.
# all        the program, optimised, in build/
# demo       a whole election on this machine, then its verification
# test       everything, with the sanitizers, in build-test/
# fuzz       every fuzz target for a minute, two at a time (tools/fuzz-run)
# ct         no branch and no index depends on a secret (valgrind)
# bench      how fast it is here
# install    PREFIX=/usr/local, DESTDIR for packagers
PREFIX ?= /usr/local
SANITIZED = ASAN_OPTIONS=allocator_may_return_null=1 \
            UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1

all: build/build.ninja
	ninja -C build

build/build.ninja:
	tools/setup --for build
	meson setup build --buildtype=release -Dwerror=false -Dtests=false

demo: all
	build/src/cli/urna demo

test: build-test/build.ninja
	ninja -C build-test
	@$(SANITIZED) meson test -C build-test --no-rebuild --print-errorlogs \
	    --timeout-multiplier 4 </dev/null; rc=$$?; tools/test-summary build-test || rc=1; exit $$rc

build-test/build.ninja:
	tools/setup --for test
	meson setup build-test --buildtype=debugoptimized -Db_sanitize=address,undefined

fuzz:
	tools/setup --for ci
	tools/fuzz-run 60

ct:
	tools/ct-check build-ct

bench: build-bench/build.ninja
	meson test -C build-bench --benchmark --verbose

build-bench/build.ninja:
	tools/setup --for build
	meson setup build-bench --buildtype=release -Dbench=true -Dtests=false

install: all
	meson configure build -Dprefix=$(PREFIX)
	meson install -C build

format:
	git ls-files '*.c' '*.h' | xargs clang-format-14 -i

clean:
	rm -rf build build-test build-ct build-bench build-fuzz build-ci-gcc build-ci-clang

.PHONY: all demo test fuzz ct bench install format clean
