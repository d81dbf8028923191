# The node's programs: Debian packages, and Kubernetes and CoreDNS compiled. To be sourced.

programs() {
    need etcd etcd-server
    need containerd containerd
    need runc runc
    need /usr/lib/cni/ptp containernetworking-plugins
    need iptables iptables
    need ip iproute2
    need nsenter util-linux
    need mount mount
    need curl curl
    need openssl openssl
    need gcc gcc libc6-dev
    need umoci umoci
    compile_kubernetes
    compile_coredns
    pause_image
}

# Go's own archive unpacks to a folder that is not on every PATH.
go_command() {
    command -v go || { [ -x /usr/local/go/bin/go ] && echo /usr/local/go/bin/go; } || {
        echo "Go is missing: install Go 1.24 or newer to compile Kubernetes" >&2
        return 1
    }
}

compile_kubernetes() {
    local commands=(kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy) missing=() command go
    command -v kubectl >/dev/null || commands+=(kubectl)
    for command in "${commands[@]}"; do
        [ -x "$NODE_BIN/$command" ] || missing+=("k8s.io/kubernetes/cmd/$command")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    go=$(go_command)
    echo "Compiling Kubernetes $NODE_KUBERNETES: ${missing[*]##*/} ..." >&2
    quietly build_kubernetes "$go" "${missing[@]}"
}

# build_kubernetes GO PACKAGE...
build_kubernetes() {
    local go=$1 staging=v0.${NODE_KUBERNETES#1.} minor=${NODE_KUBERNETES#1.} version=k8s.io/component-base/version upstream
    shift
    WORK=$(mktemp -d)
    trap 'rm -rf "$WORK"' EXIT
    cd "$WORK"
    upstream=$("$go" mod download -json "k8s.io/kubernetes@v$NODE_KUBERNETES" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
    {
        printf 'module node\n\ngo 1.24.0\n\ngodebug default=go1.24\n\nrequire k8s.io/kubernetes v%s\n\nreplace (\n' \
            "$NODE_KUBERNETES"
        # The staging modules are folders of the Kubernetes repository; outside of it their releases take their place.
        sed -n '/^replace (/,/^)/p' "$upstream" | awk -v v="$staging" '/=>/ { print "\t" $1 " => " $1 " " v }'
        printf ')\n'
    } >go.mod
    export GOFLAGS=-mod=mod CGO_ENABLED=0
    "$go" get "${@/%/@v$NODE_KUBERNETES}"
    mkdir bin
    "$go" build -trimpath -o bin/ -ldflags "-s -w -X $version.gitVersion=v$NODE_KUBERNETES -X $version.gitMajor=1 \
        -X $version.gitMinor=${minor%%.*}" "$@"
    mkdir -p "$NODE_BIN"
    mv bin/* "$NODE_BIN/"
}

compile_coredns() {
    local go
    [ ! -x "$NODE_DNS" ] || return 0
    go=$(go_command)
    echo "Compiling CoreDNS $NODE_COREDNS ..." >&2
    quietly build_coredns "$go" "$PWD/scripts/node.d/coredns/main.go"
}

# build_coredns GO SOURCE
build_coredns() {
    local staging=v0.${NODE_KUBERNETES#1.}
    WORK=$(mktemp -d)
    trap 'rm -rf "$WORK"' EXIT
    cp "$2" "$WORK"
    cd "$WORK"
    # With Kubernetes' own versions its packages are not compiled a second time.
    printf 'module dns\n\ngo 1.24.0\n\nrequire (\n\tgithub.com/coredns/coredns v%s\n%s\n)\n' "$NODE_COREDNS" \
        "$(printf '\tk8s.io/%s '"$staging"'\n' api apimachinery client-go)" >go.mod
    export GOFLAGS=-mod=mod CGO_ENABLED=0
    "$1" build -trimpath -ldflags '-s -w' -o coredns .
    mkdir -p "$(dirname "$NODE_DNS")"
    mv coredns "$NODE_DNS"
}

# The process that holds a pod's namespaces, of Kubernetes' own source, as an image of one file.
pause_image() {
    local go
    [ ! -e "$NODE_BIN/pause.tar" ] || return 0
    go=$(go_command)
    quietly build_pause_image "$go"
}

build_pause_image() {
    local source
    WORK=$(mktemp -d)
    trap 'rm -rf "$WORK"' EXIT
    source=$("$1" mod download -json "k8s.io/kubernetes@v$NODE_KUBERNETES" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    mkdir "$WORK/root"
    gcc -Os -static -s -DVERSION="$NODE_KUBERNETES" -o "$WORK/root/pause" "$source/build/pause/linux/pause.c"
    tar --create --file "$WORK/layer.tar" --directory "$WORK/root" --owner=0 --group=0 --numeric-owner .
    umoci init --layout "$WORK/image"
    umoci new --image "$WORK/image:image"
    umoci raw add-layer --image "$WORK/image:image" "$WORK/layer.tar"
    umoci config --image "$WORK/image:image" --config.user=65535:65535 --config.entrypoint=/pause
    # umoci's own tags hold no slash.
    sed -i 's#"org.opencontainers.image.ref.name":"image"#"org.opencontainers.image.ref.name":"localhost/pause:node"#' \
        "$WORK/image/index.json"
    tar --create --file "$NODE_BIN/pause.tar" --directory "$WORK/image" .
}
