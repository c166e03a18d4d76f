// A C target needs a source file; compiling this one checks the header's assertions.
#include "bootinfo.h"
