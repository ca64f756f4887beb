--[[
  Ends units of a sliding window and takes others, as a whole: see exchange-each.lua, which runs this for each exchange.
  Units count until windowMs after the last instant of their slice of time; those of a block are in the slice in which it
  dies, until it is ended.

  key      bytes, little-endian: latest time seen, units that count (doubles), and for each slice that has units, the
           oldest first, its number (double) and its units (32 bits)
]]
local headBytes, sliceBytes = 16, 12

local function exchange(key, now, limit, windowMs, sliceMs, _, needed, wanted, sharers, diesAt, keepMs, ended)
  local total, slices = 0, ''
  local state = redis.call('GET', key)
  if state then
    local at
    at, total = struct.unpack('<dd', state)
    now = math.max(now, at)
    slices = string.sub(state, headBytes + 1)
  end
  diesAt = math.max(now, diesAt)

  -- Slices up to this one do not count any more.
  local lastExpired = math.floor((now + 1 - windowMs) / sliceMs) - 1
  local place = 1
  while place < #slices do
    local slice, units = struct.unpack('<dI4', slices, place)
    if slice > lastExpired then break end
    total = total - units
    place = place + sliceBytes
  end
  slices = string.sub(slices, place)

  -- Where the first slice is that is not before this one, or would be; nearly always at the end.
  local function find(slice)
    local low, high = 0, #slices / sliceBytes
    if high > 0 and struct.unpack('<d', slices, (high - 1) * sliceBytes + 1) < slice then low = high end
    while low < high do
      local middle = math.floor((low + high) / 2)
      if struct.unpack('<d', slices, middle * sliceBytes + 1) < slice then low = middle + 1 else high = middle end
    end
    return low * sliceBytes + 1
  end

  -- Adds units to the slice of an instant, or takes them out when negative: no more than it has.
  local function change(ms, by)
    local slice = math.floor(ms / sliceMs)
    if by == 0 or slice <= lastExpired then return end
    local place = find(slice)
    local had, rest = 0, place
    if place < #slices then
      local found, units = struct.unpack('<dI4', slices, place)
      if found == slice then had, rest = units, place + sliceBytes end
    end
    local units = math.max(0, had + by)
    total = total + units - had
    local changed = units > 0 and struct.pack('<dI4', slice, units) or ''
    slices = string.sub(slices, 1, place - 1) .. changed .. string.sub(slices, rest)
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

  redis.call('SET', key, struct.pack('<dd', now, total) .. slices, 'PX', string.format('%.0f', keepMs))
  local oldest = #slices > 0 and struct.unpack('<d', slices)
  local nextUnitInMs = oldest and (oldest + 1) * sliceMs - 1 + windowMs - now or 0
  return granted, diesAt, math.max(0, available - granted), nextUnitInMs
end
