#!/bin/bash
# Texts, files and redactions go into a record, and what is wrong with them is said. $1: the program.
set -u
. "$(dirname "$0")/lib.sh" "$1"
append() { need record append record --log-key log.key "$@"; }

urna role new log test.example/log --out log.key >lines
for c in anna boris; do urna role new commission $c --bloc $c --out $c.key >>lines; done
urna role new registrar rita --bloc rita --out rita.key >>lines
for g in g1 g2; do urna role new guardian $g --bloc $g --out $g.key >>lines; done
urna role new observer olga --bloc o --out olga.key >>lines
urna role new observer otto --bloc o --out otto.key >unknown
urna role new witness w1 --bloc x --name w1.example --out w1.key >>lines
{
    printf '%s\n' urna-description-1 'election new' '  title en Test of texts' test 'group ristretto255' 'quorum 2' \
        'credentials one-registrar' 'device online' 'contest chair 1' '  option maria' '  option nikola' 'style all chair' \
        'cell town' 'm_min 3' 'm_root 3' 'm_roll 3' 'open 1777622400' 'close 1777665600' 'delta 600' 'seal 1777666800'
    cat lines
} >election.txt
need election new election.txt --out body
need election sign body --key anna.key --out one.entry
need election sign one.entry --key boris.key --out manifest.entry
need election trust manifest.entry --out trust
need record new record manifest.entry --log-key log.key

say() { run record say record --key olga.key --out bad.entry "$@"; }
printf 'The door was "closed".\nA b\\c \xc3\xa9.\n' >good.txt
printf 'photo\0\377' >photo
printf 'good\nbad \001 line\n' >bad1.txt
printf 'good\ngood\nbad \377\n' >bad2.txt
printf 'a\0b\n' >bad3.txt
: >bad4.txt
say --kind rumour --text good.txt
check "another kind is refused" 2 '*--kind*'
say --kind incident --text bad1.txt
check "a control character is named with its line" 2 '*bad1.txt:2:*'
say --kind incident --text bad2.txt
check "what is not UTF-8 is named with its line" 2 '*bad2.txt:3:*'
say --kind incident --text bad3.txt
check "a zero byte is no text" 2 '*bad3.txt*zero byte*'
say --kind incident --text bad4.txt
check "no text is no statement" 2 '*bad4.txt*no text*'
say --kind incident --text good.txt --about 12
check "a hash has 64 digits" 2 '*--about*64*'
say --kind incident --text good.txt --file missing
check "a missing file is named" 2 '*missing*'
run record say record --kind incident --text good.txt --key otto.key --out bad.entry
check "who is not in the manifest says nothing" 1 '*otto.key*nobody*'
truncate -s 67108865 big
run record attach record big --key olga.key --out bad.entry
check "a file over 64 MiB is refused" 2 '*big*'
say --kind incident --text good.txt --file photo --file missing
check "the second file is missing" 2 '*missing*'
say --kind incident --text good.txt --file photo --file big
check "the second file is too big" 2 '*big*'
rm big
cp photo copy
say --kind incident --text good.txt --file photo --file copy
check "the same bytes twice are one file" 2 '*copy*same bytes as photo*'
head -c 40000000 /dev/zero | tr '\0' a >long.txt
say --kind incident --text long.txt --file photo
check "a text that is too long" 2 '*long.txt*'
rm long.txt
(trap '' XFSZ; ulimit -f 1; urna record say record --key olga.key --out bad.entry --kind incident --text good.txt --file photo --file "$dir/bin/urna" >last 2>err </dev/null)
rc=$? err=$(cat err)
check "there is no room for the second file" 3 '*bad.entry.attachment-2*'
that "nothing was written of all that" eval '[ -z "$(ls -d bad.entry* 2>/dev/null)" ]'
: >bad.entry.attachment-2
say --kind incident --text good.txt --file photo --file pass
check "a name that is taken is said first" 2 '*bad.entry.attachment-2*exists*'
that "and what lies there stays" eval '[ "$(ls bad.entry*)" = bad.entry.attachment-2 ]'
rm bad.entry.attachment-2

hash=$(sha256sum photo | cut -c1-64 | tr a-f A-F)
about=$(urna record cat record --index 0 | sed 's/.*"entry":"\([0-9A-F]*\)".*/\1/')
need record say record --kind statement --key olga.key --text good.txt --about "$about" --file photo --out s.entry
need record say record --kind incident --key w1.key.full --text good.txt --out i.entry
need record say record --kind complaint --key anna.key --text good.txt --out c.entry
need record attach record photo --key g1.key --out a.entry
run record say record --kind incident --key olga.key --text good.txt --out s.entry
check "an entry is not overwritten" 2 '*s.entry*exist*'
append s.entry s.entry.attachment-1 i.entry c.entry
for kind in statement attachment incident complaint; do
    that "$kind is in the list, and accepted" eval "urna record ls record --kind $kind --ascii | grep -q 'accepted *$kind'"
done
line=$(urna record cat record --kind statement)
that "the words, the hash and the entry it is about are there" eval '[[ $line == *"\"closed\\\""* && $line == *$hash* && $line == *$about* ]]'
run record append record --log-key log.key a.entry
check "the same file twice is refused by rule" 1 '*a.entry*rule *'
run record export record record/tile/inside.tar.zst
check "an archive has no place inside its record" 2 '*inside.tar.zst*inside the record*'
run record export record inside.tar.zst
check "beside it has" 0 ''
for text in one two; do
    echo $text >$text.txt
    need record say record --kind statement --key olga.key --text $text.txt --out say-$text
done
before=$(urna record ls record | wc -l)
run record append record --log-key log.key say-one a.entry say-two --json
check "of several one is refused" 1 '*a.entry*rule *'
that "what was taken before it is told, and only that" eval '[ "$(python3 -c "import json,sys; print([x[\"index\"] for x in json.loads(sys.argv[1])[\"appended\"]])" "$out")" = "[$before]" ]'
that "and stands there" [ "$(urna record ls record | wc -l)" -eq $((before + 1)) ]
(trap '' XFSZ; ulimit -f 0; urna record append record --log-key log.key say-two 2>/dev/null </dev/null; echo "rc $?") | cat >said
that "nothing is told of an entry that was not made durable" [ "$(cat said)" = "rc 3" ]
run verify record --trust trust --json
that "the record still holds together" eval '[[ $out == *\"consistent\"* ]]'

redact() { run election redact record --key anna.key --out bad.entry "$@"; }
redact --hash "$hash" --reason dislike
check "another reason is refused" 2 '*--reason*'
redact --hash 12 --reason threat
check "a short hash is refused" 2 '*--hash*'
redact --hash "$about" --reason threat
check "only texts and files are redacted" 1 '*has this hash*'
run election redact record --hash "$hash" --reason threat --key olga.key --out bad.entry
check "an observer redacts nothing" 1 '*no member of the commission*'
that "nothing was written of that either" [ ! -e bad.entry ]
need election redact record --hash "$hash" --reason threat --key anna.key --out r1
run record append record --log-key log.key r1
check "one signature is too few" 1 '*rule E12*'
need election sign r1 --record record --key boris.key --out r2
append r2
rm "record/body/$hash"
run verify record --trust trust --json
that "without the bytes the record still holds together, and says who redacted" eval '[[ $out == *\"consistent\"* && $out == *redacted*threat* ]]'
echo "1..$n"
exit $failed
