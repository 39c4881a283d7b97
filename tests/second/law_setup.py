"""Names of rules and their order, signers, the roll, the ceremony, form."""
from law_cases import (Election, contest, manifest, role, sha, signer, sv, titled, upper, voter, witness,
                       CLUB, THREE, TWO, bad_code, bad_limit, bad_selection, case, ghost_row, more, rule, vote)


# --- names, and which comes first ------------------------------------------------------------------------------------

@case
def ballot_after_the_seal_is_named_by_phase_1_first():
    E = Election(manifest()).until('sealed')
    vote(E, 'E11')
    vote(E, 'E1', device='nowhere')
    vote(E, "V6'", style='none')
    vote(E, 'V6.D', spoil=bad_selection)
    vote(E, 'V7.D', spoil=bad_limit)
    vote(E, 'V8.B', spoil=bad_code)
    vote(E, 'E3', voters=[voter(1)])
    vote(E, 'E11', row=ghost_row(E))
    vote(E, 'E11', row=ghost_row(E), spoil=bad_selection)
    return E.until('end')


@case
def ballot_before_open_is_void_whatever_it_holds():
    later = Election(manifest()).until('voting')
    good, bad = later.ballot(later.rows[0]), later.ballot(later.rows[0], device='nowhere')
    E = Election(manifest()).until('open')
    rule(E.cast(good), 'E11')
    rule(E.cast(bad), 'E11')
    rule(E.say('ballot', good), 'E11')
    rule(E.say('challenge', dict(later.challenge(), device='nowhere')), 'E11')
    rule(E.say('ballot', dict(good, zz=1)), 'E12')
    return E.until('end')


@case
def second_manifest_is_bad_before_it_is_out_of_place():
    E = Election(manifest()).until('voting')
    other = sv.write(manifest(title=[{'lang': 'en', 'text': 'x'}]))
    rule(E.by('manifest', other, 'c0', 'c1'), 'E11')
    rule(E.by('manifest', other, 'c0'), 'E12')
    rule(E.by('manifest', other, 'c0', 'ob'), 'E12')
    rule(E.by('manifest', other, 'c0', 'c1', 'ob'), 'E12')
    rule(E.say('manifest', other, E.sigs('manifest', other, ('c0', 'c1'), E.phi)), 'E12')
    rule(E.by('manifest', other + b' ', 'c0', 'c1'), 'E12')
    rule(E.say(*E.items[0]), 'E11')
    return E.until('end')


@case
def three_keys_are_of_no_row():
    E = Election(manifest()).until('voting')
    keys = [upper(voter(i).key) for i in range(3)]
    vote(E, 'E1', keys=keys)
    vote(E, 'E1', keys=keys[:2])
    vote(E, 'E1', keys=keys, voters=[])
    return E.until('end')


@case
def e1_is_named_whatever_the_proofs():
    E = Election(manifest(**TWO), styles=['all']).until('voting')
    vote(E, 'E1', row=ghost_row(E))
    vote(E, 'E1', row=ghost_row(E), spoil=bad_selection)
    vote(E, 'E1', row=ghost_row(E), spoil=bad_code)
    vote(E, 'E1', style='some')
    vote(E, 'E1', device='nowhere', spoil=bad_selection)
    vote(E, "V6'", style='none', spoil=bad_selection)
    vote(E, "V6'", contests=[1], spoil=bad_selection)
    vote(E, "V6'", contests=[2, 1])
    vote(E, "V6'", contests=[1, 2, 2])
    return E.until('end')


@case
def all_of_6_comes_before_7():
    E = Election(manifest(**TWO)).until('voting')

    def both(d):
        bad_limit(d)
        v = d['contests'][1]['fields'][1]['v']
        v[1] = more(v[1])
    vote(E, 'V6.D', spoil=both)
    vote(E, 'V7.D', spoil=lambda d: (bad_limit(d), bad_code(d)))
    vote(E, 'V8.B', spoil=bad_code, voters=[voter(1)])
    return E.until('end')


@case
def shares_out_of_order_are_bad_form():
    E = Election(manifest(**THREE)).until('guardian.shares')
    d = E.shares(1)
    rule(E.by('guardian.shares', dict(d, to=d['to'][::-1]), 'g1'), 'E12')
    rule(E.by('guardian.shares', dict(d, to=d['to'][:1]), 'g1'), 'E14')
    rule(E.by('guardian.shares', dict(d, to=d['to'] + [dict(d['to'][1], i=4)]), 'g1'), 'E14')
    return E.until('end')


