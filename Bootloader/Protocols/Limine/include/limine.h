// The identifiers of the Limine boot protocol's requests.
#ifndef LIMINE_H
#define LIMINE_H

#include <stdint.h>

// The features that the loader knows, in the order of the table below.
enum limine_feature {
    LIMINE_BOOTLOADER_INFO,
    LIMINE_COMMAND_LINE,
    LIMINE_FIRMWARE_TYPE,
    LIMINE_STACK_SIZE,
    LIMINE_HHDM,
    LIMINE_FRAMEBUFFER,
    LIMINE_PAGING_MODE,
    LIMINE_MP,
    LIMINE_MEMORY_MAP,
    LIMINE_ENTRY_POINT,
    LIMINE_EXECUTABLE_FILE,
    LIMINE_MODULE,
    LIMINE_RSDP,
    LIMINE_SMBIOS,
    LIMINE_EFI_SYSTEM_TABLE,
    LIMINE_TPM_EVENT_LOG,
    LIMINE_EFI_MEMORY_MAP,
    LIMINE_DATE_AT_BOOT,
    LIMINE_EXECUTABLE_ADDRESS,
    LIMINE_DEVICE_TREE,
    LIMINE_PERFORMANCE,
    LIMINE_KEEP_IOMMU,
    LIMINE_TSC_FREQUENCY,
    LIMINE_FLANTERM,
    LIMINE_ENTROPY,
    LIMINE_FEATURE_COUNT,
};

// The second half of each feature's identifier.
static const uint64_t limine_features[LIMINE_FEATURE_COUNT][2] = {
    {0xf55038d8e2a1202f, 0x279426fcf5f59740}, {0x4b161536e598651e, 0xb390ad4a2f1f303a},
    {0x8c2f75d90bef28a8, 0x7045a4688eac00c3}, {0x224ef0460a8e8926, 0xe1cb0fc25f46ea3d},
    {0x48dcf1cb8ad2b852, 0x63984e959a98244b}, {0x9d5827dcd881dd75, 0xa3148604f6fab11b},
    {0x95c1a0edab0944cb, 0xa4e5cb3842f7488a}, {0x95a67b819a1b857e, 0xa0b61b723b6a73e0},
    {0x67cf3d9d378a806f, 0xe304acdfc50c3c62}, {0x13d86c035a1cd3e1, 0x2b0caa89d8f3026a},
    {0xad97e90e83f1ed67, 0x31eb5d1c5ff23b69}, {0x3e7e279702be32af, 0xca1c4f3bd1280cee},
    {0xc5e77b6b397e7b43, 0x27637845accdcf3c}, {0x9e9046f11e095391, 0xaa4a520fefbde5ee},
    {0x5ceba5163eaaf6d6, 0x0a6981610cf65fcc}, {0x98e094fc7e76e979, 0xee8d8775c54e1d1f},
    {0x7df62a431d6872d5, 0xa4fcdfb3e57306c8}, {0x502746e184c088aa, 0xfbc5ec83e6327893},
    {0x71ba76863cc55f63, 0xb2644a48c516a487}, {0xb40ddb48fb54bac7, 0x545081493f81ffb7},
    {0x6b50ad9bf36d13ad, 0xdc4c7e88fc759e17}, {0x8ebaabe51f490179, 0x2aa86a59ffb4ab0f},
    {0x10f2ee1d87d195e4, 0xf747a2b78f6ddb31}, {0x3259399fe7c5f126, 0xe01c1c8c5db9d1a9},
    {0x65ea80255d5682c5, 0x9117240723f493eb},
};

// Returns the feature of an identifier's second half, or LIMINE_FEATURE_COUNT.
static inline uint32_t limine_feature_of(uint64_t first, uint64_t second) {
    uint32_t feature = 0;
    while (feature < LIMINE_FEATURE_COUNT
        && (limine_features[feature][0] != first || limine_features[feature][1] != second)) {
        feature++;
    }
    return feature;
}

#endif
