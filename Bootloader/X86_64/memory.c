// Two of the C functions that compiled Swift calls, with string instructions.

#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict destination, const void *restrict source, size_t count) {
    void *result = destination;
    size_t words = count / 8;
    count %= 8;
    __asm__ volatile("rep movsq\n\tmov %3, %2\n\trep movsb"
                     : "+D"(destination), "+S"(source), "+c"(words)
                     : "r"(count)
                     : "memory");
    return result;
}

void *memset(void *destination, int value, size_t count) {
    void *result = destination;
    size_t words = count / 8;
    count %= 8;
    __asm__ volatile("rep stosq\n\tmov %2, %1\n\trep stosb"
                     : "+D"(destination), "+c"(words)
                     : "r"(count), "a"((uint8_t)value * 0x0101010101010101u)
                     : "memory");
    return result;
}
