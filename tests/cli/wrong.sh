#!/bin/bash
# What is wrong is refused, says why, and changes nothing. $1: the program; $2: tests/cli/promise.
#
# Three elections: one with letters from a registrar and witnesses (whose log is forked), one with two registrars, one of a club
# without witnesses.
set -u
promise=$(realpath "$2")
. "$(dirname "$0")/lib.sh" "$1"
echo 'another passphrase' >other
append() { need record append "$R" --log-key log.key "$@"; }

# ---- keys -------------------------------------------------------------------------------------------------
keys() {
    : >lines
    urna role new log test.example/log --out log.key >>lines || exit 1
    urna role new commission anna --bloc a --out anna.key >>lines || exit 1
    for g in g1 g2; do urna role new guardian $g --bloc $g --out $g.key >>lines || exit 1; done
    for r in "$@"; do urna role new registrar $r --bloc $r --out $r.key >>lines || exit 1; done
}
keys rita
urna role new witness w1 --bloc x --out w1.key >>lines
urna role new witness w2 --bloc x --out w2.key >>lines
run role new guardian g1 --bloc x --out g1.key
check "a key is not overwritten" 2 '*g1.key*exist*'
run role new guardian 'G 1' --bloc x --out g9.key
check "an id has its form" 2 '*an id is*'
run role new guardian g9 --out g9.key
check "a bloc is wanted" 2 '*--bloc*'
run role show g1.key --role guardian --passphrase-file other
check "a wrong passphrase opens nothing" 2 '*g1.key*passphrase*'
run role show g1.key --role log
check "one kind of sealed file is not taken for another" 2 '*g1.key*'
run role show nothing.key --role guardian
check "a missing file is named" 2 '*nothing.key*'
run role show g1.key --role guardian --passphrase-file missing
check "a missing passphrase file is named" 2 '*missing*'
: >empty
run role show g1.key --role guardian --passphrase-file empty
check "an empty passphrase is none" 2 '*empty*'

# ---- the manifest --------------------------------------------------------------------------------------------
describe() { # CREDENTIALS
    cat <<END
urna-description-1
election new
  title en Test of wrong inputs
test
group ristretto255
quorum 2
credentials $1
device online
contest chair 1
  option maria
  option nikola
style all chair
cell town
revote
m_min 3
m_root 3
m_roll 3
open 1777622400
close 1777665600
delta 600
seal 1777666800
END
    cat lines
}
describe one-registrar >election.txt
sed 's/^quorum 2/quorum two/' election.txt >bad.txt
run election new bad.txt --out bad.body
check "a fault in the description is named with its line" 2 '*bad.txt:6:*whole number*'
sed 's/^style all chair/style all ponds/' election.txt >bad.txt
run election new bad.txt --out bad.body
check "a contest that is not there is named" 2 '*bad.txt*no contest "ponds"*'
grep -v '^seal' election.txt >bad.txt
run election new bad.txt --out bad.body
check "a line that is missing is named" 2 '*no line: seal*'
sed 's/^quorum 2/quorum 3/' election.txt >bad.txt
run election new bad.txt --out bad.body
check "a manifest that the law refuses is refused by rule" 2 '*rule E13*'
printf 'urna-description-1\nelection new\n\0' >bad.txt
run election new bad.txt --out bad.body
check "bytes that are no text are refused" 2 '*zero byte*'
that "nothing was written of all that" [ ! -e bad.body ]
need election new election.txt --out body
run election new election.txt --out body
check "a manifest is not overwritten" 2 '*body*exist*'
run election sign body --key g1.key --out bad.entry
check "a guardian's key signs no manifest" 1 '*g1.key*no member of the commission*'
need election sign body --key anna.key --out manifest.entry
run election sign manifest.entry --key anna.key --out bad.entry
check "nobody signs twice" 2 '*anna has signed*'
need election trust manifest.entry --out trust

