/**
 * Ids that no other router gives. Snowflakes need a machine number, which an operator leases; ULIDs and UUIDs of version 7
 * are random enough to need nobody.
 *
 * <p>What it promises: no two snowflakes of a cluster are the same, and those of one router grow, whatever its clock does and
 * whatever the routers before it did. A router that cannot keep that gives none.
 */
@NullMarked
package io.pgmosaic.router.ids;

import org.jspecify.annotations.NullMarked;
