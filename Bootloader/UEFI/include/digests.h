// The digests of the files that a signed loader may load: a table in a section of its own,
// `.digests`, which `bootimage build` fills in before it signs the loader.
#ifndef DIGESTS_H
#define DIGESTS_H

#include <stdint.h>

// As built: files are not verified.
#define DIGESTS_UNSET 0
// Each file must match its digest; a file without a digest must not exist.
#define DIGESTS_SET 1

#define DIGEST_BYTE_COUNT 32

enum digest_file {
    DIGEST_KERNEL,
    DIGEST_RAMDISK,
    DIGEST_SETTINGS,
    DIGEST_PARAMETERS,
    DIGEST_FIRST_MODULE,
    DIGEST_FILE_COUNT = DIGEST_FIRST_MODULE + 11
};

struct loader_digests {
    uint8_t signature[8]; // "BOOTDGST"
    uint32_t version;     // 2
    uint32_t state;
    uint32_t presence; // bit n: file n is part of the image
    uint8_t reserved[4];
    uint64_t build_number; // for people, larger is newer; 0 for none; loaders ignore it
    uint8_t digests[DIGEST_FILE_COUNT][DIGEST_BYTE_COUNT]; // SHA-256; zero for one that is absent
};

_Static_assert(sizeof(struct loader_digests) == 512, "the host writes 512 bytes");

// Returns the table in this loader. A function, so that the compiler does not assume its initial
// contents.
const struct loader_digests *_Nonnull loader_digests(void);

// Returns four bytes of a file's digest, in their order in memory.
static inline uint32_t digest_word(
    const struct loader_digests *_Nonnull table, uint32_t file, uint32_t index) {
    uint32_t word;
    __builtin_memcpy(&word, &table->digests[file][4 * index], sizeof word);
    return word;
}

#endif
