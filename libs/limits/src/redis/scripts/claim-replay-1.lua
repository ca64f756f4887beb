--[[
  Claims the key of a call that must not be made twice, if it is free.

  KEYS[1]  hash {claimant: id of the request that claimed it, fingerprint: of what it asks, answer: once there is one}

  ARGV[1]  claimant
  ARGV[2]  fingerprint
  ARGV[3]  how long the claim holds, in milliseconds

  Returns {state}, and the answer as a second one when there is one
]]
local known = redis.call('HMGET', KEYS[1], 'fingerprint', 'answer')
if not known[1] then
  redis.call('HSET', KEYS[1], 'claimant', ARGV[1], 'fingerprint', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return { 'claimed' }
end
if known[1] ~= ARGV[2] then return { 'other_request' } end
if not known[2] then return { 'in_flight' } end
return { 'answered', known[2] }
