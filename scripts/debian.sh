# Debian packages that a script needs. To be sourced.

# need PROGRAM PACKAGE...: installs Debian packages unless the program, or the file of that path, is there. A service of
# theirs is not started, neither now nor with the machine.
need() {
    local program=$1
    shift
    if [ -e "$program" ] || command -v "$program" >/dev/null; then
        return
    fi
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "$program is missing: install the Debian packages $*" >&2
        exit 1
    fi
    local policy=/usr/sbin/policy-rc.d ours=
    if [ ! -e "$policy" ]; then
        ours=yes
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    local code=0
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -q -y --no-install-recommends "$@" >/dev/null 2>&1 || {
        # The lists may be missing, or older than what they name.
        apt-get update -q >/dev/null && apt-get install -q -y --no-install-recommends "$@" >/dev/null || code=$?
    }
    [ -z "$ours" ] || rm -f "$policy"
    program=$(basename "$program")
    if [ -e "/lib/systemd/system/$program.service" ] && command -v systemctl >/dev/null; then
        systemctl -q disable "$program"
    fi
    [ "$code" = 0 ] || { echo "apt-get could not install $*" >&2; exit "$code"; }
}
