// The part of the UEFI Specification, version 2.10, that the loader uses, with the specification's
// order and sizes. Pointers to functions that the loader never calls are `void *`.
//
// Integers have fixed widths only: the loader's Swift code is compiled with the C types of one
// platform and linked for another.
#ifndef UEFI_H
#define UEFI_H

#include <stdint.h>

typedef uint64_t efi_status;
typedef void *efi_handle;

#define EFI_ERROR_BIT 0x8000000000000000u
#define EFI_UNSUPPORTED 3
#define EFI_BUFFER_TOO_SMALL 5
#define EFI_NOT_FOUND 14
#define EFI_TFTP_ERROR 23

struct efi_guid {
    uint32_t data1;
    uint16_t data2;
    uint16_t data3;
    uint8_t data4[8];
};

struct efi_table_header { // section 4.2
    uint64_t signature;
    uint32_t revision, header_size, crc32, reserved;
};

struct efi_text_output { // section 12.4
    void *reset;
    efi_status (*output_string)(struct efi_text_output *self, uint16_t *text);
};

enum efi_allocate_type { EFI_ALLOCATE_MAX_ADDRESS = 1, EFI_ALLOCATE_ADDRESS = 2 };

enum efi_memory_type { // section 7.2
    EFI_RESERVED = 0,
    EFI_LOADER_CODE = 1,
    EFI_LOADER_DATA = 2,
    EFI_BOOT_SERVICES_CODE = 3,
    EFI_BOOT_SERVICES_DATA = 4,
    EFI_RUNTIME_SERVICES_CODE = 5,
    EFI_RUNTIME_SERVICES_DATA = 6,
    EFI_CONVENTIONAL = 7,
    EFI_UNUSABLE = 8,
    EFI_ACPI_RECLAIM = 9,
    EFI_ACPI_NON_VOLATILE = 10,
    EFI_MEMORY_MAPPED_IO = 11,
    EFI_MEMORY_MAPPED_IO_PORTS = 12,
};

struct efi_memory_descriptor {
    uint32_t type;
    uint32_t padding;
    uint64_t physical_start;
    uint64_t virtual_start;
    uint64_t page_count; // of 4 KiB
    uint64_t attribute;
};

struct efi_boot_services { // section 4.4
    struct efi_table_header header;
    void *raise_tpl, *restore_tpl;
    efi_status (*allocate_pages)(uint32_t type, uint32_t memory_type, uint64_t pages,
        uint64_t *address);
    void *free_pages;
    efi_status (*get_memory_map)(uint64_t *byte_count, void *map, uint64_t *key,
        uint64_t *descriptor_size, uint32_t *descriptor_version);
    void *allocate_pool, *free_pool, *create_event, *set_timer, *wait_for_event, *signal_event,
        *close_event, *check_event, *install_protocol_interface, *reinstall_protocol_interface,
        *uninstall_protocol_interface;
    efi_status (*handle_protocol)(efi_handle handle, const struct efi_guid *protocol,
        void **interface);
    void *reserved, *register_protocol_notify, *locate_handle;
    efi_status (*locate_device_path)(const struct efi_guid *protocol, void **path,
        efi_handle *handle);
    void *install_configuration_table, *load_image, *start_image, *exit, *unload_image;
    efi_status (*exit_boot_services)(efi_handle image, uint64_t map_key);
    void *get_next_monotonic_count, *stall;
    efi_status (*set_watchdog_timer)(uint64_t seconds, uint64_t code, uint64_t data_size,
        uint16_t *data);
    void *connect_controller, *disconnect_controller, *open_protocol, *close_protocol,
        *open_protocol_information, *protocols_per_handle, *locate_handle_buffer;
    efi_status (*locate_protocol)(const struct efi_guid *protocol, void *registration,
        void **interface);
};

struct efi_time { // section 8.3
    uint16_t year;
    uint8_t month, day, hour, minute, second, padding;
    uint32_t nanosecond;
    int16_t time_zone; // minutes that local time is behind UTC
    uint8_t daylight, padding_2;
};

#define EFI_UNSPECIFIED_TIMEZONE 0x07FF