# ---- the record ------------------------------------------------------------------------------------------------
R=record
run record append record --log-key log.key manifest.entry
check "a record begins with new" 2 '*urna record new*'
run record new record trust --log-key log.key
check "something else is no entry" 2 '*trust*'
need record new record manifest.entry --log-key log.key
run record new record manifest.entry --log-key log.key
check "a record is not begun twice" 2 '*a record is there already*'
for w in w1 w2; do need witness accept record --trust trust --key $w.key.full --out $w.accept; done
run witness accept record --trust trust --key w1.key.head --out bad.entry
check "entries of a witness are signed with the full key" 1 '*no witness of this election*full key*'
run witness accept record --key w1.key.full --out bad.entry
check "a witness needs a trust file" 2 '*no trust file*'
append w1.accept w2.accept
run record append record --log-key log.key w1.accept
check "a replayed entry is refused by rule" 1 '*w1.accept*rule repeated*'
run election open record --key anna.key --out bad.entry
check "nothing is opened too early" 1 '*roll is not closed*'
run guardian share record --trust trust --key g1.key --state g1.state --out bad.entry
check "a guardian without a state begins with keygen" 2 '*g1.state*'
for g in g1 g2; do need guardian keygen record --trust trust --key $g.key --state $g.state --out $g.commit; done
run guardian keygen record --trust trust --key g2.key --state g1.state --out bad.entry
check "a state belongs to one guardian" 1 '*state is of guardian g1*'
append g1.commit
run record append record --log-key log.key manifest.entry
check "a second manifest is refused by rule" 1 '*rule E11*'
run guardian keygen record --trust trust --key g1.key --state g1.state --out bad.entry
check "it says who is awaited" 1 '*guardian g2 is awaited*'
append g2.commit
run guardian share record --trust trust --key g1.key --state g1.state --out bad.entry
check "it says which step is next" 1 '*urna guardian keygen*'
for g in g1 g2; do need guardian keygen record --trust trust --key $g.key --state $g.state --out $g.keys; done
append g1.keys
# g2 loses its machine: a second attempt
need guardian complain record --trust trust --key g1.key --state g1.state --against g2 --out g1.complaint
append g1.complaint
run record append record --log-key log.key g2.keys
check "an entry of an older attempt is refused by rule" 1 '*g2.keys*rule E14*'
rm g2.state
for step in commit keys; do
    for g in g1 g2; do need guardian keygen record --trust trust --key $g.key --state $g.state --out $g.$step.2; done
    append g1.$step.2 g2.$step.2
done
for g in g1 g2; do need guardian share record --trust trust --key $g.key --state $g.state --out $g.shares.2; done
append g1.shares.2 g2.shares.2
for g in g1 g2; do need guardian check record --trust trust --key $g.key --state $g.state --out $g.confirm.2; done
append g1.confirm.2 g2.confirm.2

# ---- the roll, by letters ------------------------------------------------------------------------------------------
printf 'id,leaf\na-1,town\na-2,town\na-3,town\na-4,town\na-5,town\na-6,town\n' >voters.csv
printf 'id,leaf\n../a,town\n' >bad.csv
run roll letters record --voters bad.csv --out badletters --rows bad.rows
check "no letter leaves its folder" 2 '*column id*'
need roll letters record --voters voters.csv --out letters --rows rows.csv
that "a letter is readable by the registrar alone" [ "$(stat -c %a letters/a-1.txt)" = 600 ]
code() { grep -E '^    [0-9A-Z]{4}-' "letters/$1.txt" | tr -d ' '; }
that "the rows hold no code" eval '! grep -q "$(code a-1)" rows.csv'
sed '2s/,town/,mars/' rows.csv >bad.csv
run roll create record --rows bad.csv --key rita.key --out bad.entry
check "a cell that is not there is named" 2 '*row 1*mars*'
sed '3s/.*/a-2,00,town/' rows.csv >bad.csv
run roll create record --rows bad.csv --key rita.key --out bad.entry
check "a bad key is named" 2 '*row 2*key*'
need roll create record --rows rows.csv --key rita.key --out roll.entry
append roll.entry
run roll check record
check "a roll that is not closed is said to be so" 1 '*not closed*'
need roll close record --key anna.key --out rollclose.entry
sed 's/"count":6/"count":5/' rollclose.entry >bad.entry
run record append record --log-key log.key bad.entry
check "a body that was changed after signing is refused" 1 '*bad.entry*rule E12*'
run election sign bad.entry --record record --key anna.key --out worse.entry
check "nobody signs what the record does not give" 1 '*do not sign it*'
rm bad.entry
append rollclose.entry
that "the roll holds the letter's key" eval 'urna roll check record --key "$(sed -n "2s/[^,]*,\([^,]*\).*/\1/p" rows.csv)" >/dev/null'
run roll check record --key 0000000000000000000000000000000000000000000000000000000000000000
check "another key is not on the roll" 1 ''
run ballot encrypt record --trust trust --credential nobody --choose chair=maria --out bad.ballot
check "no ballot before the opening" 1 '*not open yet*'
need election open record --key anna.key --out open.entry
append open.entry

