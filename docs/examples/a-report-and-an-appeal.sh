#!/usr/bin/env bash
# From a report to its outcome and from a refusal to its appeal, on a running Parley.
#
#   ./parley up                         (in another terminal)
#   docs/examples/a-report-and-an-appeal.sh [ADDRESS] [DATA]
#
# ADDRESS is http://127.0.0.1:8000 unless given, DATA (the stack's folder) ./var. Needs curl and
# python3. Ends with status 1 where an answer is not what it says here. People get new names each
# time, so that it can be run again. It waits once for the undo window of a decision to close.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
address=${1:-http://127.0.0.1:8000}
data=${2:-$root/var}
# shellcheck source=docs/examples/asking.sh
source "$root/docs/examples/asking.sh"
run=$(date +%s)$RANDOM
article=$api/articles/ferry-times

# header NAME: the Authorization header of somebody whose token was kept.
header() { printf 'Authorization: Bearer %s' "$(cat "$work/$1.token")"; }
sign_in() { token_of reader "$1-$run" > "$work/$1.token"; }
desk() { token_of moderator "$1-$run" --role "$2" > "$work/$1.token"; }

say "1. An article, three readers, a moderator and a lead."
key=$(token_of publisher examples) || fail "no credential; is the stack's data in $data?"
ask "200 201" PUT "$article" --header "Authorization: Bearer $key" \
    --data '{"title": "New timetable for the ferry", "body": "The ferry will sail every fifteen minutes from Monday, the harbour board has said. The last boat leaves at ten."}'
for name in ciara bob abel; do sign_in "$name"; done
desk mairead moderator
desk cormac lead

say "2. Ciara's comment is published; Bob reports it, twice."
ask 202 POST "$article/comments" --header "$(header ciara)" \
    --data "{\"body\": \"The last ferry at ten is too early for people who work in the hotels. ($run)\"}"
comment=$(field 'it["id"]')
wait_for 'it["status"] == "published"' 200 GET "$api/comments/$comment" --header "$(header ciara)"
ask 201 POST "$api/comments/$comment/reports" --header "$(header bob)" --data '{"guideline": "on_topic"}'
echo "   $(field 'it["message"]')"
ask 200 POST "$api/comments/$comment/reports" --header "$(header bob)" --data '{"guideline": "civil"}'
ask 422 POST "$api/comments/$comment/reports" --header "$(header bob)" --data '{"guideline": "nonsense"}'
ask 409 POST "$api/comments/$comment/reports" --header "$(header ciara)" --data '{"guideline": "civil"}'
echo "   one's own: $(field 'it["detail"]')"

# item COMMENT: the review item of a comment, into the last answer.
item() {
    wait_for "any(i['comment_id'] == '$1' for i in it['items'])" \
        200 GET "$api/moderation/queue?limit=200" --header "$(header mairead)"
    id=$(field "next(i['id'] for i in it['items'] if i['comment_id'] == '$1')")
    version=$(field "next(i['version'] for i in it['items'] if i['comment_id'] == '$1')")
}

say "3. The report is in the queue, with what its priority is made of; Mairéad keeps the comment."
item "$comment"
ask 200 GET "$api/moderation/items/$id" --header "$(header mairead)"
echo "   reasons: $(field '", ".join(it["reasons"])'), priority: $(field '{k: round(v, 1) for k, v in it["priority"].items()}')"
ask 201 POST "$api/moderation/items/$id/decisions" --header "$(header mairead)" \
    --data "{\"action\": \"approve\", \"version\": $version}"
ask 409 POST "$api/moderation/items/$id/decisions" --header "$(header mairead)" \
    --data "{\"action\": \"approve\", \"version\": $version}"
echo "   a second time: $(field 'it["code"]')"

say "4. Abel's comment is held; refusing it needs the guideline that was broken."
ask 202 POST "$article/comments" --header "$(header abel)" \
    --data "{\"body\": \"You are all worthless idiots, shut up, you disgusting morons. ($run)\"}"
abuse=$(field 'it["id"]')
item "$abuse"
ask 422 POST "$api/moderation/items/$id/decisions" --header "$(header mairead)" \
    --data "{\"action\": \"reject\", \"version\": $version}"
echo "   without one: $(field 'it["errors"]["guideline"][0]')"
ask 201 POST "$api/moderation/items/$id/decisions" --header "$(header mairead)" \
    --data "{\"action\": \"reject\", \"guideline\": \"civil\", \"version\": $version}"
decision=$(field 'it["decision"]["id"]')

say "5. Once it can no longer be undone, Bob and Abel are told."
wait_for 'it["decisions"] != []' 200 GET "$api/me/decisions" --header "$(header abel)"
field '"   to Abel: " + next(d for d in it["decisions"] if d["comment_id"])["statement"]["ground"]'
ask 200 GET "$api/me/reports" --header "$(header bob)"
echo "   Bob's report: $(field 'it["reports"][0]["state"]')"

say "6. Abel appeals. Mairéad may not answer it herself; Cormac overturns it."
ask 201 POST "$api/decisions/$decision/appeals" --header "$(header abel)" \
    --data '{"body": "I was quoting what somebody shouted at the meeting."}'
appeal=$(field 'it["id"]')
ask 409 POST "$api/moderation/appeals/$appeal/decisions" --header "$(header mairead)" \
    --data '{"outcome": "uphold", "reasons": "It stands."}'
echo "   Mairéad: $(field 'it["detail"]')"
ask 201 POST "$api/moderation/appeals/$appeal/decisions" --header "$(header cormac)" \
    --data '{"outcome": "overturn", "reasons": "It is a quotation."}'
ask 200 GET "$api/me/appeals" --header "$(header abel)"
echo "   Abel's appeal: $(field 'it["appeals"][0]["state"]')"

say "7. Somebody without an account says that a comment is illegal."
ask 201 POST "$api/comments/$comment/notices?site=demo" --data '{
    "category": "defamation", "name": "M. Brennan", "email": "m.brennan@example.org", "good_faith": true,
    "explanation": "It says of the harbour board what is not true, and I can show that it is not."}'
reference=$(field 'it["reference"]') secret=$(field 'it["secret"]')
ask 200 GET "$api/notices/$reference?site=demo" --header "X-Notice-Secret: $secret"
echo "   $reference: $(field 'it["state"]')"

say "8. The log of all this is sealed, and verifies."
ask 200 GET "$api/moderation/log?comment=$abuse" --header "$(header mairead)"
field '"   " + ", ".join(e["kind"] for e in it["events"])'
"${parley[@]}" audit verify --site demo --data "$data"

say "One report answered, one refusal appealed and overturned, one notice received."
