#include "prebuilt_loader.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

const uint8_t prebuilt_bios_loader[] = {
#embed "bios.bin"
};
const size_t prebuilt_bios_loader_size = sizeof prebuilt_bios_loader;

const uint8_t prebuilt_uefi_loader[] = {
#embed "BOOTX64.EFI"
};
const size_t prebuilt_uefi_loader_size = sizeof prebuilt_uefi_loader;
