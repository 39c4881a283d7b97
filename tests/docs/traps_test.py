#!/usr/bin/env python3
"""docs/traps.md: every trap is there, and every test and record that it names exists.

usage: traps_test.py ROOT (of the sources)"""
import json
import pathlib
import re
import sys

TRAPS = (
    [f"T{i}" for i in range(1, 40)] + ["T26a", "T26b", "T30a", "T35a"] + [f"A{i}" for i in range(1, 18)]
)


def rows(text):
    """(trap, what is named) for each row of the tables."""
    for line in text.splitlines():
        m = re.fullmatch(r"\| ([TA]\d+[a-z]?) \| [^|]+ \| ([^|]+) \|", line)
        if m:
            yield m.group(1), re.findall(r"`([^`]+)`", m.group(2))
        elif line.startswith("|") and not line.startswith(("| trap |", "|---")):
            yield line, []


def fault(root, records, name):
    """Why this name is none, or None."""
    if name == "tamper":
        return None if (root / "tests/tamper/tamper.c").is_file() else "no such suite"
    if name.startswith("golden "):
        return None if name[7:] in records else "no such golden record"
    m = re.fullmatch(r"([a-z]+/test_[a-z0-9_]+):([a-z0-9_]+)", name)
    if not m:
        return "not a name"
    source = root / "tests/unit" / f"{m.group(1)}.c"
    if not source.is_file():
        return "no such file"
    registered = re.search(rf"cmocka_unit_test\w*\(\s*{m.group(2)}\b", source.read_text())
    return None if registered else "no such test"


def main():
    root = pathlib.Path(sys.argv[1])
    text = (root / "docs/traps.md").read_text()
    records = json.loads((root / "tests/data/election/records/expected.json").read_text())["records"]
    bad, seen = [], []
    for trap, names in rows(text):
        seen.append(trap)
        if not names:
            bad.append(f"{trap}: nothing is named")
        bad += [f"{trap}: {n}: {why}" for n in names if (why := fault(root, records, n))]
    bad += [f"{t} is missing" for t in TRAPS if t not in seen]
    bad += [f"{t} stands twice or is no trap" for t in set(seen) if seen.count(t) > 1 or t not in TRAPS]
    # The check itself must be able to fail.
    for name in ("golden no.such", "verify/test_traps:no_such", "verify/test_no:x", "words"):
        if not fault(root, records, name):
            bad.append(f"the check takes {name}")
    print("\n".join(bad) or f"{len(seen)} traps")
    return 1 if bad else 0


sys.exit(main())
