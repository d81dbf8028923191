# What the node is: versions, folders, addresses. To be sourced. Each can be set by the environment.

: "${NODE_KUBERNETES:=1.34.2}"
: "${NODE_COREDNS:=1.13.1}"

: "${NODE_CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/pgmosaic}"
: "${NODE_STATE:=/var/tmp/pgmosaic-node}"

# The machine's end of the cable to the node, the node's end, and the ranges behind it.
: "${NODE_HOST_ADDRESS:=10.77.0.1}"
: "${NODE_ADDRESS:=10.77.0.2}"
: "${NODE_LINK:=pgmosaic0}"
: "${NODE_PODS:=10.77.128.0/20}"
: "${NODE_SERVICES:=10.77.64.0/20}"
: "${NODE_KUBERNETES_SERVICE:=10.77.64.1}"

: "${NODE_NAME:=node-1}"
: "${NODE_VOLUMES:=40}"

NODE_BIN=$NODE_CACHE/kubernetes-$NODE_KUBERNETES
NODE_DNS=$NODE_CACHE/coredns-$NODE_COREDNS/coredns
NODE_CGROUP=pgmosaic-node
export NODE_DNS NODE_KUBERNETES NODE_STATE NODE_ADDRESS NODE_PODS NODE_SERVICES NODE_NAME NODE_BIN NODE_CGROUP
