"""Ballots and challenges, decryption, tallies, the result."""
from law_cases import (Election, contest, manifest, sv, upper, voter, SMALL, THREE,
                       TWO, bad_code, bad_selection, case, cast_all, more, rule, seal, vote)


# --- which ballots count ---------------------------------------------------------------------------------------------

@case
def a_bad_ballot_may_be_outranked():
    E = Election(manifest()).until('voting')
    vote(E, None, serial=5)
    low, high = (vote(E, 'V6.D', serial=s, spoil=bad_selection) for s in (4, 6))
    unsigned = vote(E, 'E3', serial=3, voters=[voter(1)])
    foreign = vote(E, 'V6.D', row=E.rows[1], serial=1, spoil=bad_selection)  # row 1 has no other ballot
    same = [vote(E, 'V8.B', serial=5, spoil=bad_code) for _ in range(4)]
    E.told += [(E.rows[0], 1), (E.rows[1], 1)]
    last = cast_all(E)
    rule(E.say('anchor', E.anchor(2100)), None)
    late = vote(E, 'V6.D', serial=2, spoil=bad_selection)
    J = seal(E)
    best = next(e for e, s in J.state.items() if s == 'counted' and [d for _, x, d, _ in J.ballots if x == e and d['keys'] == E.rows[0]['keys']])
    assert J.state.get(low) == 'superseded' and not {high, unsigned, foreign, late} & set(J.state)
    assert all((J.state.get(e) == 'superseded') == (e > best) for e in same), last
    return E.until('end')


@case
def equal_serials_count_the_lower_id():
    E = Election(manifest()).until('voting')
    ids = [vote(E, None, serial=65535) for _ in range(3)]
    vote(E, None, serial=7)
    vote(E, None, serial=65534)
    E.told.append((E.rows[0], 1))
    cast_all(E)
    rule(E.say('anchor', E.anchor(2100)), None)
    J = seal(E)
    assert [J.state[e] == 'counted' for e in ids] == [e == min(ids) for e in ids]
    return E.until('end'), {'finding': 'serial 65535 stands on two different ballots'}


@case
def equal_identifiers_are_a_finding():
    E = Election(manifest()).until('voting')
    for serial in (1, 2):
        vote(E, None, serial=serial, rho='AB' * 32)
    return E.until('end'), {'finding': 'one identifier'}


@case
def serials_at_the_edge():
    E = Election(manifest(revote=None)).until('voting')
    vote(E, 'E1', serial=2)
    vote(E, 'E12', serial=0)
    vote(E, 'E12', serial=65536)
    vote(E, None, serial=1)
    vote(E, None, serial=1)
    return E.until('end')


@case
def limits_are_those_of_the_manifest():
    E = Election(manifest(contests=[contest('a', 2, 3, 2)])).until('voting')
    vote(E, None, values=[2, 1])
    vote(E, 'V6.D', values=[3, 0])
    vote(E, 'V7.D', values=[2, 2])
    vote(E, 'V6.E', values=[3, 0], bounds=(3, 3))
    vote(E, 'V6.E', values=[1, 0], bounds=(1, 3))
    vote(E, 'V7.E', values=[2, 2], bounds=(2, 4))
    vote(E, 'V7.E', values=[1, 0], bounds=(2, 2))
    for place, want in ((lambda c: c['fields'][1], 'V6.E'), (lambda c: c['limit'], 'V7.E')):
        for x in 'cv':
            vote(E, want, spoil=lambda d: place(d['contests'][0])[x].append('00' * E.g.lq))
            vote(E, want, spoil=lambda d: place(d['contests'][0])[x].pop())
    vote(E, "V6'", values=[1])
    vote(E, "V6'", values=[1, 0, 0])
    rule(E.say('challenge', E.challenge(values=[2, 1])), None)
    rule(E.say('challenge', E.challenge(values=[2, 2])), 'E8')
    rule(E.say('challenge', E.challenge(values=[3, 0])), 'E8')
    rule(E.say('challenge', E.challenge(values=[1])), 'E8')
    for x in 'ab':
        d = E.challenge(values=[1, 1])
        d['contests'][0]['fields'][1][x] = d['contests'][0]['fields'][0][x]
        d['code'] = upper(sv.code_of(E.man, E.J.keys, sv.hm(E.J.keys.he, 0x20, bytes.fromhex(d['id'])), d))
        rule(E.say('challenge', d), 'E8')
    return E.until('end')


@case
def every_contest_is_opened_once_and_in_order():
    E = Election(manifest(**TWO)).until('voting')
    hi = lambda d: sv.hm(E.J.keys.he, 0x20, bytes.fromhex(d['id']))
    for order, want in (((0, 1), None), ((1, 0), 'E8'), ((0, 0), 'E8'), ((0,), 'E8'), ((0, 1, 1), 'E8')):
        d = E.challenge('all')
        d['contests'] = [d['contests'][i] for i in order]
        d['code'] = upper(sv.code_of(E.man, E.J.keys, hi(d), d))
        rule(E.say('challenge', d), want)
    for i, want in ((3, 'E8'), (2**32 - 1, 'E8'), (0, 'E12')):
        d = E.challenge('some')
        d['contests'][0]['i'] = i
        rule(E.say('challenge', d), want)
    return E.until('end')


