package dev.atoll.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.cli.command.Command.Grammar;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgumentReaderTest {
    private static final List<Flag> FLAGS =
            List.of(Flag.of("user", "USER", ""), Flag.many("env", 'e', "NAME=VALUE", ""), Flag.sign("keep", ""));

    private static Invocation read(Grammar grammar, String... arguments) {
        Command command = new Command("tool", "", "", "", FLAGS, "", grammar, invocation -> 0);
        return ArgumentReader.read(command, List.of(arguments));
    }

    @Test
    void operandsAndOptionsMayBeMixed() {
        Invocation read = read(Grammar.OPERANDS, "a", "--user", "root", "b", "-q", "-");
        assertThat(read.operands()).containsExactly("a", "b", "-");
        assertThat(read.value("user")).contains("root");
        assertThat(read.quiet()).isTrue();
        assertThat(read(Grammar.OPERANDS, "--", "--user").operands()).containsExactly("--user");
    }

    @Test
    void aCommandLineIsNotLookedInto() {
        assertThat(read(Grammar.COMMAND_LINE, "--keep", "ls", "--user", "-l").commandLine())
                .containsExactly("ls", "--user", "-l");
        assertThat(read(Grammar.COMMAND_LINE, "--", "--keep", "--", "").commandLine())
                .containsExactly("--keep", "--", "");
        assertThat(read(Grammar.COMMAND_LINE, "env", "--", "ls").commandLine()).containsExactly("env", "--", "ls");
        assertThat(read(Grammar.COMMAND_LINE, "--").commandLine()).isEmpty();
    }

    @Test
    void anOperandComesFirst() {
        Invocation plain = read(Grammar.OPERAND_AND_COMMAND_LINE, "box", "ls", "-l");
        assertThat(plain.operands()).containsExactly("box");
        assertThat(plain.commandLine()).containsExactly("ls", "-l");
        Invocation late = read(Grammar.OPERAND_AND_COMMAND_LINE, "box", "--user", "root", "--", "ls");
        assertThat(late.operands()).containsExactly("box");
        assertThat(late.value("user")).contains("root");
        assertThat(late.commandLine()).containsExactly("ls");
    }

    @Test
    void valuesAreTakenAsTheyAre() {
        Invocation read = read(Grammar.COMMAND_LINE, "--env", "A=\"x y\"", "-e", "B=", "--env=C=d=e", "--", "x");
        assertThat(read.pairs("env"))
                .containsExactly(Map.entry("A", "\"x y\""), Map.entry("B", ""), Map.entry("C", "d=e"));
        assertThat(read(Grammar.OPERANDS, "--user", "a", "--user", "b").value("user"))
                .contains("b");
    }

    @Test
    void whatIsNotAnOptionIsRefused() {
        assertThatThrownBy(() -> read(Grammar.OPERANDS, "--nope")).hasMessage("'--nope' is not an option of tool.");
        assertThatThrownBy(() -> read(Grammar.OPERANDS, "--us", "root")).hasMessage("'--us' is not an option of tool.");
        assertThatThrownBy(() -> read(Grammar.COMMAND_LINE, "-x", "ls")).hasMessage("'-x' is not an option of tool.");
        assertThatThrownBy(() -> read(Grammar.COMMAND_LINE, "--nope", "--", "ls"))
                .hasMessage("'--nope' is not an option of tool.");
        assertThatThrownBy(() -> read(Grammar.OPERAND_AND_COMMAND_LINE, "box", "--nope", "--", "ls"))
                .hasMessage("'--nope' is not an option of tool.");
        assertThatThrownBy(() -> read(Grammar.OPERANDS, "--user")).hasMessage("--user needs a value: USER.");
        assertThatThrownBy(() -> read(Grammar.OPERANDS, "-e", "=x").pairs("env"))
                .hasMessage("--env takes NAME=VALUE, and got '=x'.");
    }
}
