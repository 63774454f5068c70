# What the examples share: asking a running Parley over HTTP, and saying so where an answer is wrong.
# Sourced with `address` and `data` set; needs curl and python3. Another command that prints tokens
# may be named in PARLEY.
parley=("$root/parley")
[ -z "${PARLEY:-}" ] || read -r -a parley <<< "$PARLEY"
api=$address/api/v1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
answer=$work/answer headers=$work/headers

fail() {
    echo "FAILED: $*" >&2
    [ ! -s "$answer" ] || cat "$answer" >&2
    exit 1
}

# ask STATUS METHOD URL [curl's options ...]: one request; its body is then in $answer.
ask() {
    local wanted=$1 method=$2 target=$3 got
    shift 3
    : > "$answer"
    got=$(curl --silent --show-error --max-time 20 --request "$method" "$target" \
        --header "Content-Type: application/json" "$@" \
        --dump-header "$headers" --output "$answer" --write-out '%{http_code}') ||
        fail "nothing answers at $address; start it with: ./parley up"
    [[ " $wanted " == *" $got "* ]] || fail "$method $target answered $got, not $wanted"
}

# field EXPRESSION: a value out of the last answer, which is called `it`.
field() {
    python3 -c 'import json, sys; it = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' \
        "$answer" "$1"
}

# token_of reader|publisher|moderator NAME [OPTIONS]: a credential of the running stack.
token_of() { "${parley[@]}" token "$@" --site demo --data "$data"; }

say() { printf '\n%s\n' "$*"; }

# wait_for EXPRESSION STATUS METHOD URL ...: ask again, for a minute at most, until it is True.
wait_for() {
    local expression=$1 tries
    shift
    for ((tries = 1; tries <= 300; tries++)); do
        ask "$@"
        [ "$(field "$expression")" != True ] || return 0
        sleep 0.2
    done
    fail "waited a minute for: $expression (asked 300 times)"
}
