--[[
  Ends units of a sliding window and takes others, as a whole: see exchange-each.lua, which runs this for each exchange.
  Units count until windowMs after the last instant of their slice of time; those of a block are in the slice in which it
  dies, until it is ended.

  KEYS     two: hash {at: latest time seen, total: units that count, oldest: the first slice that has units, if any, and
           for each slice its number: units in it};
           sorted set of the slices that have units, each with its number as score
]]

-- More fields are read and written in several steps: Lua cannot hand on any number of them.
local mostFields = 1000

local function exchange(first, now, limit, windowMs, sliceMs, _, needed, wanted, sharers, diesAt, keepMs, ended)
  local hash, slices = KEYS[first], KEYS[first + 1]
  local function nameOf(ms) return string.format('%.0f', math.floor(ms / sliceMs)) end

  -- Of the slices that may change: their units before, and after.
  local names = { 'at', 'total', 'oldest', nameOf(diesAt) }
  for i = 1, math.min(#ended, mostFields), 5 do
    names[#names + 1] = nameOf(ended[i + 1])
    names[#names + 1] = nameOf(ended[i + 3])
  end
  local state = redis.call('HMGET', hash, unpack(names))
  local before, units = {}, {}
  for i = 4, #names do before[names[i]] = tonumber(state[i] or '0') end

  now = math.max(now, tonumber(state[1] or '0'))
  diesAt = math.max(now, diesAt)
  local total = tonumber(state[2] or '0')
  local oldest = tonumber(state[3] or '')
  -- Slices up to this one do not count any more.
  local lastExpired = math.floor((now + 1 - windowMs) / sliceMs) - 1
  local isOldestKnown = oldest ~= nil or total == 0
  if not isOldestKnown or (oldest and oldest <= lastExpired) then
    local expired = redis.call('ZRANGEBYSCORE', slices, '-inf', lastExpired)
    for _, name in ipairs(expired) do
      total = total - tonumber(redis.call('HGET', hash, name) or '0')
      redis.call('HDEL', hash, name)
    end
    if #expired > 0 then redis.call('ZREMRANGEBYSCORE', slices, '-inf', lastExpired) end
    isOldestKnown = false
  end

  -- Adds units to the slice of an instant, or takes them out when negative: no more than it has.
  local function change(ms, by)
    if by == 0 or math.floor(ms / sliceMs) <= lastExpired then return end
    local name = nameOf(ms)
    if not before[name] then before[name] = tonumber(redis.call('HGET', hash, name) or '0') end
    local had = units[name] or before[name]
    units[name] = math.max(0, had + by)
    total = total + units[name] - had
  end

  for i = 1, #ended, 5 do
    change(ended[i + 1], -ended[i])
    change(ended[i + 3], ended[i + 2])
  end

  local available = limit - total
  local share = math.floor(available / (2 * math.max(1, sharers)))
  local granted = math.min(available, math.max(needed, math.min(share, wanted)))
  if granted < 0 then granted = 0 end
  change(diesAt, granted)

  local fields = { 'at', string.format('%.0f', now), 'total', string.format('%.0f', total) }
  for name, count in pairs(units) do
    if #fields >= mostFields then
      redis.call('HSET', hash, unpack(fields))
      fields = {}
    end
    local slice = tonumber(name)
    if count > 0 then
      fields[#fields + 1] = name
      fields[#fields + 1] = string.format('%.0f', count)
      if before[name] == 0 then
        redis.call('ZADD', slices, name, name)
        if isOldestKnown and (not oldest or slice < oldest) then oldest = slice end
      end
    elseif before[name] > 0 then
      redis.call('HDEL', hash, name)
      redis.call('ZREM', slices, name)
      if slice == oldest then isOldestKnown = false end
    end
  end
  if not isOldestKnown then oldest = tonumber(redis.call('ZRANGE', slices, 0, 0)[1] or '') end
  fields[#fields + 1] = 'oldest'
  fields[#fields + 1] = oldest and string.format('%.0f', oldest) or ''
  redis.call('HSET', hash, unpack(fields))
  local keep = string.format('%.0f', keepMs)
  redis.call('PEXPIRE', hash, keep)
  redis.call('PEXPIRE', slices, keep)
  local nextUnitInMs = oldest and (oldest + 1) * sliceMs - 1 + windowMs - now or 0
  return granted, diesAt, math.max(0, available - granted), nextUnitInMs
end