@case
def as_must_be_the_signer():
    E = Election(manifest()).until('guardian.keys')
    rule(E.by('accept', {'as': 'w0'}, 'w1'), 'E11')
    keys = E.guardian(1)['keys']
    rule(E.by('guardian.keys', keys, 'g2'), 'E11')
    rule(E.by('guardian.keys', dict(keys, **{'as': 'ob'}), 'g1'), 'E11')
    rule(E.by('guardian.keys', dict(keys, kappa=E.hx(E.g.one)), 'g2'), 'E11')
    for form in ({'kappa': 'FF' * E.g.lp}, {'k': keys['k'] * 2}, {'kh': keys['kh'][:1]}, {'proof': dict(keys['proof'], c='FF' * E.g.lq)}):
        rule(E.by('guardian.keys', dict(keys, **form), 'g2'), 'E12')
        rule(E.by('guardian.keys', dict(keys, **form), 'g1'), 'E12')
    for v in (keys['proofh']['v'][1:], keys['proofh']['v'] * 2):
        rule(E.by('guardian.keys', dict(keys, proofh=dict(keys['proofh'], v=v)), 'g1'), 'E12')
    rule(E.by('statement', {'as': 'c0', 'text': []}, 'ob'), 'E11')
    rule(E.by('statement', {'as': 'ob', 'text': []}, 'ob'), None)
    return E.until('end')


# --- who signs -------------------------------------------------------------------------------------------------------

@case
def who_may_sign_what():
    E = Election(manifest(commission=[role('c0'), role('c1'), role('c2', 'blue')], registrars=[role('r1'), role('r2')])).until('roll')
    roll = E.rolls[0]
    for who in ((), ('r1', 'r2'), ('c0',), ('ob',), ('nobody',), ('r1', 'voter.1')):
        rule(E.by('roll', roll, *who), 'E12')
    rule(E.by('roll', roll, 'r2'), None)
    close = sv.write(E.roll_close([roll]))
    for who in ((), ('c0',), ('c2',), ('c0', 'c1'), ('c0', 'c2', 'ob'), ('c0', 'g1'), ('r1', 'r2')):
        rule(E.by('roll.close', close, *who), 'E12')
    rule(E.by('roll.close', close, 'c1', 'c2'), None)
    E.until('voting')
    for who in ((), ('c0', 'ob'), ('nobody',)):
        rule(E.by('attachment', b'x', *who), 'E12')
    for n, who in enumerate(('c0', 'g1', 'r1', 'w0', 'ob')):
        rule(E.by('attachment', b'%d' % n, who), None)
    v = {'as': 'w0', 'size': 1, 'root': '00' * 32, 'answer': 'final', 'software': 'x'}
    rule(E.by('verdict', v, 'ob'), 'E12')
    rule(E.by('verdict', v, 'w0'), None)
    r = {'hash': '00' * 32, 'reason': 'threat'}
    rule(E.by('redact', r, 'c0', 'c1'), 'E12')
    rule(E.by('redact', r, 'c0', 'c1', 'c2'), None)
    return E.until('end')


@case
def a_commission_of_one_signs_alone():
    E = Election(manifest(commission=[role('c0')], **CLUB)).until('voting')
    rule(E.by('close', {'time': 1}), 'E12')
    rule(E.by('close', {'time': 1}, 'ob'), 'E12')
    rule(E.by('close', {'time': 1}, 'c0', 'ob'), 'E12')
    rule(E.by('close', {'time': 1}, 'c0'), None)
    rule(E.by('close', {'time': 2}, 'c0'), 'E11')
    return E.until('end')


@case
def both_registrars_and_both_keys():
    E = Election(manifest(credentials='two-registrars', registrars=[role('r1'), role('r2', 'blue')])).until('roll')
    for who in (('r1',), ('r2',), ('r1', 'r2', 'ob'), ('r1', 'ob')):
        rule(E.by('roll', E.rolls[0], *who), 'E12')
    E.until('voting')
    row, pair = E.rows[0], [next(v for v in map(voter, range(40)) if upper(v.key) == k) for k in E.rows[0]['keys']]
    vote(E, 'E3', voters=pair[:1])
    vote(E, 'E3', voters=pair[::-1])
    vote(E, 'E3', voters=[pair[0], pair[0]])
    vote(E, 'E3', voters=pair + [voter(30)])
    vote(E, 'E1', keys=row['keys'][:1])
    vote(E, 'E1', keys=row['keys'][::-1])
    vote(E, 'E1', keys=[row['keys'][0], E.rows[1]['keys'][1]])
    vote(E, None)
    return E.until('end')


# --- the roll --------------------------------------------------------------------------------------------------------

