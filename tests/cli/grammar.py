#!/usr/bin/env python3
"""Every command of every noun keeps the rules of the command line, whatever it does. argv[1]: the program; argv[2]: the folder of
the manual pages. What it does is for the other tests: here nothing that is typed is ever carried out."""
import glob, os, re, subprocess, sys, tempfile

urna, man = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
work = tempfile.TemporaryDirectory()
os.chdir(work.name)
env = {k: v for k, v in os.environ.items() if not k.startswith("URNA_")} | {"LC_ALL": "C.UTF-8"}
n, failed = 0, False
runs = (("demo",), ("evidence", "demo"), ("forensics", "simulate"))  # these need nothing


def run(*args, **more):
    p = subprocess.run([urna, *args], env=env, stdin=subprocess.DEVNULL, capture_output=not more, timeout=60, **more)
    return p.returncode, (p.stdout or b"").decode(), (p.stderr or b"").decode()


def check(name, faults):
    global n, failed
    n += 1
    failed |= bool(faults)
    print(f"{'not ok' if faults else 'ok'} {n} - {name}")
    for f in faults[:5]:
        print("# " + str(f)[:300])


def verbs_of(*noun):
    """The rows of the table that --help prints, or none: then it is a command."""
    _, out, _ = run(*noun, "--help")
    if "COMMAND --help says more" not in out:
        return []
    return re.findall(r"^  " + " ".join(["urna", *noun]) + r" ([a-z]+) ", out, re.M)


nouns = verbs_of()
commands = [(x,) for x in nouns if not verbs_of(x)] + [(x, v) for x in nouns for v in verbs_of(x)]
commands += [("forensics", "simulate")]  # a word in the place of a table


def options_of(command):
    """name -> (takes a value, may be repeated), from --help."""
    _, out, _ = run(*command, "--help")
    found = {}
    for m in re.finditer(r"^  (?:-\w, )?--([a-z0-9-]+)( \S+)?((?:.*\n)(?:^ {20,}.*\n)*)", out, re.M):
        found[m[1]] = (bool(m[2]), "several" in m[3] or "repeated" in m[3])
    return found


def fault(args, why, rc=2, says=""):
    """None, or what is wrong with the answer: exit code, one message on stderr, nothing on stdout."""
    got, out, err = run(*args)
    if got != rc or out or says not in err or not err.startswith("urna") or "\x1b" in err:
        return f"urna {' '.join(args)}: {why}: rc {got}, out {out[:80]!r}, err {err[:160]!r}"
    return None