# ---- voters ---------------------------------------------------------------------------------------------------------
code a-1 >c1
sed 's/.$/0/; s/^./Z/' c1 >c1.bad
run voter new record --codes c1.bad --out bad.credential
check "a mistyped code is noticed" 2 '*c1.bad*mistyped*'
head -c 10 c1 >c1.short
run voter new record --codes c1.short --out bad.credential
check "a short code is noticed" 2 '*characters*'
run voter new record --out bad.credential
check "where registrars send codes, no key is made" 2 '*--codes*'
for v in 1 2 3 4 5 6; do
    code a-$v >c$v
    need voter new record --codes c$v --out cred$v
done
E="ballot encrypt record --trust trust --credential cred1"
run $E --choose chair=maria --choose chair=nikola --out bad.ballot
check "too many votes are refused, not made empty" 2 '*2 votes, but only 1*'
run $E --choose chair=nobody --out bad.ballot
check "an option that is not there is named" 2 '*no option "nobody"*'
run $E --choose mayor=maria --out bad.ballot
check "a contest that is not there is named" 2 '*no contest "mayor"*'
run $E --out bad.ballot
check "a contest that was forgotten is named" 2 '*chair: nothing is chosen*'
printf 'chair=maria\nchair=\n' >choices
run $E --choices choices --out bad.ballot
check "a contest that is chosen and left blank is named with its line" 2 '*choices:2:*left blank*'
printf 'chair\n' >choices
run $E --choices choices --out bad.ballot
check "a line that is no choice is named" 2 '*choices:1:*CONTEST=OPTION*'
that "nothing was written of all that" [ ! -e bad.ballot ]
for v in 1 2 3 4 5 6; do need ballot encrypt record --trust trust --credential cred$v --choose chair=maria --out ballot$v; done
run ballot cast record ballot1 --trust trust --credential cred2 --out bad.entry
check "nobody casts another's ballot" 2 '*another credential*'
run ballot cast record ballot1 --trust trust --credential cred1 --out b1.entry --passphrase-file other
check "a wrong passphrase casts nothing" 2 '*ballot1*'
need ballot cast record ballot1 --trust trust --credential cred1 --out b1.entry
need ballot cast record ballot1 --trust trust --credential cred1 --out b1.again
that "cast again gives the same bytes" cmp -s b1.entry b1.again
run ballot challenge record ballot1 --trust trust --out bad.entry
check "a ballot that was cast is never opened" 1 '*never opened*'
run ballot cast record ballot1 --trust trust --credential cred1 --out b1.entry
check "a ballot file is not overwritten" 2 '*b1.entry*exist*'
need ballot challenge record ballot6 --trust trust --out t6.entry
run ballot check record b1.entry --trust trust
check "only what was opened can be checked" 2 '*b1.entry*ballot*'
sed 's/"value":1/"value":0/' t6.entry >t6.bad
run ballot check record t6.bad --trust trust
check "an opening that lies is noticed" 1 '*t6.bad*'
run record append record --log-key log.key t6.bad
check "and the board refuses it by rule" 1 '*rule E8*V13*'
run ballot check record t6.entry --trust trust --code 0000000000000000000000000000000000000000000000000000000000000000
check "another code is noticed" 1 ''
that "and said" eval '[[ $out == *"not the one that you wrote down"* ]]'
for v in 2 3 4 5; do need ballot cast record ballot$v --trust trust --credential cred$v --out b$v.entry; done
append b1.entry b2.entry b3.entry b4.entry t6.entry
# The first digit becomes another one, whatever it was.
sed 's/"sig":"F/"sig":"0/; t; s/"sig":"./"sig":"F/' b5.entry >b5.bad
run record append record --log-key log.key b5.bad
check "a stripped or broken signature is refused by rule" 1 '*b5.bad*rule E3*'
head -c 1000 b5.entry >b5.short
run record append record --log-key log.key b5.short
check "half an entry is refused" 1 '*b5.short*rule E12*'
size=$(urna election status record --json | sed 's/.*"size":\([0-9]*\).*/\1/')
run record append record --log-key log.key b5.entry b5.bad
check "what came before a refused entry stays" 1 '*b5.bad*'
that "and only that" [ "$(urna election status record --json | sed 's/.*"size":\([0-9]*\).*/\1/')" = $((size + 1)) ]
run receipt check record --trust trust --entry b1.entry
check "in the log is not counted" 1 ''
run receipt check record --trust trust --code 0000000000000000000000000000000000000000000000000000000000000000
check "a code that is nowhere is not found" 1 ''
# a promise: of a ballot that is not there yet
phi=$(sed -n 's/^election //p' trust)
entry() { tail -n +2 "$1" | sha256sum | cut -d' ' -f1; }
need ballot encrypt record --trust trust --credential cred6 --choose chair=maria --out ballot6p
need ballot cast record ballot6p --trust trust --credential cred6 --out b6p.entry
"$promise" log.key pass "$phi" "$(entry b6p.entry)" 1777665000 b6p.promise
run receipt check record --trust trust --entry b6p.entry --promise b6p.promise
check "a promise is not yet an entry" 1 ''
that "and is called a promise" eval '[[ $out == *PROMISED* && $out != *"NOT KEPT"* ]]'
run receipt check record --trust trust --entry b1.entry --promise b6p.promise
check "a promise is about one ballot" 1 '*another ballot*'
sed '/^time/s/5000/6000/' b6p.promise >bad.promise
run receipt check record --trust trust --entry b6p.entry --promise bad.promise
check "a promise that was changed is none" 1 '*bad.promise*signed*'
run receipt check record --entry b1.entry
check "a receipt needs a trust file" 2 '*no trust file*'