def close_of(E, *rolls):
    return E.by('roll.close', E.roll_close(rolls), *E.two())


def roll_of(E, rows):
    raw = sv.write({'rows': sorted(rows, key=lambda r: r['keys'][0])})
    rule(E.by('roll', raw, *E.registrars()), None)
    return raw


@case
def classes_of_the_roll():
    cells = [titled('root'), dict(titled('x'), up=1), dict(titled('y'), up=1)]
    cells = [{k: c[k] for k in ('id', 'up', 'title') if k in c} for c in cells]
    m = manifest(**TWO, cells=cells, m_roll=2, secret_if_small=[{'contest': 1, 'weight': 2}])
    E = Election(m, voters=12).until('roll.close')
    rows = [dict(keys=[upper(voter(i).key)], style='all', leaf='x') for i in range(60, 90)]
    weight = lambda r, w: {**{k: r[k] for k in ('keys', 'style')}, 'weight': w, 'leaf': r['leaf']}
    rule(close_of(E, E.rolls[0], roll_of(E, rows[:1])), None)
    rule(close_of(E, E.rolls[0], roll_of(E, [dict(rows[1], style='some')])), 'E0')                  # class of one row
    rule(close_of(E, E.rolls[0], roll_of(E, [dict(rows[i], style='some') for i in (2, 3)])), None)  # of two
    rule(close_of(E, E.rolls[0], roll_of(E, [weight(r, 2) for r in rows[4:7]])), 'E0')              # contest 2 is not in secret_if_small
    rule(close_of(E, E.rolls[0], roll_of(E, [weight(r, 3) for r in rows[7:12]])), 'E0')             # five of weight 3, six needed
    rule(close_of(E, E.rolls[0], roll_of(E, [weight(r, 3) for r in rows[12:18]])), None)
    rule(close_of(E, roll_of(E, rows[18:23])), 'E0')
    rule(close_of(E, roll_of(E, rows[24:30])), None)
    rule(close_of(E, roll_of(E, [])), None)
    return E.until('end')


def large_roll(m_root):
    """roll.close over 199 rows and over 200."""
    E = Election(manifest(m_min=20, m_root=m_root, m_roll=None), voters=199).until('roll.close')
    return E, E.rolls[0], roll_of(E, [dict(keys=[upper(voter(250).key)], style='all', leaf='root')])


@case
def two_hundred_rows_and_least_minimums():
    E, most, one = large_roll(None)
    rule(close_of(E, most, one), None)
    return E


@case
def two_hundred_rows_want_larger_minimums():
    E, most, one = large_roll(4)
    rule(close_of(E, most, one), 'E0')
    rule(close_of(E, most), None)
    return E


@case
def secret_if_small_is_for_one_weight():
    E = Election(manifest(secret_if_small=[{'contest': 1, 'weight': 2}]), voters=9, weights=(1, 1, 2)).until('sealed')
    assert E.J.numbers == [[9, 0]], E.J.numbers
    return E.until('end')


@case
def last_roll_close_stands_and_only_it_repeats():
    E = Election(manifest(), voters=7).until('roll.close')
    a, bb = E.rolls[0], roll_of(E, [dict(keys=[upper(voter(60).key)], style='all', leaf='root')])
    rule(close_of(E, a), None)
    rule(close_of(E, a), 'repeated')
    rule(close_of(E, a, bb), None)
    rule(E.by('open', dict(E.opening(), count=7), *E.two()), 'E15')
    rule(close_of(E, a), None)
    rule(E.by('open', dict(E.opening(), count=8), *E.two()), 'E15')
    wrong = E.roll_close([a])
    for change in ({'count': 8}, {'root': '00' * 32}, {'cells': []}, {'cells': wrong['cells'] * 2}, {'cells': [{'leaf': 'x', 'n': 7}]}):
        rule(E.by('roll.close', dict(wrong, **change), *E.two()), 'E0')
    rule(close_of(E, a), 'repeated')
    return E.until('end')


@case
def keys_stand_once_in_either_place():
    E = Election(manifest(credentials='two-registrars', registrars=[role('r1'), role('r2', 'blue')])).until('roll.close')
    own = lambda i, j: dict(keys=[upper(voter(i).key), j], style='all', leaf='root')
    for second in (E.rows[0]['keys'][0], E.rows[3]['keys'][1], '00' * 32, 'FF' * 32, '01' * 32):
        rule(close_of(E, E.rolls[0], roll_of(E, [own(70, second)])), 'E0')
    rule(close_of(E, E.rolls[0], roll_of(E, [dict(own(72, ''), keys=[upper(voter(72).key)])])), 'E0')
    rule(close_of(E, E.rolls[0], roll_of(E, [dict(own(72, ''), keys=[upper(voter(i).key) for i in (73, 74, 75)])])), 'E0')
    return E.until('end')


