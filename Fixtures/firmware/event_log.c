// A UEFI application for x86-64 that installs the protocol of a TPM 2.0 with an event log, and
// starts the loader. FORMAT: the only format that the TPM has, 1 or 2. LAST: the number of its last
// event, from 1; 0: there is none. DIGEST: the second event's algorithm (correct: 11).
#include "start_loader.h"

struct __attribute__((packed)) event { // TCG EFI Protocol Specification 00.13, section 5
    uint32_t index, type;
    uint8_t digest[20];
    uint32_t byte_count;
};

static struct __attribute__((packed)) {
    struct event first;
    uint8_t signature[16];
    uint32_t platform;
    uint8_t version[4];
    uint32_t algorithm_count;
    struct {
        uint16_t algorithm, byte_count;
    } algorithms[2];
    uint8_t vendor_byte_count;
#if FORMAT == 1
    struct event second;
#else
    struct __attribute__((packed)) {
        uint32_t index, type, digest_count;
        uint16_t algorithm;
        uint8_t digest[20];
        uint16_t other_algorithm;
        uint8_t other_digest[32];
        uint32_t byte_count;
    } second;
#endif
    uint8_t text[5];
    uint8_t behind[64]; // not part of the log
} log = {
    .first = {.type = 3, .byte_count = 37},
    .signature = "Spec ID Event03",
    .algorithm_count = 2,
    .algorithms = {{4, 20}, {11, 32}},
    .second =
        {
            .index = 7,
            .type = 13,
#if FORMAT == 2
            .digest_count = 2,
            .algorithm = 4,
            .other_algorithm = DIGEST,
#endif
            .byte_count = 5,
        },
    .text = {'h', 'e', 'l', 'l', 'o'},
    .behind = {255, 255, 255, 255},
};

static efi_status get_event_log(struct efi_tcg2 *self, uint32_t format, uint64_t *first,
    uint64_t *last, uint8_t *is_truncated) {
    (void)self;
    if (format != FORMAT) {
        return EFI_ERROR_BIT | 2; // invalid parameter
    }
    uint64_t events[] = {0, (uint64_t)&log.first, (uint64_t)&log.second};
    *first = (uint64_t)&log;
    *last = events[LAST];
    *is_truncated = 0;
    return 0;
}

// Called by firmware that measures what it starts: without capabilities it does not.
static efi_status get_capability(void) { return EFI_ERROR_BIT | EFI_UNSUPPORTED; }

static struct efi_tcg2 tpm = {
    .get_capability = (void *)get_capability,
    .get_event_log = get_event_log,
};

uint64_t efi_main(efi_handle self, struct efi_system_table *system) {
    efi_status (*install)(efi_handle *, const struct efi_guid *, uint32_t, void *) =
        system->boot_services->install_protocol_interface;
    efi_handle handle = nullptr;
    return install(&handle, &efi_tcg2_guid, 0, &tpm) != 0 ? 1 : start_loader(self, system);
}
