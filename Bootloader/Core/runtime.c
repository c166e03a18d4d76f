// C functions that compiled Swift calls, for every processor; memcpy and memset are in the folder
// of each. The loader uses neither heap nor random hashing: those functions are defined only
// because the linker resolves symbols before it drops the code that uses them.

#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict destination, const void *restrict source, size_t count);

void *memmove(void *destination, const void *source, size_t count) {
    if ((uintptr_t)destination - (uintptr_t)source >= count) {
        return memcpy(destination, source, count);
    }
    uint8_t *to = destination;
    const uint8_t *from = source;
    while (count-- > 0) {
        to[count] = from[count];
    }
    return destination;
}

int memcmp(const void *left, const void *right, size_t count) {
    const uint8_t *l = left;
    const uint8_t *r = right;
    for (size_t i = 0; i < count; i++) {
        if (l[i] != r[i]) {
            return l[i] - r[i];
        }
    }
    return 0;
}

void posix_memalign(void) { __builtin_trap(); }
void free(void) { __builtin_trap(); }
void arc4random_buf(void) { __builtin_trap(); }
