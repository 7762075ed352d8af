package dev.atoll.manager.file;

import dev.atoll.manager.host.FileExchange;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** An exchange whose problems are told in the platform's words. */
final class NamedExchange implements FileExchange {
    private final FileExchange exchange;
    private final UnaryOperator<ProblemException> naming;

    NamedExchange(FileExchange exchange, UnaryOperator<ProblemException> naming) {
        this.exchange = exchange;
        this.naming = naming;
    }

    @Override
    public void send(ByteBuffer data) {
        try {
            exchange.send(data);
        } catch (ProblemException e) {
            throw naming.apply(e);
        }
    }

    @Override
    public void sent() {
        try {
            exchange.sent();
        } catch (ProblemException e) {
            throw naming.apply(e);
        }
    }

    @Override
    public Optional<FileEvent> next(Duration patience) {
        try {
            return exchange.next(patience);
        } catch (ProblemException e) {
            throw naming.apply(e);
        }
    }

    @Override
    public void close() {
        exchange.close();
    }
}