# ---- witnesses ----------------------------------------------------------------------------------------------------------
W="witness cosign record --trust trust"
C="--time 1777665900" # within close + delta
cp -r record before
need $W --key w1.key.full --state w1.state --out w1.note $C
run $W --key w1.key.full --state w1.state --out w1.note $C
check "a note is not overwritten" 2 '*w1.note*exist*'
run $W --key w1.key.full --state w1.state --out bad.note --time 1777665800
check "a witness's clock does not go back" 2 '*later time*'
need $W --key w2.key.full --state w2.state --out w2.note $C
# another face of the same log
cp -r before fork
need ballot encrypt before --trust trust --credential cred6 --choose chair=nikola --out ballot6b
need ballot cast before ballot6b --trust trust --credential cred6 --out b6.entry
need record append fork --log-key log.key b6.entry
need ballot encrypt record --trust trust --credential cred1 --choose chair=nikola --out ballot1b
need ballot cast record ballot1b --trust trust --credential cred1 --out b1b.entry
append b1b.entry
need $W --key w1.key.full --state w1.state --out w1.b.note $C
run witness cosign fork --trust trust --key w1.key.full --state w1.state --out bad.note $C
check "a forked log is not signed" 1 '*FORK*'
that "and both faces are kept" eval '[ "$(ls w1.state/fork-*-signed-*.note w1.state/fork-*-shown-*.note | wc -l)" = 2 ]'
that "and no signature is given" [ ! -e bad.note ]
run witness cosign before --trust trust --key w1.key.full --state w1.state --out bad.note $C
check "an older copy is not signed" 1 '*newer copy*'
run record pull fork copy --trust trust
check "a copy is taken over" 0 ''
run record pull record copy --trust trust
check "a fork is not taken over" 1 '*FORK*'
run record cosign record w2.note
check "a line of an older checkpoint is not put on this one" 1 '*urna record anchor*'
need record anchor record w1.note w2.note --out a1.entry
run record anchor record w1.note w1.b.note --out bad.entry
check "an anchor has one size" 2 '*different sizes*'
sed 's/^quorum .*/quorum nobody/' trust >trust.bad
run witness cosign record --trust trust.bad --key w1.key.full --state w1.state --out bad.note
check "a spoiled trust file is named with its line" 2 '*trust.bad:*'
append a1.entry
# the anchor of w1's second signature (size with b1b) is withheld: the cut stays below b1b
for w in w1 w2; do need $W --key $w.key.full --state $w.state --out $w.seal.note --time 1777666900; done
need record anchor record w1.seal.note w2.seal.note --out a2.entry
append a2.entry
run receipt check record --trust trust --promise b6p.promise
check "a promise that was not kept is shown as that" 1 ''
that "with what to do" eval '[[ $out == *"NOT KEPT"*"keep them"* ]]'
need election countset record --out countset.entry
append countset.entry
run $W --key w1.key.full --state w1.state --out bad.note --time 1777667000
check "a withheld anchor is noticed" 1 '*anchor-withheld*'
need witness verdict record --trust trust --key w1.key.full --answer anchor-withheld --out verdict.entry
need $W --key w1.key.head --state w1.headstate --out w1.head.note --time 1777667000
run $W --key w2.key.full --state w2.state --received b1b.entry --out bad.note --time 1777667000
check "a withheld ballot is noticed" 1 '*ballot-withheld*'
run $W --key w2.key.full --state w2.state --known w1.b.note --out bad.note --time 1777667000
check "an anchor of another witness that was withheld is noticed" 1 '*anchor-withheld*w1*'
run guardian decrypt record --trust trust --key g1.key --state g1.state --out answers
check "no guardian decrypts without the quorum" 1 '*not under the quorum*'
grouped=$(sed -n 's/^election //p' trust | sed 's/..../& /g')
run election status record --fingerprint "$grouped"
check "a fingerprint is taken in groups, as it is printed" 0 ''
run verify record --fingerprint "$grouped" --json
that "by verify too" [ "$rc" -lt 2 ]
run verify record --fingerprint "$grouped 0"
check "but not with a digit too many" 2 '*64 hexadecimal digits*'
run verify record --fingerprint "${grouped%? }"
check "or too few" 2 '*64 hexadecimal digits*'
run guardian decrypt record --fingerprint "$(sed -n 's/^election //p' trust)" --key g1.key --state g1.state --out answers
check "a fingerprint alone decrypts nothing" 2 '*needs a trust file*'
run tally record --out tallies
check "no tally without answers" 1 '*complete*'
run election result record --out bad.entry
check "no result without tallies" 1 '*tally*'
printf 'x' | dd of=record/tile/entries/000.p/"$(ls record/tile/entries/000.p | sort -n | tail -1)" bs=1 seek=4000 conv=notrunc 2>/dev/null
run election status record
check "a record with one byte changed is refused" 1 '*not valid*'

