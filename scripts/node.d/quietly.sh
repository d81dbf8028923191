# To be sourced.

# quietly COMMAND...: shows the command's output only when it fails. A function ends at its first failure, which it would
# not if it stood to the left of ||.
quietly() {
    local log
    log=$(mktemp)
    "$@" >"$log" 2>&1 &
    wait $! || {
        cat "$log" >&2
        rm "$log"
        return 1
    }
    rm "$log"
}
