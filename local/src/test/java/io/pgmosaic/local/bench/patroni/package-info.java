/**
 * Patroni from Debian's packages as the measure to compare with: one etcd and three nodes on loopback addresses of their
 * own. A commit waits for one standby as in the product's default mode ({@code synchronous_mode}), except that a leader
 * without a standby goes on alone, which is in Patroni's favour: it need not wait for a standby after a failover.
 * Everything else is as Patroni has it.
 */
@NullMarked
package io.pgmosaic.local.bench.patroni;

import org.jspecify.annotations.NullMarked;
