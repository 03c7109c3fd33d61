#!/bin/sh
# Downloads by chunks over a network that breaks: goes on where it stopped, checks each chunk, never splices two states.
# usage: download.sh URL FILE [CHUNK_BYTES]     URL of the whole object, signed or not; needs curl, awk and coreutils
set -eu
url=$1 file=$2 size=${3:-262144} sep='?' etag='' have=0 tries=0
case $url in *\?*) sep='&' ;; esac
field() { awk -v n="$1:" 'tolower($1) == n { sub(/^[^ ]* */, ""); sub(/\r$/, ""); v = $0 } END { print v }' "$file.head"; }
fail() { printf '%s: %s\n' "$file" "$1" >&2 && exit 1; }
restart() { etag='' have=0 && rm -f "$file.etag" && : >"$file.part"; }
if [ -s "$file.etag" ] && [ -f "$file.part" ]; then
    etag=$(cat "$file.etag") && have=$(($(wc -c <"$file.part") / size)) # A kill may have left a piece of a chunk.
    head -c $((have * size)) "$file.part" >"$file.chunk" && mv "$file.chunk" "$file.part"
else restart; fi
while :; do
    status=$(curl -sS -m 120 --speed-limit 512 --speed-time 20 -D "$file.head" -o "$file.chunk" -w '%{http_code}' \
        ${etag:+-H "If-Match: $etag"} "$url${sep}chunk=$((have + 1))&size=$size") || status=000
    case $status in
    206)
        want=$(field content-digest | sed 's/.*sha-256=:\([^:]*\):.*/\1/' | base64 -d | od -An -vtx1 | tr -d ' \n')
        if [ "$(sha256sum <"$file.chunk" | cut -c1-64)" = "$want" ]; then
            [ -n "$etag" ] || { etag=$(field etag) && printf %s "$etag" >"$file.etag"; }
            cat "$file.chunk" >>"$file.part" || fail 'cannot be written; run again to go on'
            have=$((have + 1)) tries=0 range=$(field content-range) && last=${range%/*} total=${range#*/}
            [ $((${last##*-} + 1)) -lt "$total" ] || break
            continue
        fi ;;
    416) range=$(field content-range) && [ "${range#*/}" = $(($(wc -c <"$file.part"))) ] && break ;; # All of it is here.
    412) [ -n "$etag" ] || fail 'this address is for an earlier state of the object' && restart ;;
    408 | 425 | 429) ;;
    4*) fail "refused, $status: $(cat "$file.chunk")" ;;
    esac
    tries=$((tries + 1)) && [ $tries -le "${TRIES:-60}" ] || fail "gave up at chunk $((have + 1)); run again to go on"
    sleep "${PAUSE:-1}"
done
mv "$file.part" "$file" && rm -f "$file.etag" "$file.head" "$file.chunk"
