-- Sends the lines of the file BODIES one after the other, from the first again after the last.
-- Prints one line RES: requests, microseconds, answers that are not 2xx, socket errors, p50 and p99 in microseconds.
local lines = {}
for line in io.lines(os.getenv("BODIES")) do lines[#lines + 1] = line end
local headers = { ["Content-Type"] = "application/json" }
if os.getenv("TOKEN") then headers["Authorization"] = "Bearer " .. os.getenv("TOKEN") end
local i = tonumber(os.getenv("FIRST") or "0")

request = function()
  i = i % #lines + 1
  return wrk.format("POST", nil, headers, lines[i])
end

done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("RES %d %d %d %d %d %d\n", summary.requests, summary.duration, e.status,
    e.read + e.connect + e.write + e.timeout, latency:percentile(50), latency:percentile(99)))
end
