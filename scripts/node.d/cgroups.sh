# The control groups below which the node's pods are. To be sourced.

cgroup_folders() {
    local mount
    if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
        echo /sys/fs/cgroup
    else
        for mount in /sys/fs/cgroup/*/; do
            [ ! -L "${mount%/}" ] && [ -e "${mount}cgroup.procs" ] && echo "${mount%/}"
        done
    fi
    return 0
}

make_cgroups() {
    local mount controllers file
    while read -r mount; do
        if [ -e "$mount/cgroup.subtree_control" ] && [ "$mount" = /sys/fs/cgroup ]; then
            controllers=$(sed -E 's/([a-z_0-9]+)/+\1/g' "$mount/cgroup.controllers")
            echo "$controllers" >"$mount/cgroup.subtree_control"
        fi
        mkdir -p "$mount/$NODE_CGROUP"
        # A new group has no processors and no memory until it is given some.
        for file in cpuset.cpus cpuset.mems; do
            [ ! -e "$mount/$NODE_CGROUP/$file" ] || [ ! -s "$mount/$file" ] || cat "$mount/$file" >"$mount/$NODE_CGROUP/$file"
        done
    done < <(cgroup_folders)
}

remove_cgroups() {
    local mount
    while read -r mount; do
        [ ! -d "$mount/$NODE_CGROUP" ] || find "$mount/$NODE_CGROUP" -depth -type d -exec rmdir {} +
    done < <(cgroup_folders)
}
