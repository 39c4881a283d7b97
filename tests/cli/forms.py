#!/usr/bin/env python3
"""A folder and an archive of the same record get the same verdict, to the byte. argv[1]: the program; argv[2]: the golden records.

The undamaged ones, and every ninth of the damaged ones: what is wrong is found and told in the same words in both forms."""
import concurrent.futures, json, os, subprocess, sys, tempfile

urna, golden = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
env = dict(os.environ, LC_ALL="C", URNA_THREADS="1")
with open(golden + "/expected.json", encoding="utf-8") as f:
    expected = json.load(f)["records"]
names = sorted(expected)
whole = [x for x in names if not expected[x]["folder"]]
chosen = whole + [x for x in names if expected[x]["folder"]][::9]
work = tempfile.TemporaryDirectory()
n, failed = 0, False


def run(*args):
    p = subprocess.run([urna, *args], env=env, stdin=subprocess.DEVNULL, capture_output=True, cwd=work.name)
    return p.returncode, p.stdout, p.stderr


def unpack(archive):
    to = os.path.join(work.name, os.path.basename(archive) + ".d")
    if not os.path.isdir(to):
        os.mkdir(to)
        tar = subprocess.run(["zstd", "-q", "-d", "-c", archive], check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", to], input=tar, check=True)
    return to


for x in chosen:
    unpack(os.path.join(golden, expected[x]["archive"]))


def faults_of(x):
    e = expected[x]
    archive = os.path.join(golden, e["archive"])
    folder = os.path.join(unpack(archive), e["folder"])
    trust = ["--trust", os.path.join(golden, e["trust"])]
    if e["folder"]:
        archive = os.path.join(work.name, x.replace("/", "_") + ".tar.zst")
        rc, _, err = run("record", "export", folder, archive)
        if rc != 0:  # what no archive may hold has one form only
            return [] if run("verify", folder, *trust)[0] == 2 or b"link" in err or b"200:1" in err else [f"export: {err}"]
    faults = []
    for form in (["--json"], ["--explain"], ["--as-found"]):
        how = form if "--as-found" in form else trust + form
        a, b = run("verify", folder, *how), run("verify", archive, *how)
        b = (b[0], b[1].replace(archive.encode(), folder.encode()), b[2].replace(archive.encode(), folder.encode()))
        if a != b:
            faults.append(f"{form[0]}: {a[0]} {a[1][:200]} {a[2][:200]} / {b[0]} {b[1][:200]} {b[2][:200]}")
        if "--json" in form and a[0] != e["exit"]:
            faults.append(f"exit {a[0]}, expected {e['exit']}")
    if not e["folder"]:
        again = os.path.join(work.name, x + ".again.tar.zst")
        rc, _, err = run("record", "export", folder, again)
        if rc != 0 or run("verify", again, *trust, "--json") != run("verify", folder, *trust, "--json"):
            faults.append(f"packed again: {err}")
        rc, out, err = run("record", "ls", folder, "--json")
        if (rc, out) != run("record", "ls", archive, "--json")[:2]:
            faults.append("record ls")
    return faults


with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for x, faults in zip(chosen, pool.map(faults_of, chosen)):
        n += 1
        failed |= bool(faults)
        print(f"{'not ok' if faults else 'ok'} {n} - {x}: {expected[x]['answer']} as a folder and as an archive")
        for f in faults:
            print("# " + f[:400])
print(f"1..{n}")
sys.exit(failed)
