# What a cluster has beside Kubernetes' own objects: storage. And how to ask the API server. To be sourced.

# api PATH [CURL-OPTION...]
api() {
    local path=$1
    shift
    curl -sS --fail-with-body --noproxy '*' --max-time 10 --cacert "$NODE_STATE/credentials/ca.crt" \
        -H "Authorization: Bearer $(sed -n 's/,admin,.*//p' "$NODE_STATE/credentials/tokens.csv")" \
        "$@" "https://$NODE_ADDRESS:6443$path"
}

# create PATH: the object on the standard input
create() {
    local answer
    answer=$(api "$1" -H 'Content-Type: application/yaml' --data-binary @-) || {
        echo "$answer" >&2
        return 1
    }
}

ready() {
    api "/api/v1/nodes/$NODE_NAME" | tr -d ' \n' | grep -qE '\{"type":"Ready","status":"True"'
}

storage_class() {
    create /apis/storage.k8s.io/v1/storageclasses <<'EOF'
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: local
  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
EOF
}

# volumes COUNT: folders of this machine, each a volume for one claim.
volumes() {
    local at number
    for ((number = 0; number < $1; number++)); do
        at=$(mktemp -d "$NODE_STATE/volumes/XXXXXXXX")
        chmod 755 "$at"
        create /api/v1/persistentvolumes <<EOF
apiVersion: v1
kind: PersistentVolume
metadata: {generateName: local-}
spec:
  capacity: {storage: 1Ti}
  accessModes: [ReadWriteOnce]
  storageClassName: local
  persistentVolumeReclaimPolicy: Retain
  local: {path: $at}
  nodeAffinity:
    required:
      nodeSelectorTerms:
        - matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [$NODE_NAME]}]
EOF
    done
}
