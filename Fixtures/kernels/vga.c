// The smallest kernel: no boot info, no serial port, only text on a VGA screen.

#include <stdint.h>

static const char text[] = "Hello World!";

_Noreturn void _start(void) {
    volatile uint8_t *buffer = (volatile uint8_t *)0xB8000;
    for (unsigned i = 0; i < sizeof text - 1; i++) {
        buffer[2 * i] = (uint8_t)text[i];
        buffer[2 * i + 1] = 0x0B; // light cyan
    }
    for (;;) {
    }
}
