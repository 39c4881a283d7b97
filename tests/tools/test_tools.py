"""Do the checks of the source tree find what they are for? Small trees with and without faults."""
import json
import pathlib
import subprocess
import sys
import tempfile

TOOLS = pathlib.Path(__file__).resolve().parent.parent.parent / 'tools'
results = []


def run(tool, root):
    p = subprocess.run([sys.executable, str(TOOLS / tool), str(root)], capture_output=True,
                       text=True, check=False)
    return p.returncode, p.stdout


def tree(files):
    root = pathlib.Path(tempfile.mkdtemp(prefix='urna-tools-'))
    trees.append(root)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')
    return root


def case(name, ok):
    results.append(ok)
    print('%s %d - %s' % ('ok' if ok else 'not ok', len(results), name))


HEADERS = {'src/%s/a.h' % room: '\n' for room in
           ('base', 'hash', 'group', 'proof', 'model', 'log', 'protocol', 'rules', 'store',
            'evidence', 'verify', 'report', 'board', 'cli')}


def layers(room, include):
    files = dict(HEADERS)
    files['src/%s/b.c' % room] = '/* first line */\n%s\n' % include
    return run('check-layers', tree(files))


def layers_cases():
    allowed = [('cli', 'verify'), ('rules', 'model'), ('group', 'hash'), ('report', 'verify'),
               ('proof', 'group'), ('protocol', 'log'), ('board', 'store'), ('model', 'model')]
    for room, other in allowed:
        rc, out = layers(room, '#include "%s/a.h"' % other)
        case('%s may include %s' % (room, other), rc == 0 and '0 faults' in out)
    forbidden = [('base', 'hash'), ('hash', 'group'), ('model', 'log'), ('log', 'model'),
                 ('protocol', 'rules'), ('rules', 'protocol'), ('verify', 'report'),
                 ('evidence', 'rules'), ('store', 'protocol'), ('rules', 'verify'),
                 ('report', 'cli'), ('verify', 'board')]
    for room, other in forbidden:
        rc, out = layers(room, '  #  include "%s/a.h" // why' % other)
        case('%s may not include %s' % (room, other),
             rc == 1 and 'src/%s/b.c:2: %s/a.h:' % (room, other) in out)
    for include in ('"a.h"', '"../base/a.h"', '"base/none.h"', '<base/a.h>', '"attic/a.h"'):
        rc, _ = layers('cli', '#include ' + include)
        case('#include %s is a fault' % include, rc == 1)
    rc, out = run('check-layers', tree({'src/attic/a.c': '\n'}))
    case('a room without a floor is a fault', rc == 1 and 'no such room' in out)
    rc, _ = run('check-layers', tree({'README.md': '\n'}))
    case('an empty tree is a fault', rc == 1)


def banned_cases():
    clean = ('/* strcpy(a, b) */ // gets(x)\n'
             'const char *s = "sprintf(x)"; char c = \'"\';\n'
             'int n = snprintf(s, 1, "x"), m = urna_random(p, 1), k = p->system(1), my_rand(2);\n')
    rc, out = run('check-banned', tree({'src/base/a.c': clean}))
    case('comments, strings, longer names are no calls', rc == 0 and '0 faults' in out)
    for call in ('strcpy(a, b)', 'sprintf (a, "x")', 'x = rand()', 'strtok(a, b)', 'gets(a)',
                 'strcat(a, b)', 'system("ls")', 'atoi(s)'):
        rc, out = run('check-banned', tree({'src/base/a.c': '/*\n*/\nvoid f(void)\n{\n%s;\n}\n' % call}))
        case('%s is found' % call, rc == 1 and 'src/base/a.c:5: ' in out)


def summary(*tests):
    text = ''.join(json.dumps({'name': n, 'result': r, 'stdout': s}) + '\n' for n, r, s in tests)
    return run('test-summary', tree({'meson-logs/testlog.json': text}))


def summary_cases():
    tap = 'TAP version 13\n1..3\nok 1 - a\nok 2 - b # SKIP no data\nok 3 - c # not a directive\n'
    rc, out = summary(('a', 'OK', tap), ('b', 'OK', ''))
    case('cases of TAP and whole programs are counted',
         rc == 0 and out.splitlines()[-1] == '3 passed, 0 failed, 1 skipped')
    rc, out = summary(('a', 'FAIL', 'ok 1 - a\nnot ok 2 - b\n'))
    case('a failed case is counted', rc == 1 and out.splitlines()[-1] == '1 passed, 1 failed')
    rc, out = summary(('a', 'ERROR', 'ok 1 - a\n'), ('b', 'TIMEOUT', ''))
    case('a crash and a timeout are failures',
         rc == 1 and out.splitlines()[-1] == '1 passed, 2 failed')
    rc, out = summary(('a', 'SKIP', ''), ('b', 'OK', ''))
    case('a skipped program is counted', rc == 0 and '1 passed, 0 failed, 1 skipped' in out)
    rc, out = summary()
    case('nothing ran is a failure', rc == 1 and '0 passed, 0 failed' in out)
    rc, out = run('test-summary', tree({'x': ''}))
    case('no log is a failure', rc == 1)


trees = []
try:
    layers_cases()
    banned_cases()
    summary_cases()
finally:
    for root in trees:
        for path in sorted(root.rglob('*'), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        root.rmdir()
print('1..%d' % len(results))
sys.exit(0 if all(results) else 1)
