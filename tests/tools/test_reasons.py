"""Does every text of the judge and of the readers have its row in src/report/reason_*.c?

test_reasons.py PROGRAM: reads every literal of the sources that hold such texts, fills its places
with values, and asks PROGRAM (tests/unit/report/test_reasons LANG) to say it in each language.
A text that is no ruling, finding or fault stands in NOT_SHOWN, with the reason."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = [
    "src/rules/alone.c", "src/rules/alone_ballot.c", "src/rules/alone_ceremony.c",
    "src/rules/context.c", "src/rules/countset.c", "src/rules/fold_anchor.c",
    "src/rules/fold_ballot.c", "src/rules/fold_ceremony.c", "src/rules/fold_decrypt.c",
    "src/rules/fold_result.c", "src/rules/fold_roll.c", "src/rules/judge.c", "src/rules/groups.c",
    "src/model/assembler.c", "src/model/ballot.c", "src/model/ceremony.c", "src/model/codec.c",
    "src/model/counting.c", "src/model/kinds.c", "src/model/log_kinds.c", "src/model/manifest.c",
    "src/model/roll.c", "src/log/note.c", "src/log/record_scan.c", "src/log/record_read.c",
    "src/verify/verify.c", "src/verify/follow.c", "src/evidence/scan.c",
]
# Values of the first %s where they are words of the program: the places of a sentence in four
# languages cannot be filled with English words, so each has a row of its own.
WORDS = {
    "a roll is signed by %s": ["both registrars", "one registrar"],
    "two %s with the id %s": ["contests", "styles", "options", "devices", "cells", "names"],
    "not all %s are in yet": ["shares", "keys"],
    "redacted (%s): %s": ["personal data", "unlawful", "threat"],
    "%s at size %llu: this log has root %s, witnesses signed %s":
        ["fork: the log showed two faces", "another root was signed"],
    "%s: entries %llu to %llu are not there": ["missing", "ends early"],
    "%zu fields instead of %zu: the row is left out%s": ["", " (columns without a name?)"],
    "%s is not allowed in phase %s": None,  # the second one
    '\\"%.*s\\"%s %s': None,  # a cell and what is wrong with it
}
COLUMN = 'column \\"%.100s\\": %s'  # before what is wrong with a cell
PHASES = ["setup", "voting", "sealed", "counted"]
# The last %s is another text of the table.
NESTED = ["body, byte %lld: %.150s", "manifest: byte %lld: %.150s", "checkpoint: %s",
          "The log does not begin with an acceptable manifest (%s: %s).",
          "a result that the record does not prove (%s): %s"]
NOT_SHOWN = {
    "%s: %s": "a file and its fault, which the page shows apart",
    "%s at byte %zu: %s": "inside 'body, byte': tested there",
    "all but the NULL are answers": "an assertion of the compiler",
    "urna_lanes_digits may read 8 bytes of any cell": "an assertion of the compiler",
    'it cannot be told whether \\"%c\\" separates thousands or decimals here; say it in the map '
    "(thousands = %s or decimal = %s)": "an error: no page",
    "a file that has no place in a record: remove it, or copy the record without it":
        "the record can't be read: no page",
    "8 digits each": "an assertion of the compiler",
    "the record grew while it was read": "an error of the system: no page",
    "somebody writes to this record, or was killed while writing (then urna record append clears it)":
        "the record can't be read: no page",
    "the record changed while it was read, %d times: let whoever writes to it finish, or read a copy":
        "an error of the system: no page",
    " %s ": "a line of a checkpoint", " ": "the same",
}
CELLS = ["is too large", "is no whole number", "makes the sum too large", "is no percentage",
         "is no name of a station", "is nobody's name",
         "is no whole number; if it means none, or not known, say so in the map: zero = TEXT, or "
         "unknown = TEXT"]
FRAGMENTS = {w for ws in WORDS.values() if ws for w in ws} | set(CELLS)


def literals(path):
    text = re.sub(r"/\*.*?\*/", " ", path.read_text(), flags=re.S)
    text = re.sub(r"^#.*(?:\\\n.*)*$", " ", text, flags=re.M)
    text = re.sub(r"'(?:[^'\\]|\\.)'", " ", text)
    for m in re.finditer(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*', text):
        joined = "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', m.group()))
        if " " in joined:
            yield joined


def fill(fmt, strings):
    left = list(strings)

    def value(m):
        if m.group().endswith("s"):
            return left.pop(0) if left else "g-2.x"
        return "7"
    return re.sub(r"%(?:\.\d+)?(?:ll|z)?[usd]", value, fmt)


def samples(fmt):
    if fmt == "%s is not allowed in phase %s":
        return [fill(fmt, ["decrypt.commit", phase]) for phase in PHASES]
    if fmt == COLUMN:
        return [f'column "a b": "x y" {why}' for why in CELLS]
    if fmt.startswith('\\"%.*s'):
        return [f'"a b"{dots} {why}' for why in CELLS for dots in ("", "...")]
    if fmt in WORDS:
        return [fill(fmt, [word]) for word in WORDS[fmt]]
    if fmt in NESTED:
        n = fmt.count("%s") + fmt.count("%.150s")
        inner = ["ends early"]
        if "byte" in fmt:
            kind = "manifest" if fmt.startswith("manifest") else "roll.close"
            inner.append(f"{kind} at byte 7: ends early")
        return [fill(fmt, ["E12"] * (n - 1) + [x]) for x in inner]
    return [fill(fmt, [])]


def main(program):
    texts = []
    for name in SOURCES:
        for fmt in literals(ROOT / name):
            if fmt not in NOT_SHOWN and fmt not in FRAGMENTS and fmt != "%.150s":
                texts += [(name, s) for s in samples(fmt)]
    ok = len(texts) > 200
    print("TAP version 13\n1..4")
    for n, lang in enumerate(["en", "be", "ru", "es"], 1):
        out = subprocess.run([program, lang], input="".join(s + "\n" for _, s in texts), text=True,
                             stdout=subprocess.PIPE, check=True).stdout.splitlines()
        bad = [f"{name}: {s}" for (name, s), line in zip(texts, out) if not line.startswith("ok\t")]
        good = ok and not bad and len(out) == len(texts)
        print(f"{'ok' if good else 'not ok'} {n} - {len(texts)} texts in {lang}")
        for b in bad:
            print(f"# not in src/report/reason_*.c: {b}")


main(sys.argv[1])
