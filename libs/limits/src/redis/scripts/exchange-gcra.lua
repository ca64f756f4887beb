--[[
  Ends units of the generic cell rate algorithm and takes others, as a whole: see exchange-each.lua, which runs this for
  each exchange. A unit is windowMs parts; a millisecond pays back `limit` parts of the debt. What is lent is owed until it is
  ended or dies.

  key      doubles, little-endian: latest time seen, debt in parts, and for each epoch in which blocks die its number and the
           units lent
]]
local function exchange(key, now, limit, windowMs, burst, lifeMs, needed, wanted, sharers, diesAt, keepMs, ended)
  local at, debt, lent, over = 0, 0, {}, {}
  local state = redis.call('GET', key)
  if state then
    local place
    at, debt, place = struct.unpack('<dd', state)
    now = math.max(now, at)
    while place <= #state do
      local epoch, units
      epoch, units, place = struct.unpack('<dd', state, place)
      lent[epoch] = units
      if (epoch + 1) * lifeMs <= now then over[#over + 1] = epoch end
    end
  end

  -- Lends more, or less when negative; false when the epoch is over, and with it all that was lent in it.
  local function lend(diesAtMs, units)
    local epoch = math.floor(diesAtMs / lifeMs)
    if not lent[epoch] and units < 0 then return false end
    lent[epoch] = (lent[epoch] or 0) + units
    if lent[epoch] <= 0 then lent[epoch] = nil end
    return true
  end

  local function oweWhatIsLent()
    local total = 0
    for _, units in pairs(lent) do total = total + units end
    debt = math.max(debt, total * windowMs)
  end

  local function passTime(ms)
    debt = debt - ms * limit
    oweWhatIsLent()
  end

  -- Whatever dies may have been spent last thing, so that nothing of it was paid back before.
  table.sort(over)
  for _, epoch in ipairs(over) do
    passTime((epoch + 1) * lifeMs - at)
    lent[epoch] = nil
    at = (epoch + 1) * lifeMs
  end
  passTime(now - at)
  for i = 1, #ended, 5 do
    local units, diedAt, spent = ended[i], ended[i + 1], ended[i + 2]
    local isLent = ended[i + 4] == 1 and lend(diedAt, -units)
    if isLent or spent > units then
      debt = debt + (spent - units) * windowMs
    else
      -- Of units that are not lent any more, what may have been paid back meanwhile stays paid.
      local paid = math.min(windowMs, math.max(0, now - diedAt) * limit)
      debt = debt - (units - spent) * (windowMs - paid)
    end
    oweWhatIsLent()
  end

  local available = math.floor((burst * windowMs - debt) / windowMs)
  local share = math.floor(available / (2 * math.max(1, sharers)))
  local granted = math.min(available, math.max(needed, math.min(share, wanted)))
  if granted < 0 then granted = 0 end
  diesAt = math.max(now, diesAt)
  if granted > 0 then
    debt = debt + granted * windowMs
    if diesAt > now then lend(diesAt, granted) end
  end

  local afterNext = math.floor((burst * windowMs - debt) / windowMs) + 1
  local nextUnitInMs = afterNext > burst and 0 or math.ceil((debt - (burst - afterNext) * windowMs) / limit)
  local kept = { struct.pack('<dd', now, debt) }
  for epoch, units in pairs(lent) do kept[#kept + 1] = struct.pack('<dd', epoch, units) end
  redis.call('SET', key, table.concat(kept), 'PX', string.format('%.0f', keepMs))
  return granted, diesAt, math.max(0, available - granted), nextUnitInMs
end
