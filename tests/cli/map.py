#!/usr/bin/env python3
"""urna protocols map on a terminal, as somebody meets it who has never seen a map. argv[1]: the program."""
import os, pty, select, sys, tempfile

urna = os.path.realpath(sys.argv[1])
keep = tempfile.TemporaryDirectory()  # removed at the end
work = keep.name
n, failed = 0, False


def talk(args, answers):
    """Run in a terminal; give an answer at every "> ". Returns (exit code, screen, what went to stdout)."""
    out = os.path.join(work, "out")
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(work)
        os.dup2(os.open(out, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o644), 1)
        os.execv(urna, ["urna"] + args)
    screen, answers = b"", list(answers)
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
        if screen.endswith(b"> "):
            os.write(fd, (answers.pop(0) + "\n").encode() if answers else b"\x04")
    _, status = os.waitpid(pid, 0)
    os.close(fd)
    with open(out) as f:
        return os.waitstatus_to_exitcode(status), screen.decode().replace("\r\n", "\n"), f.read()


def check(name, holds, more=""):
    global n, failed
    n += 1
    failed |= not holds
    print(f"{'ok' if holds else 'not ok'} {n} - {name}")
    if not holds:
        print("# " + repr(more))


def write(name, text):
    with open(os.path.join(work, name), "w") as f:
        f.write(text)


typed = "Commission,Voters,Valid,Ann,Bob\n" + "".join(
    f"{i},1000,{30 + 3 * i},{10 + 2 * i},{20 + i}\n" for i in range(9)) + "9,1000,5,-,5\n10,900,6,-1,7\n"
write("typed.csv", typed)
command = ["protocols", "map", "typed.csv"]

rc, screen, out = talk(command, [""])
check("Enter accepts, faults of single cells or not", rc == 0 and out.startswith("urna-map-1\n"), screen)
check("the sums are shown, and the rule", "holds on 9 of 9 rows" in screen and "candidate Ann" in screen, screen)
check("a cell that cannot be read is named", 'typed.csv:11:4' in screen and '"-" is no whole number' in screen, screen)
check("stdout has the map alone", "Enter accepts" not in out and 'candidates = "Ann"' in out, out)

rc, screen, out = talk(command, ["?", "what", 'zero = "-"', "rule = valid <", "title = Typed by hand", ""])
check("a question mark helps, words that are no command are told",
      rc == 0 and "take line 7 out" in screen and "Not understood" in screen, screen)
check("a line that is wrong is not taken, and said why", "Not taken: a rule is" in screen and "valid <\n" not in out, screen)
check("what was changed is in the map", 'zero = "-"' in out and "title = Typed by hand" in out, out)
check("and its effect was shown", "holds on 10 of 10 rows" in screen, screen)

rc, screen, out = talk(command, ["valid = Nothing", "", "columns", "valid = Valid", ""])
check("a column that is not there: those that are, and no way to accept it",
      rc == 0 and 'no column "Nothing"' in screen and "cannot be read with this map" in screen, screen)
check("the key was replaced, not doubled", out.count("\nvalid = ") == 1, out)

line = [i for i, x in enumerate(out.splitlines(), 1) if x == 'candidates = "Bob"'][0]
rc, screen, out = talk(command, [f"-{line}", "candidates = Bob", "-9999", ""])
check("a line is taken out by its number and another added", rc == 0 and out.count("\ncandidates = ") == 2 and
      '"Bob"' not in out and "candidates = Bob" in out, out)
rc, screen, out = talk(command, ["-1", ""])
check("the first line stays", rc == 0 and out.startswith("urna-map-1\n"), out)

rc, screen, out = talk(command, ["q"])
check("q leaves without a map", rc == 2 and out == "", out)
rc, screen, out = talk(command, [])
check("so does the end of input", rc == 2 and out == "", out)
rc, screen, out = talk(command + ["--yes"], [])
check("--yes does not ask", rc == 0 and "> " not in screen and out.startswith("urna-map-1\n"), screen)

write("wide.csv", "station,valid," + ",".join(f"c{i}" for i in range(100)) + "\n" +
      "".join(f"{r},100," + ",".join(["1"] * 100) + "\n" for r in range(3)))
rc, screen, out = talk(["protocols", "map", "wide.csv"], ["map", ""])
check("a long map is shortened on the screen until it is asked for",
      rc == 0 and '"map" shows all' in screen and screen.count('"c50"') == 1 and out.count("candidates") == 101, screen)

write("twice.csv", "Region,Station,Valid,A,B\n" + "".join(f"R,{i % 3},{9 + i},{4 + i},5\n" for i in range(6)))
rc, screen, out = talk(["protocols", "map", "twice.csv"], ["station = Station", ""])
check("stations that stand twice are told", rc == 0 and "some stand twice" in screen, screen)

write("fixed.dat", "0001 100 50\n0002 200 90\n")
rc, screen, out = talk(["protocols", "map", "fixed.dat"], [])
check("nothing to guess: why, and no question", rc == 2 and "only one column" in screen and "> " not in screen, screen)

print(f"1..{n}")
sys.exit(failed)
