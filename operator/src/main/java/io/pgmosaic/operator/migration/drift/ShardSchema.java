package io.pgmosaic.operator.migration.drift;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The schema of a shard's database as definitions by what they define: {@code column public.orders.note} is {@code text NOT NULL}. The
 * order of columns, which differs between one that was there and one that was added, is none of it; what the product itself put
 * there is not, either.
 *
 * @param definitions by names that are the same on every shard
 */
public record ShardSchema(SortedMap<String, String> definitions) {
    private static final String DEFINITIONS = """
            WITH spaces AS (
              SELECT n.oid, pg_catalog.quote_ident(n.nspname) AS name FROM pg_catalog.pg_namespace AS n
              WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'mosaic') AND n.nspname !~ '^pg_(toast_)?temp_'),
            relations AS (
              SELECT c.*, s.name || '.' || pg_catalog.quote_ident(c.relname) AS name
              FROM pg_catalog.pg_class AS c JOIN spaces AS s ON s.oid = c.relnamespace),
            products AS (
              SELECT p.oid FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
              WHERE n.nspname = 'mosaic')
            SELECT 'schema ' || s.name AS what, '' AS definition FROM spaces AS s
            UNION ALL
            SELECT CASE r.relkind WHEN 'r' THEN 'table ' WHEN 'p' THEN 'table ' WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view '
                     WHEN 'f' THEN 'foreign table ' ELSE 'sequence ' END || r.name,
              CASE WHEN r.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(r.oid)
                WHEN r.relkind = 'p' THEN 'PARTITION BY ' || pg_catalog.pg_get_partkeydef(r.oid)
                WHEN r.relispartition THEN pg_catalog.pg_get_expr(r.relpartbound, r.oid)
                WHEN r.relkind = 'S' THEN (SELECT pg_catalog.format('%s by %s', pg_catalog.format_type(q.seqtypid, NULL), q.seqincrement)
                                           FROM pg_catalog.pg_sequence AS q WHERE q.seqrelid = r.oid)
                ELSE '' END
                || CASE r.relpersistence WHEN 'u' THEN ' UNLOGGED' ELSE '' END
                || CASE WHEN r.relrowsecurity THEN ' ROW LEVEL SECURITY' ELSE '' END
            FROM relations AS r WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
            UNION ALL
            SELECT 'column ' || r.name || '.' || pg_catalog.quote_ident(a.attname),
              pg_catalog.format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
                || CASE a.attidentity WHEN '' THEN '' ELSE ' IDENTITY ' || a.attidentity::text END
                || coalesce(CASE a.attgenerated WHEN '' THEN ' DEFAULT ' ELSE ' GENERATED ' END
                            || pg_catalog.pg_get_expr(d.adbin, d.adrelid), '')
                || CASE WHEN a.attcollation = t.typcollation THEN ''
                     ELSE ' COLLATE ' || (SELECT l.collname FROM pg_catalog.pg_collation AS l WHERE l.oid = a.attcollation) END
            FROM pg_catalog.pg_attribute AS a JOIN relations AS r ON r.oid = a.attrelid
            JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attnum > 0 AND NOT a.attisdropped AND r.relkind IN ('r', 'p', 'f', 'c')
            UNION ALL
            SELECT 'index ' || r.name, pg_catalog.pg_get_indexdef(r.oid)
              || CASE WHEN i.indisvalid THEN '' ELSE ' (not valid)' END
            FROM relations AS r JOIN pg_catalog.pg_index AS i ON i.indexrelid = r.oid
            UNION ALL
            SELECT 'constraint ' || pg_catalog.quote_ident(k.conname) || ' of ' || r.name, pg_catalog.pg_get_constraintdef(k.oid)
            FROM pg_catalog.pg_constraint AS k JOIN relations AS r ON r.oid = k.conrelid
            UNION ALL
            SELECT 'trigger ' || pg_catalog.quote_ident(g.tgname) || ' of ' || r.name,
              pg_catalog.pg_get_triggerdef(g.oid) || CASE g.tgenabled WHEN 'O' THEN '' ELSE ' (' || g.tgenabled::text || ')' END
            FROM pg_catalog.pg_trigger AS g JOIN relations AS r ON r.oid = g.tgrelid
            WHERE NOT g.tgisinternal AND g.tgfoid NOT IN (SELECT oid FROM products)
            UNION ALL
            SELECT 'policy ' || pg_catalog.quote_ident(y.polname) || ' of ' || r.name,
              pg_catalog.concat_ws(' ', y.polcmd::text, pg_catalog.pg_get_expr(y.polqual, y.polrelid),
                pg_catalog.pg_get_expr(y.polwithcheck, y.polrelid))
            FROM pg_catalog.pg_policy AS y JOIN relations AS r ON r.oid = y.polrelid
            UNION ALL
            SELECT 'function ' || p.oid::pg_catalog.regprocedure::text,
              CASE WHEN p.prokind = 'a' THEN 'aggregate' ELSE pg_catalog.md5(pg_catalog.pg_get_functiondef(p.oid)) END
            FROM pg_catalog.pg_proc AS p JOIN spaces AS s ON s.oid = p.pronamespace
            WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS e WHERE e.objid = p.oid AND e.deptype = 'e')
            UNION ALL
            SELECT 'type ' || s.name || '.' || pg_catalog.quote_ident(t.typname),
              CASE t.typtype WHEN 'e' THEN (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(v.enumlabel), ', ' ORDER BY v.enumsortorder)
                                           FROM pg_catalog.pg_enum AS v WHERE v.enumtypid = t.oid)
                ELSE pg_catalog.format_type(t.typbasetype, t.typtypmod) || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
                  || coalesce((SELECT ' ' || pg_catalog.string_agg(pg_catalog.pg_get_constraintdef(k.oid), ' ' ORDER BY k.conname)
                               FROM pg_catalog.pg_constraint AS k WHERE k.contypid = t.oid), '') END
            FROM pg_catalog.pg_type AS t JOIN spaces AS s ON s.oid = t.typnamespace WHERE t.typtype IN ('e', 'd')
            UNION ALL
            SELECT 'extension ' || pg_catalog.quote_ident(x.extname), x.extversion FROM pg_catalog.pg_extension AS x
            """;

    public ShardSchema {
        definitions = Collections.unmodifiableSortedMap(new TreeMap<>(definitions));
    }

    /** @param session one in which no schema but {@code pg_catalog} is searched, so that names are told in full */
    public static ShardSchema read(Connection session) throws SQLException {
        SortedMap<String, String> definitions = new TreeMap<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(DEFINITIONS)) {
            while (row.next()) {
                definitions.put(row.getString("what"), row.getString("definition"));
            }
        }
        return new ShardSchema(definitions);
    }
}