for c in commands:
    name = " ".join(("urna",) + c)
    rc, out, err = run(*c, "--help")
    faults = [f"rc {rc}, {err}"] if rc or err else []
    faults += [x for x in out.split("\n") if len(x) > 80]
    faults += ["no usage"] if f"\n  {name}" not in out else []
    faults += ["no exit codes"] if "\nexit: 0 " not in out or "3 system\n" not in out else []
    faults += ["does not say who it is"] if not out.startswith(name + ": ") else []
    faults += ["-h is another"] if run(*c, "-h") != (rc, out, err) else []
    faults += ["--help counts only alone"] if run(*c, "x", "--help") != (rc, out, err) else []
    check(f"{name} --help", faults)

    options = options_of(c)
    faults = [fault([*c, "--nothing"], "unknown", says="--nothing"), fault([*c, "-Z"], "unknown", says="-Z"),
              fault([*c, "--nothing=1"], "unknown", says="--nothing"), fault([*c, "--\x1b[2J"], "unknown"),
              fault([*c, "-Zx"], "unknown", says="-Zx")]
    for o, (value, several) in options.items():
        if value:
            faults += [fault([*c, "--" + o], "a value is missing", says=f"--{o}"),
                       fault([*c, "--" + o, "--json"], "a value is missing", says=f"--{o}"),
                       fault([*c, f"--{o}="], "an empty value", says=f"--{o}"),
                       fault([*c, "--" + o, ""], "an empty value", says=f"--{o}")]
            if not several:
                faults += [fault([*c, f"--{o}=1", f"--{o}=1"], "twice", says=f"--{o}")]
        else:
            faults += [fault([*c, f"--{o}=1"], "no value", says=f"--{o}")]
        if o[:-1] not in options and len(o) > 2:
            faults += [fault([*c, f"--{o[:-1]}"], "an abbreviation", says=f"--{o[:-1]}")]
    faults += [fault([*c, "--color", "blue"], "no such colour", says="--color")]
    check(f"{name}: {len(options)} options, unknown, without value, twice", [f for f in faults if f])

    faults = [fault([*c], "nothing given")] if c not in runs else []
    faults += [fault([*c, "--", *["x"] * 99999], "too many")] if c not in (("record", "append"),) else []
    check(f"{name} without arguments, with too many", [f for f in faults if f])

    faults = []
    for stream in ("stdout", "stderr"):
        if not os.path.exists("/dev/full"):
            continue
        with open("/dev/full", "wb") as full:
            other = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
            other[stream] = full
            p = subprocess.run([urna, *c, "--help"], env=env, stdin=subprocess.DEVNULL, **other)
            words = (p.stderr or b"").decode()
            if stream == "stdout" and (p.returncode != 3 or "standard output" not in words):
                faults.append(f"a full disk: rc {p.returncode}, {words}")
            if stream == "stderr" and p.returncode != 0:
                faults.append(f"stderr is full: rc {p.returncode}")
    read, write = os.pipe()
    os.close(read)
    p = subprocess.run([urna, *c, "--help"], env=env, stdin=subprocess.DEVNULL, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    if p.returncode != 3 or b"standard output" not in p.stderr:
        faults.append(f"a pipe that nobody reads: rc {p.returncode}, {p.stderr}")
    p = subprocess.run([urna, *c, "--help"], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, preexec_fn=lambda: os.close(0))
    faults += [f"without stdin: rc {p.returncode}"] if p.returncode else []
    check(f"{name}: an answer that cannot be written is exit 3 with words", faults)

for x in [()] + [(x,) for x in nouns if verbs_of(x)]:
    name = " ".join(("urna",) + x)
    rc, out, err = run(*x)
    faults = [] if rc == 2 and not out and err.startswith(name + ":") else [f"alone: rc {rc}, {out}, {err}"]
    faults += [fault([*x, w], "unknown", says=w) for w in ("nothing", "--nothing", "-x", "new-", "HELP")]
    check(f"{name} alone, and with what it has not", [f for f in faults if f])

# ---- the manual pages ------------------------------------------------------------------------------------------------
pages = {os.path.basename(p)[:-len(".1.scd")]: open(p, encoding="utf-8").read() for p in glob.glob(man + "/*.1.scd")}
also = {"evidence": "demo"}  # urna evidence demo is urna demo evidence, and stands on its page
faults = [f"no page for urna {x}" for x in nouns if "urna-" + also.get(x, x) not in pages]
faults += [f"urna-{x}(1) is of no noun" for x in (p[5:] for p in pages if p != "urna") if x not in nouns]
faults += [f"urna(1) does not name {x}" for x in nouns if not re.search(rf"\burna[ -]{x}\b", pages["urna"])]
check("a page for every noun, a noun for every page", faults)
for x in nouns:
    page = pages.get("urna-" + also.get(x, x), "")
    mine = [c for c in commands if c[0] == x]
    have = set().union(*(options_of(c) for c in mine))
    synopsis = page[page.find("# SYNOPSIS"):page.find("# DESCRIPTION")]
    faults = [f"no synopsis of urna {' '.join(c)}" for c in mine if f"*urna {' '.join(c)}*" not in synopsis.replace("\\", "")]
    faults += [f"no --{o}" for o in have if f"*--{o}*" not in page]
    told = set(re.findall(r"\*--([a-z0-9-]+)\*", page))
    faults += [f"--{o} stands there, and no command has it" for o in told - have if x not in also]
    faults += [f"no section {s}" for s in ("NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "SEE ALSO") if f"\n# {s}\n" not in page]
    for verb in re.findall(rf"\*urna {x} ([a-z]+)\*", synopsis) if x not in also else []:
        faults += [f"urna {x} {verb} is no command"] if (x, verb) not in commands + [("demo", "evidence")] else []
    check(f"urna-{also.get(x, x)}(1) says what urna {x} has, and nothing else", faults)

print(f"1..{n}")
sys.exit(failed)
