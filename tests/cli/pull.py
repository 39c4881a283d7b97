#!/usr/bin/env python3
"""A copy that is taken over never loses what was here: signatures of witnesses, bodies, a whole state. argv[1]: the program; argv[2]:
the golden records."""
import json, os, random, shutil, signal, subprocess, sys, tempfile, time

urna, golden = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
temp = tempfile.TemporaryDirectory()
os.chdir(temp.name)
env = dict(os.environ, LC_ALL="C")
n, failed = 0, False


def run(*args):
    p = subprocess.run([urna, *args], env=env, stdin=subprocess.DEVNULL, capture_output=True)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def check(name, holds, more=""):
    global n, failed
    n += 1
    failed |= not holds
    print(f"{'ok' if holds else 'not ok'} {n} - {name}")
    if not holds:
        print("# " + repr(more)[:600])


def unpack(name, to):
    shutil.rmtree(to, ignore_errors=True)
    os.mkdir(to)
    tar = subprocess.run(["zstd", "-q", "-d", "-c", f"{golden}/{name}.tar.zst"], check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", to], input=tar, check=True)
    return to


def trust(name):
    return ["--trust", f"{golden}/trust/{name}.trust"]


def verdict(folder, name):
    return json.loads(run("verify", folder, *trust(name), "--json")[1])


def strip(folder):
    """Only the log's own line stays on the checkpoint."""
    with open(folder + "/checkpoint", encoding="utf-8") as f:
        text, lines = f.read().split("\n\n")
    lines = lines.splitlines()
    with open(folder + "/checkpoint", "w", encoding="utf-8") as f:
        f.write(text + "\n\n" + lines[0] + "\n")
    return lines[1:]


def tree(folder):
    return {os.path.relpath(os.path.join(a, f), folder): open(os.path.join(a, f), "rb").read() for a, _, b in os.walk(folder) for f in b}


base = "rist-base"
rc, out, err = run("record", "pull", f"{golden}/{base}.tar.zst", "copy", *trust(base), "--json")
check("a first copy from an archive", rc == 0 and json.loads(out)["size"] == verdict("copy", base)["size"], err)
check("nothing else lies beside it", os.listdir(".") == ["copy"], os.listdir("."))
final = verdict("copy", base)
check("it is final", final["answer"] == "final")
whole = tree("copy")
lines = strip(unpack(base, "bare"))
check("without the witnesses' lines it is not", len(lines) > 1 and verdict("bare", base)["answer"] != "final")
rc, out, err = run("record", "pull", "bare", "copy/", *trust(base))
check("a copy without the lines takes none away", rc == 0 and tree("copy") == whole, err)
rc, out, err = run("record", "pull", "copy", "bare", *trust(base))
check("and gets them from the other", rc == 0 and verdict("bare", base) == final, (err, verdict("bare", base)["answer"]))
rc, out, err = run("record", "pull", "copy", "bare", *trust(base))
with open("bare/checkpoint", encoding="utf-8") as f:
    check("once", rc == 0 and len(f.read().split("\n\n")[1].splitlines()) == len(lines) + 1, err)
strip(unpack(base, "forged"))
with open("forged/checkpoint", "a", encoding="utf-8") as f:
    f.write(lines[0][:-12] + ("A" if lines[0][-12] != "A" else "B") + lines[0][-11:] + "\n")
strip("bare")
rc, out, err = run("record", "pull", "forged", "bare", "--fingerprint", final["phi"])
check("a copy with a line that does not verify is not taken over", rc == 1 and "forged" in err, (rc, err))

bodies = sorted(os.listdir("copy/body"))
unpack(base, "damaged")
with open("damaged/body/" + bodies[0], "ab") as f:
    f.write(b"more")
os.unlink("damaged/body/" + bodies[1])
rc, out, err = run("record", "pull", "damaged", "copy", *trust(base))
check("a damaged body and one that is missing change nothing here", rc == 0 and tree("copy") == whole, (rc, err))
rc, out, err = run("record", "pull", "copy", "damaged", *trust(base))
check("but are healed there", rc == 0 and tree("damaged") == whole, (rc, err))

early, late = "rist-tiles-early", "rist-tiles"
unpack(early, "growing")
rc, out, err = run("record", "pull", f"{golden}/{late}.tar.zst", "growing", *trust(late), "--json")
check("a longer copy is taken over", rc == 0 and verdict("growing", late)["answer"] == "final", (rc, err))
check("nobody but the log had signed the shorter one: nothing is kept of it", "kept" not in json.loads(out), out)
rc, out, err = run("record", "pull", f"{golden}/{early}.tar.zst", "growing", *trust(late))
check("a shorter one is not", rc == 1 and "nothing to take over" in err, err)
rc, out, err = run("record", "pull", "copy", "growing", *trust(base))
check("nor one of another election", rc != 0 and verdict("growing", late)["answer"] == "final", err)
rc, out, err = run("record", "pull", "copy", "", *trust(base))
check("a folder without a name is none", rc == 2 and "empty" in err, err)
rc, out, err = run("record", "pull", "copy", "no/such/place", *trust(base))
check("a folder is made where it has a place", rc == 0 and verdict("no/such/place", base) == final, err)
os.mkdir("aside")
os.symlink("aside", "linked.urna-incoming")
with open("aside/precious", "w") as f:
    f.write("x")
rc, out, err = run("record", "pull", "copy", "linked", *trust(base))
check("nothing is removed behind a link", rc == 3 and os.path.exists("aside/precious") and not os.path.exists("linked"), (rc, err))
os.unlink("linked.urna-incoming")

# Killed at any moment: there is no copy, or a whole one; and the next run needs no help.
full = "rist-full"
random.seed(7)
start = time.monotonic()
run("record", "pull", f"{golden}/{full}.tar.zst", "timed", *trust(full))
took, wanted = time.monotonic() - start, verdict("timed", full)
bad = []
for i in range(12):
    old_copy = i % 2 == 1
    shutil.rmtree("k", ignore_errors=True)
    if old_copy:
        shutil.copytree("timed", "k")
        strip("k")
    p = subprocess.Popen([urna, "record", "pull", f"{golden}/{full}.tar.zst", "k", *trust(full)], env=env, stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(took * random.uniform(0.3, 1.05))
    p.send_signal(signal.SIGKILL if i % 3 else signal.SIGINT)
    p.wait()
    if os.path.exists("k") and verdict("k", full)["answer"] not in ("final", "witnessed", "computed"):
        bad.append(("killed", i, verdict("k", full)["answer"]))
    rc, _, err = run("record", "pull", f"{golden}/{full}.tar.zst", "k", *trust(full))
    if rc != 0 or verdict("k", full) != wanted or os.path.exists("k.urna-incoming"):
        bad.append(("again", i, rc, err))
check("killed at any moment there is no copy or a whole one, and the next run needs no help", not bad, bad)
print(f"1..{n}")
sys.exit(failed)
