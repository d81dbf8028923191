# Start and end of the node, seen from the machine outside. To be sourced.

node_pid() { cat "$NODE_STATE/pid" 2>/dev/null; }

# The number may have gone to another process since: only one that is process 1 of its namespaces is the node.
running() {
    local pid
    pid=$(node_pid) && [ -d "/proc/$pid" ] && grep -qE '^NSpid:.*[[:space:]]1$' "/proc/$pid/status" &&
        tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q 'node.d/inside.sh'
}

inside() {
    running || { echo "the node does not run" >&2; exit 1; }
    nsenter --target "$(node_pid)" --mount --net --pid --ipc --uts -- \
        env "PATH=/run/bin:$PATH" "$@"
}

# until_true SECONDS WHAT COMMAND...: tries every 200 ms.
until_true() {
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        running || { echo "the node ended; its logs are in $NODE_STATE/logs" >&2; return 1; }
        [ "$SECONDS" -lt "$deadline" ] || { echo "$what: not in time; logs are in $NODE_STATE/logs" >&2; return 1; }
        sleep 0.2
    done
}

start() {
    [ "$(id -u)" = 0 ] || { echo "starting a node needs root" >&2; exit 1; }
    ! running || { echo "the node runs already: scripts/node stop ends it" >&2; exit 1; }
    local archives=("$@")
    if [ ${#archives[@]} -eq 0 ]; then
        mapfile -t archives < <(compgen -G 'images/target/*.tar')
    fi
    programs
    stop
    local began=$SECONDS
    mkdir -p "$NODE_STATE"
    credentials
    configuration
    keep_sysctls
    make_cgroups
    setsid unshare --mount --net --pid --ipc --uts --fork --mount-proc --propagation private \
        bash "$PWD/scripts/node.d/inside.sh" </dev/null >"$NODE_STATE/logs/node.log" 2>&1 &
    local outer=$! pid=
    until pid=$(pgrep -P "$outer") && grep -q inside.sh "/proc/$pid/cmdline"; do
        kill -0 "$outer" 2>/dev/null || { cat "$NODE_STATE/logs/node.log" >&2; exit 1; }
        sleep 0.05
    done
    echo "$pid" >"$NODE_STATE/pid"
    cable "$pid"
    until_true 90 "the API server's readiness" api /readyz
    load "$NODE_BIN/pause.tar" "${archives[@]}"
    until_true 60 "the node's registration" api "/api/v1/nodes/$NODE_NAME"
    storage_class
    volumes "$NODE_VOLUMES"
    until_true 60 "the node's readiness" ready
    echo "The node is Ready after $((SECONDS - began)) s."
    echo "export KUBECONFIG=$NODE_STATE/kubeconfig"
}

cable() {
    ip link add "$NODE_LINK" type veth peer name eth0 netns "$1"
    ip address add "$NODE_HOST_ADDRESS" peer "$NODE_ADDRESS" dev "$NODE_LINK"
    ip link set "$NODE_LINK" up
    ip route add "$NODE_PODS" via "$NODE_ADDRESS"
    ip route add "$NODE_SERVICES" via "$NODE_ADDRESS"
    nsenter --target "$1" --net ip link set eth0 up
    nsenter --target "$1" --net ip address add "$NODE_ADDRESS" peer "$NODE_HOST_ADDRESS" dev eth0
    # What the node itself sends to a Service, such as the API server to a webhook, needs a route before kube-proxy's rules
    # give it the address of a pod.
    nsenter --target "$1" --net ip route add "$NODE_SERVICES" dev eth0
}

# The kubelet sets these for the whole machine; stop puts them back.
keep_sysctls() {
    sysctl vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys \
        kernel.keys.root_maxbytes 2>/dev/null >"$NODE_STATE/sysctls" || true
}

load() {
    local archive
    until_true 30 containerd inside ctr --address /run/containerd/containerd.sock version
    for archive in "$@"; do
        inside ctr --address /run/containerd/containerd.sock --namespace k8s.io images import \
            "$(realpath "$archive")" >/dev/null
    done
}

status() {
    local name pid
    running || { echo "The node does not run."; exit 1; }
    for name in $(inside ls /run/services); do
        pid=$(inside cat "/run/services/$name")
        printf '%-26s %s\n' "$name" "$(inside ps -o stat=,etime=,rss= -p "$pid" 2>/dev/null |
            awk '{ printf "%s, for %s, %d MiB", ($1 ~ /^T/ ? "paused" : "runs"), $2, $3 / 1024 }' | grep . || echo ended)"
    done
    if ready; then echo "$NODE_NAME is Ready; KUBECONFIG is $NODE_STATE/kubeconfig"; else echo "$NODE_NAME is not Ready"; fi
}

stop() {
    local pid
    if running; then
        pid=$(node_pid)
        # With process 1 the kernel ends every other one of its namespace, and the mounts and the network go with them.
        kill -KILL "$pid"
        timeout 60 tail -f /dev/null --pid="$pid" || { echo "the node has not ended" >&2; exit 1; }
    fi
    [ -d "$NODE_STATE" ] || return 0
    [ ! -s "$NODE_STATE/sysctls" ] || sysctl -q -p "$NODE_STATE/sysctls"
    ! ip link show "$NODE_LINK" >/dev/null 2>&1 || ip link delete "$NODE_LINK"
    remove_cgroups
    rmdir /var/lib/cni 2>/dev/null || true
    rm -rf "$NODE_STATE"
}
