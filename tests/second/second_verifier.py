#!/usr/bin/env python3
"""A second verifier of urna-election-1, written from docs/record.md and docs/protocol.md alone.

  second_verifier.py RECORD_FOLDER --trust FILE

It shares no code with the program, needs only the standard library, and prints what docs/verify-json.md
describes, as far as it decides verdicts. It is slow and holds everything in memory; nothing in it is secret,
so nothing in it is constant time. Exit: 0 level reached, 1 not, 2 incomplete or unreadable."""
import base64
import hashlib
import hmac
import json
import os
import re
import sys
from fractions import Fraction

sys.setrecursionlimit(20000)
MEMO = {}  # verdicts of phase 1, which depend on (φ, H_E, entry) only; several records in one run share them


class Unreadable(Exception):
    """Exit 2: a trust file or a folder that cannot be read as such."""


class Invalid(Exception):
    pass


class Incomplete(Exception):
    pass


class Bad(Exception):
    """A void entry: the rule."""


def sha(*parts):
    return hashlib.sha256(b''.join(parts)).digest()


def b(x, m):
    return x.to_bytes(m, 'big')


def need(condition, rule):
    if not condition:
        raise Bad(rule)


# --- the curve of Ed25519 and ristretto255 -----------------------------------------------------------------

P = 2**255 - 19
ELL = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
D2 = 2 * D % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
ONE = (0, 1, 1, 0)


def add(p, q):
    x1, y1, z1, t1 = p
    x2, y2, z2, t2 = q
    a = (y1 - x1) * (y2 - x2) % P
    c = (y1 + x1) * (y2 + x2) % P
    k = t1 * D2 % P * t2 % P
    z = 2 * z1 * z2 % P
    e, f, g, h = c - a, z - k, z + k, c + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def neg(p):
    return -p[0] % P, p[1], p[2], -p[3] % P


