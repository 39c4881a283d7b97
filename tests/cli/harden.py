#!/usr/bin/env python3
"""Keys, states and entries on a machine that misbehaves: whatever the umask, names that are taken, links, no room, killed at any
moment. argv[1]: the program.

One small election up to its first ballot; then each command that writes is tried in all these ways on copies of its folder."""
import os, random, resource, shutil, signal, stat, subprocess, sys, tempfile, time

urna = os.path.realpath(sys.argv[1])
temp = tempfile.TemporaryDirectory()
os.chdir(temp.name)
os.umask(0o077)
SECRET = "the right passphrase"
with open("pass", "w") as f:
    f.write(SECRET + "\n")
env = dict(os.environ, URNA_PASSPHRASE_FILE=temp.name + "/pass", LC_ALL="C")
n, failed = 0, False
random.seed(11)


def run(*args, **more):
    p = subprocess.run([urna, *args], env=env, stdin=subprocess.DEVNULL, capture_output=True, **more)
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
    for f in faults[:4]:
        print("# " + str(f)[:400])


def append(*files):
    need("record", "append", "record", "--log-key", "log.key", *files)


T = ["--trust", "trust"]
keys = "".join(need("role", "new", *r, "--out", r[1].split("/")[0] + ".key") for r in (
    ["log", "log/test"], ["commission", "anna", "--bloc", "a"], ["registrar", "rita", "--bloc", "a"], ["guardian", "g1", "--bloc", "a"],
    ["observer", "olga", "--bloc", "o"], ["witness", "w1", "--bloc", "w"]))
with open("election.txt", "w") as f:
    f.write("urna-description-1\nelection new\ntest\ngroup ristretto255\nquorum 1\ncredentials voter-made\ndevice online\ncontest q 1\n"
            "  option yes\nstyle all q\ncell all\nm_min 3\nm_root 3\nm_roll 3\nopen 1777622400\nclose 1777665600\ndelta 600\n"
            "seal 1777666800\n" + keys)
with open("text", "w") as f:
    f.write("words\n")
need("election", "new", "election.txt", "--out", "body")
need("election", "sign", "body", "--key", "anna.key", "--out", "manifest.entry")
need("election", "trust", "manifest.entry", "--out", "trust")
need("record", "new", "record", "manifest.entry", "--log-key", "log.key")
shutil.copytree("record", "record.young")
need("witness", "accept", "record", *T, "--key", "w1.key.full", "--out", "accept")
append("accept")
G = [*T, "--key", "g1.key", "--state", "g1.state"]
for i, verb in enumerate(("keygen", "keygen", "share", "check")):
    rc, _, err = run("guardian", verb, "record", *G, "--out", f"g{i}")
    if os.path.exists(f"g{i}"):
        append(f"g{i}")
for v in ("v", "v2", "v3", "v4", "v5", "v6"):
    need("voter", "new", "record", "--out", v + ".credential")
with open("rows.csv", "w") as f:
    f.write("key\n" + "".join(need("voter", "show", v + ".credential", "--key") for v in ("v", "v2", "v3", "v4", "v5", "v6")))
need("roll", "create", "record", "--rows", "rows.csv", "--key", "rita.key", "--out", "roll")
append("roll")
need("roll", "close", "record", "--key", "anna.key", "--out", "rollclose")
append("rollclose")
need("election", "open", "record", "--key", "anna.key", "--out", "open")
append("open")
V = ["--credential", "v.credential"]
need("ballot", "encrypt", "record", *T, *V, "--choose", "q=yes", "--out", "ballot")

# Each: its arguments, what it writes beside OUT, and whether OUT is a secret. Run in a fresh copy of the folder.
commands = {
    "role new": (["role", "new", "guardian", "g9", "--bloc", "x", "--out", "OUT"], True),
    "voter new": (["voter", "new", "record", "--out", "OUT"], True),
    "election new": (["election", "new", "election.txt", "--out", "OUT"], False),
    "election sign": (["election", "sign", "body", "--key", "anna.key", "--out", "OUT"], False),
    "election trust": (["election", "trust", "manifest.entry", "--out", "OUT"], False),
    "guardian keygen": (["guardian", "keygen", "record.young", *T, "--key", "g1.key", "--state", "young.state", "--out", "OUT"], False),
    "witness accept": (["witness", "accept", "record", *T, "--key", "w1.key.full", "--out", "OUT"], False),
    "witness cosign": (["witness", "cosign", "record", *T, "--key", "w1.key.full", "--state", "w1.state", "--out", "OUT",
                        "--time", "2026-05-01T09:00:00Z"], False),
    "witness verdict": (["witness", "verdict", "record", *T, "--key", "w1.key.full", "--out", "OUT"], False),
    "ballot encrypt": (["ballot", "encrypt", "record", *T, *V, "--choose", "q=yes", "--out", "OUT"], True),
    "ballot cast": (["ballot", "cast", "record", "ballot", *T, *V, "--out", "OUT"], False),
    "ballot challenge": (["ballot", "challenge", "record", "ballot", *T, "--out", "OUT"], False),
    "record say": (["record", "say", "record", "--kind", "statement", "--key", "olga.key", "--text", "text", "--file", "pass", "--out", "OUT"], False),
    "record attach": (["record", "attach", "record", "text", "--key", "olga.key", "--out", "OUT"], False),
    "record export": (["record", "export", "record", "OUT"], False),
    "verify --report": (["verify", "record", *T, "--report", "OUT"], False),
}
holds = {"verify --report": 1}  # the election is not over
base = temp.name


