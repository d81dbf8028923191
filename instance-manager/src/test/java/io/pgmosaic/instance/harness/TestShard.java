package io.pgmosaic.instance.harness;

import io.pgmosaic.protocol.instance.InstanceIdentity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One shard's certificates, passwords and managers. Closing it ends every process that was started under it. */
public final class TestShard implements AutoCloseable {
    public static final String HOST = "orders-s0.shop.svc";
    public static final String PASSWORD = "pa'ss\\w:ord \"$(x)";
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final Sandbox sandbox = new Sandbox();
    private final TestAuthority authority = new TestAuthority("test");
    private final Path launcher;
    private final List<TestManager> managers = new ArrayList<>();

    public TestShard() throws IOException {
        launcher = Distribution.assemble(sandbox.directory("dist"));
    }

    public TestAuthority authority() {
        return authority;
    }

    public Sandbox sandbox() {
        return sandbox;
    }

    Path launcher() {
        return launcher;
    }

    /** A manager that has an empty volume and is not started yet. */
    public TestManager manager(int ordinal) throws IOException {
        InstanceIdentity identity = new InstanceIdentity("shop", "orders", "uid-1", "s0", "orders-s0-" + ordinal);
        TestManager manager = new TestManager(this, identity, address());
        managers.add(manager);
        return manager;
    }

    /** A loopback address that no other test, also in another JVM, is likely to use. */
    private static String address() {
        long pid = ProcessHandle.current().pid();
        return "127." + (64 + pid / 250 % 64) + "." + (pid % 250) + "." + (1 + NEXT.getAndIncrement() % 250);
    }

    @Override
    public void close() throws IOException {
        for (TestManager manager : managers) {
            manager.killEverything();
        }
        sandbox.close();
    }
}
