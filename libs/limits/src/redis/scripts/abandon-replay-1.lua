--[[
  Frees the key of a call that has left no answer.

  KEYS[1]  hash {claimant, fingerprint, answer}

  ARGV[1]  claimant
]]
local known = redis.call('HMGET', KEYS[1], 'claimant', 'answer')
if known[1] ~= ARGV[1] or known[2] then return 0 end
return redis.call('DEL', KEYS[1])
