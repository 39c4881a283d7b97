#!/usr/bin/env python3
"""Tables in the shapes in which the countries of the world publish them, all invented, met by somebody
who has only the program: each gives an answer, or an error that names the place and what to do.
argv[1]: the program."""
import gzip, io, json, os, random, subprocess, sys, tempfile, zipfile

urna = os.path.realpath(sys.argv[1])
work = tempfile.TemporaryDirectory()
os.chdir(work.name)
n, failed = 0, False
rng = random.Random(5)


def run(*args):
    p = subprocess.run([urna, *args], capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def ok(name, holds, more=""):
    global n, failed
    n += 1
    failed |= not holds
    print(f"{'ok' if holds else 'not ok'} {n} - {name}")
    if not holds:
        print("# " + repr(more)[:1500])


def put(name, text, encoding="utf-8", newline="\n"):
    with open(name, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.replace("\n", newline).encode(encoding))


def stations(count, candidates, low=200, high=1500):
    """(registered, box, valid, invalid, votes) of honest stations."""
    for _ in range(count):
        reg = rng.randint(low, high)
        box = int(reg * rng.uniform(0.4, 0.8))
        invalid = rng.randint(1, box // 40 + 2)
        weights = [rng.random() + (1 if i == 0 else 0) for i in range(candidates)]
        votes = [int((box - invalid) * w / sum(weights)) for w in weights]
        votes[0] += box - invalid - sum(votes)
        yield reg, box, box - invalid, invalid, votes


def check(name, *more):
    """The JSON of a check by a guessed map: (exit code, object, sums by name)."""
    rc, out, err = run("protocols", "check", name, "--json", *more)
    if rc not in (0, 1):
        return rc, {"findings": [], "rules": [], "error": err}, {}
    j = json.loads(out)
    return rc, j, {s["name"]: s["sum"] for s in j["sums"]}


def balances(what, name, want, rules, *more):
    """The guess finds these sums and so many rules, and all is in balance."""
    rc, j, sums = check(name, *more)
    good = rc == 0 and all(sums.get(k) == v for k, v in want.items()) and len(j["rules"]) == rules and all(
        r["checked"] > 0 and r["broken"] == 0 for r in j["rules"])
    ok(what, good, (rc, want, sums, j["rules"], j.get("error"), run("protocols", "map", name)[1]))


def country(file, header, line, rows, encoding="utf-8", newline="\n", before="", after=""):
    """Write a table; ${line} makes the text of one station from its number and numbers."""
    put(file, before + header + "\n" + "".join(line(i, *r) + "\n" for i, r in enumerate(rows)) + after, encoding, newline)


def sums(rows):
    t = list(zip(*[(r[0], r[1], r[2], r[3], *r[4]) for r in rows]))
    return [sum(x) for x in t]


# ---- languages and encodings ----

rows = list(stations(30, 2))
reg, box, valid, invalid, a, b = sums(rows)
simple = {"registered": reg, "valid": valid}
for code, encoding, newline, sep, header in (
        ("tr", "utf-16", "\r\n", "\t", "İl Adı|İlçe Adı|Sandık No|Kayıtlı Seçmen Sayısı|Oy Kullanan Seçmen Sayısı|Geçerli Oy Sayısı|Geçersiz Oy Sayısı|ERDOĞAN|KILIÇDAROĞLU"),
        ("rs", "cp1251", "\n", ";", "Округ|Назив општине|Број бирачког места|Број уписаних бирача|Број бирача који су гласали|Број важећих листића|Број неважећих листића|1. Вучић|2. Против насиља"),
        ("pl", "cp1250", "\r\n", ";", "Województwo|Gmina|Nr komisji|Liczba wyborców uprawnionych do głosowania|Liczba kart wyjętych z urny|Liczba głosów ważnych|Liczba głosów nieważnych|DUDA Andrzej|TRZASKOWSKI Rafał"),
        ("cz", "cp1250", "\n", ";", "Kraj|Obec|Okrsek|Zapsaní voliči|Odevzdané obálky|Platné hlasy|Neplatné hlasy|Zeman Miloš|Jiří Drahoš"),
        ("de", "cp1252", "\r\n", ";", "Land|Gemeinde|Wahlbezirk|Wahlberechtigte|Wähler/-innen|Gültige|Ungültige|CDU|Grüne"),
        ("ro", "utf-8", "\n", ",", "judet|localitate|precinct_nr|alegatori pe lista|total votanti|valabil exprimate|voturi (nule)|IOHANNIS|DANCILA"),
        ("by", "utf-8", "\n", ";", "Вобласць|Раён|Участак|Усяго выбаршчыкаў|Прагаласавала|Сапраўдных|Несапраўдных|Лукашенко|Тихановская"),
        ("ua", "cp1251", "\n", ";", "Область|ТВО|№ ВД|Кількість виборців, внесених до списку|Проголосувало|Дійсних|Недійсних|Зеленський|Порошенко"),
        ("fr", "utf-8", "\n", ";", "Département|Commune|Bureau|Inscrits|Votants|Exprimés|Nuls|MACRON|LE PEN"),
        ("mx", "utf-8", "\n", "|", "ESTADO|DISTRITO|CASILLA|LISTA_NOMINAL|TOTAL_VOTOS|VALIDOS|NULOS|MORENA|PAN")):
    header = header.replace("|", sep)
    country(code, header, lambda i, r, x, v, w, c: sep.join(map(str, ("R", "D", i + 1, r, x, v, w, *c))), rows, encoding, newline)
    names = header.split(sep)[-2:]
    rc, out, err = run("protocols", "map", code)
    balances(f"{code}: read, and everything adds up", code, {**simple, names[0]: a, names[1]: b}, 3)

# ---- where the table begins, and what its columns are called ----

row = lambda i, r, x, v, w, c: f"{i},{r},{v},{c[0]},{c[1]}"
head = "station,registered,valid,Ann,Bob"
want = {**simple, "Ann": a, "Bob": b}
title = "Preliminary results of the election\nAs of 20:00, all stations\n\n"
country("title", head, row, rows, before=title)
balances("a title above the table", "title", want, 2)
country("prep", head.replace(",", "|"), lambda *x: row(*x).replace(",", "|"), rows,
        before="ACTAS_ESPERADAS|ACTAS_CAPTURADAS\n170858|163000\n\n")
balances("another small table above it", "prep", want, 2)
country("kerg", "#Der Bundeswahlleiter\n\nNr;Gebiet;Wahlberechtigte;;Gültige;;CDU;;SPD;\n;;Erst;Zweit;Erst;Zweit;Erst;Zweit;Erst;Zweit",
        lambda i, r, x, v, w, c: f"{i + 1:03};Ort {i};{r};{r};{v};{v - 1};{c[0]};{c[0] - 1};{c[1]};{c[1]}", rows, "cp1252", "\r\n")
balances("names over two rows, two kinds of votes", "kerg", {"registered": reg, "valid": valid, "CDU / Erst": a, "SPD / Erst": b}, 2)
country("dup", "station,registered,valid,Votes,Votes", row, rows)
balances("two columns of one name", "dup", {**simple, "Votes (1)": a, "Votes (2)": b}, 2)
country("bar", head + ",,", lambda *x: row(*x) + ",,", rows)
balances("separators at the end of each line", "bar", want, 2)
country("cr", head, row, rows, newline="\r")
balances("lines that end in CR", "cr", want, 2)
country("shares", "No;Wahlberechtigte;Gültige;CDU;CDU %;SPD;SPD %", lambda i, r, x, v, w, c:
        f"{i};{r:,};{v:,};{c[0]:,};{100 * c[0] / v:.1f}%;{c[1]};{100 * c[1] / v:.1f}%".replace(".", "!").replace(",", ".").replace("!", ","),
        [(r + 2000, x + 2000, v + 2000, w, [c[0] + 1500, c[1] + 500]) for r, x, v, w, c in rows])
rc, j, s = check("shares")
ok("percentages among the votes, decimal commas, points between thousands",
   rc == 0 and s["CDU"] == a + 30 * 1500 and s["SPD"] == b + 30 * 500, (rc, s, j))
for name, mark in (("nbsp", "\u00a0"), ("narrow", "\u202f"), ("apostrophe", "'")):
    big = list(stations(20, 2, 5000, 90000))
    country(name, "station;registered;valid;Ann;Bob", lambda i, r, x, v, w, c: f"{i};" + ";".join(f"{y:,}".replace(",", mark) for y in (r, v, *c)), big)
    balances(f"thousands by {name}", name, {"valid": sums(big)[2], "Ann": sums(big)[4]}, 2)
country("india", "State,PC Name,Part No,Total Electors,BJP,INC,Total Votes Polled",
        lambda i, r, x, v, w, c: f'Kerala,Wayanad,{i},"12,{r % 90 + 10},{r % 900 + 100}",{c[0]},{c[1]},{v}', rows)
balances("lakhs; the votes polled are the sum", "india", {"BJP": a, "box": valid}, 2)
country("digits", "محطة,مسجل,صالح,أحمد,علي", lambda *x: row(*x).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")), rows)
balances("another script: what adds up needs no words", "digits", {"valid": valid, "أحمد": a}, 1)
many = [[rng.randint(0, 9) for _ in range(3000)] for _ in range(12)]
put("wide", "station,valid," + ",".join(f"c{i}" for i in range(3000)) + "\n" + "".join(
    f"{i},{sum(v)}," + ",".join(map(str, v)) + "\n" for i, v in enumerate(many)))
balances("three thousand candidates", "wide", {"valid": sum(map(sum, many)), "c2999": sum(v[-1] for v in many)}, 1)

# ---- cells ----

country("typed", head, row, rows)
lines = open("typed").read().splitlines()
cell = lambda line, at, text: ",".join(text if k == at else c for k, c in enumerate(lines[line].split(",")))
lines[3], lines[5], lines[7], lines[9] = cell(3, 4, "-"), cell(5, 4, "none"), cell(7, 3, "-5"), cell(9, 2, "12.5")
put("typed", "\n".join(lines) + "\n")
rc, j, s = check("typed")
found = {(f["line"], f["field"]) for f in j["findings"]}
ok("a candidate is not dropped for cells that are no numbers: each is found",
   rc == 1 and {"Ann", "Bob"} <= set(s) and found >= {(4, 5), (6, 5), (8, 4), (10, 3)}, (rc, j))
ok("the rows that have all their numbers still balance", j["rules"][0]["broken"] == 0 and j["rules"][0]["unknown"] == 4, j["rules"])
rc, out, err = run("protocols", "contradict", "typed", "--number", "Ann", "--official", "1")
ok("no proof from a table with such cells: the first is named, and what to do",
   rc == 2 and 'typed:4:5: column "Bob": "-"' in err and "unknown = TEXT" in err, err)
put("typed.map", 'urna-map-1\nstation = station\nvalid = valid\ncandidates = Ann, Bob\nzero = "-", none\nunknown = "-5"\nrule = candidates = valid\n')
rc, j, s = check("typed", "--map", "typed.map")
ok("the map says what they mean: one finding is left", rc == 1 and len([f for f in j["findings"] if f["kind"] == "cell"]) == 1, j)

country("ragged", head, row, rows)
lines = open("ragged").read().splitlines()
lines[4] += ",recount"
lines[6] = lines[6].rsplit(",", 1)[0]
put("ragged", "\n".join(lines))
rc, j, s = check("ragged")
ok("rows of other lengths are left out and named", rc == 1 and j["stations"] == 28 and {f["line"] for f in j["findings"]} == {5, 7}, j)
first = "".join(row(i, *r) + "\n" for i, r in enumerate(rows[:15]))
rest = "".join(row(i + 15, *r) + "\n" for i, r in enumerate(rows[15:]))
put("joined", b"\xef\xbb\xbf" + (head + "\n" + first).encode() + b"\xef\xbb\xbf" + rest.encode())
balances("two files put together, a byte order mark in the middle", "joined", want, 2)
rc, out, err = run("protocols", "compare", "title", "joined")
ok("and the stations are the same", rc == 0 and "30 equal, 0 differing" in out, (rc, out, err))
put("headers", b"\xef\xbb\xbf" + (head + "\n" + first).encode() + b"\xef\xbb\xbf" + (head + "\n" + rest).encode())
rc, j, s = check("headers")
ok("a header among the rows is found, cell by cell", rc == 1 and s["Ann"] == a and {f["line"] for f in j["findings"]} == {17}, j)

# ---- totals among the stations ----

total = f",{reg},{valid},{a},{b}\n"
country("total", head, row, rows, after="TOTAL" + total)
rc, j, s = check("total")
ok("a total row by its word: not a station, and compared", rc == 0 and j["stations"] == 30 and s["Ann"] == a and j["totals_compared"] == 4, (rc, j))
country("wrong", head, row, rows, after=f"Total,{reg},{valid},{a + 1000},{b}\n")
rc, j, s = check("wrong")
ok("a total that is wrong is told", rc == 1 and any(f["kind"] == "total" for f in j["findings"]), (rc, j))
country("gaps", head, row, rows, after=f"Total,{reg},{valid},{a},{b}\n")
lines = open("gaps").read().splitlines()
lines[3] = ",".join(lines[3].split(",")[:4] + [""])
put("gaps", "\n".join(lines))
rc, j, s = check("gaps")
ok("a total is not wrong because a station lacks the number", rc == 0 and j["totals_compared"] == 3, (rc, j))
lines[-1] = f"Total,{reg},{valid},{a},5"
put("gaps", "\n".join(lines))
rc, j, s = check("gaps")
ok("but it is if the others exceed it", rc == 1 and any("Bob: stated 5" in f["text"] for f in j["findings"]), (rc, j))
country("mute", head, row, rows, after="99999" + total)
rc, j, s = check("mute")
ok("a total without a word: found by its numbers, not counted", rc == 1 and j["stations"] == 30 and s["Ann"] == a and
   "sum of 30" in j["findings"][0]["text"] and "total = " in j["findings"][0]["text"], (rc, j))
rc, out, err = run("protocols", "contradict", "mute", "--number", "Ann", "--official", str(a))
ok("so it makes no false contradiction", rc == 2 and "mute:32:" in err and "CONTRADICTED" not in out, (rc, out, err))
put("mute.map", "urna-map-1\nstation = station\nregistered = registered\nvalid = valid\ncandidates = Ann, Bob\n")
rc, out, err = run("seats", "mute", "--seats", "9", "--map", "mute.map")
ok("nor seats", rc == 2 and "mute:32:" in err, (rc, out, err))
rc, out, err = run("seats", "mute", "--seats", "9")
ok("stations are not taken for lists", rc == 2 and "--votes COLUMN" in err and "5  Bob" in err, (rc, out, err))
put("lists", "party,votes,share\nA,500,50%\nB,500,50%\nTotal,1000,100%\n")
rc, out, err = run("seats", "lists", "--seats", "9")
ok("nor a total for a list", rc == 2 and "lists:4:1: a total" in err, (rc, out, err))
put("short", "votes,party\n500,A\n400\n")
rc, out, err = run("seats", "short", "--seats", "9", "--list", "party", "--votes", "votes")
ok("a row without the name of its list", rc == 2 and "short:3:2: the row has too few fields" in err, (rc, out, err))
rc, out, err = run("quickcount", "estimate", "mute", "--frame", "mute", "--size", "10", "--seed", "1")
ok("nor an estimate", rc == 2 and "mute:32:" in err, (rc, out, err))
country("top", head + "\n99999" + total.rstrip(), row, rows)
rc, j, s = check("top")
ok("also above the stations", rc == 1 and any("sum of 30 rows below" in f["text"] and f["line"] == 2 for f in j["findings"]), (rc, j))
text = "station,registered,valid,Ann,Bob\n"
for k in range(3):
    part = rows[10 * k:10 * k + 10]
    t = sums(part)
    text += f"{900 + k},{t[0]},{t[2]},{t[4]},{t[5]}\n" + "".join(row(10 * k + i, *r) + "\n" for i, r in enumerate(part))
put("heads", text)
rc, j, s = check("heads")
ok("and above each region", rc == 1 and [f["line"] for f in j["findings"]] == [2, 13, 24], (rc, j))
put("heads", "station,registered,valid,Ann,Bob\n99999" + total + text.split("\n", 1)[1])
rc, j, s = check("heads")
ok("and of all above those of the regions", rc == 1 and {f["line"] for f in j["findings"]} >= {3, 14, 25}, (rc, j))
text, region = "Region,Station,Registered,Valid,Ann,Bob\n", 0
for k in range(3):
    part = rows[10 * k:10 * k + 10]
    t = sums(part)
    text += "".join(f"R{k},{i},{r[0]},{r[2]},{r[4][0]},{r[4][1]}\n" for i, r in enumerate(part))
    text += f"R{k},Total R{k},{t[0]},{t[2]},{t[4]},{t[5]}\n"
put("regions", text + f"All,Grand total,{reg},{valid},{a},{b}\n")
rc, j, s = check("regions")
ok("totals of regions and of all", rc == 0 and j["stations"] == 30 and j["totals_compared"] == 16, (rc, j))

# ---- a row for each candidate ----

text = "uf;municipio;secao;cargo;candidato;votos\n"
for i, (r, x, v, w, c) in enumerate(rows):
    for name, votes in (("LULA", c[0]), ("BOLSONARO", c[1]), ("VOTO NULO", w)):
        text += f"AC;RIO BRANCO;{i};Presidente;{name};{votes}\nAC;RIO BRANCO;{i};Governador;{name} G;{votes}\n"
put("long", text, "cp1252")
rc, j, s = check("long")
ok("the guess makes one row a station, of one election", rc == 0 and j["stations"] == 30 and s == {"invalid": invalid, "LULA": a, "BOLSONARO": b}, (rc, j))
rc, out, err = run("protocols", "compare", "long", "title", "--numbers", "LULA")
ok("compare says what does not match", rc in (1, 2) and (out or err), (rc, out, err))
rc, out, err = run("forensics", "long")
ok("forensics without registered voters: refused, not zero", rc == 2 and "registered = COLUMN" in err, (rc, out, err))
rc, out, err = run("protocols", "contradict", "long", "--number", "LULA", "--official", str(a - 1))
ok("a contradiction in a long table", rc == 0 and "CONTRADICTED" in out, (rc, out, err))
text = "county,precinct,office,candidate,party,mode,votes\n" + "".join(
    f'ADAMS,"W {i // 5}, P {i % 5}",PRESIDENT,{name},X,{mode},{votes // 2 + (votes % 2 if mode == "DAY" else 0)}\n'
    for i, r in enumerate(rows) for name, votes in zip(("HARRIS", "TRUMP"), r[4]) for mode in ("DAY", "MAIL"))
put("modes", text)
rc, j, s = check("modes")
ok("parts of a number are added", rc == 0 and s == {"HARRIS": a, "TRUMP": b}, (rc, j))
put("modes.map", "urna-map-1\nstation = county, precinct\npivot = candidate : votes\ncandidates = *\n")
rc, j, s = check("modes", "--map", "modes.map")
ok("without saying so each second one is a fault", rc == 1 and len(j["findings"]) == 20 and j["findings_total"] == 60 and
   "parts = COLUMN" in j["findings"][0]["text"], (rc, j))
put("gap", "\n".join(x for x in text.splitlines() if "W 0, P 3" not in x or "TRUMP" not in x))
rc, j, s = check("gap")
ok("who is not listed is unknown", j["sums"][1]["rows_without"] == 1, j)
put("gap.map", "urna-map-1\nstation = county, precinct\npivot = candidate : votes\nparts = mode\nabsent = zero\ncandidates = *\n")
rc, j, s = check("gap", "--map", "gap.map")
ok("or zero, if the map says so", j["sums"][1]["rows_without"] == 0 and s["TRUMP"] == b - rows[3][4][1], j)
put("electors", "station,electors,candidate,votes\n" + "".join(
    f"{i},{r[0] + (7 if i == 4 and name == 'B' else 0)},{name},{votes}\n" for i, r in enumerate(rows) for name, votes in zip("AB", r[4])))
put("electors.map", "urna-map-1\nstation = station\nregistered = electors\npivot = candidate : votes\ncandidates = *\nrule = candidates <= registered\n")
rc, j, s = check("electors", "--map", "electors.map")
ok("a column that differs within a station is a fault of that row", rc == 1 and [f["line"] for f in j["findings"]] == [11] and
   s["registered"] == reg and j["rules"][0]["checked"] == 30, (rc, j))
for line, why in (("parts = mode", "go with pivot"), ("pivot = candidate", "pivot is:"), ("absent = no", "absent is"), ("header = 4-2", "header is")):
    put("bad.map", f"urna-map-1\nstation = s\nvalid = v\n{line}\n")
    rc, out, err = run("protocols", "check", "modes", "--map", "bad.map")
    ok(f"a map with {line}", rc == 2 and "bad.map:4: " in err and why in err, err)
put("bad.map", "urna-map-1\nstation = county, precinct\npivot = candidate : votes\nparts = mode\ncandidate A = Nobody\n")
rc, out, err = run("protocols", "check", "modes", "--map", "bad.map")
ok("a name that nobody has: those that exist", rc == 2 and "bad.map:5: " in err and "HARRIS, TRUMP" in err, err)

# ---- files ----

put("multi.gz", gzip.compress((head + "\n" + first).encode()) + gzip.compress(rest.encode()))
balances("a gzip of two members", "multi.gz", want, 2)
z = zipfile.ZipFile("mac.zip", "w")
z.writestr("__MACOSX/._a.csv", b"\0\5\x16\7")
z.writestr("a.csv", head + "\n" + first + rest)
z.close()
balances("a zip with what one system adds to it", "mac.zip", want, 2)
z = zipfile.ZipFile("two.zip", "w")
z.writestr("__MACOSX/._a.csv", b"\0\5\x16\7")
z.writestr("a.csv", head + "\n" + first)
z.writestr("b.csv", head + "\n" + rest)
z.close()
rc, out, err = run("protocols", "check", "two.zip")
ok("two tables in one: which?", rc == 2 and "--member): a.csv, b.csv" in err and "member = NAME" in err, err)
rc, j, s = check("two.zip", "--member", "b.csv")
ok("that one", rc == 0 and j["stations"] == 15, (rc, j))
rc, out, err = run("protocols", "map", "two.zip", "--member", "b.csv")
put("two.map", out)
ok("the guessed map keeps which", rc == 0 and 'member = "b.csv"' in out, (rc, out, err))
rc, out, err = run("protocols", "compare", "two.zip", "two.zip", "--map", "two.map", "--copy-map", "two.map")
ok("so that every command finds it", rc == 0 and "EQUAL  15" in out, (rc, out, err))
put("fixed", "".join(f"0220191101110010{i:04}U{r[0]:07}{r[2]:07}\n" for i, r in enumerate(rows)))
rc, out, err = run("protocols", "check", "fixed")
ok("a table of fixed width: what to do", rc == 2 and "only one column" in err and "CSV" in err, err)
put("blocks", "Commune;Bureau;Inscrits;Exprimés;Nom;Voix\n" + "".join(f"Lyon;{i};{r[0]};{r[2]};LE PEN;{r[4][0]};MACRON;{r[4][1]}\n" for i, r in enumerate(rows)), "cp1252")
rc, j, s = check("blocks")
ok("columns without names: no row is taken in silence", rc == 1 and j["stations"] == 0 and "8 fields instead of 6" in j["findings"][0]["text"], (rc, j))
put("page.xls", "<html><table><tr><td>station</td></tr></table></html>")
put("data.json", '[{"station": 1}]')
for name, what in (("page.xls", "a web page"), ("data.json", "JSON")):
    rc, out, err = run("protocols", "check", name)
    ok(f"{name} is {what}", rc == 2 and what in err, err)
put("headless", first)
rc, out, err = run("protocols", "check", "headless")
ok("no names at all", rc == 2 and "add a first row with names" in err, err)
put("words", "name,city,note\nAnn,Minsk,x\nBob,Brest,y\n")
rc, out, err = run("protocols", "check", "words")
ok("no numbers at all: the columns are listed", rc == 2 and "the map names no numbers" in err and "2  city" in err, err)
rc, out, err = run("quickcount", "sample", "words", "--size", "2", "--seed", "1")
ok("good enough for a list to draw from", rc == 0 and "Minsk" in out, (rc, out, err))
rc, out, err = run("protocols", "compare", "words", "words")
ok("but there is nothing to compare", rc == 2, (rc, out, err))
put("empty", head + "\n")
rc, out, err = run("protocols", "check", "empty")
ok("no rows", rc == 2 and "no rows" in err, err)
put("norules", "station,Ann,Bob\n1,5,6\n2,8,1\n3,9,9\n")
rc, out, err = run("protocols", "check", "norules")
ok("without rules nothing is called balanced", rc == 0 and "NOTHING ADDED UP" in out and "BALANCED" not in out, out)

# ---- the guess is not to be kept busy by a header ----

for what, names in (("one word", ["valid {}"] * 2), ("two words", ["valid {}", "x {}"]), ("regions", ["region name {}"] * 2),
                    ("stations", ["precinct {}", "x {}"]), ("titles", ["Total {}", "{}"])):
    header = ",".join(names[i % 2].format(i) for i in range(60000))
    put("wide", header + "\n" + "".join(",".join(str((i * r) % 7) for i in range(60000)) + "\n" for r in range(1, 9)))
    try:
        rc, out, err = run("protocols", "map", "wide")
    except subprocess.TimeoutExpired:
        rc = "more than a minute"
    ok(f"sixty thousand columns of {what}", rc in (0, 2), rc)

print(f"1..{n}")
sys.exit(failed)
