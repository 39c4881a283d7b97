"""What the cases of law_*.py have in common. A case says entries to an election and states by which rule each is void (None: accepted); it
returns the election, or (election, {answer, finding, trust, cosigned, spoiled}): what urna must say, where the reader is another than usual."""
from maker import Election, contest, manifest, role, sha, signer, sv, titled, upper, voter, witness

CASES = {}


def case(f):
    CASES[f.__name__] = f
    return f


def rule(got, want):
    if (got or '').split('.')[0] != (want or '').split('.')[0]:
        raise AssertionError(f'second verifier says {got}, the law {want}')


def vote(E, want, **kw):
    """A ballot of row 0 and what the law says of it. spoil: changes it, voters: who sign instead. Its e."""
    spoil, voters = kw.pop('spoil', None), kw.pop('voters', None)
    d = E.ballot(kw.pop('row', E.rows[0]), kw.pop('serial', 1), **kw)
    if spoil:
        spoil(d)
    rule(E.cast(d, voters), want)
    return sha(sv.write(d))


def more(x):
    """Another scalar."""
    return '%0*X' % (len(x), int(x, 16) - 1 if int(x, 16) else 1)


def bad_selection(d):
    v = d['contests'][0]['fields'][0]['v']
    v[0] = more(v[0])


def bad_limit(d):
    v = d['contests'][0]['limit']['v']
    v[0] = more(v[0])


def bad_code(d):
    d['code'] = '00' * 32


def ghost_row(E):
    return dict(E.rows[0], keys=[upper(E.ghost.key)])


TWO = dict(contests=[contest('a', 2), contest('b', 2)], styles=[{'id': 'all', 'contests': [1, 2]}, {'id': 'some', 'contests': [2]}])
THREE = dict(n=3, k=2, guardians=[role('g1'), role('g2', 'blue'), role('g3', 'green')])
SMALL = [{'contest': c, 'weight': w} for c in (1, 2) for w in (1, 2, 3)]
CLUB = dict(witnesses=[])


def cast_all(E):
    """Everybody votes; the index of the last ballot."""
    while len(E.told) < len(E.rows):
        E.say(*E.next_honest())
    return len(E.leaves) - 1


def seal(E):
    rule(E.say('anchor', E.anchor(2200)), None)
    return E.J
