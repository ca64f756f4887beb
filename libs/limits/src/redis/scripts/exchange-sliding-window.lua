--[[
  Ends units of a sliding window and takes others, as a whole: see exchange-each.lua, which runs this for each exchange.
  Units count until windowMs after the last instant of their slice of time; those of a block are in the slice in which it
  dies, until it is ended.

  key      bytes, little-endian: for each slice, the oldest first, its number (double) and its units (32 bits); and last the head,
           six doubles: latest time seen; units that count; number of the oldest slice that counts; where the slices that count
           begin, and where they end; and when the key's life was last made longer. So the newest slice and the head are read
           and written at once: together they are the end.
]]
local floor, max, min, call, format = math.floor, math.max, math.min, redis.call, string.format
local read, write = struct.unpack, struct.pack
local headBytes, sliceBytes = 48, 12
local endBytes = sliceBytes + headBytes
local wholeEnd = format('%d', -endBytes)
-- So many bytes of slices that are over may stay.
local mostOverBytes = 512 * sliceBytes

-- Redis writes numbers with seventeen digits of a fraction, which costs more than the rest of a command.
local function whole(number)
  return format('%d', number)
end

local function packEnd(newest, units, now, total, oldest, from, to, keptAt)
  return write('<dI4dddddd', newest, units, now, total, oldest, from, to, keptAt)
end

-- A key is kept for an eighth longer than it must be, so that not every exchange has to make its life longer.
local function lifeOf(keepMs)
  return whole(keepMs * 1.125)
end

-- Of what is available now.
local function grant(available, needed, wanted, sharers)
  local granted = needed
  if wanted > needed then granted = max(needed, min(wanted, floor(available / (2 * max(1, sharers))))) end
  if granted > available then granted = available end
  return granted > 0 and granted or 0
end

local function nextUnitIn(oldest, sliceMs, windowMs, now)
  return (oldest + 1) * sliceMs - 1 + windowMs - now
end

local function lastExpiredAt(now, windowMs, sliceMs)
  return floor((now + 1 - windowMs) / sliceMs) - 1
end

-- Takes units that nothing is ended with, into the newest slice or one after it: what is between is not read. Nil where that
-- is not enough.
local function append(key, now, limit, windowMs, sliceMs, needed, wanted, sharers, diesAt, keepMs)
  local known = call('GETRANGE', key, wholeEnd, '-1')
  if #known < endBytes then return nil end
  local newest, units, at, total, oldest, from, to, keptAt = read('<dI4dddddd', known)
  if now < at then now = at end
  if diesAt < now then diesAt = now end
  local slice, lastExpired = floor(diesAt / sliceMs), lastExpiredAt(now, windowMs, sliceMs)
  if slice < newest or newest <= lastExpired then return nil end

  -- Few at first: a window that is used all the time loses one slice or two.
  local chunkBytes = 4 * sliceBytes
  while oldest <= lastExpired do
    local chunk = call('GETRANGE', key, whole(from), whole(min(from + chunkBytes, to) - 1))
    chunkBytes = 4 * chunkBytes
    local place = 1
    while place < #chunk do
      local number, had = read('<dI4', chunk, place)
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
    local older = call('GETRANGE', key, whole(from), whole(to - sliceBytes - 1))
    from, to = 0, #older + sliceBytes
    call('SET', key, older .. packEnd(newest, units, now, total, oldest, from, to, now), 'PX', lifeOf(keepMs))
  else
    call('SETRANGE', key, whole(to - sliceBytes), packEnd(newest, units, now, total, oldest, from, to, keptAt))
    if isLifeShort then call('PEXPIRE', key, lifeOf(keepMs)) end
  end
  local remaining = available > granted and available - granted or 0
  return granted, diesAt, remaining, nextUnitIn(oldest, sliceMs, windowMs, now)
end

-- Reads and writes all slices.
local function change(key, now, limit, windowMs, sliceMs, needed, wanted, sharers, diesAt, keepMs, ended)
  local total, slices = 0, ''
  local state = call('GET', key)
  if state then
    local at, from, to, _
    at, total, _, from, to = read('<dddddd', state, #state - headBytes + 1)
    now = max(now, at)
    slices = string.sub(state, from + 1, to)
  end
  diesAt = max(now, diesAt)

  local lastExpired = lastExpiredAt(now, windowMs, sliceMs)
  local place = 1
  while place < #slices do
    local slice, units = read('<dI4', slices, place)
    if slice > lastExpired then break end
    total = total - units
    place = place + sliceBytes
  end
  slices = string.sub(slices, place)

  -- Where the first slice is that is not before this one, or would be; nearly always at the end.
  local function find(slice)
    local low, high = 0, #slices / sliceBytes
    if high > 0 and read('<d', slices, (high - 1) * sliceBytes + 1) < slice then low = high end
    while low < high do
      local middle = floor((low + high) / 2)
      if read('<d', slices, middle * sliceBytes + 1) < slice then low = middle + 1 else high = middle end
    end
    return low * sliceBytes + 1
  end

  -- Adds units to the slice of an instant, or takes them out when negative: no more than it has.
  local function add(ms, by)
    local slice = floor(ms / sliceMs)
    if by == 0 or slice <= lastExpired then return end
    local place = find(slice)
    local had, rest = 0, place
    if place < #slices then
      local found, units = read('<dI4', slices, place)
      if found == slice then had, rest = units, place + sliceBytes end
    end
    local units = max(0, had + by)
    total = total + units - had
    local changed = units > 0 and write('<dI4', slice, units) or ''
    slices = string.sub(slices, 1, place - 1) .. changed .. string.sub(slices, rest)
  end

  for i = 1, #ended, 5 do
    add(ended[i + 1], -ended[i])
    add(ended[i + 3], ended[i + 2])
  end

  local available = limit - total
  local granted = grant(available, needed, wanted, sharers)
  add(diesAt, granted)

  local oldest = #slices > 0 and read('<d', slices) or 0
  local head = write('<dddddd', now, total, oldest, 0, #slices, now)
  call('SET', key, slices .. head, 'PX', lifeOf(keepMs))
  return granted, diesAt, max(0, available - granted),
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