# ---- two registrars, and a club without witnesses -------------------------------------------------------------------------
mkdir club && cd club || exit 1
keys rita rosa
describe two-registrars >election.txt
need election new election.txt --out body
need election sign body --key anna.key --out manifest.entry
need election trust manifest.entry --out trust
that "a club's trust file asks for no witnesses" grep -q '^quorum none$' trust
need record new record manifest.entry --log-key log.key
for step in commit keys; do
    for g in g1 g2; do need guardian keygen record --trust trust --key $g.key --state $g.state --out $g.$step; done
    append g1.$step g2.$step
done
for g in g1 g2; do need guardian share record --trust trust --key $g.key --state $g.state --out $g.shares; done
append g1.shares g2.shares
for g in g1 g2; do need guardian check record --trust trust --key $g.key --state $g.state --out $g.confirm; done
append g1.confirm g2.confirm
printf 'id\na\nb\nc\nd\ne\nf\n' >voters.csv
need roll letters manifest.entry --voters voters.csv --out letters1 --rows rows1.csv
need roll letters manifest.entry --voters voters.csv --out letters2 --rows rows2.csv --factor 2
run roll create record --rows rows1.csv --key rita.key --out bad.entry
check "two registrars give two lists" 2 '*--rows2*'
need roll create record --rows rows1.csv --rows2 rows2.csv --key rita.key --out roll.1
run record append record --log-key log.key roll.1
check "and two signatures" 1 '*rule E12*'
need election sign roll.1 --record record --key rosa.key --out roll.entry
append roll.entry
need roll close record --key anna.key --out rollclose.entry
append rollclose.entry
need election open record --key anna.key --out open.entry
append open.entry
for v in a b c d; do
    grep -hE '^    [0-9A-Z]{4}-' letters1/$v.txt letters2/$v.txt >codes.$v
    need voter new record --codes codes.$v --out cred.$v
    need ballot encrypt record --trust trust --credential cred.$v --choose chair=nikola --out ballot.$v
    need ballot cast record ballot.$v --trust trust --credential cred.$v --out $v.entry
    append $v.entry
