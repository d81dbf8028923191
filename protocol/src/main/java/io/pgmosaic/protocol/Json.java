package io.pgmosaic.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The one JSON form of the wire: ISO-8601 instants, nulls left out, unknown fields ignored. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    private static final ObjectMapper STRICT = MAPPER.copy().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private Json() {}

    /** The JSON of {@code value}, in UTF-8, on one line. */
    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("cannot write " + value.getClass().getSimpleName() + " as JSON", e);
        }
    }

    /**
     * Reads one value.
     *
     * @throws MalformedJsonException when the text is not JSON, or not JSON of that type
     */
    public static <T> T read(byte[] json, Class<T> type) throws MalformedJsonException {
        return read(MAPPER, json, type);
    }

    /**
     * Reads one value that a person wrote.
     *
     * @throws MalformedJsonException also when it has a field that is unknown
     */
    public static <T> T readStrictly(byte[] json, Class<T> type) throws MalformedJsonException {
        return read(STRICT, json, type);
    }

    private static <T> T read(ObjectMapper mapper, byte[] json, Class<T> type) throws MalformedJsonException {
        try {
            T value = mapper.readValue(json, type);
            if (value == null) {
                throw new MalformedJsonException("expected " + type.getSimpleName() + ", found null", null);
            }
            return value;
        } catch (ValueInstantiationException e) {
            // What the type itself has to say is for the person who wrote the text; the name of its class is not.
            String reason = e.getCause() instanceof IllegalArgumentException refused
                    ? String.valueOf(refused.getMessage())
                    : e.getOriginalMessage();
            throw new MalformedJsonException("expected " + type.getSimpleName() + ": " + reason, e);
        } catch (JsonProcessingException e) {
            throw new MalformedJsonException("expected " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new MalformedJsonException("expected " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }
}
