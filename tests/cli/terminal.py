#!/usr/bin/env python3
"""Passphrases typed on a terminal: asked twice when new, never shown, echo restored whatever ends the question. Colour and progress
only where somebody looks. argv[1]: the program."""
import os, pty, select, signal, subprocess, sys, tempfile, termios

urna = os.path.realpath(sys.argv[1])
work = tempfile.mkdtemp()
env = {k: v for k, v in os.environ.items() if k != "URNA_PASSPHRASE_FILE"}
n, failed = 0, False


def typed(args, answers):
    """Run in a terminal of its own; give an answer (or a signal) at every question. Returns (exit code, screen, echo); echo_after is
    what it is when the program has ended."""
    global echo_after
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(work)
        os.execve(urna, ["urna"] + args, env)
    screen, asked = b"", 0
    while True:
        ready, _, _ = select.select([fd], [], [], 20)
        if not ready:
            os.kill(pid, 9)
        try:
            data = os.read(fd, 4096) if ready else b""
        except OSError:
            data = b""
        if not data:
            break
        screen += data
        line = screen.rsplit(b"\n", 1)[-1]
        if line.endswith(b": ") and line.startswith((b"New passphrase", b"Passphrase", b"The same")):
            echo = termios.tcgetattr(fd)[3] & termios.ECHO
            if isinstance(answers[asked], bytes):
                os.write(fd, answers[asked])
            else:
                os.kill(pid, answers[asked])
            asked += 1
    _, status = os.waitpid(pid, 0)
    echo_after = bool(termios.tcgetattr(fd)[3] & termios.ECHO)
    os.close(fd)
    return os.waitstatus_to_exitcode(status), screen.decode(), echo if asked else None


def check(name, holds, more=""):
    global n, failed
    n += 1
    failed |= not holds
    print(f"{'ok' if holds else 'not ok'} {n} - {name}")
    if not holds:
        print("# " + repr(more))


new = ["role", "new", "guardian", "g1", "--bloc", "x", "--out", "g1.key"]
show = ["role", "show", "g1.key", "--role", "guardian"]
rc, screen, echo = typed(new, [b"correct horse\n", b"correct house\n"])
check("two different answers make no key", rc == 2 and "differ" in screen and not os.path.exists(work + "/g1.key"), screen)
rc, screen, echo = typed(new, [b"correct horse\n", b"correct horse\n"])
check("the same twice makes one", rc == 0 and os.path.exists(work + "/g1.key"), screen)
check("it is asked twice, with echo off, and not shown", screen.count("g1.key: ") == 2 and not echo and "horse" not in screen, screen)
rc, screen, echo = typed(show, [b"correct horse\n"])
check("it opens the key, asked once", rc == 0 and "name          g1" in screen and screen.count("assphrase for") == 1, screen)
rc, screen, echo = typed(show, [b"wrong\n"])
check("another one does not", rc == 2, screen)
rc, screen, echo = typed(show, [b"\n"])
check("an empty one does not", rc == 2 and "empty" in screen, screen)
rc, screen, echo = typed(show, [b"\x03"])
check("Ctrl-C ends it", rc == 2 and "interrupted" in screen, screen)
rc, screen, echo = typed(show, [b"x" * 900 + b"\n"])
check("a long one is read", rc == 2 and "typed" not in screen, screen)

for name, answer in (("Ctrl-C", b"\x03"), ("Ctrl-\\", b"\x1c"), ("Ctrl-Z", b"\x1a"), ("SIGTERM", signal.SIGTERM), ("SIGHUP", signal.SIGHUP)):
    for args, what in ((show, "passphrase"), (new[:-1] + ["g2.key"], "new passphrase")):
        rc, screen, echo = typed(args, [answer])
        check(f"{name} at the question for a {what} gives the terminal its echo back, and says so",
              rc == 2 and "interrupted" in screen and not echo and echo_after and not os.path.exists(work + "/g2.key"), (rc, screen, echo_after))
rc, screen, echo = typed(new[:-1] + ["g2.key"], [b"correct horse\n", b"\x03"])
check("so does Ctrl-C at the second question", rc == 2 and echo_after and not os.path.exists(work + "/g2.key"), (rc, screen))
rc, screen, echo = typed(show, [b"correct horse\n"])
check("and an answer", rc == 0 and echo_after, (rc, screen))

# ---- colour and progress -----------------------------------------------------------------------------------------------
bad = ["role", "new", "guardian", "G 1", "--bloc", "x", "--out", "x"]
check("a message of a fault has no colour", "\x1b" not in typed(bad, [])[1])
env |= {"TERM": "xterm", "LC_ALL": "C.UTF-8", "URNA_PASSPHRASE_FILE": work + "/pass"}
with open(work + "/pass", "w") as f:
    f.write("a\n")


def plain(*args, **more):
    p = subprocess.run([urna, *args], env=env | more, cwd=work, stdin=subprocess.DEVNULL, capture_output=True)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


keys = ""
for r in (["log", "log/test"], ["commission", "anna", "--bloc", "a"], ["registrar", "rita", "--bloc", "a"], ["guardian", "g3", "--bloc", "a"]):
    keys += plain("role", "new", *r, "--out", r[1].split("/")[0] + ".3key")[1]
with open(work + "/election.txt", "w") as f:
    f.write("urna-description-1\nelection new\ntest\ngroup ristretto255\nquorum 1\ncredentials voter-made\ndevice online\ncontest q 1\n"
            "  option yes\nstyle all q\ncell all\nopen 1777622400\nclose 1777665600\ndelta 600\nseal 1777666800\n" + keys)
make = ["election", "new", "election.txt", "--out", "body"]


def colours(screen):
    if os.path.exists(work + "/body"):
        os.unlink(work + "/body")
    return "\x1b[" in screen


check("colour on a terminal", colours(typed(make, [])[1]))
check("none through a pipe", not colours(plain(*make)[1]))
check("but if it is asked for", colours(plain(*make, "--color", "always")[1]))
check("--color never", not colours(typed(make + ["--color", "never"], [])[1]))
env["NO_COLOR"] = "1"
check("NO_COLOR", not colours(typed(make, [])[1]))
check("--color always is asked for all the same", colours(typed(make + ["--color=always"], [])[1]))
env["NO_COLOR"] = ""
check("an empty NO_COLOR is none", colours(typed(make, [])[1]))
env["TERM"] = "dumb"
check("a dumb terminal", not colours(typed(make, [])[1]))
env["TERM"] = "xterm"
check("--json has no colour", not colours(typed(make + ["--json"], [])[1]))
check("--ascii has no sign outside ASCII", typed(make + ["--ascii", "--color=never"], [])[1].isascii())

for f in os.listdir(work):
    os.unlink(os.path.join(work, f))
os.rmdir(work)
print(f"1..{n}")
sys.exit(failed)
