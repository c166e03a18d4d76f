// Lines of the form `name: value`, each with the prefix of the processor that it is about.
#pragma once
#include "serial.h"

static const char *line_prefix = "";

static inline void start_line(const char *name) {
    print(line_prefix);
    print(name);
    print(":");
}

static inline void add_number(uint64_t value) {
    print(" ");
    print_number(value);
}

static inline void add_text(const char *text) {
    print(" ");
    print(text);
}

static inline void end_line(void) { print("\n"); }

static inline void line(const char *name, uint64_t value) {
    start_line(name);
    add_number(value);
    end_line();
}

static inline void text_line(const char *name, const char *text) {
    start_line(name);
    add_text(text);
    end_line();
}

// Returns a number that other contents would hardly have (FNV-1a).
static inline uint64_t hash(const uint8_t *bytes, uint64_t length) {
    uint64_t value = 0xCBF29CE484222325;
    for (uint64_t i = 0; i < length; i++) {
        value = (value ^ bytes[i]) * 0x100000001B3;
    }
    return value;
}
