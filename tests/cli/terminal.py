#!/usr/bin/env python3
"""Passphrases typed on a terminal: asked twice when new, never shown, echo restored. argv[1]: the program."""
import os, pty, select, sys, tempfile, termios

urna = os.path.realpath(sys.argv[1])
work = tempfile.mkdtemp()
env = {k: v for k, v in os.environ.items() if k != "URNA_PASSPHRASE_FILE"}
n, failed = 0, False


def typed(args, answers):
    """Run in a terminal of its own; give an answer at every question. Returns (exit code, screen, echo)."""
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
            os.write(fd, answers[asked])
            asked += 1
    _, status = os.waitpid(pid, 0)
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

for f in os.listdir(work):
    os.unlink(os.path.join(work, f))
os.rmdir(work)
print(f"1..{n}")
sys.exit(failed)
