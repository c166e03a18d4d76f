// What a signed loader knows of the files that it may start: a table in a section of its own,
// `.digests`, which `bootimage build` fills in before the loader is signed.
#ifndef DIGESTS_H
#define DIGESTS_H

#include <stdint.h>

// As the loader is built: it takes what it finds.
#define DIGESTS_UNSET 0
// Each file must have its digest; one that has none must not be there.
#define DIGESTS_SET 1

#define DIGEST_BYTE_COUNT 32

enum digest_file { DIGEST_KERNEL, DIGEST_RAMDISK, DIGEST_BOOT_CONFIGURATION, DIGEST_FILE_COUNT };

struct loader_digests {
    uint8_t signature[8]; // "BOOTDGST"
    uint32_t version;     // 1
    uint32_t state;
    uint32_t presence; // bit n: file n is part of the image
    uint8_t reserved[12];
    uint8_t digests[DIGEST_FILE_COUNT][DIGEST_BYTE_COUNT]; // SHA-256; zero for one that is absent
};

_Static_assert(sizeof(struct loader_digests) == 128, "the host writes 128 bytes");

// The table in this loader. A function, so that no compiler takes its first contents for granted.
const struct loader_digests *_Nonnull loader_digests(void);

static inline const uint8_t *_Nonnull digest_of_file(
    const struct loader_digests *_Nonnull table, uint32_t file) {
    return table->digests[file];
}

#endif
