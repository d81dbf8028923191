package io.pgmosaic.api.generate;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/** Says in the schema what annotations on the types cannot. */
final class SchemaRefinement implements CRDPostProcessor {
    /** Lists whose elements are told apart by some of their fields: the API server refuses duplicates. */
    private record KeyedList(String path, List<String> keys) {}

    private static final List<KeyedList> KEYED_LISTS = List.of(
            new KeyedList("spec.sharding.tables", List.of("schema", "name")),
            new KeyedList("spec.sharding.referenceTables", List.of("schema", "name")),
            new KeyedList("spec.targets", List.of("name")),
            new KeyedList("status.conditions", List.of("type")));

    private static final List<String> SETS = List.of("spec.shards.names", "spec.after");

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
            JSONSchemaProps parameters = Schemas.find(root, "spec.postgres.parameters");
            if (parameters != null) {
                parameters.setMaxProperties(200L);
            }
            Schemas.walk(root, SchemaRefinement::dropRepeatedRules);
            version.setAdditionalPrinterColumns(inDeclaredOrder(version.getAdditionalPrinterColumns()));
        }
        return definition;
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
