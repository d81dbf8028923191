#!/usr/bin/env bash
# Compiles a kube-apiserver and puts it beside etcd, for the tests that KUBEBUILDER_ASSETS switches on. Needs Go (1.24 or
# newer) and etcd (Debian: etcd-server). About six minutes on two cores. Prints the folder.
set -euo pipefail

version=${1:-1.34.2}
assets=${XDG_CACHE_HOME:-$HOME/.cache}/pgmosaic/kubebuilder-assets
staging=v0.${version#1.}

command -v go >/dev/null || { echo "install Go: it is not on PATH" >&2; exit 1; }
etcd=$(command -v etcd) || { echo "install etcd: apt-get install etcd-server" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
upstream=$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
{
    printf 'module api-server\n\ngo 1.24.0\n\ngodebug default=go1.24\n\nrequire k8s.io/kubernetes v%s\n\nreplace (\n' "$version"
    # The staging modules are folders of the Kubernetes repository; outside of it their released versions take their place.
    sed -n '/^replace (/,/^)/p' "$upstream" | awk -v v="$staging" '/=>/ { print "\t" $1 " => " $1 " " v }'
    printf ')\n'
} >go.mod
printf '//go:build tools\n\npackage tools\n\nimport _ "k8s.io/kubernetes/cmd/kube-apiserver/app"\n' >tools.go
export GOFLAGS=-mod=mod CGO_ENABLED=0
go get "k8s.io/kubernetes/cmd/kube-apiserver@v$version" >&2
mkdir -p "$assets"
go build -p 1 -trimpath -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=v$version" \
    -o "$assets/kube-apiserver" k8s.io/kubernetes/cmd/kube-apiserver >&2
cp -L "$etcd" "$assets/etcd"
echo "$assets"
