--[[
  Ends units of a fixed window and takes others, as a whole: see exchange-each.lua, which runs this for each exchange.

  key      hash {at: latest time seen, window: number of the window, count: units taken in it}
]]
local function exchange(key, now, limit, windowMs, _, _, needed, wanted, sharers, diesAt, keepMs, ended)
  local state = redis.call('HMGET', key, 'at', 'window', 'count')
  now = math.max(now, tonumber(state[1] or '0'))
  local window = math.floor(now / windowMs)
  local count = tonumber(state[2] or '-1') == window and tonumber(state[3]) or 0

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

  redis.call('HSET', key, 'at', string.format('%.0f', now), 'window', string.format('%.0f', window), 'count', string.format('%.0f', count))
  redis.call('PEXPIRE', key, string.format('%.0f', keepMs))
  return granted, math.max(now, diesAt), math.max(0, available - granted), count == 0 and 0 or windowMs - now % windowMs
end
