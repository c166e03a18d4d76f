// Two of the C functions that compiled Swift calls.

#include <stddef.h>
#include <stdint.h>

// Eight bytes, aligned or not, of any type.
typedef uint64_t __attribute__((aligned(1), may_alias)) word;

void *memcpy(void *restrict destination, const void *restrict source, size_t count) {
    word *to = destination;
    const word *from = source;
    for (; count >= 32; count -= 32, to += 4, from += 4) {
        uint64_t a = from[0], b = from[1], c = from[2], d = from[3];
        to[0] = a;
        to[1] = b;
        to[2] = c;
        to[3] = d;
    }
    uint8_t *byte = (uint8_t *)to;
    const uint8_t *next = (const uint8_t *)from;
    while (count-- > 0) {
        *byte++ = *next++;
    }
    return destination;
}

void *memset(void *destination, int value, size_t count) {
    uint64_t all = (uint8_t)value * 0x0101010101010101u;
    word *to = destination;
    for (; count >= 32; count -= 32, to += 4) {
        to[0] = all;
        to[1] = all;
        to[2] = all;
        to[3] = all;
    }
    uint8_t *byte = (uint8_t *)to;
    while (count-- > 0) {
        *byte++ = (uint8_t)value;
    }
    return destination;
}
