package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeySchema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** An exact key that lives on {@code shard}, whatever its hash. It holds for every table whose key has these types. */
public record KeyOverride(Key key, String shard) {
    /**
     * Reads an override that is written as text and holds for every table: one typed key for each kind of key among
     * {@code schemas} of which the texts can be one. The texts {@code ["42"]} override the bigint 42 and the text '42'.
     *
     * @throws InvalidKeyException when the texts are a key of no table; the reason is that of the last one tried
     */
    public static List<KeyOverride> parse(List<String> texts, String shard, Collection<KeySchema> schemas) {
        var keys = new LinkedHashSet<Key>();
        List<InvalidKeyException> refusals = new ArrayList<>();
        for (KeySchema schema : schemas) {
            try {
                keys.add(schema.parse(texts));
            } catch (InvalidKeyException refusal) {
                refusals.add(refusal);
            }
        }
        if (keys.isEmpty() && !refusals.isEmpty()) {
            throw refusals.getLast();
        }
        return keys.stream().map(key -> new KeyOverride(key, shard)).toList();
    }
}
