#include "machine.h"

extern const uint8_t exception_entry[];

static inline uint64_t read_vector_base(void) {
    uint64_t value;
    if (exception_level() == 2) {
        __asm__ volatile("mrs %0, VBAR_EL2" : "=r"(value));
    } else {
        __asm__ volatile("mrs %0, VBAR_EL1" : "=r"(value));
    }
    return value;
}

static inline void write_vector_base(uint64_t value) {
    if (exception_level() == 2) {
        __asm__ volatile("msr VBAR_EL2, %0\n\tisb" : : "r"(value));
    } else {
        __asm__ volatile("msr VBAR_EL1, %0\n\tisb" : : "r"(value));
    }
}

// The table has 128 bytes for each of four kinds of exception, the first of them synchronous, from
// each of four sources (Arm ARM, table D1-6). Each entry here is a branch, which reaches 128 MiB:
// if the firmware's entries are further away, all exceptions remain with the firmware.
void install_exception_handlers(uint64_t table) {
    const uint64_t entry_count = 16, entry_byte_count = 128;
    const int64_t reach = 128 << 20;
    uint64_t old = read_vector_base();
    for (uint64_t index = 0; index < entry_count; index++) {
        uint64_t place = table + index * entry_byte_count;
        uint64_t target =
            index % 4 == 0 ? (uint64_t)exception_entry : old + index * entry_byte_count;
        int64_t distance = (int64_t)(target - place);
        if (distance < -reach || distance >= reach) {
            return;
        }
        *(uint32_t *)place = 0x14000000 | ((uint32_t)(distance >> 2) & 0x03FFFFFF);
    }
    clean_caches(table, table + entry_count * entry_byte_count);
    write_vector_base(table);
}
