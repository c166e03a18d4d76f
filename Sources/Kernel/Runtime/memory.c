#include "kernel_runtime.h"
