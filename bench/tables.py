#!/usr/bin/env python3
"""Reading and comparing tables: usage tables.py BENCH_TABLES URNA SHARED_DATA [ROWS]
CPU times, best of 5; each comparison in one run on one machine. What is absent is skipped."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import zipfile

bench, urna, data = sys.argv[1:4]
rows = int(sys.argv[4]) if len(sys.argv) > 4 else 5_000_000
data = pathlib.Path(data)


def run(*args):
    """CPU and wall seconds, peak memory in MiB, exit code of one command."""
    start = time.perf_counter()
    pid = os.posix_spawn(args[0], args, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    _, status, use = os.wait4(pid, 0)
    return (use.ru_utime + use.ru_stime, time.perf_counter() - start, use.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))


def bench_tables(path, column_map):
    words = subprocess.run([bench, str(path), column_map], capture_output=True, text=True, check=True).stdout.split()
    return {words[i]: float(words[i + 1]) for i in range(0, len(words), 2)}


def russia(temp):
    archive = data / "russia/2018.csv.zip"
    if not archive.exists():
        print("skipped: no", archive)
        return
    plain = zipfile.ZipFile(archive).extract("2018.csv", temp)
    ours = bench_tables(plain, "russia-2018")
    print("Russia 2018, %d rows: read %.4f s, split %.4f s, as numbers %.4f s, kept in memory %.4f s"
          % tuple(ours[k] for k in ("rows", "read", "split", "numbers", "load")))
    try:
        import pandas
    except ImportError:
        print("skipped: pandas is not installed")
        return
    strings = pandas.Series(["a"]).dtype
    for engine in ("c", "pyarrow"):
        best = 1e9
        try:
            for _ in range(5):
                start = time.process_time()
                frame = pandas.read_csv(plain, engine=engine)
                best = min(best, time.process_time() - start)
        except (ImportError, ValueError) as e:
            print("skipped: engine %s: %s" % (engine, str(e)[:60]))
            continue
        assert len(frame) == ours["rows"]
        storage = getattr(strings, "storage", "objects")
        print("pandas %s read_csv, engine %s, strings as %s: %.3f s; split takes 1/%.1f of it, all numbers 1/%.1f, kept 1/%.1f"
              % (pandas.__version__, engine, storage, best, best / ours["split"], best / ours["numbers"], best / ours["load"]))


def venezuela():
    a, b = (data / "venezuela-2024" / name for name in ("actas_comando.csv.gz", "actas_mdn.csv.gz"))
    if not a.exists() or not b.exists():
        print("skipped: no", a)
        return
    args = [urna, "protocols", "compare", str(a), str(b), "--number", "Gonzalez", "--number", "Maduro"]
    cpu, wall, mib, code = min(run(*args) for _ in range(5))
    assert code == 1
    print("Venezuela, 24,532 x 21,952 rows compared: CPU %.3f s, wall %.3f s, %.0f MiB" % (cpu, wall, mib))


def synthetic(temp):
    path = temp / "synthetic.csv"
    column_map = temp / "synthetic.map"
    column_map.write_text("urna-map-1\nstation = station\nregion = region\nregistered = registered\nvalid = valid\n"
                          "invalid = invalid\ncandidate A = a\ncandidate B = b\nrule = candidates = valid\n"
                          "rule = valid + invalid <= registered\n")
    for n in (rows // 5, rows):
        with open(path, "w") as f:
            f.write("station,region,registered,valid,invalid,a,b\n")
            for i in range(n):
                a, b = i * 7919 % 700, i * 104729 % 500
                f.write("%d,R%d,%d,%d,%d,%d,%d\n" % (i, i % 83, a + b + 300, a + b, i % 13, a, b))
        ours = bench_tables(path, str(column_map))
        cpu, wall, mib, code = run(urna, "protocols", "check", str(path), "--map", str(column_map))
        assert code == 0
        print("%d synthetic rows (%.0f MB): bare read %.2f s, check CPU %.2f s (%.0f times), %.0f MiB = %.0f bytes a row"
              % (n, path.stat().st_size / 1e6, ours["read"], cpu, cpu / max(ours["read"], 1e-4), mib, mib * 2**20 / n))
        path.unlink()


with tempfile.TemporaryDirectory() as folder:
    # pandas last: a child's peak memory begins with that of its parent
    venezuela()
    synthetic(pathlib.Path(folder))
    russia(pathlib.Path(folder))
