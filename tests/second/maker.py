"""A whole election in Python, its people's keys known: records for the tests beside this file. TEST keys only.

Election holds the log, says entries and asks the second verifier's judge at each step; next_honest() is what somebody honest would say
now. Everything secret is known, so that any entry can be made, signed by whom one likes, at any moment."""
import base64
import hashlib
import hmac
import json
import os
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import second_verifier as sv

b, sha, hm = sv.b, sv.sha, sv.hm


def upper(raw):
    return raw.hex().upper()


class Signer:
    """Ed25519."""

    def __init__(self, name):
        h = hashlib.sha512(sha(b'test key', name.encode())).digest()
        a = bytearray(h[:32])
        a[0] &= 248
        a[31] = a[31] & 63 | 64
        self.a, self.prefix = int.from_bytes(a, 'little'), h[32:]
        self.key = sv.ed_encode(sv.times_b(self.a))

    def sign(self, message):
        number = lambda *x: int.from_bytes(hashlib.sha512(b''.join(x)).digest(), 'little') % sv.ELL
        r = number(self.prefix, message)
        big = sv.ed_encode(sv.times_b(r))
        sig = big + ((r + number(big, self.key, message) * self.a) % sv.ELL).to_bytes(32, 'little')
        sv.MEMO['ed', self.key, sig, sha(message)] = True  # just made: the judge need not check it
        return sig


class Voter:
    """A credential key."""

    def __init__(self, number):
        self.sk = random.Random('voter%d' % number).randrange(1, sv.ELL)
        self.key = sv.RISTRETTO.encode(sv.times_b(self.sk))

    def sign(self, message, r):
        big = sv.RISTRETTO.encode(sv.times_b(r))
        c = hashlib.sha512(b'FROST-RISTRETTO255-SHA512-v1chal' + big + self.key + message).digest()
        return big + ((r + int.from_bytes(c, 'little') * self.sk) % sv.ELL).to_bytes(32, 'little')


SIGNERS, VOTERS = {}, {}


def signer(name):
    if name not in SIGNERS:
        SIGNERS[name] = Signer(name)
    return SIGNERS[name]


def voter(number):
    if number not in VOTERS:
        VOTERS[number] = Voter(number)
    return VOTERS[number]


def voter_of(key):
    """Among the first hundred: whoever else was made, an election comes out the same."""
    return next((v for v in map(voter, range(100)) if upper(v.key) == key), None)


def role(name, bloc='red'):
    return {'id': name, 'bloc': bloc, 'key': upper(signer(name).key)}


def witness(name, bloc):
    return {'id': name, 'bloc': bloc, 'head': {'name': name + '/head', 'key': upper(signer(name + '/head').key)},
            'full': {'name': name + '/full', 'key': upper(signer(name).key)}}


def titled(name):
    return {'id': name, 'title': [{'lang': 'en', 'text': name}]}


def contest(name, options, limit=1, option_limit=1):
    c = dict(titled(name), limit=limit)
    if option_limit != 1:
        c['option_limit'] = option_limit
    c['options'] = [titled('o%d' % j) for j in range(options)]
    return c


ORDER = ('format election test title zone group n k origin log_key commission guardians registrars credentials witnesses observers devices '
         'contests styles cells revote m_min m_root m_roll secret_if_small times ballot_max challenge_max block seats names').split()


def manifest(**change):
    """A small election; whatever is given replaces what stands here, None removes it."""
    m = {'format': 'urna-election-1', 'election': '00' * 16, 'test': 1, 'title': [], 'group': 'toy-64-256', 'n': 2, 'k': 2,
         'origin': 'log.example/t', 'log_key': upper(signer('log').key), 'commission': [role('c0'), role('c1', 'blue')],
         'guardians': [role('g1'), role('g2', 'blue')], 'registrars': [role('r1')], 'credentials': 'voter-made',
         'witnesses': [witness('w0', 'red'), witness('w1', 'blue'), witness('w2', 'green')], 'observers': [role('ob')],
         'devices': [titled('web')], 'contests': [contest('con0', 2)], 'styles': [{'id': 'all', 'contests': [1]}],
         'cells': [titled('root')], 'revote': 1, 'm_min': 3, 'm_root': 3, 'm_roll': 1,
         'times': {'open': 1000, 'close': 2000, 'delta': 100, 'seal': 2200}}
    m.update(change)
    return {k: m[k] for k in ORDER if m.get(k) is not None}


