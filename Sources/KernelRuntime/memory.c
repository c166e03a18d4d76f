// The C functions that compilers call. They are weak, so a kernel may define its own; on the host
// they come from the C library.
#ifndef __linux__

#include <stddef.h>
#include <stdint.h>

#define WEAK __attribute__((weak))
// Keeps the compiler from replacing a loop with a call of the function that contains it.
#define KEEP_LOOP() __asm__ volatile("" : : : "memory")

#if defined(__x86_64__)

WEAK void *memcpy(void *restrict destination, const void *restrict source, size_t count) {
    void *result = destination;
    __asm__ volatile("rep movsb" : "+D"(destination), "+S"(source), "+c"(count) : : "memory");
    return result;
}

WEAK void *memset(void *destination, int value, size_t count) {
    void *result = destination;
    __asm__ volatile("rep stosb" : "+D"(destination), "+c"(count) : "a"(value) : "memory");
    return result;
}

#else

// Eight bytes of any type, at any address.
typedef uint64_t __attribute__((aligned(1), may_alias)) word;

WEAK void *memcpy(void *restrict destination, const void *restrict source, size_t count) {
    word *to = destination;
    const word *from = source;
    for (; count >= 4 * sizeof(word); count -= 4 * sizeof(word), to += 4, from += 4) {
        uint64_t a = from[0], b = from[1], c = from[2], d = from[3];
        to[0] = a;
        to[1] = b;
        to[2] = c;
        to[3] = d;
        KEEP_LOOP();
    }
    uint8_t *byte = (uint8_t *)to;
    for (const uint8_t *next = (const uint8_t *)from; count > 0; count--) {
        *byte++ = *next++;
        KEEP_LOOP();
    }
    return destination;
}

WEAK void *memset(void *destination, int value, size_t count) {
    uint64_t all = (uint8_t)value * 0x0101010101010101;
    word *to = destination;
    for (; count >= 4 * sizeof(word); count -= 4 * sizeof(word), to += 4) {
        to[0] = all;
        to[1] = all;
        to[2] = all;
        to[3] = all;
        KEEP_LOOP();
    }
    for (uint8_t *byte = (uint8_t *)to; count > 0; count--) {
        *byte++ = (uint8_t)value;
        KEEP_LOOP();
    }
    return destination;
}

#endif

WEAK void *memmove(void *destination, const void *source, size_t count) {
    if ((uintptr_t)destination - (uintptr_t)source >= count) {
        return memcpy(destination, source, count);
    }
    uint8_t *to = (uint8_t *)destination + count;
    const uint8_t *from = (const uint8_t *)source + count;
    while (count-- > 0) {
        *--to = *--from;
        KEEP_LOOP();
    }
    return destination;
}

WEAK int memcmp(const void *left, const void *right, size_t count) {
    const uint8_t *l = left;
    const uint8_t *r = right;
    for (; count > 0 && *l == *r; count--) {
        l++, r++;
    }
    return count == 0 ? 0 : *l - *r;
}

#endif
