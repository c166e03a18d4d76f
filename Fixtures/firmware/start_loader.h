// How an application starts the loader, from the file LOADER, with its own volume.
#include "uefi.h"

static uint8_t loader[] = {
#embed LOADER
};

static uint64_t start_loader(efi_handle self, struct efi_system_table *system) {
    efi_status (*load)(uint8_t, efi_handle, void *, void *, uint64_t, efi_handle *) =
        system->boot_services->load_image;
    efi_status (*start)(efi_handle, uint64_t *, uint16_t **) = system->boot_services->start_image;
    efi_handle child;
    void *image, *child_image;
    if (load(0, self, nullptr, loader, sizeof loader, &child) != 0
        || system->boot_services->handle_protocol(self, &efi_loaded_image_guid, &image) != 0
        || system->boot_services->handle_protocol(child, &efi_loaded_image_guid, &child_image)
            != 0) {
        return 1;
    }
    ((struct efi_loaded_image *)child_image)->device = ((struct efi_loaded_image *)image)->device;
    return start(child, nullptr, nullptr);
}
