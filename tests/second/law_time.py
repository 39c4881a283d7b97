"""Anchors, cut and seal, forks, and what the reader of a record holds."""
from law_cases import Election, manifest, witness, CLUB, case, cast_all, rule, seal


# --- time ------------------------------------------------------------------------------------------------------------

@case
def in_time_is_below_the_cut():
    E = Election(manifest()).until('voting')
    last = cast_all(E)
    rule(E.say('anchor', E.anchor(2100, size=last)), None)
    J = seal(E)
    assert (J.cut, list(J.state.values()).count('late')) == (last, 1), (J.cut, J.state)
    return E.until('end')


@case
def a_second_after_the_close_is_late():
    E = Election(manifest()).until('voting')
    last = cast_all(E)
    rule(E.say('anchor', E.anchor({'w0': 2100, 'w1': 2100}, size=last - 2)), None)
    rule(E.say('anchor', E.anchor({'w0': 2100, 'w1': 2101, 'w2': 2101})), None)
    rule(E.say('anchor', E.anchor({'w2': 2100}, keys=['head'], size=last)), None)
    J = seal(E)
    assert J.cut == last, (J.cut, last)  # w0 up to all, w2 up to last
    return E.until('end')


@case
def the_cut_is_what_a_policy_of_witnesses_saw():
    E = Election(manifest(witnesses=[witness('w%d' % i, x) for i, x in enumerate(('red', 'red', 'red', 'blue', 'blue'))])).until('voting')
    last = cast_all(E)
    for w, size in (('w0', last), ('w1', last - 1), ('w2', last - 2), ('w3', last - 3), ('w4', last)):
        rule(E.say('anchor', E.anchor({w: 2000}, size=size)), None)
    assert seal(E).cut == last - 3  # both blocs, and both of blue
    return E.until('end')


@case
def what_seals():
    E = Election(manifest()).until('open')
    rule(E.say('anchor', E.anchor(2200)), None)  # before open: does not seal
    E.until('voting')
    cast_all(E)
    rule(E.say('anchor', E.anchor(2100)), None)
    rule(E.say('anchor', E.anchor(2199)), None)
    rule(E.say('anchor', E.anchor({'w0': 2200}, keys=['full', 'head'])), None)
    assert E.J.phase == 'voting'
    rule(E.say('anchor', dict(E.anchor({'w1': 2200}), size=len(E.leaves) + 1)), 'E16')
    rule(E.say('anchor', E.anchor({'w1': 2200}, root=bytes(32))), 'E16')
    assert E.J.phase == 'voting'
    rule(E.say('anchor', E.anchor({'w2': 2**53 - 1}, keys=['head'], size=1)), None)
    assert E.J.phase == 'sealed'
    cut = E.J.cut
    rule(E.say('anchor', E.anchor(2000)), None)
    assert E.J.cut == cut
    return E.until('end')


@case
def without_accept_a_witness_is_none():
    E = Election(manifest())
    while E.J.phase == 'setup':
        x = E.next_honest()
        if b'"w2"' in x[1] and x[0] == 'accept':
            E.J.accepts.add('w2')
            continue
        if x[0] == 'open':
            E.J.accepts.discard('w2')
        E.say(*x)
    last = cast_all(E)
    rule(E.say('anchor', E.anchor({'w0': 2000, 'w2': 2000})), None)
    rule(E.say('anchor', E.anchor({'w1': 2000}, size=last)), None)
    rule(E.say('anchor', E.anchor({'w0': 2200, 'w2': 2200})), None)
    assert E.J.phase == 'voting'
    rule(E.say('anchor', E.anchor({'w1': 2200})), None)
    assert E.J.cut == last
    return E.until('end')


@case
def anchors_of_bad_form():
    E = Election(manifest()).until('voting')
    good = E.anchor(1500)
    rule(E.by('anchor', good, 'c0'), 'E12')
    for cosigs in ([], good['cosigs'][::-1], good['cosigs'] + good['cosigs'][-1:]):
        rule(E.say('anchor', dict(good, cosigs=cosigs)), 'E12')
    for line in ({'as': 'ob'}, {'as': 'zz'}, {'key': 'head'}, {'time': 1501}, {'sig': '00' * 64}):
        cosigs = sorted([*good['cosigs'][1:], dict(good['cosigs'][0], **line)], key=lambda c: (c['as'], c['key']))
        rule(E.say('anchor', dict(good, cosigs=cosigs)), 'E16')
    rule(E.say('anchor', dict(good, size=0)), 'E12')
    rule(E.say('anchor', good), None)
    rule(E.say('anchor', good), 'repeated')
    return E.until('end')


