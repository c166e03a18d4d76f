// A kernel for AArch64 that enables and uses SVE if the processor supports it: no higher exception
// level may trap that.
#include "bootinfo.h"
#include "serial.h"

void _start(void);
void _start(void) {
    uint64_t features, control, byte_count = 0;
    __asm__ volatile("mrs %0, ID_AA64PFR0_EL1" : "=r"(features));
    if ((features >> 32 & 15) != 0) {
        __asm__ volatile("mrs %0, CPACR_EL1" : "=r"(control));
        __asm__ volatile("msr CPACR_EL1, %0\n\tisb" : : "r"(control | 3 << 16)); // ZEN
        __asm__ volatile("msr S3_0_C1_C2_0, %0\n\tisb" : : "r"(15ull));          // ZCR_EL1
        __asm__ volatile(".arch_extension sve\n\trdvl %0, #1" : "=r"(byte_count));
    }
    print("vectors of ");
    print_number(byte_count);
    print(" bytes\n");
    finish(1);
}
