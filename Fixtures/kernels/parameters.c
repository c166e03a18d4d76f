// A kernel that prints its command line and its modules, and checks where they are.

#include "bootinfo.h"
#include "check.h"

// Returns a number that other contents would hardly have (FNV-1a).
static uint64_t hash(const uint8_t *bytes, uint64_t length) {
    uint64_t value = 0xCBF29CE484222325;
    for (uint64_t i = 0; i < length; i++) {
        value = (value ^ bytes[i]) * 0x100000001B3;
    }
    return value;
}

static void print_module(const struct boot_module *module) {
    print("module ");
    print((const char *)module->name);
    print(": ");
    print((const char *)module->string);
    print(": ");
    print_number(module->length);
    print(" ");
    print_number(hash((const uint8_t *)module->address, module->length));
    print("\n");
    check(module->address % 4096 == 0, "it is on a page of its own");
    *(volatile uint8_t *)module->address = 0;
}

void _start(struct boot_info *info) {
    const struct boot_extension *extension = boot_extension_of(info);
    check(extension != NULL && extension->version >= 2, "extension");
    if (extension != NULL) {
        print("command line: ");
        print(extension->command_line == 0 ? "none" : (const char *)extension->command_line);
        print("\n");
        const struct boot_module *modules = (const void *)extension->modules;
        for (uint64_t i = 0; i < extension->module_count; i++) {
            print_module(&modules[i]);
        }
    }
    finish(failures == 0);
}
