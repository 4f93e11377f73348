-- wrk's requests, one address after the other with the cookie of a sign-in, and its result as one line of JSON.
-- wrk … -s session.lua ADDRESS -- COOKIE PATH…

local paths = {}
local headers = { ["Accept"] = "text/html" }
local threads = {}
local turn = 0

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(arguments)
  if arguments[1] ~= "-" then headers["Cookie"] = arguments[1] end
  for index = 2, #arguments do paths[index - 1] = arguments[index] end
  turn = number
  refused = 0
end

function request()
  turn = turn + 1
  return wrk.format("GET", paths[turn % #paths + 1], headers)
end

function response(status)
  if status ~= 200 then refused = refused + 1 end
end

function done(summary, latency)
  local refused = 0
  for _, thread in ipairs(threads) do refused = refused + thread:get("refused") end
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"p50":%.3f,"p95":%.3f,"p99":%.3f,"refused":%d,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3, refused, errors.connect + errors.read + errors.write + errors.timeout))
end
