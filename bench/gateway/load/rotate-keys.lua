-- Sends requests with the keys of a file in turn, and prints what came of them as one line of JSON.
-- Arguments: file of keys, path, method, bytes of body.

-- Of more keys than these, every so many is taken, so that the whole file is called and the requests fit into memory.
local mostKeys = 50000
local requests = {}
local position = 0

function init(args)
  local body = tonumber(args[4]) > 0 and ('{"text":"' .. ('x'):rep(tonumber(args[4]) - 11) .. '"}') or ''
  -- Not by wrk.format: LuaJIT hashes a long text by its ends, its middle and its quarter, and has to compare all texts that are
  -- equal there. So the key, which is what differs, is in the middle.
  local before = args[3] .. ' ' .. args[2] .. ' HTTP/1.1\r\nhost: ' .. wrk.headers['Host'] .. '\r\nx-api-key: '
  local after = '\r\naccept: */*\r\nuser-agent: bench/1\r\n'
  if body ~= '' then after = after .. 'content-type: application/json\r\ncontent-length: ' .. #body .. '\r\n' end
  local keys = 0
  for _ in io.lines(args[1]) do keys = keys + 1 end
  local step = math.ceil(keys / mostKeys)
  local number = 0
  for line in io.lines(args[1]) do
    number = number + 1
    if number % step == 0 then requests[#requests + 1] = before .. line:match('^%S+') .. after .. '\r\n' .. body end
  end
end

function request()
  position = position % #requests + 1
  return requests[position]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(
    string.format(
      '\nRESULT {"requests":%d,"durationUs":%d,"refused":%d,"broken":%d,"p50Us":%d,"p99Us":%d}\n',
      summary.requests,
      summary.duration,
      errors.status,
      errors.connect + errors.read + errors.write + errors.timeout,
      latency:percentile(50),
      latency:percentile(99)
    )
  )
end
