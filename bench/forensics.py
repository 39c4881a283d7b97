#!/usr/bin/env python3
"""forensics.py BENCH-INTEGER TABLE.csv.zip LEADER [DRAWS]

The exact whole-percent test of urna beside a numpy loop over the same stations, in one run on one
thread. The loop is written from the definition in the paper (Kobak, Shpilkin, Pshenichnikov, Annals
of Applied Statistics 10(1), 2016): every station is drawn again 1,000 times. Prints times, memory
and how far the two answers are apart. Without numpy or without the table: says so, and exits 77.
"""
import csv
import io
import json
import os
import resource
import subprocess
import sys
import time
import zipfile

os.environ.setdefault("OMP_NUM_THREADS", "1")
try:
    import numpy as np
except ImportError:
    print("skipped: numpy is not installed")
    sys.exit(77)


def columns(header, *parts):
    return [i for i, name in enumerate(header) if any(p in name for p in parts)]


def load(path, leader):
    with zipfile.ZipFile(path) as z:
        rows = csv.reader(io.TextIOWrapper(z.open(z.namelist()[0]), "utf-8"))
        header = next(rows)
        voters = columns(header, "Число избирателей, включенных", "Число избирателей, внесенных")
        given = columns(header, "бюллетеней, выданных")
        received = columns(header, "действительных")
        leading = columns(header, leader)
        assert len(voters) == 1 and len(received) == 2 and len(leading) == 1
        sums = [[sum(int(r[i]) for i in c) for c in (voters, given, received, leading)] for r in rows]
    v, g, r, l = np.array(sums, dtype=np.int64).T
    with np.errstate(divide="ignore", invalid="ignore"):
        use = (r > 0) & (v >= 100) & (g / v <= 0.99) & (l / r <= 0.99)
    return v[use], g[use], r[use], l[use]


def near(percent):
    return np.abs(percent - np.round(percent)) <= 0.05


def loop(v, g, r, l, draws):
    """Three tests, four weights; sums of `draws` simulated elections and of the real one."""
    rng = np.random.RandomState(42)
    weights = np.stack([np.ones(len(v)), v, g, l])
    total = np.zeros((3, 4, draws))
    for i in range(len(v)):
        result = near(100.0 * rng.binomial(r[i], l[i] / r[i], draws) / r[i])
        turnout = near(100.0 * rng.binomial(v[i], g[i] / v[i], draws) / v[i])
        either = result | turnout
        for w in range(4):
            total[0, w] += weights[w, i] * either
            total[1, w] += weights[w, i] * result
            total[2, w] += weights[w, i] * turnout
    result, turnout = near(100.0 * l / r), near(100.0 * g / v)
    real = np.array([[(weights[w] * hit).sum() for w in range(4)] for hit in (result | turnout, result, turnout)])
    return real[..., None] - total


def main():
    bench, table, leader = sys.argv[1:4]
    draws = int(sys.argv[4]) if len(sys.argv) > 4 else 1000
    if not os.path.exists(table):
        print("skipped: no", table)
        sys.exit(77)
    ours = json.loads(subprocess.run([bench, table], check=True, capture_output=True).stdout)
    data = load(table, leader)
    start = time.process_time()
    difference = loop(*data, draws)
    took = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    d, error = difference[0, 0].mean(), difference[0, 0].std() / draws ** 0.5
    print("stations            %d used" % len(data[0]))
    print("urna, exact         %.4f s (reading %.3f s), %.1f MiB" % (ours["test_s"], ours["read_s"], ours["maxrss_kib"] / 1024))
    print("numpy, %d draws   %.1f s, %.0f MiB" % (draws, took, memory / 1024))
    print("ratio               %.0f (to 1000 draws: %.0f)" % (took / ours["test_s"], took * 1000 / draws / ours["test_s"]))
    print("excess              exact %.2f, drawn %.2f, %.2f standard errors apart" % (ours["d"], d, (d - ours["d"]) / error))
    if abs(d - ours["d"]) > 4 * error:
        sys.exit("the two answers are more than 4 standard errors apart")


main()
