#!/usr/bin/env python3
"""The bodies in docs/record.md, section 2 (the table of kinds and the manifest's paragraph) against
docs/schema: the same fields in the same order, the same ones optional, with the same defaults.

usage: fields_test.py ROOT (of the sources)"""
import json
import pathlib
import re
import sys

OPEN, CLOSE = "{[(", "}])"


def split(text):
    """Pieces between commas (or semicolons) that stand in no bracket."""
    depth, piece = 0, ""
    for c in text:
        depth += (c in OPEN) - (c in CLOSE)
        if c in ",;" and depth == 0:
            yield piece.strip()
            piece = ""
        else:
            piece += c
    yield piece.strip()


def outer(piece):
    """The piece without what stands in its brackets and braces."""
    while re.search(r"[{\[][^{}\[\]]*[}\]]", piece):
        piece = re.sub(r"[{\[][^{}\[\]]*[}\]]", "", piece)
    return piece


def inner(piece):
    """The fields in the first braces of a piece, or None."""
    at = piece.find("{")
    if at < 0:
        return None
    depth = 0
    for i, c in enumerate(piece[at:], at):
        depth += (c == "{") - (c == "}")
        if depth == 0:
            return piece[at + 1 : i]
    raise ValueError(piece)


def fields(text):
    """[(name, optional, default or None, text of the inner fields or None)]"""
    found = []
    for piece in split(text):
        m = re.match(r"([a-z_0-9]+)(\?)?(?:\s|$|\()", piece)
        if m:
            d = re.search(r"\((?:[^()]*; )?(\d+|\"[^\"]*\")[;)]", outer(piece)) if m[2] else None
            found.append((m[1], bool(m[2]), d and d[1].strip('"'), inner(piece)))
    return found


class Schemas:
    def __init__(self, folder):
        self.raw = {p.stem: json.loads(p.read_text()) for p in folder.glob("*.json")}

    def resolve(self, s, home):
        """A schema without references, through lists to what they hold."""
        while True:
            if "$ref" in s:
                name, _, path = s["$ref"].partition("#/$defs/")
                home = name.removesuffix(".json") or home
                s = self.raw[home]["$defs"][path]
            elif s.get("type") == "array" and isinstance(s.get("items"), dict):
                s = s["items"]
            else:
                return s, home


def compare(schemas, where, text, schema, home):
    schema, home = schemas.resolve(schema, home)
    have = schema.get("properties", {})
    told = [f for f in fields(text) if f[0] in have or not have]
    names = [f[0] for f in told]
    if names != list(have):
        yield f"{where}: the page has {names}, the schema {list(have)}"
        return
    for name, optional, default, more in told:
        if optional != (name not in schema["required"]):
            yield f"{where}: {name} is optional in one of the two only"
        said = schemas.resolve(have[name], home)[0].get("default", have[name].get("default"))
        if default is not None and str(said) != default:
            yield f"{where}: {name} is {default} by default on the page, {said} in the schema"
        if more is not None and re.match(r"[a-z_0-9]+\??(,| |$)", more):
            yield from compare(schemas, f"{where}.{name}", more, have[name], home)


def bodies(page):
    """(kind, text of its fields)"""
    table = page[page.index("| kind | phase | signed by | body |") :]
    for line in table.split("\n")[2:]:
        if not line.startswith("|"):
            break
        cells = re.split(r"(?<!\\)\|", line)
        kinds, body = cells[1], "|".join(cells[4:-1]).replace("\\|", "|")
        for kind in re.findall(r"`([a-z.]+)`", kinds):
            yield kind, body.strip()
    m = re.search(r"^\*\*manifest\*\*: (.*?)\nCells stand", page, re.S | re.M)
    yield "manifest", m[1].replace("\n", " ")


def main():
    root = pathlib.Path(sys.argv[1])
    schemas, page = Schemas(root / "docs/schema"), (root / "docs/record.md").read_text()
    bad, n = [], 0
    for kind, text in bodies(page):
        if text in ("see below", "raw bytes"):
            continue
        n += 1
        bad += compare(schemas, kind, text, schemas.raw[kind], kind)
        # The check itself must be able to fail.
        first = fields(text)[0][0]
        if not list(compare(schemas, kind, text.replace(first, "", 1), schemas.raw[kind], kind)):
            bad.append(f"{kind}: the check does not miss {first}")
    print("\n".join(bad) or f"{n} bodies")
    return 1 if bad or n < 25 else 0


sys.exit(main())
