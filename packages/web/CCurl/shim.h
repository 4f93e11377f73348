// libcurl's easy interface. curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call, so each kind of
// argument has a function here.
#pragma once
#include <curl/curl.h>

typedef size_t (*curl_receiver)(char *bytes, size_t one, size_t count, void *place);
typedef int (*curl_watcher)(void *place, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

static inline CURLcode curl_set_text(CURL *handle, CURLoption option, const char *text) {
  return curl_easy_setopt(handle, option, text);
}

static inline CURLcode curl_set_number(CURL *handle, CURLoption option, long number) {
  return curl_easy_setopt(handle, option, number);
}

static inline CURLcode curl_set_list(CURL *handle, CURLoption option, struct curl_slist *list) {
  return curl_easy_setopt(handle, option, list);
}

static inline CURLcode curl_set_receiver(CURL *handle, curl_receiver receiver, void *place) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, receiver);
  return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_WRITEDATA, place) : code;
}

// Lines of an answer's head, and whatever a mail server says.
static inline CURLcode curl_set_head_receiver(CURL *handle, curl_receiver receiver, void *place) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, receiver);
  return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_HEADERDATA, place) : code;
}

static inline CURLcode curl_set_provider(CURL *handle, curl_receiver provider, void *place) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_READFUNCTION, provider);
  return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_READDATA, place) : code;
}

// Asked again and again while a transfer goes on; what is not zero ends it.
static inline CURLcode curl_set_watcher(CURL *handle, curl_watcher watcher, void *place) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, watcher);
  if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_XFERINFODATA, place);
  return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L) : code;
}

static inline long curl_status(CURL *handle) {
  long status = 0;
  return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0;
}
