package dev.atoll.bench.peer;

import dev.atoll.bench.problem.BenchException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * The smallest program there is: it does nothing but end with 0. A static ELF file of two headers and one system call, in one page. What
 * its start takes is what the start of any process takes at least.
 */
final class TinyProgram {
    private static final int ELF_HEADER_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int CODE_AT = ELF_HEADER_BYTES + PROGRAM_HEADER_BYTES;
    private static final long LOADED_AT = 0x400000;
    private static final long PAGE = 0x1000;

    /** The ELF machine number and the code of {@code exit_group(0)}. */
    private enum Machine {
        /** {@code xor edi,edi; mov eax,231; syscall}. */
        X86_64(62, 0x31, 0xff, 0xb8, 231, 0, 0, 0, 0x0f, 0x05),
        /** {@code mov x0,0; mov x8,94; svc 0}. */
        AARCH64(183, 0x00, 0x00, 0x80, 0xd2, 0xc8, 0x0b, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4);

        private final int number;
        private final byte[] code;

        Machine(int number, int... code) {
            this.number = number;
            this.code = new byte[code.length];
            for (int i = 0; i < code.length; i++) {
                this.code[i] = (byte) code[i];
            }
        }

        static Machine ofThisHost() {
            String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
            return switch (name) {
                case "amd64", "x86_64" -> X86_64;
                case "aarch64" -> AARCH64;
                default ->
                    throw BenchException.unavailable(
                            "machine_unknown",
                            "There is no tiny program for " + name + ".",
                            "Measure on amd64 or arm64.");
            };
        }
    }

    private TinyProgram() {}

    /** The file's content, for the machine that this runs on. */
    static byte[] elf() {
        Machine machine = Machine.ofThisHost();
        int length = CODE_AT + machine.code.length;
        ByteBuffer file = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        file.putShort((short) 2).putShort((short) machine.number).putInt(1); // an executable, of version 1
        file.putLong(LOADED_AT + CODE_AT).putLong(ELF_HEADER_BYTES).putLong(0).putInt(0); // entry, headers, flags
        file.putShort((short) ELF_HEADER_BYTES)
                .putShort((short) PROGRAM_HEADER_BYTES)
                .putShort((short) 1);
        file.position(ELF_HEADER_BYTES);
        file.putInt(1).putInt(5); // load, readable and executable
        file.putLong(0)
                .putLong(LOADED_AT)
                .putLong(LOADED_AT)
                .putLong(length)
                .putLong(length)
                .putLong(PAGE);
        return file.put(machine.code).array();
    }
}
