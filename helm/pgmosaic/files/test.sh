# What `helm test` runs in a pod: an operator that is ready, and a topology endpoint that takes connections. Reads the
# addresses host/port METRICS and TOPOLOGY, and ATTEMPTS, one a second. Needs bash and nothing else.
set -uo pipefail

ready() (
    exec 3<>"/dev/tcp/$METRICS" || exit
    printf 'GET /q/health/ready HTTP/1.0\r\nConnection: close\r\n\r\n' >&3
    IFS= read -r -t 5 answer <&3 || exit
    [[ $answer == HTTP/1.?' 200 '* ]] || { echo "the operator answers $answer" >&2; exit 1; }
)

topology() (
    exec 3<>"/dev/tcp/$TOPOLOGY"
)

for ((attempt = 1; attempt <= ATTEMPTS; attempt++)); do
    if ready && topology; then
        echo "the operator at $METRICS is ready, and its topology endpoint at $TOPOLOGY takes connections"
        exit 0
    fi
    sleep 1
done
echo "not so after $ATTEMPTS attempts; see: kubectl describe pods -l app.kubernetes.io/name=pgmosaic-operator" >&2
exit 1
