// The C functions that compiled code calls. A kernel's own win over them; on the host the C library
// has them.
#ifndef __linux__

#include <stddef.h>
#include <stdint.h>

#define WEAK __attribute__((weak))

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

WEAK void *memmove(void *destination, const void *source, size_t count) {
    if ((uintptr_t)destination - (uintptr_t)source >= count) {
        return memcpy(destination, source, count);
    }
    uint8_t *to = (uint8_t *)destination + count;
    const uint8_t *from = (const uint8_t *)source + count;
    while (count-- > 0) {
        *--to = *--from;
        __asm__ volatile("" : : : "memory"); // keeps this from becoming a call to memmove
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
