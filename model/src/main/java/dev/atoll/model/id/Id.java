package dev.atoll.model.id;

/** An opaque identifier with a typed prefix. Equal text means equal id; the text is safe in paths, URLs and logs. */
public sealed interface Id
        permits SandboxId, ExecId, RunId, ImageId, HostId, KeyId, WorkspaceId, SessionId, ContextId, ContextRunId {
    /** The whole text with its prefix, for instance {@code sbx_k3v…}. */
    String value();
}
