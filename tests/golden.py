"""Reading the golden records (tests/data/election/records) for tests and tools in Python: no check
of hashes, signatures or the law, only the leaves and their bodies."""
import json
import struct
import subprocess


def unpack(archive, to):
    to.mkdir()
    zstd = subprocess.run(["zstd", "-dcq", archive], check=True, stdout=subprocess.PIPE)
    subprocess.run(["tar", "xC", to], check=True, input=zstd.stdout)


def read_bundles(folder, size):
    """The leaves of a log of `size` entries, as far as they are there."""
    for n in range((size + 255) // 256):
        width = min(256, size - 256 * n)
        name = f"tile/entries/{n:03d}" + ("" if width == 256 else f".p/{width}")
        try:
            data = (folder / name).read_bytes()
        except FileNotFoundError:
            return
        at = 0
        for _ in range(width):
            if at + 2 > len(data):
                return
            (length,) = struct.unpack_from(">H", data, at)
            yield data[at + 2 : at + 2 + length]
            at += 2 + length


def entries(folder):
    """(index, kind, envelope, body as bytes) of the leaves that can be read at all; parts joined."""
    try:
        size = int((folder / "checkpoint").read_bytes().split(b"\n")[1])
    except (OSError, IndexError, ValueError):
        return
    parts = []
    for index, leaf in enumerate(read_bundles(folder, size)):
        head, _, body = leaf.partition(b"\n")
        try:
            envelope = json.loads(head)
            kind = envelope["kind"]
        except (ValueError, KeyError, TypeError):
            continue
        if kind == "part":
            parts.append(body)
            continue
        if "parts" in envelope:
            body = b"".join(parts[-envelope["parts"] :])
        elif "out" in envelope:
            try:
                body = (folder / "body" / json.loads(body)["sha256"]).read_bytes()
            except (OSError, ValueError, KeyError):
                continue
        parts = []
        yield index, kind, envelope, body
