--[[
  Ends units of a fixed window and takes others, as a whole.

  KEYS[1]  hash {at: latest time seen, window: number of the window, count: units taken in it}

  ARGV[1]  nowMs
  ARGV[2]  limit
  ARGV[3]  windowMs
  ARGV[4]  burst (not used)
  ARGV[5]  life of a block in milliseconds
  ARGV[6]  needed
  ARGV[7]  wanted
  ARGV[8]  sharers
  ARGV[9]  diesAtMs
  ARGV[10] how long the key is kept, in milliseconds
  then five for each ended: units, diesAtMs, spent, lastSpentMs, 1 for a block

  Returns {granted, the instant under which they count, remaining, milliseconds until the next unit}
]]
local state = redis.call('HMGET', KEYS[1], 'at', 'window', 'count')
local now = math.max(tonumber(ARGV[1]), tonumber(state[1] or '0'))
local limit, windowMs = tonumber(ARGV[2]), tonumber(ARGV[3])
local window = math.floor(now / windowMs)
local count = tonumber(state[2] or '-1') == window and tonumber(state[3]) or 0

for i = 11, #ARGV, 5 do
  if math.floor(tonumber(ARGV[i + 1]) / windowMs) == window then
    count = math.max(0, count + tonumber(ARGV[i + 2]) - tonumber(ARGV[i]))
  end
end

local available = limit - count
local share = math.floor(available / (2 * math.max(1, tonumber(ARGV[8]))))
local granted = math.min(available, math.max(tonumber(ARGV[6]), math.min(share, tonumber(ARGV[7]))))
if granted < 0 then granted = 0 end
local diesAt = math.max(now, tonumber(ARGV[9]))
count = count + granted

redis.call('HSET', KEYS[1], 'at', string.format('%.0f', now), 'window', string.format('%.0f', window), 'count', string.format('%.0f', count))
redis.call('PEXPIRE', KEYS[1], ARGV[10])
return { granted, diesAt, math.max(0, available - granted), count == 0 and 0 or windowMs - now % windowMs }
