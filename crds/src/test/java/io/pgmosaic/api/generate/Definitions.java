package io.pgmosaic.api.generate;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigration;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The CustomResourceDefinitions of the three resources, made from their Java types. */
final class Definitions {
    static final List<Class<? extends CustomResource<?, ?>>> KINDS =
            List.of(ShardedCluster.class, ShardSplit.class, SchemaMigration.class);

    private Definitions() {}

    /** YAML by file name, in the order of {@link #KINDS}; the same text at every call. */
    static Map<String, String> yaml() {
        Map<String, String> files = new LinkedHashMap<>();
        for (Class<? extends CustomResource<?, ?>> kind : KINDS) {
            InMemory output = new InMemory();
            new CRDGenerator()
                    .customResourceClasses(kind)
                    .forCRDVersions("v1")
                    .withPostProcessor(new SchemaRefinement(kind))
                    .withOutput(output)
                    .detailedGenerate();
            output.files.forEach((name, text) -> files.put(name + ".yml", text.toString(UTF_8)));
        }
        return files;
    }

    /** The same, parsed. */
    static List<CustomResourceDefinition> parsed() {
        return yaml().values().stream()
                .map(text -> Serialization.unmarshal(text, CustomResourceDefinition.class))
                .toList();
    }

    private static final class InMemory implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        private final Map<String, ByteArrayOutputStream> files = new LinkedHashMap<>();

        @Override
        public ByteArrayOutputStream outputFor(String crdName) {
            return files.computeIfAbsent(crdName, name -> new ByteArrayOutputStream());
        }

        @Override
        public URI crdURI(String crdName) {
            // The generator insists on a file: URI; it only reports it.
            return URI.create("file:///" + crdName);
        }

        @Override
        public void close() {}
    }
}
