// Defines the state of the tests for kernels in which only Swift includes the header.
#ifndef __linux__
#include "kernel_testing.h"
#endif
