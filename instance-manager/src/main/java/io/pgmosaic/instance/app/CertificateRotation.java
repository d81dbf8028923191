package io.pgmosaic.instance.app;

import io.pgmosaic.instance.http.ReloadingTls;
import io.pgmosaic.instance.http.TlsFiles;
import io.pgmosaic.instance.postgres.Credentials;
import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.postgres.RunFiles;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/**
 * Looks at the mounted certificates and passwords every two seconds and takes what changed: the command server at its next
 * handshake, PostgreSQL by a reload. Looking, because a kubelet swaps directories under the names, which file watches miss.
 */
final class CertificateRotation {
    private static final System.Logger LOG = System.getLogger(CertificateRotation.class.getName());
    private static final long PERIOD_MILLIS = 2000;

    private final Path tlsDirectory;
    private final ReloadingTls tls;
    private final RunFiles files;
    private final Credentials credentials;
    private final Postmaster postmaster;
    private String lastComplaint = "";

    /** Stays until a reload succeeded: the files alone change nothing in a server that runs. */
    private boolean reloadIsDue;

    CertificateRotation(
            Path tlsDirectory, ReloadingTls tls, RunFiles files, Credentials credentials, Postmaster postmaster) {
        this.tlsDirectory = tlsDirectory;
        this.tls = tls;
        this.files = files;
        this.credentials = credentials;
        this.postmaster = postmaster;
    }

    void start() {
        Thread.ofPlatform().daemon().name("certificates").start(this::run);
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(PERIOD_MILLIS);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        try {
            TlsFiles found = TlsFiles.read(tlsDirectory);
            if (!files.hasCertificates(found.authority(), found.certificate(), found.key())) {
                tls.replace(found);
                files.storeCertificates(found.authority(), found.certificate(), found.key());
                reloadIsDue = true;
            }
            if (reloadIsDue) {
                postmaster.reload();
                reloadIsDue = false;
                LOG.log(System.Logger.Level.INFO, "took new certificates from {0}", tlsDirectory);
            }
            files.refreshReplicationPassword(credentials.replication());
            lastComplaint = "";
        } catch (IOException | GeneralSecurityException e) {
            String complaint = String.valueOf(e.getMessage());
            if (!complaint.equals(lastComplaint)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "cannot take certificates or passwords, the old ones stay: {0}",
                        complaint);
                lastComplaint = complaint;
            }
        }
    }
}
