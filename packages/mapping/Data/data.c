// Takes the data files into the program [C23, 6.10.4 #embed].
#include "CMappingData.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char words[] = {
#embed "words.txt"
};
static const unsigned char lexicon[] = {
#embed "lexicon.txt"
};
static const unsigned char vendors[] = {
#embed "vendors.txt"
};
static const unsigned char model[] = {
#embed "model.json"
};

struct mapping_file mapping_words(void) { return (struct mapping_file){words, sizeof words}; }
struct mapping_file mapping_lexicon(void) { return (struct mapping_file){lexicon, sizeof lexicon}; }
struct mapping_file mapping_vendors(void) { return (struct mapping_file){vendors, sizeof vendors}; }
struct mapping_file mapping_model(void) { return (struct mapping_file){model, sizeof model}; }