# --- the count -------------------------------------------------------------------------------------------------------

@case
def a_tally_is_of_its_groups_contest():
    E = Election(manifest(**TWO)).until('counted')
    rule(E.say('tally', E.tally(2, contest=1)), 'E17')
    rule(E.say('tally', dict(E.tally(1), group=2)), 'E17')
    rule(E.say('tally', dict(E.tally(1), group=3)), 'E17')
    rule(E.say('tally', dict(E.tally(1), contest=3)), 'V11')
    rule(E.say('tally', dict(E.tally(1), countset='00' * 32)), 'E10')
    rule(E.say('tally', E.tally(1, plus=1)), 'V10')
    first, other = E.tally(1), E.tally(1)
    rule(E.say('tally', first), None)
    rule(E.say('tally', first), 'repeated')
    rule(E.say('tally', other), None)
    return E.until('end')


@case
def a_tally_is_of_these_very_sums():
    """A·g decrypts to a vote less, B·K to one more, with true proofs."""
    E = Election(manifest()).until('counted')
    g, k = E.g, E.J.keys.k
    a, bb = map(g.decode, E.J.groups[0]['sums'][1])
    d = E.tally(1)
    for sums in ((g.mul(a, g.inv(g.g)), bb), (a, g.mul(bb, k)), (g.mul(a, g.g), g.mul(bb, k))):
        f = E.tally_field(1, 2, tuple(map(g.encode, sums)))
        rule(E.say('tally', dict(d, fields=[d['fields'][0], f])), 'E17')
    rule(E.say('tally', dict(d, fields=d['fields'][::-1])), 'V10.B')
    return E.until('end')


@case
def a_number_of_votes_is_no_residue():
    E = Election(manifest(group='toy-48-192')).until('counted')
    sums = E.J.groups[0]['sums']
    rule(E.say('tally', E.tally(1, plus=E.g.q)), 'V10')
    d = E.tally(1, plus=E.g.q)
    rule(E.say('tally', dict(d, fields=[d['fields'][0], E.tally_field(1, 2, sums[0])])), 'E17')
    return E.until('end')


@case
def sessions_do_not_disturb_each_other():
    E = Election(manifest(**THREE)).until('counted')
    say = lambda what, present, attempt, i: E.by('decrypt.' + what, getattr(E, 'decrypt_' + what)(present, attempt, 1, i), 'g%d' % i)
    for present in ([1, 2], [1, 3], [1, 2, 3]):
        rule(say('commit', present, 1, 1), None)
        rule(say('reveal', present, 1, 1), 'E17')
    rule(say('commit', [1, 2], 1, 2), None)
    rule(say('reveal', [1, 3], 1, 1), 'E17')
    rule(say('commit', [1, 2], 2, 1), None)
    rule(say('reveal', [1, 2], 2, 1), 'E17')
    rule(say('reveal', [1, 2], 1, 1), None)
    rule(say('respond', [1, 2], 1, 1), 'E17')
    rule(say('reveal', [1, 2], 1, 2), None)
    rule(say('respond', [1, 3], 1, 1), 'E17')
    d = E.decrypt_respond([1, 2], 1, 1, 1)
    rule(E.by('decrypt.respond', dict(d, v=[[more(x) for x in row] for row in d['v']]), 'g1'), 'E17')
    rule(E.by('decrypt.respond', d, 'g1'), None)
    for present in ([1, 2, 3], [1, 2]):  # one begins like the other
        rule(say('commit', present, 4, 1), None)
    for what in ('reveal', 'respond'):  # of a session that nobody began
        rule(say(what, [2, 3], 1, 2), 'E17')
        rule(say(what, [1, 2], 9, 1), 'E17')
    E.secrets.pop(((1, 3), 1, 1, 1))
    rule(say('commit', [1, 3], 1, 1), 'E17')  # another commit in a session that has one
    return E.until('end')


@case
def sessions_that_cannot_be():
    E = Election(manifest(**THREE)).until('counted')
    d = E.decrypt_commit([1, 2], 1, 1, 1)
    for change in ({'present': [1]}, {'present': [2, 3]}, {'present': [1, 4]}, {'block': 2}, {'d': []}, {'d': d['d'] * 2}, {'d': [d['d'][0][:1]]}):
        rule(E.by('decrypt.commit', dict(d, **change), 'g1'), 'E17')
    for change in ({'present': [2, 1]}, {'present': [1, 1]}, {'present': [0, 1]}, {'block': 0}, {'attempt': 0}):
        rule(E.by('decrypt.commit', dict(d, **change), 'g1'), 'E12')
    rule(E.by('decrypt.commit', dict(d, countset='00' * 32), 'g1'), 'E10')
    rule(E.by('decrypt.commit', d, 'g1'), None)
    return E.until('end')


