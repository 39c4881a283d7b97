#!/usr/bin/env python3
"""A record that is written to while it is read: every verdict is of one of its states, or words say that it changed. argv[1]: the
program.

First a board appends, entry by entry, while others verify, list, pack and take over. Then a folder is overwritten again and again,
without any care, by two states of a record in turn."""
import json, os, shutil, subprocess, sys, tempfile, threading, time

urna = os.path.realpath(sys.argv[1])
temp = tempfile.TemporaryDirectory()
os.chdir(temp.name)
with open("pass", "w") as f:
    f.write("the right passphrase\n")
env = dict(os.environ, URNA_PASSPHRASE_FILE=temp.name + "/pass", LC_ALL="C", URNA_THREADS="1")
n, failed = 0, False
ENTRIES = 40


def run(*args):
    p = subprocess.run([urna, *args], env=env, stdin=subprocess.DEVNULL, capture_output=True)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def need(*args):
    rc, out, err = run(*args)
    if rc != 0:
        print(f"Bail out! urna {' '.join(args)}: {err}")
        sys.exit(1)
    return out


def check(name, faults):
    global n, failed
    n += 1
    failed |= bool(faults)
    print(f"{'not ok' if faults else 'ok'} {n} - {name}")
    for f in faults[:3] if isinstance(faults, list) else []:
        print("# " + str(f)[:400])


keys = "".join(need("role", "new", *r, "--out", r[1].split("/")[0] + ".key") for r in (
    ["log", "log/test"], ["commission", "anna", "--bloc", "a"], ["registrar", "rita", "--bloc", "a"],
    ["guardian", "g1", "--bloc", "a"], ["observer", "olga", "--bloc", "o"]))
with open("election.txt", "w") as f:
    f.write("urna-description-1\nelection new\ntest\ngroup ristretto255\nquorum 1\ncredentials voter-made\ndevice online\n"
            "contest q 1\n  option yes\nstyle all q\ncell all\nopen 1777622400\nclose 1777665600\ndelta 600\nseal 1777666800\n" + keys)
need("election", "new", "election.txt", "--out", "body")
need("election", "sign", "body", "--key", "anna.key", "--out", "manifest.entry")
need("election", "trust", "manifest.entry", "--out", "trust")
need("record", "new", "record", "manifest.entry", "--log-key", "log.key")
for i in range(ENTRIES):
    with open("text", "w") as f:
        f.write(f"statement {i}\n" * 200)
    need("record", "say", "record", "--kind", "statement", "--key", "olga.key", "--text", "text", "--out", f"{i}.entry")

over = threading.Event()
faults = {"append": [], "verify": [], "list": [], "pack": [], "take": []}
done = {k: 0 for k in faults}


def until_over(name, work):
    def loop():
        while not over.is_set():
            fault = work(done[name])
            done[name] += 1
            faults[name] += [fault] if fault else []
    return threading.Thread(target=loop)


def said_that_it_changed(rc, err):
    return rc == 3 and "changed" in err


sizes = []


def verify(_):
    rc, out, err = run("verify", "record", "--trust", "trust", "--json")
    if rc != 1 or json.loads(out)["answer"] != "consistent":
        return (rc, out[:200], err)
    sizes.append(json.loads(out)["size"])
    return None


def list_it(_):
    rc, out, err = run("record", "ls", "record", "--json")
    if said_that_it_changed(rc, err):
        return None
    lines = [json.loads(x) for x in out.splitlines()]
    return None if rc == 0 and all(x["accepted"] for x in lines) and [x["index"] for x in lines] == list(range(len(lines))) else (rc, err)


def pack(i):
    rc, _, err = run("record", "export", "record", f"pack{i}.tar.zst")
    if said_that_it_changed(rc, err) or "disappeared" in err or "somebody writes" in err:
        return None if not os.path.exists(f"pack{i}.tar.zst") else "an archive in spite of that"
    rc2, out, err2 = run("verify", f"pack{i}.tar.zst", "--trust", "trust", "--json")
    return None if rc == 0 and json.loads(out)["answer"] == "consistent" else (rc, err, rc2, err2)


