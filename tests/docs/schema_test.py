#!/usr/bin/env python3
"""docs/schema against the golden records: every body that the law accepts fits its schema, in the
order that the schema states, and does not fit it any more when a key is taken away or added.

usage: schema_test.py ROOT (of the sources). Exit 77: skipped, no jsonschema, zstd or tar here."""
import copy
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from golden import entries, unpack  # noqa: E402

SKIP = 77

class Schemas:
    def __init__(self, folder):
        import jsonschema
        import referencing

        self.raw = {p.stem: json.loads(p.read_text()) for p in sorted(folder.glob("*.json"))}
        for name, schema in self.raw.items():
            jsonschema.Draft202012Validator.check_schema(schema)
        registry = referencing.Registry().with_resources(
            (f"{name}.json", referencing.Resource.from_contents(s)) for name, s in self.raw.items()
        )
        self.validator = {
            name: jsonschema.Draft202012Validator({"$ref": f"{name}.json"}, registry=registry)
            for name in self.raw
        }

    def fits(self, name, value):
        return self.validator[name].is_valid(value)

    def why(self, name, value):
        return next(self.validator[name].iter_errors(value)).message

    def resolve(self, schema, home):
        while "$ref" in schema:
            name, _, path = schema["$ref"].partition("#/$defs/")
            home = name.removesuffix(".json") or home
            schema = self.raw[home]["$defs"][path]
        return schema, home

    def in_order(self, value, schema, home):
        """Do the keys of every object stand in the order of the schema's properties?"""
        schema, home = self.resolve(schema, home)
        if isinstance(value, dict) and "properties" in schema:
            order = list(schema["properties"])
            places = [order.index(k) for k in value]
            return places == sorted(places) and all(
                self.in_order(v, schema["properties"][k], home) for k, v in value.items()
            )
        if isinstance(value, list) and isinstance(schema.get("items"), dict):
            return all(self.in_order(v, schema["items"], home) for v in value)
        return True


def changed(body, schema):
    """Bodies with one key of the top level too few or too many, or of another type."""
    for key in schema["required"]:
        less = copy.copy(body)
        del less[key]
        yield f"without {key}", less
    yield "with a stranger", {**body, "stranger": 1}
    for key in body:
        yield f"{key} is null", {**body, key: None}


def check_body(schemas, kind, body, where, failures):
    value = json.loads(body)
    if not schemas.fits(kind, value):
        failures.append(f"{where}: {kind}: {schemas.why(kind, value)}")
    elif not schemas.in_order(value, schemas.raw[kind], kind):
        failures.append(f"{where}: {kind}: other order of keys than the schema's")
    return value


def check_record(schemas, name, folder, expected, samples, failures):
    void = {i for i, _ in expected.get("void", [])}
    n = 0
    for index, kind, envelope, body in entries(folder):
        if index in void or kind == "attachment":
            continue
        where = f"{name}, entry {index}"
        if not schemas.fits("envelope", envelope):
            failures.append(f"{where}: {schemas.why('envelope', envelope)}")
        samples.setdefault(kind, check_body(schemas, kind, body, where, failures))
        n += 1
    return n


def check_all(root, schemas, failures):
    records = root / "tests/data/election/records"
    expected = json.loads((records / "expected.json").read_text())["records"]
    samples, n = {}, 0
    with tempfile.TemporaryDirectory() as temp:
        for archive in records.glob("*.tar.zst"):
            unpack(archive, pathlib.Path(temp, archive.name))
        for name, e in expected.items():
            if e.get("answer") in ("consistent", "computed", "witnessed", "final"):
                folder = pathlib.Path(temp, e["archive"], e["folder"])
                n += check_record(schemas, name, folder, e, samples, failures)
    kinds = set(schemas.raw) - {"common", "envelope", "stub"}
    # The one complaint that is ok is redacted; its body has the schema of a statement's.
    samples.setdefault("complaint", samples["statement"])
    for kind in sorted(kinds ^ set(samples)):
        failures.append(f"{kind}: a schema without a golden body, or the other way round")
    for kind, body in samples.items():
        if not schemas.fits(kind, body):
            failures.append(f"{kind}: {schemas.why(kind, body)}")
        for what, other in changed(body, schemas.raw[kind]):
            if schemas.fits(kind, other):
                failures.append(f"{kind} {what}: accepted")
    return n, len(kinds)


def main():
    try:
        import jsonschema  # noqa: F401
        import referencing  # noqa: F401
    except ImportError:
        print("skipped: the Python package jsonschema (4.18 or later) is not here")
        return SKIP
    root = pathlib.Path(sys.argv[1])
    failures = []
    try:
        n, kinds = check_all(root, Schemas(root / "docs/schema"), failures)
    except FileNotFoundError as e:
        if e.filename not in ("zstd", "tar"):
            raise
        print(f"skipped: {e.filename} is not here")
        return SKIP
    for f in failures[:50]:
        print(f)
    print(f"{n} bodies of {kinds} kinds checked, {len(failures)} failures")
    return 1 if failures or n < 10000 else 0


if __name__ == "__main__":
    sys.exit(main())