struct efi_runtime_services { // section 4.5
    struct efi_table_header header;
    efi_status (*get_time)(struct efi_time *time, void *capabilities);
    void *set_time, *get_wakeup_time, *set_wakeup_time, *set_virtual_address_map,
        *convert_pointer;
    efi_status (*get_variable)(const uint16_t *name, const struct efi_guid *vendor,
        uint32_t *attributes, uint64_t *byte_count, void *data);
};

struct efi_configuration_table { // section 4.6
    struct efi_guid vendor;
    void *table;
};

struct efi_system_table { // section 4.3
    struct efi_table_header header;
    uint16_t *firmware_vendor;
    uint32_t firmware_revision;
    uint32_t padding;
    efi_handle console_in_handle;
    void *console_in;
    efi_handle console_out_handle;
    struct efi_text_output *console_out;
    efi_handle standard_error_handle;
    struct efi_text_output *standard_error;
    struct efi_runtime_services *runtime_services;
    struct efi_boot_services *boot_services;
    uint64_t configuration_table_count;
    struct efi_configuration_table *configuration_tables;
};

struct efi_loaded_image { // section 9.1
    uint32_t revision;
    uint32_t padding;
    efi_handle parent;
    struct efi_system_table *system_table;
    efi_handle device;
};

struct efi_file { // section 13.5
    uint64_t revision;
    efi_status (*open)(struct efi_file *self, struct efi_file **file, uint16_t *name,
        uint64_t mode, uint64_t attributes);
    efi_status (*close)(struct efi_file *self);
    void *delete_file;
    efi_status (*read)(struct efi_file *self, uint64_t *byte_count, void *buffer);
    void *write;
    efi_status (*get_position)(struct efi_file *self, uint64_t *position);
    efi_status (*set_position)(struct efi_file *self, uint64_t position);
};

struct efi_file_system { // section 13.4
    uint64_t revision;
    efi_status (*open_volume)(struct efi_file_system *self, struct efi_file **root);
};

struct efi_ip_address { // IPv4 in the first four bytes, IPv6 in all
    uint32_t words[4];
};

// The longest DHCP packet that firmware keeps.
#define EFI_DHCP_PACKET_SIZE 1472

struct efi_dhcp_packet {
    uint8_t bytes[EFI_DHCP_PACKET_SIZE];
};

struct efi_pxe_mode { // section 24.3
    uint8_t started, ipv6_available, ipv6_supported, using_ipv6, bis_supported, bis_detected,
        auto_arp, send_guid, dhcp_discover_valid, dhcp_ack_received, proxy_offer_received,
        pxe_discover_valid, pxe_reply_received, pxe_bis_reply_received, icmp_error_received,
        tftp_error_received, make_callbacks, ttl, tos;
    struct efi_ip_address station_ip;
    struct efi_ip_address subnet_mask;
    struct efi_dhcp_packet dhcp_discover, dhcp_ack, proxy_offer, pxe_discover, pxe_reply,
        pxe_bis_reply;
};

// The addresses of three of the packets, which Swift cannot take.
static inline uint64_t efi_pxe_dhcp_ack(const struct efi_pxe_mode *mode) {
    return (uint64_t)&mode->dhcp_ack;
}

static inline uint64_t efi_pxe_proxy_offer(const struct efi_pxe_mode *mode) {
    return (uint64_t)&mode->proxy_offer;
}

static inline uint64_t efi_pxe_reply(const struct efi_pxe_mode *mode) {
    return (uint64_t)&mode->pxe_reply;
}

enum efi_pxe_tftp_operation {
    EFI_PXE_TFTP_GET_FILE_SIZE = 1,
    EFI_PXE_TFTP_READ_FILE = 2,
};

struct efi_pxe_base_code {
    uint64_t revision;
    void *start, *stop, *dhcp, *discover;
    efi_status (*mtftp)(struct efi_pxe_base_code *self, uint32_t operation, void *buffer,
        uint8_t overwrite, uint64_t *byte_count, const uint64_t *block_size,
        const struct efi_ip_address *server, const void *file_name, const void *multicast,
        uint8_t dont_use_buffer);
    void *udp_write, *udp_read, *set_ip_filter, *arp, *set_parameters, *set_station_ip,
        *set_packets;
    struct efi_pxe_mode *mode;
};

