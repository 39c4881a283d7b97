all:
	meson setup build >/dev/null 2>&1 || true
	ninja -C build
