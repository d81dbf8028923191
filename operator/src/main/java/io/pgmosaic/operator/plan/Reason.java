package io.pgmosaic.operator.plan;

/** Why something is as it is: one word for conditions, events, logs and metrics alike. */
public enum Reason {
    /** All is as declared. */
    HEALTHY("Healthy", Severity.GOOD),
    /** Pods do not exist or do not run yet. */
    WAITING_FOR_PODS("WaitingForPods", Severity.PROGRESS),
    /** Pods run, their managers have not answered yet. */
    WAITING_FOR_INSTANCES("WaitingForInstances", Severity.PROGRESS),
    /** The shard's database is being created on its first instance. */
    BOOTSTRAPPING("Bootstrapping", Severity.PROGRESS),
    /** Volumes of an earlier cluster of this name are taken over. */
    ADOPTING("Adopting", Severity.PROGRESS),
    /** The primary is lost or hands over, and the next one is being found and made. */
    FAILING_OVER("FailingOver", Severity.PROGRESS),
    /** The primary runs and is closed to applications until enough standbys have its log. */
    OPENING("Opening", Severity.PROGRESS),
    /** Instances are restarted in turn for a change that needs it. */
    ROLLING_CHANGE("RollingChange", Severity.PROGRESS),
    /** The primary's PostgreSQL is starting. */
    STARTING_PRIMARY("StartingPrimary", Severity.PROGRESS),
    /** The primary runs; too few standbys stream for a commit to be acknowledged. */
    WAITING_FOR_STANDBYS("WaitingForStandbys", Severity.PROGRESS),
    /** Database, roles, initial SQL and guard are being put in place. */
    SETTING_UP_DATABASE("SettingUpDatabase", Severity.PROGRESS),
    /** A changed configuration is being applied. */
    CONFIGURING("Configuring", Severity.PROGRESS),
    /** A shard that owns no keys, such as one that a split fills, is not as it is to be. */
    SHARD_WITHOUT_KEYS("ShardWithoutKeys", Severity.PROGRESS),
    /** The objects of a shard that holds nothing any more are being removed. */
    REMOVING_SHARD("RemovingShard", Severity.PROGRESS),
    /** A shard is marked as one that holds nothing, and the map or a split says otherwise. */
    RETIREMENT_REFUSED("RetirementRefused", Severity.DEGRADED),
    /** It serves, and fewer standbys stream than declared. */
    STANDBY_DOWN("StandbyDown", Severity.DEGRADED),
    /** Commits wait for fewer standbys than declared, as durability Preferred allows. */
    DURABILITY_REDUCED("DurabilityReduced", Severity.DEGRADED),
    /** The switchover that the spec asks for is not safe now. */
    SWITCHOVER_REFUSED("SwitchoverRefused", Severity.DEGRADED),
    /** The spec has put an instance or the shard out of service. */
    FENCED("Fenced", Severity.DEGRADED),
    /** Parameters were changed that take effect after a restart. */
    RESTART_PENDING("RestartPending", Severity.DEGRADED),
    /** The primary does not answer. */
    PRIMARY_UNREACHABLE("PrimaryUnreachable", Severity.FAILED),
    /** The primary is lost, and what is there does not suffice to appoint another without losing acknowledged commits. */
    FAILOVER_BLOCKED("FailoverBlocked", Severity.FAILED),
    /** A pod cannot run: image, scheduling, crash loop. */
    POD_FAILED("PodFailed", Severity.FAILED),
    /** An instance's volume holds another system's data. */
    FOREIGN_VOLUME("ForeignVolume", Severity.FAILED),
    /** An instance's volume was written by another major version of PostgreSQL. */
    INCOMPATIBLE_VOLUME("IncompatibleVolume", Severity.FAILED),
    /** A volume cannot be used as it is. */
    UNUSABLE_VOLUME("UnusableVolume", Severity.FAILED),
    /** The primary's volume is empty although the shard had data. */
    VOLUME_LOST("VolumeLost", Severity.FAILED),
    /** Kept volumes do not say which of them is the newest. */
    ADOPTION_UNCLEAR("AdoptionUnclear", Severity.FAILED),
    /** An instance manager reports that its last operation failed. */
    OPERATION_FAILED("OperationFailed", Severity.FAILED),
    /** An instance manager refused what it was told. */
    COMMAND_REFUSED("CommandRefused", Severity.FAILED),
    /** The initial SQL failed. */
    INIT_SQL_FAILED("InitSqlFailed", Severity.FAILED),
    /** The initial SQL was changed after it ran; it is not run again. */
    INIT_SQL_CHANGED("InitSqlChanged", Severity.DEGRADED),
    /** A declared table does not exist, so it has no guard yet. */
    TABLE_MISSING("TableMissing", Severity.DEGRADED),
    /** A guard cannot be installed on a table as declared. */
    GUARD_FAILED("GuardFailed", Severity.FAILED),
    /** A lookup index is not on its table, or some rows are not in it. */
    LOOKUP_INDEX_INCOMPLETE("LookupIndexIncomplete", Severity.DEGRADED),
    /** The database cannot be set up for another reason. */
    DATABASE_SETUP_FAILED("DatabaseSetupFailed", Severity.FAILED),
    /** A Secret or ConfigMap that the spec names is missing or lacks a key, or an object of that name is another's. */
    PREREQUISITE_MISSING("PrerequisiteMissing", Severity.FAILED),
    /** The Kubernetes API refuses what the operator has to read or write. */
    API_REFUSED("ApiRefused", Severity.FAILED),
    /** The spec breaks a rule; what runs stays as it was. */
    INVALID_SPEC("InvalidSpec", Severity.FAILED);

    /** How bad a reason is, in rising order. */
    public enum Severity {
        GOOD,
        PROGRESS,
        DEGRADED,
        FAILED
    }

    private final String word;
    private final Severity severity;

    Reason(String word, Severity severity) {
        this.word = word;
        this.severity = severity;
    }

    /** As conditions and events carry it. */
    public String word() {
        return word;
    }

    public Severity severity() {
        return severity;
    }
}
