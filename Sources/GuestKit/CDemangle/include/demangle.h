// What Swift's runtime has for backtraces and no Swift module declares.
#ifndef DEMANGLE_H
#define DEMANGLE_H

#include <stddef.h>
#include <stdint.h>

// The name that stands for a mangled one, to be freed; NULL if that is not mangled.
char *swift_demangle(
    const char *mangled, size_t mangled_length, char *output, size_t *output_length,
    uint32_t flags);

#endif
