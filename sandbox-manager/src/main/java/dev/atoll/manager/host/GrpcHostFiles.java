package dev.atoll.manager.host;

import dev.atoll.model.file.FileOperation;
import dev.atoll.model.id.SandboxId;
import dev.atoll.protocol.FileOperationMessages;
import dev.atoll.protocol.host.v1.FileBegin;
import java.util.Optional;

/** A host's files over gRPC. */
final class GrpcHostFiles implements HostFiles {
    private final GrpcCalls calls;

    GrpcHostFiles(GrpcCalls calls) {
        this.calls = calls;
    }

    @Override
    public FileExchange begin(SandboxId sandbox, Optional<String> user, FileOperation operation) {
        FileBegin.Builder begin = FileBegin.newBuilder().setSandboxId(sandbox.value());
        user.ifPresent(begin::setUser);
        GrpcFileExchange exchange =
                new GrpcFileExchange(FileOperationMessages.put(begin, operation).build());
        exchange.open(calls);
        return exchange;
    }
}