@case
def a_reveal_is_what_was_committed_to():
    E = Election(manifest(**THREE)).until('counted')
    for i in (1, 2):
        rule(E.by('decrypt.commit', E.decrypt_commit([1, 2], 1, 1, i), 'g%d' % i), None)
    d = E.decrypt_reveal([1, 2], 1, 1, 1)
    for x in 'mab':
        bad = [[dict(f) for f in row] for row in d['shares']]
        bad[0][1][x] = E.hx(E.g.g)
        rule(E.by('decrypt.reveal', dict(d, shares=bad), 'g1'), 'E17')
    for x in 'mab':
        bad = [[dict(f) for f in row] for row in d['shares']]
        bad[0][-1][x] = 'FF' * E.g.lp
        rule(E.by('decrypt.reveal', dict(d, shares=bad), 'g1'), 'E12')
    rule(E.by('decrypt.reveal', dict(d, shares=d['shares'] * 2), 'g1'), 'E17')
    rule(E.by('decrypt.reveal', d, 'g1'), None)
    rule(E.by('decrypt.reveal', dict(d, **{'as': 'g2'}), 'g1'), 'E11')
    rule(E.by('decrypt.reveal', E.decrypt_reveal([1, 2], 1, 1, 2), 'g2'), None)
    v = E.decrypt_respond([1, 2], 1, 1, 1)['v']
    for bad in (v * 2, [v[0][:1]], [v[0] + v[0][:1]], []):
        rule(E.by('decrypt.respond', dict(E.session([1, 2], 1, 1, 1), v=bad), 'g1'), 'E17')
    rule(E.by('decrypt.respond', dict(E.session([1, 2], 1, 1, 1), v=[['FF' * E.g.lq] * 2]), 'g1'), 'E12')
    rule(E.by('decrypt.respond', dict(E.session([1, 2], 1, 1, 1), v=v), 'g1'), None)
    rule(E.by('decrypt.respond', E.decrypt_respond([1, 2], 1, 1, 2), 'g2'), None)
    return E.until('end')


@case
def a_lying_guardian_is_named_and_the_others_go_on():
    E = Election(manifest(**THREE)).until('counted')
    for row in E.rounds([1, 2], 1, 1, 2):
        for f in row:
            f['m'] = E.g.mul(f['m'], E.g.g)
    for what, rules in (('commit', (None, None)), ('reveal', (None, None)), ('respond', (None, 'E17'))):
        for i, want in zip((1, 2), rules):
            rule(E.by('decrypt.' + what, getattr(E, 'decrypt_' + what)([1, 2], 1, 1, i), 'g%d' % i), want)
    return E.until('end')


@case
def blocks_of_groups():
    E = Election(manifest(**TWO, block=1)).until('counted')
    assert len(E.J.groups) == 2
    for block in (1, 2):
        for what in ('commit', 'reveal', 'respond'):
            for i in (1, 2):
                rule(E.by('decrypt.' + what, getattr(E, 'decrypt_' + what)([1, 2], 7, block, i), 'g%d' % i), None)
    d = E.decrypt_commit([1, 2], 8, 2, 1)
    rule(E.by('decrypt.commit', dict(d, block=3), 'g1'), 'E17')
    rule(E.by('decrypt.commit', dict(d, block=3, d=[]), 'g1'), 'E17')
    return E.until('end')


@case
def weights_small_groups_and_secrets():
    cells = [{'id': 'root', 'title': []}, {'id': 'b', 'up': 1, 'title': []}, {'id': 'z', 'up': 2, 'title': []}, {'id': 'c', 'up': 2, 'title': []},
             {'id': 'a', 'up': 1, 'title': []}]
    m = manifest(**TWO, cells=cells, secret_if_small=SMALL, block=2,
                 seats=[{'contest': 1, 'n': 3, 'method': 'hare', 'base': 'all', 'threshold': [1, 10], 'ties': 'error'}])
    E = Election(m, voters=17, styles=['all', 'all', 'some'], weights=(1, 1, 1, 2, 3)).until('sealed')
    assert sum(x[1] for x in E.J.numbers) > 0 and len({g['weight'] for g in E.J.groups}) > 1
    bad = sv.read(E.J.countset_body)
    rule(E.say('countset', dict(bad, groups=bad['groups'][::-1])), 'E10')
    rule(E.say('countset', dict(bad, cells=bad['cells'][::-1])), 'E10')
    E.until('result')
    r = E.result()
    rule(E.say('result', dict(r, seats=[])), 'E18')
    rule(E.say('result', {k: v for k, v in r.items() if k != 'seats'}), 'E18')
    rule(E.say('result', dict(r, contests=r['contests'][::-1])), 'E18')
    rule(E.say('result', dict(r, countset='00' * 32)), 'E18')
    return E.until('end')


@case
def nobody_voted():
    E = Election(manifest()).until('voting')
    E.told = [(r, 1) for r in E.rows]
    return E.until('end')
