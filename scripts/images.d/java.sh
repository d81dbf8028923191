# The Java runtime of the images. To be sourced; wants $work, $cache and JAVA_HOME.

# java_runtime: prints a folder whose opt/java is a runtime with the modules that the product uses, of JAVA_HOME's JDK.
java_runtime() {
    local jdk=${JAVA_HOME:-$(scripts/find-jdk)} release key at
    release=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$jdk/release")
    key=$(cat "$jdk/release" images/java-modules scripts/images.d/java.sh | sha256sum | cut -c1-12)
    at=$cache/java/$release-$key
    if [ ! -d "$at" ]; then
        echo "Making a Java $release runtime ..." >&2
        mkdir -p "$work/java/opt" "$cache/java"
        "$jdk/bin/jlink" --add-modules "$(paste -sd, images/java-modules)" --strip-java-debug-attributes \
            --no-header-files --no-man-pages --generate-cds-archive --output "$work/java/opt/java" >&2
        mv "$work/java" "$at.new" && mv "$at.new" "$at"
    fi
    echo "$at"
}
