package io.pgmosaic.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of the jar; "development" when it runs from classes. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {version == null ? "development" : version};
    }
}
