--[[
  Keeps the answer of a call, unless its claim has ended and another has the key.

  KEYS[1]  hash {claimant, fingerprint, answer}

  ARGV[1]  claimant
  ARGV[2]  fingerprint
  ARGV[3]  answer
  ARGV[4]  how long it is kept, in milliseconds
]]
local known = redis.call('HMGET', KEYS[1], 'claimant', 'answer')
if known[2] or (known[1] and known[1] ~= ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'claimant', ARGV[1], 'fingerprint', ARGV[2], 'answer', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
