package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.api.v1alpha1.common.Patterns;

import java.time.Duration;

/** A Job that makes sure that an old primary is stopped, and proves it by succeeding. */
@ValidationRule(
        value = "duration(self.timeout) >= duration('1s') && duration(self.timeout) <= duration('1h')",
        message = "failover.fencingJob.timeout: write 1s to 1h, such as 60s")
@ApiValue
public record FencingJobSpec(
        @JsonPropertyDescription(
                "The Job's pod, as in a Job. Every container gets the environment variables OLD_PRIMARY, OLD_PRIMARY_NODE, SHARD, CLUSTER, NAMESPACE and TERM.")
        @Required
        PodTemplateSpec template,

        @JsonPropertyDescription(
                "How long the Job may take. When it has not succeeded by then it is ended, and the shard goes on waiting for another proof.")
        @Default("60s")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String timeout) {

    public static final String DEFAULT_TIMEOUT = "60s";

    /** The one restart policy that is allowed: a container that fails is a Job that has proven nothing. */
    public static final String RESTART_POLICY = "Never";

    public FencingJobSpec {
        template = template == null ? new PodTemplateSpec() : withRestartPolicy(template);
        timeout = timeout == null ? DEFAULT_TIMEOUT : timeout;
    }

    /** {@code timeout} parsed; throws IllegalArgumentException when it is no duration. */
    public Duration timeoutDuration() {
        return DurationText.parse(timeout);
    }

    /** The schema's default, filled in as everywhere; what was written stays, to be refused. */
    private static PodTemplateSpec withRestartPolicy(PodTemplateSpec template) {
        if (template.getSpec() == null || template.getSpec().getRestartPolicy() != null) {
            return template;
        }
        return template.edit()
                .editSpec()
                .withRestartPolicy(RESTART_POLICY)
                .endSpec()
                .build();
    }
}