def fresh():
    os.chdir(base)
    shutil.rmtree("copy", ignore_errors=True)
    shutil.copytree(".", "copy")
    os.chdir("copy")


def unfinished():
    return [os.path.join(a, f) for a, _, b in os.walk(".") for f in b if ".urna-" in f]


def mode(path):
    return stat.S_IMODE(os.lstat(path).st_mode)


for name, (args, secret) in commands.items():
    args = [x.replace("OUT", "out") for x in args]
    rc_done = holds.get(name, 0)

    # -- modes, whatever the umask; nothing secret for others, and no passphrase in any file
    faults = []
    for umask in (0, 0o077):
        fresh()
        before = {os.path.join(a, f) for a, _, b in os.walk(".") for f in b}
        os.umask(umask)
        rc, _, err = run(*args)
        os.umask(0o077)
        faults += [(rc, err)] if rc != rc_done else []
        for a, _, b in os.walk("."):
            for f in b:
                path = os.path.join(a, f)
                if path in before:
                    continue
                private = (path == "./out" and secret) or "state" in path and "w1.state" not in path or path.endswith(".lock")
                faults += [f"umask {umask:o}: {path} has mode {mode(path):o}"] if mode(path) != (0o600 if private else 0o644) and \
                    not path.endswith("/lock") else []
                with open(path, "rb") as g:
                    faults += [f"{path} holds the passphrase"] if SECRET.encode() in g.read() and "attach" not in path else []
        faults += [f"w1.state: {mode('w1.state'):o}"] if os.path.exists("w1.state") and mode("w1.state") != 0o700 else []
    check(f"{name}: modes do not depend on the umask", faults)

    # -- names that are taken, by a file, a link into the void, a link to something, a folder: refused before a passphrase is read
    faults = []
    for taken in ("file", "void", "link", "folder"):
        fresh()
        with open("precious", "w") as f:
            f.write("precious")
        if taken == "file":
            shutil.copy("precious", "out")
        elif taken == "folder":
            os.mkdir("out")
        else:
            os.symlink("precious" if taken == "link" else "nowhere", "out")
        others = {x: os.lstat(x).st_mtime_ns for x in os.listdir(".")}
        p = subprocess.run([urna, *args], env=dict(env, URNA_PASSPHRASE_FILE="/nonexistent"), stdin=subprocess.DEVNULL, capture_output=True)
        text = open("precious").read() if taken != "file" else open("out").read()
        if p.returncode != 2 or b"out" not in p.stderr or b"nonexistent" in p.stderr or text != "precious" or os.path.lexists("nowhere") or \
                {x: os.lstat(x).st_mtime_ns for x in os.listdir(".")} != others:
            faults.append((taken, p.returncode, p.stderr))
    check(f"{name}: a name that is taken stays as it is, and nothing is asked", faults)

    # -- no room: exit 3 that names the file; with room again the same command does it
    fresh()
    rc, out, err = run(*args, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY)))
    faults = [] if rc == 3 and "too large" in err.lower() else [("no room", rc, err)]
    faults += [x for x in unfinished()] + (["out"] if os.path.lexists("out") else [])
    rc, out, err = run(*args)
    faults += [] if rc == rc_done and os.path.exists("out") else [("again", rc, err)]
    fresh()
    with open("/dev/full", "wb") as full:
        p = subprocess.run([urna, *args], env=env, stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE)
    faults += [] if p.returncode == 3 and b"standard output" in p.stderr else [("stdout full", p.returncode, p.stderr)]
    check(f"{name}: no room, and none for the answer", faults)

    # -- killed at any moment: OUT is not there or whole; the same command (with another OUT if it is there) works
    fresh()
    start = time.monotonic()
    run(*args)
    took = time.monotonic() - start
    faults = []
    for i in range(4):
        fresh()
        number = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[i]
        p = subprocess.Popen([urna, *args], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(took * random.uniform(0.2, 1.1))
        p.send_signal(number)
        p.wait()
        if number != signal.SIGKILL and unfinished():
            faults.append((number, unfinished()))
        if p.returncode not in (-number, rc_done):
            faults.append((number, p.returncode))
        for x in [x for x in os.listdir(".") if x == "out" or x.startswith("out.attachment")]:
            os.rename(x, x.replace("out", "first"))
        rc, _, err = run(*args)
        if rc != rc_done or not os.path.exists("out"):
            faults.append((number, "again", rc, err))
        elif name in ("ballot cast", "ballot challenge", "guardian keygen", "witness accept") and os.path.exists("first"):
            faults += [(number, "not the same bytes")] if open("first", "rb").read() != open("out", "rb").read() else []
        elif os.path.exists("first") and os.path.getsize("first") < os.path.getsize("out") // 2:
            faults += [(number, "half a file")]
    check(f"{name}: killed, interrupted, ended, hung up", faults)

# ---- both keys of a witness or none -----------------------------------------------------------------------------------
fresh()
open("w9.full", "w").close()
rc, _, err = run("role", "new", "witness", "w9", "--bloc", "x", "--out", "w9")
check("of a witness's two keys none is made if one name is taken",
      [] if rc == 2 and "w9.full" in err and not os.path.exists("w9.head") else [(rc, err)])
rc, _, err = run("role", "new", "witness", "w8", "--bloc", "x", "--out", "w8", preexec_fn=lambda: resource.setrlimit(
    resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY)))
