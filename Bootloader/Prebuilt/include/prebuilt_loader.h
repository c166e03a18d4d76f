// The loaders that `Bootloader/build` built, as bytes inside the executable.
#ifndef PREBUILT_LOADER_H
#define PREBUILT_LOADER_H

#include <stddef.h>
#include <stdint.h>

// Boot sector and second part of the BIOS loader: the first sectors of a raw BIOS image.
extern const uint8_t *const prebuilt_bios_loader;
extern const size_t prebuilt_bios_loader_size;

// EFI/BOOT/BOOTX64.EFI
extern const uint8_t *const prebuilt_uefi_loader;
extern const size_t prebuilt_uefi_loader_size;

// EFI/BOOT/BOOTAA64.EFI
extern const uint8_t *const prebuilt_aarch64_loader;
extern const size_t prebuilt_aarch64_loader_size;

#endif
