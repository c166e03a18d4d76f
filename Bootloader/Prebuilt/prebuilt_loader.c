#include "prebuilt_loader.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t bios_loader[] = {
#embed "bios.bin"
};
const uint8_t *const prebuilt_bios_loader = bios_loader;
const size_t prebuilt_bios_loader_size = sizeof bios_loader;

static const uint8_t uefi_loader[] = {
#embed "BOOTX64.EFI"
};
const uint8_t *const prebuilt_uefi_loader = uefi_loader;
const size_t prebuilt_uefi_loader_size = sizeof uefi_loader;

static const uint8_t aarch64_loader[] = {
#embed "BOOTAA64.EFI"
};
const uint8_t *const prebuilt_aarch64_loader = aarch64_loader;
const size_t prebuilt_aarch64_loader_size = sizeof aarch64_loader;
