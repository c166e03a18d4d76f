/* Named tests in a kernel, reported on the serial port as KTAP version 1 for `bootimage test`: see
 * docs/test-protocol.md. For C11 and C++11, freestanding; requires kernel_runtime.h:
 *
 *     #include "kernel_testing.h"
 *
 *     KERNEL_TEST(adds) {
 *         EXPECT(1 + 1 == 2);
 *         EXPECT_EQUAL(2 + 2, 4);
 *     }
 *
 *     void _start(const struct boot_info *info) {
 *         run_kernel_tests(info);
 *     }
 *
 * The tests of all files run in the order in which the linker places them. A processor exception
 * ends the run with a line that describes it, and QEMU with failure.
 *
 * SPDX-License-Identifier: Apache-2.0 OR MIT
 */
#ifndef KERNEL_TESTING_H
#define KERNEL_TESTING_H

#include "kernel_runtime.h"
#include <stdbool.h>

/* Defines a test; NAME is an identifier, and the body follows in braces. */
#define KERNEL_TEST(NAME)                                                         \
    static void kernel_test_body_##NAME(void);                                    \
    KERNEL_TEST_SECTION static const struct kernel_test kernel_test_of_##NAME = { \
        #NAME, kernel_test_body_##NAME};                                          \
    static void kernel_test_body_##NAME(void)

