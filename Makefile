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

# `sudo make install` builds as the user who called it: files of root in build/ would end that
# user's next `make`.
ifneq ($(and $(SUDO_UID),$(filter 0,$(shell id -u))),)
AS_USER = env HOME=$(shell getent passwd $(SUDO_UID) | cut -d: -f6) \
          setpriv --reuid=$(SUDO_UID) --regid=$(SUDO_GID) --init-groups --
endif

all: build/build.ninja
	$(AS_USER) ninja -C build

# tools/setup is a prerequisite: a newer one may ask for packages that were not there before.
build/build.ninja: tools/setup
	tools/setup --for build
	$(AS_USER) meson setup build --buildtype=release -Dwerror=false -Dtests=false
	@$(AS_USER) touch $@

demo: all
	build/src/cli/urna demo

test: build-test/build.ninja
	ninja -C build-test
	@$(SANITIZED) meson test -C build-test --no-rebuild --print-errorlogs \
	    --timeout-multiplier 4 </dev/null; rc=$$?; tools/test-summary build-test || rc=1; exit $$rc

build-test/build.ninja: tools/setup
	tools/setup --for test
	meson setup build-test --buildtype=debugoptimized -Db_sanitize=address,undefined
	@touch $@

fuzz:
	tools/setup --for ci
	tools/fuzz-run 60

ct:
	tools/ct-check build-ct

bench: build-bench/build.ninja
	meson test -C build-bench --benchmark --verbose

build-bench/build.ninja: tools/setup
	tools/setup --for build
	meson setup build-bench --buildtype=release -Dbench=true -Dtests=false
	@touch $@

install: build/build.ninja
	$(AS_USER) meson configure build -Dprefix=$(PREFIX)
	$(AS_USER) ninja -C build
	meson install -C build --no-rebuild

format:
	git ls-files '*.c' '*.h' | xargs clang-format-14 -i

clean:
	rm -rf build build-test build-ct build-bench build-fuzz build-ci-gcc build-ci-clang

.PHONY: all demo test fuzz ct bench install format clean
