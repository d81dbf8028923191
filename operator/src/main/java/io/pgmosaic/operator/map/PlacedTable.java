package io.pgmosaic.operator.map;

import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.routing.map.ShardMap;

/** A declared table, and the map that places its rows. Tables of one group have the same map, not only an equal one. */
public record PlacedTable(TableSpec table, ShardMap map) {}
