// uchardet, which guesses the encoding of a text, as its header declares it.
#pragma once
#include <uchardet.h>
