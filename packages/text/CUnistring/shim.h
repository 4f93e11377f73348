// libunistring's normalisation, as its header declares it. The forms are addresses of types that only it knows, which
// Swift takes from functions.
#pragma once
#include <uninorm.h>

static inline uninorm_t text_form_nfc(void) { return UNINORM_NFC; }
static inline uninorm_t text_form_nfd(void) { return UNINORM_NFD; }
static inline uninorm_t text_form_nfkc(void) { return UNINORM_NFKC; }
