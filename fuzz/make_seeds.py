#!/usr/bin/env python3
"""Make seeds for the fuzz targets, most of them from the golden records: for each kind its shortest
bodies, short runs of leaves, manifests, trust files ...

usage: make_seeds.py ROOT OUT [N]     N bodies of each kind (1)"""
import base64
import hashlib
import json
import pathlib
import struct
import subprocess
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


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def merkle(hashes):
    """Root by RFC 6962."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else sha256()
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1", merkle(hashes[:k]), merkle(hashes[k:]))


def tiles(leaves):
    """The files of a log with these leaves, under a checkpoint with a signature line of no key."""
    hashes = [sha256(b"\0", leaf) for leaf in leaves]
    files = {}
    for at in range(0, len(leaves), 256):
        end = "" if at + 256 <= len(leaves) else f".p/{len(leaves) - at}"
        files[f"tile/entries/{at // 256:03d}{end}"] = bundle(leaves[at : at + 256])
        files[f"tile/0/{at // 256:03d}{end}"] = b"".join(hashes[at : at + 256])
    full = len(leaves) // 256
    if full:
        roots = [merkle(hashes[256 * i : 256 * i + 256]) for i in range(full)]
        files[f"tile/1/000.p/{full}"] = b"".join(roots)
    root = base64.b64encode(merkle(hashes)).decode()
    line = base64.b64encode(bytes(68)).decode()
    files["checkpoint"] = f"a.b/c\n{len(leaves)}\n{root}\n\n\u2014 a.b/c {line}\n".encode()
    return files


def tar(files):
    """Their headers' sums stay blank: see archive.h."""
    out = b""
    for name, data in sorted(files.items()):
        header = struct.pack(
            "100s8s8s8s12s12s8sc100s8s247x",
            name.encode(),
            b"0000644\0",
            b"0000000\0",
            b"0000000\0",
            b"%011o\0" % len(data),
            b"00000000000\0",
            b" " * 8,
            b"0",
            b"",
            b"ustar\00000",
        )
        out += header + data + bytes(-len(data) % 512)
    return out + bytes(1024)


def with_sums(data):
    blocks = [data[i : i + 512] for i in range(0, len(data), 512)]
    for i, b in enumerate(blocks):
        if b[148:156] == b" " * 8:
            blocks[i] = b[:148] + b"%06o\0" % sum(b) + b[155:]
    return b"".join(blocks)


def zstd(data):
    run = subprocess.run(["zstd", "-19", "-cq"], input=data, check=True, stdout=subprocess.PIPE)
    return run.stdout


def record_seeds(out):
    few = tiles([b"a", b"", b"bc" * 40])
    body = b"beside the log"
    with_body = {**few, "body/" + sha256(body).hex().upper(): body}
    level_1 = tiles([b"%d" % i for i in range(257)])
    early = {**level_1, "checkpoint": tiles([b"%d" % i for i in range(200)])["checkpoint"]}
    torn = {**few, "tile/entries/000.p/3": few["tile/entries/000.p/3"][:-1]}
    for name, files in [
        ("few", few),
        ("body", with_body),
        ("level-1", level_1),
        ("early", early),
        ("torn", torn),
        ("empty", tiles([])),
    ]:
        write(out / "record", name, tar(files))
    write(out / "tar", "few", tar(few))
    write(out / "tar", "one", tar({"a": b"x" * 512}))
    write(out / "tar", "none", tar({}))
    write(out / "tar", "sums", with_sums(tar({"a": b"", "b": b"y"})))
    write(out / "zstd", "few", zstd(with_sums(tar(few))))
    write(out / "zstd", "level-1", zstd(with_sums(tar(level_1))))
    write(out / "zstd", "bomb", zstd(bytes(1 << 20)))
    write(out / "checkpoint", "few", few["checkpoint"])
    for name in sorted(level_1):
        write(out / "tile", name.replace("/", "-") + "-name", name.encode())
    write(out / "tile", "far", b"tile/63/x018/x446/x744/x073/x709/x551/615.p/255")
    write(out / "tile", "bundle", few["tile/entries/000.p/3"])
    write(out / "tile", "bundle-torn", torn["tile/entries/000.p/3"])