enum efi_pixel_format { // section 12.9
    EFI_PIXEL_RGB = 0,
    EFI_PIXEL_BGR = 1,
    EFI_PIXEL_MASK = 2,
    EFI_PIXEL_BLT_ONLY = 3,
};

struct efi_graphics_mode_information {
    uint32_t version, width, height, pixel_format, red_mask, green_mask, blue_mask, reserved_mask,
        pixels_per_line;
};

struct efi_graphics_mode {
    uint32_t mode_count;
    uint32_t mode;
    struct efi_graphics_mode_information *information;
    uint64_t information_size;
    uint64_t framebuffer_address;
    uint64_t framebuffer_byte_count;
};

struct efi_graphics_output {
    efi_status (*query_mode)(struct efi_graphics_output *self, uint32_t mode,
        uint64_t *information_size, struct efi_graphics_mode_information **information);
    efi_status (*set_mode)(struct efi_graphics_output *self, uint32_t mode);
    void *blt;
    struct efi_graphics_mode *mode;
};

struct efi_block_io_media { // section 13.9
    uint32_t media_id;
    uint8_t removable, present, is_partition, read_only, write_caching, padding[3];
    uint32_t block_size;
};

struct efi_block_io {
    uint64_t revision;
    struct efi_block_io_media *media;
    void *reset;
    efi_status (*read_blocks)(struct efi_block_io *self, uint32_t media_id, uint64_t block,
        uint64_t byte_count, void *buffer);
};

struct efi_edid { // section 12.9, both protocols
    uint32_t byte_count;
    const uint8_t *bytes;
};

struct efi_image_output { // section 34.1
    uint16_t width, height;
    uint32_t padding;
    const uint32_t *pixels;
};

struct efi_hii_font {
    void *string_to_image, *string_id_to_image;
    efi_status (*get_glyph)(struct efi_hii_font *self, uint16_t character, const void *information,
        struct efi_image_output **image, uint64_t *baseline);
};

// Returns a character of code page 437, of its second half and of ASCII, in UCS-2.
static inline uint16_t efi_character(uint32_t character) {
    static const uint16_t upper[128] = {
        0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7, 0x00EA, 0x00EB,
        0x00E8, 0x00EF, 0x00EE, 0x00EC, 0x00C4, 0x00C5, 0x00C9, 0x00E6, 0x00C6, 0x00F4,
        0x00F6, 0x00F2, 0x00FB, 0x00F9, 0x00FF, 0x00D6, 0x00DC, 0x00A2, 0x00A3, 0x00A5,
        0x20A7, 0x0192, 0x00E1, 0x00ED, 0x00F3, 0x00FA, 0x00F1, 0x00D1, 0x00AA, 0x00BA,
        0x00BF, 0x2310, 0x00AC, 0x00BD, 0x00BC, 0x00A1, 0x00AB, 0x00BB, 0x2591, 0x2592,
        0x2593, 0x2502, 0x2524, 0x2561, 0x2562, 0x2556, 0x2555, 0x2563, 0x2551, 0x2557,
        0x255D, 0x255C, 0x255B, 0x2510, 0x2514, 0x2534, 0x252C, 0x251C, 0x2500, 0x253C,
        0x255E, 0x255F, 0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256C, 0x2567,
        0x2568, 0x2564, 0x2565, 0x2559, 0x2558, 0x2552, 0x2553, 0x256B, 0x256A, 0x2518,
        0x250C, 0x2588, 0x2584, 0x258C, 0x2590, 0x2580, 0x03B1, 0x00DF, 0x0393, 0x03C0,
        0x03A3, 0x03C3, 0x00B5, 0x03C4, 0x03A6, 0x0398, 0x03A9, 0x03B4, 0x221E, 0x03C6,
        0x03B5, 0x2229, 0x2261, 0x00B1, 0x2265, 0x2264, 0x2320, 0x2321, 0x00F7, 0x2248,
        0x00B0, 0x2219, 0x00B7, 0x221A, 0x207F, 0x00B2, 0x25A0, 0x00A0,
    };
    return character < 128 ? (uint16_t)character : upper[character & 127];
}

