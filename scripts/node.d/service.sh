#!/usr/bin/env bash
# Runs inside the node: pauses, resumes, stops or starts one of its processes. Usage: service.sh ACTION NAME
set -euo pipefail
. "$(dirname "$0")/services.sh"

action=$1 name=$2
pid=$(cat "/run/services/$name" 2>/dev/null) || { echo "no such process: $name; there are ${NODE_SERVICE_NAMES[*]}" >&2; exit 1; }
case $action in
pause) kill -STOP "$pid" ;;
resume) kill -CONT "$pid" ;;
stop)
    kill -KILL "$pid"
    timeout 30 tail -f /dev/null --pid="$pid" || { echo "$name has not ended" >&2; exit 1; }
    ;;
start)
    ! kill -0 "$pid" 2>/dev/null || { echo "$name runs already" >&2; exit 1; }
    begin "$name"
    ;;
*)
    echo "no such action: $action; there are pause, resume, stop, start" >&2
    exit 1
    ;;
esac
