package dev.atoll.hostagent.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFileTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void aFileCutAnywhereHoldsTheRecordsBeforeTheCutAndGoesOn(long seed) throws Exception {
        Random random = new Random(seed);
        Path path = directory.resolve("records");
        List<byte[]> written = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        try (RecordFile file = RecordFile.open(path)) {
            for (int i = 0; i < 50; i++) {
                byte[] record = new byte[random.nextInt(200)];
                random.nextBytes(record);
                file.append(record);
                written.add(record);
                ends.add(file.size());
            }
        }
        long cut = random.nextLong(ends.getLast() + 1);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(cut);
        }
        int whole = (int) ends.stream().filter(end -> end <= cut).count();

        assertThat(RecordFile.read(path)).containsExactlyElementsOf(written.subList(0, whole));
        byte[] next = {1, 2, 3};
        try (RecordFile file = RecordFile.open(path)) {
            file.append(next);
        }
        List<byte[]> after = new ArrayList<>(written.subList(0, whole));
        after.add(next);
        assertThat(RecordFile.read(path)).containsExactlyElementsOf(after);
    }

    @Test
    void aDamagedRecordEndsTheFile() throws Exception {
        Path path = directory.resolve("records");
        try (RecordFile file = RecordFile.open(path)) {
            file.append(new byte[] {1});
            file.append(new byte[] {2});
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(file.length() - 1);
            file.write(9);
        }

        assertThat(RecordFile.read(path)).hasSize(1);
    }

    @Test
    void aRecordHasALimit() throws Exception {
        try (RecordFile file = RecordFile.open(directory.resolve("records"))) {
            assertThatThrownBy(() -> file.append(new byte[RecordFile.MAX_RECORD_BYTES + 1]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