class Election:
    def __init__(self, m, seed=0, voters=6, styles=None, weights=(1,), first_voter=0):
        """styles, weights: those that rows take in turn."""
        self.rng = random.Random(seed)
        self.manifest = m
        self.leaves, self.hashes, self.roots, self.bodies, self.J = [], [], {}, {}, None
        self.items = []   # (kind, body, sigs), as they were said
        self.rules = {}   # index → rule, of void entries
        self.secrets = {}
        self.told = []    # (row, serial) of honest ballots
        raw = sv.write(m)
        self.phi = bytes(32)
        self.say('manifest', raw, self.sigs('manifest', raw, [c['id'] for c in m['commission']]))
        self.g = self.man.group
        self.rows = []
        f = self.man.factors
        for i in range(voters):
            row = {'keys': [upper(voter(first_voter + f * i + j).key) for j in range(f)], 'style': (styles or ['all'])[i % len(styles or 'a')]}
            if weights[i % len(weights)] != 1:
                row['weight'] = weights[i % len(weights)]
            row['leaf'] = self.man.leaf_ids[i % len(self.man.leaf_ids)]
            self.rows.append(row)
        self.rows.sort(key=lambda r: r['keys'][0])
        self.rolls = [sv.write({'rows': self.rows})]
        self.ghost = voter(first_voter + f * voters)

    # --- the log

    def root_of(self, size):
        if size > len(self.leaves):
            return None
        if size not in self.roots:
            self.roots[size] = sv.tree(self.hashes[:size])
        return self.roots[size]

    def message(self, kind, by, body, phi=None):
        e = sv.Entry(0)
        e.kind, e.e, e.size = kind, sha(body), len(body)
        return sv.signed(e, self.phi if phi is None else phi, by)

    def sigs(self, kind, body, by, phi=None):
        if kind == 'manifest' and phi is None:
            phi = bytes(32)
        return [{'by': x, 'sig': upper(signer(x).sign(self.message(kind, x, body, phi)))} for x in sorted(by)]

    def voters_sigs(self, body, voters):
        names = ['voter.%d' % i for i in range(1, len(voters) + 1)]
        return [{'by': x, 'sig': upper(v.sign(self.message('ballot', x, body), self.rng.randrange(1, sv.ELL)))}
                for x, v in zip(names, voters)]

    def say(self, kind, body, sigs=(), form=None):
        """Append an entry. Its rule, or None if it is accepted."""
        raw = body if isinstance(body, bytes) else sv.write(body)
        sigs = list(sigs)
        stub = sv.write({'sha256': upper(sha(raw)), 'size': len(raw)})
        leaves = []
        form = form or ('out' if kind in sv.OUT else 'parts' if len(raw) > 60000 else 'line')
        if form == 'out':
            leaves.append(sv.write({'kind': kind, 'out': 1, 'sigs': sigs}) + b'\n' + stub)
            self.bodies[upper(sha(raw))] = raw
        elif form == 'parts':
            leaves = self.parts(raw)
            leaves.append(sv.write({'kind': kind, 'parts': len(leaves), 'sigs': sigs}) + b'\n' + stub)
        else:
            leaves.append(sv.write({'kind': kind, 'sigs': sigs}) + b'\n' + raw)
        self.items.append((kind, raw, sigs))
        return self.put(*leaves)

    def by(self, kind, body, *who, **kw):
        """Append an entry, signed by these roles."""
        raw = body if isinstance(body, bytes) else sv.write(body)
        return self.say(kind, raw, self.sigs(kind, raw, who), **kw)

    @staticmethod
    def parts(raw):
        n = max(2, -(-len(raw) // 60000))
        return [sv.write({'kind': 'part', 'i': i + 1, 'n': n, 'sigs': []}) + b'\n' + raw[60000 * i:60000 * i + 60000] for i in range(n)]

    def put(self, *leaves):
        """Append leaves as they are. The rule of the last entry among them."""
        first = len(self.leaves)
        self.leaves += leaves
        self.hashes += [sv.leaf_hash(x) for x in leaves]
        entries, orphans = sv.assemble(list(leaves), self.bodies)
        rule = 'E12' if orphans else None
        self.rules.update((first + i, 'E12') for i in orphans)
        for x in entries:
            x.index += first
            rule = None
            if self.J is None:
                self.man = sv.Manifest(x)
                self.phi = self.man.phi
                self.J = sv.Judge(self.man, self.root_of)
                self.J.taken.add(('manifest', x.e))
                continue
            try:
                self.J.entry(x)
            except sv.Bad as e:
                rule = self.rules[x.index] = e.args[0]
        return rule

    # --- arithmetic

    def hx(self, x):
        return upper(self.g.encode(x))

    def hz(self, z):
        return upper(b(z % self.g.q, self.g.lq))

    def random(self):
        return self.rng.randrange(1, self.g.q)

    def hash256(self):
        return '%064X' % self.rng.getrandbits(256)

    def times_g(self, k):
        return self.g.fixed(self.g.g)(k % self.g.q)

    def number(self, key, domain, *parts):
        return int.from_bytes(hm(key, domain, *parts), 'big') % self.g.q

    def two(self):
        """Enough of the commission: two, of two blocs if it has two."""
        c = self.manifest['commission']
        return sorted({c[0]['id'], next((x['id'] for x in c if x['bloc'] != c[0]['bloc']), c[-1]['id'])})

    def registrars(self):
        return [r['id'] for r in self.manifest['registrars']][:self.man.factors]

    # --- the ceremony

    def guardian(self, i):
        """Secrets and keys of guardian i in the attempt that runs."""
        t = self.J.attempt
        if (i, t) not in self.secrets:
            k = self.man.k
            s = {'a': [self.random() for _ in range(k)], 'ah': [self.random() for _ in range(k)], 'zeta': self.random()}
            self.secrets[i, t] = s
            s['keys'] = self.keys_of(i, s)
        return self.secrets[i, t]

    def keys_of(self, i, s):
        pub = [self.times_g(x) for x in s['a']], [self.times_g(x) for x in s['ah']]
        kappa = self.times_g(s['zeta'])
        d = {'as': 'g%d' % i, 'attempt': self.J.attempt, 'nonce': self.hash256(), 'k': [self.hx(x) for x in pub[0]],
             'kh': [self.hx(x) for x in pub[1]], 'kappa': self.hx(kappa)}
        for name, label, secret, public in (('proof', b'pk_vote', s['a'], pub[0]), ('proofh', b'pk_data', s['ah'], pub[1])):
            u = [self.random() for _ in range(self.man.k + 1)]
            c = self.number(self.man.hp, 0x10, label, b(i, 4), *map(self.g.encode, public), self.g.encode(kappa),
                            *(self.g.encode(self.times_g(x)) for x in u))
            d[name] = {'c': self.hz(c), 'v': [self.hz(x - c * y) for x, y in zip(u, secret + [s['zeta']])]}
        return d

    def commit(self, i):
        raw = sv.write(self.guardian(i)['keys'])
        return {'as': 'g%d' % i, 'attempt': self.J.attempt, 'hash': upper(sha(b'urna-commit-v1\0', self.man.phi, b(i, 4), raw))}

    def at(self, coefficients, x):
        return sum(a * x**j for j, a in enumerate(coefficients)) % self.g.q

    def shares(self, i, wrong=(0, 0)):
        s, to = self.guardian(i), []
        for l in range(1, self.man.n + 1):
            if l == i:
                continue
            xi, u = self.random(), self.random()
            kappa = self.g.decode(bytes.fromhex(self.J.gkeys[l]['kappa']))
            alpha = self.times_g(xi)
            key = hm(self.man.hp, 0x11, b(i, 4), b(l, 4), self.g.encode(kappa), self.g.encode(alpha), self.g.encode(self.g.exp(kappa, xi)))
            tail = b'share_enc_keys\0share_encrypt' + b(i, 4) + b(l, 4) + b'\2\0'
            pad = b''.join(hmac.new(key, bytes([n]) + tail, hashlib.sha256).digest() for n in (1, 2))
            plain = b''.join(b((self.at(s[x], l) + more) % self.g.q, 32) for x, more in zip(('a', 'ah'), wrong))
            c1 = bytes(x ^ y for x, y in zip(plain, pad))
            c = self.number(self.man.hp, 0x12, b(i, 4), b(l, 4), self.g.encode(self.times_g(u)), self.g.encode(alpha), c1)
            to.append({'i': l, 'c0': self.hx(alpha), 'c1': upper(c1), 'c': self.hz(c), 'v': self.hz(u - c * xi)})
        return {'as': 'g%d' % i, 'attempt': self.J.attempt, 'to': to}

    def confirm(self, i):
        _, _, _, hg, he = self.J.joint_keys()
        return {'as': 'g%d' % i, 'attempt': self.J.attempt, 'hg': upper(hg), 'he': upper(he)}

    # --- roll and opening

    def roll_close(self, rolls):
        """What a commission says of these roll bodies, whatever is in them."""
        man, leaves = self.man, []
        rows = sorted((r for x in rolls for r in sv.read(x)['rows']), key=lambda r: r['keys'][0])
        cells = {i: 0 for i in man.leaf_ids}
        for r in rows:
            if r['leaf'] in cells:
                cells[r['leaf']] += 1
            leaves.append(b(len(r['keys']), 1) + bytes.fromhex(''.join(r['keys'])) + b(man.styles.get(r['style'], (0,))[0], 4)
                          + b(r.get('weight', 1), 4) + b(man.leaf_index.get(r['leaf'], 0), 4)
                          + (b'\1' + bytes.fromhex(r['reg']) if 'reg' in r else b'\0'))
        return {'rolls': sorted(upper(sha(x)) for x in rolls), 'count': len(rows), 'root': upper(sv.tree_hash(leaves)),
                'cells': [{'leaf': i, 'n': n} for i, n in cells.items()]}

    def opening(self):
        _, ke, khe, hg, he = self.J.joint_keys()
        return {'attempt': self.J.attempt, 'count': self.J.roll[2], 'root': upper(self.J.roll[3]), 'k': upper(ke), 'kh': upper(khe),
                'hg': upper(hg), 'he': upper(he)}

    # --- ballots

    def range_proof(self, hi, prefix, alpha, beta, xi, value, bound):
        """Of whatever value; it holds if that is in 0 … bound."""
        u, c = ([self.random() for _ in range(bound + 1)] for _ in 'uc')
        parts = []
        for j in range(bound + 1):
            t = u[j] + (value - j) * c[j] * (j != value)
            parts += [self.g.encode(self.times_g(u[j])), self.g.encode(self.J.keys.times_k(t % self.g.q))]
        total = self.number(hi, 0x24, prefix, self.g.encode(alpha), self.g.encode(beta), *parts)
        if value <= bound:
            c[value] += total - sum(c)
        return {'c': [self.hz(x) for x in c], 'v': [self.hz(x - y * xi) for x, y in zip(u, c)]}

    def values(self, c):
        m, r, limit = self.man.contests[c - 1]
        v = [0] * m
        for _ in range(self.rng.randint(0, limit)):
            j = self.rng.randrange(m)
            v[j] += v[j] < r
        return v

    def ballot(self, row, serial=1, values=None, bounds=None, contests=None, **change):
        """A ballot with good proofs for what it says; change: its simple fields."""
        d = {'keys': row['keys'], 'rho': self.hash256(), 'style': row['style'], 'device': self.manifest['devices'][0]['id'], 'serial': serial}
        d.update(change)
        he = self.J.keys.he
        hi = hm(he, 0x20, hm(he, 0x51, bytes.fromhex(d['keys'][0]), bytes.fromhex(d['rho'])))
        if contests is None:
            contests = self.man.styles.get(d['style'], (0, [1]))[1]
        d['contests'] = [self.encrypted(hi, c, values or self.values(c), bounds or self.man.contests[c - 1][1:]) for c in contests]
        d['code'] = upper(sv.code_of(self.man, self.J.keys, hi, d))
        return d

    def encrypted(self, hi, c, values, bounds):
        g, fields = self.g, []
        alphas = betas = g.one
        nonces = 0
        for j, x in enumerate(values, 1):
            xi = self.random()
            alpha, beta = self.times_g(xi), self.J.keys.times_k((xi + x) % g.q)
            p = self.range_proof(hi, b(c, 4) + b(j, 4), alpha, beta, xi, x, bounds[0])
            fields.append({'a': self.hx(alpha), 'b': self.hx(beta), **p})
            alphas, betas, nonces = g.mul(alphas, alpha), g.mul(betas, beta), nonces + xi
        return {'i': c, 'fields': fields, 'limit': self.range_proof(hi, b(c, 4), alphas, betas, nonces, sum(values), bounds[1])}

    def cast(self, d, voters=None):
        """Append a ballot, signed by its own credential if we have it."""
        raw = sv.write(d)
        voters = voters if voters is not None else [voter_of(k) or self.ghost for k in d['keys']]
        return self.say('ballot', raw, self.voters_sigs(raw, voters))

    def challenge(self, style=None, values=None, **change):
        s = next(x for x in self.manifest['styles'] if style in (None, x['id']))
        d = {'id': self.hash256(), 'style': s['id'], 'device': self.manifest['devices'][0]['id']}
        d.update(change)
        hi = hm(self.J.keys.he, 0x20, bytes.fromhex(d['id']))
        d['contests'] = []
        for c in s['contests']:
            fields = []
            for x in values or self.values(c):
                xi = self.random()
                fields.append({'a': self.hx(self.times_g(xi)), 'b': self.hx(self.J.keys.times_k((xi + x) % self.g.q)), 'value': x, 'xi': self.hz(xi)})
            d['contests'].append({'i': c, 'fields': fields})
        d['code'] = upper(sv.code_of(self.man, self.J.keys, hi, d))
        return d

    # --- anchors

    def anchor(self, times, keys=('full',), size=None, root=None):
        """times: witness → time, or one for all."""
        if not isinstance(times, dict):
            times = {w['id']: times for w in self.manifest['witnesses']}
        size = len(self.leaves) if size is None else size
        root = root or self.root_of(size) or bytes(32)
        text = sv.checkpoint_text(self.manifest['origin'], size, root)
        lines = [{'as': w, 'key': k, 'time': t,
                  'sig': upper(signer(w if k == 'full' else w + '/head').sign(b'cosignature/v1\ntime %d\n' % t + text))}
                 for w, t in sorted(times.items()) for k in keys]
        return {'size': size, 'root': upper(root), 'cosigs': lines}

    # --- the count

    def of_guardians(self, i=None):
        """z_i, or the joint secret."""
        return sum(self.at(self.secrets[j, self.J.attempt]['a'], i or 0) for j in range(1, self.man.n + 1)) % self.g.q

    def block(self, number):
        return self.J.groups[(number - 1) * self.man.block:number * self.man.block]

    def rounds(self, present, attempt, block, i):
        """What guardian i draws in this session: u, m, a, b of each field."""
        key = tuple(present), attempt, block, i
        if key not in self.secrets:
            self.secrets[key] = []
            for group in self.block(block):
                us = [self.random() for _ in group['sums']]
                self.secrets[key].append([{'u': u, 'm': self.g.exp(self.g.decode(a), self.of_guardians(i)), 'a': self.times_g(u),
                                           'b': self.g.exp(self.g.decode(a), u)} for u, (a, _) in zip(us, group['sums'])])
        return self.secrets[key]

    def session(self, present, attempt, block, i):
        return {'as': 'g%d' % i, 'countset': upper(self.J.countset), 'present': list(present), 'attempt': attempt, 'block': block}

    def decrypt_commit(self, present, attempt, block, i):
        d, u = self.session(present, attempt, block, i), b(len(present), 4) + b''.join(b(j, 4) for j in present)
        d['d'] = [[upper(hm(self.J.keys.he, 0x30, b(group['contest'], 4), b(o, 4), b(i, 4), *sums,
                            *(self.g.encode(f[x]) for x in 'abm'), u)) for o, (f, sums) in enumerate(zip(row, group['sums']), 1)]
                  for row, group in zip(self.rounds(present, attempt, block, i), self.block(block))]
        return d

    def decrypt_reveal(self, present, attempt, block, i):
        rows = self.rounds(present, attempt, block, i)
        return dict(self.session(present, attempt, block, i), shares=[[{x: self.hx(f[x]) for x in 'mab'} for f in row] for row in rows])

    def decrypt_respond(self, present, attempt, block, i):
        g, w = self.g, {}
        for j in present:
            top = bottom = 1
            for o in present:
                if o != j:
                    top, bottom = top * o, bottom * (o - j)
            w[j] = top * pow(bottom % g.q, -1, g.q) % g.q
        drawn = {j: self.rounds(present, attempt, block, j) for j in present}
        d = dict(self.session(present, attempt, block, i), v=[])
        for n, group in enumerate(self.block(block)):
            d['v'].append([])
            for o, sums in enumerate(group['sums']):
                m = a = bb = g.one
                for j in present:
                    f = drawn[j][n][o]
                    m, a, bb = g.mul(m, g.exp(f['m'], w[j])), g.mul(a, f['a']), g.mul(bb, f['b'])
                c = self.number(self.J.keys.he, 0x31, b(group['contest'], 4), b(o + 1, 4), *sums, g.encode(a), g.encode(bb), g.encode(m))
                d['v'][-1].append(self.hz(drawn[i][n][o]['u'] - c * w[i] * self.of_guardians(i)))
        return d

    def tally_field(self, c, o, sums, plus=0):
        """The true decryption of these sums as option o of contest c, with plus added to t."""
        g, s, u = self.g, self.of_guardians(), self.random()
        a, bb = map(g.decode, sums)
        m = g.exp(a, s)
        t = g.encode(g.mul(bb, g.inv(m)))
        t = next(x for x in range(1000) if g.encode(self.J.keys.times_k(x)) == t)
        k = self.number(self.J.keys.he, 0x31, b(c, 4), b(o, 4), *sums, g.encode(self.times_g(u)), g.encode(g.exp(a, u)), g.encode(m))
        return {'a': upper(sums[0]), 'b': upper(sums[1]), 't': t + plus, 'c': self.hz(k), 'v': self.hz(u - k * s)}

    def tally(self, number, plus=0, contest=None):
        group = self.J.groups[number - 1]
        c = contest or group['contest']
        return {'countset': upper(self.J.countset), 'contest': c, 'group': number,
                'fields': [self.tally_field(c, o, sums, plus) for o, sums in enumerate(group['sums'], 1)]}

    def result(self):
        """As the tallies are by now."""
        contests = []
        for i, (m, _, _) in enumerate(self.man.contests):
            totals = [0] * m
            for j, group in enumerate(self.J.groups, 1):
                if group['contest'] == i + 1:
                    totals = [x + group['weight'] * t for x, t in zip(totals, self.J.tallies.get(j, [0] * m))]
            counted, secret = self.J.numbers[i]
            contests.append({'i': i + 1, 'counted': counted, **({'secret': secret} if secret else {}), 'totals': totals})
        d = {'countset': upper(self.J.countset), 'contests': contests}
        if 'seats' in self.manifest:
            given = [(r['contest'], *sv.seats(r, contests[r['contest'] - 1]['totals'])) for r in self.manifest['seats']]
            d['seats'] = [{'contest': c, 'seats': s, **({'tie': 1} if tie else {})} for c, s, tie in given]
        return d

    # --- everybody honest

    def next_honest(self):
        """(kind, body, signatures) of what is to be said now; None at the end."""
        return getattr(self, 'next_' + self.J.phase)()

    def signed_by(self, kind, body, *who):
        raw = body if isinstance(body, bytes) else sv.write(body)
        return kind, raw, self.sigs(kind, raw, who)

    def next_setup(self):
        J, n = self.J, self.man.n
        for w in self.man.witnesses:
            if w not in J.accepts:
                return self.signed_by('accept', {'as': w}, w)
        done = J.commits, J.gkeys, J.gshares if n > 1 else range(1, n + 1), J.confirms
        for have, kind, make in zip(done, ('commit', 'keys', 'shares', 'confirm'),
                                    (self.commit, lambda i: self.guardian(i)['keys'], self.shares, self.confirm)):
            for i in range(1, n + 1):
                if i not in have:
                    return self.signed_by('guardian.' + kind, make(i), 'g%d' % i)
        for x in self.rolls:
            if sha(x) not in J.rolls:
                return self.signed_by('roll', x, *self.registrars())
        if J.roll is None or {r['keys'][0] for r in J.roll[1]} != {r['keys'][0] for r in self.rows}:
            return self.signed_by('roll.close', self.roll_close(self.rolls), *self.two())
        return self.signed_by('open', self.opening(), *self.two())

    def next_voting(self):
        for row in self.rows:
            if row not in [r for r, _ in self.told]:
                self.told.append((row, 1))
                raw = sv.write(self.ballot(row))
                return 'ballot', raw, self.voters_sigs(raw, [voter_of(k) for k in row['keys']])
        t = self.manifest['times']
        if not self.man.witnesses:
            return self.signed_by('close', {'time': t['close']}, *self.two())
        time = t['seal'] if 'closed' in self.secrets else t['close'] + t['delta']
        self.secrets['closed'] = True
        return self.signed_by('anchor', self.anchor(time))

    def next_sealed(self):
        return self.signed_by('countset', self.J.countset_body)

    def next_counted(self):
        if self.J.result:
            return None
        for i in range(1, len(self.J.groups) + 1):
            if i not in self.J.tallies:
                return self.signed_by('tally', self.tally(i))
        return self.signed_by('result', self.result())

    def until(self, wanted):
        """Go on honestly until the phase of that name, or just before the first entry of that kind; 'end': to the end."""
        while self.J.phase != wanted:
            x = self.next_honest()
            if x is None or x[0] == wanted:
                break
            self.say(*x)
        return self

    # --- files

    def files(self, cosigned=(), spoiled=None):
        """name → bytes; cosigned: (witness, key) whose lines stand on the checkpoint."""
        files = {'body/' + k: v for k, v in self.bodies.items()}
        text = sv.checkpoint_text(self.manifest['origin'], len(self.leaves), self.root_of(len(self.leaves)))
        lines = [(self.manifest['origin'], 1, signer('log').key, signer('log').sign(text))]
        for w, k in cosigned:
            s = signer(w if k == 'full' else w + '/head')
            sig = s.sign(b'cosignature/v1\ntime 5000\n' + text)
            lines.append((w + '/' + k, 4, s.key, b(5000, 8) + (bytes([sig[0] ^ 1]) + sig[1:] if spoiled == (w, k) else sig)))
        files['checkpoint'] = text + b'\n' + ''.join('\u2014 %s %s\n' % (name, base64.b64encode(sv.key_id(name, kind, key) + blob).decode())
                                                     for name, kind, key, blob in lines).encode()
        hashes, level = self.hashes, 0
        while hashes:
            for i in range(0, len(hashes), 256):
                part = hashes[i:i + 256]
                name = '%03d' % (i // 256) + ('' if len(part) == 256 else '.p/%d' % len(part))
                files['tile/%d/%s' % (level, name)] = b''.join(part)
                if level == 0:
                    files['tile/entries/' + name] = b''.join(b(len(x), 2) + x for x in self.leaves[i:i + 256])
            hashes = [sv.tree(hashes[i:i + 256]) for i in range(0, len(hashes) - 255, 256)]
            level += 1
        return files

    @staticmethod
    def vkey(name, kind, key):
        return '%s+%s+%s' % (name, sv.key_id(name, kind, key).hex(), base64.b64encode(bytes([kind]) + key).decode())

    def trust(self, level='computed', witnesses=(), quorum='none', more=()):
        lines = ['urna-trust-1', 'election ' + self.man.phi.hex(), 'log ' + self.vkey(self.manifest['origin'], 1, signer('log').key)]
        lines += ['witness t-%s %s' % (w, self.vkey(w + '/full', 4, signer(w).key)) for w in witnesses]
        return '\n'.join([*lines, *more, 'quorum ' + quorum, 'level ' + level, ''])
