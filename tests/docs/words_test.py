#!/usr/bin/env python3
"""What the documents name is there: links and their headings, paths, `make` targets, commands with
their options, and names of the C sources. Documents are the Markdown files, the manual pages and the
public headers.

usage: words_test.py ROOT URNA (the folder of the sources, the program)"""
import functools
import pathlib
import re
import subprocess
import sys

root, urna = pathlib.Path(sys.argv[1]), sys.argv[2]
FOLDERS = "src tests tools docs examples include man fuzz ct bench maps .ci".split()
PATTERNS = {"urna_noun_verb"}
COMMON = {"help", "json", "color", "ascii", "version"}


def documents():
    found = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("examples/**/*.md")]
    return sorted(found + [*root.glob("man/*.scd"), *root.glob("include/urna/*.h")])


# --- Markdown: links, headings, code ----------------------------------------------------------


def without_code(text):
    text = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    return re.sub(r"`[^`\n]*`", "", text)


@functools.cache
def anchors(path):
    """The names that a reader's browser gives to the headings."""
    names = set()
    for title in re.findall(r"^#+ (.*)$", path.read_text(), re.M):
        slug = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", title.lower())).replace(" ", "-")
        while slug in names:
            slug += "-1"
        names.add(slug)
    return names


def links(path, text):
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text)):
        file, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        to = (path.parent / file) if file else path
        if not to.exists():
            yield f"a link to {target}"
        elif anchor and anchor not in anchors(to):
            yield f"a link to {target}: no such heading"


def code(path, text):
    """Pieces of code, one line each."""
    if path.suffix == ".h":
        return
    if path.suffix == ".scd":
        for line in text.split("\n"):
            if re.match(r"\t*(\*urna [a-z]|\$ urna|urna )", line):
                yield re.sub(r"[*_\\]", "", line).strip()
        return
    for block in re.findall(r"^```(?:sh.*)?\n(.*?)^```", text, re.S | re.M):
        yield from block.split("\n")
    for line in re.findall(r"^    (.*)$", text, re.M):
        yield line
    text = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    yield from re.findall(r"`([^`\n]+)`", text)


# --- paths, targets ---------------------------------------------------------------------------


def paths(text):
    folders = "|".join(re.escape(f) for f in FOLDERS)
    for p in re.findall(rf"(?<![\w./-])((?:{folders})/[\w.*/-]+)", text):
        p = p.rstrip(".")
        if re.search(r"/[A-Z]+[/.]", p):  # a pattern, not a name
            continue
        if not (any(root.glob(p)) if "*" in p else (root / p).exists()):
            yield f"the path {p}"


def targets(lines):
    have = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(), re.M))
    for line in lines:
        for t in re.findall(r"^(?:\$ )?make ([a-z]+)", line):
            if t not in have:
                yield f"make {t}"


# --- commands ---------------------------------------------------------------------------------


@functools.cache
def help_of(*words):
    p = subprocess.run([urna, *words, "--help"], capture_output=True, text=True, timeout=60)
    return p.stdout if p.returncode == 0 else ""


@functools.cache
def verbs(*noun):
    out = help_of(*noun)
    if "COMMAND --help says more" not in out:
        return ()
    name = " ".join(("urna",) + noun)
    return tuple(re.findall(rf"^  {name} ([a-z]+) ", out, re.M))


def options(words):
    return COMMON | set(re.findall(r"--([a-z0-9-]+)", help_of(*words)))


def one_command(words, line):
    """Faults of `urna WORDS...`, where a word may be a|b|c: then each is meant."""
    if not words or not re.fullmatch(r"[a-z|]+", words[0]):
        return
    for noun in words[0].split("|"):
        if noun not in verbs():
            yield f"urna {noun}"
        elif not verbs(noun):
            # A word in the place of a table: `urna forensics simulate`.
            sub = [noun, *words[1:2]]
            known = len(sub) > 1 and help_of(*sub).startswith(f"urna {sub[0]} {sub[1]}:")
            yield from unknown_options(sub if known else [noun], line)
        elif len(words) > 1 and re.fullmatch(r"[a-z|]+", words[1]):
            for verb in words[1].split("|"):
                if verb in verbs(noun):
                    yield from unknown_options([noun, verb], line)
                else:
                    yield f"urna {noun} {verb}"


def unknown_options(words, line):
    for o in re.findall(r"(?<!\S)\[?--([a-z0-9-]+)", line):
        if o not in options(tuple(words)):
            yield f"urna {' '.join(words)} --{o}"


def commands(lines):
    for line in lines:
        for piece in re.split(r"\$\(|[;|&]{1,2} | \| ", re.sub(r"\s#.*", "", line)):
            m = re.search(r"(?:^|\s)urna((?: [a-z|]+)*)(.*)", piece)
            if m:
                yield from one_command(m[1].split(), m[2])


# --- names of the sources ---------------------------------------------------------------------


@functools.cache
def sources():
    files = [*root.glob("src/**/*.[ch]"), *root.glob("include/**/*.h"), *root.glob("tests/**/*.[ch]")]
    return "\n".join(f.read_text() for f in files)


def names(text):
    for name in set(re.findall(r"\b(urna_[a-z0-9_]+|URNA_[A-Z0-9_]+)\b", text)):
        if not re.search(rf"\b{name}\b", sources()) and name not in PATTERNS:
            yield f"the name {name}"


def faults(path):
    text = path.read_text()
    lines = list(code(path, text))
    if path.suffix == ".md":
        yield from links(path, text)
        yield from targets(lines)
    yield from paths(text)
    yield from commands(lines)
    yield from names(text)


def main():
    bad, n = [], 0
    for path in documents():
        n += 1
        bad += [f"{path.relative_to(root)}: {f}" for f in faults(path)]
    # The check itself must be able to fail.
    for line, want in (
        ("urna record nothing", "urna record nothing"),
        ("urna verify RECORD --nothing", "urna verify --nothing"),
        ("urna nothing", "urna nothing"),
        ("x=$(urna guardian keygen|nothing R)", "urna guardian nothing"),
    ):
        if want not in list(commands([line])):
            bad.append(f"the check takes {line}")
    if not list(targets(["make nothing"])) or not list(paths("see tools/nothing")):
        bad.append("the check takes a target or a path that is not there")
    print("\n".join(bad) or f"{n} documents")
    return 1 if bad or n < 25 else 0


sys.exit(main())
