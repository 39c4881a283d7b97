#!/usr/bin/env python3
"""Make seeds for the fuzz targets from the golden records: for each kind its shortest bodies, short
runs of leaves, manifests.

usage: make_seeds.py ROOT OUT [N]     N bodies of each kind (1)"""
import hashlib
import json
import pathlib
import struct
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(ROOT / "tests"))
from golden import entries, read_bundles, unpack  # noqa: E402


def records(temp):
    golden = ROOT / "tests/data/election/records"
    for archive in golden.glob("*.tar.zst"):
        unpack(archive, temp / archive.name)
    for name, e in json.loads((golden / "expected.json").read_text())["records"].items():
        void = {i for i, _ in e.get("void", [])}
        if e.get("answer") in ("consistent", "computed", "witnessed", "final"):
            yield name, temp / e["archive"] / e["folder"], void


def bundle(leaves):
    return b"".join(struct.pack(">H", len(leaf)) + leaf for leaf in leaves)


def stub(body):
    return b'{"sha256":"%s","size":%d}' % (
        hashlib.sha256(body).hexdigest().upper().encode(),
        len(body),
    )


def leaf_runs():
    """Runs that no golden record has in small: see fuzz_envelope.c for the "*"."""
    part = b'{"kind":"part","i":%d,"n":2,"sigs":[]}\n%s'
    body = b"x" * 60001
    own = b'{"kind":"roll","parts":2,"sigs":[]}\n' + stub(body)
    yield "parts", [part % (1, b"*"), part % (2, b"x"), own]
    yield "parts-twice", [part % (1, b"*"), part % (1, b"*"), part % (2, b"x"), own, own]
    yield "parts-orphan", [part % (1, b"*"), b'{"kind":"accept","sigs":[]}\n{"as":"w"}']
    out = b'{"kind":"attachment","out":1,"sigs":[]}\n'
    yield "out", [out + stub(b"abc"), out + stub(b"abd"), out + stub(b"")]
    yield "unknown", [b'{"kind":"vote","sigs":[]}\nx', b"", b"\n", b"x"]


def write(folder, name, data):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def main():
    out = pathlib.Path(sys.argv[2])
    per_kind = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    bodies, runs = {}, []
    with tempfile.TemporaryDirectory() as temp:
        for name, folder, void in records(pathlib.Path(temp)):
            for index, kind, _, body in entries(folder):
                if index not in void:
                    bodies.setdefault(kind, set()).add(body)
            if name == "rist-small":
                runs = list(read_bundles(folder, 19))
    bodies.setdefault("complaint", bodies["statement"])  # the only good one is redacted
    for kind, found in bodies.items():
        for i, body in enumerate(sorted(found, key=lambda b: (len(b), b))[:per_kind]):
            write(out / "body", f"{kind}-{i}", kind.encode() + b"\n" + body)
    manifests = sorted(bodies["manifest"], key=lambda b: (len(b), b))
    for i, body in enumerate(manifests[:: max(1, len(manifests) // (3 * per_kind))]):
        if len(body) < 8192:
            write(out / "manifest", f"manifest-{i}", body)
    for i in range(0, len(runs), 5):
        write(out / "envelope", f"small-{i}", bundle(runs[i : i + 5]))
    for name, leaves in leaf_runs():
        write(out / "envelope", name, bundle(leaves))


if __name__ == "__main__":
    main()
