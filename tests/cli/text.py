#!/usr/bin/env python3
"""What people write gets into entries as NFC, whatever they typed; Python's own tables are the oracle. argv[1]: the program."""
import json, os, random, shutil, subprocess, sys, tempfile, unicodedata

urna = os.path.realpath(sys.argv[1])
work = tempfile.mkdtemp()
os.chdir(work)
with open("pass", "w") as f:
    f.write("the right passphrase\n")
env = dict(os.environ, URNA_PASSPHRASE_FILE=work + "/pass", LC_ALL="C")
n, failed = 0, False
FORBIDDEN = set(range(0x20)) | set(range(0x7F, 0xA0)) | {0x2028, 0x2029, 0xFEFF, 0x061C, 0x200E, 0x200F} | set(
    range(0x202A, 0x202F)) | set(range(0x2066, 0x206A)) | set(range(0xD800, 0xE000))


def run(*args):
    p = subprocess.run([urna, *args], env=env, stdin=subprocess.DEVNULL, capture_output=True)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def need(*args):
    rc, out, err = run(*args)
    if rc != 0:
        print(f"Bail out! urna {' '.join(args)}: {err}")
        sys.exit(1)
    return out


def check(name, holds, more=""):
    global n, failed
    n += 1
    failed |= not holds
    print(f"{'ok' if holds else 'not ok'} {n} - {name}")
    if not holds:
        print("# " + repr(more)[:500])


def write(name, data):
    with open(name, "wb") as f:
        f.write(data)
    return name


# Characters that have been there since Unicode 3.2: no version disagrees about them.
chars = [chr(c) for c in range(0x110000)
         if c not in FORBIDDEN and unicodedata.ucd_3_2_0.category(chr(c)) not in ("Cn", "Co", "Cs")]
marks = [c for c in chars if unicodedata.combining(c)]
random.seed(20260501)


def lines():
    """Every character decomposed, as it is, and heaps of marks in any order."""
    for i in range(0, len(chars), 200):
        yield " ".join(unicodedata.normalize("NFD", c) for c in chars[i:i + 200])
    for i in range(0, len(chars), 400):
        yield " ".join(chars[i:i + 400])
    for _ in range(3000):
        yield "".join(random.choice(chars) + "".join(random.choices(marks, k=random.randrange(5))) for _ in range(8))


lines_in = list(lines())
keys = "".join(need("role", "new", *r, "--out", r[1].split(".")[0] + ".key") for r in (
    ["log", "log.example/log"], ["commission", "anna", "--bloc", "a"], ["registrar", "rita", "--bloc", "a"],
    ["guardian", "g1", "--bloc", "a"], ["observer", "olga", "--bloc", "o"]))
title = "Žluťoučký ďábel, Мінск ў, Việt Nam, Ελλάδα, 한국, Å"
description = "urna-description-1\nelection new\n  title en TITLE\ntest\ngroup ristretto255\nquorum 1\ncredentials voter-made\n" \
    "device online\ncontest q 1\n  title en TITLE\n  option yes\n    title en TITLE\nstyle all q\ncell all\n  title en TITLE\n" \
    "open 1777622400\nclose 1777665600\ndelta 600\nseal 1777666800\nname anna\n  title be TITLE\n" + keys


def description_file(name, form, before=b"", end="\n"):
    text = description.replace("TITLE", unicodedata.normalize(form, title)).replace("\n", end)
    return write(name, before + text.encode())


def titles(path):
    found = []

    def walk(x):
        if isinstance(x, dict):
            if "lang" in x:
                found.append(x["text"])
            x = list(x.values())
        if isinstance(x, list):
            for y in x:
                walk(y)
    with open(path, encoding="utf-8") as f:
        walk(json.load(f))
    return found


for form in ("NFD", "NFC"):
    need("election", "new", description_file(form + ".txt", form), "--out", form + ".body")
    check(f"titles typed in {form} stand in the manifest in NFC",
          titles(form + ".body") == [unicodedata.normalize("NFC", title)] * 5, titles(form + ".body"))
rc, _, err = run("election", "new", description_file("windows.txt", "NFC", b"\xef\xbb\xbf", "\r\n"), "--out", "windows.body")
check("a byte order mark and line ends of Windows do no harm", rc == 0 and titles("windows.body")[0] == title, err)
rc, _, err = run("election", "new", write("latin.txt", description.replace("TITLE", "K\xf6ln").encode("latin-1")), "--out", "latin.body")
check("a description that is not UTF-8 is named with its line", rc == 2 and "latin.txt:3:" in err and "UTF-8" in err, err)

need("election", "sign", "NFC.body", "--key", "anna.key", "--out", "manifest.entry")
need("record", "new", "record", "manifest.entry", "--log-key", "log.key")


def say(text, name):
    rc, _, err = run("record", "say", "record", "--kind", "statement", "--key", "olga.key", "--text",
                     write(name + ".txt", text), "--out", name + ".entry")
    if rc != 0:
        return None, err
    with open(name + ".entry", "rb") as f:
        return json.loads(f.read().split(b"\n", 1)[1])["text"], ""


said, err = say("\n".join(lines_in).encode(), "all")
wanted = [unicodedata.normalize("NFC", x) for x in lines_in]
wrong = [(a, b) for a, b in zip(said or [], wanted) if a != b]
check(f"{len(lines_in)} lines, every character of Unicode 3.2 in them, are said in NFC",
      said is not None and len(said) == len(wanted) and not wrong, err or wrong[:2])
check("some of them were not NFC before", sum(a != b for a, b in zip(lines_in, wanted)) > 1000)
again, err = say("\n".join(wanted).encode(), "again")
check("what is NFC stays as it is", again == wanted, err)
said, err = say(b"\xef\xbb\xbffirst\r\nsecond\r\n", "windows")
check("a text from Windows has the same lines", said == ["first", "second"], (said, err))
said, err = say(b"first\nsec\rond\n", "cr")
check("another control character is still one", said is None and "cr.txt:2:" in err, (said, err))
said, err = say("\n\nend".encode(), "empty")
check("empty lines are lines", said == ["", "", "end"], (said, err))
for name, text in (("short", b"a\nb\xc3"), ("over", b"a\n\xc0\xaf"), ("surrogate", b"a\n\xed\xa0\x80x"), ("high", b"a\n\xf4\x90\x80\x80")):
    said, err = say(text, name)
    check(f"bytes that are not UTF-8 are named with their line: {name}", said is None and f"{name}.txt:2:" in err, (said, err))
need("record", "append", "record", "--log-key", "log.key", "all.entry")
rc, _, err = run("record", "append", "record", "--log-key", "log.key", "again.entry")
check("one text in two spellings is one body: the second is a repetition", rc == 1 and "repeated" in err, err)

shutil.rmtree(work)
print(f"1..{n}")
sys.exit(failed)
