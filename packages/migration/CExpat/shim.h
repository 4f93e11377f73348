// Expat, which reads XML as a stream, as its header declares it.
#pragma once
#include <expat.h>
