package dev.atoll.cli;

import java.io.ByteArrayOutputStream;

/** An output whose bytes are looked at and not its text. */
final class KeptOutput extends ByteArrayOutputStream {}
