// The data files of the mapping engine, as part of the program: nothing has to be found or opened where it runs.
#pragma once

struct mapping_file {
  const unsigned char *bytes;
  unsigned long count;
};

// Closed lists of words that cells are compared with.
struct mapping_file mapping_words(void);
// The names under which sources know our fields, in several languages.
struct mapping_file mapping_lexicon(void);
// How the exports of known systems look.
struct mapping_file mapping_vendors(void);
// What `mapping train` made of the corpus.
struct mapping_file mapping_model(void);
