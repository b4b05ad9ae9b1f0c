package io.scorecast.engine.expression;

import java.util.List;

/** A part of an expression with its type, while it is compiled. */
sealed interface Operand {

    /** What it is, in words for a message. */
    String type();

    record Numeric(NumberNode node) implements Operand {
        @Override
        public String type() {
            return "a number";
        }
    }

    record Text(TextNode node) implements Operand {
        @Override
        public String type() {
            return "a text";
        }
    }

    record Truth(ConditionNode node) implements Operand {
        @Override
        public String type() {
            return "true or false";
        }
    }

    /** A list variable. */
    record Words(int slot) implements Operand {
        @Override
        public String type() {
            return "a list";
        }
    }

    /** A list of constants: all numbers or all texts. */
    record Listed(List<Double> numbers, List<String> texts) implements Operand {
        @Override
        public String type() {
            return "a list";
        }
    }

    /** A path below an open name: of the type that its use implies. */
    record Untyped(int slot) implements Operand {
        @Override
        public String type() {
            return "an attribute";
        }
    }

    /** What was already reported. */
    record Wrong() implements Operand {
        @Override
        public String type() {
            return "a mistake";
        }
    }
}
