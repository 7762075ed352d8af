package dev.atoll.manager.file;

import dev.atoll.manager.key.Caller;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.FileReach;
import dev.atoll.model.id.KeyId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;

/**
 * What a signed URL allows, once.
 *
 * @param nonce 16 random bytes that are its name
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record UrlGrant(byte[] nonce, FileAccess access, Purpose purpose, FilePath path, Instant expiresAt) {
    static final int NONCE_BYTES = 16;

    /** What may be done with the file. */
    enum Purpose {
        GET,
        PUT
    }

    private static final int VERSION = 2;

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.write(nonce);
            out.writeLong(expiresAt.getEpochSecond());
            out.writeUTF(purpose.name());
            out.writeUTF(access.caller().workspace().value());
            out.writeUTF(access.caller().key().value());
            out.writeUTF(access.sandbox().value());
            out.writeUTF(access.reach().user().orElse(""));
            out.writeUTF(access.reach().workspace().orElse(""));
            out.write(path.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes everything", e);
        }
        return bytes.toByteArray();
    }

    /** Reads what {@link #bytes} wrote; empty when it is of another version. The bytes are ours: their signature was checked. */
    static Optional<UrlGrant> read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != VERSION) {
                return Optional.empty();
            }
            byte[] nonce = in.readNBytes(NONCE_BYTES);
            Instant expiresAt = Instant.ofEpochSecond(in.readLong());
            Purpose purpose = Purpose.valueOf(in.readUTF());
            Caller caller = new Caller(new WorkspaceId(in.readUTF()), new KeyId(in.readUTF()));
            SandboxId sandbox = new SandboxId(in.readUTF());
            Optional<String> user = Optional.of(in.readUTF()).filter(name -> !name.isEmpty());
            Optional<String> workspace = Optional.of(in.readUTF()).filter(directory -> !directory.isEmpty());
            FileReach reach = new FileReach(user, workspace);
            FilePath path = FilePath.of(in.readAllBytes());
            return Optional.of(new UrlGrant(nonce, new FileAccess(caller, sandbox, reach), purpose, path, expiresAt));
        } catch (IOException e) {
            throw new UncheckedIOException("what was signed is whole", e);
        }
    }
}
