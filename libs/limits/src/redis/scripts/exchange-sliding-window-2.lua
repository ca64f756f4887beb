--[[
  Ends units of a sliding window and takes others, as a whole. Units count until windowMs after the last instant of their
  slice of time; those of a block are in the slice in which it dies, until it is ended.

  KEYS[1]  hash {at: latest time seen, total: units that count, and for each slice its number: units in it}
  KEYS[2]  sorted set of the slices that have units, each with its number as score

  ARGV[1]  nowMs
  ARGV[2]  limit
  ARGV[3]  windowMs
  ARGV[4]  length of a slice in milliseconds
  ARGV[5]  life of a block in milliseconds (not used)
  ARGV[6]  needed
  ARGV[7]  wanted
  ARGV[8]  sharers
  ARGV[9]  diesAtMs
  ARGV[10] how long the keys are kept, in milliseconds
  then five for each ended: units, diesAtMs, spent, lastSpentMs, 1 for a block

  Returns {granted, the instant under which they count, remaining, milliseconds until the next unit}
]]
local state = redis.call('HMGET', KEYS[1], 'at', 'total')
local now = math.max(tonumber(ARGV[1]), tonumber(state[1] or '0'))
local total = tonumber(state[2] or '0')
local limit, windowMs, sliceMs = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
-- Slices up to this one do not count any more.
local lastExpired = math.floor((now + 1 - windowMs) / sliceMs) - 1

local function nameOf(slice) return string.format('%.0f', slice) end

-- Adds units to a slice, or takes them out when negative: no more than it has.
local function change(slice, units)
  if slice <= lastExpired or units == 0 then return end
  local name = nameOf(slice)
  local before = tonumber(redis.call('HGET', KEYS[1], name) or '0')
  local after = math.max(0, before + units)
  total = total + after - before
  if after == 0 then
    redis.call('HDEL', KEYS[1], name)
    redis.call('ZREM', KEYS[2], name)
  else
    redis.call('HSET', KEYS[1], name, nameOf(after))
    if before == 0 then redis.call('ZADD', KEYS[2], slice, name) end
  end
end

local expired = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', lastExpired)
for _, name in ipairs(expired) do
  total = total - tonumber(redis.call('HGET', KEYS[1], name) or '0')
  redis.call('HDEL', KEYS[1], name)
end
if #expired > 0 then redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', lastExpired) end

for i = 11, #ARGV, 5 do
  change(math.floor(tonumber(ARGV[i + 1]) / sliceMs), -tonumber(ARGV[i]))
  change(math.floor(tonumber(ARGV[i + 3]) / sliceMs), tonumber(ARGV[i + 2]))
end

local available = limit - total
local share = math.floor(available / (2 * math.max(1, tonumber(ARGV[8]))))
local granted = math.min(available, math.max(tonumber(ARGV[6]), math.min(share, tonumber(ARGV[7]))))
if granted < 0 then granted = 0 end
local diesAt = math.max(now, tonumber(ARGV[9]))
change(math.floor(diesAt / sliceMs), granted)

local oldest = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
local nextUnitInMs = oldest and (tonumber(oldest) + 1) * sliceMs - 1 + windowMs - now or 0
redis.call('HSET', KEYS[1], 'at', nameOf(now), 'total', nameOf(total))
redis.call('PEXPIRE', KEYS[1], ARGV[10])
redis.call('PEXPIRE', KEYS[2], ARGV[10])
return { granted, diesAt, math.max(0, available - granted), nextUnitInMs }
