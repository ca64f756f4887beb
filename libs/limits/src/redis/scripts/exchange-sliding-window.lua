--[[
  Ends units of a sliding window and takes others, as a whole: see exchange-each.lua, which runs this for each exchange.
  Units count until windowMs after the last instant of their slice of time; those of a block are in the slice in which it
  dies, until it is ended.

  key      bytes, little-endian: for each slice, the oldest first, its number (double) and its units (32 bits); and last the head,
           eight doubles: latest time seen; units that count; number of the oldest slice that counts, and of the newest; units
           of the newest; where the slices that count begin, and where they end; and when the key's life was last made longer.
           So the newest slice and the head are written at once.
]]
local headBytes, sliceBytes = 64, 12
-- Redis writes numbers with seventeen digits of a fraction, which costs more than the rest of a command.
local wholeHead = '-64'
-- So many slices are looked at at once, and so many bytes of slices that are over may stay.
local chunkBytes, mostOverBytes = 16 * sliceBytes, 512 * sliceBytes

local function packHead(now, total, oldest, newest, units, from, to, keptAt)
  return struct.pack('<dddddddd', now, total, oldest, newest, units, from, to, keptAt)
end

-- A key is kept for an eighth longer than it must be, so that not every exchange has to make its life longer.
local function lifeOf(keepMs)
  return string.format('%.0f', keepMs * 1.125)
end

-- Of what is available now.
local function grant(available, needed, wanted, sharers)
  local share = math.floor(available / (2 * math.max(1, sharers)))
  return math.max(0, math.min(available, math.max(needed, math.min(share, wanted))))
end

local function nextUnitIn(oldest, sliceMs, windowMs, now)
  return (oldest + 1) * sliceMs - 1 + windowMs - now
end

local function lastExpiredAt(now, windowMs, sliceMs)
  return math.floor((now + 1 - windowMs) / sliceMs) - 1
end

-- Takes units that nothing is ended with, into the newest slice or one after it: what is between is not read. Nil where that
-- is not enough.
local function append(key, now, limit, windowMs, sliceMs, needed, wanted, sharers, diesAt, keepMs)
  local head = redis.call('GETRANGE', key, wholeHead, '-1')
  if head == '' then return nil end
  local at, total, oldest, newest, units, from, to, keptAt = struct.unpack('<dddddddd', head)
  now = math.max(now, at)
  diesAt = math.max(now, diesAt)
  local slice, lastExpired = math.floor(diesAt / sliceMs), lastExpiredAt(now, windowMs, sliceMs)
  if slice < newest or newest <= lastExpired then return nil end

  while oldest <= lastExpired do
    local chunk = redis.call('GETRANGE', key, from, math.min(from + chunkBytes, to) - 1)
    local place = 1
    while place < #chunk do
      local number, had = struct.unpack('<dI4', chunk, place)
      oldest = number
      if number > lastExpired then break end
      total = total - had
      place = place + sliceBytes
    end
    from = from + place - 1
  end

  local available = limit - total
  local granted = grant(available, needed, wanted, sharers)
  if granted > 0 then
    if slice > newest then
      newest, units, to = slice, 0, to + sliceBytes
    end
    units = units + granted
    total = total + granted
  end
  local isLifeShort = now - keptAt > keepMs / 8
  if isLifeShort then keptAt = now end

  if from > mostOverBytes then
    local older = redis.call('GETRANGE', key, from, to - sliceBytes - 1)
    from, to = 0, #older + sliceBytes
    head = packHead(now, total, oldest, newest, units, from, to, now)
    redis.call('SET', key, older .. struct.pack('<dI4', newest, units) .. head, 'PX', lifeOf(keepMs))
  else
    head = packHead(now, total, oldest, newest, units, from, to, keptAt)
    redis.call('SETRANGE', key, string.format('%d', to - sliceBytes), struct.pack('<dI4', newest, units) .. head)
    if isLifeShort then redis.call('PEXPIRE', key, lifeOf(keepMs)) end
  end
  return granted, diesAt, math.max(0, available - granted), nextUnitIn(oldest, sliceMs, windowMs, now)
end

-- Reads and writes all slices.
local function change(key, now, limit, windowMs, sliceMs, needed, wanted, sharers, diesAt, keepMs, ended)
  local total, slices = 0, ''
  local state = redis.call('GET', key)
  if state then
    local at, from, to, _
    at, total, _, _, _, from, to = struct.unpack('<dddddddd', state, #state - headBytes + 1)
    now = math.max(now, at)
    slices = string.sub(state, from + 1, to)
  end
  diesAt = math.max(now, diesAt)

  local lastExpired = lastExpiredAt(now, windowMs, sliceMs)
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
  local function add(ms, by)
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
    add(ended[i + 1], -ended[i])
    add(ended[i + 3], ended[i + 2])
  end

  local available = limit - total
  local granted = grant(available, needed, wanted, sharers)
  add(diesAt, granted)

  local oldest, newest, units = 0, 0, 0
  if #slices > 0 then
    oldest = struct.unpack('<d', slices)
    newest, units = struct.unpack('<dI4', slices, #slices - sliceBytes + 1)
  end
  local head = packHead(now, total, oldest, newest, units, 0, #slices, now)
  redis.call('SET', key, slices .. head, 'PX', lifeOf(keepMs))
  return granted, diesAt, math.max(0, available - granted),
    #slices > 0 and nextUnitIn(oldest, sliceMs, windowMs, now) or 0
end

local function exchange(key, now, limit, windowMs, sliceMs, _, needed, wanted, sharers, diesAt, keepMs, ended)
  if #ended == 0 then
    local granted, countsAt, remaining, nextUnitInMs =
      append(key, now, limit, windowMs, sliceMs, needed, wanted, sharers, diesAt, keepMs)
    if granted then return granted, countsAt, remaining, nextUnitInMs end
  end
  return change(key, now, limit, windowMs, sliceMs, needed, wanted, sharers, diesAt, keepMs, ended)
end
