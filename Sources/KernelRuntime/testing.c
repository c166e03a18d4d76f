// Holds the state of a kernel's tests where a file in Swift includes the header alone.
#ifndef __linux__
#include "kernel_testing.h"
#endif
