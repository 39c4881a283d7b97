#!/usr/bin/env python3
"""A stratified sample with Neyman's sizes, computed again from docs/evidence.md alone, and worth it.
argv[1]: the program."""
import hashlib, json, os, random, subprocess, sys, tempfile
from math import isqrt

urna = os.path.realpath(sys.argv[1])
work = tempfile.TemporaryDirectory()
os.chdir(work.name)
n, failed = 0, False


def ok(name, holds, more=""):
    global n, failed
    n += 1
    failed |= not holds
    print(f"{'ok' if holds else 'not ok'} {n} - {name}")
    if not holds:
        print("# " + repr(more)[:1500])


def run(*args):
    p = subprocess.run([urna, "quickcount", *args], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
    return p.returncode, p.stdout, p.stderr


def spread(rows, regions):
    """rows: (region, votes for somebody, votes for all). Whole numbers, every division rounded down."""
    X, Y = sum(x for _, _, x in rows), sum(y for _, y, _ in rows)
    out = []
    for region in regions:
        d = [X * y - Y * x for r, y, x in rows if r == region]
        k = len(d)
        out.append(isqrt((k * sum(e * e for e in d) - sum(d) ** 2) // (k * (k - 1)) * 10**6 // X**2))
    return out


def sizes(N, weight, size):
    take, full, left = [0] * len(N), [False] * len(N), size
    while True:
        open_ = [h for h in range(len(N)) if not full[h]]
        w = weight if sum(weight[h] for h in open_) else N
        total = sum(w[h] for h in open_)
        for h in open_:
            take[h] = left * w[h] // total
        rest = sorted(open_, key=lambda h: (-(left * w[h] % total), h))
        for h in rest[:left - sum(take[h] for h in open_)]:
            take[h] += 1
        over = [h for h in open_ if take[h] > N[h]]
        if not over:
            break
        for h in over:
            full[h], take[h], left = True, N[h], left - N[h]
    for h in range(len(N)):
        while take[h] < min(2, N[h]):
            take[take.index(max(take))] -= 1
            take[h] += 1
    return take


def draw(names, k, seed):
    names, out, count = sorted(names, key=str.encode), [], 0
    while len(out) < k:
        count += 1
        pick = names[int.from_bytes(hashlib.sha256(f"{seed},{count}".encode()).digest(), "big") % len(names)]
        if pick not in out:
            out.append(pick)
    return out


# Few large regions where stations differ widely, many where they are alike.
rng = random.Random(3)
regions = ["Capital", "North", "South", "East", "West", "Islands"]
wild = {"Capital": 0.25, "North": 0.03, "South": 0.05, "East": 0.02, "West": 0.08, "Islands": 0.2}
count = {"Capital": 40, "North": 60, "South": 80, "East": 90, "West": 50, "Islands": 3}


def election(name):
    rows, text = [], "region,station,valid,Ann,Bob\n"
    for r in regions:
        for i in range(count[r]):
            x = rng.randint(300, 900)
            y = min(x, max(0, round(x * rng.gauss(0.5, wild[r]))))
            rows.append((r, y, x))
            text += f"{r},{i:03},{x},{y},{x - y}\n"
    with open(name, "w") as f:
        f.write(text)
    return rows


earlier, now = election("earlier.csv"), election("now.csv")
ann = sum(y for _, y, _ in earlier) * 2 >= sum(x for _, _, x in earlier)
earlier_y = [(r, y if ann else x - y, x) for r, y, x in earlier]
N = [count[r] for r in regions]
s = spread(earlier_y, regions)
for size in (14, 40, 100, 200, 320, 323):
    command = ["now.csv", "--size", str(size), "--seed", "3 1 4", "--strata", "region", "--earlier", "earlier.csv"]
    rc, out, err = run("sample", *command, "--json")
    j = json.loads(out) if rc == 0 else {"strata": []}
    want = sizes(N, [a * b for a, b in zip(N, s)], size)
    ok(f"{size} stations: spreads, sizes and picks computed again", rc == 0 and
       [x["spread"] for x in j["strata"]] == s and [x["drawn"] for x in j["strata"]] == want and j["sample"] == [
           name for r, k in zip(regions, want) for name in draw([f"{r}/{i:03}" for i in range(count[r])], k, f"3 1 4/{r}")],
       (rc, err, want, j))
    ok(f"{size}: never more than there are, at least two", sum(want) == size and all(
        min(2, c) <= k <= c for k, c in zip(want, N)), want)
rc, out, err = run("sample", *command[:2], "100", *command[3:])
ok("in words", rc == 0 and "Capital: " in out and "earlier the stations differed by" in out and "Neyman" in err, (out, err))

# Worth it: the standard error at the true spreads of the new election, both ways.
def variance(take, rows):
    X, v = sum(x for _, _, x in rows), 0
    R = sum(y for _, y, _ in rows) / X
    for r, k in zip(regions, take):
        e = [y - R * x for q, y, x in rows if q == r]
        m = sum(e) / len(e)
        v += len(e) ** 2 * (1 / k - 1 / len(e)) * sum((a - m) ** 2 for a in e) / (len(e) - 1)
    return v / X**2


neyman, proportional = sizes(N, [a * b for a, b in zip(N, s)], 60), sizes(N, N, 60)
ok("a smaller error than with proportional sizes", variance(neyman, now) < 0.6 * variance(proportional, now),
   (neyman, proportional))

# The estimate from that sample, station by station as it was drawn.
command = ["--frame", "now.csv", "--size", "60", "--seed", "3 1 4", "--strata", "region", "--earlier", "earlier.csv"]
rc, out, err = run("estimate", "now.csv", *command)
ok("the estimate draws the same way", rc == 0 and "60 stations of 60 drawn from 323" in out, (out, err))

rc, out, err = run("sample", "now.csv", "--size", "20", "--seed", "1", "--earlier", "earlier.csv")
ok("without strata there is nothing to share out", rc == 2 and "--strata" in err, err)
rc, out, err = run("sample", "now.csv", "--size", "20", "--seed", "1", "--strata", "region", "--earlier-map", "x")
ok("a map of nothing", rc == 2 and "--earlier" in err, err)
with open("other.csv", "w") as f:
    f.write(open("earlier.csv").read().replace("West", "Western"))
rc, out, err = run("sample", "now.csv", "--size", "20", "--seed", "1", "--strata", "region", "--earlier", "other.csv")
ok("a region that is spelled otherwise is named", rc == 2 and 'other.csv: of "West"' in err, err)
with open("bad.csv", "w") as f:
    f.write(open("earlier.csv").read().replace("Capital,003,", "Capital,003,x"))
rc, out, err = run("sample", "now.csv", "--size", "20", "--seed", "1", "--strata", "region", "--earlier", "bad.csv")
ok("a number that cannot be read too: sizes are of all stations or of none", rc == 2 and "bad.csv:5:3" in err, err)
with open("same.csv", "w") as f:
    f.write("region,station,valid,Ann,Bob\n" + "".join(f"{r},{i:03},100,60,40\n" for r in regions for i in range(5)))
rc, out, err = run("sample", "now.csv", "--size", "60", "--seed", "1", "--strata", "region", "--earlier", "same.csv", "--json")
ok("nobody differed: proportional", rc == 0 and [x["drawn"] for x in json.loads(out)["strata"]] == sizes(N, N, 60), (rc, err, out))
rc, out, err = run("sample", "now.csv", "--size", "60", "--seed", "1", "--strata", "region", "--earlier", "earlier.csv",
                   "--earlier-candidate", "B*", "--json")
ok("of another candidate", rc == 0 and json.loads(out)["earlier_candidate"] == "Bob", err)

print(f"1..{n}")
sys.exit(failed)