def double(p):
    x, y, z, _ = p
    a, c = x * x % P, y * y % P
    e = (x + y) * (x + y) - a - c
    g = c - a
    f = g - 2 * z * z
    h = -a - c
    e, f = e % P, f % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(p, k):
    """k·p by windows of four bits."""
    if k == 0:
        return ONE
    table = [ONE, p]
    for i in range(2, 16):
        table.append(double(table[i // 2]) if i % 2 == 0 else add(table[i - 1], p))
    r = None
    for digit in '%x' % k:
        if r is None:
            r = table[int(digit, 16)]
            continue
        r = double(double(double(double(r))))
        if digit != '0':
            r = add(r, table[int(digit, 16)])
    return r


class Fixed:
    """Multiples of one point that is used very often: 6 bits at a time, no doublings."""

    def __init__(self, p):
        self.rows = []
        for _ in range(43):
            row = [ONE, p]
            for _ in range(62):
                row.append(add(row[-1], p))
            self.rows.append(row)
            p = add(row[-1], p)

    def __call__(self, k):
        r, i = ONE, 0
        while k:
            if k & 63:
                r = add(r, self.rows[i][k & 63])
            k >>= 6
            i += 1
        return r


def sqrt_ratio(u, v):
    v3 = v * v % P * v % P
    r = u * v3 % P * pow(u * v3 % P * v3 % P * v % P, (P - 5) // 8, P) % P
    check = v * r % P * r % P
    correct, flipped, flipped_i = check == u % P, check == -u % P, check == -u * SQRT_M1 % P
    if flipped or flipped_i:
        r = r * SQRT_M1 % P
    return correct or flipped, P - r if r & 1 else r


INVSQRT_A_MINUS_D = sqrt_ratio(1, -1 - D)[1]
BASE_Y = 4 * pow(5, P - 2, P) % P


def ed_decode(s):
    """RFC 8032, canonical encodings only; None if it is no point."""
    y = int.from_bytes(s, 'little')
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    ok, x = sqrt_ratio((y * y - 1) % P, (D * y * y + 1) % P)
    if not ok or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def ed_encode(p):
    zi = pow(p[2], P - 2, P)
    x, y = p[0] * zi % P, p[1] * zi % P
    return (y | (x & 1) << 255).to_bytes(32, 'little')


B = ed_decode(BASE_Y.to_bytes(32, 'little'))
times_b = Fixed(B)
KEYS = {}


def ed_key(key):
    """The point of a public key: canonical and of prime order, else None."""
    if key not in KEYS:
        p = ed_decode(key)
        if p is not None and (ed_encode(p) == ed_encode(ONE) or ed_encode(multiply(p, ELL)) != ed_encode(ONE)):
            p = None
        KEYS[key] = p
    return KEYS[key]


def ed_verify(key, message, sig):
    tag = ('ed', key, sig, sha(message))
    if tag not in MEMO:
        MEMO[tag] = ed_verify_now(key, message, sig)
    return MEMO[tag]


def ed_verify_now(key, message, sig):
    a = ed_key(key)
    r, s = sig[:32], int.from_bytes(sig[32:], 'little')
    if a is None or s >= ELL or r == ed_encode(ONE):
        return False
    k = int.from_bytes(hashlib.sha512(r + key + message).digest(), 'little') % ELL
    return ed_encode(add(times_b(s), multiply(neg(a), k))) == r


# --- the groups of protocol.md -----------------------------------------------------------------------------

class Ristretto:
    name = 'ristretto255'
    q, lp, lq = ELL, 32, 32
    one = ONE
    toy = False

    def __init__(self):
        self.seen = {}
        self.tables = {}
        self.g = B

    def decode(self, s):
        if s not in self.seen:
            self.seen[s] = self.decode_now(s)
        return self.seen[s]

    @staticmethod
    def decode_now(raw):
        s = int.from_bytes(raw, 'little')
        if len(raw) != 32 or s >= P or s & 1:
            return None
        ss = s * s % P
        u1, u2 = 1 - ss, 1 + ss
        u2s = u2 * u2 % P
        v = (-D * u1 * u1 - u2s) % P
        ok, inv = sqrt_ratio(1, v * u2s % P)
        dx = inv * u2 % P
        dy = inv * dx % P * v % P
        x = 2 * s * dx % P
        if x & 1:
            x = P - x
        y = u1 * dy % P
        t = x * y % P
        return (x, y, 1, t) if ok and not t & 1 and y else None

    @staticmethod
    def encode(p):
        x, y, z, t = p
        u1, u2 = (z + y) * (z - y) % P, x * y % P
        inv = sqrt_ratio(1, u1 * u2 % P * u2 % P)[1]
        d1, d2 = inv * u1 % P, inv * u2 % P
        zi = d1 * d2 % P * t % P
        if t * zi % P & 1:
            x, y = y * SQRT_M1 % P, x * SQRT_M1 % P
            d2 = d1 * INVSQRT_A_MINUS_D % P
        if x * zi % P & 1:
            y = -y
        s = d2 * (z - y) % P
        return (P - s if s & 1 else s).to_bytes(32, 'little')

    mul = staticmethod(add)
    inv = staticmethod(neg)
    exp = staticmethod(multiply)

    def fixed(self, p):
        """A function k → p^k; tables are kept."""
        if p == B:
            return times_b
        if p not in self.tables:
            self.tables[p] = Fixed(p)
        return self.tables[p]

    def parameters(self, n, k):
        ver = b'v2.1.0+ristretto255'.ljust(32, b'\0')
        return hm(ver, 0x00, b'ristretto255', b(P, 32), b(ELL, 32), self.encode(B), b(n, 4), b(k, 4))


def ln2(bits):
    scale, total, i, term = bits + 64, 0, 1, 1 << (bits + 64)
    while term:
        term >>= 1
        total += term // i
        i += 1
    return total >> (scale - bits)


class ModP:
    """A subgroup of order q modulo p, p = q·r + 1."""
    one = 1

    def __init__(self, name, p, q, g=None):
        self.name, self.p, self.q = name, p, q
        self.g = g or pow(2, (p - 1) // q, p)
        self.lp, self.lq = (p.bit_length() + 7) // 8, (q.bit_length() + 7) // 8
        self.toy = q.bit_length() < 48
        self.seen = {}

    def decode(self, s):
        if s not in self.seen:
            x = int.from_bytes(s, 'big')
            self.seen[s] = x if 0 < x < self.p and pow(x, self.q, self.p) == 1 else None
        return self.seen[s]

    def encode(self, x):
        return b(x, self.lp)

    def mul(self, x, y):
        return x * y % self.p

    def inv(self, x):
        return pow(x, -1, self.p)

    def exp(self, x, k):
        return pow(x, k, self.p)

    def fixed(self, x):
        return lambda k: pow(x, k, self.p)

    def parameters(self, n, k):
        ver = b'v2.1.0'.ljust(32, b'\0')
        return hm(ver, 0x00, self.encode(self.p), b(self.q, self.lq), self.encode(self.g), b(n, 4), b(k, 4))


TOYS = {
    'toy-7-16': ('E72F', '7F', '7F68'), 'toy-16-32': ('FB2F475F', 'FFF1', '1D973E8E'),
    'toy-16-48': ('FF93DF533BFF', 'FFF1', '63417ADFC7BA'),
    'toy-24-64': ('FFF93F356A395FFF', 'FFFFFD', 'CCCCA8BCC08F3688'),
    'toy-32-96': ('FFFF93C46882B6AAF57CFFFF', 'FFFFFFFB', 'C469034B2CE5EC6E1970350A'),
    'toy-32-128': ('FFFFFFFF93C46B0FB6C381D8FFFFFFFF', 'FFFFFFFB', '29D995240DFB12B36FD0F8CCE06B657D'),
    'toy-48-192': ('FFFFFFFFFFFFFFFF9ECB779649D9A82DFFFFFFFFFFFFFFFF', 'FFFFFFFFFFC5',
                   'B5DA0900B367E3C92A1101954DB5E3C873E929A0E324F00'),
    'toy-64-256': ('FFFFFFFFFFFFFFFF93C467E37DB1212B89995855493FF059FFFFFFFFFFFFFFFF', 'FFFFFFFFFFFFFFC5',
                   '3B5431669E3E4893DF745C67CDCFD95CCDDA224878A3CD5D3226F75CC5A95638')}
GROUPS = {}


def group_of(name, test):
    if name not in ('ristretto255', 'eg4096') and not (test and (name == 'eg3072' or name in TOYS)):
        return None
    if name not in GROUPS:
        if name == 'ristretto255':
            GROUPS[name] = Ristretto()
        elif name in TOYS:
            GROUPS[name] = ModP(name, *(int(x, 16) for x in TOYS[name]))
        else:
            bits, middle, delta = {
                'eg4096': (4096, 3584, 287975203778583638958138611533602521491887169409704874643524560756486080635197037903),
                'eg3072': (3072, 2560, 298707407953437995876300625370749906325322663598036756391867662926569213935809577593),
            }[name]
            p = 2**bits - 2**(bits - 256) + 2**256 * (ln2(middle) + delta) + 2**256 - 1
            GROUPS[name] = ModP(name, p, 2**256 - 189)
    return GROUPS[name]


def hm(key, domain, *parts):
    return hmac.new(key, bytes([domain]) + b''.join(parts), hashlib.sha256).digest()


# --- trees -------------------------------------------------------------------------------------------------

def leaf_hash(leaf):
    return sha(b'\0', leaf)


def tree(hashes):
    """RFC 6962: the root over hashes of leaves."""
    if not hashes:
        return sha(b'')
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return sha(b'\1', tree(hashes[:k]), tree(hashes[k:]))


def tree_hash(leaves):
    return tree([leaf_hash(x) for x in leaves])


# --- one grammar (section 1) and schemas -------------------------------------------------------------------

FORBIDDEN = re.compile('[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef'
                       + ''.join(chr(i << 16 | 0xfffe) + chr(i << 16 | 0xffff) for i in range(17)) + ']')


def pairs(items):
    d = dict(items)
    if len(d) != len(items):
        raise ValueError
    return d


def refuse(_):
    raise ValueError


def depth(x):
    if isinstance(x, dict):
        return 1 + max(map(depth, x.values()), default=0)
    if isinstance(x, list):
        return 1 + max(map(depth, x), default=0)
    if x is None or isinstance(x, bool) or (isinstance(x, int) and x >= 2**53):
        raise ValueError
    return 0


def read(raw):
    """The value of one line, or None: write(read(x)) = x."""
    try:
        text = raw.decode('utf-8')
        x = json.loads(text, object_pairs_hook=pairs, parse_float=refuse, parse_constant=refuse)
        if not isinstance(x, dict) or depth(x) > 8 or FORBIDDEN.search(text):
            return None
        return x if write(x) == raw else None
    except (ValueError, RecursionError):
        return None


def write(x):
    return json.dumps(x, ensure_ascii=False, separators=(',', ':')).encode()


class Int:
    def __init__(self, low=0, high=2**53 - 1):
        self.low, self.high = low, high

    def ok(self, x, ctx):
        return isinstance(x, int) and self.low <= x <= self.high


class Str:
    def __init__(self, pattern):
        self.re = re.compile(pattern)

    def ok(self, x, ctx):
        return isinstance(x, str) and self.re.fullmatch(x) is not None


class Text:
    def ok(self, x, ctx):
        return isinstance(x, str)


class OneOf:
    def __init__(self, *values):
        self.values = values

    def ok(self, x, ctx):
        return type(x) in map(type, self.values) and x in self.values


class Element:
    def ok(self, x, ctx):
        g = ctx['group']
        return isinstance(x, str) and re.fullmatch('[0-9A-F]{%d}' % (2 * g.lp), x) is not None \
            and g.decode(bytes.fromhex(x)) is not None


class Scalar:
    def ok(self, x, ctx):
        g = ctx['group']
        return isinstance(x, str) and re.fullmatch('[0-9A-F]{%d}' % (2 * g.lq), x) is not None and int(x, 16) < g.q


class Arr:
    """length may be a number or the name of one in the context."""

    def __init__(self, item, least=0, most=2**53, length=None):
        self.item, self.least, self.most, self.length = item, least, most, length

    def ok(self, x, ctx):
        if not isinstance(x, list) or not self.least <= len(x) <= self.most:
            return False
        if self.length is not None and len(x) != (ctx[self.length] if isinstance(self.length, str) else self.length):
            return False
        return all(self.item.ok(y, ctx) for y in x)


class Obj:
    """Fields in order; 'name?' is optional, ('name?', default) absent when it has that value."""

    def __init__(self, *fields):
        self.fields = []
        for name, typ, *default in fields:
            self.fields.append((name.rstrip('?'), typ, name.endswith('?'), default))

    def ok(self, x, ctx):
        if not isinstance(x, dict):
            return False
        keys = list(x)
        for name, typ, optional, default in self.fields:
            if keys and keys[0] == name:
                keys.pop(0)
                if not typ.ok(x[name], ctx) or x[name] in default:
                    return False
            elif not optional:
                return False
        return not keys


ID = Str('[a-z0-9][a-z0-9.-]{0,63}')
NAME = Str(r'[!#-\[\]-~]{1,255}')
HASH = Str('[0-9A-F]{64}')
HEX64 = Str('[0-9A-F]{128}')
HEX16 = Str('[0-9A-F]{32}')
N, N1 = Int(), Int(1)
I32 = Int(1, 2**32 - 1)
WEIGHT = Int(1, 2**20)
X, Z, TEXT = Element(), Scalar(), Text()
TITLE = Arr(Obj(('lang', ID), ('text', TEXT)))
ROLE = Obj(('id', ID), ('bloc', ID), ('key', HASH))
COSIGNER = Obj(('name', NAME), ('key', HASH))
NAMED = Obj(('id', ID), ('title', TITLE))
FREE = Obj(('as', ID), ('text', Arr(TEXT)), ('about?', HASH), ('files?', Arr(HASH)))
SESSION = (('as', ID), ('countset', HASH), ('present', Arr(I32)), ('attempt', N1), ('block', N1))
PROOF = Obj(('c', Z), ('v', Arr(Z, length='k+1')))

MANIFEST = Obj(
    ('format', OneOf('urna-election-1')), ('election', HEX16), ('test?', OneOf(1)), ('title', TITLE),
    ('zone?', NAME, 'UTC'), ('group', ID), ('n', I32), ('k', I32), ('origin', NAME), ('log_key', HASH),
    ('commission', Arr(ROLE, 1)), ('guardians', Arr(ROLE)), ('registrars', Arr(ROLE)),
    ('credentials', OneOf('one-registrar', 'two-registrars', 'voter-made')),
    ('witnesses', Arr(Obj(('id', ID), ('bloc', ID), ('head', COSIGNER), ('full', COSIGNER)))),
    ('observers', Arr(ROLE)), ('devices', Arr(NAMED, 1)),
    ('contests', Arr(Obj(('id', ID), ('title', TITLE), ('limit', I32), ('option_limit?', I32, 1),
                         ('options', Arr(NAMED, 1))), 1)),
    ('styles', Arr(Obj(('id', ID), ('contests', Arr(I32, 1))), 1)),
    ('cells', Arr(Obj(('id', ID), ('up?', I32), ('title', TITLE)), 1)),
    ('revote?', OneOf(1)), ('m_min?', N1, 50), ('m_root?', N1, 5), ('m_roll?', N1, 20),
    ('secret_if_small?', Arr(Obj(('contest', I32), ('weight', WEIGHT)))),
    ('times', Obj(('open', N), ('close', N), ('delta', N), ('seal', N))),
    ('ballot_max?', N1, 20), ('challenge_max?', N, 1000), ('block?', N1, 100),
    ('seats?', Arr(Obj(('contest', I32), ('n', I32),
                       ('method', OneOf('hare', 'droop', 'dhondt', 'saintelague', 'saintelague-mod')),
                       ('base', OneOf('qualified', 'all')), ('threshold', Arr(N, length=2)),
                       ('ties', OneOf('error', 'order'))))),
    ('names?', Arr(NAMED)))

BODIES = {
    'manifest': MANIFEST,
    'accept': Obj(('as', ID)),
    'guardian.commit': Obj(('as', ID), ('attempt', N1), ('hash', HASH)),
    'guardian.keys': Obj(('as', ID), ('attempt', N1), ('nonce', HASH), ('k', Arr(X, length='k')),
                         ('kh', Arr(X, length='k')), ('kappa', X), ('proof', PROOF), ('proofh', PROOF)),
    'guardian.shares': Obj(('as', ID), ('attempt', N1),
                           ('to', Arr(Obj(('i', I32), ('c0', X), ('c1', HEX64), ('c', Z), ('v', Z))))),
    'guardian.complaint': Obj(('as', ID), ('attempt', N1), ('against', ID), ('zeta?', Z)),
    'guardian.confirm': Obj(('as', ID), ('attempt', N1), ('hg', HASH), ('he', HASH)),
    'roll': Obj(('rows', Arr(Obj(('keys', Arr(HASH, 1)), ('style', ID), ('weight?', WEIGHT, 1), ('leaf', ID),
                                 ('reg?', HASH))))),
    'roll.close': Obj(('rolls', Arr(HASH, 1)), ('count', N), ('root', HASH), ('cells', Arr(Obj(('leaf', ID), ('n', N))))),
    'open': Obj(('attempt', N1), ('count', N), ('root', HASH), ('k', X), ('kh', X), ('hg', HASH), ('he', HASH)),
    'ballot': Obj(('keys', Arr(HASH, 1)), ('rho', HASH), ('style', ID), ('device', ID), ('serial', Int(1, 65535)),
                  ('after?', HASH),
                  ('contests', Arr(Obj(('i', I32),
                                       ('fields', Arr(Obj(('a', X), ('b', X), ('c', Arr(Z)), ('v', Arr(Z))))),
                                       ('limit', Obj(('c', Arr(Z)), ('v', Arr(Z))))))), ('code', HASH)),
    'challenge': Obj(('id', HASH), ('style', ID), ('device', ID),
                     ('contests', Arr(Obj(('i', I32),
                                          ('fields', Arr(Obj(('a', X), ('b', X), ('value', N), ('xi', Z))))))),
                     ('code', HASH)),
    'anchor': Obj(('size', N1), ('root', HASH),
                  ('cosigs', Arr(Obj(('as', ID), ('key', OneOf('full', 'head')), ('time', N1), ('sig', HEX64)), 1))),
    'close': Obj(('time', N)),
    'countset': Obj(('cells', Arr(Obj(('leaf', ID), ('n', N), ('root', HASH)))),
                    ('groups', Arr(Obj(('contest', I32), ('weight?', WEIGHT, 1), ('leaves', Arr(ID)), ('n', N),
                                       ('sum', HASH))))),
    'decrypt.commit': Obj(*SESSION, ('d', Arr(Arr(HASH)))),
    'decrypt.reveal': Obj(*SESSION, ('shares', Arr(Arr(Obj(('m', X), ('a', X), ('b', X)))))),
    'decrypt.respond': Obj(*SESSION, ('v', Arr(Arr(Z)))),
    'tally': Obj(('countset', HASH), ('contest', I32), ('group', I32),
                 ('fields', Arr(Obj(('a', X), ('b', X), ('t', N), ('c', Z), ('v', Z))))),
    'result': Obj(('countset', HASH),
                  ('contests', Arr(Obj(('i', I32), ('counted', N), ('secret?', N, 0), ('totals', Arr(N))))),
                  ('seats?', Arr(Obj(('contest', I32), ('seats', Arr(Int(0, 2**32 - 1))), ('tie?', OneOf(1)))))),
    'verdict': Obj(('as', ID), ('size', N), ('root', HASH),
                   ('answer', OneOf('invalid', 'incomplete', 'consistent', 'computed', 'witnessed', 'final',
                                    'anchor-withheld', 'ballot-withheld')), ('software', NAME)),
    'incident': FREE, 'complaint': FREE, 'statement': FREE,
    'attachment': None,
    'redact': Obj(('hash', HASH), ('reason', OneOf('personal-data', 'unlawful', 'threat'))),
}
OUT = ('incident', 'complaint', 'statement', 'attachment')
SIGS = Arr(Obj(('by', ID), ('sig', HEX64)), 0, 24)
ENVELOPE = Obj(('kind', ID), ('sigs', SIGS))
ENVELOPE_PARTS = Obj(('kind', ID), ('parts', Int(2, 4096)), ('sigs', SIGS))
ENVELOPE_OUT = Obj(('kind', ID), ('out', OneOf(1)), ('sigs', SIGS))
PART = Obj(('kind', OneOf('part')), ('i', Int(1, 4096)), ('n', Int(2, 4096)), ('sigs', Arr(ID, 0, 0)))
STUB = Obj(('sha256', HASH), ('size', N))


def ascending(keys):
    keys = list(keys)
    return all(x < y for x, y in zip(keys, keys[1:]))


# --- entries out of leaves (section 2) ---------------------------------------------------------------------

class Entry:
    def __init__(self, index):
        self.index, self.kind, self.sigs, self.body, self.e, self.size = index, None, [], None, None, 0
        self.out = False
        self.signed = False  # a ballot that can be read and has good signatures of its voter
        self.rule = None
        self.doc = None


def assemble(leaves, bodies):
    """Entries in order, and the indices of parts that are void."""
    entries, orphans, run = [], [], []
    for index, leaf in enumerate(leaves):
        head, lf, rest = leaf.partition(b'\n')
        env = read(head) if lf else None
        if env is not None and env.get('kind') == 'part':
            if PART.ok(env, None) and env['i'] <= env['n']:
                run.append((index, env['i'], env['n'], rest))
                continue
            env = None
        x = Entry(index)
        entries.append(x)
        taken = 0
        if env is None or not any(s.ok(env, None) for s in (ENVELOPE, ENVELOPE_PARTS, ENVELOPE_OUT)) \
                or not ascending(s['by'] for s in env['sigs']):
            x.rule = 'E12'
        else:
            x.kind, x.sigs = env['kind'], env['sigs']
            if x.kind not in BODIES:
                x.rule = 'E11'
            if 'parts' in env:
                taken = from_parts(x, env['parts'], run, rest)
            elif 'out' in env:
                x.out = True
                out_of_line(x, rest, bodies)
            else:
                x.body, x.e, x.size = rest, sha(rest), len(rest)
                if len(rest) > 60000:
                    x.rule = x.rule or 'E12'
            if x.rule is None and x.out != (x.kind in OUT):
                x.rule = 'E12'
        orphans += [p[0] for p in run[:len(run) - taken]]
        run = []
    return entries, orphans + [p[0] for p in run]


def from_parts(x, n, run, rest):
    stub = read(rest)
    mine = run[-n:]
    if x.kind in OUT or stub is None or not STUB.ok(stub, None) or len(mine) != n \
            or any((i, total) != (j + 1, n) for j, (_, i, total, _) in enumerate(mine)) \
            or any(len(p[3]) != 60000 for p in mine[:-1]) or not 0 < len(mine[-1][3]) <= 60000:
        x.rule = x.rule or 'E12'
        return 0
    body = b''.join(p[3] for p in mine)
    if len(body) != stub['size'] or sha(body) != bytes.fromhex(stub['sha256']):
        x.rule = x.rule or 'E12'
        return 0
    x.body, x.e, x.size = body, sha(body), len(body)
    return n


def out_of_line(x, rest, bodies):
    stub = read(rest)
    if stub is None or not STUB.ok(stub, None) or stub['size'] > 2**26:
        x.rule = x.rule or 'E12'
        return
    x.e, x.size = bytes.fromhex(stub['sha256']), stub['size']
    body = bodies.get(stub['sha256'])
    if body is not None and sha(body) == x.e and len(body) == x.size:
        x.body = body


# --- the manifest ------------------------------------------------------------------------------------------

class Manifest:
    def __init__(self, x):
        need(x.body is not None and x.rule is None and x.kind == 'manifest' and not x.out, 'E13')
        m = read(x.body)
        need(m is not None and MANIFEST.ok(m, None), 'E13')
        self.m = m
        self.test = m.get('test', 0)
        self.group = group_of(m['group'], self.test)
        need(self.group is not None, 'E13')
        self.n, self.k = m['n'], m['k']
        need(self.k <= self.n == len(m['guardians']), 'E13')
        need(len(m['commission']) <= 24 and m['registrars'], 'E13')
        signing = [r for name in ('commission', 'guardians', 'registrars', 'observers') for r in m[name]]
        self.keys = {r['id']: bytes.fromhex(r['key']) for r in signing}
        self.keys.update({w['id']: bytes.fromhex(w['full']['key']) for w in m['witnesses']})
        need(len(self.keys) == len(signing) + len(m['witnesses']), 'E13')
        need(not {'voter.1', 'voter.2'} & set(self.keys), 'E13')
        keys = [m['log_key']] + [r['key'] for r in signing] \
            + [w[x]['key'] for w in m['witnesses'] for x in ('head', 'full')]
        need(len(set(keys)) == len(keys), 'E13')
        need(all(ed_key(bytes.fromhex(k)) is not None for k in keys), 'E13')
        need('+' not in m['origin'] + ''.join(w[x]['name'] for w in m['witnesses'] for x in ('head', 'full')), 'E13')
        for items in [m[x] for x in ('devices', 'contests', 'styles', 'cells')] + [m.get('names', [])] \
                + [c['options'] for c in m['contests']]:
            need(len({i['id'] for i in items}) == len(items), 'E13')
        for c in m['contests']:
            r = c.get('option_limit', 1)
            need(r <= c['limit'] <= r * len(c['options']), 'E13')
        count = len(m['contests'])
        for s in m['styles']:
            need(ascending(s['contests']) and s['contests'][-1] <= count, 'E13')
        path = []
        for i, c in enumerate(m['cells'], 1):
            if i == 1:
                need('up' not in c, 'E13')
            else:
                while path and path[-1] != c.get('up'):
                    path.pop()
                need(path, 'E13')
            path.append(i)
        t = m['times']
        need(t['open'] < t['close'], 'E13')
        need(self.test or (t['delta'] >= 4800 and t['seal'] >= t['close'] + t['delta'] + 3600), 'E13')
        for s in m.get('seats', []):
            need(s['contest'] <= count and s['threshold'][1] >= 1, 'E13')
        for s in m.get('secret_if_small', []):
            need(s['contest'] <= count, 'E13')
        if m['credentials'] == 'two-registrars':
            need(len(m['registrars']) == 2 and m['registrars'][0]['bloc'] != m['registrars'][1]['bloc'], 'E13')

        self.commission = {r['id']: r['bloc'] for r in m['commission']}
        self.guardians = {r['id']: i for i, r in enumerate(m['guardians'], 1)}
        self.registrars = [r['id'] for r in m['registrars']]
        self.witnesses = {w['id']: w for w in m['witnesses']}
        self.factors = 2 if m['credentials'] == 'two-registrars' else 1
        self.contests = [(len(c['options']), c.get('option_limit', 1), c['limit']) for c in m['contests']]
        self.styles = {s['id']: (i, s['contests']) for i, s in enumerate(m['styles'], 1)}
        self.devices = {d['id'] for d in m['devices']}
        parents = {c.get('up') for c in m['cells']}
        self.leaf_cells = [i for i in range(1, len(m['cells']) + 1) if i not in parents]
        self.leaf_ids = [m['cells'][i - 1]['id'] for i in self.leaf_cells]
        self.leaf_index = {x: i for i, x in enumerate(self.leaf_ids, 1)}
        self.m_min, self.m_root, self.m_roll = m.get('m_min', 50), m.get('m_root', 5), m.get('m_roll', 20)
        self.block = m.get('block', 100)
        self.hp = self.group.parameters(self.n, self.k)
        self.phi = hm(self.hp, 0x01, b(len(x.body), 4), x.body)
        self.blocs = {}
        for w in m['witnesses']:
            self.blocs.setdefault(w['bloc'], set()).add(w['id'])
        self.tag = hashlib.sha256(x.body).digest()
        need({s['by'] for s in x.sigs} == set(self.commission), 'E13')
        need(all(ed_verify(self.keys[s['by']], signed(x, bytes(32), s['by']), bytes.fromhex(s['sig']))
                 for s in x.sigs), 'E13')

    def policy(self, ids):
        """The anchor policy, for witnesses that may be counted."""
        good = sum(1 for members in self.blocs.values() if 2 * len(members & ids) > len(members))
        return bool(self.blocs) and good >= len(self.blocs) // 2 + 1


def signed(x, phi, by):
    return b'urna-entry-v1\0' + phi + b(len(x.kind), 1) + x.kind.encode() + b(len(by), 1) + by.encode() \
        + b(x.size, 8) + x.e


# --- phase 1 -----------------------------------------------------------------------------------------------

class Keys:
    """What an accepted open gives to phase 1."""

    def __init__(self, group, he, k):
        self.he, self.k = he, k
        self.times_k = group.fixed(k)


def phase1(man, x, keys):
    """Raise Bad(rule) if the entry is bad."""
    if x.rule:
        raise Bad(x.rule)
    tag = (man.tag, keys and keys.he, x.kind, x.e, x.size, x.body is None, write(x.sigs))
    if tag not in MEMO:
        try:
            form(man, x)
            if x.kind in ('ballot', 'challenge', 'tally') and keys is None:
                raise Bad('E11')
            own = OWN.get(x.kind)
            if own:
                own(man, x, keys)
            MEMO[tag] = x.doc, x.signed, None
        except Bad as e:
            MEMO[tag] = x.doc, x.signed, e.args[0]
    x.doc, x.signed, rule = MEMO[tag]
    if rule:
        raise Bad(rule)


def form(man, x):
    schema = BODIES[x.kind]
    if schema is not None and x.body is not None:
        doc = read(x.body)
        need(doc is not None, 'E12')
        x.doc = doc
        need(schema.ok(doc, {'group': man.group, 'k': man.k, 'k+1': man.k + 1}), 'E12')
        lists(man, x.kind, doc)
    if x.kind == 'ballot':
        return
    by = [s['by'] for s in x.sigs]
    one = len(by) == 1
    if x.kind in ('challenge', 'anchor', 'countset', 'tally', 'result'):
        need(not by, 'E12')
    elif x.kind == 'manifest':
        need(set(by) == set(man.commission), 'E12')
    elif x.kind in ('roll.close', 'open', 'close', 'redact'):
        need(by and all(i in man.commission for i in by), 'E12')
        need(len(by) >= min(2, len(man.commission)), 'E12')
        need(len({man.commission[i] for i in by}) >= min(2, len(set(man.commission.values()))), 'E12')
    elif x.kind == 'roll':
        need(all(i in man.registrars for i in by) and len(by) == man.factors, 'E12')
    elif x.kind in ('accept', 'verdict'):
        need(one and by[0] in man.witnesses, 'E12')
    elif x.kind.startswith(('guardian.', 'decrypt.')):
        need(one and by[0] in man.guardians, 'E12')
    else:
        need(one and by[0] in man.keys, 'E12')
    for s in x.sigs:
        phi = bytes(32) if x.kind == 'manifest' else man.phi
        need(ed_verify(man.keys[s['by']], signed(x, phi, s['by']), bytes.fromhex(s['sig'])), 'E12')
    need(x.kind != 'manifest', 'E11')
    if x.body is None:
        need(x.kind == 'attachment', 'absent')
    elif x.doc is not None and 'as' in x.doc:
        need(x.doc['as'] == by[0], 'E11')


def lists(man, kind, doc):
    """Conditions on lists that the table of section 2 states."""
    if kind == 'roll':
        need(ascending(r['keys'][0] for r in doc['rows']), 'E12')
    elif kind == 'roll.close':
        need(ascending(doc['rolls']), 'E12')
    elif kind == 'guardian.shares':
        need(ascending(t['i'] for t in doc['to']), 'E12')
    elif kind == 'anchor':
        need(ascending((c['as'], c['key']) for c in doc['cosigs']), 'E12')
    elif kind.startswith('decrypt.'):
        need(ascending(doc['present']), 'E12')


def own_keys(man, x, _):
    g, d = man.group, x.doc
    i = man.guardians[x.sigs[0]['by']]
    raw = bytes.fromhex
    dec = lambda h: g.decode(raw(h))
    kappa = dec(d['kappa'])
    for label, ks, proof in ((b'pk_vote', d['k'], d['proof']), (b'pk_data', d['kh'], d['proofh'])):
        c = int(proof['c'], 16)
        hs = [g.mul(g.fixed(g.g)(int(v, 16)), g.exp(y, c)) for v, y in zip(proof['v'], [dec(k) for k in ks] + [kappa])]
        h = hm(man.hp, 0x10, label, b(i, 4), *map(raw, ks), raw(d['kappa']), *map(g.encode, hs))
        need(int.from_bytes(h, 'big') % g.q == c, 'V2.C')
    one = g.encode(g.one)
    need(one not in (raw(d['k'][0]), raw(d['kh'][0]), raw(d['kappa'])), 'V2')


def own_shares(man, x, _):
    g, d = man.group, x.doc
    i = man.guardians[x.sigs[0]['by']]
    need([t['i'] for t in d['to']] == [j for j in range(1, man.n + 1) if j != i], 'E14')
    for t in d['to']:
        c = int(t['c'], 16)
        gamma = g.mul(g.fixed(g.g)(int(t['v'], 16)), g.exp(g.decode(bytes.fromhex(t['c0'])), c))
        h = hm(man.hp, 0x12, b(i, 4), b(t['i'], 4), g.encode(gamma), bytes.fromhex(t['c0']), bytes.fromhex(t['c1']))
        need(int.from_bytes(h, 'big') % g.q == c, 'E14')


def proof_holds(g, keys, hi, prefix, a, bb, proof):
    """Section 7: (a, bb) hides one of 0 … len(c) − 1."""
    ae, be = g.encode(a), g.encode(bb)
    parts, total = [], 0
    for j, (c, v) in enumerate(zip(proof['c'], proof['v'])):
        c, v = int(c, 16), int(v, 16)
        total += c
        parts.append(g.encode(g.mul(g.fixed(g.g)(v), g.exp(a, c))))
        parts.append(g.encode(g.mul(keys.times_k((v - j * c) % g.q), g.exp(bb, c))))
    h = hm(hi, 0x24, prefix, ae, be, *parts)
    return int.from_bytes(h, 'big') % g.q == total % g.q


def code_of(man, keys, hi, doc):
    """Section 10, mode none."""
    hdi = hm(keys.he, 0x2A, b(len(doc['device']), 4), doc['device'].encode())
    chi = [hm(hi, 0x28, b(c['i'], 4), *(bytes.fromhex(f[x]) for f in c['fields'] for x in 'ab')) for c in doc['contests']]
    return hm(hi, 0x29, *chi, bytes(4), hdi)


def own_ballot(man, x, keys):
    g, d = man.group, x.doc
    need(d['device'] in man.devices, 'E1')
    need(d['serial'] == 1 or man.m.get('revote'), 'E1')
    need(len(d['keys']) <= 2, 'E1')
    need(d['style'] in man.styles, "V6'")
    x.signed = [s['by'] for s in x.sigs] == ['voter.%d' % (i + 1) for i in range(len(d['keys']))] \
        and all(schnorr(bytes.fromhex(key), signed(x, man.phi, s['by']), bytes.fromhex(s['sig']))
                for s, key in zip(x.sigs, d['keys']))
    need([c['i'] for c in d['contests']] == man.styles[d['style']][1], "V6'")
    for c in d['contests']:
        need(len(c['fields']) == man.contests[c['i'] - 1][0], "V6'")
    pk = bytes.fromhex(d['keys'][0])
    hi = hm(keys.he, 0x20, hm(keys.he, 0x51, pk, bytes.fromhex(d['rho'])))
    dec = lambda h: g.decode(bytes.fromhex(h))
    for c in d['contests']:
        _, r, _ = man.contests[c['i'] - 1]
        for j, f in enumerate(c['fields'], 1):
            need(len(f['c']) == len(f['v']) == r + 1, 'V6.E')
            need(proof_holds(g, keys, hi, b(c['i'], 4) + b(j, 4), dec(f['a']), dec(f['b']), f), 'V6.D')
    for c in d['contests']:
        need(len(c['limit']['c']) == len(c['limit']['v']) == man.contests[c['i'] - 1][2] + 1, 'V7.E')
        a = bb = g.one
        for f in c['fields']:
            a, bb = g.mul(a, dec(f['a'])), g.mul(bb, dec(f['b']))
        need(proof_holds(g, keys, hi, b(c['i'], 4), a, bb, c['limit']), 'V7.D')
    need(code_of(man, keys, hi, d) == bytes.fromhex(d['code']), 'V8.B')
    need(x.signed, 'E3')


RISTRETTO = group_of('ristretto255', 0)


def schnorr(key, message, sig):
    r, pk = RISTRETTO.decode(sig[:32]), RISTRETTO.decode(key)
    z = int.from_bytes(sig[32:], 'little')
    if r is None or pk is None or sig[:32] == bytes(32) or key == bytes(32) or z >= ELL:
        return False
    c = int.from_bytes(hashlib.sha512(b'FROST-RISTRETTO255-SHA512-v1chal' + sig[:32] + key + message).digest(), 'little')
    return RISTRETTO.encode(times_b(z)) == RISTRETTO.encode(add(r, multiply(pk, c % ELL)))


def own_challenge(man, x, keys):
    g, d = man.group, x.doc
    need(d['device'] in man.devices and d['style'] in man.styles, 'E8')
    need([c['i'] for c in d['contests']] == man.styles[d['style']][1], 'E8')
    hi = hm(keys.he, 0x20, bytes.fromhex(d['id']))
    for c in d['contests']:
        m, r, limit = man.contests[c['i'] - 1]
        need(len(c['fields']) == m, 'E8')
        need(all(f['value'] <= r for f in c['fields']) and sum(f['value'] for f in c['fields']) <= limit, 'E8')
        for f in c['fields']:
            xi = int(f['xi'], 16)
            need(g.encode(g.fixed(g.g)(xi)) == bytes.fromhex(f['a']), 'E8')
            need(g.encode(keys.times_k((xi + f['value']) % g.q)) == bytes.fromhex(f['b']), 'E8')
    need(code_of(man, keys, hi, d) == bytes.fromhex(d['code']), 'E8')


def own_tally(man, x, keys):
    g, d = man.group, x.doc
    need(d['contest'] <= len(man.contests), 'V11')
    need(len(d['fields']) == man.contests[d['contest'] - 1][0], 'V11')
    for j, f in enumerate(d['fields'], 1):
        a, bb = g.decode(bytes.fromhex(f['a'])), g.decode(bytes.fromhex(f['b']))
        c, v = int(f['c'], 16), int(f['v'], 16)
        m = g.mul(bb, g.inv(keys.times_k(f['t'] % g.q)))
        first = g.mul(g.fixed(g.g)(v), keys.times_k(c))
        second = g.mul(g.exp(a, v), g.exp(m, c))
        h = hm(keys.he, 0x31, b(d['contest'], 4), b(j, 4), bytes.fromhex(f['a']), bytes.fromhex(f['b']),
               g.encode(first), g.encode(second), g.encode(m))
        need(int.from_bytes(h, 'big') % g.q == c, 'V10')


OWN = {'guardian.keys': own_keys, 'guardian.shares': own_shares, 'ballot': own_ballot,
       'challenge': own_challenge, 'tally': own_tally}


# --- seats (section 10) ------------------------------------------------------------------------------------

def seats(rule, votes):
    """([seats of each list], tie)"""
    n, total = rule['n'], sum(votes)
    num, den = rule['threshold']
    lists_in = [i for i, v in enumerate(votes) if v and v * den >= num * total]
    got = [0] * len(votes)
    base = sum(votes[i] for i in lists_in) if rule['base'] == 'qualified' else total
    if not lists_in or not base:
        return got, 1
    if rule['method'] in ('hare', 'droop'):
        quota = Fraction(base, n) if rule['method'] == 'hare' else Fraction(base // (n + 1) + 1)
        marks = []
        for i in lists_in:
            got[i] = int(votes[i] / quota)
            marks.append((votes[i] - got[i] * quota, i))
        left = n - sum(got)
    else:
        marks, left = [], n
        for i in lists_in:
            for j in range(n):
                divisor = {'dhondt': Fraction(j + 1), 'saintelague': Fraction(2 * j + 1),
                           'saintelague-mod': Fraction(7, 5) if j == 0 else Fraction(2 * j + 1)}[rule['method']]
                marks.append((votes[i] / divisor, i))
    marks.sort(key=lambda m: (-m[0], m[1]))
    tie = 0
    if left > len(marks):
        tie = 1
    elif 0 < left < len(marks) and marks[left - 1][0] == marks[left][0] and rule['ties'] == 'error':
        at = marks[left][0]
        marks, tie = [m for m in marks if m[0] > at], 1
    for _, i in marks[:left]:
        got[i] += 1
    return got, tie


# --- phase 2 -----------------------------------------------------------------------------------------------

class Judge:
    def __init__(self, man, root_of):
        self.man, self.root_of = man, root_of
        self.phase = 'setup'
        self.keys = None
        self.taken = set()
        self.accepts = set()
        self.rolls = {}
        self.roll = None       # (body, rows, count, root) of the last accepted roll.close
        self.attempt = 1
        self.fresh_attempt()
        self.rows = {}
        self.ballots = []      # (index, e, doc, row)
        self.outranked = []    # (index, e, doc) of ballots with good signatures and bad proofs
        self.pardoned = set()  # indices of those that a counted ballot outranks
        self.s = {}            # witness → [(time, size)], of anchors up to the seal
        self.late = set()      # witnesses with time ≥ T_seal in an anchor accepted after open
        self.cosigned = []     # (witness, key, size) of all accepted anchors
        self.forks = {}
        self.seal = self.cut = None
        self.countset_body = self.countset_at = None
        self.groups = []
        self.sessions = {}
        self.tallies = {}
        self.result = self.result_at = None
        self.shares = {}

    def fresh_attempt(self):
        self.commits, self.gkeys, self.gshares, self.confirms, self.joint = {}, {}, {}, {}, None

    def entry(self, x):
        """Accept the entry or raise Bad(rule)."""
        if x.kind == 'anchor' and x.body is not None:
            self.see_fork(x)
        k = x.kind
        try:
            phase1(self.man, x, self.keys)
        except Bad as e:
            if k == 'ballot' and e.args[0] != 'E12':
                self.bad_ballot(x)
            raise
        allowed = {'ballot': 'voting', 'challenge': 'voting', 'close': 'voting', 'countset': 'sealed',
                   'tally': 'counted', 'result': 'counted', 'accept': 'setup', 'roll': 'setup', 'roll.close': 'setup',
                   'open': 'setup'}.get(k)
        if k.startswith('guardian.'):
            allowed = 'setup'
        if k.startswith('decrypt.'):
            allowed = 'counted'
        need(allowed in (None, self.phase), 'E11')
        need(k != 'close' or not self.man.witnesses, 'E11')
        if k == 'roll.close':
            need(self.roll is None or self.roll[0] != x.body, 'repeated')
        else:
            need((k, x.e) not in self.taken, 'repeated')
        fold = getattr(self, 'on_' + k.replace('.', '_'), None)
        if fold:
            fold(x, x.doc)
        self.taken.add((k, x.e))

    # setup

    def on_accept(self, x, d):
        self.accepts.add(d['as'])

    def guardian(self, d, have):
        need(d['attempt'] == self.attempt, 'E14')
        i = self.man.guardians[d['as']]
        need(i not in have, 'E14')
        return i

    def on_guardian_commit(self, x, d):
        self.commits[self.guardian(d, self.commits)] = d['hash']

    def on_guardian_keys(self, x, d):
        i = self.guardian(d, self.gkeys)
        need(len(self.commits) == self.man.n, 'E14')
        need(sha(b'urna-commit-v1\0', self.man.phi, b(i, 4), x.body) == bytes.fromhex(self.commits[i]), 'E14')
        need(self.man.group.toy or all(d['kappa'] != o['kappa'] for o in self.gkeys.values()), 'E14')
        self.gkeys[i] = d

    def on_guardian_shares(self, x, d):
        i = self.guardian(d, self.gshares)
        need(self.man.n > 1 and len(self.gkeys) == self.man.n, 'E14')
        self.gshares[i] = d

    def joint_keys(self):
        if self.joint is None:
            g, man = self.man.group, self.man
            k = kh = g.one
            all_k, all_kh, kappas = [], [], []
            for i in range(1, man.n + 1):
                d = self.gkeys[i]
                k = g.mul(k, g.decode(bytes.fromhex(d['k'][0])))
                kh = g.mul(kh, g.decode(bytes.fromhex(d['kh'][0])))
                all_k += d['k']
                all_kh += d['kh']
                kappas.append(d['kappa'])
            ke, khe = g.encode(k), g.encode(kh)
            hg = hm(man.phi, 0x13, ke, khe, *map(bytes.fromhex, all_k + all_kh + kappas))
            self.joint = k, ke, khe, hg, hm(man.phi, 0x14, ke, khe)
        return self.joint

    def on_guardian_confirm(self, x, d):
        i = self.guardian(d, self.confirms)
        need(len(self.gkeys) == self.man.n and (self.man.n == 1 or len(self.gshares) == self.man.n), 'E14')
        _, ke, khe, hg, he = self.joint_keys()
        one = self.man.group.encode(self.man.group.one)
        need(ke != one and khe != one and ke != khe, 'V3.C')
        need(bytes.fromhex(d['hg']) == hg and bytes.fromhex(d['he']) == he, 'E14')
        self.confirms[i] = True

    def on_guardian_complaint(self, x, d):
        i = self.guardian(d, {})
        g = self.man.group
        need(d['against'] in self.man.guardians and d['against'] != d['as'], 'E14')
        if 'zeta' in d:
            need(i not in self.confirms and self.man.guardians[d['against']] in self.gshares, 'E14')
            need(g.encode(g.fixed(g.g)(int(d['zeta'], 16))) == bytes.fromhex(self.gkeys[i]['kappa']), 'E14')
        self.attempt += 1
        self.fresh_attempt()

    def on_roll(self, x, d):
        self.rolls[x.e] = d['rows']

    def on_roll_close(self, x, d):
        man = self.man
        rows = []
        for h in d['rolls']:
            need(bytes.fromhex(h) in self.rolls, 'E0')
            rows += self.rolls[bytes.fromhex(h)]
        seen, classes, contests = set(), {}, {}
        cells = {i: 0 for i in man.leaf_ids}
        leaves = []
        for r in sorted(rows, key=lambda r: r['keys'][0]):
            need(len(r['keys']) == man.factors and r['style'] in man.styles and r['leaf'] in man.leaf_index, 'E0')
            for key in r['keys']:
                raw = bytes.fromhex(key)
                need(key not in seen and raw != bytes(32) and RISTRETTO.decode(raw) is not None, 'E0')
                seen.add(key)
            w = r.get('weight', 1)
            style, on = man.styles[r['style']]
            c = (r['leaf'], style, w)
            classes[c] = classes.get(c, 0) + 1
            for i in on:
                contests[i, w] = contests.get((i, w), 0) + 1
            cells[r['leaf']] += 1
            leaves.append(b(len(r['keys']), 1) + bytes.fromhex(''.join(r['keys'])) + b(style, 4) + b(w, 4)
                          + b(man.leaf_index[r['leaf']], 4)
                          + (b'\1' + bytes.fromhex(r['reg']) if 'reg' in r else b'\0'))
        root = tree_hash(leaves)
        need(d['count'] == len(rows) and bytes.fromhex(d['root']) == root, 'E0')
        need([(c['leaf'], c['n']) for c in d['cells']] == list(cells.items()), 'E0')
        need(all(v >= man.m_roll for v in classes.values()), 'E0')
        small = {(s['contest'], s['weight']) for s in man.m.get('secret_if_small', [])}
        need(all(v >= 2 * man.m_min or c in small for c, v in contests.items()), 'E0')
        need(3 <= man.m_root <= man.m_min, 'E0')
        need(len(rows) < 200 or (man.m_min >= 20 and man.m_roll >= 20 and man.m_root >= 5), 'E0')
        self.roll = x.body, rows, len(rows), root

    def on_open(self, x, d):
        man = self.man
        need(d['attempt'] == self.attempt and len(self.confirms) == man.n, 'E15')
        need(not man.witnesses or man.policy(self.accepts), 'E15')
        need(self.roll is not None and d['count'] == self.roll[2] and bytes.fromhex(d['root']) == self.roll[3], 'E15')
        k, ke, khe, hg, he = self.joint_keys()
        need([bytes.fromhex(d[f]) for f in ('k', 'kh', 'hg', 'he')] == [ke, khe, hg, he], 'E15')
        self.keys = Keys(man.group, he, man.group.decode(ke))
        self.rows = {r['keys'][0]: r for r in self.roll[1]}
        self.phase = 'voting'

    # voting

    def row(self, d):
        row = self.rows.get(d['keys'][0])
        need(row is not None and row['keys'] == d['keys'] and row['style'] == d['style'], 'E1')
        return row

    def on_ballot(self, x, d):
        self.ballots.append((x.index, x.e, d, self.row(d)))

    def bad_ballot(self, x):
        """A ballot that phase 1 refuses: of no row, its proofs and signatures change no name (section 3)."""
        need(self.phase != 'setup', 'E11')
        d, man = x.doc, self.man
        if len(d['keys']) <= 2 and d['device'] in man.devices and (d['serial'] == 1 or man.m.get('revote')) \
                and d['style'] in man.styles:
            try:
                self.row(d)
            except Bad:
                need(self.phase == 'voting', 'E11')
                raise
            if x.signed and self.phase == 'voting':
                self.outranked.append((x.index, x.e, d))

    def on_close(self, x, d):
        self.seal = self.cut = x.index
        self.count()

    def cosig_ok(self, d, c):
        w = self.man.witnesses.get(c['as'])
        if w is None:
            return False
        text = checkpoint_text(self.man.m['origin'], d['size'], bytes.fromhex(d['root']))
        return cosignature_ok(bytes.fromhex(w[c['key']]['key']), text, c['time'], bytes.fromhex(c['sig']))

    def see_fork(self, x):
        d = read(x.body)
        if d is None or not BODIES['anchor'].ok(d, None) or not ascending((c['as'], c['key']) for c in d['cosigs']):
            return
        root = self.root_of(d['size'])
        if root is not None and root != bytes.fromhex(d['root']):
            self.forks.setdefault((d['size'], d['root']), set()).update(
                c['as'] for c in d['cosigs'] if self.cosig_ok(d, c))

    def on_anchor(self, x, d):
        need(d['size'] <= x.index and bytes.fromhex(d['root']) == self.root_of(d['size']), 'E16')
        need(all(self.cosig_ok(d, c) for c in d['cosigs']), 'E16')
        self.cosigned += [(c['as'], c['key'], d['size']) for c in d['cosigs']]
        if self.phase not in ('setup', 'voting') or not self.man.witnesses:
            return
        t = self.man.m['times']
        for c in d['cosigs']:
            self.s.setdefault(c['as'], []).append((c['time'], d['size']))
            if self.phase == 'voting' and c['time'] >= t['seal']:
                self.late.add(c['as'])
        if self.phase == 'voting' and self.man.policy(self.late & self.accepts):
            self.seal = x.index
            limit = t['close'] + t['delta']
            best = {w: max((s for at, s in all_ if at <= limit), default=0) for w, all_ in self.s.items()}
            self.cut = max((s for s in best.values()
                            if self.man.policy({w for w in self.accepts if best.get(w, 0) >= s})), default=0)
            self.count()

    # the count set and its groups

    def count(self):
        self.phase = 'sealed'
        man, g = self.man, self.man.group
        self.counted, self.state = {}, {}
        for index, e, d, row in self.ballots:
            if index >= self.cut:
                self.state[e] = 'late'
                continue
            self.state[e] = 'superseded'
            old = self.counted.get(d['keys'][0])
            if old is None or (-d['serial'], e) < (-old[1]['serial'], old[0]):
                self.counted[d['keys'][0]] = (e, d, row)
        for e, _, _ in self.counted.values():
            self.state[e] = 'counted'
        for index, e, d in self.outranked:
            best = self.counted.get(d['keys'][0])
            if index < self.cut and best is not None and (-best[1]['serial'], best[0]) < (-d['serial'], e):
                self.state.setdefault(e, 'superseded')
                self.pardoned.add(index)
        cells = {i: [] for i in man.leaf_ids}
        for pk in sorted(self.counted):
            e, d, row = self.counted[pk]
            cells[row['leaf']].append(bytes.fromhex(pk) + e)
        body = {'cells': [{'leaf': i, 'n': len(v), 'root': tree_hash(v).hex().upper()} for i, v in cells.items()],
                'groups': []}
        self.numbers = [[0, 0] for _ in man.contests]
        for contest in range(1, len(man.contests) + 1):
            weights = sorted({r[2].get('weight', 1) for r in self.counted.values()})
            for w in weights:
                mine = [r for r in self.counted.values()
                        if r[2].get('weight', 1) == w and contest in man.styles[r[1]['style']][1]]
                n = {}
                for _, _, row in mine:
                    n[man.leaf_index[row['leaf']]] = n.get(man.leaf_index[row['leaf']], 0) + 1
                self.numbers[contest - 1][0] += len(mine)
                groups = self.tally_groups(n)
                self.numbers[contest - 1][1] += len(mine) - sum(size for size, _ in groups)
                for size, leaves in sorted(groups, key=lambda x: min(x[1])):
                    inside = [next(c for c in d['contests'] if c['i'] == contest) for _, d, row in mine
                              if man.leaf_index[row['leaf']] in leaves]
                    sums = []
                    for j in range(man.contests[contest - 1][0]):
                        a = bb = g.one
                        for c in inside:
                            a = g.mul(a, g.decode(bytes.fromhex(c['fields'][j]['a'])))
                            bb = g.mul(bb, g.decode(bytes.fromhex(c['fields'][j]['b'])))
                        sums.append((g.encode(a), g.encode(bb)))
                    item = {'contest': contest, 'weight': w,
                            'leaves': [man.leaf_ids[i - 1] for i in sorted(leaves)], 'n': size,
                            'sum': sha(*(y for s in sums for y in s)).hex().upper()}
                    if w == 1:
                        del item['weight']
                    body['groups'].append(item)
                    self.groups.append({'contest': contest, 'weight': w, 'n': size, 'sums': sums})
        self.countset_body = write(body)
        self.countset = sha(self.countset_body)

    def tally_groups(self, n):
        """[(size, {leaf indices})] of one contest and weight class; n: leaf index → ballots."""
        man = self.man
        children = {}
        for i, c in enumerate(man.m['cells'], 1):
            children.setdefault(c.get('up'), []).append(i)
        number = {c: i for i, c in enumerate(man.leaf_cells, 1)}

        def walk(cell):
            if cell in number:
                leaf = number[cell]
                size = n.get(leaf, 0)
                if size >= man.m_min:
                    return [[size, {leaf}]], 0, set()
                return [], size, ({leaf} if size else set())
            groups, size, rest = [], 0, set()
            for c in children[cell]:
                g2, s2, r2 = walk(c)
                groups += g2
                size += s2
                rest |= r2
            if size >= man.m_min:
                groups.append([size, rest])
            elif size and groups:
                least = min(groups, key=lambda x: (x[0], min(x[1])))
                least[0] += size
                least[1] |= rest
            else:
                return groups, size, rest
            return groups, 0, set()

        groups, size, rest = walk(1)
        if size and not groups and size >= man.m_root:
            groups.append([size, rest])
        return groups

    def on_countset(self, x, d):
        need(x.body == self.countset_body, 'E10')
        self.countset_at = x.index
        self.phase = 'counted'

    # decryption

    def session(self, x, d, items):
        man = self.man
        need(bytes.fromhex(d['countset']) == self.countset, 'E10')
        first = (d['block'] - 1) * man.block
        groups = self.groups[first:first + man.block]
        need(groups, 'E17')
        need(len(d['present']) >= man.k and d['present'][-1] <= man.n, 'E17')
        i = man.guardians[d['as']]
        need(i in d['present'], 'E17')
        need(len(items) == len(groups), 'E17')
        need(all(len(row) == len(gr['sums']) for row, gr in zip(items, groups)), 'E17')
        s = self.sessions.setdefault((tuple(d['present']), d['attempt'], d['block']), ({}, {}, {}))
        return s, i, groups

    def on_decrypt_commit(self, x, d):
        s, i, _ = self.session(x, d, d['d'])
        need(i not in s[0], 'E17')
        s[0][i] = d['d']

    def on_decrypt_reveal(self, x, d):
        s, i, groups = self.session(x, d, d['shares'])
        need(len(s[0]) == len(d['present']) and i not in s[1], 'E17')
        u = b(len(d['present']), 4) + b''.join(b(j, 4) for j in d['present'])
        for row, hashes, gr in zip(d['shares'], s[0][i], groups):
            for o, (f, h, (a, bb)) in enumerate(zip(row, hashes, gr['sums']), 1):
                need(hm(self.keys.he, 0x30, b(gr['contest'], 4), b(o, 4), b(i, 4), a, bb, bytes.fromhex(f['a']),
                        bytes.fromhex(f['b']), bytes.fromhex(f['m']), u) == bytes.fromhex(h), 'E17')
        s[1][i] = d['shares']

    def share_key(self, i):
        """g^(z_i), from the commitments of all guardians."""
        if i not in self.shares:
            g, r = self.man.group, self.man.group.one
            for m in reversed(range(self.man.k)):
                r = g.exp(r, i)
                for d in self.gkeys.values():
                    r = g.mul(r, g.decode(bytes.fromhex(d['k'][m])))
            self.shares[i] = r
        return self.shares[i]

    def on_decrypt_respond(self, x, d):
        s, i, groups = self.session(x, d, d['v'])
        need(len(s[1]) == len(d['present']) and i not in s[2], 'E17')
        g, q = self.man.group, self.man.group.q
        w = {}
        for j in d['present']:
            top = bottom = 1
            for o in d['present']:
                if o != j:
                    top, bottom = top * o % q, bottom * (o - j) % q
            w[j] = top * pow(bottom, -1, q) % q
        dec = lambda h: g.decode(bytes.fromhex(h))
        for n, (row, gr) in enumerate(zip(d['v'], groups)):
            for o, (v, (a, bb)) in enumerate(zip(row, gr['sums'])):
                m = sa = sb = g.one
                for j in d['present']:
                    f = s[1][j][n][o]
                    m = g.mul(m, g.exp(dec(f['m']), w[j]))
                    sa, sb = g.mul(sa, dec(f['a'])), g.mul(sb, dec(f['b']))
                c = int.from_bytes(hm(self.keys.he, 0x31, b(gr['contest'], 4), b(o + 1, 4), a, bb, g.encode(sa),
                                      g.encode(sb), g.encode(m)), 'big') % q
                ci, v, f = c * w[i] % q, int(v, 16), s[1][i][n][o]
                need(g.encode(g.mul(g.fixed(g.g)(v), g.exp(self.share_key(i), ci))) == bytes.fromhex(f['a']), 'E17')
                need(g.encode(g.mul(g.exp(g.decode(a), v), g.exp(dec(f['m']), ci))) == bytes.fromhex(f['b']), 'E17')
        s[2][i] = True

    def on_tally(self, x, d):
        need(bytes.fromhex(d['countset']) == self.countset, 'E10')
        need(d['group'] <= len(self.groups), 'E17')
        gr = self.groups[d['group'] - 1]
        need(gr['contest'] == d['contest'], 'E17')
        need([(bytes.fromhex(f['a']), bytes.fromhex(f['b'])) for f in d['fields']] == gr['sums'], 'E17')
        need(all(f['t'] <= gr['n'] * self.man.contests[gr['contest'] - 1][1] for f in d['fields']), 'V10')
        self.tallies.setdefault(d['group'], [f['t'] for f in d['fields']])

    def on_result(self, x, d):
        man = self.man
        need(bytes.fromhex(d['countset']) == self.countset, 'E18')
        need(len(self.tallies) == len(self.groups), 'E18')
        contests, totals = [], []
        for i, (m, _, _) in enumerate(man.contests):
            t = [0] * m
            for j, gr in enumerate(self.groups, 1):
                if gr['contest'] == i + 1:
                    t = [y + gr['weight'] * z for y, z in zip(t, self.tallies[j])]
            totals.append(t)
            counted, secret = self.numbers[i]
            item = {'i': i + 1, 'counted': counted, 'secret': secret, 'totals': t}
            if not secret:
                del item['secret']
            contests.append(item)
        body = {'countset': self.countset.hex().upper(), 'contests': contests}
        given = None
        if 'seats' in man.m:
            given = [seats(r, totals[r['contest'] - 1]) for r in man.m['seats']]
            body['seats'] = [{'contest': r['contest'], 'seats': s, **({'tie': 1} if tie else {})}
                             for r, (s, tie) in zip(man.m['seats'], given)]
        need(x.body == write(body), 'E18')
        self.result = {'counted': [n[0] for n in self.numbers], 'secret': [n[1] for n in self.numbers],
                       'totals': totals}
        if given is not None:
            self.result['seats'] = [[s, tie] for s, tie in given]
        self.result_at = x.index


# --- notes and trust files ---------------------------------------------------------------------------------

def checkpoint_text(origin, size, root):
    return ('%s\n%d\n%s\n' % (origin, size, base64.b64encode(root).decode())).encode()


def key_id(name, kind, key):
    return sha(name.encode(), b'\n', bytes([kind]), key)[:4]


def cosignature_ok(key, text, time, sig):
    return 0 < time < 2**63 and ed_verify(key, b'cosignature/v1\ntime %d\n' % time + text, sig)


def strict64(s):
    try:
        raw = base64.b64decode(s, validate=True)
    except ValueError:
        return None
    return raw if base64.b64encode(raw).decode() == s else None


class Trust:
    def __init__(self, path):
        try:
            text = open(path, 'rb').read().decode()
        except (OSError, UnicodeDecodeError):
            raise Unreadable('trust file')
        lines = text.split('\n')
        self.election = self.log = self.quorum = self.level = None
        self.witnesses, self.groups, grouped = {}, {}, set()

        def check(condition):
            if not condition:
                raise Unreadable('trust file')

        check(lines[-1] == '')
        lines = [x for x in lines if x and x[0] != '#']
        check(lines and lines[0] == 'urna-trust-1')
        for line in lines[1:]:
            word, *rest = line.split(' ')
            check(all(rest))
            if word == 'election':
                check(self.election is None and len(rest) == 1 and re.fullmatch('[0-9A-Fa-f]{64}', rest[0]))
                self.election = bytes.fromhex(rest[0])
            elif word == 'log':
                check(self.log is None and len(rest) == 1)
                self.log = self.key(rest[0], 1, check)
            elif word == 'witness':
                check(len(rest) == 2 and self.is_new(rest[0]))
                self.witnesses[rest[0]] = self.key(rest[1], 4, check)
            elif word == 'group':
                check(len(rest) >= 3 and self.is_new(rest[0]))
                members = rest[2:]
                check(all(m in self.witnesses or m in self.groups for m in members))
                check(len(set(members)) == len(members) and not grouped & set(members))
                grouped.update(members)
                k = {'all': str(len(members)), 'any': '1'}.get(rest[1], rest[1])
                check(re.fullmatch('[1-9][0-9]*', k) and int(k) <= len(members))
                self.groups[rest[0]] = int(k), members
            elif word == 'quorum':
                check(self.quorum is None and len(rest) == 1)
                check(rest[0] == 'none' or rest[0] in self.witnesses or rest[0] in self.groups)
                self.quorum = rest[0]
            elif word == 'level':
                check(self.level is None and rest in (['computed'], ['witnessed'], ['final']))
                self.level = rest[0]
            else:
                check(False)
        keys = [self.log and self.log[1]] + [k for _, k in self.witnesses.values()]
        check(len(set(keys)) == len(keys))
        check(None not in (self.election, self.log, self.quorum, self.level))

    def is_new(self, name):
        return name not in self.witnesses and name not in self.groups and name != 'none'

    @staticmethod
    def key(s, kind, check):
        parts = s.split('+', 2)
        check(len(parts) == 3 and parts[0])
        raw = strict64(parts[2])
        check(raw is not None and len(raw) == 33 and raw[0] == kind)
        check(key_id(parts[0], kind, raw[1:]).hex() == parts[1] and ed_key(raw[1:]) is not None)
        return parts[0], raw[1:]

    def satisfied(self, have, name=None):
        name = name or self.quorum
        if name == 'none':
            return False
        if name in self.witnesses:
            return name in have
        k, members = self.groups[name]
        return sum(self.satisfied(have, m) for m in members) >= k


SIGNATURE = re.compile('\u2014 ([^ +]+) ([A-Za-z0-9+/]+=*)')


class Checkpoint:
    def __init__(self, raw, trust):
        def check(condition, why='checkpoint'):
            if not condition:
                raise Invalid(why)

        whole = raw.split(b'\n')
        tail = whole.pop()  # b'' if the last line ends in LF
        lines = [x.decode(errors='surrogateescape') for x in whole]

        def line(i):
            if i >= len(lines):
                raise Incomplete
            return lines[i]

        check(re.fullmatch('[^ \t+]+', line(0)))
        check(re.fullmatch('0|[1-9][0-9]{0,17}', line(1)))
        root = strict64(line(2)) if line(2).isascii() else None
        check(root is not None and len(root) == 32)
        check(line(3) == '')
        line(4)
        sigs = lines[4:]
        check(all(SIGNATURE.fullmatch(x) for x in sigs))
        if tail:
            raise Incomplete
        self.size, self.root = int(lines[1]), root
        check(lines[0] == trust.log[0], 'origin')
        body = checkpoint_text(lines[0], self.size, root)
        known = {(trust.log[0], key_id(trust.log[0], 1, trust.log[1])): ('log', trust.log[1])}
        for w, (name, key) in trust.witnesses.items():
            known[name, key_id(name, 4, key)] = (w, key)
        self.cosigned, logged = set(), False
        for line in sigs:
            m = SIGNATURE.fullmatch(line)
            sig = strict64(m[2])
            check(sig is not None and len(sig) > 4)
            who = known.get((m[1], sig[:4]))
            if who is None:
                continue
            if who[0] == 'log' and m[1] == trust.log[0]:
                check(len(sig) == 68 and ed_verify(who[1], body, sig[4:]), 'signature of the log')
                logged = True
            else:
                check(len(sig) == 76 and cosignature_ok(who[1], body, int.from_bytes(sig[4:12], 'big'), sig[12:]),
                      'cosignature')
                self.cosigned.add(who[0])
        check(logged, 'not signed by the log')


# --- the files (sections 10a and 13) -----------------------------------------------------------------------

def tile_path(n):
    s = '%03d' % (n % 1000)
    while n >= 1000:
        n //= 1000
        s = 'x%03d/' % (n % 1000) + s
    return s


class Files:
    NAME = re.compile(r'tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?')

    def __init__(self, folder):
        self.tiles, self.bodies, self.checkpoint = {}, {}, None
        for at, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(at, name)
                rel = os.path.relpath(path, folder)
                if os.path.islink(path) or not os.path.isfile(path):
                    raise Unreadable(rel)
                data = open(path, 'rb').read()
                m = self.NAME.fullmatch(rel)
                if rel == 'checkpoint':
                    self.checkpoint = data
                elif rel.startswith('body/') and re.fullmatch('[0-9A-F]{64}', rel[5:]):
                    self.bodies[rel[5:]] = data
                elif m and (m[3] is None or int(m[3]) < 256):
                    number = int(m[2].replace('x', '').replace('/', ''))
                    self.tiles.setdefault((m[1], number), {})[int(m[3] or 256)] = data
                else:
                    raise Unreadable(rel)


def bundle(data):
    """(leaves, whether the last one ends early)"""
    leaves, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at:at + 2], 'big')
        if at + 2 > len(data) or at + 2 + size > len(data):
            return leaves, True
        leaves.append(data[at + 2:at + 2 + size])
        at += 2 + size
    return leaves, False


def gather(files, size):
    """(leaves, complete); Invalid where files contradict each other or the tree."""
    parsed = {}
    short = False
    for (level, number), widths in files.tiles.items():
        whole = []
        for width, data in widths.items():
            if level == 'entries':
                items, cut = bundle(data)
            else:
                items, cut = [data[i:i + 32] for i in range(0, len(data) - 31, 32)], len(data) % 32 != 0
            if len(items) > width or (cut and len(items) == width):
                raise Invalid('tile longer than its width')
            parsed.setdefault((level, number), {})[width] = items
            whole.append(items)
        longest = max(whole, key=len)
        for items in whole:
            if longest[:len(items)] != items:
                raise Invalid('partial tile is no prefix')

    def items_of(level, number, want):
        have = parsed.get((level, number), {})
        items = have.get(want, have.get(256, []))
        return items[:want], len(items) >= want

    leaves, complete = [], True
    for number in range((size + 255) // 256):
        items, ok = items_of('entries', number, min(256, size - 256 * number))
        complete = complete and ok
        leaves += items
        if not ok:
            break
    if not complete:
        for (level, number), widths in parsed.items():
            hashes = [leaf_hash(x) for x in leaves[256 * number:256 * number + 256]] if level == '0' else []
            if any(items[:len(hashes)] != hashes[:len(items)] for items in widths.values()):
                raise Invalid('hash tile differs')
        return leaves, False
    hashes = [leaf_hash(x) for x in leaves]
    level = 0
    while len(hashes):
        for number in range((len(hashes) + 255) // 256):
            want = hashes[256 * number:256 * number + 256]
            for items in parsed.get((str(level), number), {}).values():
                if items[:len(want)] != want[:len(items)]:
                    raise Invalid('hash tile differs')
            complete = complete and items_of(str(level), number, len(want))[1]
        hashes = [tree(hashes[i:i + 256]) for i in range(0, len(hashes) - 255, 256)]
        level += 1
    return leaves, complete


# --- the verdict -------------------------------------------------------------------------------------------

LADDER = ('consistent', 'computed', 'witnessed', 'final')


def verify(folder, trust_path):
    """(what is printed, exit code)"""
    trust = Trust(trust_path)
    files = Files(folder)
    out = {'answer': 'invalid'}
    try:
        if files.checkpoint is None:
            out['answer'] = 'incomplete'
            return out, 2
        point = Checkpoint(files.checkpoint, trust)
        out['size'] = point.size
        leaves, complete = gather(files, point.size)
        hashes = [leaf_hash(x) for x in leaves]
        if not complete:  # what is there may be invalid all the same
            if len(leaves) == point.size and tree(hashes) != point.root:
                raise Invalid('root')
            if assemble(leaves, files.bodies)[0]:
                judge(files, trust, point, leaves, hashes)
            out['answer'] = 'incomplete'
            return out, 2
        if tree(hashes) != point.root:
            raise Invalid('root')
        out.update(judge(files, trust, point, leaves, hashes))
    except Incomplete:
        return {'answer': 'incomplete'}, 2
    except Invalid as e:
        return {'answer': 'invalid', 'why': str(e), **({'size': out['size']} if 'size' in out else {})}, 1
    reached = out['answer'] in LADDER and LADDER.index(out['answer']) >= LADDER.index(trust.level)
    return out, 0 if reached else 1


def judge(files, trust, point, leaves, hashes):
    entries, orphans = assemble(leaves, files.bodies)
    if not entries:
        raise Invalid('no manifest')
    first = entries[0]
    try:
        man = Manifest(first)
    except Bad:
        raise Invalid('manifest')
    if orphans and orphans[0] < first.index:
        raise Invalid('manifest')
    if man.phi != trust.election or (man.m['origin'], bytes.fromhex(man.m['log_key'])) != trust.log:
        raise Invalid('another election')
    roots = {}

    def root_of(size):
        if size > len(hashes):
            return None
        if size not in roots:
            roots[size] = tree(hashes[:size])
        return roots[size]

    j = Judge(man, root_of)
    void = [(i, 'part', 'E12') for i in orphans]
    states = {}
    j.taken.add(('manifest', first.e))
    for x in entries[1:]:
        try:
            j.entry(x)
            if x.kind == 'ballot':
                states[x.e] = 'in log'
        except Bad as e:
            void.append((x.index, x.kind, e.args[0]))
            if x.kind == 'ballot' and not x.rule:
                states.setdefault(x.e, 'void ' + e.args[0])
    for (size, root), ids in j.forks.items():
        if man.policy(ids & j.accepts):
            raise Invalid('fork')
    if j.seal is not None:
        states.update(j.state)
    answer = 'consistent'
    if j.result:
        answer = 'computed'
        names = {}
        for w, (_, key) in trust.witnesses.items():
            for i, mw in man.witnesses.items():
                if mw['full']['key'] == key.hex().upper():
                    names[i] = w

        def cover(at):
            have = {names[i] for i, key, size in j.cosigned if key == 'full' and size > at and i in names}
            return trust.satisfied(have | (point.cosigned if point.size > at else set()))

        if cover(j.countset_at):
            answer = 'witnessed'
            if cover(j.result_at):
                answer = 'final'
    out = {'answer': answer, 'asked': trust.level, 'size': point.size, 'phi': man.phi.hex().upper(),
           'group': man.m['group'], 'entries': len(entries)}
    if j.seal is not None:
        out['seal'], out['cut'] = j.seal, j.cut
        out['countset'] = j.countset.hex().upper()
    out.update(j.result or {})
    out['void'] = [{'index': i, 'kind': k, 'rule': r} for i, k, r in sorted(void, key=lambda v: v[0])
                   if i not in j.pardoned]
    out['ballots'] = {e.hex().upper(): s for e, s in states.items()}
    return out


def main():
    if len(sys.argv) != 4 or sys.argv[2] != '--trust':
        print(__doc__, file=sys.stderr)
        return 2
    try:
        out, rc = verify(sys.argv[1], sys.argv[3])
    except Unreadable as e:
        print('cannot read: %s' % e, file=sys.stderr)
        return 2
    print(json.dumps(out, ensure_ascii=False))
    return rc


if __name__ == '__main__':
    sys.exit(main())
