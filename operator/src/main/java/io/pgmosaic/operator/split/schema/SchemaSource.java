package io.pgmosaic.operator.split.schema;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.desired.Ports;
import io.pgmosaic.operator.instance.HttpInstanceClient;
import io.pgmosaic.operator.instance.InstanceEndpoint;
import io.pgmosaic.operator.plan.ShardIdentity;
import io.pgmosaic.operator.split.ShardDatabase;

import java.io.IOException;

/** Tells the schema of the source's database as SQL: the instance manager of its primary does. */
public interface SchemaSource {
    /** Part of a schema; the word is what {@code pg_dump} calls it. */
    enum Section {
        PRE_DATA("pre-data"),
        POST_DATA("post-data");

        private final String word;

        Section(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** What the manager of the primary tells. */
    static SchemaSource of(HttpInstanceClient instances, ClusterKey cluster, ShardDatabase database) {
        InstanceEndpoint manager = new InstanceEndpoint(
                cluster,
                database.server().instance(),
                new ShardIdentity(cluster.namespace(), cluster.name(), "", database.shard()).service(),
                database.server().address(),
                Ports.MANAGER);
        return section -> instances.schema(manager, database.database(), database.owner(), section.word());
    }

    /** @throws IOException with what stands against it, for a person */
    String text(Section section) throws IOException, InterruptedException;
}
