package io.pgmosaic.instance.http;

import com.sun.net.httpserver.HttpExchange;
import io.pgmosaic.instance.postgres.SchemaDump;
import io.pgmosaic.instance.postgres.SchemaDump.Section;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** {@code GET /v1/schema?database=...&role=...&section=...}: the text, or 503 with what PostgreSQL says against it. */
final class SchemaResource {
    private static final System.Logger LOG = System.getLogger(SchemaResource.class.getName());

    private final SchemaDump dump;
    /** Each takes a thread for as long as it lasts; one at a time leaves enough for commands. */
    private final Semaphore one = new Semaphore(1);

    SchemaResource(SchemaDump dump) {
        this.dump = dump;
    }

    void answer(HttpExchange exchange) throws IOException, InterruptedException {
        Map<String, String> values = StatusQuery.values(exchange.getRequestURI());
        String database = values.get("database");
        String role = values.get("role");
        Section section;
        try {
            section = Section.of(String.valueOf(values.get("section")));
        } catch (IllegalArgumentException e) {
            Responses.problem(exchange, 400, "Bad request", String.valueOf(e.getMessage()));
            return;
        }
        if (database == null || database.isEmpty() || role == null || role.isEmpty()) {
            Responses.problem(exchange, 400, "Bad request", "database and role are to be given");
        } else if (one.tryAcquire()) {
            try {
                answer(exchange, database, role, section);
            } finally {
                one.release();
            }
        } else {
            Responses.problem(exchange, 503, "Busy", "a schema is being read; ask again");
        }
    }

    private void answer(HttpExchange exchange, String database, String role, Section section)
            throws IOException, InterruptedException {
        String text;
        try {
            text = dump.text(database, role, section);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read a schema: {0}", e.getMessage());
            Responses.problem(exchange, 503, "The schema cannot be read", String.valueOf(e.getMessage()));
            return;
        }
        Responses.text(exchange, 200, text);
    }
}
