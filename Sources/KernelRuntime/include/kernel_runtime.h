/* The basics for a new kernel: a serial port, a way to end QEMU, and a report of processor
 * exceptions. For C11 and C++11; requires only this folder and bootinfo.h.
 *
 * One header for each architecture defines the differences, under the same names.
 *
 * SPDX-License-Identifier: Apache-2.0 OR MIT
 */
#ifndef KERNEL_RUNTIME_H
#define KERNEL_RUNTIME_H

#if defined(__aarch64__)
#include "kernel_aarch64.h"
#else
#include "kernel_x86_64.h"
#endif

/* Sends one character; sends a carriage return before a line feed. */
static inline void serial_write(uint8_t character) {
    if (character == '\n') {
        serial_send('\r');
    }
    serial_send(character);
}

/* Sends text up to its terminating zero. */
static inline void serial_write_text(const char *text) {
    for (; *text != 0; text++) {
        serial_write((uint8_t)*text);
    }
}

/* Sends a number in hexadecimal with the prefix 0x. */
static inline void serial_write_hexadecimal(uint64_t number) {
    int shift = 60;
    while (shift > 0 && number >> shift == 0) {
        shift -= 4;
    }
    serial_write_text("0x");
    for (; shift >= 0; shift -= 4) {
        serial_write((uint8_t) "0123456789abcdef"[number >> shift & 15]);
    }
}

/* Sends the name, cause and place of an exception. */
static inline void serial_write_exception(const struct exception_frame *frame) {
    serial_write_text("exception ");
    serial_write_hexadecimal(exception_number(frame));
    serial_write_text(" (");
    serial_write_text(exception_name(frame));
    serial_write_text("), " EXCEPTION_CODE " ");
    serial_write_hexadecimal(exception_code(frame));
    serial_write_text(", at ");
    serial_write_hexadecimal(frame->instruction_pointer);
    if (exception_has_address(frame)) {
        serial_write_text(", accessing ");
        serial_write_hexadecimal(exception_address(frame));
    }
}

#endif
