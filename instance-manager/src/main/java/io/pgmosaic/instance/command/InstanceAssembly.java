package io.pgmosaic.instance.command;

import io.pgmosaic.instance.lease.HeartbeatDesk;
import io.pgmosaic.instance.lease.HeartbeatSender;
import io.pgmosaic.instance.lease.Lease;
import io.pgmosaic.instance.lease.LeaseGuard;
import io.pgmosaic.instance.lease.PeerLink;
import io.pgmosaic.instance.log.LogLines;
import io.pgmosaic.instance.postgres.AppliedPosition;
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
import io.pgmosaic.instance.postgres.Rewind;
import io.pgmosaic.instance.postgres.RunFiles;
import io.pgmosaic.instance.postgres.ServerConfiguration;
import io.pgmosaic.instance.postgres.UpstreamServer;
import io.pgmosaic.instance.volume.StoredState;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.instance.InstanceIdentity;

import java.security.SecureRandom;
import java.util.function.LongSupplier;

/**
 * What an {@link Instance} is made of.
 *
 * @param managerVersion for the status
 * @param peers the way to the other managers of the shard
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
        LogLines lines,
        PeerLink peers) {
    private static final LongSupplier CLOCK = System::nanoTime;

    /** The server it runs, for those that reload it when its certificate changes. */
    public record Assembled(Instance instance, Postmaster postmaster) {}

    public Assembled assemble() {
        OwnerThread owner = new OwnerThread();
        Leftovers leftovers = new Leftovers(volume.root(), programs);
        Postmaster postmaster = new Postmaster(programs, volume.data(), leftovers, lines);
        ManagerSession session = new ManagerSession(endpoint, credentials, files);
        Lease lease = new Lease(new SecureRandom().nextLong());
        ManagerSession slow = new ManagerSession(endpoint, credentials, files);
        AppliedPosition position = new AppliedPosition(session, slow, programs);
        Server server = new Server(
                volume,
                new ServerConfiguration(identity, endpoint, files, version),
                files,
                credentials,
                postmaster,
                session,
                position,
                new Tenure(lease, CLOCK));
        LogEnd logEnd = new LogEnd(volume, postmaster, server);
        StandbyRestart standby =
                new StandbyRestart(identity, volume, version.major(), server, postmaster, logEnd, owner);
        Changes changes = new Changes();
        postmaster.whenCrashed(() -> {
            changes.happened();
            standby.afterCrash();
        });
        Actions actions =
                actions(new Records(identity, volume, changes::happened), server, postmaster, leftovers, logEnd);
        ServerSampler sampler = new ServerSampler(session, slow);
        Fencing fencing = fencing(lease, postmaster, sampler, changes);
        StatusReport report = new StatusReport(
                identity,
                managerVersion,
                version.major(),
                volume,
                postmaster,
                logEnd,
                position,
                sampler,
                fencing,
                changes);
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
                owner,
                fencing,
                changes);
        return new Assembled(instance, postmaster);
    }

    private Fencing fencing(Lease lease, Postmaster postmaster, ServerSampler sampler, Changes changes) {
        HeartbeatSender.Stored stored = () -> StoredState.read(volume);
        LeaseGuard guard = new LeaseGuard(lease, postmaster, CLOCK, changes::happened);
        HeartbeatSender sender = new HeartbeatSender(identity, stored, peers, CLOCK, changes::happened);
        LivePrimary served = new LivePrimary(postmaster, sampler, lease, CLOCK);
        HeartbeatDesk desk = new HeartbeatDesk(identity, stored, lease, guard, served, CLOCK);
        return new Fencing(lease, guard, sender, desk, CLOCK);
    }

    private Actions actions(Records records, Server server, Postmaster postmaster, Leftovers leftovers, LogEnd logEnd) {
        Detachment detachment = new Detachment(records, files, server, postmaster, logEnd);
        return new Actions(
                volume,
                records,
                server,
                postmaster,
                leftovers,
                new Initdb(programs, credentials),
                new Following(
                        identity,
                        volume,
                        records,
                        server,
                        postmaster,
                        logEnd,
                        detachment,
                        new UpstreamServer(credentials, files),
                        new Rewind(programs, files, version),
                        new Clone(
                                identity,
                                volume,
                                records,
                                server,
                                leftovers,
                                new BaseBackup(programs, files, version))),
                new Revocation(volume, records, files, detachment),
                new Promotion(volume, programs, records, server, postmaster, logEnd));
    }
}
