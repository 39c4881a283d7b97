#!/usr/bin/env python3
"""The manual pages render without a warning.

usage: man_test.py ROOT (of the sources). Exit 77: skipped, no scdoc or groff here."""
import pathlib
import shutil
import subprocess
import sys


def warnings(roff):
    p = subprocess.run(["groff", "-man", "-ww", "-Tutf8"], input=roff, capture_output=True, text=True)
    return p.stderr.strip().split("\n") if p.stderr.strip() else []


def main():
    if not shutil.which("scdoc") or not shutil.which("groff"):
        print("skipped: scdoc or groff is not here")
        return 77
    bad, n = [], 0
    for page in sorted(pathlib.Path(sys.argv[1], "man").glob("*.scd")):
        p = subprocess.run(["scdoc"], input=page.read_text(), capture_output=True, text=True)
        told = [p.stderr.strip()] if p.returncode else warnings(p.stdout)
        bad += [f"{page.name}: {w}" for w in told]
        n += 1
    if not warnings('.TH x 1\n.nothing "here\n'):
        bad.append("the check takes a macro that is not there")
    print("\n".join(bad) or f"{n} pages")
    return 1 if bad or n < 15 else 0


sys.exit(main())
