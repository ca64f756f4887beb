--[[
  Ends units of a fixed window and takes others, as a whole: see exchange-each.lua, which runs this for each exchange.

  key      doubles, little-endian: latest time seen, units taken in the window of that time
]]
local function exchange(key, now, limit, windowMs, _, _, needed, wanted, sharers, diesAt, keepMs, ended)
  local at, count = 0, 0
  local state = redis.call('GET', key)
  if state then at, count = struct.unpack('<dd', state) end
  now = math.max(now, at)
  local window = math.floor(now / windowMs)
  if window ~= math.floor(at / windowMs) then count = 0 end

  for i = 1, #ended, 5 do
    if math.floor(ended[i + 1] / windowMs) == window then
      count = math.max(0, count + ended[i + 2] - ended[i])
    end
  end

  local available = limit - count
  local share = math.floor(available / (2 * math.max(1, sharers)))
  local granted = math.min(available, math.max(needed, math.min(share, wanted)))
  if granted < 0 then granted = 0 end
  count = count + granted

  redis.call('SET', key, struct.pack('<dd', now, count), 'PX', string.format('%.0f', keepMs))
  return granted, math.max(now, diesAt), math.max(0, available - granted), count == 0 and 0 or windowMs - now % windowMs
end
