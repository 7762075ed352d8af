package dev.atoll.server.rehearsal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The program of the rehearsal's image, static and of {@value #LENGTH} bytes, for x86-64, as the embedded Postgres is. It writes its
 * first argument, if there is one, then copies its input to its output, and ends with 0, or with 1 when there is a second argument.
 */
final class SayProgram {
    /** Where it lies in the image. */
    static final String PATH = "bin/say";

    /** Its size in bytes. */
    static final int LENGTH = 214;

    private static final long ADDRESS = 0x400000;
    private static final int ELF_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int TAR_BLOCK = 512;

    /** Where the instructions of a program come to lie. */
    static final long CODE_ADDRESS = ADDRESS + ELF_HEADER + PROGRAM_HEADER;

    /** The kernel of a code context: says that it is ready, and understands nothing. */
    private static final String KERNEL =
            "{\"protocol\":1,\"argv\":[\"/" + PATH + "\",\"{\\\"type\\\":\\\"ready\\\"}\\n\"]}\n";

    /** Its instructions: the count of arguments stays in rbx; system calls 1 is write, 0 read, 231 exit_group. */
    private static final byte[] CODE = HexFormat.of()
            .parseHex(
                    ("488b1c24 4883fb02 7c1e" // rbx = argc; less than two: to the copying
                                    + "488b742410 31d2 803c1600 7405 48ffc2 ebf5" // rsi = argv[1], rdx = its length
                                    + "bf01000000 b801000000 0f05" // write(1, rsi, rdx)
                                    + "4881ec00100000" // a buffer of 4096 bytes on the stack
                                    + "31ff 4889e6 ba00100000 31c0 0f05 85c0 7e10" // read(0, buffer, 4096); none: to
                                    // the end
                                    + "89c2 bf01000000 b801000000 0f05 ebde" // write(1, buffer, what was read); again
                                    + "89df ffcf d1ef b8e7000000 0f05") // exit_group((argc - 1) / 2)
                            .replace(" ", ""));

    private SayProgram() {}

    /** An image's root with this, and what stands in for the programs that sessions and contexts call, as tar. */
    static byte[] rootArchive() {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        for (String directory : new String[] {"bin", "dev", "proc", "sys", "tmp"}) {
            tar.writeBytes(header('5', directory, 0));
        }
        add(tar, PATH, elf());
        add(tar, "bin/sh", FixedProgram.saying("sh\n/\n"));
        add(tar, "bin/rm", FixedProgram.saying(""));
        add(tar, "bin/cat", FixedProgram.saying(KERNEL));
        tar.writeBytes(new byte[2 * TAR_BLOCK]);
        return tar.toByteArray();
    }

    private static void add(ByteArrayOutputStream tar, String path, byte[] content) {
        tar.writeBytes(header('0', path, content.length));
        tar.writeBytes(Arrays.copyOf(content, (content.length + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK));
    }

    static byte[] elf() {
        return elf(CODE);
    }

    /** One segment, readable and executable, that is the whole file. */
    static byte[] elf(byte[] code) {
        int length = ELF_HEADER + PROGRAM_HEADER + code.length;
        ByteBuffer file = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        file.putShort((short) 2).putShort((short) 62).putInt(1);
        file.putLong(CODE_ADDRESS).putLong(ELF_HEADER).putLong(0);
        file.putInt(0)
                .putShort((short) ELF_HEADER)
                .putShort((short) PROGRAM_HEADER)
                .putShort((short) 1);
        file.putShort((short) 0).putShort((short) 0).putShort((short) 0);
        file.putInt(1).putInt(5).putLong(0).putLong(ADDRESS).putLong(ADDRESS);
        file.putLong(length).putLong(length).putLong(0x1000);
        return file.put(code).array();
    }

    private static byte[] header(char type, String path, int size) {
        byte[] block = new byte[TAR_BLOCK];
        text(block, 0, path);
        text(block, 100, "0000755");
        text(block, 108, "0000000");
        text(block, 116, "0000000");
        text(block, 124, octal(size, 11));
        text(block, 136, octal(0, 11));
        text(block, 148, "        ");
        block[156] = (byte) type;
        text(block, 257, "ustar");
        text(block, 263, "00");
        int sum = 0;
        for (byte each : block) {
            sum += each & 0xff;
        }
        text(block, 148, octal(sum, 6) + "\0");
        return block;
    }

    private static String octal(int value, int digits) {
        String number = Integer.toOctalString(value);
        return "0".repeat(digits - number.length()) + number;
    }

    private static void text(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }
}