check("nor if there is no room", [] if rc == 3 and not [x for x in os.listdir(".") if x.startswith("w8")] else [(rc, err)])

# ---- states behind links, reports over what is no page ------------------------------------------------------------------
fresh()
os.rename("ballot", "real")
os.symlink("real", "ballot")
real = open("real", "rb").read()
rc, _, err = run(*[x.replace("OUT", "out") for x in commands["ballot cast"][0]])
check("a sealed file behind a link is not replaced", [] if rc != 0 and open("real", "rb").read() == real and not os.path.exists("out")
      and os.path.islink("ballot") else [(rc, err)])
fresh()
run("verify", "record", *T, "--report", "page.html")
first = os.stat("page.html").st_ino
rc, _, err = run("verify", "record", *T, "--report", "page.html")
faults = [] if rc == 1 and os.stat("page.html").st_ino != first else [(rc, err)]
trust = open("trust").read()
rc, _, err = run("verify", "record", *T, "--report", "trust")
faults += [] if rc == 2 and open("trust").read() == trust and "trust" in err else [(rc, err)]
check("a report replaces an older report, and no other file", faults)

# ---- what the system sees ----------------------------------------------------------------------------------------------
if shutil.which("strace") and subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode == 0:
    for name in ("role new", "ballot cast", "record say", "guardian keygen"):
        fresh()
        args = [x.replace("OUT", "out") for x in commands[name][0]]
        subprocess.run(["strace", "-y", "-e", "trace=openat,write,fsync,rename,renameat2,mkdir", "-o", "trace", urna, *args], env=env,
                       stdin=subprocess.DEVNULL, capture_output=True)
        synced, waiting, faults, moves = set(), set(), [], 0
        for line in open("trace", errors="replace"):
            path = line[line.find("<") + 1:line.find(">")]
            if line.startswith("write(") and ".urna-" in path:
                synced.discard(path)
            if line.startswith("fsync("):
                synced.add(path)
                waiting.discard(path)
            if line.startswith("rename"):
                moves += 1
                old = os.path.realpath(line.split('"')[1])
                faults += [f"renamed before it was durable: {line}"] if old not in synced else []
                waiting.add(os.path.dirname(old))
            if line.startswith("write(1<"):
                faults += [f"said before it was durable: {waiting}"] if waiting else []
        check(f"{name}: {moves} files are durable before they have their names, and these before it is said",
              faults + ([f"left: {waiting}"] if waiting else []) + ([] if moves else ["nothing was renamed"]))
        if name in ("ballot cast", "guardian keygen"):
            order = [line.split('"')[3] for line in open("trace", errors="replace") if line.startswith("rename")]
            check(f"{name}: the state is there before the word leaves", [] if order[-1] == "out" and len(order) > 1 else [order])
else:
    for name in ("order of writing",) * 6:
        n += 1
        print(f"ok {n} - {name} # SKIP no strace here")

os.chdir(base)
p = subprocess.Popen([urna, "record", "cat", "record"], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                     preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
                     if resource.getrlimit(resource.RLIMIT_CORE)[1] == resource.RLIM_INFINITY else None)
limits = ""
for _ in range(2000):  # the limit is set in the first moments
    try:
        with open(f"/proc/{p.pid}/limits") as f:
            now = [x for x in f if "core" in x]
        limits = now[0] if now else limits
    except OSError:
        break
    if limits.split()[4:6] == ["0", "0"] or p.poll() is not None:
        break
p.communicate()
check("no core is dumped", [] if limits.split()[4:6] == ["0", "0"] else [limits])
print(f"1..{n}")
sys.exit(failed)
