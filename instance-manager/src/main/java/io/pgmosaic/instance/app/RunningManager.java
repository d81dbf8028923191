package io.pgmosaic.instance.app;

import io.pgmosaic.instance.command.Instance;
import io.pgmosaic.instance.command.InstanceAssembly;
import io.pgmosaic.instance.http.CommandServer;
import io.pgmosaic.instance.http.HealthServer;
import io.pgmosaic.instance.http.HttpPeerLink;
import io.pgmosaic.instance.http.ReloadingTls;
import io.pgmosaic.instance.http.TlsFiles;
import io.pgmosaic.instance.log.JsonHandler;
import io.pgmosaic.instance.log.LogLines;
import io.pgmosaic.instance.postgres.Credentials;
import io.pgmosaic.instance.postgres.Endpoint;
import io.pgmosaic.instance.postgres.PostgresVersion;
import io.pgmosaic.instance.postgres.Programs;
import io.pgmosaic.instance.postgres.RunFiles;
import io.pgmosaic.instance.postgres.SchemaDump;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.instance.volume.VolumeLock;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Everything that runs in the process. */
final class RunningManager {
    private static final int COMMAND_THREADS = 16;
    private static final int HEALTH_THREADS = 2;

    private final LogLines lines;
    private final VolumeLock lock;
    private final Instance instance;
    private final CommandServer commands;
    private final HealthServer health;

    private RunningManager(
            LogLines lines, VolumeLock lock, Instance instance, CommandServer commands, HealthServer health) {
        this.lines = lines;
        this.lock = lock;
        this.instance = instance;
        this.commands = commands;
        this.health = health;
    }

    static RunningManager start(Settings settings) throws IOException, GeneralSecurityException, InterruptedException {
        LogLines lines =
                new LogLines(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), settings.identity());
        JsonHandler.install(lines);
        Files.createDirectories(settings.runDirectory());
        VolumeLock lock = VolumeLock.acquire(settings.volume());
        Programs programs = new Programs(settings.postgresBin(), settings.volume());
        PostgresVersion version = programs.version();
        RunFiles files = new RunFiles(settings.runDirectory());
        Credentials credentials = new Credentials(settings.credentialsDirectory());
        TlsFiles tlsFiles = TlsFiles.read(settings.tlsDirectory());
        ReloadingTls tls = new ReloadingTls(tlsFiles);
        files.storeCertificates(tlsFiles.authority(), tlsFiles.certificate(), tlsFiles.key());

        Endpoint endpoint = new Endpoint(settings.address(), settings.postgresPort());
        InstanceAssembly.Assembled assembled = new InstanceAssembly(
                        settings.identity(),
                        Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                                .orElse("development"),
                        new Volume(settings.volume()),
                        programs,
                        version,
                        endpoint,
                        files,
                        credentials,
                        lines,
                        new HttpPeerLink(tls, settings.identity()))
                .assemble();
        CommandServer commands = new CommandServer(
                new InetSocketAddress(settings.address(), settings.managerPort()),
                tls,
                settings.identity(),
                assembled.instance(),
                new SchemaDump(programs, endpoint, credentials, files),
                threads("command-", COMMAND_THREADS));
        // Threads of its own, so that whoever keeps the others busy does not make the kubelet kill the pod.
        HealthServer health = new HealthServer(
                new InetSocketAddress(settings.address(), settings.healthPort()),
                assembled.instance(),
                threads("health-", HEALTH_THREADS));
        assembled.instance().start();
        commands.start();
        health.start();
        new CertificateRotation(settings.tlsDirectory(), tls, files, credentials, assembled.postmaster()).start();
        System.getLogger(RunningManager.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "takes commands on {0}:{1}, PostgreSQL {2}",
                        settings.address().getHostAddress(),
                        Integer.toString(settings.managerPort()),
                        Integer.toString(version.major()));
        return new RunningManager(lines, lock, assembled.instance(), commands, health);
    }

    /**
     * Stops PostgreSQL and lets go of the volume.
     *
     * @param successorPatience how long a primary waits until another was appointed
     * @param stopPatience how long a fast shutdown may take
     */
    void end(Duration successorPatience, Duration stopPatience) throws IOException, InterruptedException {
        try {
            Departure.awaitSuccessor(instance, lines, successorPatience);
            instance.end(stopPatience);
        } finally {
            commands.stop();
            health.stop();
            lock.close();
        }
    }

    private static ThreadPoolExecutor threads(String name, int most) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                most,
                most,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name(name, 0).factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
