# The node's processes: how each is started, in the order in which they are. To be sourced, inside the node.

NODE_SERVICE_NAMES=(etcd kube-apiserver kube-controller-manager kube-scheduler containerd kubelet kube-proxy dns)

# begin NAME: starts that process, with its number in /run/services and its output in the state's logs.
begin() {
    local secrets=$NODE_STATE/credentials configuration=$NODE_STATE/configuration
    local -a run
    case $1 in
    # The memory file system: nothing of the node outlives it, and no disk slows it down.
    etcd) run=(etcd --data-dir /run/etcd --name node
        --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379
        --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380
        --initial-cluster node=http://127.0.0.1:2380 --logger zap) ;;
    kube-apiserver) run=("$NODE_BIN/kube-apiserver" --etcd-servers http://127.0.0.1:2379
        --bind-address 0.0.0.0 --advertise-address "$NODE_ADDRESS" --secure-port 6443
        --tls-cert-file "$secrets/apiserver.crt" --tls-private-key-file "$secrets/apiserver.key"
        --client-ca-file "$secrets/ca.crt" --token-auth-file "$secrets/tokens.csv"
        --kubelet-client-certificate "$secrets/kubelet-client.crt" --kubelet-client-key "$secrets/kubelet-client.key"
        --kubelet-preferred-address-types InternalIP
        --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction
        --service-account-issuer https://kubernetes.default.svc.cluster.local
        --service-account-signing-key-file "$secrets/service-accounts.key"
        --service-account-key-file "$secrets/service-accounts.pub"
        --service-cluster-ip-range "$NODE_SERVICES" --allow-privileged) ;;
    kube-controller-manager) run=("$NODE_BIN/kube-controller-manager" --kubeconfig "$secrets/$1.kubeconfig"
        --service-account-private-key-file "$secrets/service-accounts.key" --root-ca-file "$secrets/ca.crt"
        --use-service-account-credentials --leader-elect=false --bind-address 127.0.0.1) ;;
    kube-scheduler) run=("$NODE_BIN/kube-scheduler" --kubeconfig "$secrets/$1.kubeconfig"
        --leader-elect=false --bind-address 127.0.0.1) ;;
    containerd) run=(containerd --config "$configuration/containerd.toml") ;;
    kubelet) run=("$NODE_BIN/kubelet" --config "$configuration/kubelet.yaml" --kubeconfig "$secrets/$1.kubeconfig"
        --root-dir "$NODE_STATE/kubelet" --cert-dir "$NODE_STATE/kubelet/pki"
        --hostname-override "$NODE_NAME" --node-ip "$NODE_ADDRESS") ;;
    # The limits of the connection table are the whole machine's, and stay as they are.
    kube-proxy) run=("$NODE_BIN/kube-proxy" --kubeconfig "$secrets/$1.kubeconfig" --proxy-mode iptables
        --cluster-cidr "$NODE_PODS" --hostname-override "$NODE_NAME" --bind-address "$NODE_ADDRESS"
        --conntrack-max-per-core 0 --conntrack-tcp-timeout-established 0 --conntrack-tcp-timeout-close-wait 0) ;;
    dns) run=("$NODE_DNS" -conf "$configuration/Corefile") ;;
    *)
        echo "no such process: $1; there are ${NODE_SERVICE_NAMES[*]}" >&2
        return 1
        ;;
    esac
    mkdir -p /run/services
    setsid "${run[@]}" </dev/null >>"$NODE_STATE/logs/$1.log" 2>&1 &
    echo $! >"/run/services/$1"
}
