--[[
  Ends units of the generic cell rate algorithm and takes others, as a whole. A unit is windowMs parts; a millisecond
  pays back `limit` parts of the debt. What is lent is owed until it is ended or dies.

  KEYS[1]  hash {at: latest time seen, debt: in parts, and for each epoch in which blocks die its number: units lent}

  ARGV[1]  nowMs
  ARGV[2]  limit
  ARGV[3]  windowMs
  ARGV[4]  burst
  ARGV[5]  life of a block in milliseconds, the length of an epoch
  ARGV[6]  needed
  ARGV[7]  wanted
  ARGV[8]  sharers
  ARGV[9]  diesAtMs
  ARGV[10] how long the key is kept, in milliseconds
  then five for each ended: units, diesAtMs, spent, lastSpentMs, 1 for a block

  Returns {granted, the instant under which they count, remaining, milliseconds until the next unit}
]]
local limit, windowMs, burst, lifeMs = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local now, at, debt, lent = tonumber(ARGV[1]), 0, 0, {}

local state = redis.call('HGETALL', KEYS[1])
for i = 1, #state, 2 do
  local value = tonumber(state[i + 1])
  if state[i] == 'at' then
    at = value
  elseif state[i] == 'debt' then
    debt = value
  else
    lent[state[i]] = value
  end
end
now = math.max(now, at)
for epoch in pairs(lent) do
  if (tonumber(epoch) + 1) * lifeMs <= now then
    lent[epoch] = nil
    redis.call('HDEL', KEYS[1], epoch)
  end
end

-- Lends more, or less when negative; false when the epoch is over, and with it all that was lent in it.
local function lend(diesAt, units)
  local epoch = string.format('%.0f', math.floor(diesAt / lifeMs))
  if not lent[epoch] and units < 0 then return false end
  lent[epoch] = (lent[epoch] or 0) + units
  if lent[epoch] > 0 then
    redis.call('HSET', KEYS[1], epoch, string.format('%.0f', lent[epoch]))
  else
    lent[epoch] = nil
    redis.call('HDEL', KEYS[1], epoch)
  end
  return true
end

local function oweWhatIsLent()
  local total = 0
  for _, units in pairs(lent) do total = total + units end
  debt = math.max(debt, total * windowMs)
end

debt = debt - (now - at) * limit
oweWhatIsLent()
for i = 11, #ARGV, 5 do
  local units = tonumber(ARGV[i])
  local diedAt, owed = tonumber(ARGV[i + 1]), windowMs
  if ARGV[i + 4] ~= '1' or not lend(diedAt, -units) then
    -- Of units that are not lent any more, what may have been paid back meanwhile stays paid.
    owed = windowMs - math.min(windowMs, math.max(0, now - diedAt) * limit)
  end
  debt = debt + tonumber(ARGV[i + 2]) * windowMs - units * owed
  oweWhatIsLent()
end

local available = math.floor((burst * windowMs - debt) / windowMs)
local share = math.floor(available / (2 * math.max(1, tonumber(ARGV[8]))))
local granted = math.min(available, math.max(tonumber(ARGV[6]), math.min(share, tonumber(ARGV[7]))))
if granted < 0 then granted = 0 end
local diesAt = math.max(now, tonumber(ARGV[9]))
if granted > 0 then
  debt = debt + granted * windowMs
  if diesAt > now then lend(diesAt, granted) end
end

local afterNext = math.floor((burst * windowMs - debt) / windowMs) + 1
local nextUnitInMs = afterNext > burst and 0 or math.ceil((debt - (burst - afterNext) * windowMs) / limit)
redis.call('HSET', KEYS[1], 'at', string.format('%.0f', now), 'debt', string.format('%.0f', debt))
redis.call('PEXPIRE', KEYS[1], ARGV[10])
return { granted, diesAt, math.max(0, available - granted), nextUnitInMs }
