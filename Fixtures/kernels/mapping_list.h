// All mappings of an address space, one line for each range: its address, its physical address, its
// length, its rights and its cache type, which is the index in the PAT or MAIR.
#pragma once
#include "check.h"
#include "lines.h"

static uint64_t hhdm;

struct mapping {
    uint64_t virtual, physical, length, cache;
    const char *rights;
};
static struct mapping pending;
static int top_level = 4;

static inline const uint64_t *page_table(uint64_t entry) {
    return (const uint64_t *)(hhdm + (entry & PAGE_ADDRESS));
}

static inline void print_mapping(const struct mapping *mapping) {
    if (mapping->length != 0) {
        start_line("mapping");
        add_number(mapping->virtual);
        add_number(mapping->physical);
        add_number(mapping->length);
        add_text(mapping->rights);
        add_number(mapping->cache);
        end_line();
    }
}

#if defined(__aarch64__)
#define LISTED_FROM 0xFFFF000000000000

static inline uint64_t listed_root(void) {
    uint64_t root;
    __asm__ volatile("mrs %0, TTBR1_EL1" : "=r"(root));
    return root;
}

static inline int is_mapped(uint64_t entry) { return (entry & 1) != 0; }

static inline int is_user(uint64_t entry) { return (entry & 1 << 6) != 0; }

static inline uint64_t cache_type(uint64_t entry, int level) {
    (void)level;
    return entry >> 2 & 7;
}

static inline int is_leaf(uint64_t entry, int level) {
    return level == 1 || is_large_page(entry);
}
#else
#define LISTED_FROM 0

static inline uint64_t listed_root(void) { return page_table_root(0); }

static inline int is_mapped(uint64_t entry) { return (entry & 1) != 0; }

static inline int is_user(uint64_t entry) { return (entry & 1 << 2) != 0; }

static inline uint64_t cache_type(uint64_t entry, int level) {
    return (entry >> (level == 1 ? 7 : 12) & 1) << 2 | (entry >> 3 & 3);
}

static inline int is_leaf(uint64_t entry, int level) {
    return level == 1 || (level <= 3 && is_large_page(entry));
}
#endif

#define UNMAPPED (~0ull)

// Returns the physical address of a virtual one, or UNMAPPED.
static inline uint64_t physical_address(const volatile void *address) {
    uint64_t virtual = (uint64_t)address, entry = listed_root();
    int level = top_level;
    for (; level == top_level || !is_leaf(entry, level + 1); level--) {
        entry = page_table(entry)[virtual >> (3 + 9 * level) & 511];
        if (!is_mapped(entry)) {
            return UNMAPPED;
        }
    }
    uint64_t offset = (1ull << (3 + 9 * (level + 1))) - 1;
    return (entry & PAGE_ADDRESS & ~offset) | (virtual & offset);
}

// Returns `rwx`, with a dash for a right that is missing; `user` if it is the user's.
static inline const char *rights_text(uint64_t rights, int user) {
    static const char *const texts[] = {"r-x", "rwx", "r--", "rw-"};
    return user ? "user" : texts[((rights & PAGE_WRITABLE) != 0) | ((rights >> 63) << 1)];
}

// Adds the page to the mapping before it, if they are of one kind.
static inline void add_page(
    uint64_t virtual, uint64_t entry, uint64_t rights, int user, int level) {
    uint64_t length = 1ull << (3 + 9 * level);
    struct mapping page = {
        .virtual = virtual, .physical = entry & PAGE_ADDRESS & ~(length - 1), .length = length,
        .cache = cache_type(entry, level), .rights = rights_text(rights, user),
    };
    if (pending.virtual + pending.length == page.virtual
        && pending.physical + pending.length == page.physical && pending.cache == page.cache
        && pending.rights == page.rights) {
        pending.length += length;
    } else {
        print_mapping(&pending);
        pending = page;
    }
}

static inline void list_table(
    const uint64_t *table, int level, uint64_t start, uint64_t rights, int user) {
    (void)rights, (void)user; // On AArch64, a page's own rights count.
    for (uint64_t i = 0; i < 512; i++) {
        uint64_t entry = table[i], virtual = start + (i << (3 + 9 * level));
        if (!is_mapped(entry)) {
            continue;
        }
#if defined(__aarch64__)
        uint64_t both = page_rights(entry);
        int of_user = is_user(entry);
#else
        if (level == top_level && i >= 256) {
            virtual |= ~0ull << (3 + 9 * (level + 1));
        }
        uint64_t below = page_rights(entry);
        uint64_t both = (rights & below & PAGE_WRITABLE) | ((rights | below) & PAGE_NO_EXECUTE);
        int of_user = user && is_user(entry);
#endif
        if (is_leaf(entry, level)) {
            add_page(virtual, entry, both, of_user, level);
        } else {
            list_table(page_table(entry), level - 1, virtual, both, of_user);
        }
    }
}

// Prepares the functions here for an address space.
static inline void use_mappings(uint64_t physical_offset) {
    hhdm = physical_offset;
#if defined(__x86_64__)
    uint64_t cr4;
    __asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
    top_level = (cr4 & 1 << 12) != 0 ? 5 : 4;
#endif
}

// Lists what the tables of the processor map; on AArch64, those of the upper half.
static inline void list_mappings(void) {
    list_table(page_table(listed_root()), top_level, LISTED_FROM, PAGE_WRITABLE, 1);
    print_mapping(&pending);
}
