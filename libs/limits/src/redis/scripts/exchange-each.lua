--[[
  Runs the exchanges of a batch one after the other, each by the function `exchange` of an algorithm's script, which comes
  before this one. One that fails changes nothing of the others.

  KEYS     one for each exchange

  ARGV[1]  how many exchanges there are
  ARGV[2]  their numbers as doubles, little-endian; of each nowMs, needed, wanted, diesAtMs, how many are ended, and 1 where its
           rule is another than that of the one before. Then, where it is: limit, windowMs, burst or the length of a slice,
           life of a block in milliseconds, sharers, how long keys are kept in milliseconds. And five for each ended: units,
           diesAtMs, spent, lastSpentMs, 1 for a block

  Returns {doubles: four for each exchange: granted or -1 when it has failed, the instant under which they count, remaining,
  milliseconds until the next unit; the text of the last failure}
]]
local exchange, read, none = exchange, struct.unpack, {}
local count, numbers = tonumber(ARGV[1]), ARGV[2]
local answers, failure = {}, ''
local index, at = 0, 1
local limit, windowMs, third, lifeMs, sharers, keepMs

local function answer(granted, countsAt, remaining, nextUnitInMs)
  local place = 4 * index
  answers[place - 3] = granted
  answers[place - 2] = countsAt
  answers[place - 1] = remaining
  answers[place] = nextUnitInMs
end

local function runOthers()
  while index < count do
    index = index + 1
    local now, needed, wanted, diesAt, endedCount, hasRule
    now, needed, wanted, diesAt, endedCount, hasRule, at = read('<dddddd', numbers, at)
    if hasRule == 1 then
      limit, windowMs, third, lifeMs, sharers, keepMs, at = read('<dddddd', numbers, at)
    end
    local ended = none
    if endedCount > 0 then
      ended = {}
      for j = 1, endedCount * 5, 5 do
        ended[j], ended[j + 1], ended[j + 2], ended[j + 3], ended[j + 4], at = read('<ddddd', numbers, at)
      end
    end
    answer(exchange(KEYS[index], now, limit, windowMs, third, lifeMs, needed, wanted, sharers, diesAt, keepMs, ended))
  end
end

repeat
  local isDone, fault = pcall(runOthers)
  if not isDone then
    failure = type(fault) == 'table' and fault.err or tostring(fault)
    answer(-1, 0, 0, 0)
  end
until isDone
return { struct.pack('<' .. string.rep('dddd', count), unpack(answers)), failure }
