-- Key check and per-minute limit of the nginx peer. The key is looked up in shared memory, as gateways built on nginx
-- cache it; the limit is one INCR in Redis, with a second command in the first request of a minute only.
local consumers = ngx.shared.consumers
local key = ngx.var.http_x_api_key
local consumer = key and consumers:get(key)
if not consumer then
  ngx.status = 401
  ngx.header['www-authenticate'] = 'Key'
  ngx.say('{"message":"Unauthorized"}')
  return ngx.exit(401)
end

local limit = 6000
local now = ngx.time()
local minute = now - now % 60
local counter = 'rl:' .. consumer .. ':' .. minute

local redis = ngx.socket.tcp()
redis:settimeouts(1000, 1000, 1000)
local is_connected, connect_error = redis:connect('127.0.0.1', tonumber(ngx.var.redis_port))
if not is_connected then
  ngx.log(ngx.ERR, 'Redis: ', connect_error)
  return ngx.exit(503)
end

local function command(...)
  local words = { ... }
  local parts = { '*', #words, '\r\n' }
  for _, word in ipairs(words) do
    parts[#parts + 1] = '$' .. #word .. '\r\n' .. word .. '\r\n'
  end
  redis:send(parts)
  return tonumber((redis:receive('*l') or ''):match('^:(%d+)$'))
end

local count = command('INCR', counter)
if count == 1 then command('EXPIRE', counter, '60') end
redis:setkeepalive(60000, 128)
if not count then return ngx.exit(503) end

ngx.header['RateLimit-Limit'] = limit
ngx.header['RateLimit-Remaining'] = math.max(0, limit - count)
ngx.header['RateLimit-Reset'] = minute + 60 - now
if count > limit then return ngx.exit(429) end

ngx.req.clear_header('x-api-key')
ngx.req.set_header('X-Consumer-Id', consumer)
