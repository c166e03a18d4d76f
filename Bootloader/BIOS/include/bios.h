// The interface between the BIOS loader's Swift and its assembly.
#ifndef BIOS_H
#define BIOS_H

#include <stdint.h>

// The registers before and after a firmware call.
struct bios_registers {
    uint32_t eax, ebx, ecx, edx, esi, edi, ebp;
    uint16_t ds, ds_padding;
    uint16_t es, es_padding;
    uint32_t eflags; // out only; bit 0 is carry
};
_Static_assert(sizeof(struct bios_registers) == 40, "second_part.S copies ten words");

void bios_call(uint8_t vector, struct bios_registers *registers);

#endif
