#!/usr/bin/env bash
# Process 1 of the node's namespaces: lays them out, starts the processes, and reaps what they leave behind.
set -euo pipefail
. "$(dirname "$0")/services.sh"

# Volumes of pods are mounted here and must be seen in the containers; the machine outside sees none of it.
mount --make-rshared /
# Sockets, locks and network namespaces of the node alone.
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock /run/netns "$NODE_STATE/logs/containers" "$NODE_STATE/network"
mount --bind "$NODE_STATE/logs" /var/log
mkdir -p /var/lib/cni
mount --bind "$NODE_STATE/network" /var/lib/cni
hostname "$NODE_NAME"
ip link set lo up

# The cable is plugged in from outside.
until ip address show dev eth0 2>/dev/null | grep -q "$NODE_ADDRESS"; do
    sleep 0.05
done

# Whichever kind of packet filter this kernel has.
mkdir -p /run/bin
for kind in nft legacy; do
    if "iptables-$kind" -w -t nat -S >/dev/null 2>&1; then
        for program in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
            ln -s "$(command -v "${program/tables/tables-$kind}")" "/run/bin/$program"
        done
        break
    fi
done
export PATH=/run/bin:$PATH
sysctl -q -w net.ipv4.ip_forward=1

for name in "${NODE_SERVICE_NAMES[@]}"; do
    begin "$name"
done
trap 'exit 0' TERM INT
while :; do
    sleep 3600 &
    wait $! || true
done
