// The Limine boot protocol's requests and structures, as its specification has them.
#pragma once
#include <stdint.h>

#define LIMINE_REQUEST_MAGIC 0xC7B1DD30DF4C8B88, 0x0A82E883A194F07B
#define LIMINE_START_MARKER \
    {0xF6B8F4B39DE7D1AE, 0xFAB91A6940FCB9CF, 0x785C6ED015D3E316, 0x181E920A7852B9D9}
#define LIMINE_END_MARKER {0xADC0E0531BB10D03, 0x9572709F31764C62}
#define LIMINE_BASE_REVISION(revision) {0xF9562B2D5C95A6C8, 0x6A7B384944536BDC, revision}

#define LIMINE_BOOTLOADER_INFO 0xF55038D8E2A1202F, 0x279426FCF5F59740
#define LIMINE_COMMAND_LINE 0x4B161536E598651E, 0xB390AD4A2F1F303A
#define LIMINE_FIRMWARE_TYPE 0x8C2F75D90BEF28A8, 0x7045A4688EAC00C3
#define LIMINE_STACK_SIZE 0x224EF0460A8E8926, 0xE1CB0FC25F46EA3D
#define LIMINE_HHDM 0x48DCF1CB8AD2B852, 0x63984E959A98244B
#define LIMINE_FRAMEBUFFER 0x9D5827DCD881DD75, 0xA3148604F6FAB11B
#define LIMINE_PAGING_MODE 0x95C1A0EDAB0944CB, 0xA4E5CB3842F7488A
#define LIMINE_MP 0x95A67B819A1B857E, 0xA0B61B723B6A73E0
#define LIMINE_RISCV_BSP 0x1369359F025525F9, 0x2FF2A56178391BB6
#define LIMINE_MEMORY_MAP 0x67CF3D9D378A806F, 0xE304ACDFC50C3C62
#define LIMINE_ENTRY_POINT 0x13D86C035A1CD3E1, 0x2B0CAA89D8F3026A
#define LIMINE_EXECUTABLE_FILE 0xAD97E90E83F1ED67, 0x31EB5D1C5FF23B69
#define LIMINE_MODULE 0x3E7E279702BE32AF, 0xCA1C4F3BD1280CEE
#define LIMINE_RSDP 0xC5E77B6B397E7B43, 0x27637845ACCDCF3C
#define LIMINE_SMBIOS 0x9E9046F11E095391, 0xAA4A520FEFBDE5EE
#define LIMINE_EFI_SYSTEM_TABLE 0x5CEBA5163EAAF6D6, 0x0A6981610CF65FCC
#define LIMINE_TPM_EVENT_LOG 0x98E094FC7E76E979, 0xEE8D8775C54E1D1F
#define LIMINE_EFI_MEMORY_MAP 0x7DF62A431D6872D5, 0xA4FCDFB3E57306C8
#define LIMINE_DATE 0x502746E184C088AA, 0xFBC5EC83E6327893
#define LIMINE_EXECUTABLE_ADDRESS 0x71BA76863CC55F63, 0xB2644A48C516A487
#define LIMINE_DEVICE_TREE 0xB40DDB48FB54BAC7, 0x545081493F81FFB7
#define LIMINE_PERFORMANCE 0x6B50AD9BF36D13AD, 0xDC4C7E88FC759E17
#define LIMINE_KEEP_IOMMU 0x8EBAABE51F490179, 0x2AA86A59FFB4AB0F
#define LIMINE_TSC_FREQUENCY 0x10F2EE1D87D195E4, 0xF747A2B78F6DDB31
#define LIMINE_FLANTERM 0x3259399FE7C5F126, 0xE01C1C8C5DB9D1A9
#define LIMINE_ENTROPY 0x65EA80255D5682C5, 0x9117240723F493EB

// Every request; those without parameters ignore them.
struct limine_request {
    uint64_t id[4], revision;
    const struct limine_response *response;
    uint64_t parameters[3];
};

// Every response, as words after its revision; pointers are addresses.
struct limine_response {
    uint64_t revision, words[4];
};

struct limine_memory_entry {
    uint64_t base, length, type;
};

struct limine_internal_module {
    const char *path, *string;
    uint64_t flags;
};

struct limine_file {
    uint64_t revision;
    const uint8_t *address;
    uint64_t size;
    const char *path, *string;
    uint32_t media_type, unused, tftp_address, tftp_port, partition_index, mbr_disk_id;
    uint64_t gpt_disk_uuid[2], gpt_partition_uuid[2], partition_uuid[2];
};

struct limine_framebuffer {
    uint64_t address, width, height, pitch;
    uint16_t bits_per_pixel;
    uint8_t memory_model, masks[6], unused[7];
    uint64_t edid_size, edid, mode_count;
    const struct limine_video_mode *const *modes;
};

struct limine_video_mode {
    uint64_t pitch, width, height;
    uint16_t bits_per_pixel;
    uint8_t memory_model, masks[6];
};

struct limine_processor {
#if defined(__aarch64__)
    uint32_t processor_id, unused;
    uint64_t hardware_id;
#else
    uint32_t processor_id, hardware_id;
#endif
    uint64_t reserved, entry, argument;
};

_Static_assert(sizeof(struct limine_file) == 112, "limine_file");
_Static_assert(sizeof(struct limine_framebuffer) == 80, "limine_framebuffer");
