#include "bootinfo.h"
