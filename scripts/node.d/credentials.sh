# Keys, certificates, tokens and the kubeconfig files made of them. To be sourced.

credentials() {
    local at=$NODE_STATE/credentials
    mkdir -p "$at"
    chmod 700 "$at"
    quietly certificates "$at"
    local user name groups token
    : >"$at/tokens.csv"
    for user in admin=system:masters kube-controller-manager= kube-scheduler= kube-proxy= \
        "kubelet=system:nodes" dns=system:masters; do
        name=${user%%=*}
        groups=${user#*=}
        token=$(openssl rand -hex 16)
        case $name in
        kubelet) echo "$token,system:node:$NODE_NAME,$name,\"$groups\"" ;;
        kube-*) echo "$token,system:$name,$name" ;;
        *) echo "$token,$name,$name,\"$groups\"" ;;
        esac >>"$at/tokens.csv"
        kubeconfig "$token" >"$at/$name.kubeconfig"
    done
    cp "$at/admin.kubeconfig" "$NODE_STATE/kubeconfig"
    chmod 600 "$at"/*.kubeconfig "$at/tokens.csv" "$NODE_STATE/kubeconfig"
}

certificates() {
    umask 077
    cd "$1"
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -keyout ca.key -out ca.crt -subj /CN=pgmosaic-node \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    sign apiserver /CN=kube-apiserver serverAuth "IP:127.0.0.1,IP:$NODE_ADDRESS,IP:$NODE_KUBERNETES_SERVICE,\
DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local"
    # With this one the API server asks the kubelet for logs and sessions.
    sign kubelet-client /O=system:masters/CN=kube-apiserver clientAuth DNS:kube-apiserver
    openssl genrsa -out service-accounts.key 2048
    openssl rsa -in service-accounts.key -pubout -out service-accounts.pub
}

# sign NAME SUBJECT USAGE ALTERNATIVE-NAMES
sign() {
    openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2"
    openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$1.crt" \
        -extfile <(printf 'extendedKeyUsage=%s\nsubjectAltName=%s\n' "$3" "$4")
}

kubeconfig() {
    cat <<EOF
apiVersion: v1
kind: Config
current-context: node
clusters:
  - name: node
    cluster:
      server: https://$NODE_ADDRESS:6443
      certificate-authority-data: $(base64 -w0 "$NODE_STATE/credentials/ca.crt")
users:
  - name: user
    user: {token: $1}
contexts:
  - name: node
    context: {cluster: node, user: user}
EOF
}
