package io.pgmosaic.instance.postgres;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class BackupProgressTest {
    @Test
    void readsReports() {
        assertThat(BackupProgress.parse("   1258291/1992294 kB (63%), 0/1 tablespace"))
                .isEqualTo(new BackupProgress(1258291, 1992294, 63));
        assertThat(BackupProgress.parse("22765/22765 kB (100%), 1/1 tablespace (...gmosaic/pgdata.new/base/1)"))
                .isEqualTo(new BackupProgress(22765, 22765, 100));
    }

    @Test
    void takesNothingElseForOne() {
        assertThat(BackupProgress.parse("")).isNull();
        assertThat(BackupProgress.parse("pg_basebackup: error: connection failed: 1/2 kB (3%)"))
                .isNull();
        assertThat(BackupProgress.parse("99999999999999999999/1 kB (3%)")).isNull();
    }

    @Test
    void speaksToAPerson() {
        assertThat(new BackupProgress(1258291, 1992294, 63).text()).isEqualTo("base backup 63 %, 1.2 GiB of 1.9 GiB");
        assertThat(new BackupProgress(0, 800, 0).text()).isEqualTo("base backup 0 %, 0 KiB of 800 KiB");
    }
}
