/**
 * Which of the operator's replicas acts. One that has not the lead starts no pass and confirms no term; one that loses it ends
 * its passes and competes again, in the same process. Two that believe to lead can decide nothing contrary all the same: every
 * decision is a compare-and-set on the cluster's status, and every command carries the term it belongs to.
 */
@NullMarked
package io.pgmosaic.operator.leadership;

import org.jspecify.annotations.NullMarked;
