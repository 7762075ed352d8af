package dev.atoll.server.rehearsal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Stands in for a program of which only the answer matters: writes a fixed text and ends with 0, whatever it is asked. Static, for x86-64.
 */
final class FixedProgram {
    private static final int CODE = 31;

    private FixedProgram() {}

    static byte[] saying(String text) {
        byte[] words = text.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer code = ByteBuffer.allocate(CODE + words.length).order(ByteOrder.LITTLE_ENDIAN);
        code.put((byte) 0xbf).putInt(1); // edi: stdout
        code.put((byte) 0xbe).putInt((int) SayProgram.CODE_ADDRESS + CODE); // esi: the text, behind the instructions
        code.put((byte) 0xba).putInt(words.length); // edx
        code.put((byte) 0xb8).putInt(1).putShort((short) 0x050f); // write
        code.putShort((short) 0xff31); // edi: 0
        code.put((byte) 0xb8).putInt(231).putShort((short) 0x050f); // exit_group
        return SayProgram.elf(code.put(words).array());
    }
}
