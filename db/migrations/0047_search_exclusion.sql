-- An excluded word is held against the stems of the record's own language alone. The words as they stand were held against
-- it too, and let a record in that has the excluded word in another form: "ledger -bribe" found "the ledger of bribes".
CREATE OR REPLACE FUNCTION search_words_in(language text, words text) RETURNS tsquery
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE split_part(language, '-', 1)
    WHEN 'en' THEN websearch_to_tsquery('pg_catalog.english', words)
    WHEN 'de' THEN websearch_to_tsquery('pg_catalog.german', words)
    WHEN 'fr' THEN websearch_to_tsquery('pg_catalog.french', words)
    WHEN 'es' THEN websearch_to_tsquery('pg_catalog.spanish', words)
    WHEN 'pt' THEN websearch_to_tsquery('pg_catalog.portuguese', words)
    WHEN 'it' THEN websearch_to_tsquery('pg_catalog.italian', words)
    WHEN 'nl' THEN websearch_to_tsquery('pg_catalog.dutch', words)
    WHEN 'ar' THEN websearch_to_tsquery('pg_catalog.arabic', words)
    ELSE websearch_to_tsquery('pg_catalog.simple', words)
  END;
