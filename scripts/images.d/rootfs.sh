# Root file systems of Debian packages, each an OCI layout with one layer. To be sourced; wants $work, $cache.

# suite_of MAJOR: the Debian release that has this PostgreSQL.
suite_of() {
    case $1 in
    15) echo bookworm ;;
    17) echo trixie ;;
    *)
        echo "no Debian release has PostgreSQL $1: build its image with images/instance/Dockerfile" >&2
        exit 1
        ;;
    esac
}

# The first Debian archive among this machine's package sources, or mmdebstrap's default.
mirror() {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        sed -n '\#/debian/*$#{p;q}'
}

# rootfs NAME SUITE [PACKAGE...]: prints the layout's folder. It is made once a month, and when the packages or this file
# change, so that Debian's security fixes arrive.
rootfs() {
    local name=$1 suite=$2
    shift 2
    local key layout packages source
    key=$({ echo "$suite $*"; date -u +%Y-%m; cat scripts/images.d/rootfs.sh; } | sha256sum | cut -c1-12)
    layout=$cache/rootfs/$name-$key
    if [ ! -d "$layout" ]; then
        echo "Making the root file system $name of Debian $suite ..." >&2
        packages=$(IFS=,; echo "$*")
        source=$(mirror)
        mkdir -p "$cache/rootfs"
        # PostgreSQL looks up the name of the user that it runs as, and the package shall not create a cluster.
        mmdebstrap --quiet --variant=essential ${packages:+--include="$packages"} \
            --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
            --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
            --dpkgopt='path-include=/usr/share/doc/*/copyright' \
            --essential-hook='echo postgres:x:26:26:PostgreSQL:/var/lib/pgmosaic:/bin/sh >>"$1/etc/passwd"' \
            --essential-hook='mkdir -p "$1/etc/postgresql-common/createcluster.d"' \
            --essential-hook='echo create_main_cluster = false >"$1/etc/postgresql-common/createcluster.d/no.conf"' \
            --customize-hook='rm -rf "$1"/var/log/* "$1"/var/cache/* "$1"/etc/hostname "$1"/etc/resolv.conf' \
            "$suite" "$work/rootfs.tar" ${source:+"$source"} >&2
        umoci init --layout "$work/layout" >&2
        umoci new --image "$work/layout:image" >&2
        umoci raw add-layer --image "$work/layout:image" --history.comment "Debian $suite $*" "$work/rootfs.tar" >&2
        rm "$work/rootfs.tar"
        # Under its name only once it is whole.
        mv "$work/layout" "$layout.new" && mv "$layout.new" "$layout"
    fi
    echo "$layout"
}