def take(_):
    rc, _, err = run("record", "pull", "record", "copy", "--trust", "trust")
    if rc != 0 and "changed" not in err and "disappeared" not in err and "somebody writes" not in err:
        return (rc, err)
    rc, out, err = run("verify", "copy", "--trust", "trust", "--json")
    return None if not os.path.exists("copy") or rc == 1 and json.loads(out)["answer"] == "consistent" else (rc, out[:200], err)


threads = [until_over("verify", verify), until_over("list", list_it), until_over("pack", pack), until_over("take", take)]
for t in threads:
    t.start()
for i in range(ENTRIES):
    rc, _, err = run("record", "append", "record", "--log-key", "log.key", f"{i}.entry")
    faults["append"] += [(rc, err)] if rc else []
over.set()
for t in threads:
    t.join()
check(f"{ENTRIES} entries are appended while others read", faults["append"])
check(f"every verdict is of one state ({done['verify']} verdicts, {len(set(sizes))} sizes)", faults["verify"] or sizes != sorted(sizes))
check("and there were several", not len(set(sizes)) > 2)
check(f"every list is whole, or says that the record changed ({done['list']})", faults["list"])
check(f"every archive is whole, or there is none ({done['pack']})", faults["pack"])
check(f"every copy that is taken over is whole ({done['take']})", faults["take"])
need("record", "pull", "record", "copy", "--trust", "trust")
check("at the end the copy is the record", run("verify", "copy", "--trust", "trust", "--json") != run("verify", "record", "--trust", "trust", "--json"))

# ---- a folder that is overwritten without care --------------------------------------------------------------------------
shutil.copytree("record", "a")
need("record", "say", "a", "--kind", "statement", "--key", "olga.key", "--text", "body", "--out", "more.entry")
shutil.copytree("a", "b")
need("record", "append", "b", "--log-key", "log.key", "more.entry")
shutil.copytree("a", "target")
known = [json.loads(run("verify", x, "--trust", "trust", "--json")[1])["size"] for x in "ab"]
over.clear()


def overwrite():
    """Names go and come, files are cut and filled again."""
    while not over.is_set():
        for x in "ba":
            for folder, _, files in os.walk(x):
                to = os.path.join("target", os.path.relpath(folder, x))
                os.makedirs(to, exist_ok=True)
                for f in files:
                    shutil.copyfile(os.path.join(folder, f), os.path.join(to, f))
            for folder, _, files in os.walk("target"):
                for f in files:
                    if not os.path.exists(os.path.join(x, os.path.relpath(folder, "target"), f)):
                        os.unlink(os.path.join(folder, f))
            time.sleep(0.15)


# A file that is cut and not yet filled again is a state, too: then bytes are missing, and that is all that may be said.
verdicts, changed, missing, bad = 0, 0, 0, []
writer = threading.Thread(target=overwrite)
writer.start()
for _ in range(30):
    rc, out, err = run("verify", "target", "--trust", "trust", "--json")
    if said_that_it_changed(rc, err):
        changed += 1
    elif rc == 1 and json.loads(out)["answer"] == "consistent" and json.loads(out)["size"] in known:
        verdicts += 1
    elif rc == 2 and out and json.loads(out)["answer"] == "incomplete":
        missing += 1
    else:
        bad.append((rc, out[:300], err))
over.set()
writer.join()
check(f"no verdict is of two states at once ({verdicts} of one state, {missing} of missing bytes, {changed} times it changed)", bad)
check("most are of a whole one", not verdicts > 10)
check("when that is over the verdict is the right one",
      run("verify", "target", "--trust", "trust", "--json")[1] != run("verify", "a", "--trust", "trust", "--json")[1])

# ---- what a killed writer left ------------------------------------------------------------------------------------------
with open("target/tile/.urna-abcdef", "w") as f:
    f.write("half")
rc, out, err = run("verify", "target", "--trust", "trust")
check("what a killed writer left is said to be that", not (rc == 2 and "killed while writing" in err and "tile/.urna-abcdef" in err))
need("record", "append", "target", "--log-key", "log.key", "more.entry")
check("and the next one who appends clears it", not (run("verify", "target", "--trust", "trust")[0] == 1))
print(f"1..{n}")
sys.exit(failed)
