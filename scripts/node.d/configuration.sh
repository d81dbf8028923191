# Configuration files of containerd, its network plugin, the kubelet and the DNS server. To be sourced.

configuration() {
    local at=$NODE_STATE/configuration
    mkdir -p "$at/cni" "$NODE_STATE"/{containerd,kubelet,logs,volumes,network}
    cat >"$at/containerd.toml" <<EOF
version = 2
root = "$NODE_STATE/containerd"
state = "/run/containerd"
# Not every machine lets a process lower its score.
oom_score = 0

[grpc]
address = "/run/containerd/containerd.sock"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "localhost/pause:node"
restrict_oom_score_adj = true

[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "overlayfs"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "$at/cni"
EOF
    # Every pod has a cable of its own to the node, so that all traffic between pods passes the node's packet filter.
    cat >"$at/cni/10-node.conflist" <<EOF
{
  "cniVersion": "0.4.0",
  "name": "node",
  "plugins": [
    {
      "type": "ptp",
      "ipMasq": false,
      "ipam": {
        "type": "host-local",
        "dataDir": "/run/cni",
        "ranges": [[{"subnet": "$NODE_PODS"}]],
        "routes": [{"dst": "0.0.0.0/0"}]
      }
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
EOF
    cat >"$at/kubelet.yaml" <<EOF
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: $NODE_STATE/credentials/ca.crt}
authorization: {mode: Webhook}
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
cgroupDriver: cgroupfs
cgroupRoot: /$NODE_CGROUP
failCgroupV1: false
failSwapOn: false
localStorageCapacityIsolation: false
clusterDomain: cluster.local
clusterDNS: [$NODE_ADDRESS]
resolvConf: ""
podLogsDir: $NODE_STATE/logs/pods
volumePluginDir: $NODE_STATE/kubelet-plugins
evictionHard:
  memory.available: 100Mi
  nodefs.available: 1%
  nodefs.inodesFree: 1%
  imagefs.available: 1%
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
serializeImagePulls: false
EOF
    cat >"$at/Corefile" <<EOF
.:53 {
    bind $NODE_ADDRESS
    errors
    kubernetes cluster.local in-addr.arpa {
        kubeconfig $NODE_STATE/credentials/dns.kubeconfig node
        pods insecure
        ttl 1
    }
}
EOF
}
