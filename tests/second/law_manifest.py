"""Section 2, manifest: each condition just kept, and just broken; a record of that one entry."""
from law_cases import CLUB, SMALL, TWO, case, contest, manifest, role, sv, titled, upper, signer, witness
from maker import Election


class Alone(Election):
    """A log with nothing but a manifest, good or not, whose φ the reader trusts."""

    def __init__(self, m):
        self.manifest, self.bodies, self.roots, self.J = m, {}, {}, None
        raw = sv.write(m)
        self.phi = bytes(32)
        group = sv.group_of(m['group'], 1)
        sigs = self.sigs('manifest', raw, {c['id'] for c in m['commission']})
        self.leaves = [sv.write({'kind': 'manifest', 'sigs': sigs}) + b'\n' + raw]
        self.hashes = [sv.leaf_hash(x) for x in self.leaves]
        self.man = lambda: None
        self.man.phi = sv.hm(group.parameters(m['n'], m['k']), 0x01, sv.b(len(raw), 4), raw)


def all_of(answer, *changes):
    return [(Alone(manifest(**c)), {'answer': answer, 'name': str(c)[:200]}) for c in changes]


def cells(*ups):
    """A root, and cells with these parents."""
    return [titled('root')] + [{'id': 'x%d' % i, **({'up': up} if up is not None else {}), 'title': []} for i, up in enumerate(ups)]


def one(name, **change):
    return dict(titled(name), **change)


TIMES = {'open': 1, 'close': 2, 'delta': 4800, 'seal': 8402}
REAL = dict(test=None, group='ristretto255', times=TIMES)
SEATS = {'contest': 1, 'n': 1, 'method': 'hare', 'base': 'all', 'threshold': [0, 1], 'ties': 'order'}
LOG = {'key': upper(signer('log').key)}
BOTH = dict(credentials='two-registrars', registrars=[role('r1'), role('r2', 'blue')])


@case
def manifests_at_the_edge_of_the_law():
    return all_of(
        'consistent', {}, CLUB, TWO, REAL, BOTH, dict(observers=[]), dict(commission=[role('c%02d' % i) for i in range(24)]),
        dict(n=1, k=1, guardians=[role('g1')]), dict(k=1), dict(contests=[contest('a', 3, 6, 2)]), dict(contests=[contest('a', 1, 5, 5)]),
        dict(secret_if_small=[]), dict(TWO, secret_if_small=SMALL), dict(secret_if_small=[{'contest': 1, 'weight': 2**20}]), dict(seats=[]),
        dict(seats=[SEATS, SEATS]), dict(block=1, ballot_max=1, challenge_max=0, m_min=1, m_root=1, m_roll=None), dict(m_min=None, m_root=None),
        dict(times={'open': 1, 'close': 2, 'delta': 0, 'seal': 0}), dict(cells=cells(1, 2, 2, 1, 5, 1)), dict(cells=cells(1, 2, 3, 1)),
        dict(names=[titled('red'), titled('c0')]), dict(devices=[titled('c0'), titled('root')]), dict(zone='Europe/Minsk'),
        dict(title=[{'lang': 'en', 'text': 'a'}, {'lang': 'en', 'text': ''}]), dict(revote=None, test=1))


@case
def manifests_of_bad_numbers():
    return all_of(
        'invalid', dict(k=0), dict(k=3), dict(n=3), dict(n=1, k=1), dict(n=0, k=0, guardians=[]), dict(test=None, times=TIMES), dict(test=0), dict(revote=0),
        dict(revote=2), dict(REAL, times=dict(TIMES, delta=4799, seal=8402)), dict(REAL, times=dict(TIMES, seal=8401)), dict(REAL, group='toy-48-192'),
        dict(times={'open': 2, 'close': 2, 'delta': 0, 'seal': 0}), dict(contests=[contest('a', 2, 0)]), dict(contests=[contest('a', 2, 3)]),
        dict(contests=[contest('a', 2, 1, 2)]), dict(contests=[contest('a', 2, 5, 2)]), dict(contests=[contest('a', 2, 1, 0)]),
        dict(contests=[one('a', limit=1, option_limit=1, options=[titled('o')])]), dict(contests=[one('a', limit=1, options=[])]),
        *(dict([(x, 0)]) for x in ('block', 'ballot_max', 'm_min', 'm_root', 'm_roll')),
        dict(block=100), dict(ballot_max=20), dict(challenge_max=1000), dict(m_min=50), dict(m_root=5), dict(m_roll=20), dict(zone='UTC'),
        *(dict(secret_if_small=[{'contest': c, 'weight': w}]) for c, w in ((0, 1), (2, 1), (1, 0), (1, 2**20 + 1))),
        *(dict(seats=[dict(SEATS, **x)]) for x in ({'contest': 0}, {'contest': 2}, {'n': 0}, {'threshold': [1, 0]}, {'threshold': [1]},
                                                   {'threshold': [1, 1, 1]}, {'method': 'x'}, {'base': 'x'}, {'ties': 'x'})))


@case
def manifests_of_bad_lists():
    w = witness('w0', 'red')
    return all_of(
        'invalid', dict(commission=[]), dict(registrars=[]), dict(devices=[]), dict(contests=[]), dict(styles=[]), dict(cells=[]),
        dict(BOTH, registrars=[role('r1')]), dict(BOTH, registrars=[role('r1'), role('r2')]), dict(BOTH, registrars=BOTH['registrars'] + [role('r3', 'green')]),
        *(dict(TWO, styles=[{'id': 'all', 'contests': x}]) for x in ([], [0], [3], [2, 1], [1, 1])),
        *(dict(cells=x) for x in (cells(None), cells(0), cells(2), cells(3, 1), cells(1, 1, 2), cells(1, 2, 1, 2), [one('root', up=1)])),
        *(dict([(x, [titled('a'), titled('a')])]) for x in ('devices', 'cells', 'names')), dict(contests=[contest('a', 1), contest('a', 1)]),
        dict(contests=[one('a', limit=1, options=[titled('o'), titled('o')])]), dict(styles=[{'id': 'all', 'contests': [1]}] * 2),
        dict(guardians=[role('g1'), dict(role('g2'), id='g1')]), dict(observers=[dict(role('x'), id='c0')]), dict(observers=[dict(role('x'), id='w0')]),
        dict(registrars=[dict(role('x'), id='g1')]), dict(observers=[role('voter.1')]), dict(observers=[role('voter.2')]),
        *(dict(observers=[dict(role('x'), key=k)]) for k in (role('c0')['key'], role('g1')['key'], role('r1')['key'], LOG['key'], w['head']['key'],
                                                             w['full']['key'], '00' * 32, '01' + '00' * 31, 'FF' * 32)),
        dict(observers=[role('x'), dict(role('x'), id='y')]), dict(witnesses=[dict(w, head=dict(w['full']))]),
        *(dict(witnesses=[dict(w, **{x: dict(w[x], name='a+b')})]) for x in ('head', 'full')),
        dict(title=[{'lang': 'EN', 'text': 'a'}]), dict(election='00' * 15), dict(format='urna-election-2'), dict(credentials='x'))
