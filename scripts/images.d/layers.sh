# OCI images made of layers, with umoci. To be sourced; wants $work, $target.

# start_image NAME LAYOUT: begins an image on the one of a layout.
start_image() {
    mkdir -p "$work/image"
    cp -r "$2" "$work/image/$1"
}

# add_layer NAME COMMENT FOLDER: adds a folder's content, owned by root, readable by everybody.
add_layer() {
    tar --create --file "$work/layer.tar" --directory "$3" --owner=0 --group=0 --numeric-owner --sort=name \
        --mode=u+rw,go-w,a+rX --mtime="@$(git log -1 --format=%ct 2>/dev/null || echo 0)" .
    umoci raw add-layer --image "$work/image/$1:image" --history.comment "$2" "$work/layer.tar"
    rm "$work/layer.tar"
}

# finish_image NAME REFERENCE FILE SETTING...: writes the archive, in which the image goes by its reference.
finish_image() {
    local image=$work/image/$1 reference=$2 file=$3
    shift 3
    umoci config --image "$image:image" --config.env=JAVA_HOME=/opt/java --config.env=LANG=C.UTF-8 \
        --config.env=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin --config.workingdir=/ "$@"
    umoci gc --layout "$image"
    # umoci's own tags hold no slash.
    sed -i "s#\"org.opencontainers.image.ref.name\":\"image\"#\"org.opencontainers.image.ref.name\":\"$reference\"#" \
        "$image/index.json"
    grep -q "\"$reference\"" "$image/index.json" || { echo "$file would not name its image" >&2; exit 1; }
    tar --create --file "$target/$file" --directory "$image" --owner=0 --group=0 --numeric-owner --sort=name .
    printf '%s\t%s\t%s\n' "$file" "$reference" "$(tar --list --verbose --file "$target/$file" --wildcards './blobs/*' |
        awk '$3 > 100000 { print $3 }' | sort -n | awk '{ printf "%s%.1f", (NR > 1 ? " + " : ""), $1 / 1048576 }')" \
        >>"$work/sizes"
}

# sizes: a table of the archives that were written.
sizes() {
    printf '%-20s %8s  %-42s %s\n' ARCHIVE MiB IMAGE 'LAYERS, MiB'
    while IFS=$'\t' read -r file reference layers; do
        printf '%-20s %8.1f  %-42s %s\n' "$file" \
            "$(awk -v n="$(stat -c %s "$target/$file")" 'BEGIN { print n / 1048576 }')" "$reference" "$layers"
    done <"$work/sizes"
}
