--[[
  Runs the exchanges of a batch one after the other, each by the function `exchange` of an algorithm's script, which comes
  before this one. One that fails changes nothing of the others.

  KEYS     one for each exchange

  ARGV[1]  how many exchanges there are
  ARGV[2]  their numbers as doubles, little-endian; of each nowMs, limit, windowMs, burst or the length of a slice, life of a
           block in milliseconds, needed, wanted, sharers, diesAtMs, how long keys are kept in milliseconds, how many are
           ended; and five for each ended: units, diesAtMs, spent, lastSpentMs, 1 for a block

  Returns {doubles: four for each exchange: granted or -1 when it has failed, the instant under which they count, remaining,
  milliseconds until the next unit; the text of the last failure}
]]
local count = tonumber(ARGV[1])
local answers, failure = {}, ''
local at = 1
for i = 1, count do
  local now, limit, windowMs, third, lifeMs, needed, wanted, sharers, diesAt, keepMs, endedCount
  now, limit, windowMs, third, lifeMs, needed, wanted, sharers, diesAt, keepMs, endedCount, at =
    struct.unpack('<ddddddddddd', ARGV[2], at)
  local ended = {}
  for j = 1, endedCount * 5, 5 do
    ended[j], ended[j + 1], ended[j + 2], ended[j + 3], ended[j + 4], at = struct.unpack('<ddddd', ARGV[2], at)
  end
  local isDone, granted, countsAt, remaining, nextUnitInMs = pcall(
    exchange, KEYS[i], now, limit, windowMs, third, lifeMs, needed, wanted, sharers, diesAt, keepMs, ended
  )
  if isDone then
    answers[i] = struct.pack('<dddd', granted, countsAt, remaining, nextUnitInMs)
  else
    failure = type(granted) == 'table' and granted.err or tostring(granted)
    answers[i] = struct.pack('<dddd', -1, 0, 0, 0)
  end
end
return { table.concat(answers), failure }
