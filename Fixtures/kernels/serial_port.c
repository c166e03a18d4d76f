// A kernel for AArch64 that prints on the serial port that the loader detected and succeeds if that
// is at -DPORT=n; 0 means none.

#include "bootinfo.h"
#include "kernel_runtime.h"
#include "serial.h"

void _start(const struct boot_info *info);
void _start(const struct boot_info *info) {
    serial_initialize(info);
    serial_write_text("Hello by the port that was found\n");
    finish(serial_port.address == PORT);
}
