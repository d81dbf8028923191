/**
 * The guard: SQL text that makes a shard refuse the rows it does not own (invariant I4).
 *
 * <p>Everything here is text to be run by someone else, as superuser, on the shard's primary; nothing is remembered. What
 * the text promises once its transaction has committed:
 *
 * <ul>
 *   <li>an insert, update or delete of a row whose key the shard does not own, or whose key is null, fails with SQLSTATE
 *       {@code MO001}, whichever client sends it; the update of a row is checked with its old and its new key;
 *   <li>nothing in flight slips past a change: it waits for, and then shuts out, every writer of the table;
 *   <li>a change that implements an older map than the shard has seen fails with {@code MO002} and changes nothing, one
 *       meant for another shard with {@code MO003};
 *   <li>a shard that was frozen takes no key that is to leave it, until a newer map comes, whatever else is done.
 * </ul>
 *
 * <h2>Why AFTER ROW triggers with a WHEN clause</h2>
 *
 * The WHEN clause of an AFTER trigger sees the row as it was stored, whatever BEFORE triggers, defaults and generated
 * columns made of it, and while it is false no event is queued and no function called. A BEFORE trigger would miss what a
 * later BEFORE trigger changes, would stop COPY from inserting many rows at a time, and on update and delete would lock
 * each row before it is written. The price is that a refused statement does its work before it is undone. CHECK
 * constraints know no SQLSTATE of our own, are not asked on delete, and validating one reads the whole table under lock.
 *
 * <h2>Where the predicate lives</h2>
 *
 * PostgreSQL reads the WHEN clause's stored tree anew for every statement. For a few ranges that costs microseconds; for
 * the bounds of a ring it costs more than the insert itself. So a long predicate goes into a function, which a session
 * reads once. It is named after its content and never changed; a trigger is pointed at another one under the table's lock.
 *
 * <p>Every name is schema-qualified, operators too, and the scripts pin search_path, so that nothing that a user defines
 * can be taken for a built-in.
 */
@NullMarked
package io.pgmosaic.routing.guard;

import org.jspecify.annotations.NullMarked;