# --- the ceremony ----------------------------------------------------------------------------------------------------

def shared_kappa(group):
    E = Election(manifest(group=group)).until('guardian.commit')
    s = E.guardian(2)
    s['zeta'] = E.guardian(1)['zeta']
    s['keys'] = E.keys_of(2, s)
    return E.until('guardian.keys')


@case
def one_kappa_for_two_guardians():
    E = shared_kappa('toy-64-256')
    rule(E.by('guardian.keys', E.guardian(1)['keys'], 'g1'), None)
    rule(E.by('guardian.keys', E.guardian(2)['keys'], 'g2'), 'E14')
    return E


@case
def in_tiny_groups_honest_keys_collide():
    return shared_kappa('toy-32-96').until('end')


@case
def complaints_and_a_second_attempt():
    E = Election(manifest(**THREE)).until('guardian.keys')
    complain = lambda i, against, zeta=None, attempt=None: E.by(
        'guardian.complaint', {'as': 'g%d' % i, 'attempt': attempt or E.J.attempt, 'against': against, **({'zeta': E.hz(zeta)} if zeta else {})}, 'g%d' % i)
    rule(complain(1, 'g2', E.guardian(1)['zeta']), 'E14')
    E.until('guardian.shares')
    rule(E.by('guardian.confirm', E.confirm(1), 'g1'), 'E14')
    rule(E.by('guardian.commit', E.commit(1), 'g1'), 'repeated')
    rule(E.by('guardian.commit', dict(E.commit(1), hash='00' * 32), 'g1'), 'E14')
    E.until('guardian.confirm')
    rule(E.by('guardian.shares', E.shares(1), 'g1'), 'E14')
    rule(E.by('guardian.confirm', dict(E.confirm(1), hg='00' * 32), 'g1'), 'E14')
    rule(E.by('guardian.confirm', dict(E.confirm(1), he='00' * 32), 'g1'), 'E14')
    rule(E.by('guardian.confirm', E.confirm(1), 'g1'), None)
    rule(complain(1, 'g2', E.guardian(1)['zeta']), 'E14')
    rule(complain(2, 'g2', E.guardian(2)['zeta']), 'E14')
    rule(complain(2, 'c0', E.guardian(2)['zeta']), 'E14')
    rule(complain(2, 'g1', E.guardian(3)['zeta']), 'E14')
    for attempt in (2, 2**32, 2**32 + 1, 2**53 - 1):
        rule(complain(2, 'g1', E.guardian(2)['zeta'], attempt), 'E14')
        rule(E.by('guardian.commit', dict(E.commit(1), attempt=attempt), 'g1'), 'E14')
    old = E.confirm(2), E.opening if E.J.roll else None
    rule(complain(2, 'g1', E.guardian(2)['zeta']), None)
    rule(E.by('guardian.confirm', old[0], 'g2'), 'E14')
    rule(complain(2, 'g1', None, 1), 'E14')
    E.until('guardian.shares')
    rule(complain(3, 'g1'), None)
    E.until('open')
    for attempt in (1, 2, 4, 2**32 + 3, 2**53 - 1):
        rule(E.by('open', dict(E.opening(), attempt=attempt), *E.two()), 'E15')
    return E.until('end')


def share_opened(wrong, finding):
    """g2 complains of the share that g1 sent."""
    E = Election(manifest(**THREE)).until('guardian.shares')
    rule(E.by('guardian.shares', E.shares(1, wrong), 'g1'), None)
    E.until('guardian.confirm')
    d = {'as': 'g2', 'attempt': 1, 'against': 'g1', 'zeta': E.hz(E.guardian(2)['zeta'])}
    rule(E.by('guardian.complaint', d, 'g2'), None)
    return E.until('end'), {'finding': finding}


@case
def a_wrong_share_of_the_vote_key_is_named():
    return share_opened((1, 0), 'g1 sent g2 a wrong share')


@case
def a_wrong_share_of_the_data_key_is_named():
    return share_opened((0, 1), 'g1 sent g2 a wrong share')


@case
def a_false_complaint_is_named():
    return share_opened((0, 0), 'g2 accused g1 falsely')