done
run record append ../fork --log-key log.key a.entry
check "the key of another log appends nothing" 1 '*not signed by the log*'
run record append record --log-key log.key ../b1.entry
check "a ballot of another election is refused by rule" 1 '*b1.entry*rule *'
run ballot encrypt record --trust ../trust --credential cred.a --choose chair=nikola --out bad.ballot
check "the record of another election is not the one that is meant" 1 '*another election*'
run ballot encrypt record --trust trust --credential ../cred1 --choose chair=nikola --out bad.ballot
check "a credential of another election is of no use" 1 '*cred1*another election*'
run election close record --key anna.key --time 1777660000 --out bad.entry
check "a club does not close early" 1 '*later time*'
need election close record --key anna.key --time 1777665600 --out close.entry
append close.entry
run ballot cast record ballot.a --trust trust --credential cred.a --out again.entry
check "after the close the same bytes still come out" 0 ''
run record append record --log-key log.key again.entry
check "but are refused by rule" 1 '*again.entry*rule *'
need election countset record --out countset.entry
append countset.entry
for step in commit reveal respond; do
    for g in g1 g2; do need guardian decrypt record --trust trust --key $g.key --state $g.state --out answers; done
    append answers/decrypt.$step-*
done
run guardian decrypt record --trust trust --key g1.key --state g1.state --attempt 2 --out answers2
check "a second session of the same count set is possible" 0 ''
need tally record --out tallies
append tallies/tally-1.entry
need election result record --out result.entry
append result.entry
run receipt check record --trust trust --entry a.entry
check "a club's receipt is counted, on the board's word" 0 ''
that "and says so" eval '[[ $out == *"COUNTED"*"word"* ]]'
run verify record --trust trust
check "the club's election is computed" 0 ''
that "every line of record cat is JSON" eval 'urna record cat record | python3 -c "import json,sys; [json.loads(l)[\"body\"] for l in sys.stdin]"'
for c in "election status record" "roll check record" "receipt check record --trust trust --entry a.entry" "record ls record --kind open"; do
    that "$c --json is JSON" eval "urna $c --json | python3 -m json.tool >/dev/null"
done

echo "1..$n"
exit $failed
