package io.pgmosaic.operator.split.plan;

import io.pgmosaic.api.v1alpha1.split.SplitPhase;

/**
 * @param phase that the split is in
 * @param step what is to be done
 */
public record SplitPlan(SplitPhase phase, SplitStep step) {}