@case
def open_needs_everything():
    E = Election(manifest(witnesses=[witness('w%d' % i, x) for i, x in enumerate(('red', 'red', 'blue', 'green'))]))
    todo = []
    while True:
        x = E.next_honest()
        if x[0] == 'accept':
            E.J.accepts.add(sv.read(x[1])['as'])  # for later
            todo.append(x)
            continue
        if x[0] == 'open':
            break
        E.say(*x)
    E.J.accepts.clear()
    rule(E.say(*x), 'E15')
    E.say(*todo[0]), E.say(*todo[2])  # one of two of red, and blue
    rule(E.say(*x), 'E15')
    E.say(*todo[3])                   # blue and green: two of three blocs
    for field in ('k', 'kh'):
        rule(E.by('open', dict(E.opening(), **{field: 'FF' * E.g.lp}), *E.two()), 'E12')
    for change in ({'count': 7}, {'root': '00' * 32}, {'k': E.opening()['kh']}, {'kh': E.opening()['k']}, {'hg': '00' * 32}, {'he': '00' * 32}):
        rule(E.by('open', dict(E.opening(), **change), *E.two()), 'E15')
    rule(E.say(*x), None)
    rule(E.say(*todo[1]), 'E11')
    return E.until('end')


# --- form ------------------------------------------------------------------------------------------------------------

@case
def many_entries_and_one_of_them_again():
    E = Election(manifest()).until('voting')
    says = lambda i: E.by('verdict', {'as': 'w0', 'size': i, 'root': '00' * 32, 'answer': 'final', 'software': 'x'}, 'w0')
    for i in range(1100):
        rule(says(i), None)
    for i in (0, 1, 511, 512, 1099):
        rule(says(i), 'repeated')
    return E.until('end')


@case
def an_unknown_kind_is_known_by_its_envelope():
    E = Election(manifest()).until('voting')
    sigs = [{'by': 'x%02d' % i, 'sig': '00' * 64} for i in range(25)]
    for body in (b'', b'{}', b'\xff\n', b'x' * 65000):
        rule(E.put(b'{"kind":"vote","sigs":[]}\n' + body), 'E11')
        rule(E.put(b'{"kind":"vote","out":1,"sigs":[]}\n' + body), 'E11')
        rule(E.put(b'{"kind":"vote","parts":2,"sigs":[]}\n' + body), 'E11')
    rule(E.put(sv.write({'kind': 'vote', 'sigs': sigs[:24]}) + b'\n'), 'E11')
    for envelope in ({'sigs': sigs}, {'sigs': sigs[1::-1]}, {'sigs': sigs[:1] * 2}, {'sigs': [], 'x': 1}, {}, {'out': 2, 'sigs': []},
                     {'out': 1, 'parts': 2, 'sigs': []}):
        rule(E.put(sv.write({'kind': 'vote', **envelope}) + b'\n'), 'E12')
    raw = sv.write({'rows': [{'keys': ['%064X' % i], 'style': 'all', 'leaf': 'root'} for i in range(1, 600)]})
    stub = sv.write({'sha256': upper(sha(raw)), 'size': len(raw)})
    rule(E.put(*E.parts(raw), b'{"kind":"vote","parts":2,"sigs":[]}\n' + stub), 'E11')
    first = len(E.leaves)
    rule(E.put(*E.parts(raw), sv.write({'kind': 'roll', 'parts': 2, 'sigs': sigs[1::-1]}) + b'\n' + stub), 'E12')
    assert first in E.rules and first + 1 in E.rules and first - 2 not in E.rules
    return E.until('end')


@case
def parts_before_the_manifest_make_the_record_invalid():
    E = Election(manifest())
    E.leaves.insert(0, Election.parts(b'x' * 60001)[0])
    E.hashes.insert(0, sv.leaf_hash(E.leaves[0]))
    E.roots.clear()
    return E, {'answer': 'invalid'}


@case
def a_manifest_in_parts():
    return Election(manifest(title=[{'lang': 'en', 'text': 't' * 130000}])).until('end')


@case
def a_body_of_another_length_is_absent():
    E = Election(manifest()).until('voting')
    raw = sv.write({'as': 'ob', 'text': ['x']})
    stub = sv.write({'sha256': upper(sha(raw)), 'size': len(raw) + 1})
    e = sv.Entry(0)
    e.kind, e.e, e.size = 'statement', sha(raw), len(raw) + 1
    sig = upper(signer('ob').sign(sv.signed(e, E.phi, 'ob')))
    E.bodies[upper(sha(raw))] = raw
    rule(E.put(sv.write({'kind': 'statement', 'out': 1, 'sigs': [{'by': 'ob', 'sig': sig}]}) + b'\n' + stub), 'absent')
    rule(E.by('statement', raw, 'ob'), None)
    return E.until('end')
