package dev.atoll.server.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

class SayProgramTest {

    @Test
    void theArchiveHoldsTheProgramAndTheDirectoriesThatASandboxMounts() throws IOException {
        List<String> names = new ArrayList<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new ByteArrayInputStream(SayProgram.rootArchive()))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                names.add(entry.getName());
                if (entry.getName().equals(SayProgram.PATH)) {
                    assertThat(tar.readAllBytes()).isEqualTo(SayProgram.elf());
                    assertThat(entry.getMode()).isEqualTo(0755);
                }
            }
        }
        assertThat(names)
                .containsExactly(
                        "bin/", "dev/", "proc/", "sys/", "tmp/", SayProgram.PATH, "bin/sh", "bin/rm", "bin/cat");
    }

    @Test
    void theProgramIsAsSmallAsItSays() {
        assertThat(SayProgram.elf()).hasSize(SayProgram.LENGTH).startsWith(0x7f, 'E', 'L', 'F');
    }
}
