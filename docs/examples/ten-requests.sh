#!/usr/bin/env bash
# Ten requests to a running Parley: four comments, four outcomes, each explained.
#
#   ./parley up                         (in another terminal)
#   docs/examples/ten-requests.sh [ADDRESS] [DATA]
#
# ADDRESS is http://127.0.0.1:8000 unless given, DATA (the stack's folder) ./var. Needs curl and
# python3. Ends with status 1 where an answer is not what it says here. Every post carries an
# Idempotency-Key, so a second run posts nothing twice.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
address=${1:-http://127.0.0.1:8000}
data=${2:-$root/var}
# shellcheck source=docs/examples/asking.sh
source "$root/docs/examples/asking.sh"
article=$api/articles/sunday-library
url=https://courier.example/local/sunday-library

say "1. The newsroom registers an article with its text."
key=$(token_of publisher ten-requests) || fail "no credential; is the stack's data in $data?"
ask "200 201" PUT "$article" --header "Authorization: Bearer $key" --data @- <<JSON
{
  "url": "$url",
  "title": "Port Carrick library to open on Sundays from March",
  "section": "local",
  "body": "The library in Port Carrick will open on Sundays from the first week of March, after the county council found the money for two more librarians. The building on Castle Street has been closed on Sundays since 2009.\n\nDoors will open at eleven and close at five. The reading room, the children's corner and the computers will be available; the archive stays shut at weekends. Students had asked for longer hours before the summer examinations.\n\nThe librarian, Nuala Breen, said that she expects two hundred visitors on an ordinary Sunday. The council will look at the figures after six months and decide whether the branch at Mill Road should follow."
}
JSON
echo "   registered as $(field 'it["key"]')"

say "2. A worker splits and embeds it; then relevance can be scored."
wait_for 'it["text"] == "indexed"' 200 GET "$article"
echo "   text: $(field 'it["text"]'), open: $(field 'it["is_open"]'), comments: $(field 'it["comment_count"]')"

# post NAME BODY: a comment by a reader of that name; token and id are kept for later.
post() {
    local name=$1 body=$2
    token_of reader "$name" > "$work/$name.token"
    ask 202 POST "$article/comments" --header "Authorization: Bearer $(cat "$work/$name.token")" \
        --header "Idempotency-Key: ten-requests-$name" --data "{\"body\": \"$body\"}"
    field 'it["id"]' > "$work/$name.id"
    echo "   202: $(field 'it["status"]'), $(field 'it["id"]')"
}

say "3. Ciara writes about the article."
post ciara "Sunday hours will help students who work all week. Will a librarian be in the children's corner too?"
say "4. Abel is abusive."
post abel "You are all worthless idiots. Shut up, you disgusting morons, everybody hates you."
say "5. Tomas writes about something else."
post tomas "The striker should have been sold in summer. That penalty miss cost the club the whole season and the cup as well."
say "6. Spencer drops links."
post spencer "Cheap watches: http://one.example http://two.example http://three.example"

# outcome NAME WANTED CLAUSE: read a comment as its author, once it is decided. WANTED is one or
# more of STATUS:DEMOTED; CLAUSE is that of the guideline named, or -.
outcome() {
    local name=$1 wanted=$2 clause=$3 got one
    wait_for 'it["status"] != "pending"' \
        200 GET "$api/comments/$(cat "$work/$name.id")" \
        --header "Authorization: Bearer $(cat "$work/$name.token")"
    got="$(field 'it["status"]') $(field 'it["demoted"]') $(field '(it["outcome"]["guideline"] or {}).get("clause", "-")')"
    echo "   $name: $(field 'it["status"]'). $(field 'it["outcome"]["explanation"]')"
    echo "          rules: $(field '", ".join(it["outcome"]["rules"]) or "none"')"
    for one in $wanted; do
        [ "$got" != "${one/:/ } $clause" ] || return 0
    done
    fail "$name: expected one of '$wanted' with clause $clause, got '$got'"
}

say "7. Each author reads what became of the comment, and why."
outcome ciara "published:False" -
outcome abel "held:False rejected:False" 1
outcome tomas "published:True" 3
outcome spencer "rejected:False" 7

say "8. Anybody reads the conversation (a page may be two seconds old)."
wait_for 'it["comment_count"] == 2' 200 GET "$article/comments?site=demo"
etag=$(python3 -c 'import sys; print([line.split(": ", 1)[1].strip() for line in open(sys.argv[1]) if line.lower().startswith("etag:")][0])' "$headers")
field '"\n".join("   " + t["author"]["username"] + (" (ranked lower)" if t["demoted"] else "") for t in it["threads"])'

say "9. Unchanged, it need not be sent again."
ask 304 GET "$article/comments?site=demo" --header "If-None-Match: $etag"
echo "   304 for $etag"

say "10. The front page asks for comment counts by address."
ask 200 GET "$api/counts?site=demo&url=$url"
[ "$(field "it['counts']['$url']")" = 2 ] || fail "the count is not 2"
echo "   $url: 2"

say "Ten requests, four outcomes, each explained."
