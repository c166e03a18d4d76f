// Test kernels in C with the header kernel_testing.h, one for each -D….
#include "kernel_testing.h"

KERNEL_TEST(adds) { EXPECT_EQUAL(2 + 2, 4); }

#if defined(FAILING)
KERNEL_TEST(goes_on_after_a_failed_check) {
    volatile int one = 1;
    volatile uint64_t largest = UINT64_MAX;
    EXPECT(one + one == 3);
    EXPECT_EQUAL(one - 5, 5);
    EXPECT_EQUAL(largest, 0);
}

KERNEL_TEST(stops_at_a_requirement) {
    volatile int one = 1;
    REQUIRE(one == 1);
    REQUIRE(one == 2);
    EXPECT(!"reached");
}

KERNEL_TEST(fails_before_it_is_skipped) {
    volatile int one = 1;
    EXPECT(one == 2);
    SKIP("too late");
}
#elif defined(SKIPPING)
KERNEL_TEST(is_for_other_hardware) { SKIP("no such hardware"); }
#elif defined(FAULTING)
KERNEL_TEST(reads_where_nothing_is_mapped) {
    EXPECT_EQUAL(*(volatile uint8_t *)0x123456789000, 0);
}
#elif defined(BAILING)
KERNEL_TEST(gives_up) { kernel_test_bail_out("no point in going on"); }
#endif

KERNEL_TEST(subtracts) { EXPECT_EQUAL(2u - 2u, 0u); }

void _start(const struct boot_info *info);
void _start(const struct boot_info *info) { run_kernel_tests(info); }