@case
def in_a_club_no_anchor_counts():
    E = Election(manifest(**CLUB)).until('voting')
    E.manifest = dict(E.manifest, witnesses=[witness('w0', 'red')])
    rule(E.say('anchor', E.anchor(2200)), 'E16')
    E.manifest['witnesses'] = []
    last = cast_all(E)
    E.until('sealed')
    assert E.J.cut == E.J.seal == last + 1
    return E.until('end')


# --- forks -----------------------------------------------------------------------------------------------------------

def fork(E, roots, answer):
    """roots: [(size, byte, witnesses)]."""
    for size, byte, who in roots:
        rule(E.say('anchor', E.anchor({w: 1500 for w in who}, size=size, root=bytes([byte] * 32))), 'E16')
    return E.until('end'), {'answer': answer}


@case
def a_fork_needs_one_root_of_one_size():
    return fork(Election(manifest()).until('voting'), [(5, 1, ['w0']), (5, 2, ['w1']), (6, 1, ['w2']), (5, 3, ['w0']), (4, 3, ['w1'])], 'computed')


@case
def a_fork_may_stand_in_many_anchors():
    return fork(Election(manifest()).until('voting'), [(5, 1, ['w0']), (5, 2, ['w1']), (6, 1, ['w2']), (5, 1, ['w1'])], 'invalid')


@case
def a_line_that_does_not_verify_proves_no_fork():
    E = Election(manifest()).until('voting')
    d = E.anchor({'w0': 1500, 'w1': 1500}, size=5, root=b'1' * 32)
    d['cosigs'][1]['sig'] = d['cosigs'][0]['sig']
    rule(E.say('anchor', d), 'E16')
    return E.until('end'), {'answer': 'computed', 'finding': 'another root was signed at size 5'}


@case
def a_fork_beyond_the_tree_is_none():
    return fork(Election(manifest()).until('voting'), [(500, 1, ['w0', 'w1', 'w2'])], 'computed')


@case
def a_fork_ahead_of_its_anchor_is_one():
    E = Election(manifest()).until('voting')
    return fork(E, [(len(E.leaves) + 2, 1, ['w0', 'w1'])], 'invalid')


# --- the ladder ------------------------------------------------------------------------------------------------------

def ladder(witnessed_at, final_at, answer, quorum='t-w1', **kw):
    """An anchor over a size relative to the count set's and the result's index."""
    E = Election(manifest()).until('end')
    sizes = [i + d for i, d in ((E.J.countset_at, witnessed_at), (E.J.result_at, final_at)) if d is not None]
    E.by('verdict', {'as': 'w0', 'size': 1, 'root': '00' * 32, 'answer': 'final', 'software': 'x'}, 'w0')
    for size in sizes:
        rule(E.say('anchor', E.anchor({'w1': 9000}, size=size, **kw)), None)
    return E, {'answer': answer, 'trust': E.trust('final', ('w0', 'w1'), quorum)}


@case
def the_tree_must_contain_the_count_set():
    return ladder(0, None, 'computed')


@case
def a_tree_that_ends_with_the_count_set_contains_it():
    return ladder(1, None, 'witnessed')


@case
def a_tree_that_ends_before_the_result_does_not_contain_it():
    return ladder(None, 0, 'witnessed')


@case
def a_tree_that_ends_with_the_result_contains_it():
    return ladder(None, 1, 'final')


@case
def an_older_tree_takes_nothing_back():
    E, want = ladder(None, 1, 'final')
    rule(E.say('anchor', E.anchor({'w1': 9001}, size=3)), None)
    return E, want


@case
def head_cosignatures_carry_nothing():
    return ladder(None, 1, 'computed', keys=['head'])


@case
def another_witness_carries_nothing():
    return ladder(None, 1, 'computed', quorum='t-w0')


@case
def lines_of_the_checkpoint_count():
    E = Election(manifest()).until('end')
    return E, {'answer': 'final', 'trust': E.trust('final', ('w0', 'w1'), 'both', ['group both all t-w0 t-w1']), 'cosigned': [('w0', 'full'), ('w1', 'full')]}


@case
def head_lines_of_the_checkpoint_do_not():
    E = Election(manifest()).until('end')
    return E, {'answer': 'computed', 'trust': E.trust('final', ('w0', 'w1'), 'both', ['group both all t-w0 t-w1']), 'cosigned': [('w0', 'full'), ('w1', 'head')]}


@case
def a_broken_line_of_a_known_key_is_invalid():
    E = Election(manifest()).until('end')
    return E, {'answer': 'invalid', 'trust': E.trust('computed', ('w0', 'w1'), 't-w0'), 'cosigned': [('w0', 'full'), ('w1', 'full')], 'spoiled': ('w1', 'full')}


@case
def a_broken_line_of_an_unknown_key_is_nothing():
    E = Election(manifest()).until('end')
    return E, {'answer': 'final', 'trust': E.trust('final', ('w0',), 't-w0'), 'cosigned': [('w0', 'full'), ('w1', 'full')], 'spoiled': ('w1', 'full')}
