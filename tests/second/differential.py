"""Both verifiers on one record: what they say, and where they differ."""
import io
import json
import os
import subprocess
import sys
import tarfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import second_verifier as sv

FIELDS = ('answer', 'phi', 'size', 'entries', 'countset', 'cut', 'seal', 'counted', 'secret', 'totals', 'seats', 'ballots')


def unpack(path, folder):
    raw = subprocess.run(['zstd', '-q', '-d', '-c', path], check=True, capture_output=True).stdout
    files = {}
    with tarfile.open(fileobj=io.BytesIO(raw)) as t:
        for m in t.getmembers():
            if m.name.startswith(folder):
                files[m.name[len(folder):]] = t.extractfile(m).read()
    return files


def write_record(at, files):
    for name, data in files.items():
        path = os.path.join(at, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as f:
            f.write(data)


def plain(rc, doc):
    """What both must agree on; rules without the letter of a verification."""
    d = {k: doc.get(k) for k in FIELDS}
    d['void'] = {v['index']: v['rule'].split('.')[0] for v in doc.get('void', [])}
    d['ballots'] = {e: s.split('.')[0] for e, s in (d['ballots'] or {}).items()}
    if d['answer'] in ('invalid', 'incomplete'):  # nothing is said about the election then
        d = {'answer': d['answer']}
    return dict(d, exit=rc)


def answer_of(urna, folder, trust):
    """(exit code, the JSON)"""
    p = subprocess.run([urna, 'verify', folder, '--trust', trust, '--json'], capture_output=True, text=True)
    return p.returncode, json.loads(p.stdout) if p.stdout.strip() else {}


def first(urna, folder, trust):
    return plain(*answer_of(urna, folder, trust))


def second(folder, trust):
    try:
        doc, rc = sv.verify(folder, trust)
    except sv.Unreadable:
        return plain(2, {})
    return plain(rc, json.loads(json.dumps(doc)))


def differences(a, b):
    for k in sorted(set(a) | set(b)):
        x, y = a.get(k), b.get(k)
        if x == y:
            continue
        if isinstance(x, dict) and isinstance(y, dict):
            for i in sorted(set(x) | set(y)):
                if x.get(i) != y.get(i):
                    yield f'{k} {i}: urna {x.get(i)}, second {y.get(i)}'
        else:
            yield f'{k}: urna {x}, second {y}'
