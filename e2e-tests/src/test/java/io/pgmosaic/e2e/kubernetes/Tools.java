package io.pgmosaic.e2e.kubernetes;

/**
 * What a person has at hand who uses the product.
 *
 * @param kubectl where it is
 * @param helm where it is
 */
record Tools(String kubectl, String helm) {
    /** Fetches what is not on this machine, or fails and says what is missing. */
    static Tools find() {
        return new Tools(Programs.tool("kubectl"), Programs.tool("helm"));
    }
}