// TCG EFI Protocol Specification 00.13 for TPM 2.0, section 6.
struct efi_tcg2 {
    void *get_capability;
    efi_status (*get_event_log)(struct efi_tcg2 *self, uint32_t format, uint64_t *first,
        uint64_t *last, uint8_t *is_truncated);
};

static inline int efi_guids_are_equal(const struct efi_guid *left, const struct efi_guid *right) {
    return __builtin_memcmp(left, right, sizeof *left) == 0;
}

static const struct efi_guid efi_loaded_image_guid = {
    0x5B1B31A1, 0x9562, 0x11D2, {0x8E, 0x3F, 0x00, 0xA0, 0xC9, 0x69, 0x72, 0x3B}};
static const struct efi_guid efi_file_system_guid = {
    0x964E5B22, 0x6459, 0x11D2, {0x8E, 0x39, 0x00, 0xA0, 0xC9, 0x69, 0x72, 0x3B}};
static const struct efi_guid efi_pxe_base_code_guid = {
    0x03C4E603, 0xAC28, 0x11D3, {0x9A, 0x2D, 0x00, 0x90, 0x27, 0x3F, 0xC1, 0x4D}};
static const struct efi_guid efi_graphics_output_guid = {
    0x9042A9DE, 0x23DC, 0x4A38, {0x96, 0xFB, 0x7A, 0xDE, 0xD0, 0x80, 0x51, 0x6A}};
static const struct efi_guid efi_device_path_guid = {
    0x09576E91, 0x6D3F, 0x11D2, {0x8E, 0x39, 0x00, 0xA0, 0xC9, 0x69, 0x72, 0x3B}};
static const struct efi_guid efi_block_io_guid = {
    0x964E5B21, 0x6459, 0x11D2, {0x8E, 0x39, 0x00, 0xA0, 0xC9, 0x69, 0x72, 0x3B}};
static const struct efi_guid efi_edid_active_guid = {
    0xBD8C1056, 0x9F36, 0x44EC, {0x92, 0xA8, 0xA6, 0x33, 0x7F, 0x81, 0x79, 0x86}};
static const struct efi_guid efi_edid_discovered_guid = {
    0x1C0C34F6, 0xD380, 0x41FA, {0xA0, 0x49, 0x8A, 0xD0, 0x6C, 0x1A, 0x66, 0xAA}};
static const struct efi_guid efi_global_variable_guid = {
    0x8BE4DF61, 0x93CA, 0x11D2, {0xAA, 0x0D, 0x00, 0xE0, 0x98, 0x03, 0x2B, 0x8C}};
static const struct efi_guid efi_acpi_1_guid = {
    0xEB9D2D30, 0x2D88, 0x11D3, {0x9A, 0x16, 0x00, 0x90, 0x27, 0x3F, 0xC1, 0x4D}};
static const struct efi_guid efi_smbios_guid = {
    0xEB9D2D31, 0x2D88, 0x11D3, {0x9A, 0x16, 0x00, 0x90, 0x27, 0x3F, 0xC1, 0x4D}};
static const struct efi_guid efi_smbios_3_guid = {
    0xF2FD1544, 0x9794, 0x4A2C, {0x99, 0x2E, 0xE5, 0xBB, 0xCF, 0x20, 0xE3, 0x94}};
static const struct efi_guid efi_device_tree_guid = { // EBBR 2.1, section 2.3
    0xB1B621D5, 0xF19C, 0x41A5, {0x83, 0x0B, 0xD9, 0x15, 0x2C, 0x69, 0xAA, 0xE0}};
static const struct efi_guid efi_hii_font_guid = {
    0xE9CA4775, 0x8657, 0x47FC, {0x97, 0xE7, 0x7E, 0xD6, 0x5A, 0x08, 0x43, 0x24}};
static const struct efi_guid efi_tcg2_guid = {
    0x607F766C, 0x7455, 0x42BE, {0x93, 0x0B, 0xE4, 0xD7, 0x6D, 0xB2, 0x72, 0x0F}};
static const struct efi_guid efi_acpi_2_guid = {
    0x8868E871, 0xE4F1, 0x11D3, {0xBC, 0x22, 0x00, 0x80, 0xC7, 0x3C, 0x88, 0x81}};

#endif
