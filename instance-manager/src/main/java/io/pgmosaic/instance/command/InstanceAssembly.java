package io.pgmosaic.instance.command;

import io.pgmosaic.instance.log.LogLines;
import io.pgmosaic.instance.postgres.BaseBackup;
import io.pgmosaic.instance.postgres.ConfigurationCheck;
import io.pgmosaic.instance.postgres.Credentials;
import io.pgmosaic.instance.postgres.Endpoint;
import io.pgmosaic.instance.postgres.Initdb;
import io.pgmosaic.instance.postgres.Leftovers;
import io.pgmosaic.instance.postgres.ManagerSession;
import io.pgmosaic.instance.postgres.PostgresVersion;
import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.postgres.Programs;
import io.pgmosaic.instance.postgres.RunFiles;
import io.pgmosaic.instance.postgres.ServerConfiguration;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.instance.InstanceIdentity;

/**
 * What an {@link Instance} is made of.
 *
 * @param managerVersion for the status
 */
public record InstanceAssembly(
        InstanceIdentity identity,
        String managerVersion,
        Volume volume,
        Programs programs,
        PostgresVersion version,
        Endpoint endpoint,
        RunFiles files,
        Credentials credentials,
        LogLines lines) {

    /** The server it runs, for those that reload it when its certificate changes. */
    public record Assembled(Instance instance, Postmaster postmaster) {}

    public Assembled assemble() {
        OwnerThread owner = new OwnerThread();
        Leftovers leftovers = new Leftovers(volume.root(), programs);
        Postmaster postmaster = new Postmaster(programs, volume.data(), leftovers, lines);
        ManagerSession session = new ManagerSession(endpoint, credentials, files);
        Server server =
                new Server(volume, new ServerConfiguration(identity, endpoint, files, version), postmaster, session);
        StandbyRestart standby = new StandbyRestart(identity, volume, version.major(), server, postmaster, owner);
        postmaster.whenCrashed(standby::afterCrash);
        Actions actions = new Actions(
                identity,
                volume,
                server,
                postmaster,
                leftovers,
                new Initdb(programs, credentials),
                new BaseBackup(programs, files, version));
        StatusReport report = new StatusReport(
                identity, managerVersion, version.major(), volume, postmaster, new ServerSampler(session));
        Instance instance = new Instance(
                identity,
                version.major(),
                volume,
                postmaster,
                leftovers,
                new ConfigurationCheck(programs, files.directory()),
                server,
                actions,
                standby,
                report,
                owner);
        return new Assembled(instance, postmaster);
    }
}
