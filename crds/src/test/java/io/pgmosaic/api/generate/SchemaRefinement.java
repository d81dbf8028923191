package io.pgmosaic.api.generate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.pgmosaic.api.v1alpha1.cluster.FencingJobSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/** Says in the schema what annotations on the types cannot. */
final class SchemaRefinement implements CRDPostProcessor {
    /** Lists whose elements are told apart by some of their fields: the API server refuses duplicates. */
    private record KeyedList(String path, List<String> keys) {}

    private static final List<KeyedList> KEYED_LISTS = List.of(
            new KeyedList("spec.sharding.tables", List.of("schema", "name")),
            new KeyedList("spec.sharding.referenceTables", List.of("schema", "name")),
            new KeyedList("spec.sharding.groups", List.of("name")),
            new KeyedList("spec.sharding.groups[].tables", List.of("schema", "name")),
            new KeyedList("spec.switchover", List.of("shard")),
            new KeyedList("spec.targets", List.of("name")),
            new KeyedList("status.conditions", List.of("type")));

    private static final List<String> SETS =
            List.of("spec.shards.names", "spec.after", "spec.fencing.instances", "spec.fencing.shards");

    private final Class<? extends HasMetadata> kind;

    SchemaRefinement(Class<? extends HasMetadata> kind) {
        this.kind = kind;
    }

    @Override
    public HasMetadata process(HasMetadata definition, String crdVersion) {
        for (CustomResourceDefinitionVersion version :
                ((CustomResourceDefinition) definition).getSpec().getVersions()) {
            JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
            root.setRequired(List.of("spec"));
            KEYED_LISTS.forEach(list -> {
                JSONSchemaProps found = Schemas.find(root, list.path());
                if (found != null) {
                    found.setXKubernetesListType("map");
                    found.setXKubernetesListMapKeys(list.keys());
                }
            });
            SETS.forEach(path -> {
                JSONSchemaProps found = Schemas.find(root, path);
                if (found != null) {
                    found.setXKubernetesListType("set");
                }
            });
            JSONSchemaProps conditions = Schemas.find(root, "status.conditions");
            if (conditions != null) {
                conditions.getItems().getSchema().setRequired(List.of("status", "type"));
            }
            if (kind == ShardedCluster.class) {
                // So that a cluster at which no operator has looked yet does not pass for one that is as declared.
                JSONSchemaProps status = Objects.requireNonNull(Schemas.find(root, "status"));
                status.setDefault(JsonNodeFactory.instance.objectNode().put("observedGeneration", -1));
            }
            JSONSchemaProps parameters = Schemas.find(root, "spec.postgres.parameters");
            if (parameters != null) {
                parameters.setMaxProperties(200L);
            }
            JSONSchemaProps job = Schemas.find(root, "spec.failover.fencingJob.template");
            if (job != null) {
                aPodThatRunsOnce(job);
            }
            Schemas.walk(root, SchemaRefinement::dropRepeatedRules);
            version.setAdditionalPrinterColumns(inDeclaredOrder(version.getAdditionalPrinterColumns()));
        }
        return definition;
    }

    /** Kubernetes' own types do not say what they require. */
    private static void aPodThatRunsOnce(JSONSchemaProps template) {
        template.setRequired(List.of("spec"));
        JSONSchemaProps pod = Objects.requireNonNull(Schemas.find(template, "spec"));
        pod.setRequired(List.of("containers"));
        // Added to running pods alone, never part of a template.
        pod.getProperties().remove("ephemeralContainers");
        JSONSchemaProps restartPolicy = Objects.requireNonNull(Schemas.find(pod, "restartPolicy"));
        restartPolicy.setEnum(List.of(TextNode.valueOf(FencingJobSpec.RESTART_POLICY)));
        restartPolicy.setDefault(TextNode.valueOf(FencingJobSpec.RESTART_POLICY));
        JSONSchemaProps containers = Objects.requireNonNull(Schemas.find(pod, "containers"));
        containers.setMinItems(1L);
        containers.setMaxItems(16L);
        JSONSchemaProps container = containers.getItems().getSchema();
        container.setRequired(List.of("image", "name"));
        Objects.requireNonNull(Schemas.find(container, "image")).setMinLength(1L);
        Objects.requireNonNull(Schemas.find(container, "name")).setMinLength(1L);
    }

    /** An annotation on a record component reaches the generator twice, by the field and by the accessor. */
    private static void dropRepeatedRules(String path, JSONSchemaProps schema) {
        schema.setXKubernetesValidations(new ArrayList<>(new LinkedHashSet<>(schema.getXKubernetesValidations())));
    }

    /** kubectl shows the columns in the order of the definition; the generator sorts them by path. */
    private List<CustomResourceColumnDefinition> inDeclaredOrder(List<CustomResourceColumnDefinition> columns) {
        List<String> names = Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        return columns.stream()
                .sorted(Comparator.comparingInt(column -> names.indexOf(column.getName())))
                .toList();
    }
}