def trust_seeds(out):
    folder = ROOT / "tests/data/election/records/trust"
    files = sorted(folder.glob("*.trust"), key=lambda p: (p.stat().st_size, p.name))
    for path in files[:2] + files[-1:]:
        write(out / "trust", path.stem, path.read_bytes())
    words = files[-1].read_text().split()
    for i, key in enumerate([w for w in words if w.count("+") >= 2][:2]):
        write(out / "vkey", f"key-{i}", key.encode())


def entry_seeds(out, leaves):
    """Whole leaves are files of entries too. In those of the judge the signatures are blank, and
    the roots of anchors: see fuzz_judge.c."""
    kinds = set()
    for index, leaf in enumerate(leaves):
        head, _, body = leaf.partition(b"\n")
        envelope = json.loads(head)
        for sig in envelope["sigs"]:
            sig["sig"] = "0" * 128
        blank = json.dumps(envelope, separators=(",", ":")).encode()
        if envelope["kind"] == "anchor":
            anchor = json.loads(body)
            body = body.replace(anchor["root"].encode(), b"0" * 64)
        if envelope["kind"] not in kinds:
            write(out / "entry", envelope["kind"], leaf)
            kinds.add(envelope["kind"])
            write(out / "judge", f"again-{index}", bytes([index]) + blank + b"\n" + body)
            write(out / "judge", f"instead-{index}", bytes([128 + index]) + blank + b"\n" + body)
    write(out / "entry", "statement", b'{"kind":"statement","sigs":[]}\n{"text":"x"}')
    attachment = b'{"kind":"attachment","sigs":[]}\nabc'
    write(out / "entry", "attachment", attachment)
    write(out / "entry", "parts", b'{"kind":"roll","sigs":[]}\n' + b"x" * 61000)
    for place in (1, 8, 12, 13, 17, 19):
        write(out / "judge", f"nothing-{place}", bytes([place]))
    write(out / "judge", "part", bytes([8]) + b'{"kind":"part","i":1,"n":1,"sigs":[]}\nx')
    write(out / "judge", "attachment", bytes([9]) + attachment)
    close = b'{"kind":"close","sigs":[{"by":"c1","sig":"%s"}]}\n{"time":1800086400}' % (b"0" * 128)
    write(out / "judge", "close", bytes([11]) + close)


def small_seeds(out):
    e, sig = "A1" * 32, "B2" * 64
    for word in ("promise", "received"):
        text = f"urna-{word}-1\nelection {e}\nkind ballot\nentry {e}\ntime 1800000000\nsig {sig}\n"
        write(out / "promise", word, text.encode())
    good = "0000-0000-0000-0000-0000-0000-0000"
    write(out / "code", "zero", good.encode())
    write(out / "code", "typo", good.replace("0", "7", 1).encode())
    write(out / "code", "typed", b"oooo oooo oooo oooo oooo oooo oool\n")
    write(out / "code", "short", b"49JG-7AAJ")
    source = (ROOT / "fuzz/fuzz_sealed.c").read_text()
    lines = source[source.index("good[] =") :].split(";")[0].split('"')[1::2]
    sealed = "".join(lines).replace("\\n", "\n")
    write(out / "sealed", "good", sealed.encode())
    write(out / "sealed", "free", sealed.replace(" 1 8192 ", " 0 8192 ").encode())
    write(out / "sealed", "dear", sealed.replace(" 1 8192 ", " 17 8192 ").encode())
    write(out / "sealed", "short", "\n".join(sealed.split("\n")[:4] + ["AAAA\n"]).encode())


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
    record_seeds(out)
    trust_seeds(out)
    entry_seeds(out, runs)
    small_seeds(out)


if __name__ == "__main__":
    main()
