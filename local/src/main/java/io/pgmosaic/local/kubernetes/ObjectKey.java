package io.pgmosaic.local.kubernetes;

/**
 * Identity of a stored object. All versions of a kind are one stored object, so the version is not part of it.
 *
 * @param namespace empty for cluster-scoped kinds
 */
record ObjectKey(String group, String plural, String namespace, String name) {
    static ObjectKey of(ResourceType type, String namespace, String name) {
        return new ObjectKey(type.group(), type.plural(), namespace, name);
    }

    @Override
    public String toString() {
        String kind = group.isEmpty() ? plural : plural + "." + group;
        return kind + " \"" + name + "\"";
    }
}