/* Marks the test as failed unless the condition holds, and continues. */
#define EXPECT(CONDITION) \
    kernel_test_check((CONDITION), "expectation failed", #CONDITION, KERNEL_TEST_FILE, __LINE__)

/* The same for equality of two integers of up to 64 bits, printed if they differ. */
#define EXPECT_EQUAL(FOUND, EXPECTED)                                                  \
    kernel_test_check_equal(                                                           \
        (uint64_t)(FOUND), (uint64_t)(EXPECTED), KERNEL_TEST_IS_SIGNED(FOUND), #FOUND, \
        KERNEL_TEST_FILE, __LINE__)

/* Ends the test as failed unless the condition holds; for use in the test's body only. */
#define REQUIRE(CONDITION)                                                                  \
    do {                                                                                    \
        if (!kernel_test_check(                                                             \
                (CONDITION), "requirement failed", #CONDITION, KERNEL_TEST_FILE, __LINE__)) \
            return;                                                                         \
    } while (0)

/* Ends the test as skipped, unless it has already failed; for use in the test's body only. */
#define SKIP(REASON)              \
    do {                          \
        kernel_test_skip(REASON); \
        return;                   \
    } while (0)

/* A test, defined with KERNEL_TEST. */
struct kernel_test {
    const char *name;
    void (*body)(void);
};

/* The progress of the run. */
struct kernel_test_run {
    uint32_t number; /* of the current test, from 1 */
    uint32_t failed_count;
    bool has_failed;         /* the current test */
    const char *skip_reason; /* of the current test, if it is skipped */
};
/* Shared by all files of the kernel that include this header. */
__attribute__((weak)) struct kernel_test_run kernel_test_run = {0, 0, false, 0};

#if __has_attribute(retain)
#define KERNEL_TEST_RETAIN , retain
#else
#define KERNEL_TEST_RETAIN
#endif
#if __has_attribute(no_reorder) /* otherwise GCC reverses the order */
#define KERNEL_TEST_IN_ORDER , no_reorder
#else
#define KERNEL_TEST_IN_ORDER
#endif
#define KERNEL_TEST_SECTION \
    __attribute__((section("kernel_tests"), used KERNEL_TEST_RETAIN KERNEL_TEST_IN_ORDER))

#if defined(__FILE_NAME__)
#define KERNEL_TEST_FILE __FILE_NAME__
#else
#define KERNEL_TEST_FILE __FILE__
#endif

#define KERNEL_TEST_IS_SIGNED(VALUE) ((__typeof__((VALUE) + 0)) - 1 < 1)

/* Sends text as one line: control characters become spaces. */
static inline void kernel_test_write(const char *text) {
    for (; *text != 0; text++) {
        serial_write((uint8_t)*text < ' ' ? ' ' : (uint8_t)*text);
    }
}

/* Sends a name without surrounding spaces; `#`, which starts a directive, becomes `_`. */
static inline void kernel_test_write_name(const char *name) {
    const char *end = name;
    for (const char *next = name; *next != 0; next++) {
        if ((uint8_t)*next > ' ') {
            end = next + 1;
        }
    }
    while (name < end && (uint8_t)*name <= ' ') {
        name++;
    }
    for (; name < end; name++) {
        uint8_t character = (uint8_t)*name < ' ' ? ' ' : (uint8_t)*name;
        serial_write(character == '#' ? '_' : character);
    }
}

/* Sends a decimal number. */
static inline void kernel_test_write_number(uint64_t number, bool is_signed) {
    if (is_signed && number >> 63 != 0) {
        serial_write('-');
        number = -number;
    }
    if (number >= 10) {
        kernel_test_write_number(number / 10, false);
    }
    serial_write((uint8_t)('0' + number % 10));
}

/* Ends a diagnostic line with the comment, if any, and the place. */
static inline void kernel_test_end_diagnostic(const char *comment, const char *file, int line) {
    if (*comment != 0) {
        serial_write_text(": ");
        kernel_test_write(comment);
    }
    serial_write_text(" (");
    kernel_test_write(file);
    serial_write(':');
    kernel_test_write_number((uint64_t)line, false);
    serial_write_text(")\n");
}

/* If the condition is false, reports it and marks the test as failed; returns the condition. */
static inline bool kernel_test_check(
    bool condition, const char *what, const char *comment, const char *file, int line) {
    if (!condition) {
        kernel_test_run.has_failed = true;
        serial_write_text("# ");
        serial_write_text(what);
        kernel_test_end_diagnostic(comment, file, line);
    }
    return condition;
}

/* If the numbers differ, reports them and marks the test as failed. */
static inline void kernel_test_check_equal(
    uint64_t found, uint64_t expected, bool is_signed, const char *comment, const char *file,
    int line) {
    if (found == expected) {
        return;
    }
    kernel_test_run.has_failed = true;
    serial_write_text("# expected ");
    kernel_test_write_number(expected, is_signed);
    serial_write_text(", found ");
    kernel_test_write_number(found, is_signed);
    kernel_test_end_diagnostic(comment, file, line);
}

/* Aborts the run and ends QEMU with failure, for example from a kernel's panic handler. */
__attribute__((noreturn)) static inline void kernel_test_bail_out(const char *message) {
    serial_write_text("\nBail out! ");
    kernel_test_write(message);
    serial_write('\n');
    debug_exit(DEBUG_EXIT_FAILURE);
}

/* Bails out with a description of the exception. */
static inline void kernel_test_exception(const struct exception_frame *frame) {
    serial_write_text("\nBail out! ");
    serial_write_exception(frame);
    serial_write('\n');
    debug_exit(DEBUG_EXIT_FAILURE);
}

/* Starts the run: sends its first two lines, and makes exceptions bail out. */
static inline void kernel_test_plan(const struct boot_info *info, uint64_t count) {
    serial_initialize(info);
    install_exception_handlers(kernel_test_exception);
    serial_write_text("KTAP version 1\n1..");
    kernel_test_write_number(count, false);
    serial_write('\n');
}

/* Sends the line before a test. */
static inline void kernel_test_begin(const char *name) {
    kernel_test_run.number++;
    kernel_test_run.has_failed = false;
    kernel_test_run.skip_reason = 0;
    serial_write_text("# begin ");
    kernel_test_write_name(name);
    serial_write('\n');
}

/* Marks the current test as skipped, unless it fails. */
static inline void kernel_test_skip(const char *reason) { kernel_test_run.skip_reason = reason; }

/* Sends the line after a test, its result. */
static inline void kernel_test_end(const char *name) {
    bool has_failed = kernel_test_run.has_failed;
    kernel_test_run.failed_count += has_failed;
    serial_write_text(has_failed ? "not ok " : "ok ");
    kernel_test_write_number(kernel_test_run.number, false);
    serial_write(' ');
    kernel_test_write_name(name);
    if (!has_failed && kernel_test_run.skip_reason != 0) {
        serial_write_text(" # SKIP ");
        kernel_test_write(kernel_test_run.skip_reason);
    }
    serial_write('\n');
}

/* Ends QEMU, with success if all tests passed. */
__attribute__((noreturn)) static inline void kernel_test_finish(void) {
    debug_exit(kernel_test_run.failed_count == 0 ? DEBUG_EXIT_SUCCESS : DEBUG_EXIT_FAILURE);
}

/* The linker's symbols for the start and end of the tests. */
#if defined(__cplusplus)
extern "C" {
#endif
extern const struct kernel_test __start_kernel_tests[] __attribute__((visibility("hidden")));
extern const struct kernel_test __stop_kernel_tests[] __attribute__((visibility("hidden")));
#if defined(__cplusplus)
}
#endif

/* Runs all tests of the kernel and ends QEMU; halts outside QEMU. */
__attribute__((noreturn)) static inline void run_kernel_tests(const struct boot_info *info) {
    kernel_test_plan(info, (uint64_t)(__stop_kernel_tests - __start_kernel_tests));
    const struct kernel_test *end = __stop_kernel_tests;
    for (const struct kernel_test *test = __start_kernel_tests; test < end; test++) {
        kernel_test_begin(test->name);
        test->body();
        kernel_test_end(test->name);
    }
    kernel_test_finish();
}

#endif
