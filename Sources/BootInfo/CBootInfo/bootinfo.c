// A C target needs a source file; compiling it checks the header's assertions.
#include "bootinfo.h"
